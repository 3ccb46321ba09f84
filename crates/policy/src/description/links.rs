//! Finds links and issue keys in a description.
//!
//! A link ends before Chinese text, before punctuation of a sentence and before another link; a line break
//! inside it is joined where only the joined link names an issue.

use std::borrow::Cow;
use std::ops::Range;

use url::Url;

use super::hosts::JiraHosts;
use crate::text::{Text, is_han};

/// A link or bare key as it stands in the normalised text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) range: Range<usize>,
    /// The issue's key, upper case, where one can be read.
    pub(crate) key: Option<String>,
    /// What is wrong with it; nothing for a good link.
    pub(crate) fault: Option<Fault>,
}

/// What is wrong with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    NoScheme,
    WideScheme,
    Blank,
    BareKey,
    OtherScheme,
    OtherHost,
    OtherPort,
    UserInfo,
    NoKey,
}

impl Fault {
    /// Whether a reader can still follow the link.
    pub(crate) fn is_slip(self) -> bool {
        match self {
            Self::NoScheme | Self::WideScheme | Self::Blank => true,
            Self::BareKey
            | Self::OtherScheme
            | Self::OtherHost
            | Self::OtherPort
            | Self::UserInfo
            | Self::NoKey => false,
        }
    }
}

impl Link {
    /// Whether it leads to an issue, be it with a slip.
    pub(crate) fn leads(&self) -> bool {
        self.key.is_some() && self.fault.is_none_or(Fault::is_slip)
    }
}

/// Every link and bare key, in order.
pub(crate) fn links(text: &Text<'_>, hosts: &JiraHosts) -> Vec<Link> {
    let mut found = Vec::new();
    let mut at = 0;
    let chars = text.chars();
    while let Some(&c) = chars.get(at) {
        if !c.is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let link = (c == 'h').then(|| with_scheme(text, at, hosts)).flatten();
        let fresh = at
            .checked_sub(1)
            .and_then(|at| chars.get(at))
            .is_none_or(|c| !c.is_ascii_alphanumeric());
        let link = link.or_else(|| {
            if fresh {
                without_scheme(text, at, hosts).or_else(|| bare_key(text, at))
            } else {
                None
            }
        });
        if let Some(link) = link {
            at = link.range.end.max(at + 1);
            found.push(link);
        } else {
            at += 1;
        }
    }
    found
}

fn starts_with(chars: &[char], at: usize, word: &str) -> bool {
    chars
        .get(at..)
        .is_some_and(|rest| rest.len() >= word.len() && word.chars().zip(rest).all(|(a, b)| a == *b))
}

/// A link that begins with http, however its `://` is written.
fn with_scheme(text: &Text<'_>, start: usize, hosts: &JiraHosts) -> Option<Link> {
    let chars = text.chars();
    if !starts_with(chars, start, "http") {
        return None;
    }
    let scheme = if chars.get(start + 4) == Some(&'s') {
        "https"
    } else {
        "http"
    };
    let mut at = start + scheme.len();
    let (mut marks, mut slip) = (String::new(), None);
    while let Some(c) = text
        .get(at)
        .filter(|c| matches!(c, ':' | ';' | '/' | '\\' | '\n' | ' '))
    {
        if at > start + scheme.len() + 6 {
            break;
        }
        match c {
            '\n' => {}
            ' ' => slip = slip.or(Some(Fault::Blank)),
            _ => {
                if text.source(at) != Some(c) {
                    slip = Some(Fault::WideScheme);
                }
                marks.push(c);
            }
        }
        at += 1;
    }
    if marks != "://" {
        if marks.is_empty() && slip.is_none() && !hosts.names().any(|host| starts_with(chars, at, host)) {
            return None;
        }
        let end = extent(text, at);
        let known = hosts.names().any(|host| starts_with(chars, at, host));
        return known.then(|| read(text, start, at, end, "http://", Some(Fault::NoScheme), hosts));
    }
    let end = extent(text, at);
    Some(read(text, start, at, end, &format!("{scheme}://"), slip, hosts))
}

/// A link to one of the hosts that lacks its scheme.
fn without_scheme(text: &Text<'_>, at: usize, hosts: &JiraHosts) -> Option<Link> {
    let chars = text.chars();
    let name = hosts.names().find(|host| starts_with(chars, at, host))?;
    let after = chars.get(at + name.len()).copied();
    let next = chars.get(at + name.len() + 1).copied();
    let longer = after.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '@'))
        || (after == Some('.') && next.is_some_and(|c| c.is_ascii_alphanumeric()));
    let mut lead = at;
    while lead > 0 && chars.get(lead - 1).is_some_and(|c| matches!(c, '/' | ':')) && lead + 4 > at {
        lead -= 1;
    }
    let before = lead.checked_sub(1).and_then(|at| chars.get(at)).copied();
    let other = before.is_some_and(|c| c.is_ascii_alphanumeric());
    let inside = lead == at
        && before.is_some_and(|c| matches!(c, '.' | '-' | '_' | '@' | '%' | '=' | '&' | '?' | '+'));
    let fault = if longer {
        Fault::OtherHost
    } else if other && chars.get(lead..at).is_some_and(|marks| marks == [':', '/', '/']) {
        Fault::OtherScheme
    } else if inside || (other && chars.get(lead..at).is_some_and(|marks| marks.contains(&'/'))) {
        Fault::OtherHost
    } else {
        Fault::NoScheme
    };
    let end = extent(text, at);
    let mut link = read(text, at, at, end, "http://", None, hosts);
    link.fault = Some(link.fault.filter(|_| fault == Fault::NoScheme).unwrap_or(fault));
    Some(link)
}

/// An issue's key by itself, in capitals or right after the word JIRA.
fn bare_key(text: &Text<'_>, start: usize) -> Option<Link> {
    let chars = text.chars();
    let before = start.checked_sub(1).and_then(|at| chars.get(at)).copied();
    if before.is_some_and(|c| matches!(c, '-' | '_' | '.' | '/' | '=' | '+')) {
        return None;
    }
    let mut at = start;
    let mut shouted = true;
    while let Some(c) = text.get(at).filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
        shouted &= !c.is_ascii_alphabetic() || text.source(at) != Some(c);
        at += 1;
    }
    let digits = chars
        .get(at + 1..)?
        .iter()
        .take_while(|c| c.is_ascii_digit())
        .count();
    let end = at + 1 + digits;
    let tail = chars
        .get(end)
        .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        || (chars.get(end) == Some(&'.') && chars.get(end + 1).is_some_and(char::is_ascii_digit));
    if chars.get(at) != Some(&'-') || digits == 0 || tail {
        return None;
    }
    let word: String = chars.get(start..end)?.iter().collect();
    let recent: String = chars.get(start.saturating_sub(8)..start)?.iter().collect();
    let project = word.split('-').next().unwrap_or_default();
    let other = [
        "utf", "sha", "iso", "aes", "rsa", "gbk", "gb", "covid", "level", "ipv", "base", "http", "t", "v",
        "x",
    ];
    let named = recent.contains("jira") || recent.contains("单");
    if !(named || (shouted && project.len() > 1)) || other.contains(&project) {
        return None;
    }
    Some(Link {
        range: start..end,
        key: issue_key(&word),
        fault: Some(Fault::BareKey),
    })
    .filter(|link| link.key.is_some())
}

/// Where a link that runs through `at` ends: before what cannot be in a link, and before the next link.
fn extent(text: &Text<'_>, start: usize) -> usize {
    let chars = text.chars();
    let mut at = start;
    while let (Some(c), Some(source)) = (text.get(at), text.source(at)) {
        let entity = c == ';' && starts_with(chars, at.saturating_sub(4), "&amp");
        let wide = c != source && !source.is_ascii();
        let fits = if wide {
            c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.' | '=' | '&' | '#' | '_' | '%')
        } else {
            c.is_ascii_graphic()
                && (entity
                    || !matches!(
                        c,
                        '"' | '\'' | '<' | '>' | '`' | '|' | '^' | '\\' | '(' | ')' | '[' | ']' | ',' | ';'
                    ))
        };
        let glued = at > start
            && (starts_with(chars, at, "http://") || starts_with(chars, at, "https://"))
            && chars.get(at - 1).is_some_and(char::is_ascii_alphanumeric);
        if !fits || glued {
            break;
        }
        at += 1;
    }
    at
}

/// Reads the link whose scheme stands at `start` and whose host at `host`, joining broken lines.
fn read(
    text: &Text<'_>,
    start: usize,
    host: usize,
    end: usize,
    scheme: &str,
    slip: Option<Fault>,
    hosts: &JiraHosts,
) -> Link {
    let mut raw: String = scheme
        .chars()
        .chain(text.chars().get(host..end).unwrap_or_default().iter().copied())
        .collect();
    let (mut key, mut fault) = judge(&raw, hosts);
    let mut reach = end;
    let mut tried = end;
    for _ in 0..3 {
        let Some((next, next_end)) = continuation(text, tried) else {
            break;
        };
        let part = text.chars().get(next..next_end).unwrap_or_default();
        if fault.is_none()
            && !(raw.ends_with(|c: char| c.is_ascii_digit()) && continues_digits(text, next, next_end))
        {
            break;
        }
        raw.extend(part);
        tried = next_end;
        let (joined_key, joined_fault) = judge(&raw, hosts);
        if joined_fault.is_none() {
            (key, fault, reach) = (joined_key, None, next_end);
        }
    }
    if fault == Some(Fault::NoKey)
        && raw.ends_with('/')
        && text.get(end) == Some(' ')
        && let Some(next) = (end..).take(4).find(|at| text.get(*at).is_some_and(|c| c != ' '))
        && let Some(found) = text
            .chars()
            .get(next..extent(text, next))
            .map(String::from_iter)
            .and_then(|word| issue_key(&word))
    {
        return Link {
            range: start..extent(text, next),
            key: Some(found),
            fault: Some(Fault::Blank),
        };
    }
    Link {
        range: start..reach,
        key,
        fault: fault.or(slip),
    }
}

/// The run of link characters on the next line.
fn continuation(text: &Text<'_>, end: usize) -> Option<(usize, usize)> {
    let mut at = end;
    let mut broken = false;
    while let Some(c) = text.get(at).filter(|c| c.is_whitespace()) {
        broken |= c == '\n';
        at += 1;
    }
    let next_end = extent(text, at);
    if begins_item(text, at) {
        return None;
    }
    (broken && next_end > at && !starts_with(text.chars(), at, "http")).then_some((at, next_end))
}

/// Whether the number of the next item stands at `at`.
fn begins_item(text: &Text<'_>, at: usize) -> bool {
    let digits = (at..at + 3)
        .take_while(|at| text.get(*at).is_some_and(|c| c.is_ascii_digit()))
        .count();
    let name = text.get(at + digits + 1).is_some_and(is_han);
    matches!(digits, 1 | 2)
        && (matches!(text.get(at + digits), Some('、' | '.' | ')' | ':'))
            || (matches!(text.get(at + digits), Some(',' | '。' | ';' | '-')) && name))
}

/// Whether a line goes on with the digits of a key and nothing else.
fn continues_digits(text: &Text<'_>, start: usize, end: usize) -> bool {
    let digits = text
        .chars()
        .get(start..end)
        .is_some_and(|run| run.iter().all(char::is_ascii_digit));
    digits && text.get(end).is_none_or(|c| matches!(c, ';' | ',' | '。' | '\n'))
}

/// Reads one complete link.
fn judge(raw: &str, hosts: &JiraHosts) -> (Option<String>, Option<Fault>) {
    let trimmed = raw.trim_end_matches(|c: char| {
        matches!(
            c,
            '.' | ',' | ':' | '!' | '?' | '*' | '_' | '~' | '\'' | '"' | '-' | '&' | '#'
        )
    });
    if let Some(key) = plain(trimmed, hosts) {
        return (Some(key), None);
    }
    let raw = if trimmed.contains("&amp;") {
        Cow::Owned(trimmed.replace("&amp;", "&"))
    } else {
        Cow::Borrowed(trimmed)
    };
    let Ok(url) = Url::parse(&raw) else {
        return (None, Some(Fault::OtherHost));
    };
    let key = key_of(&url);
    let authority = raw
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .unwrap_or_default();
    let fault = if !matches!(url.scheme(), "http" | "https") {
        Some(Fault::OtherScheme)
    } else if authority.contains('@') {
        Some(Fault::UserInfo)
    } else if !hosts.knows(&url) {
        Some(Fault::OtherHost)
    } else if !hosts.allows(&url) {
        Some(Fault::OtherPort)
    } else if key.is_none() {
        Some(Fault::NoKey)
    } else {
        None
    };
    (key, fault)
}

/// The key of a link written just as the regulation writes it, which needs no parser.
fn plain(raw: &str, hosts: &JiraHosts) -> Option<String> {
    let rest = raw
        .strip_prefix("http://")
        .or_else(|| raw.strip_prefix("https://"))?;
    let (host, path) = rest.split_once('/')?;
    let word = path
        .strip_prefix("browse/")
        .filter(|_| hosts.allows_plain(host))?;
    issue_key(word)
}

fn key_of(url: &Url) -> Option<String> {
    let in_path = || {
        url.path_segments()
            .and_then(|mut segments| segments.find_map(issue_key))
    };
    let selected = || {
        url.query_pairs()
            .find(|(name, _)| name.eq_ignore_ascii_case("selectedissue"))
            .and_then(|(_, value)| issue_key(&value))
    };
    in_path().or_else(selected)
}

/// `word` as an issue's key, upper case, if it is one.
fn issue_key(word: &str) -> Option<String> {
    let (project, number) = word.rsplit_once('-')?;
    let mut letters = project.chars();
    let named = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    let counted = !number.is_empty()
        && number.len() <= 9
        && number.chars().all(|c| c.is_ascii_digit())
        && number.chars().any(|c| c != '0');
    (named && counted).then(|| word.to_ascii_uppercase())
}

#[cfg(test)]
mod tests;

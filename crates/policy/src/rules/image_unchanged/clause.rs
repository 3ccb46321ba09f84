//! One clause of a comment: which image or version it names, and whether it announces it.

use super::words::{
    ANNOUNCING, ANNOUNCING_BEHIND, ASKING, CHANGING, DENIALS, ELSEWHERE, LATIN_SUBJECTS, OLD, OPEN, REBUILT,
    ROLLBACK, SUBJECTS,
};
use crate::images::{ImageName, Token, Version, covers, tokens};

/// How many words and versions of one clause are looked at.
const MOST_TOKENS: usize = 60;

/// What a comment can be compared with.
pub(super) struct Known<'a> {
    pub(super) images: &'a [ImageName],
    /// The digests that were recorded when the form was filed.
    pub(super) digests: Vec<&'a str>,
}

/// How surely a clause announces another image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    Doubtful,
    Certain,
}

/// What surrounds a clause.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings {
    /// An earlier clause of the sentence is about images.
    pub(super) about_images: bool,
    /// The sentence is a question, or an earlier clause leaves things open.
    pub(super) open: bool,
}

/// The other image, tag or digest that a clause announces, as it stands there; empty: one without a new tag.
pub(super) fn announced(
    clause: &str,
    known: &Known<'_>,
    around: Surroundings,
) -> Option<(Certainty, String)> {
    if has_any(clause, &ROLLBACK) {
        return None;
    }
    let mut tokens = tokens(clause);
    tokens.truncate(MOST_TOKENS);
    let names = |token: &Token| {
        known.names(&token.text) || matches!(Mention::of(token, None, known), Some(Mention::OfImage(..)))
    };
    let named = tokens.iter().any(names);
    let about = named || is_about_images(clause);
    // 版本 beside a Latin word may be the version of that: of the app, of a library.
    let firm = named || clause.contains("镜像") || !tokens.iter().any(is_word);
    let open = around.open || has_any(clause, &OPEN) || has_any(clause, &ELSEWHERE);
    let last = tokens
        .iter()
        .rposition(|token| Mention::of(token, None, known).is_some());
    let mut previous = None;
    let mut strongest: Option<(Certainty, String)> = None;
    for (index, token) in tokens.iter().enumerate() {
        let mention = Mention::of(token, previous, known).filter(|mention| !known.has(mention));
        previous = Some(token);
        let Some(mention) = mention else { continue };
        let announces = announcement(clause, token, last == Some(index));
        let certainty = match (announces, &mention) {
            (Announces::Yes, Mention::OfImage(..)) if !open => Some(Certainty::Certain),
            (Announces::Yes, Mention::Version(_)) if about && firm && !open => Some(Certainty::Certain),
            (Announces::Yes, Mention::Version(_) | Mention::Unsure(_) | Mention::Other(_)) => {
                (about || around.about_images).then_some(Certainty::Doubtful)
            }
            (Announces::Yes | Announces::No, Mention::OfImage(..)) => Some(Certainty::Doubtful),
            (Announces::Denied, _)
            | (Announces::No, Mention::Version(_) | Mention::Unsure(_) | Mention::Other(_)) => None,
        };
        if let Some(certainty) = certainty
            && strongest.as_ref().is_none_or(|(known, _)| *known < certainty)
        {
            strongest = Some((certainty, mention.text().to_owned()));
        }
    }
    strongest.or_else(|| is_rebuilt(clause).then(|| (Certainty::Doubtful, String::new())))
}

/// A Latin word that labels no image.
fn is_word(token: &Token) -> bool {
    let label = token.text.split(':').next().unwrap_or_default();
    !LATIN_SUBJECTS.contains(&label)
        && label != "version"
        && Version::of(label).is_none()
        && label.contains(|c: char| c.is_ascii_alphabetic())
}

/// Whether a clause is about images at all.
pub(super) fn is_about_images(clause: &str) -> bool {
    has_any(clause, &SUBJECTS)
        || tokens(clause).iter().any(|token| {
            let label = token.text.split(':').next().unwrap_or_default();
            LATIN_SUBJECTS.contains(&label)
        })
}

pub(super) fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// What a token names.
#[derive(Debug)]
enum Mention {
    /// A tag or digest of an image of that short name.
    OfImage(String, String),
    /// A version of whatever the clause is about.
    Version(String),
    /// What may be a version, or one of something else.
    Unsure(String),
    /// An image that the form does not name.
    Other(String),
}

impl Mention {
    fn of(token: &Token, previous: Option<&Token>, known: &Known<'_>) -> Option<Self> {
        let text = match token.text.split_once(':') {
            Some((label, rest)) if LATIN_SUBJECTS.contains(&label) || label == "version" => rest,
            _ => token.text.as_str(),
        };
        if let Some(version) = Version::of(text) {
            // A Latin word right before a version is what it is a version of.
            let word = previous.filter(|_| token.before.chars().all(|c| c == ' ' || c == ':'));
            return Some(match word.map(|word| word.text.as_str()) {
                Some(name) if known.names(name) => Self::OfImage(last_part(name).to_owned(), text.to_owned()),
                Some(word) if !LATIN_SUBJECTS.contains(&word) && word != "version" && !is_versioned(word) => {
                    Self::Unsure(text.to_owned())
                }
                _ => match version {
                    Version::Clear => Self::Version(text.to_owned()),
                    Version::Doubtful => Self::Unsure(text.to_owned()),
                },
            });
        }
        let image: ImageName = text.parse().ok()?;
        let tag = image.digest.as_deref().or(image.tag.as_deref())?;
        if known.names(&image.repository) {
            return Some(Self::OfImage(image.short_name().to_owned(), tag.to_owned()));
        }
        // A time or a host with a port is no image.
        let is_image = image.short_name().contains(|c: char| c.is_ascii_lowercase())
            && (image.registry.is_some() || Version::of(tag).is_some());
        is_image.then(|| Self::Other(image.to_string()))
    }

    fn text(&self) -> &str {
        match self {
            Self::OfImage(_, text) | Self::Version(text) | Self::Unsure(text) | Self::Other(text) => text,
        }
    }
}

impl Known<'_> {
    /// Whether a name is that of an image of the form, in short or in full.
    fn names(&self, name: &str) -> bool {
        self.images
            .iter()
            .any(|image| image.short_name() == last_part(name))
    }

    /// Whether a comment names only what the form names too.
    fn has(&self, mention: &Mention) -> bool {
        let tags = |image: &&ImageName| image.tag.is_some() || image.digest.is_some();
        let same = |image: &ImageName, text: &str| {
            image.tag.as_deref().is_some_and(|tag| covers(text, tag))
                || image.digest.as_deref() == Some(text)
                || self.digests.contains(&text)
        };
        match mention {
            // Where the form gives no tag, a comment that gives one changes nothing.
            Mention::OfImage(name, text) => {
                let mut images = self.images.iter().filter(|image| image.short_name() == name);
                images.clone().filter(tags).count() == 0 || images.any(|image| same(image, text))
            }
            Mention::Version(text) | Mention::Unsure(text) => {
                self.images.iter().filter(tags).count() == 0
                    || self.images.iter().any(|image| same(image, text))
            }
            Mention::Other(_) => false,
        }
    }
}

/// Whether what stands before and behind a token announces it.
enum Announces {
    Yes,
    No,
    /// It is the one before, or the announcement is denied.
    Denied,
}

fn announcement(clause: &str, token: &Token, last: bool) -> Announces {
    let before: String = clause.chars().take(token.start).collect();
    let behind: String = clause.chars().skip(token.end).collect();
    if !last && has_any(&token.after, &CHANGING) {
        return Announces::Denied;
    }
    let place = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
    let (old, new) = (place(&OLD), place(&CHANGING).max(place(&ANNOUNCING)));
    let denied = new.and_then(|at| before.get(..at)).is_some_and(is_denial);
    match (old, new) {
        _ if denied => Announces::Denied,
        (Some(old), new) if new.is_none_or(|new| new < old) => Announces::Denied,
        (_, Some(_)) => Announces::Yes,
        (_, None) if last && has_any(&behind, &ANNOUNCING_BEHIND) && !has_any(&behind, &OLD) => {
            Announces::Yes
        }
        (_, None) => Announces::No,
    }
}

fn is_rebuilt(clause: &str) -> bool {
    REBUILT.iter().any(|word| {
        clause
            .split_once(word)
            .is_some_and(|(before, _)| !is_denial(before))
    })
}

/// Whether what stands before a word denies it.
fn is_denial(before: &str) -> bool {
    let before = before.trim_end();
    let ends = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
    ends(&DENIALS) && !ends(&ASKING)
}

fn is_versioned(word: &str) -> bool {
    Version::of(word).is_some() || word.parse::<ImageName>().is_ok_and(|image| image.tag.is_some())
}

fn last_part(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, last)| last)
}

//! From the file to a policy: everything that the types of the file cannot say.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use changegate_calendar::{Freeze, WeeklyWindow, WindowTable};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::value::{Datetime, Offset};

use super::file::{FreezeFile, PolicyFile, RuleFile, WindowFile, WindowsFile};
use super::{
    Policy, PolicyError, PolicyFreeze, TitlePattern, Weekly, exchanges, jira, market_words, pace,
    wecom_directory, work_hours,
};
use crate::facts::Directory;
use crate::rule::{Mode, RuleId};
use crate::verdict::PolicyRef;

/// A mistake and its place, before the source is put beside it.
pub(super) type Mistake = (Range<usize>, String);

pub(super) fn parse(text: &str, file_name: &str) -> Result<Policy, PolicyError> {
    let file: PolicyFile = toml::from_str(text).map_err(|error| {
        PolicyError::at(
            text,
            file_name,
            error.span().unwrap_or(0..0),
            with_suggestion(error.message()),
        )
    })?;
    policy(file, text).map_err(|(span, message)| PolicyError::at(text, file_name, span, message))
}

fn policy(file: PolicyFile, text: &str) -> Result<Policy, Mistake> {
    if file.version.as_ref().trim().is_empty() {
        return Err((
            file.version.span(),
            "the version of the regulation is empty".to_owned(),
        ));
    }
    let zone = zone(&file.zone)?;
    let season_zone = self::zone(&file.season_zone)?;
    let weekly = weekly(file.windows.as_ref())?;
    let windows = WindowTable::new(
        zone,
        season_zone,
        weekly.daylight.clone(),
        weekly.standard.clone(),
    )
    .map_err(|error| (file.windows.span(), error.to_string()))?;
    let title = TitlePattern::parse(file.title.as_ref()).map_err(|message| (file.title.span(), message))?;
    if let Some(nameless) = file
        .attachments
        .iter()
        .find(|file| file.as_ref().name.trim().is_empty())
    {
        return Err((nameless.span(), "a required file needs a name".to_owned()));
    }
    let (severities, modes) = rules(file.rules)?;
    let cutoff = time(&file.cutoff)?;
    let closures = exchanges::closures(file.exchanges)?;
    Ok(Policy {
        reference: PolicyRef {
            version: file.version.into_inner(),
            sha256: hex::encode(Sha256::digest(text.as_bytes())),
        },
        windows,
        weekly,
        cutoff,
        title,
        jira: jira::jira(&file.jira)?,
        required_files: file.attachments.into_iter().map(Spanned::into_inner).collect(),
        freezes: file
            .freezes
            .into_iter()
            .map(|freeze| self::freeze(freeze, zone))
            .collect::<Result<_, _>>()?,
        contacts: file.contacts,
        directory: file
            .directory
            .map(|directory| Arc::new(upper_projects(directory))),
        wecom_directory: file
            .wecom_directory
            .map(wecom_directory::wecom_directory)
            .transpose()?,
        pace: pace::pace(file.pace, cutoff)?,
        work_hours: work_hours::work_hours(file.work_hours)?,
        execution: file.execution.recorded_by,
        exchanges: exchanges::calendars(&closures),
        closures,
        market_words: market_words::market_words(file.markets)?,
        severities,
        modes,
    })
}

fn zone(name: &Spanned<String>) -> Result<Tz, Mistake> {
    Tz::from_str(name.as_ref()).map_err(|_unknown| {
        let known = nearest(
            name.as_ref(),
            chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()),
        );
        (
            name.span(),
            format!("there is no time zone `{}`{}", name.as_ref(), suggestion(known)),
        )
    })
}

pub(super) fn time(text: &Spanned<String>) -> Result<NaiveTime, Mistake> {
    ["%H:%M", "%H:%M:%S"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(text.as_ref(), format).ok())
        .ok_or_else(|| {
            (
                text.span(),
                format!("`{}` is no time of day such as \"16:30\"", text.as_ref()),
            )
        })
}

fn weekly(file: &WindowsFile) -> Result<Weekly, Mistake> {
    let table = |windows: &[WindowFile]| windows.iter().map(weekly_window).collect::<Result<Vec<_>, _>>();
    Ok(Weekly {
        daylight: table(&file.daylight)?,
        standard: table(&file.standard)?,
    })
}

fn weekly_window(window: &WindowFile) -> Result<WeeklyWindow, Mistake> {
    let days = window
        .days
        .as_ref()
        .iter()
        .map(weekday)
        .collect::<Result<Vec<_>, _>>()?;
    if days.is_empty() {
        return Err((window.days.span(), "a window needs at least one day".to_owned()));
    }
    let opens = time(&window.opens)?;
    let closes = match window.closes.as_ref().as_str() {
        "24:00" => NaiveTime::MIN,
        _ => time(&window.closes)?,
    };
    if closes != NaiveTime::MIN && closes <= opens {
        let message = format!(
            "the window closes at {}, not after it opens at {}",
            window.closes.as_ref(),
            window.opens.as_ref()
        );
        return Err((window.closes.span(), message));
    }
    Ok(WeeklyWindow { days, opens, closes })
}

pub(super) fn weekday(name: &Spanned<String>) -> Result<Weekday, Mistake> {
    Weekday::from_str(name.as_ref()).map_err(|_unknown| {
        (
            name.span(),
            format!("`{}` is no day of the week: write mon, tue, … sun", name.as_ref()),
        )
    })
}

fn freeze(file: FreezeFile, zone: Tz) -> Result<PolicyFreeze, Mistake> {
    let from = instant(&file.from, zone, NaiveTime::MIN)?;
    let until = match file.until.as_ref() {
        Datetime {
            date: Some(_),
            time: None,
            ..
        } => end_of_day(&file.until, zone)?,
        _ => instant(&file.until, zone, NaiveTime::MIN)?,
    };
    let freeze = Freeze::new(file.name.as_ref().as_str(), from, until).map_err(|error| {
        (
            file.until.span(),
            format!("{error}: it begins at {from} and ends at {until}"),
        )
    })?;
    Ok(PolicyFreeze {
        freeze,
        exempt: file.exempt,
    })
}

fn instant(at: &Spanned<Datetime>, zone: Tz, default_time: NaiveTime) -> Result<DateTime<Utc>, Mistake> {
    let wrong = |message: &str| (at.span(), format!("`{}` {message}", at.as_ref()));
    let local = local(at.as_ref(), default_time).ok_or_else(|| wrong("is no date or date with a time"))?;
    match at.as_ref().offset {
        None => zone
            .from_local_datetime(&local)
            .earliest()
            .map(|at| at.with_timezone(&Utc))
            .ok_or_else(|| wrong("does not exist in the policy's zone")),
        Some(Offset::Z) => Ok(local.and_utc()),
        Some(Offset::Custom { minutes }) => {
            Ok((local - chrono::TimeDelta::minutes(i64::from(minutes))).and_utc())
        }
    }
}

fn end_of_day(at: &Spanned<Datetime>, zone: Tz) -> Result<DateTime<Utc>, Mistake> {
    let wrong = || {
        (
            at.span(),
            format!("`{}` does not end in the policy's zone", at.as_ref()),
        )
    };
    let next = local(at.as_ref(), NaiveTime::MIN)
        .and_then(|day| day.date().succ_opt())
        .ok_or_else(wrong)?;
    zone.from_local_datetime(&next.and_time(NaiveTime::MIN))
        .earliest()
        .map(|at| at.with_timezone(&Utc))
        .ok_or_else(wrong)
}

pub(super) fn local(at: &Datetime, default_time: NaiveTime) -> Option<NaiveDateTime> {
    let date = at.date?;
    let date = NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))?;
    let time = match at.time {
        None => default_time,
        Some(time) => NaiveTime::from_hms_opt(
            u32::from(time.hour),
            u32::from(time.minute),
            u32::from(time.second.unwrap_or_default()),
        )?,
    };
    (1970..=9000).contains(&date.year()).then(|| date.and_time(time))
}

type RuleSettings = (BTreeMap<RuleId, super::Severity>, BTreeMap<RuleId, Mode>);

fn rules(rules: BTreeMap<Spanned<String>, RuleFile>) -> Result<RuleSettings, Mistake> {
    let (mut severities, mut modes) = RuleSettings::default();
    for (id, setting) in rules {
        let rule = RuleId::from_str(id.as_ref()).map_err(|unknown| {
            let known = nearest(id.as_ref(), RuleId::ALL.iter().map(|rule| rule.id()));
            (id.span(), format!("{unknown}{}", suggestion(known)))
        })?;
        if let Some(severity) = setting
            .severity
            .filter(|&severity| severity != rule.default_severity())
        {
            severities.insert(rule, severity);
        }
        if !setting.mode.is_in_force() {
            modes.insert(rule, setting.mode);
        }
    }
    Ok((severities, modes))
}

fn upper_projects(mut directory: Directory) -> Directory {
    for team in &mut directory.teams {
        team.jira_projects = team
            .jira_projects
            .iter()
            .map(|project| project.to_ascii_uppercase())
            .collect();
    }
    directory
}

/// serde's "unknown field `a`, expected one of `b`, `c`" with the nearest of them named.
fn with_suggestion(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let known = match (message.starts_with("unknown "), quoted.next()) {
        (true, Some(unknown)) => nearest(unknown, quoted),
        _ => None,
    };
    format!("{message}{}", suggestion(known))
}

fn suggestion(known: Option<&str>) -> String {
    known
        .map(|known| format!("; did you mean `{known}`?"))
        .unwrap_or_default()
}

/// The known name nearest to what was written, if it is near at all.
fn nearest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = written.chars().count() / 3 + 1;
    known
        .map(|name| (distance(written, name), name))
        .filter(|&(far, _)| far <= limit)
        .min()
        .map(|(_, name)| name)
}

/// Levenshtein's distance, case aside.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.to_lowercase().chars().enumerate() {
        let mut next = vec![i + 1];
        for ((&to, pair), left) in b.iter().zip(row.windows(2)).zip(1..) {
            let (diagonal, above) = (
                pair.first().copied().unwrap_or(left),
                pair.last().copied().unwrap_or(left),
            );
            let before = next.last().copied().unwrap_or(left);
            next.push(
                (diagonal + usize::from(from != to))
                    .min(above + 1)
                    .min(before + 1),
            );
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

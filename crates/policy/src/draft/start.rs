//! The next start for which a 正常 flow can be filed in time: filed on the window's day before the cut-off (clause 六),
//! with every requirement accepted on a day before (clause 三.1), outside of freezes.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::Draft;
use super::items::Item;
use crate::policy::day_in_words;

/// How many windows are looked through; a freeze may take a whole season.
const LOOKED_THROUGH: usize = 120;
/// A start inside of an open window is this much ahead at most: the approvers have to sign first.
const AHEAD: TimeDelta = TimeDelta::minutes(60);

pub(super) fn of(draft: &Draft<'_>, items: &[Item<'_>], notes: &mut Vec<String>) -> Option<DateTime<Utc>> {
    let policy = draft.policy;
    let today = policy.day_of(draft.now);
    let earliest = earliest_day(draft, items, today, notes);
    let late = policy.local(draft.now).time() >= policy.cutoff();
    let window = policy
        .windows()
        .windows_from(draft.now)
        .take(LOOKED_THROUGH)
        .filter(|window| {
            let day = policy.day_of(window.opens);
            day >= earliest && (day > today || !late)
        })
        .filter_map(|window| policy.free_part(window))
        .find(|free| draft.now < free.closes);
    let Some(window) = window else {
        notes.push("近期没有可用的变更窗口，请与运维负责人确认“计划变更时间”".to_owned());
        return None;
    };
    let day = policy.day_of(window.opens);
    let words = format!(
        "{}{}–{}",
        day_in_words(day),
        policy.local(window.opens).format("%H:%M"),
        policy.local(window.closes).format("%H:%M")
    );
    let (when, cutoff) = (
        if day == today {
            "今天".to_owned()
        } else {
            day_in_words(day)
        },
        policy.cutoff().format("%H:%M"),
    );
    notes.push(format!(
        "最近可用的变更窗口是{words}；正常变更须在变更当天发起，请在{when} {cutoff} 前提交"
    ));
    let start = if draft.now <= window.opens {
        window.opens
    } else {
        (draft.now + AHEAD).min(window.closes - (window.closes - draft.now) / 2)
    };
    Some(whole_minute(start))
}

/// The first day on which the issues can be filed as 正常: the day after the last acceptance.
fn earliest_day(
    draft: &Draft<'_>,
    items: &[Item<'_>],
    today: NaiveDate,
    notes: &mut Vec<String>,
) -> NaiveDate {
    let required = items.iter().filter(|item| !item.technical);
    let mut earliest = today;
    let (mut open, mut fresh) = (Vec::new(), Vec::new());
    for item in required {
        match item.accepted {
            Some(change) if draft.policy.day_of(change.at) < today => {}
            Some(_) => fresh.push(item.key.as_str()),
            None => open.push(item.key.as_str()),
        }
    }
    if !fresh.is_empty() {
        notes.push(format!(
            "{} 今天才验收；正常变更须在发起前一天完成验收，最早明天发起",
            fresh.join("、")
        ));
    }
    if !open.is_empty() {
        notes.push(format!(
            "{} 尚未验收；今天验收的，正常变更最早明天发起，“计划变更时间”按此推算",
            open.join("、")
        ));
    }
    if !(fresh.is_empty() && open.is_empty()) {
        earliest = today.succ_opt().unwrap_or(today);
    }
    earliest
}

fn whole_minute(at: DateTime<Utc>) -> DateTime<Utc> {
    at - TimeDelta::seconds(at.timestamp().rem_euclid(60))
        - TimeDelta::nanoseconds(i64::from(at.timestamp_subsec_nanos()))
}

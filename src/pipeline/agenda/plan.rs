//! When the firm's calendar brings what: pure, by the policy.

use changegate_calendar::{ClockChange, Exchange, next_clock_change};
use changegate_lifecycle::off_beat;
use changegate_policy::Policy;
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};

/// When people hear of what is no matter of minutes.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(10, 5, 0).unwrap();
/// How long before New York changes its clocks operations hear of it.
const BEFORE_CLOCKS: i64 = 7;
/// Days before the end of a trading calendar on which administrators hear of it; then every week.
const BEFORE_THE_END: [i64; 4] = [30, 14, 7, 1];
/// What is no matter of minutes is told up to so long after its time.
const NOT_LATER_THAN: TimeDelta = TimeDelta::days(3);

/// Something due.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    /// When.
    pub(super) at: DateTime<Utc>,
    /// The same for the same item, however often it is worked off.
    pub(super) key: String,
    pub(super) kind: Kind,
    /// After this it helps nobody any more.
    until: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// Issues that wait for release have to be filed before the cut-off.
    Cutoff,
    /// A change window opens.
    WindowOpens {
        opens: DateTime<Utc>,
        closes: DateTime<Utc>,
    },
    /// New York changes its clocks in a week.
    ClocksChange { change: ClockChange },
    /// A trading calendar ends soon, or has ended.
    CalendarEnds {
        exchange: Exchange,
        covered_until: NaiveDate,
        days_left: i64,
    },
    /// The month before is over.
    Monthly { year: i32, month: u32 },
}

/// What became due after `from` and up to `now`, and still helps somebody.
pub(super) fn due(from: DateTime<Utc>, now: DateTime<Utc>, policy: &Policy) -> Vec<Item> {
    let days = policy
        .day_of(from)
        .iter_days()
        .take_while(|day| *day <= policy.day_of(now));
    let mut items: Vec<Item> = days
        .flat_map(|day| of_day(day, policy))
        .filter(|item| from < item.at && item.at <= now && now < item.until)
        .collect();
    items.sort_by_key(|item| item.at);
    items
}

fn of_day(day: NaiveDate, policy: &Policy) -> Vec<Item> {
    let mut items = Vec::new();
    let windows = policy.windows().windows_on(day);
    if !windows.is_empty() {
        items.push(Item {
            at: off_beat(policy.at(day, policy.pace().cutoff_reminder)),
            key: format!("cutoff/{day}"),
            kind: Kind::Cutoff,
            until: policy.at(day, policy.cutoff()),
        });
    }
    for window in windows {
        items.push(Item {
            at: off_beat(window.opens),
            key: format!("window/{}", window.opens.timestamp()),
            kind: Kind::WindowOpens {
                opens: window.opens,
                closes: window.closes,
            },
            until: window.closes,
        });
    }
    items.extend(clocks(day, policy));
    items.extend(calendars(day, policy));
    if policy.first_working_day(day.year(), day.month()) == day {
        let last = day.with_day(1).and_then(|first| first.pred_opt());
        items.extend(last.map(|last| Item {
            at: morning(day, policy),
            key: format!("monthly/{}-{:02}", last.year(), last.month()),
            kind: Kind::Monthly {
                year: last.year(),
                month: last.month(),
            },
            until: morning(day, policy) + NOT_LATER_THAN,
        }));
    }
    items
}

/// A week before New York changes its clocks, windows and the opening move.
fn clocks(day: NaiveDate, policy: &Policy) -> Option<Item> {
    let change = next_clock_change(Exchange::NewYork.zone(), policy.start_of(day))?;
    let warn_on = policy.day_of(change.at) - TimeDelta::days(BEFORE_CLOCKS);
    (warn_on == day).then(|| Item {
        at: morning(day, policy),
        key: format!("clocks/{}", change.at.timestamp()),
        kind: Kind::ClocksChange { change },
        until: change.at,
    })
}

fn calendars(day: NaiveDate, policy: &Policy) -> Vec<Item> {
    Exchange::ALL
        .iter()
        .filter_map(|exchange| {
            let covered_until = policy.exchanges().covered_until(*exchange);
            let days_left = (covered_until - day).num_days();
            let told = BEFORE_THE_END.contains(&days_left) || (days_left <= 0 && days_left % 7 == 0);
            told.then(|| Item {
                at: morning(day, policy),
                key: format!("calendar/{}/{day}", exchange.mic()),
                kind: Kind::CalendarEnds {
                    exchange: *exchange,
                    covered_until,
                    days_left,
                },
                until: morning(day, policy) + NOT_LATER_THAN,
            })
        })
        .collect()
}

fn morning(day: NaiveDate, policy: &Policy) -> DateTime<Utc> {
    policy.at(day, MORNING)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}:00+08:00"))
            .unwrap()
            .to_utc()
    }

    fn keys(from: &str, now: &str) -> Vec<String> {
        let items = due(instant(from), instant(now), &Policy::built_in());
        items
            .into_iter()
            .map(|item| {
                format!(
                    "{} {}",
                    Policy::built_in().local(item.at).format("%m-%d %H:%M"),
                    item.key
                )
            })
            .collect()
    }

    #[test]
    fn a_window_day_brings_the_cut_off_reminder_and_the_digest() {
        assert_eq!(
            keys("2026-11-24T14:31", "2026-11-24T14:33"),
            ["11-24 14:32 cutoff/2026-11-24"]
        );
        assert_eq!(
            keys("2026-11-24T16:29", "2026-11-24T16:33"),
            [format!(
                "11-24 16:32 window/{}",
                instant("2026-11-24T16:30").timestamp()
            )]
        );
        assert_eq!(keys("2026-11-25T00:00", "2026-11-25T23:59"), Vec::<String>::new());
    }

    #[test]
    fn what_helps_nobody_any_more_is_left_out() {
        assert_eq!(keys("2026-11-24T14:00", "2026-11-24T15:01"), Vec::<String>::new());
        assert_eq!(keys("2026-11-24T16:00", "2026-11-24T21:00"), Vec::<String>::new());
    }

    #[test]
    fn a_week_before_new_york_changes_its_clocks_operations_hear_of_it() {
        // 8 March 2026 02:00 in New York is 15:00 in Shanghai
        let morning = keys("2026-03-01T10:00", "2026-03-01T10:10");
        assert_eq!(
            morning,
            [format!(
                "03-01 10:05 clocks/{}",
                instant("2026-03-08T15:00").timestamp()
            )]
        );
        let autumn = keys("2026-10-25T10:00", "2026-10-25T10:10");
        assert_eq!(
            autumn,
            [format!(
                "10-25 10:05 clocks/{}",
                instant("2026-11-01T14:00").timestamp()
            )]
        );
        assert_eq!(keys("2026-03-02T10:00", "2026-03-02T10:04"), Vec::<String>::new());
    }

    #[test]
    fn the_first_working_day_of_a_month_brings_the_figures_of_the_month_before() {
        // 1 and 2 January 2027 are a holiday and a Saturday: the calendar decides
        let policy = Policy::built_in();
        let first = policy.first_working_day(2026, 12);
        let day = first.format("%Y-%m-%d");
        let told = keys(&format!("{day}T10:04"), &format!("{day}T10:06"));
        assert!(
            told.contains(&format!("{} 10:05 monthly/2026-11", first.format("%m-%d"))),
            "{told:?}"
        );
    }

    #[test]
    fn the_end_of_a_calendar_is_told_thirty_days_before() {
        let policy = Policy::built_in();
        let end = policy.exchanges().covered_until(Exchange::HongKong);
        let day = end - TimeDelta::days(30);
        let told = keys(&format!("{day}T10:04"), &format!("{day}T10:06"));
        assert!(told.iter().any(|line| line.contains("calendar/XHKG")), "{told:?}");
    }
}

//! When a form is looked at again of itself: facts that could not be had are sought until they can be, and those of a
//! change about to go out are kept fresh.

use changegate_lifecycle::Change;
use changegate_lifecycle::Stage;
use changegate_policy::{Status, Verdict};
use chrono::{DateTime, TimeDelta, Utc};

/// A fact that could not be had is sought again after this, and ever more seldom.
const SOONEST: TimeDelta = TimeDelta::seconds(20);
const SELDOM: TimeDelta = TimeDelta::minutes(10);
/// A change that may go out is looked at this often.
const FRESH: TimeDelta = TimeDelta::minutes(5);
/// From so long before its window.
const BEFORE: TimeDelta = TimeDelta::minutes(10);

/// When to look again; none where nothing is sought and nothing has to be fresh.
pub(crate) fn look_again_at(verdict: &Verdict, before: &Change, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    [unknown(verdict, before, now), about_to_go_out(before, now)]
        .into_iter()
        .flatten()
        .min()
}

fn unknown(verdict: &Verdict, before: &Change, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if before.stage.is_begun() || !verdict.binding().any(|result| result.status == Status::Unknown) {
        return None;
    }
    // What people have to do is not found by looking more often; both grow seldom alike.
    let since = before.judged.as_ref().map_or(now, |told| told.at);
    let waited = (now - since).max(TimeDelta::zero());
    Some(now + (waited / 2).clamp(SOONEST, SELDOM))
}

fn about_to_go_out(before: &Change, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if before.stage == Stage::Executing {
        return Some(now + FRESH);
    }
    if before.stage != Stage::Approved {
        return None;
    }
    let plan = &before.plan;
    let opens = [plan.opens, plan.from].into_iter().flatten().min()?;
    let closes = [plan.closes, plan.until].into_iter().flatten().max()?;
    (now < closes).then(|| (opens - BEFORE).max(now + FRESH))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn approved(opens: i64, closes: i64) -> Change {
        let mut change = Change {
            stage: Stage::Approved,
            ..Change::default()
        };
        change.plan.opens = Some(at(opens));
        change.plan.closes = Some(at(closes));
        change
    }

    #[test]
    fn a_change_is_kept_fresh_from_before_its_window_to_its_end() {
        for (now, again) in [
            (0, Some(90)),
            (90, Some(95)),
            (100, Some(105)),
            (340, None),
            (400, None),
        ] {
            assert_eq!(
                about_to_go_out(&approved(100, 340), at(now)),
                again.map(at),
                "{now}"
            );
        }
        assert_eq!(about_to_go_out(&Change::default(), at(0)), None);
    }
}

//! The issues that a demonstration starts with.

use chrono::{DateTime, TimeDelta, Utc};

use super::issue::NewIssue;
use super::tracker::{STATES, Tracker};

/// The demonstration's issues: those of the ready-made forms and some beside them, as they stand the day after
/// the product managers accepted them.
pub(crate) fn seed(now: DateTime<Utc>) -> Tracker {
    // Key, headline, type, assignee, who accepted it (none: still at 开发中), up to which state.
    const ISSUES: [(&str, &str, &str, &str, &str, &str); 10] = [
        (
            "QUOTE-1024",
            "港股十档行情功能",
            "需求",
            "zhangwei",
            "chenjing",
            "待上线",
        ),
        (
            "QUOTE-1031",
            "盘口刷新提速功能",
            "需求",
            "zhangwei",
            "chenjing",
            "待上线",
        ),
        (
            "QUOTE-1040",
            "美股盘前行情功能",
            "需求",
            "zhouyang",
            "chenjing",
            "UAT 验收",
        ),
        (
            "QUOTE-1052",
            "行情网关日志整理",
            "技术需求",
            "zhouyang",
            "liqiang",
            "待上线",
        ),
        ("TRADE-1024", "条件单功能", "需求", "wulei", "linfeng", "待上线"),
        (
            "TRADE-1025",
            "条件单到期提醒功能",
            "需求",
            "wulei",
            "linfeng",
            "待上线",
        ),
        (
            "TRADE-1033",
            "新加坡下单通道功能",
            "需求",
            "xuting",
            "linfeng",
            "UAT 验收",
        ),
        (
            "TRADE-1041",
            "下单风控接口升级",
            "技术需求",
            "xuting",
            "hejun",
            "开发中",
        ),
        (
            "ACCOUNT-210",
            "开户证件识别功能",
            "需求",
            "xuting",
            "linfeng",
            "已上线",
        ),
        (
            "MID-77",
            "统一权限接口改造",
            "需求",
            "zhouyang",
            "chenjing",
            "待上线",
        ),
    ];
    let mut tracker = Tracker::default();
    for (key, summary, issue_type, assignee, by, up_to) in ISSUES {
        let new = NewIssue::new(key, summary)
            .of_type(issue_type)
            .assigned_to(assignee);
        let mut at = now - TimeDelta::days(21);
        let mut done = tracker.create(new, at).map(|_| ());
        let stop = STATES.iter().position(|state| *state == up_to).unwrap_or(0);
        for state in STATES.iter().take(stop + 1).skip(1) {
            // The last steps are a day old, as the regulation asks (三.1).
            at = (at + TimeDelta::days(5)).min(now - TimeDelta::days(1));
            let mover = if matches!(*state, "待上线" | "已上线") {
                by
            } else {
                assignee
            };
            done = done.and_then(|()| tracker.move_to(key, state, mover, at));
        }
        debug_assert!(done.is_ok(), "the seed is consistent: {done:?}");
    }
    tracker
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_492_800, 0).unwrap()
    }

    #[test]
    fn the_seed_was_accepted_the_day_before_by_the_product_managers() {
        let tracker = seed(noon());
        let issue = tracker.find("quote-1024").unwrap();
        assert_eq!(issue.status, "待上线");
        let last = issue.history.last().unwrap();
        assert_eq!(
            (last.by.as_str(), last.from.as_str(), last.to.as_str()),
            ("chenjing", "UAT 验收", "待上线")
        );
        assert_eq!(last.at, noon() - TimeDelta::days(1));
        assert_eq!(tracker.issues().count(), 10);
    }
}

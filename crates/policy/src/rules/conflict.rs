//! `conflict`: no other open change touches the same system in the same window.

use changegate_calendar::Window;
use chrono::NaiveDate;

use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::OtherChange;
use crate::reading::squeeze;
use crate::rules::starts;
use crate::submission::PlannedTime;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let Some(open) = &context.facts.open_changes else {
        return Judgement::Skip("没有其他变更的数据".into());
    };
    let Some(system) = context.reading.title.system() else {
        return Judgement::Skip("标题中读不出系统名".into());
    };
    let system = squeeze(system);
    let mine = windows(context, context.reading.planned, context.reading.change_day);
    let clashes = |other: &&OtherChange| {
        other.sp_no != context.submission.sp_no
            && other
                .system
                .as_deref()
                .is_some_and(|theirs| *squeeze(theirs) == *system)
    };
    for other in open.iter().filter(clashes) {
        let theirs = windows(context, other.planned_time, other.change_day);
        if let Some(&window) = mine.iter().find(|window| theirs.contains(window)) {
            return warn(context, other, window);
        }
    }
    Judgement::Pass
}

/// The windows that a change may run in.
fn windows(context: &Context<'_>, planned: Option<PlannedTime>, day: NaiveDate) -> Vec<Window> {
    let table = context.policy.windows();
    match planned {
        Some(PlannedTime::Instant(at)) => table.window_at(at).into_iter().collect(),
        Some(PlannedTime::Range(from, until)) => table
            .windows_from(from)
            .take_while(|window| window.opens <= until)
            .filter(|window| window.touches(from, until))
            .take(50)
            .collect(),
        Some(PlannedTime::Day(day)) => table.windows_on(day),
        None => table.windows_on(day),
    }
}

fn warn(context: &Context<'_>, other: &OtherChange, window: Window) -> Judgement {
    Judgement::Warn(Finding {
        message: format!(
            "变更窗口 {} 内另有未结束的变更也涉及同一系统：{}（{}），请与对方确认先后次序",
            starts::in_words(context, window),
            other.title,
            other.sp_no
        ),
        evidence: Some((other.sp_no.clone(), None)),
        fix: None,
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::{Facts, OtherChange};
    use crate::rule::RuleId;
    use crate::rules::testing::{at, compliant, judged, with_directory};
    use crate::submission::{Field, PlannedTime, RelatedApproval, Submission};
    use crate::verdict::Status::{self, Fail, Pass, Skip, Warn};

    fn other(team: &str, system: &str, key: &str, planned: Option<&str>) -> OtherChange {
        OtherChange {
            sp_no: "202611240002".to_owned(),
            title: format!("{system}系统改单功能上线变更"),
            team: Some(team.to_owned()),
            system: Some(system.to_owned()),
            jira: [key.to_owned()].into(),
            apply_time: at("2026-11-24 10:00"),
            planned_time: planned.map(|planned| PlannedTime::Instant(at(planned))),
            change_day: "2026-11-24".parse().unwrap(),
        }
    }

    fn status(rule: RuleId, change: OtherChange) -> Status {
        let facts = Facts {
            open_changes: Some(vec![change]),
            ..with_directory()
        };
        judged(rule, &compliant(), &facts).status
    }

    #[test]
    fn another_change_of_the_system_in_the_window_is_a_conflict() {
        assert_eq!(
            status(RuleId::Conflict, other("行情组", "行情", "QUOTE-1", None)),
            Warn
        );
        assert_eq!(
            status(RuleId::Conflict, other("行情组", "交易", "QUOTE-1", None)),
            Pass
        );
        assert_eq!(
            status(
                RuleId::Conflict,
                other("行情组", "行情", "QUOTE-1", Some("2026-11-26 17:00"))
            ),
            Pass
        );
        assert_eq!(
            judged(RuleId::Conflict, &compliant(), &Facts::default()).status,
            Skip
        );
    }

    #[test]
    fn the_same_keys_in_the_team_mean_an_older_flow() {
        assert_eq!(
            status(
                RuleId::SupersededFlow,
                other("交易组", "行情", "TRADE-1024", None)
            ),
            Warn
        );
        assert_eq!(
            status(
                RuleId::SupersededFlow,
                other("行情组", "行情", "TRADE-1024", None)
            ),
            Pass
        );
        assert_eq!(
            status(RuleId::SupersededFlow, other("交易组", "行情", "TRADE-1", None)),
            Pass
        );
        let own = OtherChange {
            sp_no: compliant().sp_no,
            ..other("交易组", "行情", "TRADE-1024", None)
        };
        assert_eq!(status(RuleId::SupersededFlow, own), Pass);
    }

    #[test]
    fn other_teams_flows_are_attached() {
        let facts = |attached: &str| {
            let related = if attached.is_empty() {
                Field::Empty
            } else {
                Field::Filled(vec![RelatedApproval {
                    sp_no: attached.to_owned(),
                    template_name: String::new(),
                }])
            };
            let open = Some(vec![other("行情组", "行情", "TRADE-1024", None)]);
            (
                Submission {
                    related,
                    attachments: Field::Empty,
                    ..compliant()
                },
                Facts {
                    open_changes: open,
                    ..with_directory()
                },
            )
        };
        for (attached, wanted) in [("", Fail), ("202611240002", Pass), ("202611240009", Fail)] {
            let (submission, facts) = facts(attached);
            assert_eq!(
                judged(RuleId::RelatedFlows, &submission, &facts).status,
                wanted,
                "{attached}"
            );
        }
        assert_eq!(
            status(RuleId::RelatedFlows, other("行情组", "行情", "TRADE-1024", None)),
            Skip
        );
        assert_eq!(
            judged(RuleId::RelatedFlows, &compliant(), &Facts::default()).status,
            Skip
        );
    }
}

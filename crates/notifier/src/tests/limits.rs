//! Whatever a verdict holds, its message fits and says what must never be missing.

use std::sync::Arc;

use changegate_lifecycle::{
    Action, Answer, Comparison, Count, Deployment, DeploymentState, Difference, Notice, Stage, Stamp,
};
use changegate_policy::{Market, Mode, RuleId, RuleResult, Status, Urgency, UserId, Verdict};
use changegate_wecom::message::limits::MARKDOWN as LIMIT;
use proptest::prelude::*;

use super::sample::{NUMBER, PAGE, Scene, at, result, title_fault, user, verdict};
use crate::RenderError;
use crate::about::{Link, MAX_LINK};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[一-龥]{0,700}",
        any::<String>(),
        Just("[a](https://evil.example.com) <font color=\"info\">".repeat(40)),
        Just("**\n# 已批准\r\n> `x`".repeat(60)),
    ]
}

fn status() -> impl Strategy<Value = Status> {
    prop::sample::select(vec![
        Status::Pass,
        Status::Fail,
        Status::Warn,
        Status::Skip,
        Status::Unknown,
    ])
}

fn results() -> impl Strategy<Value = Vec<RuleResult>> {
    let one = (
        prop::sample::select(RuleId::ALL.to_vec()),
        status(),
        text(),
        prop::option::of(text()),
        any::<bool>(),
    );
    let one = one.prop_map(|(rule, status, message, fix, waived)| RuleResult {
        fix,
        waived,
        mode: Mode::InForce,
        ..result(rule, status, &message)
    });
    prop::collection::vec(one, 0..40)
}

fn verdicts() -> impl Strategy<Value = Verdict> {
    let urgency = prop::sample::select(vec![Urgency::Normal, Urgency::Emergency]);
    (urgency, results()).prop_map(|(urgency, results)| verdict(urgency, results))
}

fn notices() -> impl Strategy<Value = Notice> {
    let rules = || prop::collection::vec(prop::sample::select(RuleId::ALL.to_vec()), 0..27);
    let people = prop::collection::vec(text().prop_map(UserId::new), 0..8);
    let parts = (
        verdicts(),
        rules(),
        rules(),
        people,
        prop::option::of(0_i64..=i64::MAX),
    );
    (0..7_u8, parts).prop_map(|(which, (verdict, resolved, added, people, minutes))| {
        let verdict = Arc::new(verdict);
        match which {
            0 => Notice::Verdict {
                verdict,
                earlier: None,
            },
            1 => Notice::VerdictChanged {
                verdict,
                resolved,
                added,
            },
            2 => Notice::BeforeSigning { verdict },
            3 => Notice::Breach {
                verdict,
                current_approvers: people,
            },
            4 => Notice::Resolved { verdict },
            5 => Notice::Closed {
                verdict,
                stage: Stage::Declined,
            },
            _ => Notice::SignedDespite {
                verdict,
                signer: people.first().cloned().unwrap_or_else(|| user("lead")),
                minutes_after_warning: minutes,
            },
        }
    })
}

/// A deployment of which a job says the same words in every place.
pub(crate) fn deployment(words: &str) -> Deployment {
    Deployment {
        id: words.to_owned(),
        state: DeploymentState::Failed,
        environment: words.to_owned(),
        images: vec![words.to_owned(); 20],
        by: words.to_owned(),
        at: at("17:05"),
        note: words.to_owned(),
        allowed: false,
        why_not: vec![words.to_owned(); 20],
    }
}

/// Notices of a change's course, without a card.
pub(crate) fn course() -> impl Strategy<Value = Notice> {
    let members = || prop::collection::btree_set(text().prop_map(UserId::new), 0..12);
    let rules = prop::collection::btree_set(prop::sample::select(RuleId::ALL.to_vec()), 0..27);
    let differences = prop::collection::vec((text(), text(), text()), 0..12);
    let parts = (
        (verdicts(), rules, differences),
        (members(), text(), any::<bool>(), 0..28_u8),
        prop::sample::select(Action::ALL.to_vec()),
    );
    parts.prop_map(
        |((verdict, rules, differences), (members, text, flag, which), action)| {
            let verdict = Arc::new(verdict);
            let by = members.first().cloned().unwrap_or_else(|| user("lead"));
            let stamp = flag.then(|| Stamp {
                by: by.clone(),
                at: at("17:42"),
            });
            let answer = |answer| Notice::Answer {
                duty: flag.then_some(1),
                action,
                answer,
            };
            match which {
                0 => Notice::Verdict {
                    verdict,
                    earlier: Some(Comparison {
                        sp_no: text,
                        resolved: rules.clone(),
                        remaining: rules,
                    }),
                },
                1 => Notice::YourTurn { verdict },
                2 => Notice::EditedAfterSigning {
                    verdict,
                    differences: differences
                        .into_iter()
                        .map(|(field, before, after)| Difference { field, before, after })
                        .collect(),
                },
                3 => Notice::WaiverDecided {
                    granted: flag,
                    rules,
                    reason: text,
                    by,
                },
                4 => Notice::Reminder {
                    duty: 1,
                    count: Count {
                        number: 3,
                        of: 3,
                        next_in: flag.then_some(30),
                        next: members,
                        to_holder: false,
                    },
                },
                5 => Notice::WillMissWindow { closes: at("21:00") },
                6 => Notice::MissedWindow {
                    next: flag.then(|| at("21:00")),
                },
                7 => Notice::Rescheduled { by },
                8 => Notice::ConsentDecided { agreed: flag, by },
                9 => Notice::Executed,
                10 => Notice::Released,
                11 => Notice::AnomalyReported,
                12 => Notice::IncidentOpened,
                13 => Notice::SessionAhead {
                    market: Market::HongKong,
                    opens: at("09:30"),
                },
                14 => Notice::Superseded { by: text },
                15 => Notice::Expired,
                16 => Notice::WithdrawnAfterStart,
                17 => Notice::PassedTooLate,
                18 => answer(Answer::Accepted),
                19 => answer(Answer::NotYours { may: members }),
                20 => answer(Answer::AlreadyDone { by: stamp }),
                21 => answer(Answer::MovedOn { stage: Stage::Closed }),
                22 => answer(Answer::ConsentAsked { of: members }),
                23 => Notice::StopBeforeStart { verdict },
                24 => Notice::DeployedAgainstGate {
                    deployment: Arc::new(deployment(&text)),
                },
                25 => Notice::DeploymentFailed {
                    deployment: Arc::new(deployment(&text)),
                },
                26 => Notice::DeploymentRolledBack {
                    deployment: Arc::new(deployment(&text)),
                },
                _ => answer(Answer::Incomplete { what: "新的时间" }),
            }
        },
    )
}

proptest! {
    #[test]
    fn every_message_fits_and_keeps_first_line_number_and_link(
        notice in notices(),
        title in text(),
        stage in prop::sample::select(Stage::ALL.to_vec()),
    ) {
        let message = Scene::titled(&title).in_stage(stage).tells("lead", &notice, PAGE);
        prop_assert!(message.len() <= LIMIT, "{} bytes: {message}", message.len());
        let first = message.lines().next().unwrap_or_default();
        prop_assert!(first.starts_with("**") && first.ends_with("**") && first.len() > 20, "{first}");
        let number = format!("单号：{NUMBER}");
        prop_assert!(message.lines().any(|line| line == number));
        let link = format!("]({PAGE})");
        prop_assert!(message.lines().any(|line| line.starts_with('[') && line.ends_with(&link)));
        prop_assert_eq!(message.matches("](").count(), 1, "one link, ours: {}", message);
        prop_assert_eq!(message.matches("://").count(), 1, "one address, ours: {}", message);
        let opened = message.matches("<font color=\"").count();
        prop_assert_eq!(message.matches("</font>").count(), opened);
        prop_assert_eq!(message.matches('<').count(), 2 * opened, "no tag but ours: {}", message);
        prop_assert!(message.chars().all(|c| c == '\n' || !c.is_control()));
    }

    #[test]
    fn the_longest_link_leaves_room_for_the_rest(notice in notices(), title in text()) {
        let page = format!("https://changegate.example.com/{}", "p".repeat(MAX_LINK - 31));
        prop_assert_eq!(page.len(), MAX_LINK);
        let message = Scene::titled(&title).tells("ops", &notice, &page);
        prop_assert!(message.len() <= LIMIT, "{} bytes", message.len());
        prop_assert!(message.contains(&page));
    }
}

fn rejected(results: Vec<RuleResult>) -> String {
    let notice = Notice::Verdict {
        verdict: Arc::new(verdict(Urgency::Normal, results)),
        earlier: None,
    };
    Scene::titled("条件单上线").tells("dev", &notice, PAGE)
}

#[test]
fn the_longest_text_is_shortened_first() {
    let long = "说明".repeat(600);
    let short = "回退方案未填写";
    let message = rejected(vec![
        title_fault(),
        result(RuleId::DescriptionItems, Status::Fail, &long),
        result(RuleId::RollbackPlan, Status::Fail, short),
    ]);
    assert!(message.contains(short), "{message}");
    assert!(message.contains("`行情系统条件单功能上线变更`"), "{message}");
    assert!(
        message.contains('…') && message.len() > LIMIT - 8,
        "{} bytes",
        message.len()
    );
}

#[test]
fn what_does_not_fit_is_counted() {
    let many: Vec<RuleResult> = RuleId::ALL
        .iter()
        .map(|rule| result(*rule, Status::Fail, &"很长的说明".repeat(100)))
        .collect();
    let message = rejected(many.clone());
    let shown = message.lines().filter(|line| line.starts_with("> **")).count();
    let rest = format!("> 还有 {} 项，见详情", many.len() - shown);
    assert!(shown > 5 && message.lines().any(|line| line == rest), "{message}");
    assert!(message.contains("27 项不合规"), "{message}");
}

#[test]
fn a_corrected_title_is_whole_or_left_to_the_page() {
    for fix in [
        "行情`系统",
        "看 https://evil.example.com 功能上线变更",
        &"很长".repeat(400),
    ] {
        let fault = RuleResult {
            fix: Some(fix.to_owned()),
            ..title_fault()
        };
        let message = rejected(vec![fault]);
        assert!(message.contains("更正后的标题请在详情页复制"), "{message}");
    }
}

#[test]
fn links_are_plain_addresses() {
    assert_eq!(Link::new("javascript:alert(1)"), Err(RenderError::NotAnAddress));
    assert_eq!(
        Link::new("https://a.example.com/x)"),
        Err(RenderError::NotAnAddress)
    );
    assert_eq!(
        Link::new("https://a.example.com/ x"),
        Err(RenderError::NotAnAddress)
    );
    let long = format!("https://{}", "a".repeat(MAX_LINK));
    assert_eq!(Link::new(&long), Err(RenderError::LinkTooLong(MAX_LINK + 8)));
    assert_eq!(Link::new(PAGE).unwrap().address(), PAGE);
}

//! Changes and verdicts that the gate is asked about.

use changegate_policy::{
    ChangeSummary, Mode, Outcome, Policy, PolicyRef, RuleId, RuleResult, Status, Urgency, UserId, Verdict,
};
use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;

use crate::{Change, GateAnswer, Plan, Stage, Stamp, gate};

/// A moment of Tuesday 2026-11-24 in Shanghai.
pub(super) fn at(time: &str) -> DateTime<Utc> {
    on("2026-11-24", time)
}

pub(super) fn on(day: &str, time: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(&format!("{day} {time}"), "%Y-%m-%d %H:%M:%S").unwrap();
    Shanghai.from_local_datetime(&local).unwrap().to_utc()
}

/// Approved, with its window on Tuesday from 16:30 to 21:00.
pub(super) fn approved() -> Change {
    Change {
        sp_no: "202611240001".to_owned(),
        stage: Stage::Approved,
        plan: Plan {
            urgency: Some(Urgency::Normal),
            opens: Some(at("16:30:00")),
            closes: Some(at("21:00:00")),
            ..Plan::default()
        },
        ..Change::default()
    }
}

pub(super) fn in_stage(stage: Stage) -> Change {
    Change { stage, ..approved() }
}

pub(super) fn planned(urgency: Urgency, from: &str, until: &str) -> Change {
    let mut change = approved();
    change.plan.urgency = Some(urgency);
    change.plan.from = Some(at(from));
    change.plan.until = Some(at(until));
    change
}

pub(super) fn consented(change: Change) -> Change {
    Change {
        consent: Some(Stamp {
            by: UserId::new("lead"),
            at: at("15:00:00"),
        }),
        ..change
    }
}

pub(super) fn result(rule: RuleId, status: Status) -> RuleResult {
    RuleResult {
        rule,
        clause: rule.clause().to_owned(),
        status,
        message: Some(format!("{} 的说明", rule.name())),
        evidence: None,
        position: None,
        fix: None,
        mode: Mode::InForce,
        waived: false,
    }
}

pub(super) fn verdict_of(results: Vec<RuleResult>) -> Verdict {
    Verdict {
        sp_no: "202611240001".to_owned(),
        verdict: Outcome::Compliant,
        policy: PolicyRef {
            version: "2.1".to_owned(),
            sha256: "0".repeat(64),
        },
        evaluated_at: at("16:59:00").fixed_offset(),
        change: ChangeSummary::default(),
        results,
    }
}

pub(super) fn verdict(results: &[(RuleId, Status)]) -> Verdict {
    verdict_of(
        results
            .iter()
            .map(|(rule, status)| result(*rule, *status))
            .collect(),
    )
}

pub(super) fn compliant() -> Verdict {
    verdict(&[
        (RuleId::TitleFormat, Status::Pass),
        (RuleId::UatAccepted, Status::Pass),
        (RuleId::Attachments, Status::Warn),
        (RuleId::ImageUnchanged, Status::Skip),
    ])
}

/// The decision and the reasons' words, with facts of a minute ago.
pub(super) fn asked(change: &Change, verdict: &Verdict, now: DateTime<Utc>) -> String {
    let fresh = Some(now - TimeDelta::minutes(1));
    in_short(&gate(change, verdict, fresh, now, &Policy::built_in()))
}

pub(super) fn in_short(answer: &GateAnswer) -> String {
    let json = serde_json::to_value(answer).unwrap();
    let mut words = vec![json["decision"].as_str().unwrap().to_owned()];
    for reason in json["reasons"].as_array().unwrap() {
        let rule = reason["rule"].as_str().unwrap_or("-");
        words.push(format!("{rule}:{}", reason["code"].as_str().unwrap()));
    }
    assert_eq!(json["allowed"], serde_json::json!(words[0] == "allowed"));
    words.join(" ")
}

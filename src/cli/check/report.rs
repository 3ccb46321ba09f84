//! A verdict as text for people.

use changegate_policy::{RuleResult, Status, Verdict};

/// The verdict, its faults with what to do, and a line of what passed.
pub(super) fn text(verdict: &Verdict) -> String {
    let mut out = format!(
        "{}《{}》：{}\n",
        verdict.sp_no,
        verdict.change.title.trim(),
        verdict.verdict.name()
    );
    for (mark, status) in [
        ("✗", Status::Fail),
        ("？", Status::Unknown),
        ("！", Status::Warn),
        ("–", Status::Skip),
    ] {
        for result in verdict.results.iter().filter(|result| result.status == status) {
            out.push_str(&line(mark, result));
        }
    }
    let passed: Vec<&str> = verdict
        .results
        .iter()
        .filter(|result| result.status == Status::Pass)
        .map(|result| result.rule.name())
        .collect();
    if !passed.is_empty() {
        out.extend(["  ✓ ", &passed.join("、"), "\n"]);
    }
    out
}

fn line(mark: &str, result: &RuleResult) -> String {
    let waived = if result.waived { "（已豁免）" } else { "" };
    let shadow = if result.mode.is_in_force() {
        ""
    } else {
        "（试运行）"
    };
    let mut out = format!(
        "  {mark} {}（{}，{}）{waived}{shadow}：{}\n",
        result.rule.name(),
        result.rule,
        result.clause,
        result.message.as_deref().unwrap_or_default()
    );
    if result.status == Status::Skip {
        return out;
    }
    if let Some(evidence) = &result.evidence {
        // Where the form has no such place, it is a record of JIRA, a registry or a mail.
        let what = if result.position.is_some() {
            "原文"
        } else {
            "依据"
        };
        out.extend(["      ", what, "：", &indented(evidence), "\n"]);
    }
    if let Some(fix) = &result.fix {
        out.extend(["      改为：", &indented(fix), "\n"]);
    }
    out
}

fn indented(text: &str) -> String {
    text.trim().replace('\n', "\n            ")
}

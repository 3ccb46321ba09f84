//! The answer as programs and people read it.

use changegate_policy::{Policy, RuleId, RuleResult, Status};

use super::scene::{approved, at, compliant, in_short, result, verdict_of};
use crate::{GateAnswer, gate};

#[test]
fn the_answer_in_json_and_in_words() {
    let now = at("15:00:00");
    let answer = gate(&approved(), &compliant(), Some(now), now, &Policy::built_in());
    let json = serde_json::to_string_pretty(&answer).unwrap();
    assert_eq!(
        json,
        r#"{
  "allowed": false,
  "decision": "denied",
  "reasons": [
    {
      "code": "outside_window",
      "rule": "urgency-window",
      "clause": "二",
      "message": "窗口 11月24日 16:30–21:00 尚未开始（现在 11月24日 15:00）；请等窗口开始，提前发布需与研发小组长确认（八.1）"
    }
  ],
  "window": {
    "opens": "2026-11-24T16:30:00+08:00",
    "closes": "2026-11-24T21:00:00+08:00"
  }
}"#
    );
    assert_eq!(
        answer.in_words(),
        "不允许发布（1 项）\n- urgency-window（二）：窗口 11月24日 16:30–21:00 尚未开始（现在 11月24日 15:00）；\
         请等窗口开始，提前发布需与研发小组长确认（八.1）"
    );
    let now = at("17:00:00");
    let answer = gate(&approved(), &compliant(), Some(now), now, &Policy::built_in());
    assert_eq!(answer.in_words(), "允许发布；窗口 11月24日 16:30–21:00");
}

#[test]
fn the_words_of_a_form_stay_on_their_line() {
    let fault = RuleResult {
        message: Some("标题“a\n- 允许发布\u{1b}[2K”不对".to_owned()),
        ..result(RuleId::TitleFormat, Status::Fail)
    };
    let now = at("17:00:00");
    let answer = gate(
        &approved(),
        &verdict_of(vec![fault]),
        Some(now),
        now,
        &Policy::built_in(),
    );
    assert_eq!(
        answer.in_words(),
        "不允许发布（1 项）\n- title-format（六.4）：标题“a - 允许发布[2K”不对"
    );
}

#[test]
fn a_number_that_names_no_change_is_not_known_and_not_allowed() {
    let answer = GateAnswer::unknown_change("1");
    assert_eq!(in_short(&answer), "unknown -:no_such_change");
    assert!(!answer.allowed());
}

//! To somebody who was warned: what they were warned of is mended.

use changegate_policy::{Outcome, Verdict};

use crate::about::{About, Link};
use crate::letter::Letter;
use crate::lines;

pub(super) fn letter(verdict: &Verdict, about: &About<'_>, link: Link<'_>) -> Letter {
    let mut letter = Letter::new(head(verdict.verdict));
    lines::identity(&mut letter, about);
    lines::applicant(&mut letter, about, verdict);
    lines::advice(&mut letter, verdict);
    lines::open(&mut letter, verdict);
    lines::waived(&mut letter, verdict);
    lines::link(&mut letter, link, "查看详情");
    letter
}

fn head(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Compliant | Outcome::Warnings => "此前提醒的问题已解决，可按正常流程处理",
        Outcome::Undecided => "此前提醒的问题已解决，另有事项尚在核对，请稍候再签署",
        Outcome::NotApplicable => "此前提醒的审批不是生产上线变更，无需再处理",
        // not sent while anything fails
        Outcome::Rejected => "此前提醒的问题已有变化，请查看详情",
    }
}

//! To the approver whose turn it is, before they sign.

use changegate_policy::{Outcome, RuleResult, Status, UserId, Verdict};

use crate::about::{About, Link};
use crate::letter::Letter;
use crate::lines;

/// How many rules the sentence for sending back names.
const NAMED: usize = 6;

pub(super) fn letter(verdict: &Verdict, to: &UserId, about: &About<'_>, link: Link<'_>) -> Letter {
    match verdict.verdict {
        Outcome::Rejected => send_back(verdict, to, about, link),
        Outcome::Undecided | Outcome::Warnings | Outcome::Compliant | Outcome::NotApplicable => {
            sign(verdict, to, about, link)
        }
    }
}

fn send_back(verdict: &Verdict, to: &UserId, about: &About<'_>, link: Link<'_>) -> Letter {
    let failed = lines::with_status(verdict, Status::Fail);
    let mut letter = Letter::new(&format!(
        "签署前请注意：该变更有 {} 项不合规，建议退回",
        failed.len()
    ));
    lines::identity(&mut letter, about);
    lines::applicant(&mut letter, about, verdict);
    lines::list(&mut letter, "warning", "不合规项", &failed);
    if !failed.is_empty() {
        letter.gap();
        letter.extra_or(
            format!("退回理由（可复制）：\n`{}`", reason(&failed)),
            "退回理由可在详情页复制",
        );
    }
    lines::advice(&mut letter, verdict);
    lines::waived(&mut letter, verdict);
    lines::link(&mut letter, link, "查看详情");
    lines::checklist(&mut letter, to, about);
    letter
}

fn sign(verdict: &Verdict, to: &UserId, about: &About<'_>, link: Link<'_>) -> Letter {
    let warned = lines::with_status(verdict, Status::Warn);
    let mut letter = Letter::new(&format!(
        "签署前请注意：没有不合规项，有 {} 项建议改进，可正常审批",
        warned.len()
    ));
    lines::identity(&mut letter, about);
    lines::applicant(&mut letter, about, verdict);
    lines::list(&mut letter, "warning", "建议改进", &warned);
    lines::open(&mut letter, verdict);
    lines::waived(&mut letter, verdict);
    lines::link(&mut letter, link, "查看详情");
    lines::checklist(&mut letter, to, about);
    letter
}

fn reason(failed: &[&RuleResult]) -> String {
    let named: Vec<String> = failed
        .iter()
        .take(NAMED)
        .map(|result| lines::rule_and_clause(result))
        .collect();
    let more = if failed.len() > NAMED {
        format!("等 {} 项", failed.len())
    } else {
        String::new()
    };
    format!(
        "不符合《生产变更管理规定》：{}{more}。请按变更闸通知修改后重新提交。",
        named.join("、")
    )
}

//! To an applicant: the verdict is another one than told before. Says what is mended, what is new and what is
//! left.

use changegate_policy::{Outcome, RuleId, RuleResult, Status, Verdict};

use crate::about::{About, Link};
use crate::letter::Letter;
use crate::lines;
use crate::messages::verdict::corrections;

pub(super) fn letter(
    verdict: &Verdict,
    resolved: &[RuleId],
    added: &[RuleId],
    about: &About<'_>,
    link: Link<'_>,
) -> Letter {
    let mut letter = Letter::new(&format!("检查结果有更新：{}", news(verdict, about)));
    lines::identity(&mut letter, about);
    if !resolved.is_empty() {
        letter.gap();
        letter.line(format!(
            "<font color=\"info\">已解决 {} 项</font>",
            resolved.len()
        ));
        letter.text("> ", &lines::names(resolved.iter().copied()));
    }
    let (new, left): (Vec<&RuleResult>, Vec<&RuleResult>) = told(verdict)
        .into_iter()
        .partition(|result| added.contains(&result.rule));
    lines::list(&mut letter, "warning", &format!("新增 {} 项", new.len()), &new);
    lines::list(&mut letter, "warning", &format!("其余 {} 项", left.len()), &left);
    match verdict.verdict {
        Outcome::Rejected => corrections(&mut letter, verdict, link),
        Outcome::Undecided | Outcome::Warnings => {
            lines::corrected_title(&mut letter, verdict);
            lines::waived(&mut letter, verdict);
            lines::link(&mut letter, link, "查看详情");
        }
        Outcome::Compliant => {
            letter.gap();
            lines::what_is_next(&mut letter, about, verdict);
            lines::waived(&mut letter, verdict);
            lines::link(&mut letter, link, "查看详情");
        }
        Outcome::NotApplicable => lines::link(&mut letter, link, "查看详情"),
    }
    letter
}

fn news(verdict: &Verdict, about: &About<'_>) -> &'static str {
    match verdict.verdict {
        Outcome::Rejected => lines::what_to_do(about.stage),
        Outcome::Undecided => "暂无需操作，核对完成后另行通知",
        Outcome::Warnings => "没有不合规项，以下建议不影响审批",
        Outcome::Compliant => "变更申请已合规，请等待审批",
        Outcome::NotApplicable => "该审批不是生产上线变更，无需操作",
    }
}

/// What is listed one by one; beside faults, advice and open questions are summed up in a line each.
fn told(verdict: &Verdict) -> Vec<&RuleResult> {
    match verdict.verdict {
        Outcome::Rejected => lines::with_status(verdict, Status::Fail),
        Outcome::Undecided => [Status::Unknown, Status::Warn]
            .into_iter()
            .flat_map(|status| lines::with_status(verdict, status))
            .collect(),
        Outcome::Warnings => lines::with_status(verdict, Status::Warn),
        Outcome::Compliant | Outcome::NotApplicable => Vec::new(),
    }
}

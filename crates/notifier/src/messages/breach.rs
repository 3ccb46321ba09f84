//! To an operations lead: a flow breaks the regulation.

use changegate_policy::{Status, UserId, Verdict};

use crate::about::{About, Link};
use crate::letter::Letter;
use crate::lines;

pub(super) fn letter(
    verdict: &Verdict,
    current_approvers: &[UserId],
    about: &About<'_>,
    link: Link<'_>,
) -> Letter {
    let failed = lines::with_status(verdict, Status::Fail);
    let mut letter = Letter::new(&format!("有变更不合规（{} 项），请跟进退回修改", failed.len()));
    lines::identity(&mut letter, about);
    lines::applicant(&mut letter, about, verdict);
    if current_approvers.is_empty() {
        letter.line("当前审批人：无");
    } else {
        letter.text("当前审批人：", &about.names_of(current_approvers));
    }
    lines::list(&mut letter, "warning", "不合规项", &failed);
    lines::advice(&mut letter, verdict);
    lines::waived(&mut letter, verdict);
    lines::link(&mut letter, link, "查看详情");
    if !current_approvers.is_empty() {
        letter.extra("<font color=\"comment\">申请人与当前审批人由变更闸另行通知</font>");
    }
    letter
}

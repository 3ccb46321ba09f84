//! To an operations lead: an approver signed although rules fail.

use changegate_policy::{Status, UserId, Verdict};

use crate::about::{About, Link};
use crate::letter::Letter;
use crate::lines;

pub(super) fn letter(
    verdict: &Verdict,
    signer: &UserId,
    minutes_after_warning: Option<i64>,
    about: &About<'_>,
    link: Link<'_>,
) -> Letter {
    let failed = lines::with_status(verdict, Status::Fail);
    let mut letter = Letter::new("不合规的变更已被签署，请核实是否需要中止");
    lines::identity(&mut letter, about);
    lines::applicant(&mut letter, about, verdict);
    letter.text("签署人：", about.name_of(signer));
    letter.line(format!("签署时间：{}", since_warning(minutes_after_warning)));
    lines::list(
        &mut letter,
        "warning",
        &format!("签署时有 {} 项不合规", failed.len()),
        &failed,
    );
    lines::waived(&mut letter, verdict);
    lines::link(&mut letter, link, "查看详情");
    letter
}

fn since_warning(minutes: Option<i64>) -> String {
    match minutes {
        None => "签署前未收到提醒".to_owned(),
        Some(0) => "收到提醒后不到 1 分钟".to_owned(),
        Some(minutes) => format!("收到提醒 {minutes} 分钟后"),
    }
}

//! To an applicant: the first verdict on the form.

use changegate_policy::{Outcome, Status, Verdict};

use crate::about::{About, Link};
use crate::letter::Letter;
use crate::lines;

pub(super) fn letter(verdict: &Verdict, about: &About<'_>, link: Link<'_>) -> Letter {
    match verdict.verdict {
        Outcome::Rejected => rejected(verdict, about, link),
        Outcome::Undecided => undecided(verdict, about, link),
        Outcome::Warnings => warnings(verdict, about, link),
        Outcome::Compliant => compliant(verdict, about, link),
        Outcome::NotApplicable => not_applicable(about, link),
    }
}

fn rejected(verdict: &Verdict, about: &About<'_>, link: Link<'_>) -> Letter {
    let mut letter = Letter::new(lines::what_to_do(about.stage));
    lines::identity(&mut letter, about);
    let failed = lines::with_status(verdict, Status::Fail);
    lines::list(
        &mut letter,
        "warning",
        &format!("{} 项不合规", failed.len()),
        &failed,
    );
    corrections(&mut letter, verdict, link);
    letter
}

/// What helps with a new try: the corrected title, the next starts, the page, the way to a waiver.
pub(super) fn corrections(letter: &mut Letter, verdict: &Verdict, link: Link<'_>) {
    lines::corrected_title(letter, verdict);
    lines::next_starts(letter, verdict);
    lines::advice(letter, verdict);
    lines::open(letter, verdict);
    lines::waived(letter, verdict);
    lines::link(letter, link, "查看详情并复制更正文本");
    letter.extra("<font color=\"comment\">确需按现状上线的，请在详情页“申请豁免”查看办法</font>");
}

fn undecided(verdict: &Verdict, about: &About<'_>, link: Link<'_>) -> Letter {
    let unknown = lines::with_status(verdict, Status::Unknown);
    let mut letter = Letter::new("变更申请已受理，暂无需操作，核对完成后另行通知");
    lines::identity(&mut letter, about);
    lines::list(
        &mut letter,
        "comment",
        &format!("{} 项尚在核对", unknown.len()),
        &unknown,
    );
    lines::corrected_title(&mut letter, verdict);
    lines::advice(&mut letter, verdict);
    lines::waived(&mut letter, verdict);
    lines::link(&mut letter, link, "查看详情");
    letter
}

fn warnings(verdict: &Verdict, about: &About<'_>, link: Link<'_>) -> Letter {
    let warned = lines::with_status(verdict, Status::Warn);
    let mut letter = Letter::new("变更申请已受理，以下建议供改进，不影响审批");
    lines::identity(&mut letter, about);
    lines::what_is_next(&mut letter, about, verdict);
    lines::list(
        &mut letter,
        "warning",
        &format!("{} 项建议改进", warned.len()),
        &warned,
    );
    lines::corrected_title(&mut letter, verdict);
    lines::next_starts(&mut letter, verdict);
    lines::waived(&mut letter, verdict);
    lines::link(&mut letter, link, "查看详情并复制建议文本");
    letter
}

fn compliant(verdict: &Verdict, about: &About<'_>, link: Link<'_>) -> Letter {
    let mut letter = Letter::new("变更申请合规，请等待审批");
    lines::identity(&mut letter, about);
    lines::what_is_next(&mut letter, about, verdict);
    lines::waived(&mut letter, verdict);
    lines::link(&mut letter, link, "查看详情");
    letter
}

fn not_applicable(about: &About<'_>, link: Link<'_>) -> Letter {
    let mut letter = Letter::new("该审批不是生产上线变更，无需操作");
    lines::identity(&mut letter, about);
    lines::link(&mut letter, link, "查看详情");
    letter
}

//! To somebody who was warned: the form is over, nothing is left to do.

use changegate_lifecycle::Stage;
use changegate_policy::Verdict;

use crate::about::{About, Link};
use crate::letter::Letter;
use crate::lines;

pub(super) fn letter(verdict: &Verdict, stage: Stage, about: &About<'_>, link: Link<'_>) -> Letter {
    let mut letter = Letter::new(&format!("变更{}，此前的提醒无需再处理", stage.name()));
    lines::identity(&mut letter, about);
    lines::applicant(&mut letter, about, verdict);
    lines::link(&mut letter, link, "查看详情");
    letter
}

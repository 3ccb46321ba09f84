//! What came of the button that was pressed on the page before, in one line.
//!
//! The address carries only the place of a timeline entry; the words come from the entry, so that nobody can send a
//! link that makes a page say something.

use changegate_lifecycle::Stage;
use serde::Deserialize;

use super::dossier::Dossier;
use super::rows;
use crate::web::member::Member;
use crate::web::server::Site;

/// In place of an entry: it is stored, and worked on.
pub(super) const WAITING: &str = "wait";
/// In place of an entry: it is done, and the timeline has no entry of the reader's for it.
pub(super) const DONE: &str = "done";

/// The query of a page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// What came of a press.
    #[serde(default)]
    r: String,
}

/// One line about it.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) tone: &'static str,
    pub(super) text: String,
}

/// The line that the page's address asks for.
pub(super) fn line(asked: &Asked, dossier: &Dossier, member: &Member, site: &Site) -> Option<Line> {
    match asked.r.as_str() {
        "" => None,
        WAITING => Some(Line {
            tone: "open",
            text: "已收到，正在处理。请稍后刷新本页查看结果，不必重复提交。".to_owned(),
        }),
        DONE => Some(Line {
            tone: "open",
            text: format!("已处理，当前状态：{}", stage(dossier.change.stage)),
        }),
        seq => {
            let seq: i64 = seq.parse().ok()?;
            let entry = dossier.timeline.iter().find(|entry| entry.seq == seq)?;
            if entry.who != member.user.as_str() {
                return None;
            }
            let refused = entry.what == rows::REFUSED;
            let text = rows::row(entry, &site.policy()).what;
            Some(Line {
                tone: if refused { "warn" } else { "pass" },
                text: if refused {
                    format!("未执行：{text}")
                } else {
                    format!("已提交：{text}")
                },
            })
        }
    }
}

fn stage(stage: Stage) -> &'static str {
    stage.name()
}

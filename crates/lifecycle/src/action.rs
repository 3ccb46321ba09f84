//! What people say by a button, or on a page in its place.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a button, or a page in its place, says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 已完成.
    Done,
    /// 确认; of a mail: 已发送.
    Confirm,
    /// 不同意.
    Refuse,
    /// 开始执行.
    Start,
    /// 改期.
    Reschedule,
    /// 同意窗口外执行.
    Agree,
    /// 不同意 (to start outside the window).
    Disagree,
    /// 执行完成.
    Executed,
    /// 验证通过.
    Verified,
    /// 无异常反馈.
    NothingUnusual,
    /// 发现异常.
    Anomaly,
    /// 权限已配置.
    Configured,
    /// 美股开盘正常, 开盘正常.
    OpenedWell,
    /// 由我到岗, or those named on the page.
    NameWatchers,
    /// 已到岗.
    Arrived,
    /// 开始处理.
    Handle,
    /// 执行回退.
    RollBack,
    /// 回退完成.
    RolledBack,
    /// 已修复.
    Fixed,
    /// 原功能正常, 功能正常.
    Restored,
    /// 仍异常.
    StillBroken,
    /// 同意豁免.
    Grant,
    /// 维持不合规.
    Uphold,
    /// 发送报告.
    SendReport,
    /// 涉及美股, and its opposite.
    ToggleUs,
    /// 涉及港股, and its opposite.
    ToggleHongKong,
    /// 涉及新加坡股票, and its opposite.
    ToggleSingapore,
    /// 市场无误.
    MarketsRight,
    /// 已知晓: no more reminders of this.
    Acknowledge,
    /// 稍后: the next reminder later.
    Later,
    /// 申请豁免 (on a page).
    RequestWaiver,
    /// 标记生产事故 (on a page).
    MarkIncident,
    /// 更新对外口径 (on a page).
    UpdateStatement,
    /// 补充异常说明 (on a page).
    Describe,
    /// 标记客户索赔 (administrators, on a page).
    MarkClaim,
    /// 更正: the anomaly was none (administrators, on a page); an entry of its own.
    CorrectAnomaly,
}

impl Action {
    /// Every action.
    pub const ALL: &'static [Self] = &[
        Self::Done,
        Self::Confirm,
        Self::Refuse,
        Self::Start,
        Self::Reschedule,
        Self::Agree,
        Self::Disagree,
        Self::Executed,
        Self::Verified,
        Self::NothingUnusual,
        Self::Anomaly,
        Self::Configured,
        Self::OpenedWell,
        Self::NameWatchers,
        Self::Arrived,
        Self::Handle,
        Self::RollBack,
        Self::RolledBack,
        Self::Fixed,
        Self::Restored,
        Self::StillBroken,
        Self::Grant,
        Self::Uphold,
        Self::SendReport,
        Self::ToggleUs,
        Self::ToggleHongKong,
        Self::ToggleSingapore,
        Self::MarketsRight,
        Self::Acknowledge,
        Self::Later,
        Self::RequestWaiver,
        Self::MarkIncident,
        Self::UpdateStatement,
        Self::Describe,
        Self::MarkClaim,
        Self::CorrectAnomaly,
    ];

    /// The word for it in keys, in the API and in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Confirm => "confirm",
            Self::Refuse => "refuse",
            Self::Start => "start",
            Self::Reschedule => "reschedule",
            Self::Agree => "agree",
            Self::Disagree => "disagree",
            Self::Executed => "executed",
            Self::Verified => "verified",
            Self::NothingUnusual => "nothing_unusual",
            Self::Anomaly => "anomaly",
            Self::Configured => "configured",
            Self::OpenedWell => "opened_well",
            Self::NameWatchers => "name_watchers",
            Self::Arrived => "arrived",
            Self::Handle => "handle",
            Self::RollBack => "roll_back",
            Self::RolledBack => "rolled_back",
            Self::Fixed => "fixed",
            Self::Restored => "restored",
            Self::StillBroken => "still_broken",
            Self::Grant => "grant",
            Self::Uphold => "uphold",
            Self::SendReport => "send_report",
            Self::ToggleUs => "toggle_us",
            Self::ToggleHongKong => "toggle_hong_kong",
            Self::ToggleSingapore => "toggle_singapore",
            Self::MarketsRight => "markets_right",
            Self::Acknowledge => "acknowledge",
            Self::Later => "later",
            Self::RequestWaiver => "request_waiver",
            Self::MarkIncident => "mark_incident",
            Self::UpdateStatement => "update_statement",
            Self::Describe => "describe",
            Self::MarkClaim => "mark_claim",
            Self::CorrectAnomaly => "correct_anomaly",
        }
    }

    /// The action of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.word() == word)
    }

    /// Whether it needs words, a time or names, so that it is done on a page.
    pub fn needs_a_page(self) -> bool {
        matches!(
            self,
            Self::Reschedule
                | Self::Grant
                | Self::Uphold
                | Self::SendReport
                | Self::RequestWaiver
                | Self::MarkIncident
                | Self::UpdateStatement
                | Self::Describe
                | Self::MarkClaim
                | Self::CorrectAnomaly
        )
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_actions_are_unique_and_lead_back() {
        for action in Action::ALL {
            assert_eq!(Action::from_word(action.word()), Some(*action));
        }
    }
}

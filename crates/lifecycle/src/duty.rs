//! Duties: what somebody has to do about a change, and the buttons by which they say that it is done.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use changegate_policy::{Market, UserId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyKind {
    /// An approver's turn (七): to sign, or to send back, in WeCom itself.
    Sign,
    /// A tester: the regression test is done (三.2).
    Regression,
    /// The applicant: the rollback plan is ready (三.2).
    RollbackReady,
    /// A product manager: data and account for the verification in production are ready (三.2).
    VerificationReady,
    /// A development lead: a technical requirement needs no product acceptance (三).
    TechnicalByDevelopment,
    /// A test lead: the same.
    TechnicalByTest,
    /// Operations: begin within the window (八.1).
    Start,
    /// A development lead: may it start outside the window (八.1)?
    Consent,
    /// Operations: report that it is carried out (八.2).
    Finish,
    /// A product manager: does it work in production (九.1)?
    Verify,
    /// A tester: nothing unusual in the feedback group (九.2).
    WatchFeedback,
    /// A permission configurer: the rights of the middle platform are set (八.2).
    ConfigurePermissions,
    /// Whoever stays: trading works after the US market opened (九.3).
    UsOpen,
    /// A development lead: who comes in before the next session of that market (九.3)?
    NameWatchers(Market),
    /// Those named: be there before the open and watch (九.3).
    WatchSession(Market),
    /// Development leads and operations: look into an anomaly (十.1).
    Handle,
    /// The same, once somebody took it up: mend it, or roll back.
    Remedy,
    /// Operations: carry out the rollback plan (十.1).
    RollBack,
    /// Applicant and testers: does the old function work again (十.3)?
    ConfirmRestored,
    /// Product managers and testers: does the mended function work?
    ConfirmFixed,
    /// Administrators: grant a waiver that was asked for, or uphold the verdict.
    DecideWaiver,
    /// Development lead and product manager: write the incident's report (事后总结).
    Report,
    /// Applicant or development lead: does the change concern these markets?
    Markets,
}

/// What a button, or a page in its place, says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 已完成.
    Done,
    /// 确认.
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

/// What became of a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyState {
    /// To be done.
    Open,
    /// Done by those who had to.
    Done,
    /// No longer needed: the change moved on without it.
    Dropped,
}

/// What one holder said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// By which button.
    pub action: Action,
    /// When.
    pub at: DateTime<Utc>,
}

/// A duty of certain people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Its number within the change, from 1.
    pub number: u32,
    /// What has to be done.
    pub kind: DutyKind,
    /// Who has to, or may.
    pub holders: BTreeSet<UserId>,
    /// Who has said so, and how.
    pub said: BTreeMap<UserId, Said>,
    /// Holders who want no more reminders.
    #[serde(default)]
    pub acknowledged: BTreeSet<UserId>,
    /// Holders who are there (已到岗); what they watch is still to come.
    #[serde(default)]
    pub arrived: BTreeSet<UserId>,
    /// What became of it.
    pub state: DutyState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How many reminders went out.
    #[serde(default)]
    pub reminded: u32,
}

impl DutyKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Sign,
        Self::Regression,
        Self::RollbackReady,
        Self::VerificationReady,
        Self::TechnicalByDevelopment,
        Self::TechnicalByTest,
        Self::Start,
        Self::Consent,
        Self::Finish,
        Self::Verify,
        Self::WatchFeedback,
        Self::ConfigurePermissions,
        Self::UsOpen,
        Self::NameWatchers(Market::HongKong),
        Self::NameWatchers(Market::Singapore),
        Self::WatchSession(Market::HongKong),
        Self::WatchSession(Market::Singapore),
        Self::Handle,
        Self::Remedy,
        Self::RollBack,
        Self::ConfirmRestored,
        Self::ConfirmFixed,
        Self::DecideWaiver,
        Self::Report,
        Self::Markets,
    ];

    /// What people call it, as in “待办：回归测试确认”.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sign => "审批",
            Self::Regression => "回归测试确认",
            Self::RollbackReady => "回退方案确认",
            Self::VerificationReady => "生产验证数据、账号确认",
            Self::TechnicalByDevelopment | Self::TechnicalByTest => "技术需求确认",
            Self::Start => "开始执行",
            Self::Consent => "窗口外执行确认",
            Self::Finish => "执行完成确认",
            Self::Verify => "生产验证",
            Self::WatchFeedback => "留意反馈群",
            Self::ConfigurePermissions => "权限配置",
            Self::UsOpen => "美股开盘确认",
            Self::NameWatchers(_) => "安排次日到岗人员",
            Self::WatchSession(_) => "开盘值守",
            Self::Handle => "异常处理",
            Self::Remedy => "修复或回退",
            Self::RollBack => "执行回退",
            Self::ConfirmRestored => "原功能确认",
            Self::ConfirmFixed => "修复确认",
            Self::DecideWaiver => "豁免审核",
            Self::Report => "事故报告",
            Self::Markets => "涉及市场确认",
        }
    }

    /// Whether each holder has to act; else one of them is enough.
    pub fn needs_everyone(self) -> bool {
        matches!(
            self,
            Self::Regression
                | Self::VerificationReady
                | Self::Verify
                | Self::WatchFeedback
                | Self::ConfirmRestored
                | Self::ConfirmFixed
        )
    }

    /// What its holders can press, in the order of the card.
    pub fn actions(self) -> &'static [Action] {
        match self {
            Self::Sign => &[Action::Acknowledge, Action::Later],
            Self::Regression | Self::RollbackReady | Self::VerificationReady => &[Action::Done],
            Self::TechnicalByDevelopment | Self::TechnicalByTest => &[Action::Confirm, Action::Refuse],
            Self::Start => &[Action::Start, Action::Reschedule],
            Self::Consent => &[Action::Agree, Action::Disagree],
            Self::Finish => &[Action::Executed, Action::Anomaly],
            Self::Verify => &[Action::Verified, Action::Anomaly],
            Self::WatchFeedback => &[Action::NothingUnusual, Action::Anomaly],
            Self::ConfigurePermissions => &[Action::Configured],
            Self::UsOpen => &[Action::OpenedWell, Action::Anomaly],
            Self::NameWatchers(_) => &[Action::NameWatchers],
            Self::WatchSession(_) => &[Action::Arrived, Action::OpenedWell, Action::Anomaly],
            Self::Handle => &[Action::Handle, Action::RollBack],
            Self::Remedy => &[Action::Fixed, Action::RollBack],
            Self::RollBack => &[Action::RolledBack],
            Self::ConfirmRestored | Self::ConfirmFixed => &[Action::Restored, Action::StillBroken],
            Self::DecideWaiver => &[Action::Grant, Action::Uphold],
            Self::Report => &[Action::SendReport],
            Self::Markets => &[
                Action::ToggleUs,
                Action::ToggleHongKong,
                Action::ToggleSingapore,
                Action::MarketsRight,
            ],
        }
    }

    /// Whether a change cannot be closed as verified while this is open.
    pub fn holds_up_closing(self) -> bool {
        matches!(
            self,
            Self::Verify
                | Self::WatchFeedback
                | Self::ConfigurePermissions
                | Self::UsOpen
                | Self::NameWatchers(_)
                | Self::WatchSession(_)
                | Self::ConfirmRestored
                | Self::ConfirmFixed
        )
    }
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

impl Duty {
    /// Whether it is still to be done.
    pub fn is_open(&self) -> bool {
        self.state == DutyState::Open
    }

    /// Holders of whom something is still awaited.
    pub fn awaited(&self) -> impl Iterator<Item = &UserId> {
        self.holders.iter().filter(|who| !self.said.contains_key(who))
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

    #[test]
    fn a_card_has_room_for_every_button() {
        for kind in DutyKind::ALL {
            assert!((1..=5).contains(&kind.actions().len()), "{kind:?}");
        }
    }
}

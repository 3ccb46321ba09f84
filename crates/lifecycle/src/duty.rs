//! Duties: what somebody has to do about a change, and the buttons by which they say that it is done.

use std::collections::{BTreeMap, BTreeSet};

use changegate_policy::{Market, UserId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::action::Action;

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
    /// An applicant: send the emergency application by mail oneself (二).
    EmergencyMail,
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
    /// Holders who are there (已到岗), and since when; what they watch is still to come.
    #[serde(default)]
    pub arrived: BTreeMap<UserId, DateTime<Utc>>,
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
        Self::EmergencyMail,
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
            Self::EmergencyMail => "紧急发版邮件",
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
            Self::EmergencyMail => &[Action::Confirm],
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_has_room_for_every_button() {
        for kind in DutyKind::ALL {
            assert!((1..=5).contains(&kind.actions().len()), "{kind:?}");
        }
    }
}

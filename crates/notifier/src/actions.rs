//! What buttons say, and what is said of them once they were pressed.

use changegate_lifecycle::{Action, Change, DutyKind};
use changegate_policy::Market;

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The way that things should go.
    Main,
    /// Something is wrong.
    Danger,
    /// Anything else.
    Plain,
}

impl Style {
    /// WeCom's number for it.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Main => 1,
            Self::Danger => 2,
            Self::Plain => 4,
        }
    }
}

/// What a button says, at most ten characters.
pub(crate) fn label(kind: DutyKind, action: Action, change: &Change) -> &'static str {
    let concerns = |market| change.plan.markets.contains(&market);
    match action {
        Action::ToggleUs if concerns(Market::Us) => "不涉及美股",
        Action::ToggleUs => "涉及美股",
        Action::ToggleHongKong if concerns(Market::HongKong) => "不涉及港股",
        Action::ToggleHongKong => "涉及港股",
        Action::ToggleSingapore if concerns(Market::Singapore) => "不涉及新加坡股票",
        Action::ToggleSingapore => "涉及新加坡股票",
        Action::OpenedWell if kind == DutyKind::UsOpen => "美股开盘正常",
        Action::Restored if kind == DutyKind::ConfirmRestored => "原功能正常",
        Action::Restored => "功能正常",
        Action::NameWatchers => "由我到岗",
        Action::SendReport => "查看并发送报告",
        Action::Grant | Action::Uphold => "去处理",
        Action::Confirm if kind == DutyKind::EmergencyMail => "已发送",
        Action::Later => "稍后提醒",
        other => name(other),
    }
}

/// What a button of a duty is called where somebody reads of it later.
pub(crate) fn name_on(kind: Option<DutyKind>, action: Action) -> &'static str {
    match (kind, action) {
        (Some(DutyKind::UsOpen), Action::OpenedWell) => "美股开盘正常",
        (Some(DutyKind::ConfirmRestored), Action::Restored) => "原功能正常",
        (Some(DutyKind::EmergencyMail), Action::Confirm) => "已发送",
        (_, action) => name(action),
    }
}

/// What an action is called.
pub fn name(action: Action) -> &'static str {
    match action {
        Action::Done => "已完成",
        Action::Confirm => "确认",
        Action::Refuse | Action::Disagree => "不同意",
        Action::Start => "开始执行",
        Action::Reschedule => "改期",
        Action::Agree => "同意窗口外执行",
        Action::Executed => "执行完成",
        Action::Verified => "验证通过",
        Action::NothingUnusual => "无异常反馈",
        Action::Anomaly => "发现异常",
        Action::Configured => "权限已配置",
        Action::OpenedWell => "开盘正常",
        Action::NameWatchers => "安排到岗人员",
        Action::Arrived => "已到岗",
        Action::Handle => "开始处理",
        Action::RollBack => "执行回退",
        Action::RolledBack => "回退完成",
        Action::Fixed => "已修复",
        Action::Restored => "功能正常",
        Action::StillBroken => "仍异常",
        Action::Grant => "同意豁免",
        Action::Uphold => "维持不合规",
        Action::SendReport => "发送报告",
        Action::ToggleUs | Action::ToggleHongKong | Action::ToggleSingapore => "更改涉及市场",
        Action::MarketsRight => "市场无误",
        Action::Acknowledge => "已知晓",
        Action::Later => "稍后提醒",
        Action::RequestWaiver => "申请豁免",
        Action::MarkIncident => "标记生产事故",
        Action::UpdateStatement => "更新对外口径",
        Action::Describe => "补充异常说明",
        Action::MarkClaim => "标记客户索赔",
        Action::CorrectAnomaly => "更正异常",
    }
}

/// What somebody did with it, after “张三 已于 17:42”.
pub(crate) fn said(kind: DutyKind, action: Action) -> &'static str {
    match (kind, action) {
        (DutyKind::Regression, Action::Done) => "确认回归测试完成",
        (DutyKind::RollbackReady, Action::Done) => "确认回退方案已备好",
        (DutyKind::VerificationReady, Action::Done) => "确认验证数据、账号已备好",
        (_, Action::Done) => "确认完成",
        (DutyKind::EmergencyMail, Action::Confirm) => "确认紧急发版邮件已发送",
        (_, Action::Confirm) => "确认技术需求",
        (_, Action::Refuse) => "表示不同意",
        (_, Action::Start) => "开始执行",
        (_, Action::Reschedule) => "改期",
        (_, Action::Agree) => "同意窗口外执行",
        (_, Action::Disagree) => "不同意窗口外执行",
        (_, Action::Executed) => "确认执行完成",
        (_, Action::Verified) => "确认验证通过",
        (_, Action::NothingUnusual) => "确认无异常反馈",
        (_, Action::Anomaly) => "报告异常",
        (_, Action::Configured) => "确认权限已配置",
        (DutyKind::UsOpen, Action::OpenedWell) => "确认美股开盘正常",
        (_, Action::OpenedWell) => "确认开盘正常",
        (_, Action::NameWatchers) => "安排到岗人员",
        (_, Action::Arrived) => "确认到岗",
        (_, Action::Handle) => "开始处理异常",
        (_, Action::RollBack) => "要求执行回退",
        (_, Action::RolledBack) => "确认回退完成",
        (_, Action::Fixed) => "确认已修复",
        (DutyKind::ConfirmRestored, Action::Restored) => "确认原功能正常",
        (_, Action::Restored) => "确认功能正常",
        (_, Action::StillBroken) => "反馈仍异常",
        (_, Action::Grant) => "同意豁免",
        (_, Action::Uphold) => "维持不合规",
        (_, Action::SendReport) => "发送报告",
        (_, Action::ToggleUs | Action::ToggleHongKong | Action::ToggleSingapore) => "更改涉及市场",
        (_, Action::MarketsRight) => "确认市场无误",
        (_, Action::Acknowledge) => "知晓",
        (_, Action::Later) => "选择稍后提醒",
        (_, Action::RequestWaiver) => "申请豁免",
        (_, Action::MarkIncident) => "标记生产事故",
        (_, Action::UpdateStatement) => "更新对外口径",
        (_, Action::Describe) => "补充异常说明",
        (_, Action::MarkClaim) => "标记客户索赔",
        (_, Action::CorrectAnomaly) => "更正异常",
    }
}

/// How its button looks.
pub fn style(action: Action) -> Style {
    match action {
        Action::Anomaly | Action::RollBack | Action::StillBroken => Style::Danger,
        Action::Refuse
        | Action::Reschedule
        | Action::Disagree
        | Action::Later
        | Action::ToggleUs
        | Action::ToggleHongKong
        | Action::ToggleSingapore
        | Action::RequestWaiver
        | Action::MarkIncident
        | Action::UpdateStatement
        | Action::Describe
        | Action::MarkClaim
        | Action::CorrectAnomaly
        | Action::Uphold => Style::Plain,
        Action::Done
        | Action::Confirm
        | Action::Start
        | Action::Agree
        | Action::Executed
        | Action::Verified
        | Action::NothingUnusual
        | Action::Configured
        | Action::OpenedWell
        | Action::NameWatchers
        | Action::Arrived
        | Action::Handle
        | Action::RolledBack
        | Action::Fixed
        | Action::Restored
        | Action::Grant
        | Action::SendReport
        | Action::MarketsRight
        | Action::Acknowledge => Style::Main,
    }
}

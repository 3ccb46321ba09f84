//! Words for duties, buttons and notices, as the pages show them.

use changegate_lifecycle::{Action, Duty, DutyKind, DutyState};
use changegate_notifier::{Style, action_name, button_style};
use changegate_policy::Market;

/// What somebody has to do about a duty, as a sentence.
pub(super) fn task(kind: DutyKind) -> String {
    match kind {
        DutyKind::Sign => "请在企业微信“审批”里处理这份变更：逐项核对后同意，或退回、驳回。".to_owned(),
        DutyKind::Regression => "请确认本次变更的回归测试已经完成（三.2）。".to_owned(),
        DutyKind::RollbackReady => "请确认回退方案已经就绪，可随时执行（三.2）。".to_owned(),
        DutyKind::VerificationReady => "请确认生产验证所需的数据和账号已经备好（三.2）。".to_owned(),
        DutyKind::TechnicalByDevelopment | DutyKind::TechnicalByTest => {
            "这份变更含技术需求，没有产品验收。请确认可以按技术需求上线（三）。".to_owned()
        }
        DutyKind::EmergencyMail => {
            "请把紧急发版申请邮件发给小组长、运维部、产研线总监，抄送项目经理、产品经理及测试人员，发出后点“已发送”（二）。".to_owned()
        }
        DutyKind::Start => "请与开发同事确认变更时间，在变更窗口内开始执行（八.1）。".to_owned(),
        DutyKind::Consent => "运维同事要在变更窗口之外开始执行，请决定是否同意（八.1）。".to_owned(),
        DutyKind::Finish => "变更执行完成后请点“执行完成”，验证人员会立即收到通知（八.2）。".to_owned(),
        DutyKind::Verify => "变更已执行，请立即在生产环境验证功能（九.1）。".to_owned(),
        DutyKind::WatchFeedback => "变更已执行，请留意问题反馈群有无异常反馈（九.2）。".to_owned(),
        DutyKind::ConfigurePermissions => "变更涉及中台模块，请完成权限配置（八.2）。".to_owned(),
        DutyKind::UsOpen => "变更涉及美股行情或交易，请在美股开盘后确认行情、交易正常（九.3）。".to_owned(),
        DutyKind::NameWatchers(market) => format!(
            "变更涉及{}行情或交易，请安排下一交易日开盘前到岗的人员（九.3）。",
            market.name()
        ),
        DutyKind::WatchSession(market) => format!(
            "请在{}下一交易时段开盘前到岗，开盘后确认行情、交易正常（九.3）。",
            market.name()
        ),
        DutyKind::Handle => "变更出现异常，请立即处理；不能很快修复的，执行回退方案（十.1）。".to_owned(),
        DutyKind::Remedy => "请尽快修复；超过时限须执行回退方案（十.1）。".to_owned(),
        DutyKind::RollBack => "请立即按回退方案回退，完成后点“回退完成”（十.1）。".to_owned(),
        DutyKind::ConfirmRestored => "变更已回退，请确认原功能恢复正常（十.3）。".to_owned(),
        DutyKind::ConfirmFixed => "问题已修复，请确认功能正常。".to_owned(),
        DutyKind::DecideWaiver => {
            "申请人请求豁免下列规则，请决定同意豁免或维持不合规，并写明理由。".to_owned()
        }
        DutyKind::Report => "请完成事故报告并发送到报告邮箱（事后总结）。".to_owned(),
        DutyKind::Markets => "请核对这份变更是否涉及下列市场的行情或交易（九.3）。".to_owned(),
    }
}

/// What a button says: what the card's says, but for what is said otherwise where there is room for a form.
pub(super) fn label(action: Action, kind: Option<DutyKind>) -> &'static str {
    match action {
        Action::OpenedWell if kind == Some(DutyKind::UsOpen) => "美股开盘正常",
        Action::Restored if kind != Some(DutyKind::ConfirmFixed) => "原功能正常",
        Action::Confirm if kind == Some(DutyKind::EmergencyMail) => "已发送",
        Action::SendReport => "发送到报告邮箱",
        Action::ToggleUs => "更正：美股",
        Action::ToggleHongKong => "更正：港股",
        Action::ToggleSingapore => "更正：新加坡股票",
        Action::MarkIncident => "标记为生产事故",
        Action::CorrectAnomaly => "更正：不是异常",
        other => action_name(other),
    }
}

/// How a button looks: as on the card, but that on a page nothing is refused by accident.
pub(super) fn tone(action: Action) -> &'static str {
    match (action, button_style(action)) {
        (Action::MarkIncident | Action::Refuse | Action::Disagree | Action::Uphold, _)
        | (_, Style::Danger) => "danger",
        (Action::Acknowledge, _) | (_, Style::Plain) => "plain",
        (_, Style::Main) => "primary",
    }
}

/// The market that a button corrects.
pub(super) fn market(action: Action) -> Option<Market> {
    match action {
        Action::ToggleUs => Some(Market::Us),
        Action::ToggleHongKong => Some(Market::HongKong),
        Action::ToggleSingapore => Some(Market::Singapore),
        _ => None,
    }
}

/// What became of a duty.
pub(super) fn duty_state(duty: &Duty) -> &'static str {
    match duty.state {
        DutyState::Open => "待办",
        DutyState::Done => "已完成",
        DutyState::Dropped => "不再需要",
    }
}

/// What a notice is about, by its word in the timeline.
pub(super) fn notice(word: &str) -> Option<&'static str> {
    Some(match word {
        "verdict" => "评审结果",
        "verdict_changed" => "评审结果有变",
        "your_turn" => "轮到审批",
        "before_signing" => "审批前提醒：有不合规项",
        "breach" => "变更不合规",
        "resolved" => "问题已改正",
        "closed" => "流程已结束",
        "signed_despite" => "不合规仍被同意",
        "edited_after_signing" => "签字后表单有改动",
        "waiver_decided" => "豁免结果",
        "duty" => "待办",
        "reminder" => "催办",
        "will_miss_window" => "将错过变更窗口",
        "missed_window" => "已错过变更窗口",
        "rescheduled" => "已改期",
        "consent_decided" => "窗口外执行的决定",
        "executed" => "变更已执行",
        "released" => "验证完成，可以离开",
        "anomaly_reported" => "发现异常",
        "incident_opened" => "生产事故",
        "session_ahead" => "开盘前到岗安排",
        "superseded" => "已被新流程替代",
        "expired" => "流程已过期",
        "withdrawn_after_start" => "执行后审批单被撤销",
        "passed_too_late" => "过期后通过",
        "answer" => "操作结果",
        _ => return None,
    })
}

//! `emergency-mail` (二): outside the windows an emergency change is applied for by mail to team lead, operations and
//! R&D director, with a copy to project manager, product managers and testers.

mod receivers;

use chrono::{DateTime, TimeDelta, Utc};

use self::receivers::missing;
use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::{EmergencyMail, MailContent};
use crate::reading::Urgency;
use crate::submission::PlannedTime;

/// A mail that was written longer before filing is about something else.
const OLDEST: TimeDelta = TimeDelta::days(7);

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    match (context.reading.urgency, &context.facts.emergency_mail) {
        // Nobody keeps a record for any other change, so that it is not told from one that nobody looked for.
        (Some(Urgency::Normal), None) => {
            Judgement::Skip("正常变更无须发送紧急发版邮件（邮件记录尚未接入，或没有记录）".into())
        }
        (Some(Urgency::Emergency) | None, None) => {
            Judgement::Skip("紧急发版邮件记录尚未接入，没有核对".into())
        }
        (Some(Urgency::Normal), Some(_)) => Judgement::Skip("正常变更无须发送紧急发版邮件".into()),
        (None, Some(_)) => Judgement::Skip("紧急程度未填，无法判断是否须发送紧急发版邮件".into()),
        (Some(Urgency::Emergency), Some(mail)) => of_emergency(context, mail),
    }
}

fn of_emergency(context: &Context<'_>, mail: &EmergencyMail) -> Judgement {
    match mail {
        EmergencyMail::Sent { message_id, at } => Judgement::PassWith(format!(
            "Message-ID：{message_id}，{} 已发送",
            moment(context, *at)
        )),
        EmergencyMail::Confirmed { by, at } => {
            let name = context
                .directory()
                .map_or(by.as_str(), |directory| directory.name_of(by));
            Judgement::PassWith(format!("{name} 于 {} 确认已发送", moment(context, *at)))
        }
        EmergencyMail::Due | EmergencyMail::Failed(_) | EmergencyMail::ByHand | EmergencyMail::Shown(_)
            if lies_in_window(context) =>
        {
            Judgement::Skip("计划变更时间在变更窗口内，无须发送紧急发版邮件".into())
        }
        EmergencyMail::Due => Judgement::Skip("其余检查通过后由变更闸自动发送紧急发版邮件".into()),
        EmergencyMail::ByHand => {
            Judgement::Unknown("紧急发版邮件待申请人发送并确认，或附上邮件（.eml）".to_owned())
        }
        EmergencyMail::Failed(reason) => Judgement::Fail(Finding {
            message: format!(
                "紧急发版邮件未能发出：{reason}；请自行发送给小组长、运维部、产研线总监，抄送项目经理、产品经理、测试同事，\
                 再点“已发送”，或附上邮件（.eml）"
            ),
            ..Finding::default()
        }),
        EmergencyMail::Shown(mail) => shown(context, mail),
    }
}

/// Whether the planned time is known to lie in a window that 正常 flows may use, where no mail is needed.
fn lies_in_window(context: &Context<'_>) -> bool {
    let (from, until) = match context.reading.planned {
        Some(PlannedTime::Instant(at)) => (at, at),
        Some(PlannedTime::Range(from, until)) if from <= until => (from, until),
        Some(PlannedTime::Range(..) | PlannedTime::Day(_)) | None => return false,
    };
    context
        .policy
        .windows()
        .windows_from(from)
        .take_while(|window| window.opens <= until)
        .filter_map(|window| context.policy.free_part(window))
        .any(|window| window.touches(from, until) && window.fits(from, until))
}

/// What is found of the mail itself.
fn shown(context: &Context<'_>, mail: &MailContent) -> Judgement {
    let mut faults = missing(context, mail);
    faults.extend(dated(context, mail));
    let evidence = format!(
        "Message-ID：{}，发件人：{}，日期：{}",
        mail.message_id,
        mail.from,
        mail.date
            .map_or_else(|| "未写".to_owned(), |date| moment(context, date))
    );
    if faults.is_empty() {
        return Judgement::PassWith(evidence);
    }
    Judgement::Warn(Finding {
        message: format!("紧急发版邮件{}；请核对，必要时补发后重新附上", faults.join("，")),
        evidence: Some((evidence, None)),
        fix: None,
    })
}

/// What is wrong with the mail's date.
fn dated(context: &Context<'_>, mail: &MailContent) -> Option<String> {
    let Some(date) = mail.date else {
        return Some("没有日期".to_owned());
    };
    let late = match context.reading.planned {
        Some(PlannedTime::Instant(start) | PlannedTime::Range(start, _)) => date > start,
        Some(PlannedTime::Day(day)) => context.policy.day_of(date) > day,
        None => false,
    };
    if late {
        return Some(format!("的日期 {} 晚于计划变更时间", moment(context, date)));
    }
    (context.submission.apply_time.signed_duration_since(date) > OLDEST).then(|| {
        format!(
            "的日期 {} 比发起时间早 7 天以上，可能不是本次变更的邮件",
            moment(context, date)
        )
    })
}

fn moment(context: &Context<'_>, at: DateTime<Utc>) -> String {
    context.policy.local(at).format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests;

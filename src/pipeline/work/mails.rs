//! Mails of a change: the emergency application (二) and the report on an incident (事后总结).

use std::collections::BTreeSet;

use changegate_lifecycle::{Change, Mail};
use changegate_mailer::{Attachment, Mail as Letter, Mailbox, MessageId};
use changegate_notifier::{self as notifier, About, Links, MailText};
use changegate_policy::{Directory, UserId};
use changegate_store::{NewMessage, URGENT};
use changegate_wecom::message::Message;

use super::carry_out::{MAIL, WECOM_MESSAGE};
use super::scene::Scene;
use super::{WorkError, cards};
use crate::mail::Transport;
use crate::pipeline::Parts;
use crate::reports;

/// The type of a .docx.
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The row that carries the mail; where no mail can be sent from here, messages that ask people to send it.
pub(super) async fn mail(
    parts: &Parts,
    (scene, change): (&Scene, &Change),
    (about, links): (&About<'_>, &Links<'_>),
    sequence: u32,
    mail: &Mail,
) -> Result<Vec<NewMessage>, WorkError> {
    let text = notifier::mail(mail, about, links)?;
    let (to, cc) = receivers(parts, change, scene.directory.as_deref(), mail);
    if to.is_empty() || matches!(*parts.mail, Transport::Off) {
        return by_hand(parts, scene, change, sequence, mail, &text);
    }
    let attachments = match mail {
        Mail::EmergencyApplication => Vec::new(),
        Mail::IncidentReport => vec![report(parts, scene, change).await?],
    };
    let sp_no = &scene.submission.sp_no;
    let domain = parts.links.domain();
    let letter = Letter {
        to,
        cc,
        subject: text.subject,
        text: text.text,
        html: Some(text.html).filter(|html| !html.is_empty()),
        attachments,
        in_reply_to: None,
        message_id: MessageId::new(&format!("{sp_no}.{sequence}"), &domain)
            .map_err(|error| WorkError::Mail(error.to_string()))?,
        date: scene.now,
    };
    Ok(vec![NewMessage {
        dedupe_key: format!("{sp_no}/{sequence}"),
        sp_no: Some(sp_no.clone()),
        channel: MAIL.to_owned(),
        recipient: "mail".to_owned(),
        priority: URGENT,
        body: serde_json::to_string(&letter)?,
        ..NewMessage::default()
    }])
}

/// To whom, and to whom a copy.
fn receivers(
    parts: &Parts,
    change: &Change,
    directory: Option<&Directory>,
    mail: &Mail,
) -> (Vec<Mailbox>, Vec<Mailbox>) {
    let people = &change.people;
    let policy = parts.policy();
    let contacts = policy.contacts();
    let addresses = |sets: &[&BTreeSet<UserId>]| -> Vec<Mailbox> {
        let members = sets.iter().flat_map(|set| set.iter());
        members
            .filter_map(|who| directory?.email_of(who)?.parse().ok())
            .collect()
    };
    let mailbox = |address: &Option<String>| address.as_deref().and_then(|address| address.parse().ok());
    match mail {
        Mail::EmergencyApplication => {
            let mut to = addresses(&[&people.development_leads, &people.rd_directors]);
            match mailbox(&contacts.operations_mailbox) {
                Some(operations) => to.push(operations),
                None => to.extend(addresses(&[&people.operations_leads])),
            }
            let cc = addresses(&[
                &people.project_managers,
                &people.product_managers,
                &people.testers,
                &people.applicants,
            ]);
            (once(to), once(cc))
        }
        Mail::IncidentReport => {
            let to = mailbox(&contacts.report_mailbox).into_iter().collect();
            let cc = addresses(&[
                &people.development_leads,
                &people.product_managers,
                &people.operations_leads,
                &people.rd_directors,
            ]);
            (to, once(cc))
        }
    }
}

/// Each address once.
fn once(mut all: Vec<Mailbox>) -> Vec<Mailbox> {
    let mut seen = BTreeSet::new();
    all.retain(|mailbox| seen.insert(mailbox.address().to_ascii_lowercase()));
    all
}

async fn report(parts: &Parts, scene: &Scene, change: &Change) -> Result<Attachment, WorkError> {
    let sp_no = &scene.submission.sp_no;
    let timeline = parts.store.timeline(sp_no).await?;
    let row = scene.row.clone().unwrap_or_default();
    let report = reports::incident(change, &row, &timeline, &parts.policy(), scene.now);
    let content = parts
        .reports
        .fill(&report)
        .map_err(|error| WorkError::Mail(error.to_string()))?;
    Ok(Attachment {
        name: format!("故障报告_{}.docx", report.number),
        content_type: DOCX.to_owned(),
        content,
    })
}

/// No way out for mails, or no address: the people who would have sent it by hand before are asked to.
fn by_hand(
    parts: &Parts,
    scene: &Scene,
    change: &Change,
    sequence: u32,
    mail: &Mail,
    text: &MailText,
) -> Result<Vec<NewMessage>, WorkError> {
    let (who, what) = match mail {
        Mail::EmergencyApplication => (
            change.people.applicants.clone(),
            "请自行发送紧急发版申请邮件：发送小组长、运维部、产研线总监，抄送项目经理、产品经理及测试人员",
        ),
        Mail::IncidentReport => (
            change.people.who_lead(),
            "请自行发送故障报告邮件，抄送故障报告邮箱",
        ),
    };
    let sp_no = &scene.submission.sp_no;
    let content = format!(
        "{what}\n（变更闸未启用邮件，或通讯录中没有收件人的邮箱）\n\n主题：{}\n\n{}",
        text.subject, text.text
    );
    let content = changegate_wecom::message::fit(&content, changegate_wecom::message::limits::TEXT);
    who.iter()
        .map(|who| {
            let message = Message::text(cards::to(who), content.clone());
            Ok(NewMessage {
                dedupe_key: format!("{sp_no}/{sequence}/{who}"),
                sp_no: Some(sp_no.clone()),
                channel: WECOM_MESSAGE.to_owned(),
                recipient: who.to_string(),
                priority: URGENT,
                body: message.to_json(parts.wecom.agent_id())?,
                ..NewMessage::default()
            })
        })
        .collect()
}

//! One try, by the channel of the message.

use changegate_mailer::{Mail, MailErrorClass};
use changegate_store::Message;
use changegate_wecom::error::Error;
use changegate_wecom::message::{SendReply, UpdateReply};

use crate::mail::{MailFailure, Receipt};
use crate::pipeline::Parts;
use crate::pipeline::work::{CARD_UPDATE, GROUP, MAIL};

/// What the other side answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// WeCom, to a message for one member.
    Message(Result<SendReply, Error>),
    /// WeCom, to the change of a card.
    Card(Result<UpdateReply, Error>),
    /// WeCom, to a message for a group.
    Group(Result<(), Error>),
    /// Whatever carries mails.
    Mail(Result<Receipt, MailFailure>),
}

pub(super) async fn send(parts: &Parts, message: &Message) -> Answer {
    match message.channel.as_str() {
        CARD_UPDATE => Answer::Card(parts.wecom.update_template_card(&message.body).await),
        GROUP => Answer::Group(parts.wecom.appchat_send(&message.body).await),
        MAIL => Answer::Mail(mail(parts, &message.body).await),
        _ => Answer::Message(parts.wecom.send_message(&message.body).await),
    }
}

async fn mail(parts: &Parts, body: &str) -> Result<Receipt, MailFailure> {
    match serde_json::from_str::<Mail>(body) {
        Ok(mail) => parts.mail.deliver(&mail).await,
        Err(error) => Err(MailFailure {
            reason: format!("请联系变更闸管理员：存下的邮件无法读取（{error}）"),
            class: MailErrorClass::Permanent,
        }),
    }
}

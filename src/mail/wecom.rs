//! A mail in the form that WeCom's `compose_send` takes.

use changegate_mailer::{Mail, MailErrorClass, Mailbox};
use changegate_wecom::client::{MailBody, MailContent, MailFile, MailPeople};
use changegate_wecom::{Client, Error, ErrorClass};

use super::{MailFailure, Receipt};
use crate::doctor::advice;

/// Hands a mail over to WeCom.
pub(super) async fn send(client: &Client, mail: &Mail) -> Result<Receipt, MailFailure> {
    let body = body(mail).map_err(|reason| MailFailure {
        reason: format!("请改正这封邮件后重发：{reason}"),
        class: MailErrorClass::Permanent,
    })?;
    match client.compose_mail(body).await {
        Ok(()) => Ok(Receipt {
            message_id: None,
            response: "ok".to_owned(),
            refused: Vec::new(),
        }),
        Err(error) => Err(failure(&error)),
    }
}

fn body(mail: &Mail) -> Result<String, String> {
    mail.check().map_err(|fault| fault.to_string())?;
    let people = |mailboxes: &[Mailbox]| MailPeople {
        emails: mailboxes
            .iter()
            .map(|mailbox| mailbox.address().to_owned())
            .collect(),
        userids: Vec::new(),
    };
    let (content, content_type) = match &mail.html {
        Some(html) => (html, MailContent::Html),
        None => (&mail.text, MailContent::Text),
    };
    let files = mail.attachments.iter().map(|file| MailFile {
        file_name: file.name.clone(),
        content: file.content.clone(),
    });
    let body = MailBody {
        to: people(&mail.to),
        cc: people(&mail.cc),
        subject: mail.subject.clone(),
        content: content.clone(),
        content_type,
        attachment_list: files.collect(),
    };
    body.to_json().map_err(|limit| limit.to_string())
}

fn failure(error: &Error) -> MailFailure {
    let class = match error.class() {
        ErrorClass::Retry | ErrorClass::Token | ErrorClass::RateLimited => MailErrorClass::Passing,
        ErrorClass::Configuration => MailErrorClass::Configuration,
        ErrorClass::Data | ErrorClass::StateExpired | ErrorClass::RestartLogin => MailErrorClass::Permanent,
    };
    let reason = match error.errcode() {
        Some(48_002) => format!(
            "企业微信管理后台 → 应用管理 → 邮件 → 可调用应用，加入本应用：应用没有发送邮件的权限（{error}）"
        ),
        Some(code) => {
            let advice = advice::explain(code);
            format!("{}：{}（{error}）", advice.step, advice.meaning)
        }
        None => format!("稍后会自动重试：企业微信没有给出可用的回答（{error}）"),
    };
    MailFailure { reason, class }
}

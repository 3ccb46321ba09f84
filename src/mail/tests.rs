//! Delivery through WeCom's simulator, and what is said when there is no way out. The mail server's own tests are
//! the mailer's.

use std::time::Duration;

use changegate_mailer::{MailErrorClass, MessageId};
use changegate_simulator::{Fault, FaultKind, Settings, Simulator};
use changegate_wecom::client;
use secrecy::SecretString;

use super::*;

fn mail() -> Mail {
    Mail {
        to: vec!["运维负责人 <ops@example.com>".parse().unwrap()],
        cc: Vec::new(),
        subject: "紧急发版申请".to_owned(),
        text: "请审阅。".to_owned(),
        html: None,
        attachments: Vec::new(),
        in_reply_to: None,
        message_id: MessageId::new("1.apply", "changegate.example.com").unwrap(),
        date: "2026-11-24T06:05:00Z".parse().unwrap(),
    }
}

async fn stage() -> (Simulator, Arc<Client>) {
    let sim = Simulator::start(Settings::demo()).await.unwrap();
    let known = sim.settings();
    let secret = SecretString::from(known.secret.clone());
    let agent = i64::from(known.agent_id);
    let settings = client::Settings::new(&sim.base_url(), &known.corp_id, secret, agent);
    let client = Client::new(settings, client::http_client().unwrap());
    (sim, Arc::new(client))
}

#[tokio::test]
async fn a_mail_goes_out_from_the_apps_mailbox() {
    let (sim, client) = stage().await;
    let transport = Transport::new(Some(&config::Mail::Wecom), &client).unwrap();
    let receipt = transport.deliver(&mail()).await.unwrap();
    assert_eq!(receipt.message_id, None);
    let mails = sim.mails();
    let body = &mails.first().unwrap().body;
    assert_eq!(body["to"]["emails"][0], "ops@example.com");
    assert_eq!(body["content"], "请审阅。");

    for (errcode, class, words) in [
        (-1, MailErrorClass::Passing, "稍后再试"),
        (60_111, MailErrorClass::Permanent, "可见范围"),
        (48_002, MailErrorClass::Configuration, "邮件 → 可调用应用"),
    ] {
        sim.fault(Fault::new("exmail/app/compose_send", FaultKind::Errcode { errcode }).times(1));
        let failure = transport.deliver(&mail()).await.unwrap_err();
        assert_eq!(failure.class, class, "{errcode}");
        assert!(failure.reason.contains(words), "{}", failure.reason);
    }
    let off = Transport::new(None, &client).unwrap();
    let failure = off.deliver(&mail()).await.unwrap_err();
    assert!(
        failure.reason.starts_with("请自行发送这封邮件"),
        "{}",
        failure.reason
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_with_the_step_that_mends_it() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("smtp://127.0.0.1:{port}?tls=none");
    let mut settings = SmtpSettings::new(SmtpUrl::parse(&url).unwrap(), "a@example.com".parse().unwrap());
    settings.timeout = Duration::from_secs(5);
    let transport = Transport::Smtp(Box::new(Smtp::new(settings).unwrap()));
    let failure = transport.deliver(&mail()).await.unwrap_err();
    assert_eq!(failure.class, MailErrorClass::Passing);
    assert!(
        failure.reason.starts_with("检查 mail.smtp_url 的主机与端口"),
        "{}",
        failure.reason
    );
}

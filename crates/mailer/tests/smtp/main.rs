//! Mails to a real mail server, over every kind of connection and through every kind of refusal.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it stands"
)]

mod server;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use changegate_mailer::{
    Attachment, Mail, MailErrorClass, MessageId, Security, Smtp, SmtpSettings, SmtpUrl, Stage,
};
use chrono::DateTime;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::server::{Server, dumb};

const PASSWORD: &str = "correct-horse-battery";

fn mail() -> Mail {
    Mail {
        to: vec!["运维负责人 <ops@example.com>".parse().unwrap()],
        cc: vec!["\"CCB, 组长\" <ccb@example.com>".parse().unwrap()],
        subject: "紧急发版申请：行情系统条件单功能（202611240001），请于今日 16:30 前审批并回复".to_owned(),
        text: "各位：\n.请审阅。\n".to_owned(),
        html: Some("<p>请审阅</p>".to_owned()),
        attachments: vec![Attachment {
            name: "变更计划清单 v1.xlsx".to_owned(),
            content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
            content: (0..=255_u8).cycle().take(70_001).collect(),
        }],
        in_reply_to: Some(MessageId::new("202611240001.first", "changegate.example.com").unwrap()),
        message_id: MessageId::new("202611240001.apply", "changegate.example.com").unwrap(),
        date: DateTime::from_timestamp(1_795_500_000, 0).unwrap(),
    }
}

fn settings(url: &str) -> SmtpSettings {
    let from = "变更闸 <changegate@example.com>".parse().unwrap();
    SmtpSettings::new(SmtpUrl::parse(url).unwrap(), from)
}

fn plain(server: &Server) -> Smtp {
    Smtp::new(settings(&format!("smtp://127.0.0.1:{}?tls=none", server.port))).unwrap()
}

/// Over TLS, with the server's root certificate.
fn over_tls(url: &str, server: &Server, password: Option<&str>) -> Smtp {
    let mut settings = settings(url);
    settings.ca_pem.clone_from(&server.ca_pem);
    settings.password = password.map(SecretString::from);
    Smtp::new(settings).unwrap()
}

fn impatient(port: u16) -> Smtp {
    let mut settings = settings(&format!("smtp://127.0.0.1:{port}?tls=none"));
    settings.timeout = Duration::from_millis(300);
    Smtp::new(settings).unwrap()
}

fn raw(received: &Value) -> Vec<u8> {
    STANDARD.decode(received["raw"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_mail_arrives_at_a_plain_relay_as_it_was_written() {
    let mut server = Server::plain(json!({})).await;
    let sent = plain(&server).send(&mail()).await.unwrap();
    assert_eq!(sent.message_id, mail().message_id);
    assert_eq!(sent.response, "250 2.0.0 Ok: queued as 4Xy7");
    assert_eq!(sent.refused, []);
    let received = server.next().await;
    let headers = &received["headers"];
    assert_eq!(headers["subject"], mail().subject);
    assert_eq!(headers["from"], "变更闸 <changegate@example.com>");
    assert_eq!(headers["to"], "运维负责人 <ops@example.com>");
    assert!(headers["cc"].as_str().unwrap().contains("CCB, 组长"), "{headers}");
    assert_eq!(
        headers["message-id"],
        "<202611240001.apply@changegate.example.com>"
    );
    assert_eq!(
        headers["in-reply-to"],
        "<202611240001.first@changegate.example.com>"
    );
    assert_eq!(
        received["envelope"],
        json!({"from": "changegate@example.com", "to": ["ops@example.com", "ccb@example.com"]})
    );
    assert_eq!(
        received["text"].as_str().unwrap().replace("\r\n", "\n"),
        mail().text
    );
    assert_eq!(received["html"].as_str().unwrap().trim_end(), "<p>请审阅</p>");
    let file = &received["attachments"][0];
    assert_eq!(file["name"], mail().attachments[0].name);
    assert_eq!(file["type"], mail().attachments[0].content_type);
    let content = STANDARD.decode(file["content"].as_str().unwrap()).unwrap();
    assert!(
        content == mail().attachments[0].content,
        "the bytes of the file differ"
    );
    assert_eq!(received["encrypted"], false);
}

#[tokio::test]
async fn a_busy_server_gets_the_same_bytes_once_more() {
    let mut server = Server::plain(json!({"busy": 1})).await;
    let stored = serde_json::to_string(&mail()).unwrap();
    let error = plain(&server).send(&mail()).await.unwrap_err();
    assert_eq!(
        (error.class, error.stage, error.code),
        (MailErrorClass::Passing, Stage::Content, Some(451))
    );
    assert!(error.to_string().contains("try again later"), "{error}");
    let again: Mail = serde_json::from_str(&stored).unwrap();
    let smtp = plain(&server);
    smtp.send(&again).await.unwrap();
    let second = server.next().await;
    smtp.send(&again).await.unwrap();
    let third = server.next().await;
    assert_eq!(raw(&second), raw(&third));
    for received in [second, third] {
        assert_eq!(received["headers"]["message-id"], mail().message_id.as_str());
        assert_eq!(received["headers"]["date"], "Tue, 24 Nov 2026 06:00:00 +0000");
    }
}

#[tokio::test]
async fn starttls_is_required_and_its_certificate_is_checked() {
    let mut server = Server::with_tls("starttls", json!({})).await;
    let url = format!("smtp://127.0.0.1:{}", server.port);
    over_tls(&url, &server, None).send(&mail()).await.unwrap();
    assert_eq!(server.next().await["encrypted"], true);

    let stranger = Smtp::new(settings(&url)).unwrap();
    let error = stranger.send(&mail()).await.unwrap_err();
    assert_eq!(
        (error.class, error.stage),
        (MailErrorClass::Configuration, Stage::Encrypt)
    );
    assert!(error.to_string().contains("certificate"), "{error}");

    let without = Server::plain(json!({})).await;
    let strict = Smtp::new(settings(&format!("smtp://127.0.0.1:{}", without.port))).unwrap();
    let error = strict.send(&mail()).await.unwrap_err();
    assert_eq!(
        (error.class, error.stage),
        (MailErrorClass::Configuration, Stage::Encrypt)
    );
}

#[tokio::test]
async fn opportunistic_takes_tls_where_it_is_offered_and_sends_no_password_without() {
    let mut server = Server::with_tls("starttls", json!({"require": false})).await;
    let url = format!("smtp://127.0.0.1:{}?tls=opportunistic", server.port);
    let smtp = over_tls(&url, &server, None);
    assert_eq!(smtp.url().security(), Security::Opportunistic);
    smtp.send(&mail()).await.unwrap();
    assert_eq!(server.next().await["encrypted"], true);

    let mut server = Server::plain(json!({})).await;
    let url = format!("smtp://127.0.0.1:{}?tls=opportunistic", server.port);
    over_tls(&url, &server, None).send(&mail()).await.unwrap();
    assert_eq!(server.next().await["encrypted"], false);
    let url = format!("smtp://user@127.0.0.1:{}?tls=opportunistic", server.port);
    let error = over_tls(&url, &server, Some(PASSWORD))
        .send(&mail())
        .await
        .unwrap_err();
    assert_eq!(
        (error.class, error.stage),
        (MailErrorClass::Configuration, Stage::LogIn)
    );
}

#[tokio::test]
async fn implicit_tls_with_a_login() {
    let mut server = Server::with_tls("implicit", json!({"users": {"bot@x": PASSWORD}})).await;
    let url = format!("smtps://bot%40x@127.0.0.1:{}", server.port);
    let smtp = over_tls(&url, &server, Some(PASSWORD));
    let checked = smtp.check().await.unwrap();
    assert!(checked.encrypted && checked.logged_in);
    smtp.send(&mail()).await.unwrap();
    let received = server.next().await;
    assert_eq!(received["user"], "bot@x");
    assert_eq!(received["encrypted"], true);
}

#[tokio::test]
async fn a_refused_login_is_a_matter_of_configuration_and_does_not_tell_the_password() {
    let server = Server::with_tls("starttls", json!({"users": {"bot": "another-word"}})).await;
    let url = format!("smtp://bot:{PASSWORD}@localhost:{}", server.port);
    let smtp = over_tls(&url, &server, None);
    for error in [
        smtp.send(&mail()).await.unwrap_err(),
        smtp.check().await.unwrap_err(),
    ] {
        assert_eq!(
            (error.class, error.stage, error.code),
            (MailErrorClass::Configuration, Stage::LogIn, Some(535))
        );
        let shown = format!("{error} {error:?} {smtp:?}");
        assert!(!shown.contains(PASSWORD) && !shown.contains(&url), "{shown}");
    }
    let without_login = over_tls(&format!("smtp://localhost:{}", server.port), &server, None);
    let error = without_login.send(&mail()).await.unwrap_err();
    assert_eq!(
        (error.class, error.code),
        (MailErrorClass::Configuration, Some(530))
    );
}

#[tokio::test]
async fn one_refused_recipient_does_not_keep_the_mail_from_the_others() {
    let wanted = json!({"refused": {"ccb@example.com": "550 5.1.1 no such mailbox"}});
    let mut server = Server::plain(wanted).await;
    let sent = plain(&server).send(&mail()).await.unwrap();
    assert_eq!(sent.refused.len(), 1);
    assert_eq!(sent.refused[0].address, "ccb@example.com");
    assert_eq!(sent.refused[0].code, 550);
    assert!(sent.refused[0].words.contains("no such mailbox"));
    assert_eq!(server.next().await["envelope"]["to"], json!(["ops@example.com"]));
}

#[tokio::test]
async fn a_mail_that_all_recipients_are_refused_for_is_for_good_and_names_them() {
    let wanted =
        json!({"refused": {"ccb@example.com": "550 gone", "ops@example.com": "554 relay access denied"}});
    let server = Server::plain(wanted).await;
    let error = plain(&server).send(&mail()).await.unwrap_err();
    assert_eq!(
        (error.class, error.stage),
        (MailErrorClass::Permanent, Stage::Recipients)
    );
    let shown = error.to_string();
    assert!(
        shown.contains("ops@example.com: relay access denied (554)"),
        "{shown}"
    );
    assert!(shown.contains("ccb@example.com"), "{shown}");
}

#[tokio::test]
async fn a_recipient_refused_for_a_passing_reason_makes_the_whole_mail_wait() {
    let wanted = json!({"refused": {"ccb@example.com": "450 4.2.0 greylisted"}});
    let error = plain(&Server::plain(wanted).await)
        .send(&mail())
        .await
        .unwrap_err();
    assert_eq!(
        (error.class, error.stage, error.code),
        (MailErrorClass::Passing, Stage::Recipients, Some(450))
    );
}

#[tokio::test]
async fn a_refused_sender_is_a_matter_of_configuration_and_a_refused_content_is_not() {
    let server = Server::plain(json!({"refused": {"MAIL": "553 sender not owned"}})).await;
    let error = plain(&server).check().await.unwrap_err();
    assert_eq!(
        (error.class, error.stage),
        (MailErrorClass::Configuration, Stage::Sender)
    );

    let server = Server::plain(json!({"answer": "554 5.7.1 looks like spam"})).await;
    let error = plain(&server).send(&mail()).await.unwrap_err();
    assert_eq!(
        (error.class, error.stage, error.code),
        (MailErrorClass::Permanent, Stage::Content, Some(554))
    );
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up_and_may_be_tried_again() {
    let (port, _tasks) = dumb(b"").await;
    let error = impatient(port).send(&mail()).await.unwrap_err();
    assert_eq!(
        (error.class, error.stage),
        (MailErrorClass::Passing, Stage::Connect)
    );
    assert!(error.to_string().contains("no answer in time"), "{error}");

    let mut short = mail();
    short.attachments.clear();
    let server = Server::plain(json!({"hang": true})).await;
    let mut settings = settings(&format!("smtp://127.0.0.1:{}?tls=none", server.port));
    settings.timeout = Duration::from_secs(3);
    let error = Smtp::new(settings).unwrap().send(&short).await.unwrap_err();
    assert_eq!(
        (error.class, error.stage),
        (MailErrorClass::Passing, Stage::Content)
    );
}

#[tokio::test]
async fn what_is_no_mail_server_is_told() {
    let (port, _tasks) = dumb(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let error = impatient(port).send(&mail()).await.unwrap_err();
    assert_eq!(
        (error.class, error.stage),
        (MailErrorClass::Passing, Stage::Connect)
    );

    let (port, _tasks) = dumb(b"220 mail.test no TLS here\r\n").await;
    let smtp = Smtp::new(settings(&format!("smtps://127.0.0.1:{port}"))).unwrap();
    let error = smtp.send(&mail()).await.unwrap_err();
    assert_eq!(
        (error.class, error.stage),
        (MailErrorClass::Configuration, Stage::Connect)
    );

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = impatient(port).check().await.unwrap_err();
    assert_eq!(
        (error.class, error.stage),
        (MailErrorClass::Passing, Stage::Connect)
    );
}

#[tokio::test]
async fn a_mail_beyond_the_limits_is_not_even_tried() {
    let mut mail = mail();
    mail.to.clear();
    let error = impatient(1).send(&mail).await.unwrap_err();
    assert_eq!(
        (error.class, error.stage),
        (MailErrorClass::Permanent, Stage::Mail)
    );
}

#[test]
fn root_certificates_that_are_none_are_refused() {
    let mut settings = settings("smtps://mail.example.com");
    settings.ca_pem = Some(b"not a certificate".to_vec());
    let error = Smtp::new(settings).unwrap_err();
    assert_eq!(error, changegate_mailer::SettingsError::Certificates);
}

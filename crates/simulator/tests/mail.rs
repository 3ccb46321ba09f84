//! Mail from the app's mailbox: the real client against the simulator.

#![expect(clippy::unwrap_used, reason = "the helper of a test may fail the test")]

use changegate_simulator::{Fault, FaultKind, Settings, Simulator};
use changegate_wecom::client::{self, Client, MailBody, MailContent, MailFile, MailPeople};
use changegate_wecom::{Error, ErrorClass};
use secrecy::SecretString;

async fn stage() -> (Simulator, Client) {
    let sim = Simulator::start(Settings::demo()).await.unwrap();
    let known = sim.settings();
    let secret = SecretString::from(known.secret.clone());
    let agent = i64::from(known.agent_id);
    let settings = client::Settings::new(&sim.base_url(), &known.corp_id, secret, agent);
    let client = Client::new(settings, client::http_client().unwrap());
    (sim, client)
}

fn mail() -> MailBody {
    MailBody {
        to: MailPeople {
            emails: vec!["ops@example.com".to_owned()],
            userids: vec!["zhangwei".to_owned()],
        },
        cc: MailPeople::default(),
        subject: "紧急发版申请".to_owned(),
        content: "请审阅。".to_owned(),
        content_type: MailContent::Text,
        attachment_list: vec![MailFile {
            file_name: "变更计划清单.xlsx".to_owned(),
            content: vec![0, 255],
        }],
    }
}

#[tokio::test]
async fn a_mail_is_kept_as_it_was_sent() {
    let (sim, client) = stage().await;
    client.compose_mail(mail().to_json().unwrap()).await.unwrap();
    let mails = sim.mails();
    assert_eq!(mails.len(), 1);
    let body = &mails[0].body;
    assert_eq!(body["subject"], "紧急发版申请");
    assert_eq!(body["to"]["userids"][0], "zhangwei");
    assert_eq!(body["content_type"], "text");
    assert_eq!(body["attachment_list"][0]["content"], "AP8=");
}

#[tokio::test]
async fn a_mail_with_a_large_file_goes_through() {
    let (sim, client) = stage().await;
    let mut large = mail();
    large.attachment_list[0].content = vec![7; 20 * 1024 * 1024];
    client.compose_mail(large.to_json().unwrap()).await.unwrap();
    assert_eq!(sim.mails().len(), 1);
}

#[tokio::test]
async fn refusals_fall_into_their_classes_and_send_nothing() {
    let (sim, client) = stage().await;
    let mut unknown = mail();
    unknown.to.userids = vec!["nobody-here".to_owned()];
    let mut no_address = mail();
    no_address.to.emails = vec!["运维 <ops@example.com>".to_owned()];
    for (body, errcode) in [(unknown, 60_111), (no_address, 40_058)] {
        let error = client.compose_mail(body.to_json().unwrap()).await.unwrap_err();
        assert_eq!(
            (error.errcode(), error.class()),
            (Some(errcode), ErrorClass::Data)
        );
    }
    let path = "exmail/app/compose_send";
    for (kind, class) in [
        (FaultKind::Errcode { errcode: -1 }, ErrorClass::Retry),
        (FaultKind::Status { status: 502 }, ErrorClass::Retry),
        (FaultKind::Garbage, ErrorClass::Retry),
        (FaultKind::Errcode { errcode: 45_009 }, ErrorClass::RateLimited),
        (FaultKind::Errcode { errcode: 48_002 }, ErrorClass::Configuration),
    ] {
        sim.fault(Fault::new(path, kind).times(1));
        let error = client.compose_mail(mail().to_json().unwrap()).await.unwrap_err();
        assert_eq!(error.class(), class, "{error}");
    }
    assert!(sim.mails().is_empty());
    let open = client.compose_mail(mail().to_json().unwrap()).await.unwrap_err();
    assert!(matches!(open, Error::CircuitOpen { .. }), "{open}");
}

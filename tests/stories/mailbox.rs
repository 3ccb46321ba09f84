//! Mails to the app's own mailbox: where people send the emergency application by hand, the mail itself is evidence.

use changegate::app;
use changegate::clock::Clock;
use changegate::config::Config;
use changegate_simulator::{Form, Letter};
use chrono::TimeDelta;

use crate::office::{Office, evening};
use crate::people::plain_form;
use crate::setup::Setup;

/// A bot whose directory knows nobody's address, so that mails are sent by hand.
async fn by_hand() -> Office {
    let mut office = Setup::plain().with_mail().open().await;
    office.stop_bot().await;
    let file = office.config_file();
    let policy = office.folder.path().join("policy.toml");
    let text = std::fs::read_to_string(&policy).unwrap();
    let (without, _) = text.split_once("[directory.emails]").unwrap();
    std::fs::write(&policy, without).unwrap();
    let config = Config::load(Some(&file), [("", ""); 0]).unwrap();
    let clock = office.wecom.clock().clone();
    let app = Box::pin(app::build(config, Clock::from_fn(move || clock.now())))
        .await
        .unwrap();
    let running = app.start().unwrap();
    let address = running.addresses().first().unwrap().to_string();
    office.bot = Some(running);
    let callback = format!("http://{address}/wecom/callback");
    office.wecom.save_callback_url(&callback).await.unwrap();
    office
}

/// 紧急, for tomorrow at 11:00: outside of every window.
fn urgent() -> Form {
    Form {
        urgency: "紧急".to_owned(),
        ..plain_form(evening() + TimeDelta::hours(18))
    }
}

/// The mail that the applicant wrote, forwarded whole to the app.
fn forwarded(office: &Office, subject: &str) -> Letter {
    let address = |who: &str| format!("{who}@yxzq.example");
    let original = Letter {
        from: address("zhangwei"),
        to: ["liqiang", "guoming", "zhaolei"].map(address).to_vec(),
        cc: ["songjia", "chenjing", "wangfang"].map(address).to_vec(),
        subject: "紧急发版申请".to_owned(),
        body: "请审阅。".to_owned(),
        headers: vec![("Message-ID".to_owned(), "<20261124.1@yxzq.example>".to_owned())],
        date: Some(office.wecom.clock().now() - TimeDelta::minutes(30)),
        attached: None,
    };
    Letter {
        from: address("zhangwei"),
        to: vec!["changegate@app.yxzq.example".to_owned()],
        subject: subject.to_owned(),
        attached: Some(Box::new(original)),
        ..Letter::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_forwarded_to_the_app_is_evidence_for_the_change_that_it_names() {
    let office = by_hand().await;
    let sp_no = office.wecom.submit("zhangwei", &urgent()).unwrap();
    office.reads("zhangwei", "请发送紧急发版申请邮件").await;
    let token = office.token("read");
    let looked = office.wecom.calls("oa/getapprovaldetail").len();
    let letter = forwarded(&office, &format!("转发：紧急发版申请（{sp_no}）"));
    office.wecom.mail_to_app(&letter);
    office
        .as_time_passes(office.calls_reach("oa/getapprovaldetail", looked + 1))
        .await;
    let judged = office.change(&sp_no, &token, |change| {
        change.to_string().contains("20261124.1@yxzq.example")
    });
    office.as_time_passes(judged).await;
    assert!(!office.has("zhangwei", "未找到对应的紧急变更"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sender_of_a_mail_that_belongs_to_no_change_is_told_once() {
    let office = Setup::plain().with_mail().open().await;
    let letter = forwarded(&office, "转发：紧急发版申请");
    office.wecom.mail_to_app(&letter);
    let told = office.reads("zhangwei", "但未找到对应的紧急变更，请在主题中写明审批单号");
    let told = office.as_time_passes(told).await;
    assert!(told.contains("主题：转发：紧急发版申请"), "{told}");
    let listed = office.wecom.calls("exmail/app/get_mail_list").len();
    office
        .as_time_passes(office.calls_reach("exmail/app/get_mail_list", listed + 3))
        .await;
    assert_eq!(office.times("zhangwei", "未找到对应的紧急变更"), 1);
    office.close().await;
}

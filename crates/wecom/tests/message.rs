//! Messages as they leave, and those that may not.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use changegate_wecom::message::{
    Body, Button, ButtonInteraction, CardAction, HorizontalContent, MainTitle, Message, MessageError,
    Recipients, TemplateCard, TextNotice, appchat_json, grey_button_json, limits, replace_card_json,
    webhook_json,
};
use serde_json::{Value, json};

fn json_of(message: &Message) -> Value {
    serde_json::from_str(&message.to_json(1_000_002).unwrap()).unwrap()
}

fn notice() -> TextNotice {
    TextNotice {
        main_title: Some(MainTitle::new("标题", "说明")),
        horizontal_content_list: vec![HorizontalContent::member("申请人", "张三", "zhangsan")],
        card_action: CardAction::link("https://example.com/c/1"),
        ..TextNotice::default()
    }
}

fn buttons() -> ButtonInteraction {
    ButtonInteraction {
        main_title: MainTitle::new("标题", ""),
        button_list: vec![
            Button::call_back("同意", 1, "approve:1"),
            Button::link("详情", "https://example.com"),
        ],
        task_id: Some("t-1_a@b".to_owned()),
        ..ButtonInteraction::default()
    }
}

#[test]
fn a_markdown_message_is_written_as_wecom_takes_it() {
    let message = Message::markdown(Recipients::users(["a", "b"]), "**变更**").with_duplicate_check(14_400);
    let expected = "{\"touser\":\"a|b\",\"agentid\":1000002,\"msgtype\":\"markdown\",\
                    \"markdown\":{\"content\":\"**变更**\"},\"enable_duplicate_check\":1,\"duplicate_check_interval\":14400}";
    assert_eq!(message.to_json(1_000_002).unwrap(), expected);
    assert_eq!(message.to_json(1_000_002), message.to_json(1_000_002));
}

#[test]
fn a_card_is_written_as_wecom_takes_it() {
    let card = Message::card(Recipients::user("u"), TemplateCard::TextNotice(notice()));
    assert_eq!(
        json_of(&card),
        json!({ "touser": "u", "agentid": 1_000_002, "msgtype": "template_card", "template_card": {
            "card_type": "text_notice", "main_title": { "title": "标题", "desc": "说明" },
            "horizontal_content_list": [{ "type": 3, "keyname": "申请人", "value": "张三", "userid": "zhangsan" }],
            "card_action": { "type": 1, "url": "https://example.com/c/1" } } })
    );
    let card = TemplateCard::ButtonInteraction(buttons());
    let again: TemplateCard = serde_json::from_value(serde_json::to_value(&card).unwrap()).unwrap();
    assert_eq!(again, card);
}

fn check_refused(body: Body, expected: &str) {
    let error = Message::new(Recipients::user("u"), body).to_json(1).unwrap_err();
    assert!(
        error.to_string().contains(expected),
        "{error} instead of {expected}"
    );
}

fn check_card_refused(change: impl FnOnce(&mut ButtonInteraction), expected: &str) {
    let mut card = buttons();
    change(&mut card);
    check_refused(
        Body::TemplateCard(Box::new(TemplateCard::ButtonInteraction(card))),
        expected,
    );
}

#[test]
fn what_wecom_would_cut_or_refuse_does_not_leave() {
    check_refused(
        Body::Text {
            content: "x".repeat(limits::TEXT + 1),
        },
        "text.content",
    );
    check_refused(
        Body::Markdown {
            content: "变".repeat(683),
        },
        "markdown.content",
    );
    check_refused(
        Body::Markdown {
            content: String::new(),
        },
        "missing",
    );
    let url = "ftp://x".to_owned();
    check_refused(
        Body::TextCard {
            title: "t".to_owned(),
            description: "d".to_owned(),
            url,
            btntxt: None,
        },
        "textcard.url",
    );
    check_card_refused(|card| card.task_id = None, "task_id");
    check_card_refused(|card| card.task_id = Some("a b".to_owned()), "task_id");
    check_card_refused(|card| card.task_id = Some("a".repeat(129)), "task_id");
    check_card_refused(|card| card.button_list.clear(), "button_list");
    check_card_refused(
        |card| card.button_list = vec![Button::call_back("a", 1, "k"); 2],
        "twice",
    );
    check_card_refused(|card| card.main_title.title = None, "main_title");
    check_card_refused(
        |card| card.horizontal_content_list = vec![HorizontalContent::text("k", "v"); 7],
        "horizontal_content_list",
    );
    let nobody = Message::text(Recipients::users([""; 0]), "x")
        .to_json(1)
        .unwrap_err();
    assert_eq!(nobody, MessageError::Missing { field: "touser" });
}

#[test]
fn updates_and_other_doors_have_their_own_bodies() {
    let grey = grey_button_json(1, "rc", &["u".to_owned()], "已同意").unwrap();
    let grey: Value = serde_json::from_str(&grey).unwrap();
    assert_eq!(
        grey,
        json!({ "agentid": 1, "response_code": "rc", "userids": ["u"], "button": { "replace_name": "已同意" } })
    );
    let card = TemplateCard::TextNotice(notice());
    let replaced: Value = serde_json::from_str(&replace_card_json(1, "rc", &[], &card).unwrap()).unwrap();
    assert_eq!(
        (&replaced["atall"], &replaced["template_card"]["card_type"]),
        (&json!(1), &json!("text_notice"))
    );
    let body = Body::TemplateCard(Box::new(TemplateCard::ButtonInteraction(buttons())));
    assert!(appchat_json("chat", &body).is_err() && webhook_json(&body).is_err());
    let text = Body::Text {
        content: "x".to_owned(),
    };
    assert_eq!(
        appchat_json("c", &text).unwrap(),
        "{\"chatid\":\"c\",\"msgtype\":\"text\",\"text\":{\"content\":\"x\"}}"
    );
    assert!(
        webhook_json(&Body::Markdown {
            content: "x".repeat(4096)
        })
        .is_ok()
    );
}

//! Events in all the shapes that WeCom is known to send.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

use changegate_wecom::Event;
use changegate_wecom::approval::{ChangeKind, FormStatus, Mode, NodeKind, NodeStatus};
use changegate_wecom::event::ApprovalChange;

fn parse(text: &str) -> Event {
    Event::parse(text.as_bytes()).unwrap()
}

fn approval(info: &str) -> ApprovalChange {
    let text = format!(
        "<xml><ToUserName><![CDATA[wwcorp]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>\
         <CreateTime>1764000000</CreateTime><MsgType><![CDATA[event]]></MsgType>\
         <Event><![CDATA[sys_approval_change]]></Event><AgentID>3010040</AgentID>\
         <ApprovalInfo>{info}</ApprovalInfo></xml>"
    );
    match parse(&text) {
        Event::ApprovalChange(change) => *change,
        other => panic!("{other:?}"),
    }
}

const FULL: &str = "<SpNo>202611240001</SpNo><SpName><![CDATA[生产上线变更]]></SpName><SpStatus>1</SpStatus>\
<TemplateId><![CDATA[TPL]]></TemplateId><ApplyTime>1763990000</ApplyTime>\
<Applyer><UserId><![CDATA[zhangsan]]></UserId><Party><![CDATA[12]]></Party></Applyer>\
<SpRecord><SpStatus>2</SpStatus><ApproverAttr>1</ApproverAttr>\
<Details><Approver><UserId><![CDATA[lisi]]></UserId></Approver><Speech><![CDATA[ok & <go>]]></Speech>\
<SpStatus>2</SpStatus><SpTime>1763999000</SpTime><Attach><![CDATA[m1]]></Attach><Attach><![CDATA[m2]]></Attach></Details>\
<Details><Approver><UserId><![CDATA[wangwu]]></UserId></Approver><Speech><![CDATA[]]></Speech>\
<SpStatus>1</SpStatus><SpTime>0</SpTime></Details></SpRecord>\
<Notifyer><UserId><![CDATA[zhaoliu]]></UserId></Notifyer>\
<SpRecord><SpStatus>1</SpStatus><ApproverAttr>2</ApproverAttr></SpRecord>\
<Notifyer><UserId><![CDATA[zhaoliu]]></UserId></Notifyer>\
<ProcessList><NodeList><NodeType>1</NodeType><SpStatus>1</SpStatus><ApvRel>1</ApvRel>\
<SubNodeList><UserInfo><UserId><![CDATA[lisi]]></UserId></UserInfo><Speech/><SpYj>2</SpYj><Sptime>1763999000</Sptime></SubNodeList>\
<SubNodeList><UserInfo><UserId><![CDATA[wangwu]]></UserId></UserInfo><SpYj>1</SpYj><Sptime>0</Sptime><MediaIds>x</MediaIds></SubNodeList>\
</NodeList><NodeList><NodeType>2</NodeType><SubNodeList><UserInfo><UserId><![CDATA[zhaoliu]]></UserId></UserInfo></SubNodeList></NodeList></ProcessList>\
<Comments><CommentUserInfo><UserId><![CDATA[lisi]]></UserId></CommentUserInfo><CommentTime>1763999500</CommentTime>\
<CommentContent><![CDATA[注意]]></CommentContent><CommentId><![CDATA[99]]></CommentId></Comments>\
<StatuChangeEvent>2</StatuChangeEvent>";

#[test]
fn a_full_event_is_read_whole() {
    let change = approval(FULL);
    assert_eq!(change.sp_no(), Some("202611240001"));
    assert_eq!(change.template_id(), Some("TPL"));
    assert_eq!(change.status(), FormStatus::InProgress);
    assert_eq!(change.change(), ChangeKind::Agreed);
    assert_eq!(change.create_time(), Some(1_764_000_000));
    assert_eq!(change.applicants().collect::<Vec<_>>(), ["zhangsan"]);
    assert_eq!(change.applyers[0].partyid, "12");
    assert_eq!(change.records.len(), 2);
    assert_eq!(change.records[0].details.len(), 2);
    assert_eq!(change.records[0].details[0].speech, "ok & <go>");
    assert_eq!(change.records[0].details[0].media_id, ["m1", "m2"]);
    assert_eq!(change.records[0].details[1].sp_status, NodeStatus::Pending);
    assert_eq!(change.notifyers.len(), 2);
    assert_eq!(change.comments[0].content, "注意");
    let nodes = change.nodes();
    assert_eq!((nodes[0].kind, nodes[0].mode), (NodeKind::Approver, Mode::All));
    assert_eq!(nodes[0].awaited(), ["wangwu"]);
    assert_eq!(nodes[0].members[0].acted_at, Some(1_763_999_000));
    assert_eq!(nodes[0].members[1].acted_at, None);
    assert_eq!(nodes[1].kind, NodeKind::Cc);
}

#[test]
fn the_number_as_text_is_preferred_and_either_suffices() {
    for (info, expected) in [
        ("<SpNo>1</SpNo><SpNoStr><![CDATA[2]]></SpNoStr>", Some("2")),
        ("<SpNoStr>2</SpNoStr><SpNo>1</SpNo>", Some("2")),
        ("<SpNo> 1\n</SpNo><SpNoStr/>", Some("1")),
        ("<SpNo><![CDATA[1]]></SpNo>", Some("1")),
        ("<SpNoStr><![CDATA[]]></SpNoStr>", None),
        ("", None),
    ] {
        assert_eq!(approval(info).sp_no(), expected, "{info}");
    }
}

#[test]
fn odd_numbers_and_unknown_codes_are_kept_or_passed_over() {
    let change = approval("<SpStatus><![CDATA[ 99 ]]></SpStatus><StatuChangeEvent>soon</StatuChangeEvent>");
    assert_eq!(change.status(), FormStatus::Other(99));
    assert_eq!(change.change(), ChangeKind::Other(0));
}

#[test]
fn unknown_elements_prolog_and_byte_order_mark_do_no_harm() {
    let text = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml>\n <New><Deep a=\"1\">x<SpNo>7</SpNo></Deep></New>\n \
         <ApprovalInfo>\n <New/>{FULL}</ApprovalInfo><MsgType>event</MsgType>\n<Event> sys_approval_change </Event></xml>\n"
    );
    assert_eq!(parse(&text).sp_no(), Some("202611240001"));
}

#[test]
fn a_value_given_twice_is_a_fault() {
    let text = "<xml><MsgType>event</MsgType><Event>sys_approval_change</Event>\
                <ApprovalInfo><SpNo>1</SpNo><SpNo>2</SpNo></ApprovalInfo></xml>";
    assert_eq!(Event::parse(text.as_bytes()).unwrap_err().kind(), "xml");
}

#[test]
fn a_click_on_a_card_tells_who_and_what() {
    let text = "<xml><ToUserName>wwcorp</ToUserName><FromUserName><![CDATA[lisi]]></FromUserName>\
        <CreateTime>1</CreateTime><MsgType>event</MsgType><Event><![CDATA[template_card_event]]></Event>\
        <EventKey><![CDATA[approve:1]]></EventKey><TaskId><![CDATA[t-1]]></TaskId>\
        <CardType><![CDATA[vote_interaction]]></CardType><ResponseCode><![CDATA[rc]]></ResponseCode><AgentID>1</AgentID>\
        <SelectedItems><SelectedItem><QuestionKey><![CDATA[q1]]></QuestionKey><OptionIds>\
        <OptionId><![CDATA[a]]></OptionId><OptionId><![CDATA[b]]></OptionId></OptionIds></SelectedItem>\
        <SelectedItem><QuestionKey>q2</QuestionKey></SelectedItem></SelectedItems></xml>";
    let Event::TemplateCard(click) = parse(text) else {
        panic!("a card event")
    };
    assert_eq!(click.clicked_by(), Some("lisi"));
    assert_eq!(
        (click.key(), click.task_id(), click.response_code()),
        ("approve:1", Some("t-1"), Some("rc"))
    );
    assert_eq!(click.selected[0].option_ids, ["a", "b"]);
    assert_eq!((click.choice("q1"), click.choice("q2")), (Some("a"), None));
    let menu = text.replace("template_card_event", "template_card_menu_event");
    assert!(matches!(parse(&menu), Event::TemplateCardMenu(_)));
}

#[test]
fn a_flow_of_the_apps_own_engine_is_told_apart() {
    let text = "<xml><MsgType>event</MsgType><Event>open_approval_change</Event><ApprovalInfo>\
        <ThirdNo>T1</ThirdNo><OpenSpName>n</OpenSpName><OpenSpStatus>1</OpenSpStatus><ApplyUserId>u</ApplyUserId>\
        <ApprovalNodes><ApprovalNode><NodeStatus>1</NodeStatus><NodeAttr>2</NodeAttr><Items>\
        <Item><ItemUserid>a</ItemUserid><ItemStatus>1</ItemStatus></Item>\
        <Item><ItemUserId>b</ItemUserId></Item></Items></ApprovalNode></ApprovalNodes>\
        <NotifyNodes><NotifyNode><ItemUserId>c</ItemUserId></NotifyNode></NotifyNodes>\
        <ApproverStep >0</ApproverStep ></ApprovalInfo></xml>";
    let Event::OpenApprovalChange(change) = parse(text) else {
        panic!("an engine's event")
    };
    assert_eq!(change.third_no(), Some("T1"));
    assert_eq!(change.nodes[0].items.len(), 2);
    assert_eq!(change.nodes[0].items[1].user_id.as_deref(), Some("b"));
    assert_eq!(change.copies[0].user_id.as_deref(), Some("c"));
    assert_eq!(change.step, Some(0));
}

#[test]
fn other_events_and_messages_are_kept() {
    for (text, name) in [
        (
            "<xml><MsgType>event</MsgType><Event>inactive_alert</Event><EffectTime>1</EffectTime></xml>",
            "inactive_alert",
        ),
        (
            "<xml><MsgType>text</MsgType><Content>hello</Content></xml>",
            "text",
        ),
    ] {
        let event = parse(text);
        assert!(matches!(event, Event::Other(_)), "{text}");
        assert_eq!(event.name(), name);
    }
}

#[test]
fn what_is_no_event_is_refused() {
    for text in [
        "",
        "1616140317555161061",
        "{\"MsgType\":\"text\"}",
        "<xml/>",
        "<xml><MsgType>text</MsgType>",
        "<html><MsgType>text</MsgType></html>",
        "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml><MsgType>&a;</MsgType></xml>",
    ] {
        assert_eq!(Event::parse(text.as_bytes()).unwrap_err().kind(), "xml", "{text}");
    }
    assert_eq!(
        Event::parse(b"<xml><MsgType>\xff</MsgType></xml>")
            .unwrap_err()
            .kind(),
        "xml"
    );
}

proptest::proptest! {
    #[test]
    fn a_damaged_event_never_crashes(at in 0..FULL.len(), with in proptest::prelude::any::<u8>()) {
        let mut bytes = format!("<xml><Event>sys_approval_change</Event><ApprovalInfo>{FULL}</ApprovalInfo></xml>").into_bytes();
        bytes[at + 20] = with;
        drop(Event::parse(&bytes));
        drop(Event::parse(&bytes[..at]));
    }
}

#[test]
fn a_button_of_the_apps_menu_is_told_from_other_events() {
    let pressed = |event: &str| {
        let text = format!(
            "<xml><FromUserName>zhangwei</FromUserName><MsgType>event</MsgType><Event>{event}</Event>\
             <EventKey>duty</EventKey><AgentID>1000002</AgentID></xml>"
        );
        match parse(&text) {
            Event::Other(other) => other,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(pressed("click").menu_key(), Some("duty"));
    assert_eq!(pressed("CLICK").menu_key(), Some("duty"));
    assert_eq!(pressed("view").menu_page(), Some("duty"));
    assert_eq!(pressed("enter_agent").menu_key(), None);
}

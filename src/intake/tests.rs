//! Forms as WeCom tells them, read through the mapping.

use changegate_policy::{Field, PlannedTime, Policy};
use changegate_wecom::approval::ApprovalDetail;
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::submission;
use crate::config::Fields;

fn control(kind: &str, title: &str, value: &Value) -> Value {
    json!({ "control": kind, "id": format!("{kind}-1"), "title": [{ "text": title, "lang": "zh_CN" }], "value": value })
}

fn read(contents: &[Value]) -> changegate_policy::Submission {
    let reply = json!({ "errcode": 0, "errmsg": "ok", "info": {
        "sp_no": "202611240001", "template_id": "TPL", "apply_time": 1_795_487_400, "sp_status": 1,
        "applyer": { "userid": "ZhangWei", "partyid": "2" }, "apply_data": { "contents": contents },
    }});
    let detail = ApprovalDetail::parse_reply(&reply.to_string()).unwrap();
    submission(&detail, &Fields::default(), &Policy::built_in()).unwrap()
}

#[test]
fn a_control_is_found_by_its_title_in_any_language_or_by_its_id() {
    let english = json!({ "control": "Text", "id": "Text-9", "value": { "text": "x" },
        "title": [{ "text": "Title", "lang": "en" }, { "text": " 标题 ", "lang": "zh_CN" }] });
    assert_eq!(read(&[english]).title, Field::Filled("x".to_owned()));
    assert_eq!(
        read(&[control("Text", "主题", &json!({ "text": "x" }))]).title,
        Field::Absent("标题".to_owned())
    );
}

#[test]
fn blanks_of_any_kind_and_hidden_controls_are_empty() {
    let mut hidden = control("Textarea", "回退方案", &json!({ "text": "回退镜像至 v1" }));
    hidden["hidden"] = json!(1);
    let form = read(&[
        control("Text", "标题", &json!({ "text": " \u{200b}\u{a0}\n" })),
        hidden,
    ]);
    assert_eq!((form.title, form.rollback), (Field::Empty, Field::Empty));
}

#[test]
fn of_two_controls_with_one_title_the_filled_one_counts() {
    let form = read(&[
        control("Text", "标题", &json!({ "text": "" })),
        control("Text", "标题", &json!({ "text": "行情系统条件单功能上线变更" })),
    ]);
    assert_eq!(form.title.text(), "行情系统条件单功能上线变更");
}

#[test]
fn a_date_control_gives_an_instant_or_only_a_day() {
    let at = |kind: &str| json!({ "date": { "type": kind, "s_timestamp": "1795510800" } });
    let planned = |value: Value| read(&[control("Date", "计划变更时间", &value)]).planned_time;
    let instant = chrono::DateTime::from_timestamp(1_795_510_800, 0).unwrap();
    assert_eq!(planned(at("hour")), Field::Filled(PlannedTime::Instant(instant)));
    let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    assert_eq!(planned(at("day")), Field::Filled(PlannedTime::Day(day)));
    assert_eq!(
        planned(json!({ "date": { "type": "hour", "s_timestamp": "" } })),
        Field::Empty
    );
}

#[test]
fn people_may_be_members_or_departments() {
    let members = json!({ "members": [{ "userid": "chenjing", "name": "陈静" }] });
    let departments = json!({ "departments": [{ "openapi_id": "7", "name": "产品部" }] });
    let form = read(&[
        control("Contact", "产品经理", &members),
        control("Contact", "测试同事", &departments),
    ]);
    assert_eq!(
        form.product_manager.value().unwrap().members[0].as_str(),
        "chenjing"
    );
    assert_eq!(form.tester.value().unwrap().departments, ["产品部"]);
}

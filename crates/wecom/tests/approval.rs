//! Details of forms in the shapes that WeCom is known to send.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it stands"
)]

use changegate_wecom::approval::{
    ApprovalDetail, Control, DateKind, FormStatus, Mode, NodeKind, NodeStatus, ReplyError,
};
use serde_json::{Value, json};

fn form(parts: &Value) -> ApprovalDetail {
    let mut info = json!({ "sp_no": "202611240001", "sp_status": 1 });
    info.as_object_mut()
        .unwrap()
        .extend(parts.as_object().unwrap().clone());
    ApprovalDetail::parse_reply(&json!({ "errcode": 0, "errmsg": "ok", "info": info }).to_string()).unwrap()
}

fn control(kind: &str, value: &Value) -> Control {
    let content = json!({ "control": kind, "id": "x-1", "title": [{ "text": "标题", "lang": "zh_CN" }], "value": value });
    let detail = form(&json!({ "apply_data": { "contents": [content] } }));
    let content = detail.contents()[0].clone();
    assert_eq!(content.title(), "标题");
    // What is written is read again as the same.
    let again: changegate_wecom::approval::Content =
        serde_json::from_value(serde_json::to_value(&content).unwrap()).unwrap();
    assert_eq!(again, content);
    content.value
}

#[test]
fn every_control_is_read_by_its_kind() {
    let padded = json!({ "text": "a", "tips": [], "members": [], "departments": [], "files": [], "children": [],
        "stat_field": [], "sum_field": [], "related_approval": [] });
    assert_eq!(control("Text", &padded), Control::Text("a".to_owned()));
    assert_eq!(control("Textarea", &json!({})), Control::Text(String::new()));
    assert_eq!(control("Text", &Value::Null), Control::Text(String::new()));
    assert_eq!(
        control("Number", &json!({ "new_number": 700 })),
        Control::Number("700".to_owned())
    );
    assert_eq!(
        control("Money", &json!({ "new_money": "7.5" })),
        Control::Money("7.5".to_owned())
    );
    assert_eq!(
        control("Formula", &json!({ "formula": { "value": "5.0" } })),
        Control::Formula("5.0".to_owned())
    );
    assert_eq!(control("Tips", &json!({})), Control::Tips);
    let other = json!({ "phone": "1" });
    assert_eq!(control("PhoneNumber", &other), Control::Other(other.clone()));
}

#[test]
fn a_date_stands_with_and_without_its_outer_key() {
    for value in [
        json!({ "date": { "type": "hour", "s_timestamp": "1702134000" } }),
        json!({ "type": "hour", "s_timestamp": 1_702_134_000 }),
    ] {
        let Control::Date(date) = control("Date", &value) else {
            panic!("a date")
        };
        assert_eq!((date.kind, date.timestamp), (DateKind::Hour, Some(1_702_134_000)));
    }
    let Control::Date(empty) = control("Date", &json!({ "date": { "type": "day", "s_timestamp": "" } }))
    else {
        panic!("a date")
    };
    assert_eq!((empty.kind, empty.timestamp), (DateKind::Day, None));
    let range =
        json!({ "date_range": { "type": "halfday", "new_begin": 1, "new_end": "2", "new_duration": 1 } });
    let Control::DateRange(range) = control("DateRange", &range) else {
        panic!("a range")
    };
    assert_eq!(
        (range.kind, range.begin, range.end),
        (DateKind::HalfDay, Some(1), Some(2))
    );
}

#[test]
fn choices_people_files_rows_and_forms_are_read() {
    let chosen = json!({ "selector": { "type": "single", "options": [
        { "key": "option-1", "value": [{ "text": "紧急", "lang": "zh_CN" }] },
        { "key": "option-2", "value": { "text": "normal", "lang": "en" } } ], "exp_type": 0 } });
    let Control::Selector(chosen) = control("Selector", &chosen) else {
        panic!("choices")
    };
    assert_eq!(chosen.texts().collect::<Vec<_>>(), ["紧急", "normal"]);

    let people = json!({ "members": [{ "userid": "zs", "name": "张三" }], "departments": [{ "openapi_id": 2, "name": "x" }] });
    let Control::Contact(people) = control("Contact", &people) else {
        panic!("people")
    };
    assert_eq!(
        (
            people.members[0].userid.as_str(),
            people.departments[0].id.as_str()
        ),
        ("zs", "2")
    );

    let Control::File(files) = control("File", &json!({ "files": [{ "file_id": "WWCISP_1" }] })) else {
        panic!("files")
    };
    assert_eq!(files[0].file_id, "WWCISP_1");

    let rows = json!({ "children": [{ "list": [{ "control": "Text", "id": "t", "title": [], "value": { "text": "x" } }] }] });
    let Control::Table(rows) = control("Table", &rows) else {
        panic!("rows")
    };
    assert_eq!(rows[0][0].value, Control::Text("x".to_owned()));

    let forms = json!({ "related_approval": [{ "template_names": [{ "text": "测试报告", "lang": "zh_CN" }],
        "sp_status": 2, "name": "张三", "create_time": 1, "sp_no": "2026" }] });
    let Control::RelatedApproval(forms) = control("RelatedApproval", &forms) else {
        panic!("forms")
    };
    assert_eq!(
        (forms[0].sp_status, forms[0].template_name()),
        (FormStatus::Approved, "测试报告")
    );
}

#[test]
fn wavering_types_are_read() {
    let detail = form(
        &json!({ "sp_no": 202_611_240_001_u64, "sp_status": "2", "apply_time": "1700000000",
        "applyer": { "userid": "zs", "partyid": 3 }, "notifyer": { "userid": "cc" },
        "sp_record": [{ "sp_status": 1, "approverattr": 1, "details": [
            { "approver": { "userid": "a" }, "speech": "", "sp_status": 1, "sptime": "", "media_id": [] }] }],
        "comments": null, "process_list": null, "new_field": { "x": 1 } }),
    );
    assert_eq!(detail.sp_no, "202611240001");
    assert_eq!(
        (detail.sp_status, detail.apply_time),
        (FormStatus::Approved, Some(1_700_000_000))
    );
    assert_eq!(detail.nodes().len(), 2);
    for batch in [
        json!([{ "userid": "a" }, { "userid": "b" }]),
        json!({ "userid": "a" }),
    ] {
        let detail = form(&json!({ "batch_applyer": batch }));
        assert_eq!(detail.applicants().next(), Some("a"));
    }
}

#[test]
fn a_bare_form_is_read_and_faults_are_named() {
    assert_eq!(
        ApprovalDetail::parse_reply("\u{feff}{\"sp_no\":\"1\"}")
            .unwrap()
            .sp_no,
        "1"
    );
    assert_eq!(
        ApprovalDetail::parse_value(&json!({ "info": { "sp_no": "1" } }))
            .unwrap()
            .sp_no,
        "1"
    );
    let text = "{\"errcode\":0,\n\"info\":{\"sp_no\":\"1\",\"apply_data\":{\"contents\":[\n\
                {\"control\":\"Text\",\"value\":{\"text\":[1]}}]}}}";
    let ReplyError::Field { path, message, line } = ApprovalDetail::parse_reply(text).unwrap_err() else {
        panic!("a field")
    };
    assert!(
        path.starts_with("info.apply_data.contents[0]") && message.contains("value.text"),
        "{path}: {message}"
    );
    assert_eq!(line, 3);
    let missing = ApprovalDetail::parse_reply("{\"info\":{}}").unwrap_err();
    assert!(missing.to_string().contains("sp_no"), "{missing}");
    let refused = ApprovalDetail::parse_reply("{\"errcode\":301025,\"errmsg\":\"bad\"}").unwrap_err();
    assert!(matches!(refused, ReplyError::Refused { errcode: 301_025, .. }));
    assert!(matches!(
        ApprovalDetail::parse_reply("{").unwrap_err(),
        ReplyError::Syntax { .. }
    ));
}

/// `apv_rel`, where the step stands, its members with what they did.
type Step<'a> = (i64, i64, &'a [(&'a str, i64)]);

fn flow(nodes: &[Step<'_>]) -> ApprovalDetail {
    let nodes: Vec<Value> = nodes
        .iter()
        .map(|(rel, status, members)| {
            let members: Vec<Value> = members
                .iter()
                .map(|(who, did)| json!({ "userid": who, "sp_yj": did, "sptime": 0 }))
                .collect();
            json!({ "node_type": 1, "sp_status": status, "apv_rel": rel, "sub_node_list": members })
        })
        .collect();
    form(&json!({ "process_list": { "node_list": nodes } }))
}

#[test]
fn whose_turn_it_is() {
    let cases: &[(&str, ApprovalDetail, &[&str])] = &[
        (
            "all of them, those still pending",
            flow(&[(1, 1, &[("a", 2), ("b", 1), ("c", 1)])]),
            &["b", "c"],
        ),
        (
            "any of them, all",
            flow(&[(2, 1, &[("a", 1), ("b", 1)])]),
            &["a", "b"],
        ),
        (
            "one after the other, the next",
            flow(&[(3, 1, &[("a", 2), ("b", 1), ("c", 1)])]),
            &["b"],
        ),
        (
            "the first step not finished",
            flow(&[(2, 2, &[("a", 2), ("b", 1)]), (1, 1, &[("c", 1)])]),
            &["c"],
        ),
        (
            "not the step behind",
            flow(&[(1, 1, &[("a", 1)]), (1, 1, &[("c", 1)])]),
            &["a"],
        ),
        ("who took over", flow(&[(1, 1, &[("a", 4), ("b", 1)])]), &["b"]),
        (
            "who took over, step marked so",
            flow(&[(1, 4, &[("a", 15), ("b", 1)])]),
            &["b"],
        ),
        (
            "who took over in a step of their own",
            flow(&[(2, 4, &[("a", 4)]), (2, 1, &[("b", 1)])]),
            &["b"],
        ),
        (
            "the added signer first",
            flow(&[(1, 12, &[("a", 12), ("b", 1)])]),
            &["b"],
        ),
        (
            "then who added them",
            flow(&[(1, 12, &[("a", 12), ("b", 2)])]),
            &["a"],
        ),
        (
            "then who added them, not the next step",
            flow(&[(1, 12, &[("a", 12), ("b", 2)]), (1, 1, &[("c", 1)])]),
            &["a"],
        ),
        (
            "the added signer in a step of their own",
            flow(&[(1, 12, &[("a", 12)]), (1, 1, &[("b", 1)]), (1, 1, &[("c", 1)])]),
            &["b"],
        ),
        (
            "then who added them in a step of their own",
            flow(&[(1, 12, &[("a", 12)]), (1, 2, &[("b", 2)]), (1, 1, &[("c", 1)])]),
            &["a"],
        ),
        (
            "signed and added",
            flow(&[(1, 13, &[("a", 13)]), (1, 1, &[("b", 1)])]),
            &["b"],
        ),
        (
            "sent back",
            flow(&[(1, 1, &[("a", 1)]), (1, 11, &[("b", 11)])]),
            &["a"],
        ),
    ];
    for (name, detail, expected) in cases {
        assert_eq!(&detail.current_approvers(), expected, "{name}");
    }
    assert!(cases.last().unwrap().1.is_returned());
    let mut passed = flow(&[(1, 1, &[("a", 1)])]);
    passed.sp_status = FormStatus::Withdrawn;
    assert_eq!(passed.current_approvers(), [""; 0]);
}

#[test]
fn the_two_views_number_their_modes_in_opposite_ways() {
    let record = |attr: i64| {
        form(&json!({ "sp_record": [{ "sp_status": 1, "approverattr": attr, "details": [] }] })).nodes()[0]
            .mode
    };
    assert_eq!((record(1), record(2)), (Mode::Any, Mode::All));
    let process = |rel: i64| flow(&[(rel, 1, &[("a", 1)])]).nodes()[0].mode;
    assert_eq!(
        (process(1), process(2), process(3)),
        (Mode::All, Mode::Any, Mode::Sequential)
    );
    let copies = form(&json!({ "notifyer": [{ "userid": "cc" }] })).nodes();
    assert_eq!(
        (copies[0].kind, copies[0].members[0].status),
        (NodeKind::Cc, NodeStatus::Other(0))
    );
}

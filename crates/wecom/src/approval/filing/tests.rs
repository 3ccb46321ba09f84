//! Templates filled in well and badly, as the applicant would read it.

use serde_json::{Value, json};

use super::{Filing, FilingFault};
use crate::approval::{ApplyData, Control, TemplateDetail};

fn control(kind: &str, id: &str, title: &str, require: u8, config: &Value) -> Value {
    json!({"property": {"control": kind, "id": id, "title": [{"text": title, "lang": "zh_CN"}], "require": require},
        "config": config})
}

fn template(more: Vec<Value>) -> TemplateDetail {
    let options = json!([
        {"key": "o1", "value": [{"text": "正常", "lang": "zh_CN"}]},
        {"key": "o2", "value": [{"text": "紧急", "lang": "zh_CN"}]},
    ]);
    let none = json!({});
    let mut controls = vec![
        control("Text", "Text-1", "标题", 1, &none),
        control(
            "Selector",
            "Selector-1",
            "紧急程度",
            1,
            &json!({"selector": {"type": "single", "options": options}}),
        ),
        control("Textarea", "Textarea-1", "升级功能描述", 1, &none),
        control(
            "Contact",
            "Contact-1",
            "产品经理",
            1,
            &json!({"contact": {"type": "single", "mode": "user"}}),
        ),
        control(
            "Contact",
            "Contact-2",
            "所属部门",
            0,
            &json!({"contact": {"type": "single", "mode": "department"}}),
        ),
        control("Tips", "Tips-1", "说明", 1, &none),
        control(
            "Date",
            "Date-1",
            "计划变更时间",
            0,
            &json!({"date": {"type": "hour"}}),
        ),
        control("File", "File-1", "附件", 0, &none),
        control("RelatedApproval", "RelatedApproval-1", "关联审批单", 0, &none),
    ];
    controls.extend(more);
    serde_json::from_value(json!({"template_content": {"controls": controls}})).unwrap()
}

fn filled(template: &TemplateDetail) -> Filing<'_> {
    Filing::new(template)
        .text("标题", "行情系统\n十档行情上线")
        .choose("紧急程度", "紧急")
        .text("Textarea-1", "1、十档行情；\n2、提速；")
        .members("产品经理", &["chenjing".to_owned()])
}

#[test]
fn a_filled_in_template_is_what_wecom_takes_and_what_it_will_answer() {
    let template = template(Vec::new());
    let contents = filled(&template)
        .date("计划变更时间", 1_795_510_800)
        .file("附件", "M1")
        .file("附件", "M2")
        .related("关联审批单", &["202611240001".to_owned()])
        .finish()
        .unwrap();
    assert_eq!(
        json!(contents),
        json!([
            {"control": "Text", "id": "Text-1", "value": {"text": "行情系统 十档行情上线"}},
            {"control": "Selector", "id": "Selector-1",
                "value": {"selector": {"type": "single", "options": [{"key": "o2"}]}}},
            {"control": "Textarea", "id": "Textarea-1", "value": {"text": "1、十档行情；\n2、提速；"}},
            {"control": "Contact", "id": "Contact-1", "value": {"members": [{"userid": "chenjing"}]}},
            {"control": "Date", "id": "Date-1",
                "value": {"date": {"type": "hour", "s_timestamp": "1795510800"}}},
            {"control": "File", "id": "File-1", "value": {"files": [{"file_id": "M1"}, {"file_id": "M2"}]}},
            {"control": "RelatedApproval", "id": "RelatedApproval-1",
                "value": {"related_approval": [{"sp_no": "202611240001"}]}},
        ])
    );
    let read: ApplyData = serde_json::from_value(json!({"contents": contents})).unwrap();
    assert!(matches!(&read.contents[0].value, Control::Text(text) if text == "行情系统 十档行情上线"));
}

#[track_caller]
fn says(filing: Filing<'_>, expected: &str) {
    assert_eq!(filing.finish().unwrap_err().to_string(), expected);
}

#[test]
fn everything_that_is_wrong_is_told_at_once_by_the_controls_title() {
    let template = template(Vec::new());
    says(
        Filing::new(&template)
            .text("标题", " \n ")
            .choose("紧急程度", "特急"),
        "“紧急程度”没有“特急”这个选项，可选：正常、紧急；“标题”为必填，还没有填写；“紧急程度”为必填，还没有填写；\
         “升级功能描述”为必填，还没有填写；“产品经理”为必填，还没有填写",
    );
    says(
        filled(&template).text("影响范围", "x"),
        "审批模板里没有“影响范围”这个控件，请管理员核对模板",
    );
    says(
        filled(&template).text("计划变更时间", "明天"),
        "“计划变更时间”是日期控件，不能填文字",
    );
    says(
        filled(&template).members("所属部门", &["a".to_owned()]),
        "“所属部门”是部门控件，不能填成员",
    );
    says(
        filled(&template).members("产品经理", &["a".to_owned(), "b".to_owned()]),
        "“产品经理”只能选一个，填了 2 个",
    );
    says(
        filled(&template).choose("紧急程度", "正常"),
        "“紧急程度”只能选一个，填了 2 个",
    );
    says(
        filled(&template).date("计划变更时间", -1),
        "“计划变更时间”的日期不是有效时间，请重新填写",
    );
    says(
        (0..7).fold(filled(&template), |filing, _| filing.file("附件", "M")),
        "附件共 7 个，企业微信每张审批单最多 6 个，请合并或减少附件",
    );
}

#[test]
fn a_required_control_that_cannot_be_filled_in_and_a_title_twice_are_told() {
    let odd = template(vec![
        control("Table", "Table-1", "上线明细", 1, &json!({})),
        control("Text", "Text-2", "标题", 0, &json!({})),
    ]);
    says(
        filled(&odd).text("Text-1", "a"),
        "审批模板里有多个“标题”控件，无法确定填哪一个，请管理员修改模板；\
         “上线明细”为必填，但明细控件不能由变更闸代填，请在企业微信审批里手工发起",
    );
    let error = Filing::new(&odd).finish().unwrap_err();
    assert!(error.faults.contains(&FilingFault::Missing {
        title: "标题".to_owned()
    }));
}

//! The 生产上线变更 form: its template, a filled-in form, and the controls that WeCom answers for it.

mod applied;

use base64::Engine as _;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) use self::applied::accept;
use crate::approval::Approval;
use crate::cast::Person;
use crate::hub::Hub;

/// A file attached to a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormFile {
    /// Its name.
    pub name: String,
    /// Its content, base64.
    pub base64: String,
}

impl FormFile {
    /// A file with this content.
    pub fn new(name: impl Into<String>, content: &[u8]) -> Self {
        Self {
            name: name.into(),
            base64: base64::engine::general_purpose::STANDARD.encode(content),
        }
    }

    /// The content; empty where the base64 is none.
    pub fn content(&self) -> Vec<u8> {
        base64::engine::general_purpose::STANDARD
            .decode(&self.base64)
            .unwrap_or_default()
    }
}

/// The form as somebody fills it in. What is empty is sent as WeCom sends an empty control.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Form {
    /// 标题.
    pub title: String,
    /// 紧急程度: 正常 or 紧急.
    pub urgency: String,
    /// 升级功能描述.
    pub description: String,
    /// 回退方案.
    pub rollback: String,
    /// 产品经理, user ids.
    pub product_managers: Vec<String>,
    /// 测试同事, user ids.
    pub testers: Vec<String>,
    /// 中台模块权限及接口.
    pub middle_platform: String,
    /// 附件.
    pub files: Vec<FormFile>,
    /// 关联审批单, approval numbers.
    pub related: Vec<String>,
    /// 计划变更时间.
    pub planned_time: Option<DateTime<Utc>>,
    /// 镜像.
    pub images: String,
}

/// The controls of the template: kind, id, title, whether it must be filled.
pub(crate) const CONTROLS: [(&str, &str, &str, bool); 11] = [
    ("Text", "Text-1676246400001", "标题", true),
    ("Selector", "Selector-1676246400002", "紧急程度", true),
    ("Textarea", "Textarea-1676246400003", "升级功能描述", true),
    ("Textarea", "Textarea-1676246400004", "回退方案", true),
    ("Contact", "Contact-1676246400005", "产品经理", true),
    ("Contact", "Contact-1676246400006", "测试同事", true),
    ("Textarea", "Textarea-1676246400007", "中台模块权限及接口", false),
    ("File", "File-1676246400008", "附件", false),
    (
        "RelatedApproval",
        "RelatedApproval-1676246400009",
        "关联审批单",
        false,
    ),
    ("Date", "Date-1676246400010", "计划变更时间", false),
    ("Textarea", "Textarea-1676246400011", "镜像", false),
];

const URGENCIES: [(&str, &str); 2] = [("option-1676246400101", "正常"), ("option-1676246400102", "紧急")];

/// What `oa/gettemplatedetail` answers for the template.
pub(crate) fn template_detail() -> Value {
    let controls: Vec<Value> = CONTROLS
        .iter()
        .map(|(control, id, title, required)| {
            let mut entry = json!({"property": {
                "control": control, "id": id, "title": [zh(title)], "placeholder": [zh(&format!("请填写{title}"))],
                "require": u8::from(*required), "un_print": 0, "inner_id": "", "un_replace": 0, "display": 1,
            }});
            if let (Some(config), Some(object)) = (control_config(control), entry.as_object_mut()) {
                object.insert("config".to_owned(), config);
            }
            entry
        })
        .collect();
    json!({
        "errcode": 0, "errmsg": "ok",
        "template_names": [zh(TEMPLATE_NAME)],
        "template_content": {"controls": controls},
    })
}

/// The template's name.
pub(crate) const TEMPLATE_NAME: &str = "生产上线变更";

fn control_config(control: &str) -> Option<Value> {
    match control {
        "Selector" => {
            let options: Vec<Value> = URGENCIES
                .iter()
                .map(|(key, text)| json!({"key": key, "value": [zh(text)]}))
                .collect();
            Some(
                json!({"selector": {"type": "single", "exp_type": 0, "options": options, "op_relations": []}}),
            )
        }
        "Contact" => Some(json!({"contact": {"type": "multi", "mode": "user"}})),
        "File" => Some(json!({"file": {"is_only_photo": 0}})),
        "Date" => Some(json!({"date": {"type": "hour"}})),
        "RelatedApproval" => Some(json!({"related_approval": {"template_id": []}})),
        _ => None,
    }
}

/// A related approval, as WeCom shows it in the control.
pub(crate) struct Related {
    pub(crate) sp_no: String,
    pub(crate) status: u8,
    pub(crate) applicant: String,
    pub(crate) created: i64,
}

impl Related {
    pub(crate) fn of(hub: &Hub, approval: &Approval) -> Self {
        Self {
            sp_no: approval.sp_no.clone(),
            status: approval.status.code(),
            applicant: hub.name_of(&approval.applicant).to_owned(),
            created: approval.apply_time.timestamp(),
        }
    }
}

/// The filled-in form as the `contents` of `apply_data`. `file_ids` are the media ids of its files.
pub(crate) fn contents(
    form: &Form,
    people: &[Person],
    file_ids: &[String],
    related: &[Related],
) -> Vec<Value> {
    CONTROLS
        .iter()
        .map(|(control, id, title, _)| {
            let value = match *title {
                "标题" => padded(json!({"text": form.title})),
                "紧急程度" => padded(urgency(&form.urgency)),
                "升级功能描述" => padded(json!({"text": form.description})),
                "回退方案" => padded(json!({"text": form.rollback})),
                "产品经理" => padded(json!({"members": members(&form.product_managers, people)})),
                "测试同事" => padded(json!({"members": members(&form.testers, people)})),
                "中台模块权限及接口" => padded(json!({"text": form.middle_platform})),
                "附件" => padded(json!({
                    "files": file_ids.iter().map(|id| json!({"file_id": id})).collect::<Vec<_>>()
                })),
                "关联审批单" => padded(json!({
                    "related_approval": related.iter().map(related_value).collect::<Vec<_>>()
                })),
                "计划变更时间" => padded(form.planned_time.map_or_else(
                    || json!({"date": {"type": "hour", "s_timestamp": ""}}),
                    |at| json!({"date": {"type": "hour", "s_timestamp": at.timestamp().to_string()}}),
                )),
                _ => padded(json!({"text": form.images})),
            };
            json!({"control": control, "id": id, "title": [zh(title)], "value": value})
        })
        .collect()
}

fn urgency(text: &str) -> Value {
    let options: Vec<Value> = URGENCIES
        .iter()
        .filter(|(_, name)| *name == text.trim())
        .map(|(key, name)| json!({"key": key, "value": [zh(name)]}))
        .collect();
    json!({"selector": {"type": "single", "options": options, "exp_type": 0}})
}

fn members(userids: &[String], people: &[Person]) -> Vec<Value> {
    userids
        .iter()
        .map(|userid| {
            let person = people
                .iter()
                .find(|person| person.userid.eq_ignore_ascii_case(userid));
            json!({"userid": userid, "name": person.map_or(userid.as_str(), |person| person.name.as_str())})
        })
        .collect()
}

fn related_value(related: &Related) -> Value {
    json!({
        "template_names": [zh(TEMPLATE_NAME)], "sp_status": related.status, "name": related.applicant,
        "create_time": related.created, "sp_no": related.sp_no,
    })
}

/// WeCom carries empty arrays of the other kinds of control in every value.
fn padded(value: Value) -> Value {
    let mut whole = json!({"tips": [], "members": [], "departments": [], "files": [], "children": [],
        "stat_field": [], "sum_field": [], "related_approval": []});
    if let (Some(whole), Value::Object(own)) = (whole.as_object_mut(), value) {
        whole.extend(own);
    }
    whole
}

/// What WeCom answers for a control that was left empty.
fn empty_value(control: &str) -> Value {
    match control {
        "Text" | "Textarea" => json!({"text": ""}),
        "Selector" => json!({"selector": {"type": "single", "options": [], "exp_type": 0}}),
        "Date" => json!({"date": {"type": "hour", "s_timestamp": ""}}),
        _ => json!({}),
    }
}

fn zh(text: &str) -> Value {
    json!({"text": text, "lang": "zh_CN"})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_follow_the_template_control_by_control() {
        let form = Form {
            urgency: "紧急".to_owned(),
            title: "标题文字".to_owned(),
            ..Form::default()
        };
        let contents = contents(&form, &crate::cast::demo(), &[], &[]);
        assert_eq!(contents.len(), CONTROLS.len());
        assert_eq!(contents[0].pointer("/value/text").unwrap(), "标题文字");
        assert_eq!(
            contents[1]
                .pointer("/value/selector/options/0/value/0/text")
                .unwrap(),
            "紧急"
        );
        assert_eq!(contents[9].pointer("/value/date/s_timestamp").unwrap(), "");
    }
}

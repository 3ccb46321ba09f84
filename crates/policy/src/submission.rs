//! One 生产上线变更 approval as its applicant filled it in, mapped from the form's controls.

use std::fmt;
use std::hash::{Hash, Hasher};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A WeCom user id. WeCom ignores case in it and sometimes answers it lower-cased, so comparison ignores
/// ASCII case; what is shown is what was received.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(String);

impl UserId {
    /// Wraps an id as received, without the blanks around it.
    pub fn new(id: impl AsRef<str>) -> Self {
        Self(id.as_ref().trim().to_owned())
    }

    /// The id as received.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left of it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq for UserId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for UserId {}

impl Hash for UserId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
    }
}

impl PartialOrd for UserId {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UserId {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let lower = |id: &Self| id.0.to_ascii_lowercase();
        lower(self).cmp(&lower(other))
    }
}

/// What a control of the form holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field<T> {
    /// The form has no such control; carries the control name that the field mapping asks for.
    Absent(String),
    /// The control is there and nothing (or only blanks) was entered, or the form hides it.
    Empty,
    /// What was entered.
    Filled(T),
}

impl<T> Field<T> {
    /// The value, where there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Filled(value) => Some(value),
            Self::Absent(_) | Self::Empty => None,
        }
    }

    /// The name of the control that the form lacks.
    pub fn absent(&self) -> Option<&str> {
        match self {
            Self::Absent(control) => Some(control),
            Self::Empty | Self::Filled(_) => None,
        }
    }
}

impl Field<String> {
    /// The text, `""` where there is none.
    pub fn text(&self) -> &str {
        self.value().map_or("", String::as_str)
    }
}

/// What a contact control holds: members, or (a mistake on this form) departments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// Members chosen.
    #[serde(default)]
    pub members: Vec<UserId>,
    /// Names of departments chosen.
    #[serde(default)]
    pub departments: Vec<String>,
}

/// The planned change time of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlannedTime {
    /// A moment.
    Instant(DateTime<Utc>),
    /// From, to.
    Range(DateTime<Utc>, DateTime<Utc>),
    /// A control that gives only a day: that day, in the policy's zone.
    Day(NaiveDate),
}

/// Another approval that the applicant attached (关联审批单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedApproval {
    /// Its number.
    pub sp_no: String,
    /// Its template's name, as WeCom shows it.
    #[serde(default)]
    pub template_name: String,
}

/// One approval (one `sp_no`) as the applicant filled it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// WeCom's approval number.
    pub sp_no: String,
    /// The applicant; each of them where several applied together (`batch_applyer`).
    pub applicants: Vec<UserId>,
    /// When it was filed (`apply_time`).
    pub apply_time: DateTime<Utc>,
    /// 标题.
    pub title: Field<String>,
    /// 紧急程度, as entered.
    pub urgency: Field<String>,
    /// 升级功能描述.
    pub description: Field<String>,
    /// 回退方案.
    pub rollback: Field<String>,
    /// 产品经理.
    pub product_manager: Field<People>,
    /// 测试同事.
    pub tester: Field<People>,
    /// 中台模块权限及接口.
    pub middle_platform: Field<String>,
    /// 附件: ids of the files; the form carries no names.
    pub attachments: Field<Vec<String>>,
    /// 关联审批单.
    pub related: Field<Vec<RelatedApproval>>,
    /// 计划变更时间; optional on the form.
    pub planned_time: Field<PlannedTime>,
    /// 镜像; optional on the form.
    pub images: Field<String>,
    /// 涉及市场; optional on the form.
    #[serde(default = "no_such_control")]
    pub markets: Field<String>,
}

/// For forms that were stored before there was a field.
fn no_such_control() -> Field<String> {
    Field::Absent(String::new())
}

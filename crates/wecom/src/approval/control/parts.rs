//! What the values of single controls are made of.

use serde::{Deserialize, Serialize};

use crate::approval::{FormStatus, LangText, chinese};
use crate::lenient;

/// How fine a date is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum DateKind {
    /// A day.
    Day,
    /// Half a day.
    HalfDay,
    /// An hour and minute; also whatever WeCom may add.
    #[default]
    Hour,
}

/// A date.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateValue {
    /// How fine it is.
    #[serde(default, rename = "type")]
    pub kind: DateKind,
    /// Seconds since 1970; none: not filled in.
    #[serde(
        default,
        rename = "s_timestamp",
        deserialize_with = "lenient::int",
        serialize_with = "super::value::int_as_text"
    )]
    pub timestamp: Option<i64>,
}

/// A span of time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateRange {
    /// How fine it is.
    #[serde(default, rename = "type")]
    pub kind: DateKind,
    /// Seconds since 1970.
    #[serde(default, rename = "new_begin", deserialize_with = "lenient::int")]
    pub begin: Option<i64>,
    /// Seconds since 1970.
    #[serde(default, rename = "new_end", deserialize_with = "lenient::int")]
    pub end: Option<i64>,
    /// Its length in seconds as WeCom counts it.
    #[serde(default, rename = "new_duration", deserialize_with = "lenient::int")]
    pub duration: Option<i64>,
}

/// What was chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selector {
    /// `single` or `multi`.
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    pub kind: String,
    /// The chosen ones.
    #[serde(default, deserialize_with = "lenient::many")]
    pub options: Vec<SelectorOption>,
}

impl Selector {
    /// The texts of the chosen options.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.options.iter().map(SelectorOption::text)
    }
}

/// A choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectorOption {
    /// Its key.
    #[serde(default, deserialize_with = "lenient::text")]
    pub key: String,
    /// Its text in several languages.
    #[serde(default, deserialize_with = "lenient::many")]
    pub value: Vec<LangText>,
}

impl SelectorOption {
    /// Its text.
    pub fn text(&self) -> &str {
        chinese(&self.value)
    }
}

/// Chosen people or departments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// People.
    #[serde(
        default,
        deserialize_with = "lenient::many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub members: Vec<Member>,
    /// Departments.
    #[serde(
        default,
        deserialize_with = "lenient::many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub departments: Vec<Department>,
}

/// A chosen person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    #[serde(default, deserialize_with = "lenient::text")]
    pub userid: String,
    /// As shown.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
}

/// A chosen department.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// Which.
    #[serde(default, rename = "openapi_id", deserialize_with = "lenient::text")]
    pub id: String,
    /// As shown.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
}

/// An attached file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// What `media/get` takes.
    #[serde(default, deserialize_with = "lenient::text")]
    pub file_id: String,
    /// Its name, where WeCom tells it.
    #[serde(
        default,
        deserialize_with = "lenient::text",
        skip_serializing_if = "String::is_empty"
    )]
    pub file_name: String,
    /// Its size in bytes, where WeCom tells it.
    #[serde(
        default,
        deserialize_with = "lenient::int",
        skip_serializing_if = "Option::is_none"
    )]
    pub file_size: Option<i64>,
    /// Its type, where WeCom tells it.
    #[serde(
        default,
        deserialize_with = "lenient::text",
        skip_serializing_if = "String::is_empty"
    )]
    pub file_type: String,
}

/// Another form that this one names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedApproval {
    /// The name of its template in several languages.
    #[serde(default, deserialize_with = "lenient::many")]
    pub template_names: Vec<LangText>,
    /// Where it stood when WeCom answered.
    #[serde(default)]
    pub sp_status: FormStatus,
    /// Who submitted it, as shown.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
    /// When, seconds since 1970.
    #[serde(default, deserialize_with = "lenient::int")]
    pub create_time: Option<i64>,
    /// Its number.
    #[serde(default, deserialize_with = "lenient::text")]
    pub sp_no: String,
}

impl RelatedApproval {
    /// The name of its template.
    pub fn template_name(&self) -> &str {
        chinese(&self.template_names)
    }
}

/// A leave.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Vacation {
    /// Its kind.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub selector: Selector,
    /// Its time.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub attendance: Attendance,
}

/// A time away or overtime.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Attendance {
    /// 1 leave, 2 punch correction, 3 trip, 4 outing, 5 overtime.
    #[serde(default, rename = "type", deserialize_with = "lenient::int")]
    pub kind: Option<i64>,
    /// Its time.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub date_range: DateRange,
    /// Its parts by day, as they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slice_info: Option<serde_json::Value>,
}

/// A forgotten punch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PunchCorrection {
    /// In words.
    #[serde(default, deserialize_with = "lenient::text")]
    pub state: String,
    /// Seconds since 1970.
    #[serde(default, deserialize_with = "lenient::int")]
    pub time: Option<i64>,
    /// 1: the day is told.
    #[serde(default, deserialize_with = "lenient::int")]
    pub version: Option<i64>,
    /// The day, seconds since 1970.
    #[serde(default, deserialize_with = "lenient::int")]
    pub daymonthyear: Option<i64>,
}

/// A place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees, as text.
    #[serde(default, deserialize_with = "lenient::text")]
    pub latitude: String,
    /// Degrees, as text.
    #[serde(default, deserialize_with = "lenient::text")]
    pub longitude: String,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub title: String,
    /// Its address.
    #[serde(default, deserialize_with = "lenient::text")]
    pub address: String,
    /// When it was chosen, seconds since 1970.
    #[serde(default, deserialize_with = "lenient::int")]
    pub time: Option<i64>,
}

/// A bank account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BankAccount {
    /// 1 a company's, 2 a person's.
    #[serde(default, deserialize_with = "lenient::int")]
    pub account_type: Option<i64>,
    /// Whose.
    #[serde(default, deserialize_with = "lenient::text")]
    pub account_name: String,
    /// Its number.
    #[serde(default, deserialize_with = "lenient::text")]
    pub account_number: String,
    /// A note.
    #[serde(default, deserialize_with = "lenient::text")]
    pub remark: String,
    /// The bank, as it came.
    #[serde(default)]
    pub bank: serde_json::Value,
}

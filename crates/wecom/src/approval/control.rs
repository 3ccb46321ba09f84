//! The controls of a filled-in form.
//!
//! The kind decides how a value is read, never which keys it holds: WeCom pads values with empty lists of
//! other kinds. A kind not known here is kept as it came.

mod parts;
mod value;

use serde::{Deserialize, Deserializer, Serialize};

pub use self::parts::{
    Attendance, BankAccount, Contact, DateKind, DateRange, DateValue, Department, FileRef, Location, Member,
    PunchCorrection, RelatedApproval, Selector, SelectorOption, Vacation,
};
use super::{LangText, chinese};
use crate::lenient;

/// One control of a form with its value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Content {
    /// Its kind as WeCom names it.
    pub control: String,
    /// Its id on the form.
    pub id: String,
    /// Its title in several languages.
    pub title: Vec<LangText>,
    /// What was filled in.
    pub value: Control,
    /// 1: hidden by the choice in another control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<i64>,
}

/// What was filled in, by the kind of the control.
#[derive(Debug, Clone, PartialEq)]
pub enum Control {
    /// `Text` and `Textarea`.
    Text(String),
    /// `Number`, as typed.
    Number(String),
    /// `Money`, as typed.
    Money(String),
    /// `Date`.
    Date(DateValue),
    /// `DateRange`.
    DateRange(DateRange),
    /// `Selector`: only what was chosen.
    Selector(Selector),
    /// `Contact`.
    Contact(Contact),
    /// `Tips`: shown, not filled in.
    Tips,
    /// `File`.
    File(Vec<FileRef>),
    /// `Table`: the controls of each row.
    Table(Vec<Vec<Content>>),
    /// `RelatedApproval`.
    RelatedApproval(Vec<RelatedApproval>),
    /// `Formula`, as computed.
    Formula(String),
    /// `Vacation`.
    Vacation(Vacation),
    /// `Attendance`.
    Attendance(Attendance),
    /// `PunchCorrection`.
    PunchCorrection(PunchCorrection),
    /// `Location`.
    Location(Location),
    /// `BankAccount`.
    BankAccount(Box<BankAccount>),
    /// A kind not known here.
    Other(serde_json::Value),
}

impl Content {
    /// Its title.
    pub fn title(&self) -> &str {
        chinese(&self.title)
    }

    /// Whether another control's choice hides it.
    pub fn is_hidden(&self) -> bool {
        self.hidden == Some(1)
    }

    /// A control with a title in Chinese.
    pub fn new(control: &str, id: &str, title: &str, value: Control) -> Self {
        Self {
            control: control.to_owned(),
            id: id.to_owned(),
            title: vec![LangText {
                text: title.to_owned(),
                lang: "zh_CN".to_owned(),
            }],
            value,
            hidden: None,
        }
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            #[serde(default, deserialize_with = "lenient::text")]
            control: String,
            #[serde(default, deserialize_with = "lenient::text")]
            id: String,
            #[serde(default, deserialize_with = "lenient::many")]
            title: Vec<LangText>,
            #[serde(default)]
            value: serde_json::Value,
            #[serde(default, deserialize_with = "lenient::int")]
            hidden: Option<i64>,
        }
        let Raw {
            control,
            id,
            title,
            value,
            hidden,
        } = Raw::deserialize(deserializer)?;
        let value = match Control::read(&control, value) {
            Ok(value) => value,
            Err(error) => {
                let title = chinese(&title);
                return Err(serde::de::Error::custom(format_args!(
                    "control {control} \"{title}\", value.{}: {}",
                    error.path(),
                    error.inner()
                )));
            }
        };
        Ok(Self {
            control,
            id,
            title,
            value,
            hidden,
        })
    }
}

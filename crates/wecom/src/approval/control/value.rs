//! From and to the `value` of a control.

use serde::de::DeserializeOwned;
use serde::ser::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::{Contact, Content, Control, DateKind, DateRange, DateValue, FileRef, RelatedApproval, Selector};
use crate::lenient;

type Fault = serde_path_to_error::Error<serde_json::Error>;

impl Control {
    /// Reads a value by the kind of its control; an empty value is an empty control.
    pub(crate) fn read(control: &str, value: Value) -> Result<Self, Fault> {
        let value = if value.is_null() { json!({}) } else { value };
        Ok(match control {
            "Text" | "Textarea" => Self::Text(from::<TextValue>(value)?.text),
            "Number" => Self::Number(from::<NumberValue>(value)?.new_number),
            "Money" => Self::Money(from::<MoneyValue>(value)?.new_money),
            "Date" => Self::Date(date(value)?),
            "DateRange" => Self::DateRange(from::<DateRangeValue>(value)?.date_range),
            "Selector" => Self::Selector(from::<SelectorValue>(value)?.selector),
            "Contact" => Self::Contact(from::<Contact>(value)?),
            "Tips" => Self::Tips,
            "File" => Self::File(from::<FileValue>(value)?.files),
            "Table" => Self::Table(
                from::<TableValue>(value)?
                    .children
                    .into_iter()
                    .map(|row| row.list)
                    .collect(),
            ),
            "RelatedApproval" => Self::RelatedApproval(from::<RelatedValue>(value)?.related_approval),
            "Formula" => Self::Formula(from::<FormulaValue>(value)?.formula.value),
            "Vacation" => Self::Vacation(part(value, "vacation")?),
            "Attendance" => Self::Attendance(part(value, "attendance")?),
            "PunchCorrection" => Self::PunchCorrection(part(value, "punch_correction")?),
            "Location" => Self::Location(part(value, "location")?),
            "BankAccount" => Self::BankAccount(Box::new(part(value, "bank_account")?)),
            _ => Self::Other(value),
        })
    }

    fn to_value(&self) -> Result<Value, serde_json::Error> {
        Ok(match self {
            Self::Text(text) => json!({ "text": text }),
            Self::Number(number) => json!({ "new_number": number }),
            Self::Money(money) => json!({ "new_money": money }),
            Self::Date(date) => json!({ "date": serde_json::to_value(date)? }),
            Self::DateRange(range) => json!({ "date_range": serde_json::to_value(range)? }),
            Self::Selector(selector) => json!({ "selector": serde_json::to_value(selector)? }),
            Self::Contact(contact) => serde_json::to_value(contact)?,
            Self::Tips => json!({ "new_tips": { "tips_content": [] } }),
            Self::File(files) => json!({ "files": serde_json::to_value(files)? }),
            Self::Table(rows) => {
                let mut children = Vec::with_capacity(rows.len());
                for row in rows {
                    children.push(json!({ "list": serde_json::to_value(row)? }));
                }
                json!({ "children": children })
            }
            Self::RelatedApproval(forms) => json!({ "related_approval": serde_json::to_value(forms)? }),
            Self::Formula(value) => json!({ "formula": { "value": value } }),
            Self::Vacation(part) => json!({ "vacation": serde_json::to_value(part)? }),
            Self::Attendance(part) => json!({ "attendance": serde_json::to_value(part)? }),
            Self::PunchCorrection(part) => json!({ "punch_correction": serde_json::to_value(part)? }),
            Self::Location(part) => json!({ "location": serde_json::to_value(part)? }),
            Self::BankAccount(part) => json!({ "bank_account": serde_json::to_value(part)? }),
            Self::Other(value) => value.clone(),
        })
    }
}

impl Serialize for Control {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl Serialize for DateKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Day => "day",
            Self::HalfDay => "halfday",
            Self::Hour => "hour",
        })
    }
}

impl<'de> Deserialize<'de> for DateKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match lenient::text(deserializer)?.as_str() {
            "day" => Self::Day,
            "halfday" => Self::HalfDay,
            _ => Self::Hour,
        })
    }
}

/// WeCom writes the time stamp of a date as text.
#[expect(clippy::ref_option, reason = "serde's signature")]
pub(super) fn int_as_text<S: Serializer>(value: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_str(""),
    }
}

#[derive(Deserialize)]
struct TextValue {
    #[serde(default, deserialize_with = "lenient::text")]
    text: String,
}

#[derive(Deserialize)]
struct NumberValue {
    #[serde(default, deserialize_with = "lenient::text")]
    new_number: String,
}

#[derive(Deserialize)]
struct MoneyValue {
    #[serde(default, deserialize_with = "lenient::text")]
    new_money: String,
}

#[derive(Deserialize)]
struct DateOuter {
    #[serde(default, deserialize_with = "lenient::or_default")]
    date: DateValue,
}

#[derive(Deserialize)]
struct DateRangeValue {
    #[serde(default, deserialize_with = "lenient::or_default")]
    date_range: DateRange,
}

#[derive(Deserialize)]
struct SelectorValue {
    #[serde(default, deserialize_with = "lenient::or_default")]
    selector: Selector,
}

#[derive(Deserialize)]
struct FileValue {
    #[serde(default, deserialize_with = "lenient::many")]
    files: Vec<FileRef>,
}

#[derive(Deserialize)]
struct TableValue {
    #[serde(default, deserialize_with = "lenient::many")]
    children: Vec<TableRow>,
}

#[derive(Deserialize)]
struct TableRow {
    #[serde(default, deserialize_with = "lenient::many")]
    list: Vec<Content>,
}

#[derive(Deserialize)]
struct RelatedValue {
    #[serde(default, deserialize_with = "lenient::many")]
    related_approval: Vec<RelatedApproval>,
}

#[derive(Deserialize)]
struct FormulaValue {
    #[serde(default, deserialize_with = "lenient::or_default")]
    formula: FormulaInner,
}

#[derive(Default, Deserialize)]
struct FormulaInner {
    #[serde(default, deserialize_with = "lenient::text")]
    value: String,
}

/// WeCom's page shows dates with and without the outer `date`.
fn date(value: Value) -> Result<DateValue, Fault> {
    if value.get("date").is_some() {
        Ok(from::<DateOuter>(value)?.date)
    } else {
        from(value)
    }
}

fn part<T: DeserializeOwned + Default>(mut value: Value, key: &str) -> Result<T, Fault> {
    match value.get_mut(key) {
        Some(part) if !part.is_null() => from(part.take()),
        _ => Ok(T::default()),
    }
}

fn from<T: DeserializeOwned>(value: Value) -> Result<T, Fault> {
    serde_path_to_error::deserialize(value)
}

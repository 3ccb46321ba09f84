//! Templates as `oa/gettemplatedetail` tells them: which controls a form has.

use serde::{Deserialize, Serialize};

use super::{LangText, SelectorOption, chinese};
use crate::lenient;

/// A template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateDetail {
    /// Its name in several languages.
    #[serde(default, deserialize_with = "lenient::many")]
    pub template_names: Vec<LangText>,
    /// Its controls.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub template_content: TemplateContent,
}

impl TemplateDetail {
    /// Its name.
    pub fn name(&self) -> &str {
        chinese(&self.template_names)
    }

    /// Its controls.
    pub fn controls(&self) -> &[TemplateControl] {
        &self.template_content.controls
    }
}

/// The controls of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateContent {
    /// In the order of the form.
    #[serde(default, deserialize_with = "lenient::many")]
    pub controls: Vec<TemplateControl>,
}

/// A control of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateControl {
    /// What every control has.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub property: TemplateProperty,
    /// What only some have.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub config: TemplateConfig,
}

/// What every control has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateProperty {
    /// Its kind, such as `Text`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub control: String,
    /// Its id on the form.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: String,
    /// Its title in several languages.
    #[serde(default, deserialize_with = "lenient::many")]
    pub title: Vec<LangText>,
    /// The hint in the empty control.
    #[serde(default, deserialize_with = "lenient::many")]
    pub placeholder: Vec<LangText>,
    /// 1: must be filled in.
    #[serde(default, deserialize_with = "lenient::int")]
    pub require: Option<i64>,
    /// 1: is not printed.
    #[serde(default, deserialize_with = "lenient::int")]
    pub un_print: Option<i64>,
}

impl TemplateProperty {
    /// Its title.
    pub fn title(&self) -> &str {
        chinese(&self.title)
    }

    /// Whether it must be filled in.
    pub fn is_required(&self) -> bool {
        self.require == Some(1)
    }
}

/// What only some controls have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateConfig {
    /// Of a `Date`: by day or by hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<TypeConfig>,
    /// Of a `Selector`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<SelectorConfig>,
    /// Of a `Contact`: single or multi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<TypeConfig>,
    /// Of a `Table`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<TableConfig>,
}

/// A kind, and for contacts what is picked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeConfig {
    /// `day`, `hour`, `single`, `multi`.
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    pub kind: String,
    /// `user` or `department`.
    #[serde(
        default,
        deserialize_with = "lenient::text",
        skip_serializing_if = "String::is_empty"
    )]
    pub mode: String,
}

/// The choices of a selector.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectorConfig {
    /// `single` or `multi`.
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    pub kind: String,
    /// What can be chosen.
    #[serde(default, deserialize_with = "lenient::many")]
    pub options: Vec<SelectorOption>,
}

/// The columns of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableConfig {
    /// One control per column.
    #[serde(default, deserialize_with = "lenient::many")]
    pub children: Vec<TemplateControl>,
}

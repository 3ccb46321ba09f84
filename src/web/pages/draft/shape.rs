//! What the approval template has of the form's fields.

use changegate_wecom::approval::{TemplateControl, TemplateDetail};

use crate::config::Fields;

/// A template, seen through `[wecom.fields]`. Without one every field is taken as there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape<'a> {
    pub(super) template: Option<&'a TemplateDetail>,
    pub(super) fields: &'a Fields,
}

/// How a control is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text, on one line or several.
    Text,
    /// One or several of its options.
    Choice,
    /// A moment.
    Moment,
    /// A day.
    Day,
    /// Anything that only a person can fill in, or that is filled in as what it is.
    Other,
}

impl<'a> Shape<'a> {
    /// The control of a mapped field, by title or id.
    pub(super) fn control(&self, wanted: &str) -> Option<&'a TemplateControl> {
        let wanted = wanted.trim();
        let mut controls = self.template?.controls().iter();
        controls.find(|control| {
            let property = &control.property;
            property.id == wanted || property.title.iter().any(|title| title.text.trim() == wanted)
        })
    }

    /// Whether the form has the field.
    pub(super) fn has(&self, wanted: &str) -> bool {
        self.template.is_none() || self.control(wanted).is_some()
    }

    /// How a field is filled in.
    pub(super) fn kind(&self, wanted: &str) -> Kind {
        let Some(control) = self.control(wanted) else {
            return Kind::Other;
        };
        let by_day = control
            .config
            .date
            .as_ref()
            .is_some_and(|date| date.kind == "day");
        match control.property.control.as_str() {
            "Text" | "Textarea" => Kind::Text,
            "Selector" => Kind::Choice,
            "Date" if by_day => Kind::Day,
            "Date" => Kind::Moment,
            _ => Kind::Other,
        }
    }
}

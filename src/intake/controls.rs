//! The text of a control, whichever kind the form's author chose for it.

use changegate_wecom::approval::{Content, Control};

/// What a control says; none where that is nothing but blanks.
pub(super) fn text(control: &Control) -> Option<String> {
    let text = match control {
        Control::Text(text) | Control::Number(text) | Control::Money(text) | Control::Formula(text) => {
            text.clone()
        }
        Control::Selector(selector) => selector.texts().collect::<Vec<_>>().join("、"),
        Control::Contact(contact) => {
            let members = contact.members.iter().map(|member| member.name.as_str());
            let departments = contact
                .departments
                .iter()
                .map(|department| department.name.as_str());
            members.chain(departments).collect::<Vec<_>>().join("、")
        }
        Control::Table(rows) => rows.iter().map(|row| cells(row)).collect::<Vec<_>>().join("\n"),
        Control::Date(_)
        | Control::DateRange(_)
        | Control::Tips
        | Control::File(_)
        | Control::RelatedApproval(_)
        | Control::Vacation(_)
        | Control::Attendance(_)
        | Control::PunchCorrection(_)
        | Control::Location(_)
        | Control::BankAccount(_)
        | Control::Other(_) => String::new(),
    };
    (!is_blank(&text)).then_some(text)
}

fn cells(row: &[Content]) -> String {
    row.iter()
        .filter_map(|cell| text(&cell.value))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Blanks of any kind count as nothing, those without a width too.
fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
}

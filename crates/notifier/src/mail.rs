//! What goes out by e-mail: the emergency application (二) and the report on an incident (事后总结).
//!
//! A template's first line is the subject, what follows is the body as plain text; the HTML says the same.

use changegate_lifecycle::Mail;

use crate::about::{About, Links, RenderError};
use crate::plain::shorten;
use crate::templates::fill;
use crate::words::Words;

/// The longest subject, in bytes: far below what a header may have, encoded or not.
const SUBJECT: usize = 240;

/// A mail's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailText {
    /// The subject, on one line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML, which says the same.
    pub html: String,
}

/// A mail about a change.
pub fn mail(mail: &Mail, about: &About<'_>, links: &Links<'_>) -> Result<MailText, RenderError> {
    let links = links.checked()?;
    let mut words = Words::of_change(about);
    links.change.clone_into(&mut words.link);
    links.incident.clone_into(&mut words.incident_link);
    let template = match mail {
        Mail::EmergencyApplication => "mail/emergency_application.txt",
        Mail::IncidentReport => "mail/incident_report.txt",
    };
    words.what_full = if words.what_full.is_empty() {
        "未填写".to_owned()
    } else {
        words.what_full
    };
    // the subject's end is the number, so a long title gives way
    let head = fill(
        template,
        &Words {
            title: shorten(&words.title, SUBJECT / 2),
            ..words.clone()
        },
    )?;
    let whole = fill(template, &words)?;
    let (_, body) = whole.split_once('\n').unwrap_or((&whole, ""));
    let text = format!("{}\n", body.trim());
    Ok(MailText {
        subject: shorten(head.lines().next().unwrap_or_default(), SUBJECT),
        html: html(&text, [links.change, links.incident]),
        text,
    })
}

/// The text as HTML: a paragraph for each, line breaks as they are, our own links to be clicked.
fn html(text: &str, ours: [&str; 2]) -> String {
    let mut html = String::from("<!DOCTYPE html>\n<html lang=\"zh-CN\"><body>\n");
    for paragraph in text.trim_end().split("\n\n") {
        let lines: Vec<String> = paragraph.lines().map(|line| linked(line, ours)).collect();
        html.push_str("<p>");
        html.push_str(&lines.join("<br>\n"));
        html.push_str("</p>\n");
    }
    html.push_str("</body></html>\n");
    html
}

fn linked(line: &str, ours: [&str; 2]) -> String {
    for link in ours {
        if let Some(before) = line.strip_suffix(link).filter(|before| before.ends_with('：')) {
            let link = escaped(link);
            return format!("{}<a href=\"{link}\">{link}</a>", escaped(before));
        }
    }
    escaped(line)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

//! What templates can name: one flat set of words. A word that a message does not know is empty.
//!
//! Whatever comes from other people goes through [`said`] on its way here, or through `About`'s names; texts with
//! line breaks are for mail only.

mod change;
mod deployment;
mod verdict;

pub(crate) use self::verdict::names;
use serde::Serialize;

use crate::plain::{plain, shorten};

/// As many bytes of anybody's text are looked at; no message has room for more.
const SAID: usize = 6_000;
/// A number is a dozen digits; whatever else is sent in its place does not take the message's room.
const LONGEST_NUMBER: usize = 64;

/// The words of one message.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Words {
    // the form
    pub(crate) title: String,
    pub(crate) sp_no: String,
    pub(crate) applicants: String,
    /// 正常, 紧急, or empty.
    pub(crate) urgency: &'static str,
    pub(crate) urgent: bool,
    pub(crate) items: Vec<Item>,
    /// The items in one line; where there are none, the description.
    pub(crate) plan: String,
    pub(crate) rollback: String,
    pub(crate) images: String,
    pub(crate) middle_platform: bool,
    pub(crate) middle_platform_text: String,
    /// For mail, with line breaks.
    pub(crate) description: String,
    pub(crate) rollback_full: String,
    pub(crate) images_full: String,

    // the course of the change
    /// Its stage's word, and what people call it.
    pub(crate) stage: &'static str,
    pub(crate) stage_name: String,
    pub(crate) open: bool,
    pub(crate) begun: bool,
    pub(crate) awaits_approvers: bool,
    pub(crate) chain: &'static str,
    pub(crate) change_day: String,
    pub(crate) window: String,
    pub(crate) planned: String,
    pub(crate) outside_window: bool,
    pub(crate) consent: String,
    pub(crate) missing: String,
    pub(crate) started_at: String,
    pub(crate) executed_at: String,
    pub(crate) verified_at: String,
    pub(crate) earlier_no: String,
    pub(crate) earlier_resolved: String,
    pub(crate) earlier_remaining: String,
    pub(crate) newer_no: String,

    // people
    pub(crate) product_managers: String,
    pub(crate) testers: String,
    pub(crate) development_leads: String,
    pub(crate) executors: String,
    pub(crate) configurers: String,
    pub(crate) who_stay: String,
    pub(crate) watchers: String,
    pub(crate) reader_executes: bool,
    pub(crate) reader_applied: bool,
    pub(crate) reader_reported: bool,
    /// What the reader, as an approver, has to look at (七).
    pub(crate) checklist: Vec<&'static str>,

    // markets
    pub(crate) markets: String,
    /// When the US market opens, where it is concerned.
    pub(crate) us_open: String,
    /// The next sessions of the other markets that are concerned.
    pub(crate) sessions: String,
    /// The one market of this message, and its next session.
    pub(crate) market: &'static str,
    pub(crate) session: String,
    pub(crate) opens: String,

    // the verdict
    pub(crate) outcome: &'static str,
    pub(crate) verdict_line: String,
    pub(crate) failed: Vec<Entry>,
    pub(crate) failed_clauses: String,
    pub(crate) warned: Vec<Entry>,
    pub(crate) warned_names: String,
    pub(crate) unknown: Vec<Entry>,
    pub(crate) unknown_names: String,
    pub(crate) waived_names: String,
    pub(crate) corrected_title: String,
    pub(crate) corrected_title_has_blank: bool,
    pub(crate) corrected_elsewhere: bool,
    pub(crate) next_starts: String,

    // anomaly and incident
    pub(crate) what: String,
    pub(crate) what_full: String,
    pub(crate) since: String,
    pub(crate) reporter: String,
    pub(crate) handled_by: String,
    pub(crate) minutes_left: i64,
    pub(crate) recovered_at: String,
    pub(crate) incident_no: String,
    pub(crate) statement: String,
    pub(crate) phone: String,
    pub(crate) report_mailbox: String,
    pub(crate) report_impact: String,
    pub(crate) report_cause: String,
    pub(crate) report_handling: String,
    pub(crate) report_prevention: String,

    // the duty
    pub(crate) duty_name: &'static str,
    pub(crate) duty_since: String,
    pub(crate) holders: String,
    pub(crate) awaited: String,
    pub(crate) reminder: String,
    pub(crate) what_to_do: String,
    /// Whether the bot itself could not send the emergency application.
    pub(crate) mail_failed: bool,

    // the notice
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) minutes: Option<i64>,
    pub(crate) approvers: String,
    pub(crate) ended: &'static str,
    pub(crate) resolved_count: usize,
    pub(crate) resolved_names: String,
    pub(crate) added: Vec<Entry>,
    pub(crate) left: Vec<Entry>,
    pub(crate) differences: Vec<Entry>,
    pub(crate) granted: bool,
    pub(crate) agreed: bool,
    pub(crate) rules: String,
    pub(crate) reason: String,
    pub(crate) closes: String,
    pub(crate) next_window: String,
    pub(crate) may: String,
    pub(crate) moved_to: &'static str,
    pub(crate) lacking: String,
    pub(crate) action_name: &'static str,
    pub(crate) action_said: &'static str,

    // a deployment
    pub(crate) deployment_no: String,
    pub(crate) deployment_state: &'static str,
    pub(crate) environment: String,
    pub(crate) deployed_images: String,

    // beyond one change
    pub(crate) lines: Vec<Entry>,
    pub(crate) known: bool,
    pub(crate) cutoff: String,
    pub(crate) begins_daylight: bool,
    pub(crate) clock_day: String,
    pub(crate) open_before: String,
    pub(crate) open_after: String,
    pub(crate) window_before: String,
    pub(crate) window_after: String,
    pub(crate) exchange: &'static str,
    pub(crate) covered_until: String,
    pub(crate) days_left: i64,
    pub(crate) year: i32,
    pub(crate) month: u32,
    pub(crate) yearly: Vec<Entry>,
    pub(crate) to_name: String,
    pub(crate) undelivered: String,
    pub(crate) why: String,

    // where it leads
    pub(crate) link: String,
    pub(crate) duty_link: String,
    pub(crate) act_link: String,
    pub(crate) incident_link: String,
}

/// An entry of a list.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Entry {
    /// What it is about; stands whole.
    pub(crate) label: String,
    /// What is to be said of it; may be shortened.
    pub(crate) text: String,
}

/// An item of the form's description.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Item {
    pub(crate) number: u32,
    pub(crate) feature: String,
    pub(crate) jira: String,
}

/// Somebody's words on one line, unable to act as markup.
pub(crate) fn said(text: &str) -> String {
    plain(&shorten(text, SAID))
}

/// Somebody's words for a mail: with their line breaks, without control characters.
pub(crate) fn written(text: &str) -> String {
    let text: String = shorten(text.trim(), SAID)
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect();
    text.trim_end().to_owned()
}

/// The number of a form, or of an incident.
pub(crate) fn number(text: &str) -> String {
    shorten(&plain(text), LONGEST_NUMBER)
}

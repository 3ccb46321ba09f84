//! The texts of messages: one file each under `templates/`, part of the program.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use crate::about::RenderError;
use crate::letter::{BREAK, CUT, EXTRA, OTHERWISE, POINT, UNCUT};
use crate::words::Words;

macro_rules! templates {
    ($($name:literal,)+) => {
        /// Every template with its text.
        pub(crate) const TEMPLATES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../templates/", $name))),)+
        ];
    };
}

templates! {
    "part/advice.txt",
    "part/anomaly.txt",
    "part/applicant.txt",
    "part/change.txt",
    "part/checklist.txt",
    "part/corrected_title.txt",
    "part/corrections.txt",
    "part/deployment.txt",
    "part/details.txt",
    "part/earlier.txt",
    "part/next_starts.txt",
    "part/open.txt",
    "part/waived.txt",
    "part/what_is_next.txt",
    "part/what_to_do.txt",
    "verdict_compliant.txt",
    "verdict_not_applicable.txt",
    "verdict_rejected.txt",
    "verdict_undecided.txt",
    "verdict_warnings.txt",
    "verdict_changed.txt",
    "your_turn.txt",
    "before_signing.txt",
    "before_signing_send_back.txt",
    "breach.txt",
    "resolved.txt",
    "closed.txt",
    "signed_despite.txt",
    "edited_after_signing.txt",
    "waiver_decided.txt",
    "stop_before_start.txt",
    "deployed_against_gate.txt",
    "deployment_failed.txt",
    "deployment_rolled_back.txt",
    "reminder_escalated.txt",
    "will_miss_window.txt",
    "missed_window.txt",
    "rescheduled.txt",
    "consent_decided.txt",
    "executed.txt",
    "released.txt",
    "anomaly_reported.txt",
    "incident_opened.txt",
    "session_ahead.txt",
    "superseded.txt",
    "expired.txt",
    "withdrawn_after_start.txt",
    "passed_too_late.txt",
    "answer/accepted.txt",
    "answer/already_done.txt",
    "answer/consent_asked.txt",
    "answer/incomplete.txt",
    "answer/moved_on.txt",
    "answer/not_yours.txt",
    "duty/sign.card.txt",
    "duty/regression.card.txt",
    "duty/rollback_ready.card.txt",
    "duty/verification_ready.card.txt",
    "duty/technical_by_development.card.txt",
    "duty/technical_by_test.card.txt",
    "duty/emergency_mail.card.txt",
    "duty/start.card.txt",
    "duty/consent.card.txt",
    "duty/finish.card.txt",
    "duty/verify.card.txt",
    "duty/watch_feedback.card.txt",
    "duty/configure_permissions.card.txt",
    "duty/us_open.card.txt",
    "duty/name_watchers.card.txt",
    "duty/watch_session.card.txt",
    "duty/handle.card.txt",
    "duty/remedy.card.txt",
    "duty/roll_back.card.txt",
    "duty/confirm_restored.card.txt",
    "duty/confirm_fixed.card.txt",
    "duty/decide_waiver.card.txt",
    "duty/report.card.txt",
    "duty/markets.card.txt",
    "settled_said.card.txt",
    "settled_done.card.txt",
    "settled_dropped.card.txt",
    "settled_arrived.card.txt",
    "settled_acknowledged.card.txt",
    "settled_later.card.txt",
    "line.txt",
    "group/statement.txt",
    "group/recovered.txt",
    "mail/emergency_application.txt",
    "mail/incident_report.txt",
    "digest.txt",
    "firm/cutoff_reminder.txt",
    "firm/window_digest.txt",
    "firm/clocks_change.txt",
    "firm/calendar_ending.txt",
    "firm/monthly.txt",
    "firm/undeliverable.txt",
    "firm/stand_in.txt",
    "firm/stray_deployment.txt",
    "firm/people_left.txt",
}

static ENVIRONMENT: LazyLock<Result<Environment<'static>, String>> =
    LazyLock::new(|| environment().map_err(|error| described(&error)));

/// What a template makes of the words, with the marks of [`Letter`](crate::letter::Letter).
pub(crate) fn fill(template: &str, words: &Words) -> Result<String, RenderError> {
    let environment = ENVIRONMENT
        .as_ref()
        .map_err(|error| RenderError::Template(error.clone()))?;
    environment
        .get_template(template)
        .and_then(|found| found.render(Serde(words)))
        .map_err(|error| RenderError::Template(described(&error)))
}

/// Templates as they are used: a name that nothing stands for is an error, nothing is escaped (others' words are
/// made harmless before they come here), and a line with nothing but a statement leaves no trace.
pub(crate) fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?,
    );
    environment.add_filter("cut", cut);
    environment.add_filter("extra", extra);
    environment.add_filter("points", points);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

fn described(error: &Error) -> String {
    format!("{error:#}")
}

/// Somebody's text, which may be shortened.
fn cut(text: &str) -> String {
    let text = text.replace([CUT, UNCUT], "");
    format!("{CUT}{text}{UNCUT}")
}

/// Lines that may be left out.
fn extra(lines: &str, otherwise: Option<&str>) -> String {
    let lines = lines.trim_end().replace('\n', &BREAK.to_string());
    format!("{EXTRA}{lines}{OTHERWISE}{}\n", otherwise.unwrap_or_default())
}

/// A list of entries, each on a line that may have to be counted only.
fn points(entries: &Value) -> Result<String, Error> {
    let part = |entry: &Value, name: &str| -> Result<String, Error> {
        let text = entry.get_attr(name)?;
        text.as_str()
            .map(str::to_owned)
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("an entry has no {name}")))
    };
    let mut lines = Vec::new();
    for entry in entries.try_iter()? {
        let (label, text) = (part(&entry, "label")?, part(&entry, "text")?);
        lines.push(match (label.is_empty(), text.is_empty()) {
            (_, true) => format!("{POINT}> {label}"),
            (true, false) => format!("{POINT}> {}", cut(&text)),
            (false, false) => format!("{POINT}> {label}：{}", cut(&text)),
        });
    }
    Ok(lines.join("\n"))
}

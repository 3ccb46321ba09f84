//! `[pace]`: how long is waited, how often is reminded, and at which time of day.

use chrono::{NaiveTime, TimeDelta};
use serde::Deserialize;
use toml::Spanned;

use super::check::{Mistake, time};

/// How long is waited for people, and how often they are reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// An approver's turn, until a reminder; counted in work time.
    pub approval_reminder: TimeDelta,
    /// The same for a 紧急 flow.
    pub emergency_approval_reminder: TimeDelta,
    /// How many reminders an approver's turn has.
    pub approval_reminders: u32,
    /// From the execution until a reminder to verify.
    pub verification_reminder: TimeDelta,
    /// How many reminders the verification has.
    pub verification_reminders: u32,
    /// Any other duty, until a reminder.
    pub duty_reminder: TimeDelta,
    /// How many reminders any other duty has.
    pub duty_reminders: u32,
    /// How long before a window closes those concerned hear that a change will miss it.
    pub before_close: TimeDelta,
    /// From an anomaly until the rollback plan has to be carried out (clause 十.1).
    pub anomaly_time_out: TimeDelta,
    /// How long before a session opens those who come in are reminded (clause 九.3).
    pub before_session: TimeDelta,
    /// Days after its change day after which a change that nobody carried out is closed.
    pub expire_after_days: u32,
    /// When those who come in next morning are told the evening before.
    pub session_eve: NaiveTime,
    /// When development leads hear of what was not filed yet; before the cut-off.
    pub cutoff_reminder: NaiveTime,
    /// Reminders due to one person within so many seconds go out as one.
    pub bundle_seconds: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            approval_reminder: TimeDelta::minutes(30),
            emergency_approval_reminder: TimeDelta::minutes(15),
            approval_reminders: 3,
            verification_reminder: TimeDelta::minutes(30),
            verification_reminders: 3,
            duty_reminder: TimeDelta::minutes(30),
            duty_reminders: 3,
            before_close: TimeDelta::minutes(30),
            anomaly_time_out: TimeDelta::minutes(15),
            before_session: TimeDelta::minutes(30),
            expire_after_days: 7,
            session_eve: NaiveTime::from_hms_opt(20, 30, 0).unwrap_or(NaiveTime::MIN),
            cutoff_reminder: NaiveTime::from_hms_opt(14, 30, 0).unwrap_or(NaiveTime::MIN),
            bundle_seconds: 60,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PaceFile {
    approval_reminder_minutes: Option<Spanned<u32>>,
    emergency_approval_reminder_minutes: Option<Spanned<u32>>,
    approval_reminders: Option<Spanned<u32>>,
    verification_reminder_minutes: Option<Spanned<u32>>,
    verification_reminders: Option<Spanned<u32>>,
    duty_reminder_minutes: Option<Spanned<u32>>,
    duty_reminders: Option<Spanned<u32>>,
    before_close_minutes: Option<Spanned<u32>>,
    anomaly_time_out_minutes: Option<Spanned<u32>>,
    before_session_minutes: Option<Spanned<u32>>,
    expire_after_days: Option<Spanned<u32>>,
    session_eve: Option<Spanned<String>>,
    cutoff_reminder: Option<Spanned<String>>,
    bundle_seconds: Option<Spanned<u32>>,
}

/// How far before the cut-off its reminder goes out where the file does not say when.
const BEFORE_CUTOFF: TimeDelta = TimeDelta::minutes(30);

pub(super) fn pace(file: PaceFile, cutoff: NaiveTime) -> Result<Pace, Mistake> {
    let default = Pace::default();
    Ok(Pace {
        approval_reminder: minutes(file.approval_reminder_minutes, default.approval_reminder)?,
        emergency_approval_reminder: minutes(
            file.emergency_approval_reminder_minutes,
            default.emergency_approval_reminder,
        )?,
        approval_reminders: reminders(file.approval_reminders, default.approval_reminders)?,
        verification_reminder: minutes(file.verification_reminder_minutes, default.verification_reminder)?,
        verification_reminders: reminders(file.verification_reminders, default.verification_reminders)?,
        duty_reminder: minutes(file.duty_reminder_minutes, default.duty_reminder)?,
        duty_reminders: reminders(file.duty_reminders, default.duty_reminders)?,
        before_close: minutes(file.before_close_minutes, default.before_close)?,
        anomaly_time_out: minutes(file.anomaly_time_out_minutes, default.anomaly_time_out)?,
        before_session: minutes(file.before_session_minutes, default.before_session)?,
        expire_after_days: within(file.expire_after_days, default.expire_after_days, 1, 90)?,
        session_eve: file.session_eve.as_ref().map_or(Ok(default.session_eve), time)?,
        cutoff_reminder: cutoff_reminder(file.cutoff_reminder.as_ref(), cutoff)?,
        bundle_seconds: within(file.bundle_seconds, default.bundle_seconds, 0, 600)?,
    })
}

fn cutoff_reminder(written: Option<&Spanned<String>>, cutoff: NaiveTime) -> Result<NaiveTime, Mistake> {
    let Some(written) = written else {
        let (reminder, days_wrapped) = cutoff.overflowing_sub_signed(BEFORE_CUTOFF);
        return Ok(if days_wrapped == 0 {
            reminder
        } else {
            NaiveTime::MIN
        });
    };
    let reminder = time(written)?;
    if reminder < cutoff {
        Ok(reminder)
    } else {
        let message = format!("the reminder at {reminder} does not come before the cut-off at {cutoff}");
        Err((written.span(), message))
    }
}

/// A day at most: whoever waits longer has no reminder at all.
fn minutes(written: Option<Spanned<u32>>, default: TimeDelta) -> Result<TimeDelta, Mistake> {
    written.map_or(Ok(default), |written| {
        within(Some(written), 0, 1, 24 * 60).map(|minutes| TimeDelta::minutes(i64::from(minutes)))
    })
}

fn reminders(written: Option<Spanned<u32>>, default: u32) -> Result<u32, Mistake> {
    within(written, default, 0, 10)
}

fn within(written: Option<Spanned<u32>>, default: u32, least: u32, most: u32) -> Result<u32, Mistake> {
    match written {
        None => Ok(default),
        Some(written) if (least..=most).contains(written.as_ref()) => Ok(written.into_inner()),
        Some(written) => Err((
            written.span(),
            format!("`{}` is not between {least} and {most}", written.as_ref()),
        )),
    }
}

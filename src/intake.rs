//! WeCom's approval detail into the policy's submission, by the configured field mapping.

mod controls;

use changegate_policy::{Field, People, PlannedTime, Policy, RelatedApproval, Submission, UserId};
use changegate_wecom::approval::{ApprovalDetail, Content, Control, DateKind, DateRange, DateValue};
use changegate_wecom::message::is_userid;
use chrono::{DateTime, Utc};

use crate::config::Fields;

/// Why an approval cannot be read as a submission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IntakeError {
    /// Without it neither change day nor cut-off can be told.
    #[error("审批单 {sp_no} 没有可用的提交时间（apply_time）")]
    NoApplyTime {
        /// The form.
        sp_no: String,
    },
}

/// The submission as its applicant filled it in. `policy` gives the zone of days.
pub(crate) fn submission(
    detail: &ApprovalDetail,
    fields: &Fields,
    policy: &Policy,
) -> Result<Submission, IntakeError> {
    let apply_time = detail
        .apply_time
        .filter(|seconds| *seconds > 0)
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .ok_or_else(|| IntakeError::NoApplyTime {
            sp_no: detail.sp_no.clone(),
        })?;
    let form = Form(detail.contents());
    Ok(Submission {
        sp_no: detail.sp_no.clone(),
        applicants: detail
            .applicants()
            .filter(|id| is_userid(id))
            .map(UserId::new)
            .collect(),
        apply_time,
        title: form.read(&fields.title, controls::text),
        urgency: form.read(&fields.urgency, controls::text),
        description: form.read(&fields.description, controls::text),
        rollback: form.read(&fields.rollback, controls::text),
        product_manager: form.read(&fields.product_manager, people),
        tester: form.read(&fields.tester, people),
        middle_platform: form.read(&fields.middle_platform, controls::text),
        attachments: form.read(&fields.attachments, files),
        related: form.read(&fields.related, related),
        planned_time: form.read(&fields.planned_time, |control| planned_time(control, policy)),
        images: form.read(&fields.images, controls::text),
        markets: form.read(&fields.markets, controls::text),
    })
}

/// From when until when a change is planned, where the form gives instants.
pub(crate) fn planned_instants(submission: &Submission) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    match submission.planned_time.value() {
        Some(PlannedTime::Instant(at)) => (Some(*at), None),
        Some(PlannedTime::Range(from, until)) => (Some(*from), Some(*until)),
        Some(PlannedTime::Day(_)) | None => (None, None),
    }
}

struct Form<'a>(&'a [Content]);

impl Form<'_> {
    /// The first shown control of that title (in any language) or id which holds something. A control that is
    /// there and holds nothing, or is hidden, is empty; no control at all is absent.
    fn read<T>(&self, wanted: &str, read: impl Fn(&Control) -> Option<T>) -> Field<T> {
        let mut found = false;
        for content in self.0.iter().filter(|content| is(content, wanted)) {
            found = true;
            if content.is_hidden() {
                continue;
            }
            if let Some(value) = read(&content.value) {
                return Field::Filled(value);
            }
        }
        if found {
            Field::Empty
        } else {
            Field::Absent(wanted.to_owned())
        }
    }
}

fn is(content: &Content, wanted: &str) -> bool {
    let wanted = wanted.trim();
    content.id == wanted || content.title.iter().any(|title| title.text.trim() == wanted)
}

fn people(control: &Control) -> Option<People> {
    let people = match control {
        Control::Contact(contact) => People {
            members: contact
                .members
                .iter()
                .map(|member| UserId::new(&member.userid))
                .collect(),
            departments: contact
                .departments
                .iter()
                .map(|department| department.name.clone())
                .collect(),
        },
        other => People {
            members: vec![UserId::new(controls::text(other)?)],
            departments: Vec::new(),
        },
    };
    let members: Vec<UserId> = people
        .members
        .into_iter()
        .filter(|member| !member.is_empty())
        .collect();
    let nobody = members.is_empty() && people.departments.is_empty();
    (!nobody).then_some(People {
        members,
        departments: people.departments,
    })
}

fn files(control: &Control) -> Option<Vec<String>> {
    let Control::File(files) = control else {
        return None;
    };
    let ids: Vec<String> = files
        .iter()
        .map(|file| file.file_id.clone())
        .filter(|id| !id.is_empty())
        .collect();
    (!ids.is_empty()).then_some(ids)
}

fn related(control: &Control) -> Option<Vec<RelatedApproval>> {
    let Control::RelatedApproval(flows) = control else {
        return None;
    };
    let flows: Vec<RelatedApproval> = flows
        .iter()
        .filter(|flow| !flow.sp_no.is_empty())
        .map(|flow| RelatedApproval {
            sp_no: flow.sp_no.clone(),
            template_name: flow.template_name().to_owned(),
        })
        .collect();
    (!flows.is_empty()).then_some(flows)
}

fn planned_time(control: &Control, policy: &Policy) -> Option<PlannedTime> {
    let instant = |seconds: Option<i64>| {
        seconds
            .filter(|seconds| *seconds > 0)
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
    };
    let day = |at: DateTime<Utc>| PlannedTime::Day(policy.day_of(at));
    match control {
        Control::Date(DateValue {
            kind: DateKind::Hour,
            timestamp,
        }) => instant(*timestamp).map(PlannedTime::Instant),
        Control::Date(DateValue {
            kind: DateKind::Day | DateKind::HalfDay,
            timestamp,
        }) => instant(*timestamp).map(day),
        Control::DateRange(DateRange {
            kind: DateKind::Hour,
            begin,
            end,
            ..
        }) => {
            let from = instant(*begin)?;
            Some(instant(*end).map_or(PlannedTime::Instant(from), |until| {
                PlannedTime::Range(from, until)
            }))
        }
        Control::DateRange(DateRange {
            kind: DateKind::Day | DateKind::HalfDay,
            begin,
            ..
        }) => instant(*begin).map(day),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

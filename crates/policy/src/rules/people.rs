//! What `product-manager` and `tester` have in common: a member other than the applicant who holds the role.

use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::Role;
use crate::submission::{Field, People, UserId};

/// A contact field of the form, and the role that its members need.
pub(super) struct Contact<'a> {
    pub(super) label: &'static str,
    pub(super) role: Role,
    pub(super) field: &'a Field<People>,
}

pub(super) fn judge(context: &Context<'_>, contact: &Contact<'_>) -> Judgement {
    let label = contact.label;
    let people = match contact.field {
        Field::Absent(control) => {
            return fail(
                format!("表单缺少控件“{control}”，无法填写{label}；请管理员核对审批模板"),
                None,
            );
        }
        Field::Empty => return fail(format!("“{label}”未填写，请选择上线功能对应的{label}"), None),
        Field::Filled(people) => people,
    };
    if people.members.iter().all(UserId::is_empty) {
        return no_member(label, people);
    }
    let others: Vec<&UserId> = others(context, people).collect();
    if others.is_empty() {
        return fail(
            format!("“{label}”只填了发起人本人，请选择上线功能对应的{label}"),
            Some(list(context, &people.members)),
        );
    }
    holder(context, contact, &others)
}

/// The members who are not the applicant.
pub(super) fn others<'a>(context: &Context<'a>, people: &'a People) -> impl Iterator<Item = &'a UserId> {
    let applicants = &context.submission.applicants;
    people
        .members
        .iter()
        .filter(move |member| !member.is_empty() && !applicants.contains(member))
}

/// The members' names, for a message.
pub(super) fn list<'a>(context: &Context<'_>, members: impl IntoIterator<Item = &'a UserId>) -> String {
    let name = |member: &'a UserId| {
        context.directory().map_or_else(
            || member.as_str().to_owned(),
            |known| known.name_of(member).to_owned(),
        )
    };
    members.into_iter().map(name).collect::<Vec<_>>().join("、")
}

fn no_member(label: &str, people: &People) -> Judgement {
    if people.departments.is_empty() {
        return fail(format!("“{label}”未填写，请选择上线功能对应的{label}"), None);
    }
    let departments = people.departments.join("、");
    fail(
        format!("“{label}”填的是部门“{departments}”，请改选具体的人"),
        Some(departments),
    )
}

fn holder(context: &Context<'_>, contact: &Contact<'_>, others: &[&UserId]) -> Judgement {
    let label = contact.label;
    let Some(directory) = context.directory() else {
        return Judgement::Pass;
    };
    if others.iter().any(|member| directory.holds(member, contact.role)) {
        return Judgement::Pass;
    }
    let names = list(context, others.iter().copied());
    if others.iter().any(|member| !directory.knows(member)) {
        let message = format!("“{label}”中的{names}不在通讯录名册中，无法确认是否为{label}，请核对");
        return Judgement::Warn(Finding {
            message,
            evidence: Some((names, None)),
            fix: None,
        });
    }
    fail(
        format!("“{label}”中的{names}在通讯录中不是{label}，请改选上线功能对应的{label}"),
        Some(names),
    )
}

fn fail(message: String, evidence: Option<String>) -> Judgement {
    Judgement::Fail(Finding {
        message,
        evidence: evidence.map(|text| (text, None)),
        fix: None,
    })
}

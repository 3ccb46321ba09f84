//! Approvals as the page shows them: the lists of one member, and one approval with its chain.

use chrono::DateTime;
use chrono_tz::Asia::Shanghai;
use serde_json::Value;

use super::day_and_time;
use crate::approval::{Approval, FormStatus, Node, NodeKind, Opinion};
use crate::fields::{list, text};
use crate::hub::Hub;

/// A line in a list of approvals.
pub(crate) struct Line {
    pub(crate) sp_no: String,
    pub(crate) title: String,
    pub(crate) applicant: String,
    pub(crate) userid: String,
    pub(crate) time: String,
    pub(crate) status: &'static str,
    pub(crate) tone: &'static str,
}

/// An approval in full.
pub(crate) struct Detail {
    pub(crate) line: Line,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) steps: Vec<Step>,
    pub(crate) comments: Vec<(String, String, String)>,
    /// What an approver may do beside signing: action, word, whom it asks for.
    pub(crate) sign_acts: [(&'static str, &'static str, &'static str); 3],
    pub(crate) can_sign: bool,
    pub(crate) can_urge: bool,
    pub(crate) can_withdraw: bool,
    pub(crate) can_withdraw_passed: bool,
    pub(crate) can_resubmit: bool,
}

/// A node of the chain.
pub(crate) struct Step {
    pub(crate) label: String,
    pub(crate) mode: &'static str,
    pub(crate) state: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) signers: Vec<StepSigner>,
}

/// A member of a node.
pub(crate) struct StepSigner {
    pub(crate) userid: String,
    pub(crate) name: String,
    pub(crate) state: &'static str,
    pub(crate) speech: String,
    pub(crate) time: String,
}

/// The lists of one member under their headings: to sign, own, others; without the empty ones.
pub(crate) fn lists(hub: &Hub, userid: &str) -> Vec<(&'static str, Vec<Line>)> {
    let forms: Vec<Approval> = hub.read(|world| world.approvals.values().rev().take(500).cloned().collect());
    let (mut to_sign, mut own, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for form in forms {
        let own_form = form.applicant.eq_ignore_ascii_case(userid);
        if form.awaits(userid) || (own_form && form.is_returned_to_applicant()) {
            to_sign.push(line(hub, &form));
        } else if own_form {
            own.push(line(hub, &form));
        } else if form.concerns(userid) {
            others.push(line(hub, &form));
        }
    }
    let lists = [
        ("待我处理", to_sign),
        ("我发起的", own),
        ("我已处理与抄送我的", others),
    ];
    lists.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
}

fn line(hub: &Hub, form: &Approval) -> Line {
    let title = form
        .contents
        .iter()
        .find(|content| text(content, "control") == "Text")
        .map(shown)
        .unwrap_or_default();
    let (status, tone) = match form.status {
        FormStatus::InProgress if form.is_returned_to_applicant() => ("已退回", "bad"),
        FormStatus::InProgress => (form.status.label(), "busy"),
        FormStatus::Approved => (form.status.label(), "good"),
        FormStatus::Rejected => (form.status.label(), "bad"),
        FormStatus::Withdrawn | FormStatus::WithdrawnAfterPass | FormStatus::Deleted => {
            (form.status.label(), "quiet")
        }
    };
    Line {
        sp_no: form.sp_no.clone(),
        title: if title.is_empty() {
            form.sp_name.clone()
        } else {
            title
        },
        applicant: hub.name_of(&form.applicant).to_owned(),
        userid: form.applicant.clone(),
        time: day_and_time(form.apply_time),
        status,
        tone,
    }
}

/// One approval as the member sees it.
pub(crate) fn detail(hub: &Hub, sp_no: &str, userid: &str) -> Option<Detail> {
    let form = hub.read(|world| world.approvals.get(sp_no).cloned())?;
    let own = form.applicant.eq_ignore_ascii_case(userid);
    let running = form.status == FormStatus::InProgress;
    let current = form.current().cloned();
    let fields = form
        .contents
        .iter()
        .map(|content| (title_of(content), shown_by(hub, content)));
    Some(Detail {
        line: line(hub, &form),
        fields: fields.filter(|(_, value)| !value.is_empty()).collect(),
        steps: form
            .nodes
            .iter()
            .map(|node| step(hub, node, current.as_ref() == Some(node)))
            .collect(),
        comments: form
            .comments
            .iter()
            .map(|comment| {
                (
                    hub.name_of(&comment.userid).to_owned(),
                    comment.text.clone(),
                    day_and_time(comment.at),
                )
            })
            .collect(),
        sign_acts: [
            ("transfer", "转审", "转给"),
            ("add-signer", "加签", "请谁加签"),
            ("return", "退回", "退回给"),
        ],
        can_sign: form.awaits(userid),
        can_urge: own && running && !form.is_returned_to_applicant(),
        can_withdraw: own && running,
        can_withdraw_passed: own && form.status == FormStatus::Approved,
        can_resubmit: own && form.is_returned_to_applicant(),
    })
}

fn step(hub: &Hub, node: &Node, current: bool) -> Step {
    let (state, tone) = match (node.kind, node.state) {
        (NodeKind::Copy, _) => ("", "wait"),
        (_, Opinion::Pending) if current => ("审批中", "busy"),
        (_, Opinion::Pending) => ("未开始", "wait"),
        (_, Opinion::Agreed | Opinion::Handled) => (node.state.label(), "good"),
        (_, other) => (other.label(), "bad"),
    };
    Step {
        label: node.label.clone(),
        mode: if node.signers.len() > 1 && node.kind != NodeKind::Copy {
            node.mode.label()
        } else {
            ""
        },
        state,
        tone,
        signers: node
            .signers
            .iter()
            .map(|signer| StepSigner {
                userid: signer.userid.clone(),
                name: hub.name_of(&signer.userid).to_owned(),
                state: if signer.opinion == Opinion::Pending {
                    ""
                } else {
                    signer.opinion.label()
                },
                speech: signer.speech.clone(),
                time: signer.at.map(day_and_time).unwrap_or_default(),
            })
            .collect(),
    }
}

fn title_of(content: &Value) -> String {
    list(content, "title")
        .first()
        .map_or("", |title| text(title, "text"))
        .to_owned()
}

fn shown(content: &Value) -> String {
    let value = content.get("value").unwrap_or(&Value::Null);
    match text(content, "control") {
        "Selector" => {
            let options = value
                .pointer("/selector/options")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            joined(options.iter().map(|option| {
                list(option, "value")
                    .first()
                    .map_or("", |name| text(name, "text"))
            }))
        }
        "Contact" => joined(list(value, "members").iter().map(|member| text(member, "name"))),
        "RelatedApproval" => joined(
            list(value, "related_approval")
                .iter()
                .map(|related| text(related, "sp_no")),
        ),
        "Date" => {
            let seconds = value
                .pointer("/date/s_timestamp")
                .and_then(Value::as_str)
                .unwrap_or("");
            let at = seconds
                .parse()
                .ok()
                .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            at.map(|at| at.with_timezone(&Shanghai).format("%Y-%m-%d %H:%M").to_string())
                .unwrap_or_default()
        }
        _ => text(value, "text").to_owned(),
    }
}

fn shown_by(hub: &Hub, content: &Value) -> String {
    if text(content, "control") != "File" {
        return shown(content);
    }
    let files = content.get("value").map_or(&[][..], |value| list(value, "files"));
    hub.read(|world| {
        joined(files.iter().map(|file| {
            world
                .media
                .get(text(file, "file_id"))
                .map_or("文件", |media| media.name.as_str())
        }))
    })
}

fn joined<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.collect::<Vec<_>>().join("、")
}

//! Approval forms as WeCom's `oa` calls tell them, and who has signed and whose turn it is.
//!
//! Reading is tolerant (WeCom's types waver, its parts are often missing); only the form's number is
//! required. Knows no rule and no change.

mod apply;
mod codes;
mod control;
mod filing;
mod flow;
mod reply;
mod template;

use serde::{Deserialize, Serialize};

pub use self::apply::{ApplyEvent, ApplyFlow, ApplyLimit, ApplyNode};
pub use self::codes::{ChangeKind, FormStatus, NodeStatus};
pub use self::control::{
    Attendance, BankAccount, Contact, Content, Control, DateKind, DateRange, DateValue, Department, FileRef,
    Location, Member, PunchCorrection, RelatedApproval, Selector, SelectorOption, Vacation,
};
pub use self::filing::{Filing, FilingError, FilingFault};
pub use self::flow::{Mode, Node, NodeKind, NodeMember, nodes};
pub use self::reply::ReplyError;
pub use self::template::{
    SelectorConfig, TableConfig, TemplateConfig, TemplateContent, TemplateControl, TemplateDetail,
    TemplateProperty, TypeConfig,
};
use crate::lenient;

/// A form with everything that `oa/getapprovaldetail` says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApprovalDetail {
    /// The form's number.
    #[serde(deserialize_with = "required_text")]
    pub sp_no: String,
    /// The template's name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub sp_name: String,
    /// Where the form stands.
    #[serde(default)]
    pub sp_status: FormStatus,
    /// The template.
    #[serde(default, deserialize_with = "lenient::text")]
    pub template_id: String,
    /// When it was submitted, seconds since 1970.
    #[serde(default, deserialize_with = "lenient::int")]
    pub apply_time: Option<i64>,
    /// Who submitted it; absent on a form for several applicants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applyer: Option<Applyer>,
    /// The applicants of a form for several.
    #[serde(
        default,
        deserialize_with = "lenient::many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub batch_applyer: Vec<Applyer>,
    /// The older view of the signatures.
    #[serde(default, deserialize_with = "lenient::many")]
    pub sp_record: Vec<Record>,
    /// Who is copied.
    #[serde(default, deserialize_with = "lenient::many")]
    pub notifyer: Vec<UserRef>,
    /// What was filled in.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub apply_data: ApplyData,
    /// Comments, oldest first.
    #[serde(default, deserialize_with = "lenient::many")]
    pub comments: Vec<Comment>,
    /// The newer view of the signatures: also copies, handlers, returns.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub process_list: ProcessList,
}

impl ApprovalDetail {
    /// Reads the reply of `oa/getapprovaldetail`, whole or only its `info`.
    pub fn parse_reply(text: &str) -> Result<Self, ReplyError> {
        reply::parse(text)
    }

    /// As [`parse_reply`](Self::parse_reply), for a reply already in memory as a value.
    pub fn parse_value(value: &serde_json::Value) -> Result<Self, ReplyError> {
        reply::parse_value(value)
    }

    /// Everyone who submitted it: one, or each of a batch.
    pub fn applicants(&self) -> impl Iterator<Item = &str> {
        self.applyer
            .iter()
            .chain(&self.batch_applyer)
            .map(|who| who.userid.as_str())
            .filter(|id| !id.is_empty())
    }

    /// The controls at the top of the form.
    pub fn contents(&self) -> &[Content] {
        &self.apply_data.contents
    }

    /// The signatures in order, from whichever view there is.
    pub fn nodes(&self) -> Vec<Node> {
        nodes(&self.process_list.node_list, &self.sp_record, &self.notifyer)
    }

    /// The first node in order that is not finished, of a form still in progress.
    pub fn current_node(&self) -> Option<Node> {
        flow::current_node(self.sp_status, self.nodes())
    }

    /// Whose signature is awaited now.
    pub fn current_approvers(&self) -> Vec<String> {
        match self.current_node() {
            Some(node) if node.kind == NodeKind::Approver => node.awaited(),
            _ => Vec::new(),
        }
    }

    /// Whether someone sent the form back to an earlier approver and it is still on its way.
    pub fn is_returned(&self) -> bool {
        !self.sp_status.is_final() && self.nodes().iter().any(Node::is_returned)
    }
}

/// A member who submitted a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applyer {
    /// The member.
    #[serde(default, deserialize_with = "lenient::text")]
    pub userid: String,
    /// The department submitted for.
    #[serde(default, deserialize_with = "lenient::text")]
    pub partyid: String,
}

/// A member.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRef {
    /// The member.
    #[serde(default, deserialize_with = "lenient::text")]
    pub userid: String,
}

/// The filled-in controls.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ApplyData {
    /// In the order of the form.
    #[serde(default, deserialize_with = "lenient::many")]
    pub contents: Vec<Content>,
}

/// One approval step in the older view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Where the step stands.
    #[serde(default)]
    pub sp_status: NodeStatus,
    /// 1 any of them, 2 all of them: the opposite of [`ProcessNode::apv_rel`].
    #[serde(default, deserialize_with = "lenient::int")]
    pub approverattr: Option<i64>,
    /// One entry per approver.
    #[serde(default, deserialize_with = "lenient::many")]
    pub details: Vec<RecordDetail>,
}

/// One approver of a step in the older view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDetail {
    /// The approver.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub approver: UserRef,
    /// What was said with it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub speech: String,
    /// What this approver did.
    #[serde(default)]
    pub sp_status: NodeStatus,
    /// When, seconds since 1970; 0 or absent: not yet.
    #[serde(default, deserialize_with = "lenient::int")]
    pub sptime: Option<i64>,
    /// Attachments.
    #[serde(default, deserialize_with = "lenient::many")]
    pub media_id: Vec<String>,
}

/// The newer view of the flow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessList {
    /// The steps in order.
    #[serde(default, deserialize_with = "lenient::many")]
    pub node_list: Vec<ProcessNode>,
}

/// One step in the newer view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessNode {
    /// 1 approvers, 2 copies, 3 handlers.
    #[serde(default, deserialize_with = "lenient::int")]
    pub node_type: Option<i64>,
    /// Where the step stands; absent on copies.
    #[serde(default)]
    pub sp_status: NodeStatus,
    /// 1 all of them, 2 any of them, 3 one after the other: the opposite of [`Record::approverattr`].
    #[serde(default, deserialize_with = "lenient::int")]
    pub apv_rel: Option<i64>,
    /// One entry per member.
    #[serde(default, deserialize_with = "lenient::many")]
    pub sub_node_list: Vec<SubNode>,
}

/// One member of a step in the newer view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubNode {
    /// The member.
    #[serde(default, deserialize_with = "lenient::text")]
    pub userid: String,
    /// What was said with it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub speech: String,
    /// What this member did.
    #[serde(default)]
    pub sp_yj: NodeStatus,
    /// When, seconds since 1970; 0 or absent: not yet.
    #[serde(default, deserialize_with = "lenient::int")]
    pub sptime: Option<i64>,
    /// Attachments.
    #[serde(default, deserialize_with = "lenient::many")]
    pub media_ids: Vec<String>,
}

/// A comment on a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Who wrote it.
    #[serde(default, rename = "commentUserInfo", deserialize_with = "lenient::or_default")]
    pub user: UserRef,
    /// When, seconds since 1970.
    #[serde(default, rename = "commenttime", deserialize_with = "lenient::int")]
    pub time: Option<i64>,
    /// What.
    #[serde(default, rename = "commentcontent", deserialize_with = "lenient::text")]
    pub content: String,
    /// Its number.
    #[serde(default, rename = "commentid", deserialize_with = "lenient::text")]
    pub id: String,
    /// Attachments.
    #[serde(default, deserialize_with = "lenient::many")]
    pub media_id: Vec<String>,
}

/// A text in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LangText {
    /// The text.
    #[serde(default, deserialize_with = "lenient::text")]
    pub text: String,
    /// `zh_CN`, `en`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub lang: String,
}

/// The Chinese text of several, else the first.
pub fn chinese(texts: &[LangText]) -> &str {
    texts
        .iter()
        .find(|text| text.lang.starts_with("zh"))
        .or_else(|| texts.first())
        .map_or("", |text| &text.text)
}

fn required_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = lenient::text(deserializer)?;
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(serde::de::Error::custom("must not be empty"));
    }
    Ok(trimmed.to_owned())
}

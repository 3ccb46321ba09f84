//! `sys_approval_change`. Mind the names: `StatuChangeEvent`, `Applyer` and `Notifyer` are spelt so;
//! `SpTime` in a record is `Sptime` in a node.

use super::Common;
use super::fields::{id, number, once, user_ids, words};
use crate::approval::{
    Applyer, ChangeKind, Comment, FormStatus, Node, NodeStatus, ProcessNode, Record, RecordDetail, SubNode,
    UserRef, nodes,
};
use crate::xml::{Cursor, Fault};

/// A form of the approval app changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApprovalChange {
    /// What every callback carries.
    pub common: Common,
    /// The form's number as text.
    pub sp_no_str: Option<String>,
    /// The form's number as WeCom used to send it.
    pub sp_no_number: Option<String>,
    /// The template's name.
    pub sp_name: Option<String>,
    /// Where the form stands after the change.
    pub status: FormStatus,
    /// The template.
    pub template_id: Option<String>,
    /// When it was submitted, seconds since 1970.
    pub apply_time: Option<i64>,
    /// Who submitted it.
    pub applyers: Vec<Applyer>,
    /// The older view of the signatures.
    pub records: Vec<Record>,
    /// Who is copied.
    pub notifyers: Vec<UserRef>,
    /// The newer view of the signatures.
    pub process: Vec<ProcessNode>,
    /// Comments.
    pub comments: Vec<Comment>,
    /// What happened.
    pub change: ChangeKind,
}

impl ApprovalChange {
    /// The form's number.
    pub fn sp_no(&self) -> Option<&str> {
        self.sp_no_str.as_deref().or(self.sp_no_number.as_deref())
    }

    /// The template.
    pub fn template_id(&self) -> Option<&str> {
        self.template_id.as_deref()
    }

    /// Where the form stands after the change.
    pub fn status(&self) -> FormStatus {
        self.status
    }

    /// What happened.
    pub fn change(&self) -> ChangeKind {
        self.change
    }

    /// When it happened, seconds since 1970.
    pub fn create_time(&self) -> Option<i64> {
        self.common.create_time
    }

    /// Who submitted the form.
    pub fn applicants(&self) -> impl Iterator<Item = &str> {
        self.applyers.iter().map(|who| who.userid.as_str())
    }

    /// The signatures in order, from whichever view there is.
    pub fn nodes(&self) -> Vec<Node> {
        nodes(&self.process, &self.records, &self.notifyers)
    }
}

pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Box<ApprovalChange>, Fault> {
    let mut out = Box::<ApprovalChange>::default();
    let (mut status, mut change) = (None, None);
    cursor.children(|cursor, name| match name {
        "SpNoStr" => once(&mut out.sp_no_str, id(cursor)?, name),
        "SpNo" => once(&mut out.sp_no_number, id(cursor)?, name),
        "SpName" => once(&mut out.sp_name, words(cursor)?, name),
        "SpStatus" => once(&mut status, number(cursor)?, name),
        "TemplateId" => once(&mut out.template_id, id(cursor)?, name),
        "ApplyTime" => once(&mut out.apply_time, number(cursor)?, name),
        "StatuChangeEvent" => once(&mut change, number(cursor)?, name),
        "Applyer" | "BatchApplyer" => {
            let applyer = applyer(cursor)?;
            if !applyer.userid.is_empty() {
                out.applyers.push(applyer);
            }
            Ok(())
        }
        "SpRecord" => {
            out.records.push(record(cursor)?);
            Ok(())
        }
        "Notifyer" => {
            let notifyers = &mut out.notifyers;
            user_ids(cursor, |userid| notifyers.push(UserRef { userid }))
        }
        "ProcessList" => {
            let process = &mut out.process;
            cursor.children(|cursor, name| match name {
                "NodeList" => {
                    process.push(node(cursor)?);
                    Ok(())
                }
                _ => cursor.skip(),
            })
        }
        "Comments" => {
            out.comments.push(comment(cursor)?);
            Ok(())
        }
        _ => cursor.skip(),
    })?;
    out.status = FormStatus::from_code(status.unwrap_or_default());
    out.change = ChangeKind::from_code(change.unwrap_or_default());
    Ok(out)
}

fn applyer(cursor: &mut Cursor<'_>) -> Result<Applyer, Fault> {
    let (mut userid, mut partyid) = (None, None);
    cursor.children(|cursor, name| match name {
        "UserId" => once(&mut userid, id(cursor)?, name),
        "Party" => once(&mut partyid, id(cursor)?, name),
        _ => cursor.skip(),
    })?;
    Ok(Applyer {
        userid: userid.unwrap_or_default(),
        partyid: partyid.unwrap_or_default(),
    })
}

fn record(cursor: &mut Cursor<'_>) -> Result<Record, Fault> {
    let mut out = Record::default();
    let mut status = None;
    cursor.children(|cursor, name| match name {
        "SpStatus" => once(&mut status, number(cursor)?, name),
        "ApproverAttr" => once(&mut out.approverattr, number(cursor)?, name),
        "Details" => {
            out.details.push(detail(cursor)?);
            Ok(())
        }
        _ => cursor.skip(),
    })?;
    out.sp_status = NodeStatus::from_code(status.unwrap_or_default());
    Ok(out)
}

fn detail(cursor: &mut Cursor<'_>) -> Result<RecordDetail, Fault> {
    let mut out = RecordDetail::default();
    let (mut status, mut speech) = (None, None);
    cursor.children(|cursor, name| match name {
        // The page for third parties says Approvor in one place.
        "Approver" | "Approvor" => user_ids(cursor, |userid| out.approver.userid = userid),
        "Speech" => once(&mut speech, words(cursor)?, name),
        "SpStatus" => once(&mut status, number(cursor)?, name),
        "SpTime" => once(&mut out.sptime, number(cursor)?, name),
        "Attach" | "MediaId" => {
            out.media_id.extend(id(cursor)?);
            Ok(())
        }
        _ => cursor.skip(),
    })?;
    out.speech = speech.unwrap_or_default();
    out.sp_status = NodeStatus::from_code(status.unwrap_or_default());
    Ok(out)
}

fn node(cursor: &mut Cursor<'_>) -> Result<ProcessNode, Fault> {
    let mut out = ProcessNode::default();
    let mut status = None;
    cursor.children(|cursor, name| match name {
        "NodeType" => once(&mut out.node_type, number(cursor)?, name),
        "SpStatus" => once(&mut status, number(cursor)?, name),
        "ApvRel" => once(&mut out.apv_rel, number(cursor)?, name),
        "SubNodeList" => {
            out.sub_node_list.push(sub_node(cursor)?);
            Ok(())
        }
        _ => cursor.skip(),
    })?;
    out.sp_status = NodeStatus::from_code(status.unwrap_or_default());
    Ok(out)
}

fn sub_node(cursor: &mut Cursor<'_>) -> Result<SubNode, Fault> {
    let mut out = SubNode::default();
    let (mut status, mut speech) = (None, None);
    cursor.children(|cursor, name| match name {
        "UserInfo" => user_ids(cursor, |userid| out.userid = userid),
        "Speech" => once(&mut speech, words(cursor)?, name),
        "SpYj" => once(&mut status, number(cursor)?, name),
        "Sptime" | "SpTime" => once(&mut out.sptime, number(cursor)?, name),
        "MediaIds" => {
            out.media_ids.extend(id(cursor)?);
            Ok(())
        }
        _ => cursor.skip(),
    })?;
    out.speech = speech.unwrap_or_default();
    out.sp_yj = NodeStatus::from_code(status.unwrap_or_default());
    Ok(out)
}

fn comment(cursor: &mut Cursor<'_>) -> Result<Comment, Fault> {
    let mut out = Comment::default();
    let (mut content, mut number_of_it) = (None, None);
    cursor.children(|cursor, name| match name {
        "CommentUserInfo" => user_ids(cursor, |userid| out.user.userid = userid),
        "CommentTime" => once(&mut out.time, number(cursor)?, name),
        "CommentContent" => once(&mut content, words(cursor)?, name),
        "CommentId" => once(&mut number_of_it, id(cursor)?, name),
        "Attach" | "MediaId" => {
            out.media_id.extend(id(cursor)?);
            Ok(())
        }
        _ => cursor.skip(),
    })?;
    out.content = content.unwrap_or_default();
    out.id = number_of_it.unwrap_or_default();
    Ok(out)
}

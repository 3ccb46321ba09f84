//! `open_approval_change`, of the flow engine inside an app: another product than the approval app. Its
//! official pages spell some names in different ways; here lists are wrapped.

use super::Common;
use super::fields::{id, number, once, words};
use crate::xml::{Cursor, Fault};

/// A flow of the app's own engine changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenApprovalChange {
    /// What every callback carries.
    pub common: Common,
    /// The app's own number of the flow.
    pub third_no: Option<String>,
    /// The template's name.
    pub name: Option<String>,
    /// The template.
    pub template_id: Option<String>,
    /// 1 in progress, 2 approved, 3 rejected, 4 withdrawn.
    pub status: Option<i64>,
    /// When it was submitted, seconds since 1970.
    pub apply_time: Option<i64>,
    /// Who submitted it.
    pub apply_user_id: Option<String>,
    /// Their name.
    pub apply_user_name: Option<String>,
    /// The name of their department.
    pub apply_user_party: Option<String>,
    /// The steps in order.
    pub nodes: Vec<OpenNode>,
    /// Who is copied.
    pub copies: Vec<OpenItem>,
    /// The current step, from 0.
    pub step: Option<i64>,
}

/// A step of such a flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenNode {
    /// 1 in progress, 2 approved, 3 rejected, 4 transferred.
    pub status: Option<i64>,
    /// 1 any of them, 2 all of them.
    pub attr: Option<i64>,
    /// 1 a fixed member, 2 a tag, 3 a superior.
    pub kind: Option<i64>,
    /// One entry per member.
    pub items: Vec<OpenItem>,
}

/// A member of such a flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenItem {
    /// The member.
    pub user_id: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// The name of their department.
    pub party: Option<String>,
    /// What this member did, numbered as the step.
    pub status: Option<i64>,
    /// What was said with it.
    pub speech: Option<String>,
    /// When, seconds since 1970.
    pub time: Option<i64>,
}

impl OpenApprovalChange {
    /// The app's own number of the flow.
    pub fn third_no(&self) -> Option<&str> {
        self.third_no.as_deref()
    }
}

pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Box<OpenApprovalChange>, Fault> {
    let mut out = Box::<OpenApprovalChange>::default();
    cursor.children(|cursor, name| match name {
        "ThirdNo" => once(&mut out.third_no, id(cursor)?, name),
        "OpenSpName" => once(&mut out.name, words(cursor)?, name),
        "OpenTemplateId" => once(&mut out.template_id, id(cursor)?, name),
        "OpenSpStatus" | "OpenSpstatus" => once(&mut out.status, number(cursor)?, name),
        "ApplyTime" => once(&mut out.apply_time, number(cursor)?, name),
        "ApplyUserId" | "ApplyUserid" => once(&mut out.apply_user_id, id(cursor)?, name),
        "ApplyUserName" | "ApplyUsername" => once(&mut out.apply_user_name, words(cursor)?, name),
        "ApplyUserParty" => once(&mut out.apply_user_party, words(cursor)?, name),
        "ApproverStep" | "approverstep" | "Approverstep" => once(&mut out.step, number(cursor)?, name),
        "ApprovalNodes" => list(cursor, "ApprovalNode", &mut out.nodes, node),
        "NotifyNodes" => list(cursor, "NotifyNode", &mut out.copies, item),
        _ => cursor.skip(),
    })?;
    Ok(out)
}

fn node(cursor: &mut Cursor<'_>) -> Result<OpenNode, Fault> {
    let mut out = OpenNode::default();
    cursor.children(|cursor, name| match name {
        "NodeStatus" => once(&mut out.status, number(cursor)?, name),
        "NodeAttr" => once(&mut out.attr, number(cursor)?, name),
        "NodeType" => once(&mut out.kind, number(cursor)?, name),
        "Items" => list(cursor, "Item", &mut out.items, item),
        _ => cursor.skip(),
    })?;
    Ok(out)
}

fn item(cursor: &mut Cursor<'_>) -> Result<OpenItem, Fault> {
    let mut out = OpenItem::default();
    cursor.children(|cursor, name| match name {
        "ItemUserId" | "ItemUserid" => once(&mut out.user_id, id(cursor)?, name),
        "ItemName" => once(&mut out.name, words(cursor)?, name),
        "ItemParty" => once(&mut out.party, words(cursor)?, name),
        "ItemStatus" => once(&mut out.status, number(cursor)?, name),
        "ItemSpeech" => once(&mut out.speech, words(cursor)?, name),
        "ItemOpTime" => once(&mut out.time, number(cursor)?, name),
        _ => cursor.skip(),
    })?;
    Ok(out)
}

fn list<T>(
    cursor: &mut Cursor<'_>,
    entry: &str,
    out: &mut Vec<T>,
    read: impl Fn(&mut Cursor<'_>) -> Result<T, Fault>,
) -> Result<(), Fault> {
    cursor.children(|cursor, name| {
        if name == entry {
            out.push(read(cursor)?);
            Ok(())
        } else {
            cursor.skip()
        }
    })
}

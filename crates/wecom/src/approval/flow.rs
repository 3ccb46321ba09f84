//! The steps of a form, from whichever of WeCom's two views there is.
//!
//! The views number the same thing in opposite ways: `approverattr` 1 is any and 2 all, `apv_rel` 1 is all,
//! 2 any and 3 one after the other. WeCom does not say how steps not yet reached differ, so the current
//! step is the first in order that is not finished.

use super::{FormStatus, NodeStatus, ProcessNode, Record, UserRef};

/// One step of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What its members do.
    pub kind: NodeKind,
    /// How many of them have to.
    pub mode: Mode,
    /// Where it stands.
    pub status: NodeStatus,
    /// In order.
    pub members: Vec<NodeMember>,
}

/// What the members of a step do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// They sign.
    Approver,
    /// They are told.
    Cc,
    /// They carry out.
    Handler,
}

/// How many members of a step have to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// One is enough (或签).
    Any,
    /// Everyone (会签).
    All,
    /// Everyone, one after the other (依次审批).
    Sequential,
}

/// A member of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeMember {
    /// The member.
    pub userid: String,
    /// What this member did.
    pub status: NodeStatus,
    /// When, seconds since 1970; none: not yet.
    pub acted_at: Option<i64>,
    /// What was said with it; empty: nothing.
    pub speech: String,
}

/// The steps in order: of the newer view where there is one, else of the older with the copies behind.
pub fn nodes(process: &[ProcessNode], records: &[Record], copies: &[UserRef]) -> Vec<Node> {
    if !process.is_empty() {
        return process.iter().map(from_process).collect();
    }
    let mut out: Vec<Node> = records.iter().map(from_record).collect();
    if !copies.is_empty() {
        out.push(Node {
            kind: NodeKind::Cc,
            mode: Mode::All,
            status: NodeStatus::default(),
            members: copies
                .iter()
                .map(|copy| member(&copy.userid, NodeStatus::default(), None, ""))
                .collect(),
        });
    }
    out
}

impl Node {
    /// Whether nothing is awaited from it.
    pub fn is_finished(&self) -> bool {
        if self.kind == NodeKind::Cc || self.status.is_decided() {
            return true;
        }
        if self.status == NodeStatus::Pending || self.members.is_empty() {
            return false;
        }
        match self.mode {
            Mode::Any => {
                let decided = self.members.iter().any(|member| member.status.is_decided());
                decided || self.awaited().is_empty()
            }
            Mode::All | Mode::Sequential => self.awaited().is_empty(),
        }
    }

    /// Whether a member sent the form back from here.
    pub fn is_returned(&self) -> bool {
        self.status == NodeStatus::Returned
            || self
                .members
                .iter()
                .any(|member| member.status == NodeStatus::Returned)
    }

    /// Who has to act here now: of a sequence the next, else all who have not yet.
    ///
    /// Who handed over is replaced by whoever took over; who added a signer or sent the form back waits
    /// for the others.
    pub fn awaited(&self) -> Vec<String> {
        let mut pending = self.with(|status| matches!(status, NodeStatus::Pending | NodeStatus::Other(_)));
        if pending.is_empty() {
            pending = self.with(|status| matches!(status, NodeStatus::AddedSigner | NodeStatus::Returned));
        }
        if self.mode == Mode::Sequential {
            pending.truncate(1);
        }
        pending
    }

    /// Whether all who still have to act here have added a signer: WeCom shows the added one in this step, or in
    /// one of its own right behind.
    fn waits_for_added_signer(&self) -> bool {
        !self.has_pending()
            && self
                .members
                .last()
                .is_some_and(|member| member.status == NodeStatus::AddedSigner)
    }

    fn has_pending(&self) -> bool {
        self.members
            .iter()
            .any(|member| matches!(member.status, NodeStatus::Pending | NodeStatus::Other(_)))
    }

    fn with(&self, wanted: impl Fn(NodeStatus) -> bool) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for member in self.members.iter().filter(|member| wanted(member.status)) {
            if !member.userid.is_empty() && !out.iter().any(|seen| seen.eq_ignore_ascii_case(&member.userid))
            {
                out.push(member.userid.clone());
            }
        }
        out
    }
}

pub(crate) fn current_node(status: FormStatus, nodes: Vec<Node>) -> Option<Node> {
    if status.is_final() {
        return None;
    }
    let mut steps = nodes
        .into_iter()
        .filter(|node| node.kind != NodeKind::Cc)
        .skip_while(Node::is_finished);
    let current = steps.next()?;
    if current.waits_for_added_signer()
        && let Some(added) = steps
            .next()
            .filter(|next| !next.is_finished() && next.has_pending())
    {
        return Some(added);
    }
    Some(current)
}

fn from_process(node: &ProcessNode) -> Node {
    let kind = match node.node_type {
        Some(2) => NodeKind::Cc,
        Some(3) => NodeKind::Handler,
        _ => NodeKind::Approver,
    };
    let mode = match node.apv_rel {
        Some(2) => Mode::Any,
        Some(3) => Mode::Sequential,
        _ => Mode::All,
    };
    let members = node
        .sub_node_list
        .iter()
        .map(|sub| member(&sub.userid, sub.sp_yj, sub.sptime, &sub.speech))
        .collect();
    Node {
        kind,
        mode,
        status: node.sp_status,
        members,
    }
}

fn from_record(record: &Record) -> Node {
    let mode = match record.approverattr {
        Some(1) => Mode::Any,
        Some(3) => Mode::Sequential,
        _ => Mode::All,
    };
    let members = record
        .details
        .iter()
        .map(|detail| {
            member(
                &detail.approver.userid,
                detail.sp_status,
                detail.sptime,
                &detail.speech,
            )
        })
        .collect();
    Node {
        kind: NodeKind::Approver,
        mode,
        status: record.sp_status,
        members,
    }
}

fn member(userid: &str, status: NodeStatus, time: Option<i64>, speech: &str) -> NodeMember {
    NodeMember {
        userid: userid.to_owned(),
        status,
        acted_at: time.filter(|time| *time > 0),
        speech: speech.to_owned(),
    }
}

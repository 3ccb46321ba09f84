//! One approval of the simulated company and what people do with it. Pure: the time is an argument, and what a
//! person may not do is a [`Refusal`]. Knows no HTTP and no callbacks.

mod act;
mod detail;
mod event;
mod status;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use event::change_event;
pub use status::{ChangeKind, FormStatus, NodeKind, Opinion, SignMode};

/// One person's place in a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// Who.
    pub userid: String,
    /// What they did, [`Opinion::Pending`] until then.
    pub opinion: Opinion,
    /// What they said.
    pub speech: String,
    /// When they acted.
    pub at: Option<DateTime<Utc>>,
    /// Must sign even where one signature is enough (added signers).
    required: bool,
}

impl Signer {
    fn waiting(userid: &str, required: bool) -> Self {
        Self {
            userid: userid.to_owned(),
            opinion: Opinion::Pending,
            speech: String::new(),
            at: None,
            required,
        }
    }

    fn acts(&mut self, opinion: Opinion, speech: &str, now: DateTime<Utc>) {
        self.opinion = opinion;
        speech.clone_into(&mut self.speech);
        self.at = Some(now);
    }
}

/// One node of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// What the node is for.
    pub label: String,
    /// Approver, copy or handler.
    pub kind: NodeKind,
    /// How its members sign.
    pub mode: SignMode,
    /// Where it stands.
    pub state: Opinion,
    /// Its members, with those that were added or transferred to.
    pub signers: Vec<Signer>,
}

impl Node {
    /// A node that nobody has acted on.
    pub fn new(label: impl Into<String>, kind: NodeKind, mode: SignMode, members: &[String]) -> Self {
        Self {
            label: label.into(),
            kind,
            mode,
            state: Opinion::Pending,
            signers: members
                .iter()
                .map(|userid| Signer::waiting(userid, false))
                .collect(),
        }
    }

    fn is_finished(&self) -> bool {
        matches!(self.state, Opinion::Agreed | Opinion::Handled) || self.kind == NodeKind::Copy
    }

    fn reset(&mut self) {
        self.state = Opinion::Pending;
        let mut seen: Vec<String> = Vec::new();
        self.signers.retain(|signer| {
            let first = !seen.contains(&signer.userid);
            seen.push(signer.userid.clone());
            first
        });
        for signer in &mut self.signers {
            *signer = Signer::waiting(&signer.userid, signer.required);
        }
    }

    /// The place at which a member may act now.
    fn place_of(&mut self, userid: &str) -> Option<&mut Signer> {
        let mut waiting = self
            .signers
            .iter_mut()
            .filter(|signer| signer.opinion == Opinion::Pending);
        match self.mode {
            SignMode::Sequential => waiting
                .next()
                .filter(|signer| signer.userid.eq_ignore_ascii_case(userid)),
            SignMode::Any | SignMode::All => {
                waiting.find(|signer| signer.userid.eq_ignore_ascii_case(userid))
            }
        }
    }

    fn is_satisfied(&self) -> bool {
        let waiting = || {
            self.signers
                .iter()
                .filter(|signer| signer.opinion == Opinion::Pending)
        };
        match self.mode {
            SignMode::Any => !waiting().any(|signer| signer.required),
            SignMode::All | SignMode::Sequential => waiting().next().is_none(),
        }
    }
}

/// A comment (备注).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// Its number.
    pub id: String,
    /// Who wrote it.
    pub userid: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub text: String,
}

/// One approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// Its number.
    pub sp_no: String,
    /// The template it was made from.
    pub template_id: String,
    /// The template's name.
    pub sp_name: String,
    /// Where it stands.
    pub status: FormStatus,
    /// When it was submitted.
    pub apply_time: DateTime<Utc>,
    /// Who submitted it.
    pub applicant: String,
    /// The applicant's department id.
    pub party: u32,
    /// The controls as filled in.
    pub contents: Vec<Value>,
    /// Its chain.
    pub nodes: Vec<Node>,
    /// Comments, oldest first.
    pub comments: Vec<Comment>,
}

/// What a person does with an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    /// 同意 (a handler's 办理).
    Approve {
        /// The approver's words.
        #[serde(default)]
        speech: String,
    },
    /// 驳回.
    Reject {
        /// The approver's words.
        #[serde(default)]
        speech: String,
    },
    /// 转审.
    Transfer {
        /// To whom.
        to: String,
        /// The approver's words.
        #[serde(default)]
        speech: String,
    },
    /// 加签: another must sign too; the approver signs after them.
    AddSigner {
        /// Whom.
        to: String,
        /// The approver's words.
        #[serde(default)]
        speech: String,
    },
    /// 同意并加签.
    ApproveAndAddSigner {
        /// Whom.
        to: String,
        /// The approver's words.
        #[serde(default)]
        speech: String,
    },
    /// 退回, to an approver who signed before; without one, to the applicant.
    Return {
        /// To whom.
        #[serde(default)]
        to: Option<String>,
        /// The approver's words.
        #[serde(default)]
        speech: String,
    },
    /// 评论.
    Comment {
        /// The comment.
        text: String,
    },
    /// 催办.
    Urge,
    /// 撤销.
    Withdraw,
    /// 通过后撤销.
    WithdrawAfterPass,
    /// 删除, by an administrator; WeCom tells nobody.
    Delete,
}

/// Why a person may not do something; the words that the phone page shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not this person's turn.
    #[error("现在没有轮到 {0} 审批")]
    NotYourTurn(String),
    /// Only the applicant may.
    #[error("只有申请人可以操作")]
    NotTheApplicant,
    /// The approval is not in a state for it.
    #[error("审批当前状态为“{}”，不能执行该操作", .0.label())]
    WrongState(FormStatus),
    /// There is no such approval.
    #[error("没有审批单 {0}")]
    NoSuchApproval(String),
    /// There is no such person.
    #[error("没有成员 {0}")]
    NoSuchPerson(String),
    /// Nobody of that name signed before.
    #[error("{0} 不在之前的审批节点中")]
    NotInTheChain(String),
    /// There is no such message.
    #[error("没有消息 {0}")]
    NoSuchMessage(String),
    /// The button is not, or no longer, there.
    #[error("卡片上没有可点击的“{0}”")]
    NoSuchButton(String),
}

impl Approval {
    /// The node whose turn it is.
    pub fn current(&self) -> Option<&Node> {
        (self.status == FormStatus::InProgress)
            .then(|| self.nodes.iter().find(|node| !node.is_finished()))
            .flatten()
    }

    /// Whether the form lies with its applicant, who has to send it in again.
    pub fn is_returned_to_applicant(&self) -> bool {
        self.current().is_some_and(|node| node.state == Opinion::Returned)
    }

    /// Whether the member may sign now.
    pub fn awaits(&self, userid: &str) -> bool {
        !self.is_returned_to_applicant()
            && self
                .current()
                .cloned()
                .is_some_and(|mut node| node.place_of(userid).is_some())
    }

    /// Whether the member has anything to do with it.
    pub fn concerns(&self, userid: &str) -> bool {
        self.applicant.eq_ignore_ascii_case(userid)
            || self
                .nodes
                .iter()
                .flat_map(|node| &node.signers)
                .any(|signer| signer.userid.eq_ignore_ascii_case(userid))
    }
}

//! What each deed of a member does to an approval.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Action, Approval, ChangeKind, Comment, FormStatus, Node, NodeKind, Opinion, Refusal, Signer};

impl Approval {
    /// Carries out what a member does.
    pub fn act(&mut self, by: &str, action: &Action, now: DateTime<Utc>) -> Result<ChangeKind, Refusal> {
        match action {
            Action::Approve { speech } => self.approve(by, speech, now),
            Action::Reject { speech } => self.reject(by, speech, now),
            Action::Transfer { to, speech } => self.transfer(by, to, speech, now),
            Action::AddSigner { to, speech } => self.add_signer(by, to, speech, Opinion::SignerAdded, now),
            Action::ApproveAndAddSigner { to, speech } => {
                self.add_signer(by, to, speech, Opinion::AgreedAndSignerAdded, now)
            }
            Action::Return { to, speech } => self.send_back(by, to.as_deref(), speech, now),
            Action::Comment { text } => {
                let id = format!("{}{:04}", now.timestamp(), self.comments.len() + 1);
                self.comments.push(Comment {
                    id,
                    userid: by.to_owned(),
                    at: now,
                    text: text.clone(),
                });
                Ok(ChangeKind::Commented)
            }
            Action::Urge => {
                self.must_be(FormStatus::InProgress)?;
                self.must_be_applicant(by)?;
                Ok(ChangeKind::Urged)
            }
            Action::Withdraw => self.close_by_applicant(by, FormStatus::InProgress, FormStatus::Withdrawn),
            Action::WithdrawAfterPass => {
                self.close_by_applicant(by, FormStatus::Approved, FormStatus::WithdrawnAfterPass)
            }
            Action::Delete => {
                self.status = FormStatus::Deleted;
                Ok(ChangeKind::Deleted)
            }
        }
    }

    /// Sends a returned form in again with new contents.
    pub fn resubmit(&mut self, by: &str, contents: Vec<Value>) -> Result<ChangeKind, Refusal> {
        self.must_be(FormStatus::InProgress)?;
        self.must_be_applicant(by)?;
        self.contents = contents;
        if let Some(node) = self.current_mut().filter(|node| node.state == Opinion::Returned) {
            node.reset();
        }
        Ok(ChangeKind::Submitted)
    }

    fn approve(&mut self, by: &str, speech: &str, now: DateTime<Utc>) -> Result<ChangeKind, Refusal> {
        let node = self.node_awaiting(by)?;
        let (opinion, change) = match node.kind {
            NodeKind::Approver | NodeKind::Copy => (Opinion::Agreed, ChangeKind::Approved),
            NodeKind::Handler => (Opinion::Handled, ChangeKind::Handled),
        };
        if let Some(signer) = node.place_of(by) {
            signer.acts(opinion, speech, now);
        }
        if node.is_satisfied() {
            node.state = opinion;
            self.pass_on();
        }
        Ok(change)
    }

    fn reject(&mut self, by: &str, speech: &str, now: DateTime<Utc>) -> Result<ChangeKind, Refusal> {
        let node = self.node_awaiting(by)?;
        if let Some(signer) = node.place_of(by) {
            signer.acts(Opinion::Rejected, speech, now);
        }
        node.state = Opinion::Rejected;
        self.status = FormStatus::Rejected;
        Ok(ChangeKind::Rejected)
    }

    fn transfer(
        &mut self,
        by: &str,
        to: &str,
        speech: &str,
        now: DateTime<Utc>,
    ) -> Result<ChangeKind, Refusal> {
        let node = self.node_awaiting(by)?;
        let (opinion, change) = match node.kind {
            NodeKind::Approver | NodeKind::Copy => (Opinion::Transferred, ChangeKind::Transferred),
            NodeKind::Handler => (Opinion::HandedOver, ChangeKind::HandedOver),
        };
        let mut required = false;
        if let Some(signer) = node.place_of(by) {
            signer.acts(opinion, speech, now);
            required = signer.required;
        }
        let after = node
            .signers
            .iter()
            .rposition(|signer| signer.at.is_some())
            .map_or(node.signers.len(), |at| at + 1);
        node.signers.insert(after, Signer::waiting(to, required));
        Ok(change)
    }

    fn add_signer(
        &mut self,
        by: &str,
        to: &str,
        speech: &str,
        opinion: Opinion,
        now: DateTime<Utc>,
    ) -> Result<ChangeKind, Refusal> {
        let node = self.node_awaiting(by)?;
        if let Some(signer) = node.place_of(by) {
            signer.acts(opinion, speech, now);
        }
        node.signers.push(Signer::waiting(to, true));
        if opinion == Opinion::SignerAdded {
            node.signers.push(Signer::waiting(by, true));
            return Ok(ChangeKind::SignerAdded);
        }
        Ok(ChangeKind::AgreedAndSignerAdded)
    }

    fn send_back(
        &mut self,
        by: &str,
        to: Option<&str>,
        speech: &str,
        now: DateTime<Utc>,
    ) -> Result<ChangeKind, Refusal> {
        let target = match to {
            None => None,
            Some(to) if to.eq_ignore_ascii_case(&self.applicant) => None,
            Some(to) => Some(self.earlier_node_of(to)?),
        };
        let node = self.node_awaiting(by)?;
        if let Some(signer) = node.place_of(by) {
            signer.acts(Opinion::Returned, speech, now);
        }
        node.state = Opinion::Returned;
        if let Some(target) = target {
            let finished = self
                .nodes
                .iter_mut()
                .skip(target)
                .take_while(|node| node.is_finished());
            finished
                .filter(|node| node.kind != NodeKind::Copy)
                .for_each(Node::reset);
        }
        Ok(ChangeKind::Returned)
    }

    fn earlier_node_of(&self, userid: &str) -> Result<usize, Refusal> {
        self.nodes
            .iter()
            .take_while(|node| node.is_finished())
            .position(|node| {
                node.kind != NodeKind::Copy
                    && node
                        .signers
                        .iter()
                        .any(|signer| signer.userid.eq_ignore_ascii_case(userid))
            })
            .ok_or_else(|| Refusal::NotInTheChain(userid.to_owned()))
    }

    fn close_by_applicant(
        &mut self,
        by: &str,
        from: FormStatus,
        to: FormStatus,
    ) -> Result<ChangeKind, Refusal> {
        self.must_be(from)?;
        self.must_be_applicant(by)?;
        self.status = to;
        Ok(if to == FormStatus::Withdrawn {
            ChangeKind::Withdrawn
        } else {
            ChangeKind::WithdrawnAfterPass
        })
    }

    /// Wakes the next node, or ends the approval where there is none.
    fn pass_on(&mut self) {
        match self.current_mut() {
            Some(node) if node.state == Opinion::Returned => node.reset(),
            Some(_) => {}
            None => self.status = FormStatus::Approved,
        }
    }

    fn current_mut(&mut self) -> Option<&mut Node> {
        self.nodes.iter_mut().find(|node| !node.is_finished())
    }

    fn node_awaiting(&mut self, userid: &str) -> Result<&mut Node, Refusal> {
        self.must_be(FormStatus::InProgress)?;
        if !self.awaits(userid) {
            return Err(Refusal::NotYourTurn(userid.to_owned()));
        }
        self.current_mut()
            .ok_or_else(|| Refusal::NotYourTurn(userid.to_owned()))
    }

    fn must_be(&self, status: FormStatus) -> Result<(), Refusal> {
        if self.status == status {
            Ok(())
        } else {
            Err(Refusal::WrongState(self.status))
        }
    }

    fn must_be_applicant(&self, userid: &str) -> Result<(), Refusal> {
        if self.applicant.eq_ignore_ascii_case(userid) {
            Ok(())
        } else {
            Err(Refusal::NotTheApplicant)
        }
    }
}

//! What people are told of the verdict on a form: news only, and before they sign.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use changegate_policy::{Outcome, RuleId, Status, UserId, Verdict};

use super::step::Step;
use crate::duty::DutyKind;
use crate::effect::Record;
use crate::event::{Look, Signature};
use crate::notice::{Comparison, Notice};
use crate::stage::Stage;
use crate::told::Told;

pub(super) fn failing(verdict: &Verdict) -> Vec<RuleId> {
    rules_with(verdict, Status::Fail)
}

pub(super) fn rules_with(verdict: &Verdict, status: Status) -> Vec<RuleId> {
    verdict
        .binding()
        .filter(|result| result.status == status)
        .map(|result| result.rule)
        .collect()
}

impl Step<'_> {
    pub(super) fn note_content(&mut self, look: &Look) {
        if self
            .change
            .content
            .as_ref()
            .is_none_or(|content| *content == look.content)
        {
            return;
        }
        let fields = look.differences.iter().map(|difference| difference.field.clone());
        self.record(Record::Edited {
            fields: fields.collect(),
        });
    }

    /// The form is another one than was signed: those who signed and the current approvers hear what changed.
    pub(super) fn tell_of_edit(&mut self, look: &Look) {
        let edited = self
            .change
            .content
            .as_ref()
            .is_some_and(|content| *content != look.content);
        if !edited || look.signatures.is_empty() {
            return;
        }
        let concerned: BTreeSet<UserId> = look
            .signatures
            .iter()
            .map(|signature| &signature.who)
            .chain(&look.current_approvers)
            .filter(|who| !look.applicants.contains(who))
            .cloned()
            .collect();
        let notice = Notice::EditedAfterSigning {
            verdict: Arc::clone(&look.verdict),
            differences: look.differences.clone(),
        };
        self.notify_all(&concerned, &notice);
    }

    /// New signatures are recorded; one on a form that breaks rules reaches the operations leads and the
    /// administrators, for WeCom has no call that refuses a form.
    pub(super) fn note_signatures(&mut self, look: &Look) {
        let despite = failing(&look.verdict);
        for signature in &look.signatures {
            if !self.change.signed.insert(signature.who.clone()) {
                continue;
            }
            self.record(Record::Signed {
                who: signature.who.clone(),
                despite: despite.clone(),
            });
            if !despite.is_empty() && self.change.stage.is_before_execution() {
                self.change.signed_despite += 1;
                self.tell_of_signature(look, signature);
            }
        }
    }

    fn tell_of_signature(&mut self, look: &Look, signature: &Signature) {
        let minutes_after_warning = self
            .change
            .warned
            .get(&signature.who)
            .map(|told| (signature.at - told.at).num_minutes())
            .filter(|minutes| *minutes >= 0);
        let notice = Notice::SignedDespite {
            verdict: Arc::clone(&look.verdict),
            signer: signature.who.clone(),
            minutes_after_warning,
        };
        let people = &look.people;
        let mut watch = people.operations_leads.clone();
        watch.extend(people.admins.iter().cloned());
        watch.remove(&signature.who);
        self.notify_all(&watch, &notice);
    }

    pub(super) fn note_verdict(&mut self, look: &Look) {
        let told = Told::of(&look.verdict, self.now);
        if self
            .change
            .judged
            .as_ref()
            .is_none_or(|before| !before.says_the_same_as(&told))
        {
            self.record(Record::Judged {
                outcome: look.verdict.verdict,
                failed: failing(&look.verdict),
                warned: rules_with(&look.verdict, Status::Warn),
            });
            self.change.judged = Some(told);
        }
    }

    /// Tells the applicants what is news to them. Answers with whom it told.
    pub(super) fn tell_applicants(&mut self, look: &Look) -> BTreeSet<UserId> {
        let told = Told::of(&look.verdict, self.now);
        let notice = match &self.change.applicant_told {
            None => Notice::Verdict {
                verdict: Arc::clone(&look.verdict),
                earlier: comparison(look),
            },
            Some(before) if !self.is_news(before, look) => return BTreeSet::new(),
            Some(before) => {
                let (then, since) = (before.rules(), told.rules());
                Notice::VerdictChanged {
                    verdict: Arc::clone(&look.verdict),
                    resolved: then.difference(&since).copied().collect(),
                    added: since.difference(&then).copied().collect(),
                }
            }
        };
        let mut reached = BTreeSet::new();
        for applicant in &look.applicants {
            if reached.insert(applicant.clone()) {
                self.notify(applicant, notice.clone());
            }
        }
        self.change.applicant_told = Some(told);
        reached
    }

    /// Tells those who sign, before they sign: of what fails and of what could be better the approvers whose
    /// turn it is, of what fails the operations leads as well. Answers with whom it told just now.
    pub(super) fn warn(&mut self, look: &Look) -> BTreeSet<UserId> {
        let told = Told::of(&look.verdict, self.now);
        let fails = look.verdict.verdict == Outcome::Rejected;
        // While it is sent back it is the applicant's; its approvers are told once it comes to them again.
        let sent_back = self.change.stage == Stage::Returned;
        let approvers: BTreeSet<&UserId> = look
            .current_approvers
            .iter()
            .filter(|who| !sent_back && !look.applicants.contains(who))
            .collect();
        let mut reached = BTreeSet::new();
        if fails || look.verdict.verdict == Outcome::Warnings {
            for approver in &approvers {
                let notice = Notice::BeforeSigning {
                    verdict: Arc::clone(&look.verdict),
                };
                if self.warn_of(approver, &told, notice) {
                    reached.insert((*approver).clone());
                }
            }
        }
        if fails {
            let notice = Notice::Breach {
                verdict: Arc::clone(&look.verdict),
                current_approvers: look.current_approvers.clone(),
            };
            for lead in &look.people.operations_leads {
                if !look.applicants.contains(lead) && !approvers.contains(lead) {
                    self.warn_of(lead, &told, notice.clone());
                }
            }
        }
        self.give_the_all_clear(look, &approvers);
        reached
    }

    /// Those who were warned hear of it once nothing is left that they would have to act on.
    fn give_the_all_clear(&mut self, look: &Look, approvers: &BTreeSet<&UserId>) {
        let concerned = |who: &UserId| match look.verdict.verdict {
            Outcome::Rejected => true,
            Outcome::Warnings => approvers.contains(who),
            Outcome::Compliant | Outcome::Undecided | Outcome::NotApplicable => false,
        };
        let (kept, cleared) = std::mem::take(&mut self.change.warned)
            .into_iter()
            .partition(|(who, told)| concerned(who) || self.is_only_doubted(told, look));
        self.change.warned = kept;
        let cleared: BTreeMap<UserId, Told> = cleared;
        let now = Told::of(&look.verdict, self.now);
        for (who, told) in cleared {
            // Nothing is mended for one who only handed the turn over.
            if !told.says_the_same_as(&now) && !self.change.signed.contains(&who) {
                let notice = Notice::Resolved {
                    verdict: Arc::clone(&look.verdict),
                };
                self.notify(&who, notice);
            }
        }
    }

    /// Whether a verdict says something else than was told. That a rule cannot be judged just now is none of it while
    /// the form is the same: what was told of that rule stands until more is known.
    fn is_news(&self, before: &Told, look: &Look) -> bool {
        let told = Told::of(&look.verdict, self.now);
        !before.says_the_same_as(&told) && !self.is_only_doubted(before, look)
    }

    /// Whether a verdict differs from what was told only in rules of which a fact cannot be had just now.
    fn is_only_doubted(&self, before: &Told, look: &Look) -> bool {
        let same_form = self.change.content.as_ref() == Some(&look.content);
        let unknown: BTreeSet<RuleId> = rules_with(&look.verdict, Status::Unknown).into_iter().collect();
        let told = Told::of(&look.verdict, self.now);
        same_form && !unknown.is_empty() && before.says_the_same_beside(&told, &unknown)
    }

    fn warn_of(&mut self, who: &UserId, told: &Told, notice: Notice) -> bool {
        let warned = self.change.warned.get(who);
        if warned.is_some_and(|before| before.says_the_same_as(told)) {
            return false;
        }
        let since = warned.map_or(told.at, |before| before.at);
        self.change.warned.insert(
            who.clone(),
            Told {
                at: since,
                ..told.clone()
            },
        );
        self.notify(who, notice);
        true
    }

    /// The form is over before anything was carried out.
    pub(super) fn tell_closed(&mut self, look: &Look) {
        let stage = self.change.stage;
        // Those who hear of the newer flow need not hear that this one is over.
        let turn = self.change.open_duty(DutyKind::Sign);
        let told_of_newer = match turn {
            Some(turn) if stage == Stage::Superseded => turn.holders.clone(),
            _ => BTreeSet::new(),
        };
        for who in std::mem::take(&mut self.change.warned).into_keys() {
            if !look.signatures.iter().any(|signature| signature.who == who) && !told_of_newer.contains(&who)
            {
                let notice = Notice::Closed {
                    verdict: Arc::clone(&look.verdict),
                    stage,
                };
                self.notify(&who, notice);
            }
        }
    }
}

fn comparison(look: &Look) -> Option<Comparison> {
    let earlier = look.earlier.as_ref()?;
    let failing: BTreeSet<RuleId> = failing(&look.verdict).into_iter().collect();
    Some(Comparison {
        sp_no: earlier.sp_no.clone(),
        resolved: earlier.failed.difference(&failing).copied().collect(),
        remaining: earlier.failed.intersection(&failing).copied().collect(),
    })
}

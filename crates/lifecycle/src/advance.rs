//! The state machine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use changegate_policy::{Outcome, Policy, RuleId, Status, UserId, Verdict};
use chrono::{DateTime, Utc};

use crate::change::{Change, Stage, Told};
use crate::effect::{Effect, Notice, Record};
use crate::event::{Event, FormStatus, Look};

/// Moves a change on by one event. The same event twice has no second effect.
///
/// A form that is already over when it is first seen (after a long outage, or on the first day of use) is
/// recorded and told to nobody, unless it passed and its change day is still to come.
pub fn advance(change: Change, event: Event, now: DateTime<Utc>, policy: &Policy) -> (Change, Vec<Effect>) {
    match event {
        Event::Looked(look) => looked(change, &look, now, policy),
    }
}

fn looked(change: Change, look: &Look, now: DateTime<Utc>, policy: &Policy) -> (Change, Vec<Effect>) {
    let first = change.content.is_none();
    let before = change.stage;
    let mut step = Step {
        change,
        effects: Vec::new(),
        now,
    };
    step.move_to(stage_of(look.form));
    step.note_content(look);
    step.note_verdict(look);
    let tells =
        look.verdict.verdict != Outcome::NotApplicable && (!first || worth_telling(look, now, policy));
    step.note_signatures(look, tells);
    if tells {
        if step.change.stage.is_open() {
            step.tell_applicants(look);
        }
        if step.change.stage.awaits_approvers() {
            step.warn(look);
        }
        if step.change.stage != before && !step.change.stage.is_open() {
            step.tell_closed(look);
        }
    }
    step.change.content = Some(look.content.clone());
    (step.change, step.effects)
}

fn stage_of(form: FormStatus) -> Stage {
    match form {
        FormStatus::InProgress => Stage::Approving,
        FormStatus::Returned => Stage::Returned,
        FormStatus::Approved => Stage::Approved,
        FormStatus::Declined => Stage::Declined,
        FormStatus::Withdrawn => Stage::Withdrawn,
    }
}

/// Whether people still gain from hearing of a form that is seen for the first time.
fn worth_telling(look: &Look, now: DateTime<Utc>, policy: &Policy) -> bool {
    match look.form {
        FormStatus::InProgress | FormStatus::Returned => true,
        FormStatus::Approved => look
            .verdict
            .change
            .change_day
            .is_some_and(|day| day >= policy.local(now).date_naive()),
        FormStatus::Declined | FormStatus::Withdrawn => false,
    }
}

fn failing(verdict: &Verdict) -> Vec<RuleId> {
    rules_with(verdict, Status::Fail)
}

fn rules_with(verdict: &Verdict, status: Status) -> Vec<RuleId> {
    verdict
        .binding()
        .filter(|result| result.status == status)
        .map(|result| result.rule)
        .collect()
}

/// A change on its way from one state to the next.
struct Step {
    change: Change,
    effects: Vec<Effect>,
    now: DateTime<Utc>,
}

impl Step {
    fn record(&mut self, record: Record) {
        self.effects.push(Effect::Record(record));
    }

    fn notify(&mut self, to: &UserId, notice: Notice) {
        self.record(Record::Told {
            who: to.clone(),
            notice: notice.word(),
        });
        self.change.messages += 1;
        self.effects.push(Effect::Notify {
            to: to.clone(),
            sequence: self.change.messages,
            notice,
        });
    }

    fn move_to(&mut self, stage: Stage) {
        if self.change.stage != stage {
            self.record(Record::Moved {
                from: self.change.stage,
                to: stage,
            });
            self.change.stage = stage;
        }
    }

    fn note_content(&mut self, look: &Look) {
        if self
            .change
            .content
            .as_ref()
            .is_some_and(|content| *content != look.content)
        {
            self.record(Record::Edited);
        }
    }

    /// New signatures are recorded; one on a form that breaks rules reaches the operations leads, for WeCom has
    /// no call that refuses a form.
    fn note_signatures(&mut self, look: &Look, tells: bool) {
        let despite = failing(&look.verdict);
        for signature in &look.signatures {
            if !self.change.signed.insert(signature.who.clone()) {
                continue;
            }
            self.record(Record::Signed {
                who: signature.who.clone(),
                despite: despite.clone(),
            });
            if despite.is_empty() || !tells || !self.change.stage.is_open() {
                continue;
            }
            let minutes_after_warning = self
                .change
                .warned
                .get(&signature.who)
                .map(|told| (signature.at - told.at).num_minutes())
                .filter(|minutes| *minutes >= 0);
            for lead in look
                .operations_leads
                .iter()
                .filter(|lead| **lead != signature.who)
            {
                let notice = Notice::SignedDespite {
                    verdict: Arc::clone(&look.verdict),
                    signer: signature.who.clone(),
                    minutes_after_warning,
                };
                self.notify(lead, notice);
            }
        }
    }

    fn note_verdict(&mut self, look: &Look) {
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

    fn tell_applicants(&mut self, look: &Look) {
        let told = Told::of(&look.verdict, self.now);
        let notice = match &self.change.applicant_told {
            None => Notice::Verdict {
                verdict: Arc::clone(&look.verdict),
            },
            Some(before) if before.says_the_same_as(&told) => return,
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
            if reached.insert(applicant) {
                self.notify(applicant, notice.clone());
            }
        }
        self.change.applicant_told = Some(told);
    }

    /// Tells those who sign, before they sign: of what fails and of what could be better the approvers whose
    /// turn it is, of what fails the operations leads as well.
    fn warn(&mut self, look: &Look) {
        let told = Told::of(&look.verdict, self.now);
        let fails = look.verdict.verdict == Outcome::Rejected;
        let approvers: BTreeSet<&UserId> = look
            .current_approvers
            .iter()
            .filter(|who| !look.applicants.contains(who))
            .collect();
        if fails || look.verdict.verdict == Outcome::Warnings {
            for approver in &approvers {
                self.warn_of(
                    approver,
                    &told,
                    Notice::BeforeSigning {
                        verdict: Arc::clone(&look.verdict),
                    },
                );
            }
        }
        if fails {
            let notice = Notice::Breach {
                verdict: Arc::clone(&look.verdict),
                current_approvers: look.current_approvers.clone(),
            };
            for lead in look
                .operations_leads
                .iter()
                .filter(|lead| !look.applicants.contains(lead))
            {
                if !approvers.contains(lead) {
                    self.warn_of(lead, &told, notice.clone());
                }
            }
        }
        self.give_the_all_clear(look, &approvers);
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
            .partition(|(who, _)| concerned(who));
        self.change.warned = kept;
        let cleared: BTreeMap<UserId, Told> = cleared;
        for who in cleared.into_keys() {
            if !self.change.signed.contains(&who) {
                self.notify(
                    &who,
                    Notice::Resolved {
                        verdict: Arc::clone(&look.verdict),
                    },
                );
            }
        }
    }

    fn warn_of(&mut self, who: &UserId, told: &Told, notice: Notice) {
        let warned = self.change.warned.get(who);
        if warned.is_some_and(|before| before.says_the_same_as(told)) {
            return;
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
    }

    fn tell_closed(&mut self, look: &Look) {
        let stage = self.change.stage;
        for who in std::mem::take(&mut self.change.warned).into_keys() {
            if !look.signatures.iter().any(|signature| signature.who == who) {
                self.notify(
                    &who,
                    Notice::Closed {
                        verdict: Arc::clone(&look.verdict),
                        stage,
                    },
                );
            }
        }
    }
}

#[cfg(test)]
mod tests;

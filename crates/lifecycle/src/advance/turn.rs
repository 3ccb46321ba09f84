//! An approver's turn (七): who signs now, and the reminders while nobody does.

use std::collections::BTreeSet;
use std::sync::Arc;

use changegate_policy::{Outcome, UserId};

use super::step::Step;
use crate::duty::{DutyKind, DutyState};
use crate::event::Look;
use crate::notice::Notice;
use crate::stage::Stage;

impl Step<'_> {
    /// Notes whose turn it is. Whoever is new to the turn is told, with the checklist of that role, unless a warning
    /// that holds it went out in this very step.
    pub(super) fn note_turn(&mut self, look: &Look, told_now: &BTreeSet<UserId>) {
        let turn: BTreeSet<UserId> = match self.change.stage {
            Stage::Submitted | Stage::Approving => look.current_approvers.iter().cloned().collect(),
            _ => BTreeSet::new(),
        };
        let before = self
            .change
            .open_duty(DutyKind::Sign)
            .map(|duty| (duty.number, duty.holders.clone()));
        let fresh: BTreeSet<UserId> = match &before {
            Some((_, holders)) => turn.difference(holders).cloned().collect(),
            None => turn.clone(),
        };
        match before {
            Some((_, holders)) if holders == turn => return,
            Some((number, holders)) if holders.is_disjoint(&turn) => {
                self.end(number, DutyState::Done);
                self.begin_turn(&turn);
            }
            Some((number, _)) => self.change_turn(number, turn, !fresh.is_empty()),
            None => self.begin_turn(&turn),
        }
        let verdict = Arc::clone(&look.verdict);
        let notice = match verdict.verdict {
            // Told before in another role, or in an earlier turn; now it is theirs to sign.
            Outcome::Rejected | Outcome::Warnings => Notice::BeforeSigning { verdict },
            Outcome::Compliant | Outcome::Undecided | Outcome::NotApplicable => Notice::YourTurn { verdict },
        };
        for who in fresh.iter().filter(|who| !told_now.contains(who)) {
            self.notify(who, notice.clone());
        }
    }

    fn begin_turn(&mut self, turn: &BTreeSet<UserId>) {
        self.open(DutyKind::Sign, turn);
    }

    /// Part of a node has signed, or somebody took over or was added: the same turn goes on with others. Who is new
    /// gets the full time.
    fn change_turn(&mut self, number: u32, turn: BTreeSet<UserId>, begins_anew: bool) {
        let Some(duty) = self.duty_mut(number) else { return };
        duty.holders = turn;
        if begins_anew {
            duty.reminded = 0;
            self.plan_reminder(number, self.now);
        }
    }
}

//! Between approval and start: rules that fail only since then. Executors are told not to begin, and told again
//! once nothing holds them up.

use std::collections::BTreeSet;
use std::sync::Arc;

use changegate_policy::{RuleId, Status, UserId};

use super::step::Step;
use super::verdict::{failing, rules_with};
use crate::event::Look;
use crate::notice::Notice;
use crate::stage::Stage;

impl Step<'_> {
    /// Minds what fails of an approved change; `entered` tells that it was approved in this very step. What failed
    /// when its approvers signed is the business of those who watch signatures; only an image that is another one
    /// holds executors up from the beginning (六.2).
    pub(super) fn hold_up_the_start(&mut self, look: &Look, entered: bool) {
        if self.change.stage != Stage::Approved {
            return;
        }
        let failing: BTreeSet<RuleId> = failing(&look.verdict).into_iter().collect();
        if entered {
            self.change.passed_despite.clone_from(&failing);
            self.change.passed_despite.remove(&RuleId::ImageUnchanged);
            self.change.held.clear();
        }
        // What cannot be known just now is not mended.
        let unknown: BTreeSet<RuleId> = rules_with(&look.verdict, Status::Unknown).into_iter().collect();
        let held: BTreeSet<RuleId> = failing
            .difference(&self.change.passed_despite)
            .chain(self.change.held.intersection(&unknown))
            .copied()
            .collect();
        let before = std::mem::replace(&mut self.change.held, held.clone());
        let verdict = Arc::clone(&look.verdict);
        if !held.is_subset(&before) {
            self.tell_executors(look, &Notice::StopBeforeStart { verdict });
        } else if held.is_empty() && !before.is_empty() {
            self.tell_executors(look, &Notice::Resolved { verdict });
        }
    }

    /// Applicants among them hear of the verdict as applicants.
    fn tell_executors(&mut self, look: &Look, notice: &Notice) {
        let mut executors: BTreeSet<UserId> = self.change.people.who_execute();
        executors.retain(|who| !look.applicants.contains(who));
        self.notify_all(&executors, notice);
    }
}

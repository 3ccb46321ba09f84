//! Who may do what pages offer outside of any duty.

use std::collections::BTreeSet;

use changegate_policy::UserId;

use crate::action::Action;
use crate::change::Change;

impl Change {
    /// Who may do what a page offers outside of any duty; nobody where it is offered nowhere.
    pub fn who_may(&self, action: Action) -> BTreeSet<UserId> {
        let people = &self.people;
        let mut may = BTreeSet::new();
        let mut add = |set: &BTreeSet<UserId>| may.extend(set.iter().cloned());
        match action {
            Action::RequestWaiver => add(&people.applicants),
            Action::MarkClaim | Action::CorrectAnomaly => add(&people.who_administer()),
            Action::UpdateStatement => {
                add(&people.product_managers);
                add(&people.testers);
                add(&people.who_lead());
            }
            Action::SendReport => {
                add(&people.who_lead());
                add(&people.product_managers);
            }
            Action::Reschedule => {
                add(&people.who_execute());
                add(&people.applicants);
                add(&people.who_lead());
            }
            Action::ToggleUs | Action::ToggleHongKong | Action::ToggleSingapore => {
                add(&people.applicants);
                add(&people.who_lead());
                add(&people.product_managers);
            }
            Action::Anomaly | Action::Describe | Action::MarkIncident => {
                add(&people.applicants);
                add(&people.product_managers);
                add(&people.testers);
                add(&people.who_lead());
                add(&people.test_leads);
                add(&people.who_execute());
                add(&people.operations_leads);
                add(&people.configurers);
            }
            _ => {}
        }
        may
    }
}

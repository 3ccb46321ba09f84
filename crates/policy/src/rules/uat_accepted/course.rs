//! What an issue's change log says of its acceptance.

use crate::facts::{Issue, StatusChange};
use crate::policy::{JiraSettings, Standing};

/// The acceptance that holds at the end of the log, and what came of the others.
#[derive(Default)]
pub(super) struct Course<'a> {
    /// The last acceptance, unless the issue went back to UAT after it.
    pub(super) accepted: Option<Acceptance<'a>>,
    /// The move that took the last acceptance back, where no other followed.
    pub(super) taken_back: Option<&'a StatusChange>,
}

/// An issue left UAT and came to 待上线 or later.
pub(super) struct Acceptance<'a> {
    /// The move out of UAT.
    pub(super) left_uat: &'a StatusChange,
    /// The move to 待上线 or later; the same, where nothing lies between.
    pub(super) entry: &'a StatusChange,
    /// A later move back to 待上线 from a state that is neither it nor UAT.
    pub(super) returned: Option<&'a StatusChange>,
}

impl<'a> Course<'a> {
    pub(super) fn of(issue: &'a Issue, jira: &JiraSettings) -> Self {
        let mut changes: Vec<&StatusChange> = issue.status_changes.iter().collect();
        changes.sort_by_key(|change| change.at);
        let mut course = Self::default();
        // The move from UAT to a state that the settings do not name, while the issue is on its way.
        let mut aside: Option<&'a StatusChange> = None;
        for change in changes {
            match (jira.standing(&change.from), jira.standing(&change.to)) {
                (from, Standing::Uat) => {
                    aside = None;
                    course.takes_back(from, change);
                }
                (Standing::Uat, Standing::Ready | Standing::Later) => {
                    aside = None;
                    course.accepts(change, change);
                }
                (Standing::Uat, Standing::Elsewhere) => {
                    aside = Some(change);
                    course.accepted = None;
                }
                (Standing::Elsewhere, Standing::Ready | Standing::Later) => {
                    match (&mut course.accepted, aside.take()) {
                        (Some(acceptance), _) => acceptance.returned = Some(change),
                        (None, Some(left_uat)) => course.accepts(left_uat, change),
                        (None, None) => {}
                    }
                }
                (Standing::Elsewhere, Standing::Elsewhere)
                | (
                    Standing::Ready | Standing::Later,
                    Standing::Ready | Standing::Later | Standing::Elsewhere,
                ) => {}
            }
        }
        course
    }

    fn accepts(&mut self, left_uat: &'a StatusChange, entry: &'a StatusChange) {
        self.taken_back = None;
        self.accepted = Some(Acceptance {
            left_uat,
            entry,
            returned: None,
        });
    }

    fn takes_back(&mut self, from: Standing, change: &'a StatusChange) {
        let was_accepted = self.accepted.take().is_some();
        if was_accepted || matches!(from, Standing::Ready | Standing::Later) {
            self.taken_back = Some(change);
        }
    }
}

//! Freezes of the policy, and what they leave of windows and days.

use changegate_calendar::{Freeze, Window};
use chrono::{DateTime, NaiveDate, Utc};

use super::Policy;
use crate::reading::Urgency;

/// A freeze, and the urgencies that it leaves alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PolicyFreeze {
    pub(crate) freeze: Freeze,
    pub(crate) exempt: Vec<Urgency>,
}

impl PolicyFreeze {
    /// Whether a flow of that urgency is bound; one whose urgency is not set is.
    pub(crate) fn binds(&self, urgency: Option<Urgency>) -> bool {
        urgency.is_none_or(|urgency| !self.exempt.contains(&urgency))
    }
}

impl Policy {
    /// The name of the freeze that binds a flow of that urgency at an instant.
    pub fn freeze_at(&self, at: DateTime<Utc>, urgency: Option<Urgency>) -> Option<&str> {
        self.freeze_touching(at, at, urgency)
            .map(|freeze| freeze.freeze.name())
    }

    /// The freeze that touches `from..until` for flows of that urgency.
    pub(crate) fn freeze_touching(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        urgency: Option<Urgency>,
    ) -> Option<&PolicyFreeze> {
        self.freezes
            .iter()
            .find(|freeze| freeze.binds(urgency) && freeze.freeze.touches(from, until))
    }

    /// The first part of a window that no freeze takes from 正常 flows.
    pub(crate) fn free_part(&self, window: Window) -> Option<Window> {
        let mut opens = window.opens;
        while let Some(freeze) = self.freeze_touching(opens, opens, Some(Urgency::Normal)) {
            opens = freeze.freeze.until();
        }
        let closes = self
            .freezes
            .iter()
            .filter(|freeze| freeze.binds(Some(Urgency::Normal)))
            .map(|freeze| freeze.freeze.from())
            .filter(|&from| opens < from)
            .fold(window.closes, Ord::min);
        (opens < closes).then_some(Window {
            opens,
            closes,
            season: window.season,
        })
    }

    /// Whether a day has a window and is not frozen.
    pub(crate) fn is_window_day(&self, day: NaiveDate) -> bool {
        self.windows
            .windows_on(day)
            .into_iter()
            .any(|window| self.free_part(window).is_some())
    }
}

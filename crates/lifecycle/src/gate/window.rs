//! The window that a change may be carried out in.

use changegate_policy::{Policy, Urgency};
use chrono::{DateTime, Utc};

use crate::change::Change;
use crate::deployment::DeploymentState;
use crate::stage::Stage;

/// A window; half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) opens: DateTime<Utc>,
    pub(super) closes: DateTime<Utc>,
}

impl Span {
    pub(super) fn contains(&self, at: DateTime<Utc>) -> bool {
        self.opens <= at && at < self.closes
    }
}

/// The window of a change at `now`: the one that its planned time lies in, else, for 正常, its own. What operations
/// began inside of another one, by the rules of the button, they may go on with until that one closes. None: it is
/// carried out outside of windows.
pub(super) fn its_window(change: &Change, now: DateTime<Utc>, policy: &Policy) -> Option<Span> {
    let own = planned(change, policy).or_else(|| assigned(change));
    match own {
        Some(window) if window.contains(now) => own,
        _ => begun_in(change, policy)
            .filter(|window| window.contains(now))
            .or(own),
    }
}

fn planned(change: &Change, policy: &Policy) -> Option<Span> {
    let plan = &change.plan;
    let from = plan.from?;
    let window = policy.windows().window_at(from)?;
    plan.until
        .is_none_or(|until| window.fits(from, until))
        .then_some(Span {
            opens: window.opens,
            closes: window.closes,
        })
}

fn assigned(change: &Change) -> Option<Span> {
    let plan = &change.plan;
    if plan.urgency == Some(Urgency::Emergency) {
        return None;
    }
    let (opens, closes) = plan.opens.zip(plan.closes)?;
    Some(Span { opens, closes })
}

/// Where it was begun; by a deployment that was not let through, nowhere.
fn begun_in(change: &Change, policy: &Policy) -> Option<Span> {
    let against_the_gate = change
        .deployments
        .iter()
        .any(|known| known.state == DeploymentState::Started && !known.allowed);
    if change.stage != Stage::Executing || against_the_gate {
        return None;
    }
    let window = policy.windows().window_at(change.times.started?)?;
    Some(Span {
        opens: window.opens,
        closes: window.closes,
    })
}

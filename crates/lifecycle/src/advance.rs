//! The state machine: what an event makes of a change.

mod anomaly;
mod course;
mod deploy;
mod due;
mod look;
mod preparation;
mod press;
mod remind;
mod session;
mod step;
mod stop;
mod turn;
mod verdict;
mod waiver;

use changegate_policy::Policy;
use chrono::{DateTime, Utc};

use self::step::Step;
use crate::change::Change;
use crate::effect::Effect;
use crate::event::Event;

/// Moves a change on by one event, at the instant `now`. The same event twice has no second effect; an event that
/// means nothing in the change's stage says so in the timeline and changes nothing else.
pub fn advance(change: Change, event: Event, now: DateTime<Utc>, policy: &Policy) -> (Change, Vec<Effect>) {
    let mut step = Step::new(change, now, policy);
    match event {
        Event::Looked(look) => step.looked(&look),
        Event::Pressed(press) => step.pressed(&press),
        Event::Due(timer) => step.due(timer),
        Event::Deployed(deployment) => step.deployed(&deployment),
    }
    step.finish()
}

#[cfg(test)]
mod tests;

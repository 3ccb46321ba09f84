//! When a requirement that was accepted on some day can be filed as 正常 at the earliest.

use chrono::{DateTime, Utc};

use crate::evaluate::Context;
use crate::rules::starts::in_words;

/// How many windows are looked through; a freeze may take a whole season.
const LOOKED_THROUGH: usize = 120;

/// The first window after the day of the acceptance for which a 正常 flow can still be filed in time.
pub(super) fn after(context: &Context<'_>, accepted: DateTime<Utc>) -> Option<String> {
    let policy = context.policy;
    let next_day = policy.day_of(accepted).succ_opt()?;
    let (today, time) = (policy.day_of(context.now), policy.local(context.now).time());
    policy
        .windows()
        .windows_from(policy.start_of(next_day).max(context.now))
        .take(LOOKED_THROUGH)
        .filter(|window| policy.day_of(window.opens) > today || time < policy.cutoff())
        .find_map(|window| policy.free_part(window))
        .map(|window| in_words(context, window))
}

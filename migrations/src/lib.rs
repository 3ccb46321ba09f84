#![doc = include_str!("../README.md")]

mod columns;
mod inbox;

mod changes;

mod outbox;

mod access;

mod step;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

use crate::step::Step;

/// All steps in their order.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        steps()
            .into_iter()
            .map(|step| -> Box<dyn MigrationTrait> { Box::new(step) })
            .collect()
    }
}

/// Append only: a name that was released is never changed or moved.
fn steps() -> Vec<Step> {
    vec![
        Step::table("m20261124_000001_inbox", inbox::inbox),
        Step::index("m20261124_000002_inbox_due", inbox::inbox_due),
        Step::table("m20261124_000003_lanes", inbox::lanes),
        Step::table("m20261124_000004_timers", inbox::timers),
        Step::index("m20261124_000005_timers_due", inbox::timers_due),
        Step::table("m20261124_000006_changes", changes::changes),
        Step::index("m20261124_000007_changes_unseen", changes::changes_unseen),
        Step::table("m20261124_000008_submissions", changes::submissions),
        Step::table("m20261124_000009_verdicts", changes::verdicts),
        Step::table("m20261124_000010_timeline", changes::timeline),
        Step::table("m20261124_000011_outbox", outbox::outbox),
        Step::index("m20261124_000012_outbox_next", outbox::outbox_next),
        Step::index("m20261124_000013_outbox_sent", outbox::outbox_sent),
        Step::index("m20261124_000014_outbox_change", outbox::outbox_change),
        Step::table("m20261124_000015_api_tokens", access::api_tokens),
        Step::table("m20261124_000016_waivers", access::waivers),
        Step::index("m20261124_000017_waivers_change", access::waivers_change),
        Step::table("m20261124_000018_sync_state", access::sync_state),
    ]
}

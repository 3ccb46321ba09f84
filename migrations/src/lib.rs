#![doc = include_str!("../README.md")]

mod columns;
mod inbox;

mod cards;
mod changes;
mod evidence;

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
    let mut steps = approvals();
    steps.extend(evidence());
    steps
}

/// The approvals, what is sent about them, and who may look at them.
fn approvals() -> Vec<Step> {
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
        Step::column(
            "m20261124_000019_changes_executed_at",
            "changes",
            changes::executed_at,
        ),
        Step::column(
            "m20261124_000020_changes_verified_at",
            "changes",
            changes::verified_at,
        ),
        Step::column(
            "m20261124_000021_changes_closed_at",
            "changes",
            changes::closed_at,
        ),
        Step::column(
            "m20261124_000022_changes_approved_at",
            "changes",
            changes::approved_at,
        ),
        Step::column("m20261124_000023_changes_outcome", "changes", changes::outcome),
        Step::column(
            "m20261124_000024_changes_anomalies",
            "changes",
            changes::anomalies,
        ),
        Step::column("m20261124_000025_changes_incident", "changes", changes::incident),
        Step::column(
            "m20261124_000026_changes_first_verdict",
            "changes",
            changes::first_verdict,
        ),
        Step::column(
            "m20261124_000027_changes_signed_despite",
            "changes",
            changes::signed_despite,
        ),
        Step::column("m20261124_000028_changes_claim", "changes", changes::claim),
        Step::index("m20261124_000029_changes_applied", changes::changes_applied),
        Step::index("m20261124_000030_changes_executed", changes::changes_executed),
        Step::index("m20261124_000031_changes_ended", changes::changes_ended),
        Step::table("m20261124_000032_cards", cards::cards),
        Step::index("m20261124_000033_cards_duty", cards::cards_duty),
        Step::index("m20261124_000034_cards_message", cards::cards_message),
        Step::index("m20261124_000035_cards_old", cards::cards_old),
        Step::column(
            "m20261124_000036_outbox_bundle_line",
            "outbox",
            outbox::bundle_line,
        ),
        Step::column("m20261124_000037_outbox_bundle_at", "outbox", outbox::bundle_at),
        Step::column("m20261124_000038_outbox_bundled_in", "outbox", outbox::bundled_in),
        Step::column("m20261124_000039_outbox_fallback", "outbox", outbox::fallback),
        Step::index("m20261124_000040_outbox_bundle", outbox::outbox_bundle),
        Step::index("m20261124_000041_outbox_bundled", outbox::outbox_bundled),
        Step::table("m20261124_000042_sessions", access::sessions),
        Step::index("m20261124_000043_sessions_old", access::sessions_old),
        Step::table("m20261124_000044_logins", access::logins),
        Step::index("m20261124_000045_logins_old", access::logins_old),
        Step::index("m20261124_000046_changes_approved", changes::changes_approved),
    ]
}

/// The facts behind the form, what was deployed, and what the ledger looks up.
fn evidence() -> Vec<Step> {
    vec![
        Step::column(
            "m20261124_000047_verdicts_facts",
            "verdicts",
            changes::verdict_facts,
        ),
        Step::column("m20261124_000048_changes_facts_at", "changes", changes::facts_at),
        Step::column(
            "m20261124_000049_changes_first_source",
            "changes",
            changes::first_source,
        ),
        Step::table("m20261124_000050_assessments", changes::assessments),
        Step::table("m20261124_000051_files", evidence::files),
        Step::index("m20261124_000052_files_released", evidence::files_released),
        Step::table("m20261124_000053_attachments", evidence::attachments),
        Step::index("m20261124_000054_attachments_file", evidence::attachments_file),
        Step::table("m20261124_000055_images", evidence::images),
        Step::table("m20261124_000056_deployments", evidence::deployments),
        Step::index("m20261124_000057_deployments_stray", evidence::deployments_stray),
        Step::table("m20261124_000058_change_issues", changes::change_issues),
        Step::index(
            "m20261124_000059_change_issues_change",
            changes::change_issues_change,
        ),
        Step::rows("m20261124_000060_change_issues_rows", changes::change_issues_rows),
        Step::index("m20261124_000061_timeline_signed", changes::timeline_signed),
        Step::index("m20261124_000062_waivers_decided", access::waivers_decided),
    ]
}

//! Deployments for which there is no change: the operations leads hear of each.

use changegate_lifecycle::Deployment;
use changegate_notifier::{self as notifier, FirmNotice};
use changegate_policy::Role;
use changegate_store::{ClaimedBatch, NewMessage, URGENT};

use super::{WECOM_MESSAGE, WorkError};
use crate::pipeline::Parts;

/// Tells of what was deployed. `sp_no` is what the job gave for a change, where it gave anything.
pub(super) async fn tell(
    parts: &Parts,
    batch: &ClaimedBatch,
    sp_no: Option<&str>,
    deployments: &[Deployment],
) -> Result<(), WorkError> {
    let policy = parts.policy();
    let Some(directory) = policy.directory() else {
        tracing::error!(subject = %batch.subject, "a deployment without a change, and no directory names whom to tell");
        return Ok(());
    };
    let mut leads: Vec<_> = directory.holders(Role::OperationsLead).collect();
    if leads.is_empty() {
        leads = directory.holders(Role::Admin).collect();
    }
    let home = parts.links.home();
    let mut messages = Vec::new();
    for deployment in deployments {
        let notice = FirmNotice::StrayDeployment {
            sp_no: sp_no.map(str::to_owned),
            deployment: Box::new(deployment.clone()),
        };
        for lead in &leads {
            let message = notifier::firm(&notice, lead, Some(directory), &policy, &home)?;
            messages.push(NewMessage {
                dedupe_key: format!(
                    "stray/{}/{}/{}/{lead}",
                    batch.subject,
                    deployment.id,
                    deployment.state.word()
                ),
                channel: WECOM_MESSAGE.to_owned(),
                recipient: lead.to_string(),
                priority: URGENT,
                body: message.to_json(parts.wecom.agent_id())?,
                ..NewMessage::default()
            });
        }
        metrics::counter!("changegate_stray_deployments_total").increment(1);
        tracing::warn!(subject = %batch.subject, id = %deployment.id, by = %deployment.by, "a deployment without a change");
    }
    parts
        .store
        .add_messages(&messages, None, parts.clock.now())
        .await?;
    Ok(())
}

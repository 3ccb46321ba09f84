//! The directory, found anew once a day: who leads and who holds a role, and who of them has left.

use std::time::Duration;

use changegate_notifier as notifier;
use changegate_policy::{Directory, Role, UserId};
use changegate_store::{DIGEST, NewMessage};
use tokio_util::sync::CancellationToken;

use super::work::WECOM_MESSAGE;
use super::{Parts, moment};
use crate::directory::{self, Known};

/// How often what another replica found is taken over, and whether it is time is asked.
const EVERY: Duration = Duration::from_secs(20);

pub(super) async fn run(parts: Parts, stop: CancellationToken) {
    loop {
        if let Err(error) = once(&parts).await {
            tracing::error!(%error, "the directory could not be refreshed; it is tried again");
        }
        if !moment::pause(EVERY, &stop).await {
            break;
        }
    }
}

async fn once(parts: &Parts) -> anyhow::Result<()> {
    let known = directory::take_over(&parts.store, &parts.policies).await?;
    let now = parts.clock.now();
    if !directory::is_due(&known, &parts.policies, now) {
        return Ok(());
    }
    let before = parts.policy().directory().cloned();
    let mut known = directory::refresh(&parts.wecom, &parts.policies, &known, now).await;
    match &known.failure {
        None => tracing::info!(left = known.left.len(), "the directory was refreshed"),
        Some(failure) => tracing::warn!(
            failure,
            "WeCom could not be asked for the directory; the last one holds"
        ),
    }
    let before = before.as_deref().cloned().unwrap_or_default();
    let messages = messages(parts, &known, &before)?;
    known.told.extend(known.left.iter().cloned());
    directory::keep(&parts.store, &parts.policies, &known, now).await?;
    // The key of each is the same for each replica that finds the same.
    parts.store.add_messages(&messages, None, now).await?;
    Ok(())
}

/// To the administrators: who has left, each of them once.
fn messages(parts: &Parts, known: &Known, before: &Directory) -> anyhow::Result<Vec<NewMessage>> {
    let news = known.left.difference(&known.told).cloned().collect();
    let notice = directory::notice(&news, before);
    let mut tell: Vec<&UserId> = before.holders(Role::Admin).collect();
    if tell.is_empty() {
        tell = before.holders(Role::OperationsLead).collect();
    }
    if news.is_empty() {
        return Ok(Vec::new());
    }
    let policy = parts.policy();
    let names: Vec<&str> = news.iter().map(UserId::as_str).collect();
    let day = policy.day_of(parts.clock.now());
    tell.into_iter()
        .filter(|admin| !known.left.contains(admin))
        .map(|admin| {
            let message = notifier::firm(&notice, admin, Some(before), &policy, &parts.links.home())?;
            Ok(NewMessage {
                dedupe_key: format!("left/{day}/{}/{admin}", names.join(",")),
                channel: WECOM_MESSAGE.to_owned(),
                recipient: admin.to_string(),
                priority: DIGEST,
                body: message.to_json(parts.wecom.agent_id())?,
                ..NewMessage::default()
            })
        })
        .collect()
}

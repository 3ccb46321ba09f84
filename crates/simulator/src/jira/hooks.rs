//! Web hooks of the simulated JIRA: each change is posted to the addresses that were set, once, as JIRA does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::issue::{IssueChange, JiraIssue};
use super::render;
use super::tracker::Tracker;
use crate::hub::Hub;

/// How long the receiver may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Deliveries beyond these are forgotten, the oldest first.
const KEPT: usize = 2_000;

/// Where changes are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JiraWebHook {
    /// The address, with whatever secret it holds; `${issue.key}` in it becomes the issue's key.
    pub url: String,
    /// Headers that go with it.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// A web hook that was sent, or tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JiraHookDelivery {
    /// When it ended.
    pub at: DateTime<Utc>,
    /// JIRA's name of what happened, such as `jira:issue_updated`.
    pub event: String,
    /// The issue's key.
    pub key: String,
    /// The address.
    pub url: String,
    /// The status answered; none where there was no answer.
    pub status: Option<u16>,
}

/// What happened to an issue.
#[derive(Debug, Clone, Copy)]
pub(super) enum Happened {
    Created,
    Updated,
    Deleted,
}

impl Happened {
    fn event(self) -> &'static str {
        match self {
            Self::Created => "jira:issue_created",
            Self::Updated => "jira:issue_updated",
            Self::Deleted => "jira:issue_deleted",
        }
    }
}

/// What the hooks are told: the issue as it was then.
#[derive(Debug)]
pub(crate) struct Told {
    hooks: Vec<JiraWebHook>,
    happened: Happened,
    issue: JiraIssue,
    by: String,
    at: DateTime<Utc>,
    changes: Vec<IssueChange>,
}

impl Tracker {
    /// Opens the way to the hooks. Answers its other end.
    pub(crate) fn connect_hooks(&mut self) -> UnboundedReceiver<Told> {
        let (post, told): (UnboundedSender<Told>, _) = unbounded_channel();
        self.post = Some(post);
        told
    }

    /// Sets where changes are told from now on.
    pub(crate) fn set_hooks(&mut self, hooks: Vec<JiraWebHook>) {
        self.hooks = hooks;
    }

    /// Where changes are told.
    pub(crate) fn hooks(&self) -> &[JiraWebHook] {
        &self.hooks
    }

    /// What was sent, oldest first.
    pub(crate) fn deliveries(&self) -> &[JiraHookDelivery] {
        &self.deliveries
    }

    /// Hands a change to the hooks, if there are any.
    pub(super) fn tell(
        &self,
        key: &str,
        happened: Happened,
        by: &str,
        at: DateTime<Utc>,
        changes: Vec<IssueChange>,
    ) {
        let (Some(post), Some(issue), false) = (&self.post, self.find(key), self.hooks.is_empty()) else {
            return;
        };
        let told = Told {
            hooks: self.hooks.clone(),
            happened,
            issue: issue.clone(),
            by: by.to_owned(),
            at,
            changes,
        };
        if post.send(told).is_err() {
            tracing::debug!("the simulator is stopping, a web hook stays unsent");
        }
    }
}

/// Posts changes, one after the other, until the simulator stops.
pub(crate) async fn run(hub: Arc<Hub>, client: reqwest::Client, mut changes: UnboundedReceiver<Told>) {
    while let Some(told) = changes.recv().await {
        let body = hub.read(|world| payload(&hub, &world.jira, &told));
        for hook in &told.hooks {
            let delivery = post(&hub, &client, hook, &told, &body).await;
            hub.write(|world| {
                let sent = &mut world.jira.deliveries;
                if sent.len() >= KEPT {
                    sent.remove(0);
                }
                sent.push(delivery);
            });
        }
    }
}

async fn post(
    hub: &Hub,
    client: &reqwest::Client,
    hook: &JiraWebHook,
    told: &Told,
    body: &Value,
) -> JiraHookDelivery {
    let url = hook.url.replace("${issue.key}", &told.issue.key);
    let mut request = client.post(&url).json(body).timeout(TIMEOUT);
    for (name, value) in &hook.headers {
        request = request.header(name, value);
    }
    let answer = request.send().await;
    JiraHookDelivery {
        at: hub.now(),
        event: told.happened.event().to_owned(),
        key: told.issue.key.clone(),
        url,
        status: answer.ok().map(|response| response.status().as_u16()),
    }
}

fn payload(hub: &Hub, tracker: &Tracker, told: &Told) -> Value {
    let mut body = json!({
        "timestamp": told.at.timestamp_millis(),
        "webhookEvent": told.happened.event(),
        "user": render::user(hub, &told.by),
        "issue": render::issue(hub, tracker, &told.issue),
    });
    if let (false, Some(fields)) = (told.changes.is_empty(), body.as_object_mut()) {
        let items: Vec<Value> = told.changes.iter().map(render::item).collect();
        fields.insert("issue_event_type_name".to_owned(), json!("issue_generic"));
        fields.insert("changelog".to_owned(), json!({"id": "1", "items": items}));
    }
    body
}

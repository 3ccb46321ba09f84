//! Callbacks to the app: queued, encrypted and pushed as WeCom does, with fresh random bytes at each delivery,
//! a time-out, and up to three retries.

use std::sync::Arc;

use changegate_wecom::crypto::render_envelope;
use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::mpsc::UnboundedReceiver;
use url::Url;

use crate::faults::ReleaseOrder;
use crate::hub::Hub;
use crate::world::World;

/// The first delivery and three retries.
const DELIVERIES: usize = 4;

/// Where a callback stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallbackState {
    /// On its way.
    Queued,
    /// Kept back on demand.
    Held,
    /// Lost on demand.
    Dropped,
    /// Answered with 200.
    Delivered,
    /// Given up after the last retry.
    GivenUp,
    /// The app has no callback address.
    NoAddress,
}

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// When it ended.
    pub at: DateTime<Utc>,
    /// The status answered; none where there was no answer.
    pub status: Option<u16>,
    /// What went wrong, in words.
    pub failure: Option<String>,
}

/// A callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Callback {
    /// Its number.
    pub id: u64,
    /// When the event happened.
    pub at: DateTime<Utc>,
    /// What it is about, such as `sys_approval_change 202611240001 approved`.
    pub event: String,
    /// The event before encryption.
    pub plaintext: String,
    /// Where it stands.
    pub state: CallbackState,
    /// Its deliveries.
    pub deliveries: Vec<Delivery>,
    /// Copies on their way.
    #[serde(skip)]
    outstanding: u32,
    #[serde(skip)]
    lane: String,
    #[serde(skip)]
    corrupt: bool,
}

/// A callback to be delivered.
#[derive(Debug)]
pub(crate) struct Job {
    callback: u64,
}

/// Queues an event. Events of one lane are delivered in their order.
pub(crate) fn push(hub: &Hub, lane: &str, event: String, plaintext: String) {
    let now = hub.now();
    let copies = hub.write(|world| {
        let faults = &mut world.callback_faults;
        let state = if world.callback_url.is_none() {
            CallbackState::NoAddress
        } else if count_down(&mut faults.drop_next) {
            CallbackState::Dropped
        } else if faults.hold {
            CallbackState::Held
        } else {
            CallbackState::Queued
        };
        let corrupt = state != CallbackState::Dropped && count_down(&mut faults.corrupt_next);
        let outstanding = if state == CallbackState::Queued {
            1 + faults.duplicates
        } else {
            0
        };
        let id = world.next_serial();
        world.record_callback(Callback {
            id,
            at: now,
            event,
            plaintext,
            state,
            deliveries: Vec::new(),
            outstanding,
            lane: lane.to_owned(),
            corrupt,
        });
        vec![id; usize::try_from(outstanding).unwrap_or(0)]
    });
    for callback in copies {
        hub.deliver(lane, Job { callback });
    }
}

/// Delivers held callbacks, one after the other. Answers how many.
pub(crate) fn release(hub: &Hub, order: &ReleaseOrder) -> usize {
    let (lane, ids) = hub.write(|world| {
        let held = |callback: &&mut Callback| callback.state == CallbackState::Held;
        let mut ids: Vec<u64> = world
            .callbacks
            .iter_mut()
            .filter(held)
            .map(|callback| callback.id)
            .collect();
        match order {
            ReleaseOrder::Original => {}
            ReleaseOrder::Reversed => ids.reverse(),
            ReleaseOrder::These(wanted) => {
                let held = ids;
                ids = wanted.iter().copied().filter(|id| held.contains(id)).collect();
            }
        }
        let mut lane = String::new();
        for callback in world
            .callbacks
            .iter_mut()
            .filter(|callback| ids.contains(&callback.id))
        {
            callback.state = CallbackState::Queued;
            callback.outstanding = 1;
            lane.clone_from(&callback.lane);
        }
        (lane, ids)
    });
    for callback in &ids {
        hub.deliver(&lane, Job { callback: *callback });
    }
    ids.len()
}

/// Whether callbacks are on their way.
pub(crate) fn is_idle(world: &World) -> bool {
    world
        .callbacks
        .iter()
        .rev()
        .take(2_000)
        .all(|callback| callback.outstanding == 0)
}

/// Delivers the callbacks of one lane until the simulator stops.
pub(crate) async fn run_lane(hub: Arc<Hub>, client: reqwest::Client, mut jobs: UnboundedReceiver<Job>) {
    while let Some(job) = jobs.recv().await {
        deliver(&hub, &client, job.callback).await;
    }
}

async fn deliver(hub: &Hub, client: &reqwest::Client, id: u64) {
    let found = hub.read(|world| {
        let callback = world.callbacks.iter().rev().find(|callback| callback.id == id)?;
        Some((
            world.callback_url.clone()?,
            callback.plaintext.clone(),
            callback.corrupt,
        ))
    });
    let Some((address, plaintext, corrupt)) = found else {
        return finish(hub, id, CallbackState::NoAddress);
    };
    for attempt in 1..=DELIVERIES {
        let delivery = deliver_once(hub, client, &address, &plaintext, corrupt).await;
        let accepted = delivery.status == Some(200);
        hub.write(|world| {
            if let Some(callback) = find(world, id) {
                callback.deliveries.push(delivery);
            }
        });
        if accepted {
            return finish(hub, id, CallbackState::Delivered);
        }
        if attempt < DELIVERIES {
            tokio::time::sleep(hub.settings.callback_pause).await;
        }
    }
    finish(hub, id, CallbackState::GivenUp);
}

fn finish(hub: &Hub, id: u64, state: CallbackState) {
    hub.write(|world| {
        if let Some(callback) = find(world, id) {
            callback.outstanding = callback.outstanding.saturating_sub(1);
            callback.state = state;
        }
    });
}

fn find(world: &mut World, id: u64) -> Option<&mut Callback> {
    world
        .callbacks
        .iter_mut()
        .rev()
        .find(|callback| callback.id == id)
}

async fn deliver_once(
    hub: &Hub,
    client: &reqwest::Client,
    address: &str,
    plaintext: &str,
    corrupt: bool,
) -> Delivery {
    let timestamp = hub.now().timestamp().to_string();
    let nonce = nonce();
    let sealed = hub
        .keys
        .seal(plaintext.as_bytes(), &timestamp, &nonce, rand::random());
    let encrypt = if corrupt {
        damaged(&sealed.encrypt)
    } else {
        sealed.encrypt
    };
    let query = [
        ("msg_signature", sealed.msg_signature.as_str()),
        ("timestamp", timestamp.as_str()),
        ("nonce", nonce.as_str()),
    ];
    let failed = |failure: String| Delivery {
        at: hub.now(),
        status: None,
        failure: Some(failure),
    };
    let Ok(url) = Url::parse_with_params(address, query) else {
        return failed("the callback address is no URL".to_owned());
    };
    let agent = hub.settings.agent_id.to_string();
    let request = client
        .post(url)
        .header("content-type", "text/xml; charset=utf-8")
        .body(render_envelope(&hub.settings.corp_id, &agent, &encrypt))
        .timeout(hub.settings.callback_timeout);
    match request.send().await {
        Ok(response) => Delivery {
            at: hub.now(),
            status: Some(response.status().as_u16()),
            failure: None,
        },
        Err(error) => failed(error.without_url().to_string()),
    }
}

/// Verifies the callback address as the admin console does when 保存 is pressed.
pub(crate) async fn verify(hub: &Hub, client: &reqwest::Client, address: &str) -> Result<(), String> {
    let timestamp = hub.now().timestamp().to_string();
    let nonce = nonce();
    let expected = rand::random::<u64>().to_string();
    let sealed = hub
        .keys
        .seal(expected.as_bytes(), &timestamp, &nonce, rand::random());
    let query = [
        ("msg_signature", sealed.msg_signature.as_str()),
        ("timestamp", timestamp.as_str()),
        ("nonce", nonce.as_str()),
        ("echostr", sealed.encrypt.as_str()),
    ];
    let url = Url::parse_with_params(address, query).map_err(|error| error.to_string())?;
    let response = client
        .get(url)
        .timeout(std::time::Duration::from_secs(1))
        .send()
        .await
        .map_err(|error| error.without_url().to_string())?;
    let status = response.status();
    let answer = response
        .text()
        .await
        .map_err(|error| error.without_url().to_string())?;
    if status.as_u16() == 200 && answer == expected {
        Ok(())
    } else {
        Err(format!(
            "openapi回调地址请求不通过：应答 {status}，内容与 echostr 不符"
        ))
    }
}

fn nonce() -> String {
    (rand::random::<u32>() % 1_900_000_000).to_string()
}

fn damaged(encrypt: &str) -> String {
    let middle = encrypt.len() / 2;
    encrypt
        .char_indices()
        .map(|(at, c)| {
            if at != middle {
                c
            } else if c == 'A' {
                'B'
            } else {
                'A'
            }
        })
        .collect()
}

fn count_down(left: &mut u32) -> bool {
    let any = *left > 0;
    *left = left.saturating_sub(1);
    any
}

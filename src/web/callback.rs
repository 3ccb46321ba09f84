//! WeCom's door: the URL verification and the encrypted events.
//!
//! The order of the checks is part of the contract: size, parameters and envelope, signature, decryption and
//! receive id, then the durable insert, and only then 200 with an empty body. Nothing else happens here: WeCom
//! waits five seconds (one for the verification) and may or may not send again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use changegate_store::{EventSource, InboxWriter, NewEvent};
use changegate_wecom::{CallbackError, CallbackKeys, CallbackQuery, Event, envelope};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::pipeline;

/// WeCom's own events stay far below this.
const MAX_BODY: usize = 64 * 1024;
/// A body that stalls is cut off: WeCom has given up by then.
const BODY_TIME_OUT: Duration = Duration::from_secs(5);

/// Refusals are logged this far apart.
const LOG_PAUSE: Duration = Duration::from_secs(1);
/// The longest approval number that has a lane; WeCom's own have twelve digits.
const MAX_NUMBER: usize = 64;

/// What receiving takes.
pub(crate) struct Receiver {
    pub(crate) keys: CallbackKeys,
    pub(crate) inbox: InboxWriter,
    pub(crate) clock: Clock,
}

/// Why a callback is not taken.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("body over 64 KiB")]
    TooLarge,
    #[error("the body did not arrive in time")]
    Stalled,
    #[error("the body broke off")]
    BrokenOff,
    #[error(transparent)]
    Callback(#[from] CallbackError),
    #[error("not storable: {0}")]
    NotStored(#[from] changegate_store::StoreError),
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Stalled => StatusCode::REQUEST_TIMEOUT,
            Self::Callback(CallbackError::Signature) => StatusCode::UNAUTHORIZED,
            Self::BrokenOff | Self::Callback(_) => StatusCode::BAD_REQUEST,
            Self::NotStored(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Whether the connection cannot be used again.
    fn leaves_body_unread(&self) -> bool {
        match self {
            Self::TooLarge | Self::Stalled | Self::BrokenOff => true,
            Self::Callback(_) | Self::NotStored(_) => false,
        }
    }

    /// The word for it in the answer and in metrics.
    fn word(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Stalled => "stalled",
            Self::BrokenOff => "broken_off",
            Self::Callback(error) => error.kind(),
            Self::NotStored(_) => "not_stored",
        }
    }
}

/// `GET /wecom/callback`: answers the decrypted echo string, exactly as it is.
pub(crate) async fn verify(request: HttpRequest, receiver: web::Data<Receiver>) -> HttpResponse {
    let answer = CallbackQuery::parse(request.query_string())
        .and_then(|query| receiver.keys.open_url(&query))
        .map_err(Refusal::from);
    match answer {
        Ok(echo) => {
            metrics::counter!("changegate_url_verifications_total", "result" => "ok").increment(1);
            HttpResponse::Ok()
                .content_type("text/plain; charset=utf-8")
                .body(echo)
        }
        Err(refusal) => refuse(&refusal, "changegate_url_verifications_total"),
    }
}

/// `POST /wecom/callback`: stores the event durably, then answers 200 with an empty body.
pub(crate) async fn receive(
    request: HttpRequest,
    payload: web::Payload,
    receiver: web::Data<Receiver>,
) -> HttpResponse {
    match take(&request, payload, &receiver).await {
        Ok(()) => {
            metrics::counter!("changegate_callbacks_total", "result" => "ok").increment(1);
            HttpResponse::Ok().finish()
        }
        Err(refusal) => refuse(&refusal, "changegate_callbacks_total"),
    }
}

async fn take(request: &HttpRequest, payload: web::Payload, receiver: &Receiver) -> Result<(), Refusal> {
    let body = body(payload).await?;
    let event = open(request.query_string(), &body, receiver)?;
    receiver.inbox.submit(event).await?;
    Ok(())
}

async fn body(payload: web::Payload) -> Result<web::Bytes, Refusal> {
    let arrived = tokio::time::timeout(BODY_TIME_OUT, payload.to_bytes_limited(MAX_BODY)).await;
    match arrived {
        Err(_elapsed) => Err(Refusal::Stalled),
        Ok(Err(_limit)) => Err(Refusal::TooLarge),
        Ok(Ok(Err(error))) => {
            tracing::debug!(%error, "a callback's body broke off");
            Err(Refusal::BrokenOff)
        }
        Ok(Ok(Ok(bytes))) => Ok(bytes),
    }
}

/// Verifies, decrypts and reads one event.
fn open(query: &str, body: &[u8], receiver: &Receiver) -> Result<NewEvent, CallbackError> {
    let query = CallbackQuery::parse(query)?;
    let envelope = envelope::parse(body)?;
    let plaintext = receiver.keys.open(&query, &envelope.encrypt)?;
    let event = Event::parse(&plaintext)?;
    let key: [u8; 32] = Sha256::digest(&plaintext).into();
    let Ok(payload) = String::from_utf8(plaintext) else {
        return Err(CallbackError::Xml("not UTF-8".to_owned()));
    };
    Ok(NewEvent {
        subject: subject(&event, &key),
        kind: event.name().to_owned(),
        key,
        payload,
        source: EventSource::Callback,
        received_at: receiver.clock.now(),
    })
}

/// Anybody can knock at the door: one line a second is enough, the metrics count all.
fn may_log() -> bool {
    static LAST: Mutex<Option<Instant>> = Mutex::new(None);
    let now = Instant::now();
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let due = last.is_none_or(|last| now - last >= LOG_PAUSE);
    if due {
        *last = Some(now);
    }
    due
}

/// Events of one approval, and presses on its cards, are worked off in one lane; any other event has one of its own.
fn subject(event: &Event, key: &[u8; 32]) -> String {
    let card = match event {
        Event::TemplateCard(card) | Event::TemplateCardMenu(card) => {
            card.task_id().and_then(pipeline::subject_of_task)
        }
        Event::ApprovalChange(_) | Event::OpenApprovalChange(_) | Event::Other(_) => None,
    };
    match event.sp_no().or(card).filter(|sp_no| sp_no.len() <= MAX_NUMBER) {
        Some(sp_no) => sp_no.to_owned(),
        None => format!("event:{}", hex::encode(key.split_at(16).0)),
    }
}

fn refuse(refusal: &Refusal, counter: &'static str) -> HttpResponse {
    metrics::counter!(counter, "result" => refusal.word()).increment(1);
    match refusal {
        Refusal::NotStored(error) => tracing::error!(%error, "a callback could not be stored"),
        other if may_log() => tracing::warn!(reason = %other, "a callback was refused"),
        other => tracing::debug!(reason = %other, "a callback was refused"),
    }
    let mut answer = HttpResponse::build(refusal.status());
    if refusal.leaves_body_unread() {
        answer.force_close();
    }
    answer
        .content_type("text/plain; charset=utf-8")
        .body(refusal.word())
}

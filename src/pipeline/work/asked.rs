//! What the due events of one change ask for.

use changegate_lifecycle::{Action, Change, Deployment, Details, DutyKind, Press, Timer};
use changegate_policy::UserId;
use changegate_store::{Card, ClaimedBatch, NewMessage, URGENT};
use changegate_wecom::event::{ApprovalChange, CardEvent, Event as WecomEvent};
use changegate_wecom::message::limits::DUPLICATE_INTERVAL;
use changegate_wecom::message::{Message, Recipients, is_userid};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{DEPLOYMENT, FILING, LOOK, PRESS, STRAY, WECOM_MESSAGE, WorkError};
use crate::pipeline::Parts;

/// The kind of the inbox event that a due timer becomes.
const TIMER: &str = "timer";

/// A batch, sorted: a look first, then what was due, then what people pressed.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The approval has to be fetched.
    pub(super) look: bool,
    /// An approval of another template.
    pub(super) not_ours: Option<Box<ApprovalChange>>,
    /// Timers that were due.
    pub(super) timers: Vec<Timer>,
    /// Buttons that were pressed, oldest first.
    pub(super) presses: Vec<Pressed>,
    /// What deployment jobs reported, oldest first.
    pub(super) deployments: Vec<Deployment>,
    /// Deployments for which the job itself knows no change.
    pub(super) strays: Vec<Deployment>,
}

/// A press with the card that it came from.
#[derive(Debug)]
pub(super) struct Pressed {
    pub(super) press: Press,
    /// The card, where it was one.
    pub(super) card: Option<Card>,
    /// For one change of that card.
    pub(super) code: Option<String>,
    pub(super) at: DateTime<Utc>,
}

/// What a page of ours puts into the inbox.
#[derive(Debug, Deserialize)]
struct FromPage {
    by: UserId,
    duty: Option<u32>,
    action: Action,
    #[serde(default)]
    details: Details,
}

#[derive(Debug, Deserialize)]
struct FromTimer {
    name: String,
}

/// Whoever presses on a card that is not known any more is not left without a word.
async fn say_it_is_over(parts: &Parts, batch: &ClaimedBatch, event: &CardEvent) -> Result<(), WorkError> {
    let Some(by) = event.clicked_by().filter(|by| is_userid(by)) else {
        return Ok(());
    };
    let text = "请查看该变更的最新消息后操作：您点的卡片已失效，本次操作未生效";
    let message = Message::text(Recipients::user(by), text).with_duplicate_check(DUPLICATE_INTERVAL);
    let row = NewMessage {
        dedupe_key: format!("over/{}/{by}", batch.token),
        channel: WECOM_MESSAGE.to_owned(),
        recipient: by.to_owned(),
        priority: URGENT,
        body: message.to_json(parts.wecom.agent_id())?,
        ..NewMessage::default()
    };
    parts.store.add_messages(&[row], None, parts.clock.now()).await?;
    Ok(())
}

impl Asked {
    pub(super) async fn of(parts: &Parts, batch: &ClaimedBatch) -> Result<Self, WorkError> {
        let mut asked = Self::default();
        for event in &batch.events {
            match event.kind.as_str() {
                LOOK => asked.look = true,
                TIMER => asked.timer(&event.payload)?,
                PRESS => asked.page(&event.payload, event.received_at)?,
                DEPLOYMENT => asked.deployments.push(serde_json::from_str(&event.payload)?),
                FILING => {}
                STRAY => asked.strays.push(serde_json::from_str(&event.payload)?),
                _ => {
                    let at = event.received_at;
                    asked.wecom(parts, batch, &event.payload, at).await?;
                }
            }
        }
        Ok(asked)
    }

    /// Whether nothing is left to do once an event of another template is recorded.
    pub(super) fn is_for_nothing_else(&self) -> bool {
        !self.look && self.timers.is_empty() && self.presses.is_empty() && self.deployments.is_empty()
    }

    pub(super) fn is_for_nothing(&self) -> bool {
        self.not_ours.is_none() && self.is_for_nothing_else()
    }

    /// Whether an approver is about to be reminded: whether it is still their turn is WeCom's to say.
    pub(super) fn reminds_approvers(&self, change: &Change) -> bool {
        self.timers.iter().any(|timer| match timer {
            Timer::Remind(duty) => change.duty(*duty).is_some_and(|duty| duty.kind == DutyKind::Sign),
            _ => false,
        })
    }

    /// Keeps the codes that came with presses, for the change of those cards.
    pub(super) async fn note_codes(&self, parts: &Parts) -> Result<(), WorkError> {
        for pressed in &self.presses {
            if let (Some(card), Some(code)) = (&pressed.card, &pressed.code) {
                parts
                    .store
                    .note_card_code(&card.task_id, code, pressed.at)
                    .await?;
            }
        }
        Ok(())
    }

    fn timer(&mut self, payload: &str) -> Result<(), WorkError> {
        let due: FromTimer = serde_json::from_str(payload)?;
        match due.name.parse() {
            Ok(timer) => {
                self.look |= timer == Timer::Look;
                self.timers.push(timer);
            }
            Err(error) => tracing::error!(%error, "a stored timer cannot be read any more"),
        }
        Ok(())
    }

    fn page(&mut self, payload: &str, at: DateTime<Utc>) -> Result<(), WorkError> {
        let page: FromPage = serde_json::from_str(payload)?;
        self.presses.push(Pressed {
            press: Press {
                by: page.by,
                duty: page.duty,
                action: page.action,
                details: page.details,
            },
            card: None,
            code: None,
            at,
        });
        Ok(())
    }

    async fn wecom(
        &mut self,
        parts: &Parts,
        batch: &ClaimedBatch,
        payload: &str,
        at: DateTime<Utc>,
    ) -> Result<(), WorkError> {
        match WecomEvent::parse(payload.as_bytes()) {
            Ok(WecomEvent::ApprovalChange(change)) if change.sp_no() == Some(&batch.subject) => {
                match change.template_id() {
                    Some(template) if !parts.settings.templates.iter().any(|ours| ours == template) => {
                        self.not_ours = Some(change);
                    }
                    _ => self.look = true,
                }
            }
            Ok(WecomEvent::TemplateCard(card) | WecomEvent::TemplateCardMenu(card)) => {
                self.card(parts, batch, &card, at).await?;
            }
            Ok(other) => {
                tracing::info!(kind = other.name(), "an event that nobody waits for is kept");
            }
            Err(error) => tracing::error!(%error, "a stored event cannot be read any more"),
        }
        Ok(())
    }

    /// A button. Its key is looked up; what the card says of itself counts for nothing, and who pressed is what
    /// WeCom says.
    async fn card(
        &mut self,
        parts: &Parts,
        batch: &ClaimedBatch,
        event: &CardEvent,
        at: DateTime<Utc>,
    ) -> Result<(), WorkError> {
        let Some((key, action)) = event
            .key()
            .split_once('.')
            .and_then(|(key, word)| Some((key, Action::from_word(word)?)))
        else {
            tracing::warn!(subject = %batch.subject, "a button with a key that is none of ours was pressed");
            return Ok(());
        };
        let known = parts.store.card_by_key(key).await?;
        let Some(card) = known.filter(|card| card.sp_no == batch.subject) else {
            tracing::warn!(subject = %batch.subject, "a button of a card that is not known was pressed");
            return say_it_is_over(parts, batch, event).await;
        };
        let Some(by) = event.clicked_by().map(UserId::new) else {
            return Ok(());
        };
        let is_holders = by == UserId::new(&card.holder);
        self.presses.push(Pressed {
            press: Press {
                duty: u32::try_from(card.duty).ok(),
                action,
                details: Details::default(),
                by,
            },
            code: event.response_code().filter(|_| is_holders).map(str::to_owned),
            card: Some(card),
            at,
        });
        Ok(())
    }
}

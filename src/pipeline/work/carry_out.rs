//! Effects into rows: messages with their exact bytes, cards with their keys, mails, timers, timeline entries.

use changegate_lifecycle::{Change, Effect, GroupNotice, Notice};
use changegate_notifier::{self as notifier, About, CardKeys, Links, Rendered};
use changegate_policy::{RuleId, UserId};
use changegate_store::{NewCard, NewEntry, NewMessage, NewTimer, NewWaiver, REMINDER, RuleDecision, URGENT};
use changegate_wecom::message::limits::DUPLICATE_INTERVAL;
use changegate_wecom::message::{Body, Message, appchat_json};
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde_json::Value;

use super::asked::Asked;
use super::cards::{self, Ids};
use super::scene::Scene;
use super::{WorkError, entries, mails};
use crate::pipeline::Parts;

/// The channel of messages that go by `message/send`.
pub(in crate::pipeline) const WECOM_MESSAGE: &str = "wecom_message";
/// The channel of what changes a card that is out.
pub(in crate::pipeline) const CARD_UPDATE: &str = "card_update";
/// The channel of what the feedback group is told.
pub(in crate::pipeline) const GROUP: &str = "group";
/// The channel of mails.
pub(in crate::pipeline) const MAIL: &str = "mail";

/// Reminders of one minute go out together, so long after it.
const AFTER_THE_MINUTE: TimeDelta = TimeDelta::seconds(5);

/// What a step wants stored.
#[derive(Default)]
pub(super) struct Done {
    pub(super) timeline: Vec<NewEntry>,
    pub(super) messages: Vec<NewMessage>,
    pub(super) new_cards: Vec<NewCard>,
    pub(super) close_duties: Vec<i64>,
    pub(super) set_timers: Vec<NewTimer>,
    pub(super) clear_timers: Vec<String>,
    pub(super) new_waivers: Vec<NewWaiver>,
    pub(super) decide_waivers: Vec<RuleDecision>,
}

/// What messages of a step are written with.
struct Desk<'a> {
    parts: &'a Parts,
    scene: &'a Scene,
    after: &'a Change,
    about: About<'a>,
    change_link: String,
    act_link: String,
    incident_link: String,
}

/// Turns effects into what is stored together with the change.
pub(super) async fn carry_out(
    parts: &Parts,
    scene: &Scene,
    after: &Change,
    effects: Vec<Effect>,
    asked: &Asked,
) -> Result<Done, WorkError> {
    let sp_no = &scene.submission.sp_no;
    let directory = scene.directory.as_deref();
    let desk = Desk {
        parts,
        scene,
        after,
        about: About::new(
            &scene.submission,
            after,
            &scene.verdict,
            &scene.policy,
            directory,
            scene.now,
        ),
        change_link: parts.links.to_change(sp_no, scene.now),
        act_link: parts.links.to_act(sp_no),
        incident_link: parts.links.to_incident(sp_no),
    };
    let mut done = Done::default();
    for effect in effects {
        match effect {
            Effect::Record(record) => done.timeline.push(entries::entry(&record, scene, after)?),
            Effect::Notify { to, sequence, notice } => desk.notify(&mut done, &to, sequence, &notice)?,
            Effect::Group { sequence, notice } => desk.tell_group(&mut done, sequence, &notice)?,
            Effect::Mail { sequence, mail } => {
                let links = desk.links(None);
                let rows = mails::mail(parts, (scene, after), (&desk.about, &links), sequence, &mail).await?;
                done.messages.extend(rows);
            }
            Effect::Settle { sequence, duty, of } => {
                let links = desk.links(None);
                let settled = cards::settle(
                    (parts, asked),
                    (&desk.about, &links),
                    after,
                    (sp_no, sequence, duty, of.as_ref()),
                    scene.now,
                )
                .await?;
                done.messages.extend(settled);
                if of.is_none() {
                    done.close_duties.push(i64::from(duty));
                }
            }
            Effect::Set { timer, at } => done.set(timer.to_string(), at),
            Effect::Clear { timer } => done.clear(timer.to_string()),
            Effect::Waive {
                rules,
                granted,
                by,
                reason,
            } => done
                .decide_waivers
                .extend(rules.into_iter().map(|rule| RuleDecision {
                    sp_no: sp_no.clone(),
                    rule: rule.to_string(),
                    granted,
                    by: by.to_string(),
                    reason: reason.clone(),
                })),
        }
    }
    let links = desk.links(None);
    let turned = cards::turn_again(
        (parts, asked),
        (&desk.about, &links),
        after,
        &done.messages,
        scene.now,
    )?;
    done.messages.extend(turned);
    done.new_waivers = requested(sp_no, &scene.before, after);
    Ok(done)
}

impl Done {
    /// Of several steps in one transaction the last word about a timer counts.
    fn set(&mut self, name: String, due_at: DateTime<Utc>) {
        self.forget(&name);
        self.set_timers.push(NewTimer {
            name,
            due_at,
            payload: Value::Null,
        });
    }

    fn clear(&mut self, name: String) {
        self.forget(&name);
        self.clear_timers.push(name);
    }

    fn forget(&mut self, name: &str) {
        self.set_timers.retain(|timer| timer.name != name);
        self.clear_timers.retain(|timer| timer != name);
    }
}

/// Waivers that were asked for in this step.
fn requested(sp_no: &str, before: &Change, after: &Change) -> Vec<NewWaiver> {
    after
        .waivers
        .iter()
        .skip(before.waivers.len())
        .flat_map(|request| {
            request.rules.iter().map(|rule: &RuleId| NewWaiver {
                sp_no: sp_no.to_owned(),
                rule: rule.to_string(),
                reason: request.reason.clone(),
                requested_by: request.asked.by.to_string(),
            })
        })
        .collect()
}

impl Desk<'_> {
    fn links<'b>(&'b self, duty: Option<&'b str>) -> Links<'b> {
        Links {
            change: &self.change_link,
            duty,
            act: &self.act_link,
            incident: &self.incident_link,
        }
    }

    fn notify(&self, done: &mut Done, to: &UserId, sequence: u32, notice: &Notice) -> Result<(), WorkError> {
        let sp_no = &self.scene.submission.sp_no;
        let agent = self.parts.wecom.agent_id();
        let duty = notice.duty();
        let duty_link = duty.map(|duty| self.parts.links.to_duty(sp_no, duty));
        let links = self.links(duty_link.as_deref());
        let ids = duty.map(|duty| Ids::new(sp_no, duty, sequence));
        let keys = ids.as_ref().map(|ids| CardKeys {
            task_id: &ids.task_id,
            card_key: &ids.card_key,
        });
        let Rendered {
            message,
            fallback,
            line,
            actions,
        } = notifier::render(notice, to, &self.about, &links, keys.as_ref())?;
        let dedupe_key = format!("{sp_no}/{sequence}");
        if let (Some(ids), Some(duty), false) = (ids, duty, actions.is_empty()) {
            done.new_cards.push(NewCard {
                task_id: ids.task_id,
                card_key: ids.card_key,
                sp_no: sp_no.clone(),
                duty: i64::from(duty),
                holder: to.to_string(),
                actions: actions.iter().map(ToString::to_string).collect(),
                message_key: dedupe_key.clone(),
            });
        }
        let waits = notice.can_wait();
        done.messages.push(NewMessage {
            dedupe_key,
            sp_no: Some(sp_no.clone()),
            channel: WECOM_MESSAGE.to_owned(),
            recipient: to.to_string(),
            priority: if waits { REMINDER } else { URGENT },
            body: message.to_json(agent)?,
            run_at: waits.then(|| after_this_minute(self.scene.now)),
            bundle: line.filter(|_| waits),
            fallback: fallback.map(|fallback| fallback.to_json(agent)).transpose()?,
        });
        Ok(())
    }

    /// The group, or where none is configured those who tell it (十.2): product managers and testers.
    fn tell_group(&self, done: &mut Done, sequence: u32, notice: &GroupNotice) -> Result<(), WorkError> {
        let sp_no = &self.scene.submission.sp_no;
        let body = notifier::group(notice, &self.about)?;
        let new = |dedupe_key: String, channel: &str, recipient: &str, body: String| NewMessage {
            dedupe_key,
            sp_no: Some(sp_no.clone()),
            channel: channel.to_owned(),
            recipient: recipient.to_owned(),
            priority: URGENT,
            body,
            ..NewMessage::default()
        };
        if let Some(group) = &self.parts.policy().contacts().feedback_group {
            let json = appchat_json(group, &body)?;
            done.messages
                .push(new(format!("{sp_no}/{sequence}"), GROUP, group, json));
            return Ok(());
        }
        let people = &self.after.people;
        let mut tellers = people.product_managers.clone();
        tellers.extend(people.testers.iter().cloned());
        for who in tellers {
            let message =
                Message::new(cards::to(&who), forwarded(&body)).with_duplicate_check(DUPLICATE_INTERVAL);
            let json = message.to_json(self.parts.wecom.agent_id())?;
            let key = format!("{sp_no}/{sequence}/{who}");
            done.messages.push(new(key, WECOM_MESSAGE, who.as_str(), json));
        }
        Ok(())
    }
}

/// The group's text for somebody who hands it on.
fn forwarded(body: &Body) -> Body {
    const ASK: &str = "请转发到问题反馈群（未配置群，变更闸不能代发）：\n\n";
    let handed_on = |content: &str| changegate_wecom::message::fit(&format!("{ASK}{content}"), 2048);
    match body {
        Body::Text { content } => Body::Text {
            content: handed_on(content),
        },
        Body::Markdown { content } => Body::Markdown {
            content: handed_on(content),
        },
        other => other.clone(),
    }
}

/// Shortly after the present minute: what several changes have for one member in it goes out as one.
fn after_this_minute(now: DateTime<Utc>) -> DateTime<Utc> {
    let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
    minute + TimeDelta::minutes(1) + AFTER_THE_MINUTE
}

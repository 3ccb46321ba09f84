//! What the card of a duty turns into once there is nothing left to press.

use changegate_lifecycle::{Action, Duty, DutyState, Said};
use changegate_policy::UserId;
use changegate_wecom::message::TemplateCard;

use crate::about::{About, Links, RenderError};
use crate::actions;
use crate::card::CardText;
use crate::templates::fill;
use crate::times;
use crate::words::Words;

/// Where a report of an anomaly is completed.
const COMPLETE_REPORT: &str = "补充现象、标记生产事故";

/// The card in place of the one that `viewer` got: who did it and when, or that it is no longer needed. Whoever
/// reported an anomaly is led to the page where they say what is wrong.
pub fn settled(
    duty: &Duty,
    viewer: &UserId,
    about: &About<'_>,
    links: &Links<'_>,
) -> Result<TemplateCard, RenderError> {
    let links = links.checked()?;
    let mut words = Words::of(about, viewer, &links);
    words.on_duty(about, duty);
    if !duty.is_open() {
        words.awaited.clear();
    }
    let result = result(duty, viewer);
    let reported = result.is_some_and(|(who, said)| who == viewer && said.action == Action::Anomaly);
    words.reader_reported = reported;
    let template = match (result, duty.state) {
        (Some((who, said)), _) => {
            words.by = about.name_of(who);
            words.at = times::lately(about.policy, said.at, about.now);
            words.action_said = actions::said(duty.kind, said.action);
            "settled_said.card.txt"
        }
        (None, DutyState::Done) => "settled_done.card.txt",
        (None, DutyState::Dropped) => "settled_dropped.card.txt",
        (None, DutyState::Open) if duty.arrived.contains_key(viewer) => "settled_arrived.card.txt",
        (None, DutyState::Open) if duty.acknowledged.contains(viewer) => "settled_acknowledged.card.txt",
        (None, DutyState::Open) => "settled_later.card.txt",
    };
    let text = CardText::read(&fill(template, &words)?, None);
    let mut jumps = Vec::new();
    if reported {
        jumps.push((COMPLETE_REPORT, links.act));
    }
    jumps.push(("查看详情", links.change));
    let opens = if reported { links.act } else { links.change };
    Ok(text.with_links(&jumps, opens))
}

/// What settles the card of one member: what they said themselves, else, for a duty that somebody did, what was said
/// last. Of a duty that was dropped others' words tell them nothing.
fn result<'a>(duty: &'a Duty, viewer: &UserId) -> Option<(&'a UserId, &'a Said)> {
    let own = duty.said.iter().find(|(who, _)| *who == viewer);
    let last = || duty.said.iter().max_by_key(|(_, said)| said.at);
    match duty.state {
        DutyState::Done => own.or_else(last),
        DutyState::Open | DutyState::Dropped => own,
    }
}

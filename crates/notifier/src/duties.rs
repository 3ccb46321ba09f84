//! Cards of duties: what has to be done, and the buttons by which it is said to be done.

use changegate_lifecycle::{Action, Count, Duty, DutyKind};
use changegate_policy::UserId;
use changegate_wecom::message::limits::{DUPLICATE_INTERVAL, TEXTCARD_DESCRIPTION, TEXTCARD_TITLE, fit};
use changegate_wecom::message::{Body, Button, Message, Recipients};

use crate::about::{About, CardKeys, Links, RenderError};
use crate::actions::{self, Style};
use crate::card::CardText;
use crate::letter::Line;
use crate::message::Rendered;
use crate::templates::fill;
use crate::words::Words;

/// The longest line of a digest, in bytes.
pub(crate) const DIGEST_LINE: usize = 200;
/// The label of the way to name others than oneself.
const NAME_OTHERS: &str = "指定人员";

/// The card of a duty; of a reminder with its count. Without `keys` a text card with a link stands alone.
pub(crate) fn render(
    duty: &Duty,
    count: Option<&Count>,
    to: &UserId,
    about: &About<'_>,
    links: &Links<'_>,
    keys: Option<&CardKeys<'_>>,
) -> Result<Rendered, RenderError> {
    let mut words = Words::of(about, to, links);
    words.on_duty(about, duty);
    let note = count.map(|count| reminder(count, about));
    let text = CardText::read(&fill(template(duty.kind), &words)?, note.as_deref());
    let line = digest_line(&counted(&text.title, count), &mut words)?;
    let plain = stand_in(&text, to, links);
    let Some(keys) = keys else {
        return Ok(Rendered {
            message: plain,
            fallback: None,
            line: Some(line),
            actions: Vec::new(),
        });
    };
    let called: Vec<Action> = duty
        .kind
        .actions()
        .iter()
        .copied()
        .filter(|action| !action.needs_a_page())
        .collect();
    let card = if called.is_empty() {
        text.with_links(&jumps(duty.kind, about, links), links.to_duty())
    } else {
        text.with_buttons(keys.task_id, buttons(duty.kind, about, links, keys), links.change)
    };
    Ok(Rendered {
        message: Message::card(Recipients::user(to.as_str()), card).with_duplicate_check(DUPLICATE_INTERVAL),
        fallback: Some(plain),
        line: Some(line),
        actions: called,
    })
}

fn counted(what_to_do: &str, count: Option<&Count>) -> String {
    match count {
        Some(count) => format!("{what_to_do}（第 {} 次，共 {} 次）", count.number, count.of),
        None => what_to_do.to_owned(),
    }
}

/// One line for a digest: what to do, and with which change. The number stands whole.
pub(crate) fn digest_line(what_to_do: &str, words: &mut Words) -> Result<String, RenderError> {
    what_to_do.clone_into(&mut words.what_to_do);
    let marked = fill("line.txt", words)?;
    let line = Line::read(marked.trim_end());
    let fixed = line.within(0).len();
    Ok(line.within(DIGEST_LINE.saturating_sub(fixed)))
}

/// Which reminder it is, and what follows.
pub(crate) fn reminder(count: &Count, about: &About<'_>) -> String {
    let which = format!("第 {} 次提醒，共 {} 次", count.number, count.of);
    match count.next_in {
        Some(minutes) if !count.next.is_empty() => {
            format!("{which}；{minutes} 分钟后提醒{}", about.names_of(&count.next))
        }
        Some(minutes) => format!("{which}；{minutes} 分钟后再次提醒"),
        None => format!("{which}，不再提醒"),
    }
}

fn template(kind: DutyKind) -> &'static str {
    match kind {
        DutyKind::Sign => "duty/sign.card.txt",
        DutyKind::Regression => "duty/regression.card.txt",
        DutyKind::RollbackReady => "duty/rollback_ready.card.txt",
        DutyKind::VerificationReady => "duty/verification_ready.card.txt",
        DutyKind::TechnicalByDevelopment => "duty/technical_by_development.card.txt",
        DutyKind::TechnicalByTest => "duty/technical_by_test.card.txt",
        DutyKind::EmergencyMail => "duty/emergency_mail.card.txt",
        DutyKind::Start => "duty/start.card.txt",
        DutyKind::Consent => "duty/consent.card.txt",
        DutyKind::Finish => "duty/finish.card.txt",
        DutyKind::Verify => "duty/verify.card.txt",
        DutyKind::WatchFeedback => "duty/watch_feedback.card.txt",
        DutyKind::ConfigurePermissions => "duty/configure_permissions.card.txt",
        DutyKind::UsOpen => "duty/us_open.card.txt",
        DutyKind::NameWatchers(_) => "duty/name_watchers.card.txt",
        DutyKind::WatchSession(_) => "duty/watch_session.card.txt",
        DutyKind::Handle => "duty/handle.card.txt",
        DutyKind::Remedy => "duty/remedy.card.txt",
        DutyKind::RollBack => "duty/roll_back.card.txt",
        DutyKind::ConfirmRestored => "duty/confirm_restored.card.txt",
        DutyKind::ConfirmFixed => "duty/confirm_fixed.card.txt",
        DutyKind::DecideWaiver => "duty/decide_waiver.card.txt",
        DutyKind::Report => "duty/report.card.txt",
        DutyKind::Markets => "duty/markets.card.txt",
    }
}

fn buttons(kind: DutyKind, about: &About<'_>, links: &Links<'_>, keys: &CardKeys<'_>) -> Vec<Button> {
    let mut buttons: Vec<Button> = kind
        .actions()
        .iter()
        .map(|action| {
            let text = actions::label(kind, *action, about.change);
            let style = actions::style(*action);
            if action.needs_a_page() {
                to_page(text, style, links)
            } else {
                Button {
                    text: text.to_owned(),
                    style: Some(style.number()),
                    key: Some(format!("{}.{}", keys.card_key, action.word())),
                    ..Button::default()
                }
            }
        })
        .collect();
    if matches!(kind, DutyKind::NameWatchers(_)) {
        buttons.push(to_page(NAME_OTHERS, Style::Plain, links));
    }
    buttons
}

fn to_page(text: &str, style: Style, links: &Links<'_>) -> Button {
    Button {
        kind: Some(1),
        text: text.to_owned(),
        style: Some(style.number()),
        url: Some(links.to_duty().to_owned()),
        ..Button::default()
    }
}

fn jumps<'a>(kind: DutyKind, about: &About<'_>, links: &Links<'a>) -> Vec<(&'static str, &'a str)> {
    let mut jumps: Vec<(&'static str, &'a str)> = Vec::new();
    for action in kind.actions() {
        let text = actions::label(kind, *action, about.change);
        if !jumps.iter().any(|(known, _)| *known == text) {
            jumps.push((text, links.to_duty()));
        }
    }
    jumps
}

/// The same as a text card, which needs no callback address.
fn stand_in(text: &CardText, to: &UserId, links: &Links<'_>) -> Message {
    let rows = text.rows.iter().map(|(key, value)| format!("{key}：{value}"));
    let number = text.rows.last().map(|(key, value)| format!("{key}：{value}"));
    let lines: Vec<String> = std::iter::once(text.desc.clone())
        .chain(number)
        .chain(std::iter::once(text.text.clone()))
        .chain(rows.take(text.rows.len().saturating_sub(1)))
        .filter(|line| !line.is_empty())
        .collect();
    let body = Body::TextCard {
        title: fit(&text.title, TEXTCARD_TITLE),
        description: fit(&lines.join("\n"), TEXTCARD_DESCRIPTION),
        url: links.to_duty().to_owned(),
        btntxt: Some("去处理".to_owned()),
    };
    Message::new(Recipients::user(to.as_str()), body).with_duplicate_check(DUPLICATE_INTERVAL)
}

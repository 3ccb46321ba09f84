//! A notice of the lifecycle as a message for one reader.

mod tell;

use changegate_lifecycle::{Action, Notice};
use changegate_policy::UserId;
use changegate_wecom::message::limits::{DUPLICATE_INTERVAL, MARKDOWN};
use changegate_wecom::message::{Message, Recipients};

use crate::about::{About, CardKeys, Links, RenderError};
use crate::duties;
use crate::letter::Letter;
use crate::templates::fill;
use crate::words::Words;

/// A message with what the shell has to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The message.
    pub message: Message,
    /// What is sent where cards are not available: a text card with a link.
    pub fallback: Option<Message>,
    /// One line for a digest, at most 200 bytes: what to do with which change.
    pub line: Option<String>,
    /// What the card's buttons call back with.
    pub actions: Vec<Action>,
}

/// The message that tells `to` of a notice. The same arguments always give the same bytes, so that WeCom knows a
/// repeated request again. `keys` are needed for a notice with buttons; without them a text card with a link stands
/// in.
///
/// # Errors
/// Where a link is no address, the notice names a duty that the change does not have, or WeCom would not take the
/// message (a reader whose id is none).
pub fn render(
    notice: &Notice,
    to: &UserId,
    about: &About<'_>,
    links: &Links<'_>,
    keys: Option<&CardKeys<'_>>,
) -> Result<Rendered, RenderError> {
    let links = links.checked()?;
    let duty = |number: u32| about.change.duty(number).ok_or(RenderError::NoSuchDuty(number));
    let rendered = match notice {
        Notice::Duty { duty: number } => duties::render(duty(*number)?, None, to, about, &links, keys)?,
        Notice::Reminder { duty: number, count } if count.to_holder => {
            duties::render(duty(*number)?, Some(count), to, about, &links, keys)?
        }
        _ => text(notice, to, about, &links)?,
    };
    rendered.message.validate()?;
    if let Some(fallback) = &rendered.fallback {
        fallback.validate()?;
    }
    Ok(rendered)
}

fn text(notice: &Notice, to: &UserId, about: &About<'_>, links: &Links<'_>) -> Result<Rendered, RenderError> {
    let about = &judged_by(notice, about);
    let mut words = Words::of(about, to, links);
    let template = words.tell(notice, about)?;
    let content = Letter::read(&fill(template, &words)?).within(MARKDOWN);
    let line = match notice {
        Notice::Reminder { .. } => {
            let head = format!("请督促完成{}", words.duty_name);
            Some(duties::digest_line(&head, &mut words)?)
        }
        _ => None,
    };
    Ok(Rendered {
        message: Message::markdown(Recipients::user(to.as_str()), content)
            .with_duplicate_check(DUPLICATE_INTERVAL),
        fallback: None,
        line,
        actions: Vec::new(),
    })
}

/// With the verdict that the notice tells of, should the one at hand be a newer one.
fn judged_by<'a>(notice: &'a Notice, about: &About<'a>) -> About<'a> {
    match notice {
        Notice::Verdict { verdict, .. }
        | Notice::VerdictChanged { verdict, .. }
        | Notice::YourTurn { verdict }
        | Notice::BeforeSigning { verdict }
        | Notice::Breach { verdict, .. }
        | Notice::Resolved { verdict }
        | Notice::Closed { verdict, .. }
        | Notice::SignedDespite { verdict, .. }
        | Notice::EditedAfterSigning { verdict, .. }
        | Notice::StopBeforeStart { verdict } => About { verdict, ..*about },
        _ => *about,
    }
}

//! What a message knows beside its notice: the change, the verdict, the policy, and where links lead.

use changegate_lifecycle::Change;
use changegate_policy::{Directory, Policy, Submission, UserId, Verdict};
use changegate_wecom::message::MessageError;
use chrono::{DateTime, Utc};

use crate::plain::plain;

/// So many names stand in a list, the others are counted.
const NAMES: usize = 8;

/// The change that a message is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub(crate) submission: &'a Submission,
    pub(crate) change: &'a Change,
    pub(crate) verdict: &'a Verdict,
    pub(crate) policy: &'a Policy,
    pub(crate) directory: Option<&'a Directory>,
    pub(crate) now: DateTime<Utc>,
}

/// Where a message leads: pages of changegate, behind WeCom's OAuth address where they need a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Links<'a> {
    /// The page of the change.
    pub change: &'a str,
    /// The page of the duty, where it is done without a card; none: the change's page.
    pub duty: Option<&'a str>,
    /// Where a member acts on the change: reports an anomaly, asks for a waiver, marks an incident.
    pub act: &'a str,
    /// The page of the incident.
    pub incident: &'a str,
}

/// What makes a card known again when somebody presses a button on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardKeys<'a> {
    /// The card's id, unique in the app.
    pub task_id: &'a str,
    /// What a button's key begins with; the action's word follows after a dot.
    pub card_key: &'a str,
}

impl<'a> About<'a> {
    /// A change as it stands after the step that brought the notice, at `now`. `directory` knows names and roles,
    /// without it members are shown by their ids.
    pub fn new(
        submission: &'a Submission,
        change: &'a Change,
        verdict: &'a Verdict,
        policy: &'a Policy,
        directory: Option<&'a Directory>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            submission,
            change,
            verdict,
            policy,
            directory,
            now,
        }
    }

    /// The name to show for a member, unable to act as markup.
    pub(crate) fn name_of(&self, user: &UserId) -> String {
        name_of(self.directory, user)
    }

    /// The names to show for several members.
    pub(crate) fn names_of<'b>(&self, users: impl IntoIterator<Item = &'b UserId>) -> String {
        names_of(self.directory, users)
    }
}

impl<'a> Links<'a> {
    /// The same, each of them known to be a plain address.
    pub(crate) fn checked(self) -> Result<Self, RenderError> {
        for address in [self.change, self.act, self.incident]
            .into_iter()
            .chain(self.duty)
        {
            Link::new(address)?;
        }
        Ok(self)
    }

    /// The page where the duty is done.
    pub(crate) fn to_duty(self) -> &'a str {
        self.duty.unwrap_or(self.change)
    }
}

/// The name to show for a member, unable to act as markup.
pub(crate) fn name_of(directory: Option<&Directory>, user: &UserId) -> String {
    plain(directory.map_or(user.as_str(), |directory| directory.name_of(user)))
}

/// The names to show for several members.
pub(crate) fn names_of<'b>(
    directory: Option<&Directory>,
    users: impl IntoIterator<Item = &'b UserId>,
) -> String {
    let names: Vec<String> = users.into_iter().map(|user| name_of(directory, user)).collect();
    let shown = names.get(..NAMES).unwrap_or(&names).join("、");
    if names.len() > NAMES {
        format!("{shown}等 {} 人", names.len())
    } else {
        shown
    }
}

/// An address that can stand in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link<'a>(&'a str);

/// Why a message cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The link takes the room of the message.
    #[error("the link has {0} bytes, at most {max} fit into a message", max = MAX_LINK)]
    LinkTooLong(usize),
    /// The link is not an http or https address, or holds a character that markup would stumble over.
    #[error("the link is no http(s) address in plain ASCII without blanks, quotes and brackets")]
    NotAnAddress,
    /// The notice names a duty that the change does not have.
    #[error("the change has no duty {0}")]
    NoSuchDuty(u32),
    /// A template is at fault.
    #[error("a template is at fault: {0}")]
    Template(String),
    /// WeCom would not take it.
    #[error("WeCom would not take the message: {0}")]
    Limits(#[from] MessageError),
}

/// How long a link may be: an address behind WeCom's OAuth page stays well below.
pub(crate) const MAX_LINK: usize = 768;

impl<'a> Link<'a> {
    /// A link that can stand in a message.
    pub(crate) fn new(page: &'a str) -> Result<Self, RenderError> {
        if page.len() > MAX_LINK {
            return Err(RenderError::LinkTooLong(page.len()));
        }
        let breaks_markup = |c: char| !c.is_ascii_graphic() || "()[]<>\"'`\\*".contains(c);
        let is_http = page.starts_with("https://") || page.starts_with("http://");
        if !is_http || page.chars().any(breaks_markup) {
            return Err(RenderError::NotAnAddress);
        }
        Ok(Self(page))
    }

    /// The address.
    pub(crate) fn address(self) -> &'a str {
        self.0
    }
}

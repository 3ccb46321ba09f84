//! What a message says of a change beside the verdict.

use changegate_lifecycle::Stage;
use changegate_policy::{Directory, Submission, UserId};

/// The change that a message is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub(crate) sp_no: &'a str,
    pub(crate) title: &'a str,
    pub(crate) applicants: &'a [UserId],
    pub(crate) stage: Stage,
    directory: Option<&'a Directory>,
}

impl<'a> About<'a> {
    /// A submission that takes its course; `directory` knows names and roles, without it members are shown by
    /// their ids.
    pub fn new(submission: &'a Submission, directory: Option<&'a Directory>) -> Self {
        Self {
            sp_no: &submission.sp_no,
            title: submission.title.text(),
            applicants: &submission.applicants,
            stage: Stage::Approving,
            directory,
        }
    }

    /// The same in another stage: what an applicant can do about a fault depends on it.
    #[must_use]
    pub fn in_stage(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }

    /// Teams and roles.
    pub(crate) fn directory(&self) -> Option<&'a Directory> {
        self.directory
    }

    /// The name to show for a member.
    pub(crate) fn name_of<'b>(&'b self, user: &'b UserId) -> &'b str {
        self.directory
            .map_or(user.as_str(), |directory| directory.name_of(user))
    }

    /// The names to show for several members.
    pub(crate) fn names_of(&self, users: &[UserId]) -> String {
        users
            .iter()
            .map(|user| self.name_of(user))
            .collect::<Vec<_>>()
            .join("、")
    }
}

/// Where a message leads: the page of its change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link<'a>(&'a str);

/// Why a message cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The link takes the room of the message.
    #[error("the link has {0} bytes, at most {max} fit into a message", max = MAX_LINK)]
    LinkTooLong(usize),
    /// The link is not an http or https address, or holds a character that markup would stumble over.
    #[error("the link is no http(s) address in plain ASCII without blanks, quotes and brackets")]
    NotAnAddress,
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

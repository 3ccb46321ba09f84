#![doc = include_str!("../README.md")]

mod store;

mod inbox;

mod advance;
mod assessments;
mod cards;
mod change;
mod change_issues;
mod figures;
mod history;
mod open_change;
mod timeline;

mod attachments;
mod deployments;
mod files;
mod images;

mod outbox;
mod prune;

mod timers;

mod ledger;
mod sessions;
mod state;
mod tokens;
mod waivers;

mod entity;
mod error;
mod ids;
mod micros;
mod transaction;
mod words;

pub use advance::{Advance, Committed};
pub use assessments::{Assessment, StoredAssessment};
pub use attachments::{NewFile, StoredAttachment};
pub use cards::{Card, NewCard};
pub use change::{Change, ChangeDraft, ChangeFilter, Page};
pub use deployments::{Deployment, NewDeployment};
pub use error::StoreError;
pub use history::{NewSubmission, NewVerdict, Submission, Verdict};
pub use images::StoredImage;
pub use inbox::writer::{InboxWriter, InboxWriterTask};
pub use inbox::{Accepted, ClaimedBatch, Event, EventSource, EventState, InboxCounts, LaneLease, NewEvent};
pub use ledger::approvals::ApprovalsKnown;
pub use ledger::rules::RuleLine;
pub use ledger::signatures::SignedDespite;
pub use ledger::{ChannelLine, Ledger};
pub use open_change::{Neighbourhood, OpenChange};
pub use outbox::bundle::{BundleLine, Bundled, Compose};
pub use outbox::status::MessageStatus;
pub use outbox::{
    ClaimedMessage, DIGEST, Delivery, Message, MessageState, NewMessage, OutboxCounts, REMINDER, SendLimits,
    URGENT,
};
pub use sessions::Session;
pub use store::migrate::MigrationStatus;
pub use store::{Backend, Store, StoreOptions, Wake};
pub use timeline::{Entry, NewEntry, TimelineCheck};
pub use timers::{NewTimer, Timer};
pub use tokens::{ApiToken, NewToken};
pub use waivers::{NewWaiver, RuleDecision, Waiver, WaiverDecision};

#![doc = include_str!("../README.md")]

mod api;
mod approval;
mod browser;
mod callback;
pub mod cast;
mod clock;
mod company;
mod control;
mod directory;
mod error;
mod faults;
mod fields;
mod form;
pub mod forms;
mod hub;
mod inbox;
mod jira;
mod letter;
mod message;
mod office;
mod phone;
mod routes;
mod seen;
mod settings;
mod simulator;
mod story;
mod waiting;
mod world;
mod xlsx;
mod xml;

pub use crate::api::Mail;
pub use crate::approval::{
    Action, Approval, ChangeKind, Comment, FormStatus, Node, NodeKind, Opinion, Refusal, SignMode, Signer,
};
pub use crate::browser::{BrowseError, Visit};
pub use crate::callback::{Callback, CallbackState, Delivery};
pub use crate::cast::{FlowNode, Person};
pub use crate::clock::Clock;
pub use crate::company::MenuItem;
pub use crate::directory::{Department, Standing, Tag};
pub use crate::faults::{CallbackFaults, Fault, FaultKind, ReleaseOrder};
pub use crate::form::{Form, FormFile};
pub use crate::inbox::Received;
pub use crate::jira::{
    IssueChange, IssueLink, IssueRefusal, JiraHookDelivery, JiraIssue, JiraWebHook, NewIssue,
};
pub use crate::letter::Letter;
pub use crate::message::{Channel, Message};
pub use crate::office::{Draft, Selected};
pub use crate::seen::{PressOutcome, Seen, SeenButton};
pub use crate::settings::{Limits, Settings};
pub use crate::simulator::{Simulator, StartError};
pub use crate::waiting::WaitError;
pub use crate::world::{Call, MemberState};

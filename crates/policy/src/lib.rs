#![doc = include_str!("../README.md")]

mod description;
mod evaluate;
mod facts;
mod policy;
mod reading;
mod rule;
mod rules;
mod submission;
mod text;
mod verdict;

pub use description::{HostError, JiraHosts};
pub use evaluate::{evaluate, read};
pub use facts::{
    ApprovalNode, ApproverMode, Chain, Directory, Facts, FileNames, OtherChange, Role, Team, Waiver,
};
pub use policy::{Contacts, Policy, PolicyError, Severity};
pub use reading::Urgency;
pub use rule::{Mode, RuleId, UnknownRule};
pub use submission::{Field, People, PlannedTime, RelatedApproval, Submission, UserId};
pub use verdict::{
    ChangeSummary, Evidence, ItemSummary, Outcome, PolicyRef, RuleResult, Status, Verdict, WindowSummary,
};

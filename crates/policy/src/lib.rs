#![doc = include_str!("../README.md")]

mod description;
mod draft;
mod evaluate;
mod facts;
mod images;
mod markets;
mod policy;
mod reading;
mod rule;
mod rules;
mod submission;
mod text;
mod verdict;

pub use description::{HostError, JiraHosts};
pub use draft::{ChainGap, ChainStep, Proposal, Wishes, issue_keys, propose, wanted_chain};
pub use evaluate::{evaluate, read, technical_items};
pub use facts::{
    ApprovalNode, ApproverMode, AttachedFile, Chain, Comment, Directory, EmergencyMail, Facts, FileContent,
    Files, ImageFacts, ImageTag, Issue, IssueFact, IssueLink, MailContent, OtherChange, Role, StatusChange,
    Team, TechnicalConfirmations, Waiver, WorkbookContent,
};
pub use images::{ImageName, NoImageName, named_images};
pub use markets::{Market, MarketReading};
pub use policy::{
    Contacts, ExecutionRecord, Pace, Policy, PolicyError, Severity, WecomDirectory, WecomTeam, WorkHours,
};
pub use reading::Urgency;
pub use rule::{Mode, RuleId, UnknownRule};
pub use submission::{Field, People, PlannedTime, RelatedApproval, Submission, UserId};
pub use verdict::{
    ChangeSummary, Evidence, ItemSummary, Outcome, PolicyRef, RuleResult, Status, Verdict, WindowSummary,
};

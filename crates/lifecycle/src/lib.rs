#![doc = include_str!("../README.md")]

mod action;
mod advance;
mod change;
mod deployment;
mod duty;
mod effect;
mod event;
mod gate;
mod may;
mod notice;
mod off_beat;
mod people;
mod stage;
mod timer;
mod told;

pub use action::Action;
pub use advance::advance;
pub use change::{
    Anomaly, Change, Correction, Incident, Plan, ReportText, Stamp, Times, WaiverDecision, WaiverRequest,
};
pub use deployment::{Deployment, DeploymentState, Reported};
pub use duty::{Duty, DutyKind, DutyState, Said};
pub use effect::{Effect, Record};
pub use event::{Details, Difference, Earlier, Event, FormStatus, Look, Newer, Press, Signature};
pub use gate::{Decision, GateAnswer, GateReason, GateWindow, ReasonCode, gate};
pub use notice::{Answer, Comparison, Count, GroupNotice, Mail, Notice};
pub use off_beat::off_beat;
pub use people::People;
pub use stage::{Cause, Ending, Stage, diagram};
pub use timer::{Timer, UnknownTimer};
pub use told::{Fault, Told};

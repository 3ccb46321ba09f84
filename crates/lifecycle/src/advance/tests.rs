//! Stories of single changes: who does what, and who is told what, when.

mod anomalies;
mod deployments;
mod doubts;
mod emergency_mails;
mod execution;
mod laws;
mod order;
mod preparations;
mod presses;
mod reminders;
mod scene;
mod sessions;
mod stages;
mod stops;
mod stored;
mod turns;
mod verdicts;
mod waivers;

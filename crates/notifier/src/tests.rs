//! Whole messages as people read them, and what holds for any of them.

mod answers;
mod cards;
mod deployments;
mod firm;
mod hostile;
mod limits;
mod mails;
mod notices;
mod results;
mod sample;
mod templates;
mod wording;

//! Whole messages as people read them, and what holds for any verdict.

mod limits;
mod sample;
mod wording;

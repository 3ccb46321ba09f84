#![doc = include_str!("../README.md")]

mod freeze;
mod season;
mod window;

pub use freeze::{Freeze, FreezeError};
pub use season::{Season, season_at};
pub use window::{WeeklyWindow, Window, WindowTable, WindowTableError};

#![doc = include_str!("../README.md")]

mod clock_change;
mod exchange;
mod freeze;
mod local;
mod season;
mod window;

pub use clock_change::{ClockChange, next_clock_change};
pub use exchange::{CalendarDataError, Exchange, ExchangeCalendars, OutOfCoverage, Session};
pub use freeze::{Freeze, FreezeError};
pub use local::instant;
pub use season::{Season, season_at};
pub use window::{WeeklyWindow, Window, WindowTable, WindowTableError};

//! Freezes (封网): periods in which nothing is changed.

use chrono::{DateTime, Utc};

/// A period without changes, half-open: its first instant is frozen, its last is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    name: String,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// A freeze that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FreezeError {
    /// It ends before it begins, or at once.
    #[error("a freeze has to end after it begins")]
    Empty,
}

impl Freeze {
    /// A freeze from its first instant until (not including) its end.
    pub fn new(
        name: impl Into<String>,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Self, FreezeError> {
        if until <= from {
            return Err(FreezeError::Empty);
        }
        Ok(Self {
            name: name.into(),
            from,
            until,
        })
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its first instant.
    pub fn from(&self) -> DateTime<Utc> {
        self.from
    }

    /// The first instant after it.
    pub fn until(&self) -> DateTime<Utc> {
        self.until
    }

    /// Whether an instant is frozen.
    pub fn covers(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }

    /// Whether any instant of `from..until` is frozen; an empty range is taken as its single instant.
    pub fn touches(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        if until <= from {
            self.covers(from)
        } else {
            self.from < until && from < self.until
        }
    }
}

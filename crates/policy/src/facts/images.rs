//! The images that a form names, and what people wrote below it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::submission::UserId;

/// Images and comments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageFacts {
    /// What the registry says of each image, by the name that the form gives it; an image of a registry that is
    /// not configured is not among them.
    pub tags: BTreeMap<String, ImageTag>,
    /// The comments below the form, oldest first.
    pub comments: Vec<Comment>,
}

/// What the registry says of one image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageTag {
    /// Its digest when the form was filed.
    pub recorded: Option<String>,
    /// When that was read.
    pub recorded_at: Option<DateTime<Utc>>,
    /// Its digest now; absent: see `unavailable`, else the registry has no such tag.
    pub current: Option<String>,
    /// When that was read.
    pub current_at: Option<DateTime<Utc>>,
    /// Why the registry could not be asked, in Chinese.
    pub unavailable: Option<String>,
}

/// A comment below the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// Who wrote it.
    pub by: UserId,
    /// When.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
    /// What it says.
    pub text: String,
}

//! The attached files: their names come with their download only, their content with reading them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The attached files, as far as they could be had.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// Those that were downloaded.
    pub known: Vec<AttachedFile>,
    /// Why others were not, in Chinese; absent: these are all.
    pub pending: Option<String>,
}

/// A file with its name, and what was read of it. A name alone stands for a file that nobody opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "FileEntry")]
pub struct AttachedFile {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What is in it.
    #[serde(default)]
    pub content: FileContent,
}

/// What is in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileContent {
    /// Nobody opened it.
    #[default]
    NotRead,
    /// It cannot be opened; the reason, in Chinese.
    Unreadable(String),
    /// A workbook.
    Workbook(WorkbookContent),
    /// A mail.
    Mail(MailContent),
}

/// What is in a workbook, over all its sheets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkbookContent {
    /// Rows below the header in which something stands.
    pub filled_rows: u32,
    /// The JIRA keys that stand in it, upper case.
    pub jira: BTreeSet<String>,
}

/// What is in a mail that somebody attached or forwarded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailContent {
    /// Its Message-ID, without angle brackets.
    pub message_id: String,
    /// The sender's address.
    pub from: String,
    /// The addresses of `To`.
    pub to: Vec<String>,
    /// The addresses of `Cc`.
    pub cc: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Its date.
    pub date: Option<DateTime<Utc>>,
    /// The Message-IDs that it answers to: its thread.
    pub thread: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum FileEntry {
    Name(String),
    File(File),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default)]
    sha256: Option<String>,
    #[serde(default)]
    content: FileContent,
}

impl From<FileEntry> for AttachedFile {
    fn from(entry: FileEntry) -> Self {
        match entry {
            FileEntry::Name(name) => Self {
                name,
                sha256: None,
                content: FileContent::NotRead,
            },
            FileEntry::File(file) => Self {
                name: file.name,
                sha256: file.sha256,
                content: file.content,
            },
        }
    }
}

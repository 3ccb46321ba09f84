//! What is known of the issues of one form: each with its change log, as many as JIRA gives in time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;

use crate::changelog::Changelog;
use crate::client::{Client, KEYS_A_CALL};
use crate::error::Error;
use crate::issue::{FIELDS, Issue};
use crate::jql;

/// Keys that are looked up for one form.
const MOST_KEYS: usize = 200;

/// What became of looking an issue up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    /// It exists.
    Found(Box<IssueWithLog>),
    /// JIRA knows no such issue, or does not show it to us; it does not tell which.
    Missing,
    /// JIRA did not say in time, or not at all.
    Unavailable(Error),
}

/// An issue with its change log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueWithLog {
    /// The issue; one that was moved has its new key.
    pub issue: Issue,
    /// Its change log.
    pub log: Changelog,
    /// When JIRA was asked, by the caller's clock.
    pub read_at: DateTime<Utc>,
}

impl Client {
    /// What is known of these issues, by the key that was asked for, in upper case. Ends within the time given: what
    /// JIRA has not told by then is [`Looked::Unavailable`], the rest is there. What is no key is missing.
    pub async fn facts(
        &self,
        keys: &[&str],
        within: Duration,
        now: DateTime<Utc>,
    ) -> BTreeMap<String, Looked> {
        let client = self.within(within);
        let mut looked = BTreeMap::new();
        let mut wanted = BTreeSet::new();
        for text in keys {
            match jql::key(text) {
                Some(key) if wanted.len() < MOST_KEYS => {
                    wanted.insert(key);
                }
                Some(key) if wanted.contains(&key) => {}
                Some(key) => {
                    let (call, most) = ("search", MOST_KEYS);
                    looked.insert(key, Looked::Unavailable(Error::TooMany { call, most }));
                }
                None => {
                    looked.insert(text.trim().to_ascii_uppercase(), Looked::Missing);
                }
            }
        }
        let wanted: Vec<String> = wanted.into_iter().collect();
        for batch in wanted.chunks(KEYS_A_CALL) {
            let found = search(&client, batch.to_vec()).await;
            let mut reading = Vec::new();
            for (key, found) in found {
                reading.push(read(&client, key, found, now));
            }
            // The client itself lets a few at a time through.
            looked.extend(join_all(reading).await);
        }
        looked
    }
}

/// What the search says of each key of a batch: the issue, nothing, or why it is not known.
async fn search(client: &Client, keys: Vec<String>) -> Vec<(String, Result<Option<Issue>, Error>)> {
    let asked: Vec<&str> = keys.iter().map(String::as_str).collect();
    match client.issues(&asked).await {
        Ok(found) => {
            let mut found: BTreeMap<String, Issue> = found
                .into_iter()
                .map(|issue| (issue.key.to_ascii_uppercase(), issue))
                .collect();
            keys.into_iter()
                .map(|key| {
                    let issue = found.remove(&key);
                    (key, Ok(issue))
                })
                .collect()
        }
        Err(error) => keys.into_iter().map(|key| (key, Err(error.clone()))).collect(),
    }
}

/// Adds the change log to what the search found. What it did not find is asked for by itself: an issue that was moved
/// is found under its new key only, and the old one still leads to it.
async fn read(
    client: &Client,
    key: String,
    found: Result<Option<Issue>, Error>,
    now: DateTime<Utc>,
) -> (String, Looked) {
    let whole = match found {
        Err(error) => Err(error),
        Ok(None) => client.issue_with_log(&key, &FIELDS).await,
        Ok(Some(issue)) => {
            let read = client.issue_with_log(&key, &["status"]).await;
            read.map(|read| read.map(|(newer, log)| (with_status_of(issue, newer), log)))
        }
    };
    let looked = match whole {
        Ok(Some((issue, log))) => Looked::Found(Box::new(IssueWithLog {
            issue,
            log,
            read_at: now,
        })),
        Ok(None) => Looked::Missing,
        Err(error) => Looked::Unavailable(error),
    };
    (key, looked)
}

/// The issue may have moved since the search; its state has to agree with its log.
fn with_status_of(issue: Issue, newer: Issue) -> Issue {
    Issue {
        status: newer.status,
        ..issue
    }
}

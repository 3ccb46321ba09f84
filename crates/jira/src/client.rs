//! The client: what is asked of JIRA.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use crate::changelog::{Changelog, RawChangelog, changes};
use crate::error::{Error, ErrorClass};
use crate::http::Question;
use crate::issue::{FIELDS, Issue, RawIssue, User, same_status};
use crate::jql;
use crate::lenient::or_default;
use crate::line::Line;
use crate::settings::Settings;

/// Keys asked for in one call.
pub(crate) const KEYS_A_CALL: usize = 50;
/// Issues on one page.
const PAGE: usize = 100;
/// Issues that a list never exceeds.
const MOST_ISSUES: usize = 1000;
/// Pages of a change log that are read; 5,000 entries.
const MOST_LOG_PAGES: usize = 50;

/// A client of one JIRA. Clones share their limits: how many calls are under way, and whether JIRA is left alone.
#[derive(Debug, Clone)]
pub struct Client {
    line: Arc<Line>,
    /// When every call ends; none: each call has the time of the settings.
    until: Option<Instant>,
}

/// One page of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPage {
    /// How many there are on all pages.
    pub total: usize,
    /// Those of this page.
    pub issues: Vec<Issue>,
    /// What JIRA remarks about the question, such as a project that does not exist.
    pub warnings: Vec<String>,
}

/// Issues that wait for their release.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waiting {
    /// How many there are; more than `issues` where there are over a thousand.
    pub total: usize,
    /// The issues, by project and key.
    pub issues: Vec<Issue>,
}

#[derive(Deserialize)]
struct RawPage {
    total: usize,
    issues: Vec<RawIssue>,
    #[serde(default, rename = "warningMessages", deserialize_with = "or_default")]
    warnings: Vec<String>,
}

#[derive(Deserialize)]
struct RawStatus {
    name: String,
}

impl Client {
    /// A client over an HTTP client, best one from [`crate::http_client`].
    pub fn new(settings: Settings, http: reqwest::Client) -> Self {
        Self {
            line: Arc::new(Line::new(settings, http)),
            until: None,
        }
    }

    /// The same client with a time for all that it is asked: every call ends by then.
    #[must_use]
    pub fn within(&self, time: Duration) -> Self {
        Self {
            line: Arc::clone(&self.line),
            until: Some(Instant::now() + time),
        }
    }

    /// Who the client signs in as: proves address and access.
    pub async fn myself(&self) -> Result<User, Error> {
        self.ask(Question {
            call: "myself",
            path: &["myself"],
            query: &[],
            body: None,
        })
        .await
    }

    /// One page of the issues that a JQL question finds. `fields` are JIRA's names, best [`FIELDS`].
    pub async fn search(
        &self,
        jql: &str,
        fields: &[&str],
        start: usize,
        limit: usize,
    ) -> Result<SearchPage, Error> {
        let page: RawPage = self
            .ask(Question {
                call: "search",
                path: &["search"],
                query: &[],
                body: Some(json!({
                    "jql": jql, "startAt": start, "maxResults": limit, "fields": fields,
                    // Names that do not exist are then a remark and not an error.
                    "validateQuery": false,
                })),
            })
            .await?;
        Ok(SearchPage {
            total: page.total,
            issues: page.issues.into_iter().map(Issue::from).collect(),
            warnings: page.warnings,
        })
    }

    /// The issues of these keys, as many as exist and may be seen; fifty a call. What is no key is left out.
    pub async fn issues(&self, keys: &[&str]) -> Result<Vec<Issue>, Error> {
        let wanted: BTreeSet<String> = keys.iter().filter_map(|key| jql::key(key)).collect();
        let wanted: Vec<String> = wanted.into_iter().collect();
        let mut found = Vec::new();
        // Halves of what JIRA refuses as a whole are asked for by themselves.
        let mut batches: Vec<&[String]> = wanted.chunks(KEYS_A_CALL).rev().collect();
        while let Some(batch) = batches.pop() {
            let question = jql::is_one_of("key", batch);
            match self.search(&question, &FIELDS, 0, batch.len()).await {
                Ok(page) => found.extend(page.issues),
                // Some versions refuse the question for one key that does not exist.
                Err(Error::Http { status: 400, .. }) if batch.len() > 1 => {
                    let (first, second) = batch.split_at(batch.len() / 2);
                    batches.extend([second, first]);
                }
                Err(Error::Http { status: 400, .. }) => {
                    if let [key] = batch {
                        found.extend(self.issue(key).await?);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// One issue; none where it does not exist or may not be seen.
    pub async fn issue(&self, key: &str) -> Result<Option<Issue>, Error> {
        let Some(key) = jql::key(key) else {
            return Ok(None);
        };
        let issue: Result<RawIssue, Error> = self
            .ask(Question {
                call: "issue",
                path: &["issue", &key],
                query: &[("fields", FIELDS.join(","))],
                body: None,
            })
            .await;
        present(issue.map(Issue::from))
    }

    /// The issues of some projects that are in one of these states, a thousand at most. Fails if JIRA has none
    /// of the states: the reminder would otherwise be silent for ever.
    pub async fn awaiting_release(&self, projects: &[&str], status_names: &[&str]) -> Result<Waiting, Error> {
        if projects.is_empty() || status_names.is_empty() {
            return Ok(Waiting::default());
        }
        let states = self.states(status_names).await?;
        let question = format!(
            "{} AND {} ORDER BY project ASC, key ASC",
            jql::is_one_of("project", projects),
            jql::is_one_of("status", &states),
        );
        let mut waiting = Waiting::default();
        loop {
            let page = self
                .search(&question, &FIELDS, waiting.issues.len(), PAGE)
                .await?;
            let last = page.issues.is_empty();
            waiting.total = page.total;
            waiting.issues.extend(page.issues);
            if last || waiting.issues.len() >= waiting.total.min(MOST_ISSUES) {
                waiting.issues.truncate(MOST_ISSUES);
                return Ok(waiting);
            }
        }
    }

    /// An issue's change log; none where the issue does not exist or may not be seen.
    pub async fn changelog(&self, key: &str) -> Result<Option<Changelog>, Error> {
        let found = self.issue_with_log(key, &["status"]).await?;
        Ok(found.map(|(_, log)| log))
    }

    /// An issue with these fields and its change log, whatever its key has become; none where it does not exist or
    /// may not be seen.
    pub(crate) async fn issue_with_log(
        &self,
        key: &str,
        fields: &[&str],
    ) -> Result<Option<(Issue, Changelog)>, Error> {
        let Some(key) = jql::key(key) else {
            return Ok(None);
        };
        let issue: Result<RawIssue, Error> = self
            .ask(Question {
                call: "issue",
                path: &["issue", &key],
                query: &[("expand", "changelog".to_owned()), ("fields", fields.join(","))],
                body: None,
            })
            .await;
        let Some(mut issue) = present(issue)? else {
            return Ok(None);
        };
        let log = issue.changelog.take().ok_or_else(|| Error::Answer {
            call: "issue",
            message: "no change log in it".to_owned(),
        })?;
        let all_here = log.total.is_none_or(|total| log.histories.len() >= total);
        let paged = if all_here {
            None
        } else {
            present(self.paged_changelog(&key).await)?
        };
        let log = paged.unwrap_or_else(|| Changelog {
            changes: changes(log.histories),
            complete: all_here,
        });
        Ok(Some((issue.into(), log)))
    }

    /// The whole change log, page by page, where JIRA has that call.
    async fn paged_changelog(&self, key: &str) -> Result<Changelog, Error> {
        let mut histories = Vec::new();
        let mut complete = false;
        for _ in 0..MOST_LOG_PAGES {
            let page: RawChangelog = self
                .ask(Question {
                    call: "changelog",
                    path: &["issue", key, "changelog"],
                    query: &[
                        ("startAt", histories.len().to_string()),
                        ("maxResults", PAGE.to_string()),
                    ],
                    body: None,
                })
                .await?;
            let last = page.histories.is_empty();
            histories.extend(page.histories);
            complete = page.total.map_or(last, |total| histories.len() >= total);
            if last || complete {
                break;
            }
        }
        Ok(Changelog {
            changes: changes(histories),
            complete,
        })
    }

    /// JIRA's own spelling of the states meant: blanks and case do not count.
    async fn states(&self, names: &[&str]) -> Result<Vec<String>, Error> {
        let known: Vec<RawStatus> = self
            .ask(Question {
                call: "status",
                path: &["status"],
                query: &[],
                body: None,
            })
            .await?;
        let states: BTreeSet<String> = known
            .into_iter()
            .map(|status| status.name)
            .filter(|known| names.iter().any(|name| same_status(name, known)))
            .collect();
        if states.is_empty() {
            return Err(Error::UnknownStatus {
                names: names.iter().map(|name| (*name).to_owned()).collect(),
            });
        }
        Ok(states.into_iter().collect())
    }

    async fn ask<T: serde::de::DeserializeOwned>(&self, question: Question<'_>) -> Result<T, Error> {
        let own = Instant::now() + self.line.settings.timeout;
        let until = self.until.map_or(own, |until| until.min(own));
        self.line.ask(&question, until).await
    }
}

/// Nothing, where there is no such thing.
fn present<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.class() == ErrorClass::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

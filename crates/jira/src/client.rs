//! The client: what is asked of JIRA.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::changelog::{Changelog, RawChangelog, changes};
use crate::error::{Error, ErrorClass};
use crate::http::{self, Question};
use crate::issue::{FIELDS, Issue, RawIssue, User, same_status};
use crate::jql;
use crate::lenient::or_default;

/// How long JIRA may take, unless set otherwise.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Keys asked for in one call.
const KEYS_A_CALL: usize = 50;
/// Issues on one page.
const PAGE: usize = 100;
/// Issues that a list never exceeds.
const MOST_ISSUES: usize = 1000;
/// Pages of a change log that are read; 5,000 entries.
const MOST_LOG_PAGES: usize = 50;

/// Which JIRA, and as whom.
#[derive(Clone)]
pub struct Settings {
    /// Such as `http://jira.yxzq.com`; with its context path, if it has one.
    pub api_base: Url,
    /// A personal access token.
    pub token: SecretString,
    /// How long a call may take in all.
    pub timeout: Duration,
}

impl Settings {
    /// With a time-out of ten seconds.
    pub fn new(api_base: Url, token: SecretString) -> Self {
        Self {
            api_base,
            token,
            timeout: TIMEOUT,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("api_base", &self.api_base.host_str())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// A client of one JIRA.
#[derive(Debug, Clone)]
pub struct Client {
    settings: Settings,
    http: reqwest::Client,
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
        Self { settings, http }
    }

    /// Who the token belongs to: proves address and token.
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
        let Some(key) = jql::key(key) else {
            return Ok(None);
        };
        let issue: Result<RawIssue, Error> = self
            .ask(Question {
                call: "issue",
                path: &["issue", &key],
                query: &[
                    ("expand", "changelog".to_owned()),
                    ("fields", "status".to_owned()),
                ],
                body: None,
            })
            .await;
        let Some(issue) = present(issue)? else {
            return Ok(None);
        };
        let log = issue.changelog.ok_or_else(|| Error::Answer {
            call: "issue",
            message: "no change log in it".to_owned(),
        })?;
        if log.total.is_none_or(|total| log.histories.len() >= total) {
            return Ok(Some(Changelog {
                changes: changes(log.histories),
                complete: true,
            }));
        }
        match present(self.paged_changelog(&key).await)? {
            Some(whole) => Ok(Some(whole)),
            None => Ok(Some(Changelog {
                changes: changes(log.histories),
                complete: false,
            })),
        }
    }

    /// The whole change log, page by page, where JIRA has that call.
    async fn paged_changelog(&self, key: &str) -> Result<Changelog, Error> {
        let mut histories = Vec::new();
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
            if last || page.total.is_none_or(|total| histories.len() >= total) {
                return Ok(Changelog {
                    changes: changes(histories),
                    complete: true,
                });
            }
        }
        Ok(Changelog {
            changes: changes(histories),
            complete: false,
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
        http::ask(&self.http, &self.settings, question).await
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

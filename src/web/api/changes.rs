//! `GET /api/v1/changes` and `GET /api/v1/changes/{sp_no}`.

use actix_web::{HttpResponse, web};
use changegate_store::{Change, ChangeFilter, Entry};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::time;
use crate::cli::TokenScope;
use crate::web::bearer::Caller;
use crate::web::problem::Problem;
use crate::web::server::Site;

const DEFAULT_PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    open: Option<bool>,
    stage: Option<String>,
    verdict: Option<String>,
    team: Option<String>,
    applicant: Option<String>,
    from: Option<String>,
    to: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

impl Query {
    fn filter(&self) -> Result<ChangeFilter, Problem> {
        let instant =
            |name, text: &Option<String>| text.as_deref().map(|text| time::parse(name, text)).transpose();
        Ok(ChangeFilter {
            open: self.open,
            stage: self.stage.clone(),
            verdict: self.verdict.clone(),
            team: self.team.clone(),
            applicant: self.applicant.clone(),
            from: instant("from", &self.from)?,
            to: instant("to", &self.to)?,
        })
    }
}

/// A change as lists show it.
#[derive(Serialize)]
struct Summary {
    sp_no: String,
    title: String,
    urgency: Option<String>,
    stage: String,
    verdict: Option<String>,
    applicant: String,
    team: Option<String>,
    system: Option<String>,
    feature: Option<String>,
    change_day: Option<NaiveDate>,
    planned_from: Option<DateTime<Utc>>,
    planned_until: Option<DateTime<Utc>>,
    apply_time: Option<DateTime<Utc>>,
    approved_at: Option<DateTime<Utc>>,
    executed_at: Option<DateTime<Utc>>,
    verified_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    /// How it ended: `successful`, `rolled_back`, `fixed_forward`, or the stage that ended it before execution.
    outcome: Option<String>,
    anomalies: i32,
    incident: bool,
    jira: Vec<String>,
    seen_at: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
}

impl From<Change> for Summary {
    fn from(change: Change) -> Self {
        let Change {
            draft, updated_at, ..
        } = change;
        let filled = |text: String| (!text.is_empty()).then_some(text);
        Self {
            sp_no: draft.sp_no,
            title: draft.title,
            urgency: filled(draft.urgency),
            stage: draft.stage,
            verdict: filled(draft.verdict),
            applicant: draft.applicant,
            team: filled(draft.team),
            system: filled(draft.system),
            feature: filled(draft.feature),
            change_day: draft.change_day,
            planned_from: draft.planned_from,
            planned_until: draft.planned_until,
            apply_time: draft.apply_time,
            approved_at: draft.approved_at,
            executed_at: draft.executed_at,
            verified_at: draft.verified_at,
            closed_at: draft.closed_at,
            outcome: draft.outcome,
            anomalies: draft.anomalies,
            incident: draft.incident,
            jira: draft.jira_keys,
            seen_at: draft.seen_at,
            updated_at,
        }
    }
}

#[derive(Serialize)]
struct List {
    changes: Vec<Summary>,
    /// Pass it as `after` for the next page.
    next: Option<String>,
}

/// A change with its latest evaluation and everything that happened.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    summary: Summary,
    /// As `changegate check --format json` prints it.
    evaluation: Option<Value>,
    timeline: Vec<TimelineEntry>,
}

#[derive(Serialize)]
struct TimelineEntry {
    at: DateTime<Utc>,
    what: String,
    who: String,
    detail: Value,
    hash: String,
}

impl From<Entry> for TimelineEntry {
    fn from(entry: Entry) -> Self {
        Self {
            at: entry.at,
            what: entry.what,
            who: entry.who,
            detail: entry.detail,
            hash: entry.hash,
        }
    }
}

/// The changes, newest first, page by page.
pub(super) async fn list(
    caller: Caller,
    query: web::Query<Query>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Problem> {
    caller.may(TokenScope::Read)?;
    let limit = query.limit.unwrap_or(DEFAULT_PAGE);
    if limit == 0 || limit > LARGEST_PAGE {
        return Err(Problem::bad_request(format!(
            "`limit` is {limit}; 1 to {LARGEST_PAGE} are possible"
        )));
    }
    let page = site
        .store
        .changes(&query.filter()?, query.after.as_deref(), limit)
        .await?;
    let changes = page.items.into_iter().map(Summary::from).collect();
    Ok(HttpResponse::Ok().json(List {
        changes,
        next: page.next,
    }))
}

/// One change.
pub(super) async fn show(
    caller: Caller,
    sp_no: web::Path<String>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Problem> {
    caller.may(TokenScope::Read)?;
    let change = site
        .store
        .change(&sp_no)
        .await?
        .ok_or_else(|| Problem::not_found(format!("changegate has not seen an approval {sp_no}")))?;
    let evaluation = site
        .store
        .latest_verdict(&sp_no)
        .await?
        .map(|verdict| verdict.body);
    let timeline = site
        .store
        .timeline(&sp_no)
        .await?
        .into_iter()
        .map(TimelineEntry::from)
        .collect();
    Ok(HttpResponse::Ok().json(Whole {
        summary: change.into(),
        evaluation,
        timeline,
    }))
}

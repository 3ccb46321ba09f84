//! What each rule brought in a period: the changes that it found something at, and the waivers granted from it.
//!
//! Of a verdict's body this reads the results' `rule` and `status`, as the evaluation writes them, and nothing else.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use uuid::Uuid;

use crate::entity::{verdict, waiver};
use crate::{Store, StoreError, ids, micros};

/// Verdicts that are read at once.
const PAGE: u64 = 200;

/// A rule's period. A change counts once in each number, however often it was judged; in several numbers where the
/// rule said several things of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleLine {
    /// The rule, as its word.
    pub rule: String,
    /// Changes that it failed, waived or not.
    pub failed: u64,
    /// Changes that it found could be better.
    pub warned: u64,
    /// Changes of which it could not tell.
    pub unknown: u64,
    /// Waivers from it that were granted in the period.
    pub waived: u64,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    results: Vec<RuleResult>,
}

#[derive(Deserialize)]
struct RuleResult {
    rule: String,
    status: String,
}

/// The changes, as running numbers, that a rule found something at.
#[derive(Default)]
struct Hits {
    failed: HashSet<usize>,
    warned: HashSet<usize>,
    unknown: HashSet<usize>,
}

impl Store {
    /// What each rule brought in `[from, to)`, in whole milliseconds, in the order of the rules' words. Rules that
    /// brought nothing are left out.
    ///
    /// Reads every verdict of the period, some at a time.
    pub async fn ledger_rules(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<RuleLine>, StoreError> {
        let mut lines: BTreeMap<String, RuleLine> = BTreeMap::new();
        for (rule, hits) in self.hits(from, to).await? {
            let line = line(&mut lines, rule);
            line.failed = count(&hits.failed);
            line.warned = count(&hits.warned);
            line.unknown = count(&hits.unknown);
        }
        for (rule, granted) in self.waivers_granted(from, to).await? {
            line(&mut lines, rule).waived = granted;
        }
        Ok(lines.into_values().collect())
    }

    async fn hits(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<BTreeMap<String, Hits>, StoreError> {
        let mut rules = BTreeMap::new();
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut after: Option<Uuid> = None;
        loop {
            let page = verdict::Entity::find()
                .select_only()
                .columns([verdict::Column::Id, verdict::Column::SpNo, verdict::Column::Body])
                .filter(verdict::Column::Id.lt(ids::floor(to)));
            let page = match after {
                Some(last) => page.filter(verdict::Column::Id.gt(last)),
                None => page.filter(verdict::Column::Id.gte(ids::floor(from))),
            };
            let rows: Vec<(Uuid, String, String)> = page
                .order_by_asc(verdict::Column::Id)
                .limit(PAGE)
                .into_tuple()
                .all(&self.reader)
                .await?;
            after = rows.last().map(|(id, ..)| *id);
            if after.is_none() {
                return Ok(rules);
            }
            for (_, sp_no, body) in rows {
                let next = numbers.len();
                let number = *numbers.entry(sp_no).or_insert(next);
                add(&mut rules, number, &body)?;
            }
        }
    }

    async fn waivers_granted(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let rows: Vec<(String, i64)> = waiver::Entity::find()
            .select_only()
            .column(waiver::Column::Rule)
            .column_as(waiver::Column::Id.count(), "waivers")
            .filter(waiver::Column::DecidedAt.gte(micros::to(from)))
            .filter(waiver::Column::DecidedAt.lt(micros::to(to)))
            .filter(waiver::Column::Granted.eq(true))
            .group_by(waiver::Column::Rule)
            .into_tuple()
            .all(&self.reader)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(rule, waivers)| (rule, u64::try_from(waivers).unwrap_or(0)))
            .collect())
    }
}

/// Adds what one verdict says about the change with this running number.
fn add(rules: &mut BTreeMap<String, Hits>, number: usize, body: &str) -> Result<(), StoreError> {
    let body: Body = serde_json::from_str(body)?;
    for result in body.results {
        if !matches!(result.status.as_str(), "fail" | "warn" | "unknown") {
            continue;
        }
        let hits = rules.entry(result.rule).or_default();
        let changes = match result.status.as_str() {
            "fail" => &mut hits.failed,
            "warn" => &mut hits.warned,
            _ => &mut hits.unknown,
        };
        changes.insert(number);
    }
    Ok(())
}

fn line(lines: &mut BTreeMap<String, RuleLine>, rule: String) -> &mut RuleLine {
    lines.entry(rule.clone()).or_insert_with(|| RuleLine {
        rule,
        ..RuleLine::default()
    })
}

fn count(changes: &HashSet<usize>) -> u64 {
    u64::try_from(changes.len()).unwrap_or(u64::MAX)
}

//! Signatures given although rules were broken, and whether the signer had been warned.
//!
//! Read from timelines: entries `signed` whose detail has rules under `despite`, and entries `told` whose detail says
//! `to` whom which `notice` went.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;

use crate::entity::{change, timeline};
use crate::{Store, StoreError, micros};

/// What warns somebody of broken rules before they sign.
const WARNINGS: [&str; 2] = ["before_signing", "breach"];

/// Changes that are asked about in one statement.
const AT_ONCE: usize = 200;

/// A signature on a form that broke rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedDespite {
    /// The change.
    pub sp_no: String,
    /// Its form's title.
    pub title: String,
    /// Its team.
    pub team: String,
    /// Who signed, a user id.
    pub approver: String,
    /// When the signature was seen.
    pub signed_at: DateTime<Utc>,
    /// The rules that failed then, as their words; never empty.
    pub rules: Vec<String>,
    /// When the approver was last warned before; `None`: never.
    pub warned_at: Option<DateTime<Utc>>,
}

impl SignedDespite {
    /// Whole minutes between the warning and the signature; `None` where there was no warning.
    pub fn minutes_after_warning(&self) -> Option<i64> {
        Some((self.signed_at - self.warned_at?).num_minutes())
    }
}

#[derive(Deserialize)]
struct Signed {
    despite: Vec<String>,
}

#[derive(Deserialize)]
struct Told {
    to: String,
}

/// When somebody was warned, by their place in the change's timeline.
struct Warning {
    seq: i64,
    at: i64,
    to: String,
}

impl Store {
    /// Signatures in `[from, to)` on forms that broke rules, in the order in which they were seen, at most `limit`.
    pub async fn signed_despite(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<SignedDespite>, StoreError> {
        let signatures = self.signatures_despite(from, to, limit).await?;
        let sp_nos: BTreeSet<&str> = signatures.iter().map(|entry| entry.sp_no.as_str()).collect();
        let sp_nos: Vec<&str> = sp_nos.into_iter().collect();
        let mut names = HashMap::new();
        let mut warnings = HashMap::new();
        for some in sp_nos.chunks(AT_ONCE) {
            self.add_names(some, &mut names).await?;
            self.add_warnings(some, &mut warnings).await?;
        }
        signatures
            .into_iter()
            .map(|entry| {
                let signed: Signed = serde_json::from_str(&entry.detail)?;
                let (title, team) = names.get(&entry.sp_no).cloned().unwrap_or_default();
                Ok(SignedDespite {
                    warned_at: warnings
                        .get(&entry.sp_no)
                        .and_then(|warnings| last_before(warnings, &entry)),
                    title,
                    team,
                    signed_at: micros::from(entry.happened_at),
                    rules: signed.despite,
                    sp_no: entry.sp_no,
                    approver: entry.who,
                })
            })
            .collect()
    }

    /// The entries themselves. Details are compact JSON, so that a list which is not empty can be told by its begin.
    async fn signatures_despite(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<timeline::Model>, StoreError> {
        Ok(timeline::Entity::find()
            // Written out rather than bound, so that the databases see that the index over signatures serves.
            .filter(Expr::col((timeline::Entity, timeline::Column::What)).eq(Expr::cust("'signed'")))
            .filter(timeline::Column::HappenedAt.gte(micros::to(from)))
            .filter(timeline::Column::HappenedAt.lt(micros::to(to)))
            .filter(timeline::Column::Detail.contains("\"despite\":[\""))
            .order_by_asc(timeline::Column::HappenedAt)
            .order_by_asc(timeline::Column::SpNo)
            .order_by_asc(timeline::Column::Seq)
            .limit(u64::from(limit))
            .all(&self.reader)
            .await?)
    }

    async fn add_names(
        &self,
        sp_nos: &[&str],
        names: &mut HashMap<String, (String, String)>,
    ) -> Result<(), StoreError> {
        let rows: Vec<(String, String, String)> = change::Entity::find()
            .select_only()
            .columns([change::Column::SpNo, change::Column::Title, change::Column::Team])
            .filter(change::Column::SpNo.is_in(sp_nos.iter().copied()))
            .into_tuple()
            .all(&self.reader)
            .await?;
        names.extend(
            rows.into_iter()
                .map(|(sp_no, title, team)| (sp_no, (title, team))),
        );
        Ok(())
    }

    async fn add_warnings(
        &self,
        sp_nos: &[&str],
        warnings: &mut HashMap<String, Vec<Warning>>,
    ) -> Result<(), StoreError> {
        let warns = WARNINGS.iter().fold(Condition::any(), |any, notice| {
            any.add(timeline::Column::Detail.contains(format!("\"notice\":\"{notice}\"")))
        });
        let entries = timeline::Entity::find()
            .filter(timeline::Column::SpNo.is_in(sp_nos.iter().copied()))
            .filter(timeline::Column::What.eq("told"))
            .filter(warns)
            .order_by_asc(timeline::Column::SpNo)
            .order_by_asc(timeline::Column::Seq)
            .all(&self.reader)
            .await?;
        for entry in entries {
            let told: Told = serde_json::from_str(&entry.detail)?;
            warnings.entry(entry.sp_no).or_default().push(Warning {
                seq: entry.seq,
                at: entry.happened_at,
                to: told.to,
            });
        }
        Ok(())
    }
}

/// When the signer was last warned before this signature; the warnings are in the timeline's order.
fn last_before(warnings: &[Warning], signature: &timeline::Model) -> Option<DateTime<Utc>> {
    warnings
        .iter()
        .rev()
        .find(|warning| warning.seq < signature.seq && warning.to == signature.who)
        .map(|warning| micros::from(warning.at))
}

//! The figures of one group of changes in one stretch of time.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::entry::{Entry, Judged, Urgency};
use crate::figure::{Count, Share, Timed, Times};

/// From how many executed changes on a rate is ranked.
pub const RANKED_FROM: usize = 5;

/// The figures of a team, a month, a year, or of all.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Row {
    /// Changes that were filed.
    pub filed: Count,
    /// Of those with a verdict, the ones whose first or latest verdict rejects them.
    pub rejected: Share,
    /// Of those with a verdict, the ones that the first verdict did not reject.
    pub first_time_right: Share,
    /// Of the filed ones, those that say 紧急.
    pub emergency: Share,
    /// Filed ones that someone signed although rules failed.
    pub signed_despite: Count,
    /// The filed ones that a rule failed in their first verdict, by the rule's id.
    pub rejections_by_rule: BTreeMap<String, Count>,
    /// How long the approvers of each role had them.
    pub time_to_approve: BTreeMap<String, Times>,
    /// Of the approved ones, those whose latest verdict rejects them.
    pub approved_despite: Share,
    /// Changes that were executed.
    pub executed: Count,
    /// Of the executed ones, those that are closed and had an anomaly.
    pub anomaly_rate: Share,
    /// Executed ones with an anomaly that are not closed yet, and so not in the rate.
    pub anomaly_open: Count,
    /// Whether the rate is ranked: a team's, with [`RANKED_FROM`] executed changes or more.
    pub ranked: bool,
    /// From execution until everybody had verified.
    pub time_to_verify: Times,
}

/// A row while it is counted.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    filed: BTreeSet<String>,
    judged: BTreeSet<String>,
    rejected: BTreeSet<String>,
    first_time_right: BTreeSet<String>,
    emergency: BTreeSet<String>,
    signed_despite: BTreeSet<String>,
    by_rule: BTreeMap<String, BTreeSet<String>>,
    to_approve: BTreeMap<String, Vec<Timed>>,
    approved: BTreeSet<String>,
    approved_despite: BTreeSet<String>,
    executed: BTreeSet<String>,
    anomalous: BTreeSet<String>,
    anomaly_open: BTreeSet<String>,
    to_verify: Vec<Timed>,
}

impl Tally {
    /// Counts a change that was filed in the time of this row.
    pub(crate) fn file(&mut self, entry: &Entry) {
        let add = |set: &mut BTreeSet<String>, when: bool| {
            if when {
                set.insert(entry.sp_no.clone());
            }
        };
        let is_rejected = |verdict| verdict == Some(Judged::Rejected);
        let judged = entry.first_verdict.is_some();
        add(&mut self.filed, true);
        add(&mut self.judged, judged);
        add(
            &mut self.rejected,
            judged && (is_rejected(entry.first_verdict) || is_rejected(entry.last_verdict)),
        );
        add(
            &mut self.first_time_right,
            judged && !is_rejected(entry.first_verdict),
        );
        add(&mut self.emergency, entry.urgency == Urgency::Emergency);
        add(&mut self.signed_despite, entry.signed_despite > 0);
        if is_rejected(entry.first_verdict) {
            for rule in &entry.rules_failed {
                add(self.by_rule.entry(rule.clone()).or_default(), true);
            }
        }
        for time in &entry.role_times {
            let times = self.to_approve.entry(time.role.clone()).or_default();
            times.push(Timed {
                minutes: time.minutes,
                sp_no: entry.sp_no.clone(),
            });
        }
    }

    /// Counts a change that was approved in the time of this row.
    pub(crate) fn approve(&mut self, entry: &Entry) {
        self.approved.insert(entry.sp_no.clone());
        if entry.last_verdict == Some(Judged::Rejected) {
            self.approved_despite.insert(entry.sp_no.clone());
        }
    }

    /// Counts a change that was executed in the time of this row.
    pub(crate) fn execute(&mut self, entry: &Entry) {
        self.executed.insert(entry.sp_no.clone());
        if entry.counted_anomalies() > 0 {
            let set = match entry.closed_at {
                Some(_) => &mut self.anomalous,
                None => &mut self.anomaly_open,
            };
            set.insert(entry.sp_no.clone());
        }
        if let Some((executed, verified)) = entry.executed_at.zip(entry.verified_at) {
            self.to_verify.push(Timed {
                minutes: u32::try_from((verified - executed).num_minutes()).unwrap_or_default(),
                sp_no: entry.sp_no.clone(),
            });
        }
    }

    /// The finished row; `may_rank` where it is a team's.
    pub(crate) fn finish(self, may_rank: bool) -> Row {
        let ranked = may_rank && self.executed.len() >= RANKED_FROM;
        Row {
            rejected: Share::new(self.rejected, self.judged.iter().cloned()),
            first_time_right: Share::new(self.first_time_right, self.judged),
            emergency: Share::new(self.emergency, self.filed.iter().cloned()),
            filed: Count::new(self.filed),
            signed_despite: Count::new(self.signed_despite),
            rejections_by_rule: self
                .by_rule
                .into_iter()
                .map(|(rule, of)| (rule, Count::new(of)))
                .collect(),
            time_to_approve: self
                .to_approve
                .into_iter()
                .map(|(role, of)| (role, Times::new(of)))
                .collect(),
            approved_despite: Share::new(self.approved_despite, self.approved),
            anomaly_rate: Share::new(self.anomalous, self.executed.iter().cloned()),
            executed: Count::new(self.executed),
            anomaly_open: Count::new(self.anomaly_open),
            ranked,
            time_to_verify: Times::new(self.to_verify),
        }
    }
}

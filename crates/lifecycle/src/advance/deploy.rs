//! Deployments that jobs report: execution is recorded without a button, and what went out against the gate is heard
//! of. A deployment happened whether it was allowed or not, so each report is taken in, once.

use std::collections::BTreeSet;
use std::sync::Arc;

use changegate_policy::UserId;
use chrono::{DateTime, Utc};

use super::step::Step;
use crate::action::Action;
use crate::change::Anomaly;
use crate::deployment::{Deployment, DeploymentState, Reported};
use crate::duty::DutyKind;
use crate::effect::Record;
use crate::notice::Notice;
use crate::stage::{Cause, Stage};
use crate::timer::Timer;

/// So many reports are remembered of one change, the newest.
const REMEMBERED: usize = 200;

impl Step<'_> {
    /// A job reports. The same report again means nothing.
    pub(super) fn deployed(&mut self, deployment: &Deployment) {
        if self.was_reported(deployment) {
            return self.record(Record::Ignored { what: "deployment" });
        }
        let against_the_gate = !self.is_let_through(deployment);
        let told_already = self.told_against_the_gate(&deployment.id);
        self.record(Record::Deployed {
            deployment: Box::new(Deployment {
                allowed: !against_the_gate,
                ..deployment.clone()
            }),
        });
        // Somebody works with it: from now on it is told of, even if it was long over when first seen.
        self.change.quiet = false;
        let mut told = BTreeSet::new();
        if against_the_gate && !told_already {
            told = self.tell_against_the_gate(deployment);
        }
        self.remember(deployment, !against_the_gate);
        match deployment.state {
            DeploymentState::Started => {
                self.begun_by(deployment);
            }
            DeploymentState::Succeeded => self.succeeded(deployment),
            DeploymentState::Failed => self.failed(deployment, &told),
            DeploymentState::RolledBack => self.rolled_back_by(deployment, &told),
        }
        self.conclude();
    }

    fn was_reported(&self, deployment: &Deployment) -> bool {
        self.change
            .deployments
            .iter()
            .any(|known| known.id == deployment.id && known.state == deployment.state)
    }

    fn remember(&mut self, deployment: &Deployment, allowed: bool) {
        let known = &mut self.change.deployments;
        known.push(Reported {
            id: deployment.id.clone(),
            state: deployment.state,
            allowed,
        });
        let too_many = known.len().saturating_sub(REMEMBERED);
        known.drain(..too_many);
    }

    /// Whether the gate let it through. A deployment is judged once, when it begins: that the button or another job
    /// was faster to say that the change is out does not turn it into a breach, and neither does a rollback.
    fn is_let_through(&self, deployment: &Deployment) -> bool {
        let stage = self.change.stage;
        if !(stage.is_begun() || stage == Stage::Approved) {
            return false;
        }
        let known = &self.change.deployments;
        if let Some(before) = known.iter().find(|known| known.id == deployment.id) {
            return before.allowed;
        }
        let only_confirms = stage == Stage::Verifying
            && deployment.state == DeploymentState::Succeeded
            && !known
                .iter()
                .any(|known| known.state == DeploymentState::Succeeded);
        deployment.allowed || only_confirms || deployment.state == DeploymentState::RolledBack
    }

    fn told_against_the_gate(&self, id: &str) -> bool {
        self.change
            .deployments
            .iter()
            .any(|known| known.id == id && !known.allowed)
    }

    /// It happened all the same: operations leads and development leads hear of it. Answers whom it told.
    fn tell_against_the_gate(&mut self, deployment: &Deployment) -> BTreeSet<UserId> {
        let mut leads = self.change.people.who_lead();
        leads.extend(self.change.people.operations_leads.iter().cloned());
        let notice = Notice::DeployedAgainstGate {
            deployment: Arc::new(deployment.clone()),
        };
        self.notify_all(&leads, &notice);
        leads
    }

    /// When it happened, as far as the job can be believed: not before the approval or the start, not in the future.
    fn when(&self, deployment: &Deployment) -> DateTime<Utc> {
        let times = &self.change.times;
        let earliest = times.approved.max(times.started);
        let at = deployment.at.min(self.now);
        earliest.map_or(at, |earliest| at.max(earliest))
    }

    /// An approved change is begun by it, as by the button.
    fn begun_by(&mut self, deployment: &Deployment) {
        if self.change.stage != Stage::Approved {
            return;
        }
        let at = self.when(deployment);
        if let Some(number) = self.change.open_duty(DutyKind::Start).map(|duty| duty.number) {
            self.say(number, &deployment.actor(), Action::Start);
        }
        if self.move_by(Cause::Started, None) {
            self.enter();
            self.change.times.started = Some(at);
        }
    }

    /// It is out, unless another deployment of the same change is still under way: then that one's end counts.
    fn succeeded(&mut self, deployment: &Deployment) {
        self.begun_by(deployment);
        if self.change.stage == Stage::Executing && !self.others_are_under_way(&deployment.id) {
            let at = self.when(deployment);
            self.executed(&deployment.actor(), at);
        }
    }

    fn others_are_under_way(&self, id: &str) -> bool {
        let known = &self.change.deployments;
        let ended = |id: &str| {
            known
                .iter()
                .any(|report| report.id == id && report.state != DeploymentState::Started)
        };
        known
            .iter()
            .any(|report| report.state == DeploymentState::Started && report.id != id && !ended(&report.id))
    }

    /// Executors, applicants and development leads hear of it; the change stays in execution.
    fn failed(&mut self, deployment: &Deployment, told: &BTreeSet<UserId>) {
        self.begun_by(deployment);
        if !self.change.stage.is_begun() {
            return;
        }
        let mut concerned = self.concerned_by_deployments();
        concerned.retain(|who| !told.contains(who));
        let notice = Notice::DeploymentFailed {
            deployment: Arc::new(deployment.clone()),
        };
        self.notify_all(&concerned, &notice);
    }

    fn concerned_by_deployments(&self) -> BTreeSet<UserId> {
        let people = &self.change.people;
        let mut concerned = people.who_execute();
        concerned.extend(people.applicants.iter().cloned());
        concerned.extend(people.who_lead());
        concerned
    }

    /// What ran before runs again. Where it was out, something was wrong with it: the rollback counts as an anomaly
    /// and as its remedy, and whether the old function works is to be confirmed (十.3). Where it was not out yet,
    /// operations decide how to go on.
    fn rolled_back_by(&mut self, deployment: &Deployment, told: &BTreeSet<UserId>) {
        let before = self.change.stage;
        if !(before.is_begun() || before == Stage::Approved) {
            return;
        }
        match before {
            Stage::Verifying | Stage::Fixed | Stage::Closed => {
                self.move_by(Cause::AnomalyReported, None);
                self.note_rollback_as_anomaly(deployment);
                self.move_by(Cause::RollbackOrdered, None);
            }
            Stage::Anomaly => {
                self.move_by(Cause::RollbackOrdered, None);
            }
            _ => {}
        }
        if before != Stage::RolledBack {
            let mut concerned = self.concerned_by_deployments();
            concerned.extend(self.change.people.operations_leads.iter().cloned());
            concerned.retain(|who| !told.contains(who));
            let notice = Notice::DeploymentRolledBack {
                deployment: Arc::new(deployment.clone()),
            };
            self.notify_all(&concerned, &notice);
        }
        if self.change.stage == Stage::RollingBack {
            if let Some(number) = self.change.open_duty(DutyKind::RollBack).map(|duty| duty.number) {
                self.say(number, &deployment.actor(), Action::RolledBack);
            }
            self.clear(Timer::AnomalyTimeOut);
            self.drop_duties(|kind| {
                matches!(
                    kind,
                    DutyKind::Handle | DutyKind::Remedy | DutyKind::ConfirmFixed | DutyKind::ConfirmRestored
                )
            });
            if self.move_by(Cause::RollbackDone, None) {
                self.enter();
            }
        }
    }

    fn note_rollback_as_anomaly(&mut self, deployment: &Deployment) {
        let at = self.when(deployment);
        self.change.released = false;
        self.change.times.executed.get_or_insert(at);
        let note = deployment.note.trim();
        self.change.anomalies.push(Anomaly {
            at,
            by: deployment.actor(),
            what: if note.is_empty() {
                format!("发布任务 {} 已回退", deployment.id)
            } else {
                format!("发布任务 {} 已回退：{note}", deployment.id)
            },
            handled: None,
            recovered: None,
            corrected: None,
        });
    }
}

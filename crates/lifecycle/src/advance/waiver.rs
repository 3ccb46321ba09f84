//! Waivers: asked for by an applicant, decided by an administrator, minded by the next verdict.

use std::collections::BTreeSet;

use changegate_policy::RuleId;

use super::step::Step;
use crate::action::Action;
use crate::change::{WaiverDecision, WaiverRequest};
use crate::duty::DutyKind;
use crate::effect::Effect;
use crate::event::Press;
use crate::notice::{Answer, Notice};

impl Step<'_> {
    /// Asks the administrators; one request at a time.
    pub(super) fn request_waiver(&mut self, press: &Press) -> Answer {
        let failing: BTreeSet<RuleId> = self
            .change
            .judged
            .iter()
            .flat_map(|told| {
                told.faults
                    .iter()
                    .filter(|fault| fault.fails)
                    .map(|fault| fault.rule)
            })
            .collect();
        let rules: BTreeSet<RuleId> = press.details.rules.intersection(&failing).copied().collect();
        if rules.is_empty() {
            return Answer::Incomplete {
                what: "请选择需要豁免的不合规项",
            };
        }
        if press.details.note.trim().is_empty() {
            return Answer::Incomplete {
                what: "请填写申请豁免的理由",
            };
        }
        let admins = self.change.people.who_administer();
        // The request is on record before the card goes out that shows it.
        let number = u32::try_from(self.change.duties.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let asked = self.stamp(&press.by);
        self.change.waivers.push(WaiverRequest {
            duty: number,
            rules,
            asked,
            reason: press.details.note.clone(),
            decision: None,
        });
        if self.open(DutyKind::DecideWaiver, &admins) == Some(number) {
            return Answer::Accepted;
        }
        self.change.waivers.pop();
        Answer::Incomplete {
            what: if self.change.open_duty(DutyKind::DecideWaiver).is_some() {
                "已有一项豁免申请待管理员处理"
            } else {
                "没有可以处理豁免的管理员，请联系运维负责人"
            },
        }
    }

    /// An administrator grants it, or upholds the verdict.
    pub(super) fn decide_waiver(&mut self, number: u32, press: &Press) -> Answer {
        let granted = press.action == Action::Grant;
        if press.details.note.trim().is_empty() {
            return Answer::Incomplete {
                what: "请填写决定的理由",
            };
        }
        let stamp = self.stamp(&press.by);
        let Some(request) = self
            .change
            .waivers
            .iter_mut()
            .find(|request| request.duty == number && request.decision.is_none())
        else {
            return Answer::AlreadyDone { by: None };
        };
        let reason = press.details.note.clone();
        request.decision = Some(WaiverDecision {
            granted,
            stamp,
            reason: reason.clone(),
        });
        let rules = request.rules.clone();
        self.say(number, &press.by, press.action);
        self.push(Effect::Waive {
            rules: rules.clone(),
            granted,
            by: press.by.clone(),
            reason: reason.clone(),
        });
        let mut people = self.change.people.applicants.clone();
        people.extend(self.change.people.operations_leads.iter().cloned());
        let notice = Notice::WaiverDecided {
            granted,
            rules,
            reason,
            by: press.by.clone(),
        };
        self.notify_all(&people, &notice);
        if granted {
            self.look_again();
        }
        Answer::Accepted
    }
}

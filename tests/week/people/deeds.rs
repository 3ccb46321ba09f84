//! What somebody does about one message.

use changegate_simulator::{Action, Seen, Simulator};
use chrono::{DateTime, Utc};

use super::{APPROVERS, Ask, Deed, Errand, PACE, PATIENCE, People, THINKING, asks_to_sign};
use crate::plan::{Kind, Plan};

impl People {
    pub(super) fn answer(&mut self, ask: &Ask, wecom: &Simulator, now: DateTime<Utc>) -> Deed {
        let Some(seen) = wecom.message_as_seen(&ask.who, &ask.msgid) else {
            return Deed::Over;
        };
        let plan = self.courses[&ask.sp_no].plan.clone();
        if asks_to_sign(&seen.text) {
            self.sign(ask, wecom, now);
            return Deed::Over;
        }
        if ask.who == plan.applicant && plan.kind == Kind::Corrected && seen.text.contains("项不合规") {
            self.correct(&ask.sp_no, wecom);
            return Deed::Over;
        }
        match self.choice(ask, &plan, &seen, now) {
            Some((_, at)) if at > now => Deed::Again(at),
            Some((word, _)) => self.press(ask, wecom, &seen, word, now),
            None => Deed::Over,
        }
    }

    /// The button that the reader presses, and from when on.
    fn choice(
        &mut self,
        ask: &Ask,
        plan: &Plan,
        seen: &Seen,
        now: DateTime<Utc>,
    ) -> Option<(&'static str, DateTime<Utc>)> {
        let has = |word: &str| {
            seen.buttons
                .iter()
                .any(|button| button.key.ends_with(&format!(".{word}")))
        };
        let executes = ask.who == plan.executor;
        let leads = ["liqiang", "hejun"].contains(&ask.who.as_str());
        if has("start") {
            return executes.then_some(("start", plan.start));
        }
        if has("verified") {
            let breaks = matches!(plan.kind, Kind::RolledBack | Kind::Fixed);
            let course = self.courses.get_mut(&ask.sp_no)?;
            let reports = breaks && !std::mem::replace(&mut course.twisted, true);
            return Some((if reports { "anomaly" } else { "verified" }, now));
        }
        if has("arrived") {
            let course = self.courses.get_mut(&ask.sp_no)?;
            let comes = course.arrived.insert(ask.who.clone());
            return Some((if comes { "arrived" } else { "opened_well" }, now));
        }
        let word = match plan.kind {
            Kind::RolledBack if has("handle") => executes.then_some("roll_back"),
            _ if has("handle") => leads.then_some("handle"),
            _ if has("fixed") => leads.then_some("fixed"),
            _ if has("executed") => executes.then_some("executed"),
            _ if has("rolled_back") => executes.then_some("rolled_back"),
            _ if has("markets_right") => (ask.who == plan.applicant).then_some("markets_right"),
            _ => [
                "done",
                "confirm",
                "agree",
                "nothing_unusual",
                "configured",
                "restored",
                "name_watchers",
                "opened_well",
            ]
            .into_iter()
            .find(|word| has(word)),
        };
        word.map(|word| (word, now))
    }

    fn press(&self, ask: &Ask, wecom: &Simulator, seen: &Seen, word: &str, now: DateTime<Utc>) -> Deed {
        let plan = &self.courses[&ask.sp_no].plan;
        let ending = format!(".{word}");
        let Some(button) = seen.buttons.iter().find(|button| button.key.ends_with(&ending)) else {
            return Deed::Over;
        };
        let tries_it_on = plan.kind == Kind::WrongPresser;
        if tries_it_on {
            wecom.press_anyway("guoming", &seen.task_id, &button.key);
        }
        wecom.press(&ask.who, &seen.task_id, &button.key);
        if tries_it_on {
            wecom.press_anyway(&ask.who, &seen.task_id, &button.key);
        }
        Deed::Again(now + PATIENCE)
    }

    fn sign(&mut self, ask: &Ask, wecom: &Simulator, now: DateTime<Utc>) {
        let course = self.courses.get_mut(&ask.sp_no).unwrap();
        if !APPROVERS.contains(&ask.who.as_str()) {
            return;
        }
        let speech = "请看".to_owned();
        let first = !course.twisted;
        let is_test_lead = ask.who == "sunli";
        let action = match course.plan.kind {
            Kind::Corrected if first => return,
            Kind::Declined if is_test_lead => Action::Reject { speech },
            Kind::Returned if is_test_lead && first => Action::Return { to: None, speech },
            Kind::Transferred if first => Action::Transfer {
                to: if ask.who == "liqiang" { "hejun" } else { "liqiang" }.to_owned(),
                speech,
            },
            _ => Action::Approve { speech },
        };
        let returns = matches!(action, Action::Return { .. });
        let twists = returns || matches!(action, Action::Transfer { .. });
        if wecom.act(&ask.sp_no, &ask.who, &action).is_ok() {
            course.twisted |= twists;
            if returns {
                self.errands
                    .push((now + THINKING, Errand::SendInAgain(ask.sp_no.clone())));
            }
        }
    }

    fn correct(&mut self, sp_no: &str, wecom: &Simulator) {
        let course = self.courses.get_mut(sp_no).unwrap();
        if std::mem::replace(&mut course.twisted, true) {
            return;
        }
        let plan = course.plan.clone();
        wecom.act(sp_no, plan.applicant, &Action::Withdraw).unwrap();
        let later = wecom.clock().now() + PACE;
        self.errands.push((later, Errand::FileAnew(Box::new(plan))));
    }
}

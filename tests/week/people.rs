//! What people do: they read what the bot sends them, and ten minutes later do what it asks, as their change's plan
//! has it.

mod deeds;

use std::collections::{BTreeMap, BTreeSet};

use changegate_simulator::{Action, Message, Simulator, cast};
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

use crate::plan::{Kind, Plan};

/// People look up from their work so often.
const PACE: TimeDelta = TimeDelta::minutes(5);
/// How long reading and deciding takes.
const THINKING: TimeDelta = TimeDelta::minutes(10);
/// Nobody acts in the very second of another: who is first would be chance.
const APART: TimeDelta = TimeDelta::seconds(5);
/// Approvers sign after whatever else is done at that time.
const SIGNING: TimeDelta = TimeDelta::minutes(3);
/// Those who take their time.
const DAWDLING: TimeDelta = TimeDelta::minutes(50);
/// Whoever pressed looks again whether it was heard.
const PATIENCE: TimeDelta = TimeDelta::minutes(30);
const APPROVERS: [&str; 5] = ["liqiang", "hejun", "sunli", "huangtao", "zhaolei"];

/// A change under way.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    pub(crate) plan: Plan,
    /// What is special about it has happened.
    twisted: bool,
    /// Who said that they are there to watch a market open.
    arrived: BTreeSet<String>,
}

/// Something that somebody was told and may be asked by it.
#[derive(Debug, Clone)]
struct Ask {
    who: String,
    sp_no: String,
    msgid: String,
    seq: u64,
    not_before: DateTime<Utc>,
}

/// Something that happens at its time whatever is said.
#[derive(Debug, Clone)]
enum Errand {
    File(Box<Plan>),
    Withdraw(String),
    SendInAgain(String),
    /// The withdrawn flow's change, without its faults.
    FileAnew(Box<Plan>),
}

enum Deed {
    /// Nothing is to be done, or nothing more.
    Over,
    /// Looked at again at a time.
    Again(DateTime<Utc>),
}

/// Everybody of the office.
pub(crate) struct People {
    /// By number.
    pub(crate) courses: BTreeMap<String, Course>,
    asks: Vec<Ask>,
    errands: Vec<(DateTime<Utc>, Errand)>,
    read: u64,
}

impl Course {
    fn new(plan: Plan, twisted: bool) -> Self {
        Self {
            plan,
            twisted,
            arrived: BTreeSet::new(),
        }
    }
}

impl People {
    pub(crate) fn new(plans: Vec<Plan>) -> Self {
        let file = |plan: Plan| (plan.filed, Errand::File(Box::new(plan)));
        Self {
            courses: BTreeMap::new(),
            asks: Vec::new(),
            errands: plans.into_iter().map(file).collect(),
            read: 0,
        }
    }

    /// When somebody does something next.
    pub(crate) fn next(&self) -> Option<DateTime<Utc>> {
        let asked = self.asks.iter().map(|ask| ask.not_before);
        let planned = self.errands.iter().map(|(at, _)| *at);
        asked.chain(planned).min()
    }

    /// Reads what came.
    pub(crate) fn read(&mut self, wecom: &Simulator) {
        for message in wecom.messages_after(self.read) {
            self.read = message.seq;
            for who in &message.to {
                let text = message.text();
                let about = self.courses.keys().filter(|sp_no| text.contains(*sp_no));
                // A digest names several and asks for nothing that was not asked before.
                let about: Vec<&String> = about.take(2).collect();
                if let [sp_no] = about.as_slice() {
                    let not_before = cell(message.at) + self.thinking(&message, sp_no) + turn(who, &text);
                    self.asks.push(Ask {
                        who: who.clone(),
                        sp_no: (*sp_no).clone(),
                        msgid: message.id.clone(),
                        seq: message.seq,
                        not_before,
                    });
                }
            }
        }
    }

    /// Everybody does what is due by now, in an order that does not depend on when messages came. Answers how much was
    /// done.
    pub(crate) fn act(&mut self, wecom: &Simulator) -> usize {
        let now = wecom.clock().now();
        let due = self
            .errands
            .extract_if(.., |(at, _)| *at <= now)
            .collect::<Vec<_>>();
        let mut done = due.len();
        for (_, errand) in due {
            self.run(errand, wecom);
        }
        let mut asks: Vec<Ask> = self.asks.extract_if(.., |ask| ask.not_before <= now).collect();
        asks.sort_by(|one, other| {
            (&one.sp_no, &one.who, one.seq).cmp(&(&other.sp_no, &other.who, other.seq))
        });
        for ask in asks {
            match self.answer(&ask, wecom, now) {
                Deed::Over => done += 1,
                Deed::Again(not_before) => {
                    done += 1;
                    self.asks.push(Ask { not_before, ..ask });
                }
            }
        }
        done
    }

    fn thinking(&self, message: &Message, sp_no: &str) -> TimeDelta {
        let words = message.body.to_string();
        let is_late = self.courses[sp_no].plan.kind == Kind::Late;
        if words.contains(".handle\"") || words.contains(".fixed\"") {
            PACE
        } else if is_late && (words.contains(".verified\"") || words.contains("轮到你审批")) {
            DAWDLING
        } else {
            THINKING
        }
    }

    fn run(&mut self, errand: Errand, wecom: &Simulator) {
        let now = wecom.clock().now();
        match errand {
            Errand::File(plan) => {
                let form = if plan.kind == Kind::Corrected {
                    plan.careless()
                } else {
                    plan.form()
                };
                let sp_no = wecom.submit(plan.applicant, &form).unwrap();
                if plan.kind == Kind::Withdrawn {
                    self.errands
                        .push((now + TimeDelta::minutes(26), Errand::Withdraw(sp_no.clone())));
                }
                self.courses.insert(sp_no, Course::new(*plan, false));
            }
            Errand::Withdraw(sp_no) => {
                let by = self.courses[&sp_no].plan.applicant;
                wecom.act(&sp_no, by, &Action::Withdraw).unwrap();
            }
            Errand::FileAnew(plan) => {
                let sp_no = wecom.submit(plan.applicant, &plan.form()).unwrap();
                self.courses.insert(sp_no, Course::new(*plan, true));
            }
            Errand::SendInAgain(sp_no) => {
                let plan = &self.courses[&sp_no].plan;
                wecom.resubmit(&sp_no, plan.applicant, &plan.form()).unwrap();
            }
        }
    }
}

fn asks_to_sign(text: &str) -> bool {
    let asks = ["轮到你审批", "签署前请注意", "请在企业微信“审批”中签署"];
    asks.iter().any(|part| text.contains(part))
}

/// How long after the others a member acts.
fn turn(who: &str, text: &str) -> TimeDelta {
    let people = cast::demo();
    let place = people
        .iter()
        .position(|person| person.userid == who)
        .unwrap_or_default();
    let place = APART * i32::try_from(place).unwrap();
    if asks_to_sign(text) {
        SIGNING + place
    } else {
        place
    }
}

/// The last moment at which people looked up.
fn cell(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(PACE).unwrap()
}

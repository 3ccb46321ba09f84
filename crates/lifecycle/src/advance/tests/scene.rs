//! One change, its people and the clock: the words in which the stories are told.

use std::collections::BTreeSet;
use std::sync::Arc;

use changegate_calendar::Season;
use changegate_policy::{
    ChangeSummary, Market, Mode, Outcome, Policy, PolicyRef, RuleId, RuleResult, Status, Urgency, UserId,
    Verdict, WindowSummary,
};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;

use crate::{
    Action, Answer, Change, Details, DutyKind, Effect, Event, FormStatus, GroupNotice, Look, Mail, Notice,
    People, Press, Record, Signature, Stage, Timer, advance,
};

/// A moment of Shanghai; without a day, one of Tuesday 2026-11-24.
pub(super) fn at(text: &str) -> DateTime<Utc> {
    let whole = if text.contains(' ') {
        text.to_owned()
    } else {
        format!("2026-11-24 {text}")
    };
    let local = NaiveDateTime::parse_from_str(&whole, "%Y-%m-%d %H:%M").unwrap();
    Shanghai.from_local_datetime(&local).unwrap().to_utc()
}

pub(super) fn user(id: &str) -> UserId {
    UserId::new(id)
}

pub(super) fn users(ids: &[&str]) -> Vec<UserId> {
    ids.iter().map(UserId::new).collect()
}

pub(super) fn set(ids: &[&str]) -> BTreeSet<UserId> {
    ids.iter().map(UserId::new).collect()
}

pub(super) fn verdict(outcome: Outcome, faults: &[(RuleId, Status)]) -> Arc<Verdict> {
    let results = faults.iter().map(|&(rule, status)| RuleResult {
        rule,
        clause: rule.clause().to_owned(),
        status,
        message: Some(format!("{rule} at some time")),
        evidence: Some("原文".to_owned()),
        position: None,
        fix: None,
        mode: Mode::InForce,
        waived: false,
    });
    let window = WindowSummary {
        opens: at("16:30").with_timezone(&Shanghai).fixed_offset(),
        closes: at("21:00").with_timezone(&Shanghai).fixed_offset(),
        season: Season::Standard,
    };
    Arc::new(Verdict {
        sp_no: "202611240001".to_owned(),
        verdict: outcome,
        policy: PolicyRef {
            version: "2.1".to_owned(),
            sha256: "0".repeat(64),
        },
        evaluated_at: at("10:10").fixed_offset(),
        change: ChangeSummary {
            urgency: Some(Urgency::Normal),
            change_day: Some(at("10:10").with_timezone(&Shanghai).date_naive()),
            window: Some(window),
            ..ChangeSummary::default()
        },
        results: results.collect(),
    })
}

/// The title fails, an attachment could be better.
pub(super) fn rejected() -> Arc<Verdict> {
    let faults = [
        (RuleId::TitleFormat, Status::Fail),
        (RuleId::Attachments, Status::Warn),
    ];
    verdict(Outcome::Rejected, &faults)
}

pub(super) fn warnings() -> Arc<Verdict> {
    verdict(Outcome::Warnings, &[(RuleId::Attachments, Status::Warn)])
}

pub(super) fn compliant() -> Arc<Verdict> {
    verdict(Outcome::Compliant, &[])
}

pub(super) fn undecided() -> Arc<Verdict> {
    verdict(Outcome::Undecided, &[(RuleId::JiraExists, Status::Unknown)])
}

pub(super) fn people() -> People {
    People {
        applicants: set(&["dev"]),
        product_managers: set(&["pm"]),
        testers: set(&["qa"]),
        development_leads: set(&["lead"]),
        test_leads: set(&["tlead"]),
        ccb: set(&["ccb"]),
        operations_leads: set(&["ops"]),
        executors: set(&["exec"]),
        configurers: set(&["conf"]),
        rd_directors: set(&["rd"]),
        project_managers: set(&["pj"]),
        emergency_response: set(&["er"]),
        admins: set(&["admin"]),
    }
}

/// A form in progress whose approver is the development lead; changed on Tuesday from 16:30 to 21:00.
pub(super) fn form(verdict: &Arc<Verdict>) -> Look {
    Look {
        form: FormStatus::InProgress,
        filed: at("10:10"),
        applicants: users(&["dev"]),
        current_approvers: users(&["lead"]),
        signatures: Vec::new(),
        people: people(),
        verdict: Arc::clone(verdict),
        content: "first".to_owned(),
        differences: Vec::new(),
        planned: (None, None),
        middle_platform: false,
        technical: false,
        markets: BTreeSet::new(),
        executed: None,
        earlier: None,
        newer: None,
        look_again_at: None,
        mail_by_hand: false,
        emergency_mail_failed: false,
        emergency_mail_shown: false,
    }
}

pub(super) fn signed(mut look: Look, who: &str, when: &str, next: &[&str]) -> Look {
    look.signatures.push(Signature {
        who: user(who),
        at: at(when),
    });
    look.current_approvers = users(next);
    look
}

pub(super) fn ended(look: Look, form: FormStatus) -> Look {
    Look {
        form,
        current_approvers: Vec::new(),
        ..look
    }
}

/// A compliant form that everybody signed.
pub(super) fn passed() -> Look {
    ended(
        signed(form(&compliant()), "lead", "10:20", &[]),
        FormStatus::Approved,
    )
}

pub(super) fn emergency(look: &Look) -> Look {
    let mut verdict = Verdict::clone(&look.verdict);
    verdict.change.urgency = Some(Urgency::Emergency);
    Look {
        verdict: Arc::new(verdict),
        ..look.clone()
    }
}

pub(super) fn note(text: &str) -> Details {
    Details {
        note: text.to_owned(),
        ..Details::default()
    }
}

/// A change and the clock; each step tells in one line who is told what.
pub(super) struct Story {
    pub(super) change: Change,
    pub(super) now: DateTime<Utc>,
    pub(super) policy: Arc<Policy>,
    pub(super) effects: Vec<Effect>,
}

impl Story {
    pub(super) fn begins(when: &str) -> Self {
        Self {
            change: Change::default(),
            now: at(when),
            policy: Policy::built_in(),
            effects: Vec::new(),
        }
    }

    /// With another policy file, in which one text is replaced.
    pub(super) fn with_policy(when: &str, from: &str, to: &str) -> Self {
        let text = include_str!("../../../../../deploy/policy.toml");
        assert!(text.contains(from), "{from}");
        Self {
            policy: Arc::new(Policy::parse(&text.replace(from, to), "policy.toml").unwrap()),
            ..Self::begins(when)
        }
    }

    /// Approved, at 16:00.
    pub(super) fn approved(look: Look) -> Self {
        let mut story = Self::begins("16:00");
        story.looks(look);
        assert_eq!(story.change.stage, Stage::Approved);
        story
    }

    /// Executed at 17:05, after a start at 16:45.
    pub(super) fn executed(look: Look) -> Self {
        let mut story = Self::approved(look);
        story.at("16:45").presses("exec", DutyKind::Start, Action::Start);
        story
            .at("17:05")
            .presses("exec", DutyKind::Finish, Action::Executed);
        assert_eq!(story.change.stage, Stage::Verifying);
        story
    }

    pub(super) fn at(&mut self, when: &str) -> &mut Self {
        self.now = at(when);
        self
    }

    pub(super) fn happens(&mut self, event: Event) -> String {
        let change = std::mem::take(&mut self.change);
        let (change, effects) = advance(change, event, self.now, &self.policy);
        self.change = change;
        self.effects = effects;
        told(&self.effects, &self.change)
    }

    pub(super) fn looks(&mut self, look: Look) -> String {
        self.happens(Event::Looked(Box::new(look)))
    }

    /// Presses a button on the newest card of a kind of duty.
    pub(super) fn presses(&mut self, who: &str, kind: DutyKind, action: Action) -> String {
        self.says(who, kind, action, Details::default())
    }

    pub(super) fn says(&mut self, who: &str, kind: DutyKind, action: Action, details: Details) -> String {
        let number = self.change.latest(kind).map(|duty| duty.number);
        assert!(number.is_some(), "nobody was ever asked for {kind:?}");
        self.happens(press(who, number, action, details))
    }

    /// Does something on a page, outside of any duty.
    pub(super) fn on_a_page(&mut self, who: &str, action: Action, details: Details) -> String {
        self.happens(press(who, None, action, details))
    }

    /// Lets the clock run: which timers are due until then, and what comes of them; those of which nothing comes are
    /// left out.
    pub(super) fn until(&mut self, when: &str) -> Vec<String> {
        let mut lines = Vec::new();
        while let Some((timer, due)) = self.next_timer().filter(|(_, due)| *due <= at(when)) {
            self.now = due;
            let told = self.happens(Event::Due(timer));
            if !told.is_empty() {
                lines.push(format!("{} {told}", self.clock()));
            }
        }
        self.now = at(when);
        lines
    }

    pub(super) fn next_timer(&self) -> Option<(Timer, DateTime<Utc>)> {
        let timers = self.change.timers.iter().map(|(timer, at)| (*timer, *at));
        timers.min_by_key(|(timer, at)| (*at, *timer))
    }

    pub(super) fn clock(&self) -> String {
        let local = self.now.with_timezone(&Shanghai);
        if local.date_naive() == at("00:00").with_timezone(&Shanghai).date_naive() {
            local.format("%H:%M").to_string()
        } else {
            local.format("%m-%d %H:%M").to_string()
        }
    }

    pub(super) fn due(&self, timer: Timer) -> String {
        match self.change.timers.get(&timer) {
            Some(at) => at.with_timezone(&Shanghai).format("%m-%d %H:%M").to_string(),
            None => "never".to_owned(),
        }
    }

    /// Kinds of duty that are open.
    pub(super) fn open(&self) -> Vec<DutyKind> {
        let open = self.change.duties.iter().filter(|duty| duty.is_open());
        open.map(|duty| duty.kind).collect()
    }

    /// Whose cards turned into their result in the last step.
    pub(super) fn settled(&self) -> Vec<String> {
        let settled = self.effects.iter().filter_map(|effect| match effect {
            Effect::Settle { duty, of, .. } => {
                let kind = self.change.duty(*duty).unwrap().kind;
                let of = of.as_ref().map_or("all", |who| who.as_str());
                Some(format!("{of}:{kind:?}"))
            }
            _ => None,
        });
        settled.collect()
    }

    pub(super) fn records(&self) -> Vec<&Record> {
        let records = self.effects.iter().filter_map(|effect| match effect {
            Effect::Record(record) => Some(record),
            _ => None,
        });
        records.collect()
    }
}

pub(super) fn press(who: &str, duty: Option<u32>, action: Action, details: Details) -> Event {
    Event::Pressed(Box::new(Press {
        by: user(who),
        duty,
        action,
        details,
    }))
}

pub(super) fn concerning(markets: &[Market], look: Look) -> Look {
    Look {
        markets: markets.iter().copied().collect(),
        ..look
    }
}

fn told(effects: &[Effect], change: &Change) -> String {
    let kind = |number: &u32| change.duty(*number).unwrap().kind;
    let words = effects.iter().filter_map(|effect| match effect {
        Effect::Notify { to, notice, .. } => Some(match notice {
            Notice::Duty { duty } => format!("{to}:duty({:?})", kind(duty)),
            Notice::Reminder { duty, count } => format!(
                "{to}:reminder({:?} {}/{}{})",
                kind(duty),
                count.number,
                count.of,
                if count.to_holder { "" } else { " above" }
            ),
            Notice::Answer { answer, .. } => format!("{to}:{}", answered(answer)),
            other => format!("{to}:{}", other.word()),
        }),
        Effect::Group { notice, .. } => Some(match notice {
            GroupNotice::Statement { text } => format!("group:statement({text})"),
            GroupNotice::Recovered => "group:recovered".to_owned(),
        }),
        Effect::Mail { mail, .. } => Some(match mail {
            Mail::EmergencyApplication => "mail:emergency".to_owned(),
            Mail::IncidentReport => "mail:report".to_owned(),
        }),
        Effect::Waive { granted, .. } => Some(format!("waive({granted})")),
        Effect::Settle { .. } | Effect::Set { .. } | Effect::Clear { .. } | Effect::Record(_) => None,
    });
    words.collect::<Vec<_>>().join(" ")
}

fn answered(answer: &Answer) -> String {
    let list = |people: &BTreeSet<UserId>| {
        let people: Vec<&str> = people.iter().map(UserId::as_str).collect();
        people.join(",")
    };
    match answer {
        Answer::Accepted => "accepted".to_owned(),
        Answer::NotYours { may } => format!("not_yours({})", list(may)),
        Answer::AlreadyDone { by } => match by {
            Some(stamp) => format!("already_done({})", stamp.by),
            None => "already_done".to_owned(),
        },
        Answer::MovedOn { stage } => format!("moved_on({})", stage.word()),
        Answer::ConsentAsked { of } => format!("consent_asked({})", list(of)),
        Answer::Incomplete { .. } => "incomplete".to_owned(),
    }
}

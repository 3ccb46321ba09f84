//! A button, with the fields that its action asks for.

use changegate_lifecycle::{Action, DutyKind};
use changegate_policy::{Directory, RuleId, Status, UserId};

use super::dossier::Dossier;
use super::fields::{self, Words};
use super::words;
use crate::web::dates;
use crate::web::local_path::LocalPath;
use crate::web::member::{self, Member};
use crate::web::server::Site;

/// What all forms of a page carry.
#[derive(Debug)]
pub(super) struct Envelope {
    pub(super) sp_no: String,
    /// Proves that a form is one of this session.
    pub(super) token: String,
    /// Where to go back to.
    pub(super) back: String,
    /// Who is signed in.
    pub(super) name: String,
}

impl Envelope {
    pub(super) fn new(site: &Site, member: &Member, sp_no: &str, back: &str) -> Self {
        Self {
            sp_no: sp_no.to_owned(),
            token: member.form_token(),
            back: LocalPath::parse(back).unwrap_or_else(LocalPath::home).to_string(),
            name: super::dossier::name_of(&member.user, &site.policy()).to_owned(),
        }
    }
}

/// A button with its fields.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) action: Action,
    pub(super) label: String,
    pub(super) tone: &'static str,
    pub(super) duty: Option<u32>,
    /// What to know before pressing.
    pub(super) hint: String,
    pub(super) words: Option<Words>,
    /// What the words field holds at first.
    pub(super) note: String,
    pub(super) times: Option<Times>,
    pub(super) people: Vec<Choice>,
    pub(super) rules: Vec<Choice>,
    /// Whether it can be marked as an incident at once.
    pub(super) incident: bool,
    pub(super) nonce: String,
}

/// The planned time, as the fields show it.
#[derive(Debug)]
pub(super) struct Times {
    pub(super) from: String,
    pub(super) until: String,
    /// The earliest that can be chosen.
    pub(super) earliest: String,
    pub(super) zone: String,
}

/// Something to be ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) about: String,
}

impl Form {
    /// A plain button.
    pub(super) fn new(action: Action, duty: Option<(u32, DutyKind)>) -> Self {
        Self {
            action,
            label: words::label(action, duty.map(|(_, kind)| kind)).to_owned(),
            tone: words::tone(action),
            duty: duty.map(|(number, _)| number),
            hint: String::new(),
            words: fields::words(action),
            note: String::new(),
            times: None,
            people: Vec::new(),
            rules: Vec::new(),
            incident: action == Action::Anomaly,
            nonce: member::nonce(),
        }
    }

    /// A button with the choices that the change offers.
    pub(super) fn of(site: &Site, dossier: &Dossier, action: Action, duty: Option<(u32, DutyKind)>) -> Self {
        let mut form = Self::new(action, duty);
        if fields::asks_time(action) {
            let plan = &dossier.change.plan;
            let shown = |at: Option<_>| at.map_or_else(String::new, |at| dates::to_field(at, &site.policy()));
            form.times = Some(Times {
                from: shown(plan.from),
                until: shown(plan.until),
                earliest: dates::to_field(site.clock.now(), &site.policy()),
                zone: site.policy().zone().name().to_owned(),
            });
        }
        if fields::asks_people(action) {
            form.people = candidates(site, dossier);
        }
        if fields::asks_rules(action) {
            form.rules = failed_rules(dossier);
        }
        form
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Whether there is anything to fill in, so that the button opens fields first.
    pub(super) fn has_fields(&self) -> bool {
        self.words.is_some() || self.times.is_some() || !self.people.is_empty() || !self.rules.is_empty()
    }

    /// Whether members are chosen.
    pub(super) fn names_people(&self) -> bool {
        fields::asks_people(self.action)
    }

    /// Its place on the page.
    pub(super) fn id(&self) -> String {
        match (self.action, self.duty) {
            (Action::RequestWaiver, _) => "waiver".to_owned(),
            (action, Some(duty)) => format!("{}-{duty}", action.word()),
            (action, None) => action.word().to_owned(),
        }
    }
}

/// The rules that fail and count.
pub(super) fn failed_rules(dossier: &Dossier) -> Vec<Choice> {
    let results = dossier
        .verdict
        .iter()
        .flat_map(changegate_policy::Verdict::binding);
    results
        .filter(|result| result.status == Status::Fail)
        .map(|result| rule(result.rule, result.message.as_deref().unwrap_or_default()))
        .collect()
}

/// A rule as a choice.
pub(super) fn rule(rule: RuleId, about: &str) -> Choice {
    Choice {
        value: rule.id().to_owned(),
        name: rule.name().to_owned(),
        about: about.to_owned(),
    }
}

/// Who may be asked to come in: the team, its leads, the testers and product managers of the change, and all testers.
fn candidates(site: &Site, dossier: &Dossier) -> Vec<Choice> {
    let people = &dossier.change.people;
    let applicant = UserId::new(&dossier.row.applicant);
    let policy = site.policy();
    let directory = policy.directory().map(AsRef::as_ref);
    let team = directory.and_then(|directory: &Directory| directory.team_of(&applicant));
    let mut found: Vec<(&UserId, &str)> = people.applicants.iter().map(|user| (user, "申请人")).collect();
    if let Some(team) = team {
        found.extend(team.members.iter().map(|user| (user, "开发同事")));
        found.extend(team.development_leads.iter().map(|user| (user, "开发组长")));
        found.extend(team.test_leads.iter().map(|user| (user, "测试组长")));
    }
    found.extend(people.development_leads.iter().map(|user| (user, "开发组长")));
    found.extend(people.testers.iter().map(|user| (user, "测试同事")));
    found.extend(people.product_managers.iter().map(|user| (user, "产品经理")));
    let testers = directory
        .into_iter()
        .flat_map(|directory| directory.holders(changegate_policy::Role::Tester));
    found.extend(testers.map(|user| (user, "测试同事")));
    let mut choices: Vec<Choice> = Vec::new();
    for (user, about) in found {
        if choices.len() < fields::MOST_PEOPLE && !choices.iter().any(|choice| choice.value == user.as_str())
        {
            choices.push(Choice {
                value: user.to_string(),
                name: super::dossier::name_of(user, &site.policy()).to_owned(),
                about: about.to_owned(),
            });
        }
    }
    choices
}

//! All that the pages tell of a change, and who may read it.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use changegate_lifecycle::{Change, DutyKind};
use changegate_policy::{Policy, UserId, Verdict};
use changegate_store::{ChangeDraft, Entry};

use crate::web::member::Member;
use crate::web::refusal::{Page, Refusal};
use crate::web::server::Site;

/// A change's number has at most this many characters.
const LONGEST_NUMBER: usize = 64;

/// A change with all that is remembered of it.
pub(super) struct Dossier {
    /// The row.
    pub(super) row: ChangeDraft,
    /// Where it stands.
    pub(super) change: Change,
    /// The latest verdict.
    pub(super) verdict: Option<Verdict>,
    /// What happened, the oldest first.
    pub(super) timeline: Vec<Entry>,
}

impl Dossier {
    /// Opens the dossier for a member who may read it.
    pub(super) async fn open(site: &Site, member: &Member, sp_no: &str) -> Result<Self, Refusal> {
        let no_such = || Refusal::no_such("这份变更");
        if sp_no.len() > LONGEST_NUMBER {
            return Err(no_such());
        }
        let row = site.store.change(sp_no).await?.ok_or_else(no_such)?.draft;
        let change = state(&row).map_err(|error| unreadable(sp_no, &error))?;
        if !may_read(&member.user, &row, &change, &site.policy()) {
            tracing::info!(member = %member.user, change = sp_no, "a page was refused");
            return Err(not_concerned(&row, &change, &site.policy()));
        }
        let judged = site.store.latest_verdict(sp_no).await?;
        let verdict = judged
            .map(|judged| serde_json::from_value(judged.body))
            .transpose()
            .map_err(|error| unreadable(sp_no, &error))?;
        let timeline = site.store.timeline(sp_no).await?;
        Ok(Self {
            row,
            change,
            verdict,
            timeline,
        })
    }

    /// The title to show.
    pub(super) fn title(&self) -> &str {
        match self.row.title.trim() {
            "" => "（未填写标题）",
            title => title,
        }
    }
}

/// What is remembered of a change between events; nothing before the first look.
pub(super) fn state(row: &ChangeDraft) -> Result<Change, serde_json::Error> {
    if row.told.is_null() {
        return Ok(Change::default());
    }
    serde_json::from_value(row.told.clone())
}

fn unreadable(sp_no: &str, error: &serde_json::Error) -> Refusal {
    tracing::error!(change = sp_no, %error, "what is stored of a change cannot be read");
    Refusal::failed()
}

/// Those who have to do with it, and those who hold a role in the firm.
pub(super) fn may_read(user: &UserId, row: &ChangeDraft, change: &Change, policy: &Policy) -> bool {
    let in_firm = policy
        .directory()
        .is_some_and(|directory| directory.roles.values().any(|holders| holders.contains(user)));
    in_firm || UserId::new(&row.applicant) == *user || concerned(change).contains(user)
}

fn concerned(change: &Change) -> BTreeSet<&UserId> {
    let people = &change.people;
    [
        &people.applicants,
        &people.product_managers,
        &people.testers,
        &people.development_leads,
        &people.test_leads,
        &people.ccb,
        &people.operations_leads,
        &people.executors,
        &people.configurers,
        &people.rd_directors,
        &people.project_managers,
        &people.emergency_response,
        &people.admins,
        &change.signed,
    ]
    .into_iter()
    .flatten()
    .chain(change.warned.keys())
    .chain(change.watchers.values().flatten())
    .chain(change.duties.iter().flat_map(|duty| &duty.holders))
    .collect()
}

fn not_concerned(row: &ChangeDraft, change: &Change, policy: &Policy) -> Refusal {
    let applicant = UserId::new(&row.applicant);
    let whom = if applicant.is_empty() {
        "变更闸管理员".to_owned()
    } else {
        format!("申请人{}", name_of(&applicant, policy))
    };
    let leads = names(&change.people.operations_leads, policy);
    let or = if leads.is_empty() {
        String::new()
    } else {
        format!("或运维负责人{leads}")
    };
    Page::new(
        StatusCode::FORBIDDEN,
        "这份变更与您无关，不能查看",
        "只有变更单上的人员、所在团队的组长和公司指定角色可以打开。",
    )
    .step(format!("需要了解时，请联系{whom}{or}。"))
    .step("应当能看而打不开的，请变更闸管理员核对名录。")
    .into()
}

/// The name to show for a member.
pub(super) fn name_of<'a>(user: &'a UserId, policy: &'a Policy) -> &'a str {
    policy
        .directory()
        .map_or(user.as_str(), |directory| directory.name_of(user))
}

/// The names of members, in one phrase.
pub(super) fn names<'a>(users: impl IntoIterator<Item = &'a UserId>, policy: &Policy) -> String {
    users
        .into_iter()
        .map(|user| name_of(user, policy).to_owned())
        .collect::<Vec<_>>()
        .join("、")
}

/// The waiver request that a duty is about.
pub(super) fn waiver_rules(change: &Change, duty: u32) -> Option<&changegate_lifecycle::WaiverRequest> {
    change
        .duty(duty)
        .filter(|duty| duty.kind == DutyKind::DecideWaiver)
        .and_then(|duty| change.waivers.iter().find(|request| request.duty == duty.number))
}

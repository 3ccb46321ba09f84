//! The page behind a message's link: one change, its verdict and the corrected text to copy. Made for a phone
//! inside WeCom. Whoever calls it has checked the link; nothing here reads a clock, a database or a request.
//!
//! The page asks for nothing but its own style sheet and script, and holds under a content security policy that
//! allows nothing else.

mod assets;
pub(crate) mod corrections;
pub(crate) mod groups;
mod words;

use askama::Template;
use changegate_policy::{Directory, ItemSummary, Policy, PolicyRef, Verdict};
use changegate_store::ChangeDraft;

pub(crate) use assets::{asset, version};
use corrections::{Correction, Piece};
use groups::{Fix, Group};
pub(crate) use words::Fact;
use words::{Banner, Waiver};

use super::dates;
use super::pages::DutyRow;

/// What the page of a change shows.
#[derive(Debug)]
pub(crate) struct VerdictPage<'a> {
    /// The change as it is stored.
    pub(crate) change: &'a ChangeDraft,
    /// Its latest verdict.
    pub(crate) verdict: &'a Verdict,
    /// Names and roles; without it members are shown by their ids.
    pub(crate) directory: Option<&'a Directory>,
    /// What happened so far, the oldest first.
    pub(crate) timeline: Vec<TimelineRow>,
    /// What is still to be done, and by whom.
    pub(crate) duties: Vec<DutyRow>,
    /// When what happened, as far as it did.
    pub(crate) times: Vec<(&'static str, String)>,
    /// Whether it turned into an incident, which has a page of its own.
    pub(crate) incident: bool,
    /// Knows the zone of what is shown.
    pub(crate) policy: &'a Policy,
}

/// One entry of the timeline.
#[derive(Debug, Clone)]
pub(crate) struct TimelineRow {
    /// When, in local time, ready to show.
    pub(crate) at: String,
    /// The name of who did it; empty where nobody did.
    pub(crate) who: String,
    /// What happened.
    pub(crate) what: String,
}

/// The page of a change, as HTML.
pub(crate) fn render(page: &VerdictPage<'_>) -> String {
    let title = page.change.title.as_str();
    let corrections = corrections::of(page.verdict);
    let view = View {
        sp_no: &page.change.sp_no,
        title: if title.trim().is_empty() {
            "（未填写标题）"
        } else {
            title
        },
        banner: words::banner(page),
        facts: words::facts(page),
        items: &page.verdict.change.items,
        groups: groups::of(page.verdict, &corrections),
        corrections,
        waiver: words::waiver(page),
        duties: &page.duties,
        times: &page.times,
        incident: page.incident,
        timeline: &page.timeline,
        policy: &page.verdict.policy,
        policy_mark: page.verdict.policy.sha256.chars().take(12).collect(),
        evaluated_at: dates::moment(page.verdict.evaluated_at),
    };
    html(&view)
}

/// The page in place of one whose link has expired, was altered or leads nowhere, as HTML.
pub(crate) fn link_expired() -> String {
    html(&LinkExpired)
}

/// Templates are checked when they are compiled; what is left to fail is writing into a string.
pub(super) fn html(template: &impl Template) -> String {
    template.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a page could not be written");
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>变更闸</title><p>页面暂时打不开，请稍后再试"
            .to_owned()
    })
}

#[derive(Template)]
#[template(path = "verdict.html", whitespace = "minimize")]
struct View<'a> {
    sp_no: &'a str,
    title: &'a str,
    banner: Banner,
    facts: Vec<Fact>,
    items: &'a [ItemSummary],
    corrections: Vec<Correction<'a>>,
    groups: Vec<Group<'a>>,
    waiver: Option<Waiver>,
    duties: &'a [DutyRow],
    times: &'a [(&'static str, String)],
    incident: bool,
    timeline: &'a [TimelineRow],
    policy: &'a PolicyRef,
    policy_mark: String,
    evaluated_at: String,
}

#[derive(Template)]
#[template(path = "link_expired.html", whitespace = "minimize")]
struct LinkExpired;

#[cfg(test)]
mod tests;

//! `[jira]`: which hosts are the firm's JIRA, and what its states and links are called there.

mod file;
mod robots;

use std::collections::BTreeSet;

pub(super) use self::file::{JiraFile, jira};
use self::robots::Robots;
use super::Policy;
use crate::description::JiraHosts;
use crate::reading::squeeze;

/// Where a state of JIRA stands in the way of a requirement to production.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The product manager is accepting it, or should be.
    Uat,
    /// Accepted, waiting for its release.
    Ready,
    /// Released, or behind that.
    Later,
    /// Any other: before UAT, or aside.
    Elsewhere,
}

/// The settings of `[jira]`.
#[derive(Debug, Clone)]
pub(crate) struct JiraSettings {
    pub(super) hosts: JiraHosts,
    pub(super) uat: Names,
    pub(super) ready: Names,
    pub(super) later: Names,
    pub(super) coupled_links: Names,
    pub(super) robots: Robots,
}

impl JiraSettings {
    /// Where a state stands, by its name as JIRA shows it.
    pub(crate) fn standing(&self, status: &str) -> Standing {
        let status = squeeze(status);
        if self.uat.compared.contains(&status) {
            Standing::Uat
        } else if self.ready.compared.contains(&status) {
            Standing::Ready
        } else if self.later.compared.contains(&status) {
            Standing::Later
        } else {
            Standing::Elsewhere
        }
    }

    /// Whether a link read from an issue means that the other has to go live with it or before it.
    pub(crate) fn couples(&self, relation: &str) -> bool {
        self.coupled_links.compared.contains(&squeeze(relation))
    }

    /// Whether a login name or a shown name is a robot's.
    pub(crate) fn is_robot(&self, name: &str) -> bool {
        self.robots.include(name)
    }

    /// What the state of an accepted requirement is called first of all.
    pub(crate) fn ready_name(&self) -> &str {
        self.ready.written.first().map_or("待上线", String::as_str)
    }

    /// What the state of a requirement under acceptance is called first of all.
    pub(crate) fn uat_name(&self) -> &str {
        self.uat.written.first().map_or("UAT 验收", String::as_str)
    }
}

/// Names as written, and as they are compared: without blanks, case, width and script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) written: Vec<String>,
    compared: BTreeSet<String>,
}

impl Names {
    fn of<'a>(written: impl Iterator<Item = &'a str>) -> Self {
        let written: Vec<String> = written.map(|name| name.trim().to_owned()).collect();
        Self {
            compared: written.iter().map(|name| squeeze(name)).collect(),
            written,
        }
    }
}

impl Policy {
    /// The states in which the product manager accepts (clause 三.1), as written.
    pub fn uat_status(&self) -> &[String] {
        &self.jira.uat.written
    }

    /// The states of what is accepted and waits for its release (clause 三.1), as written.
    pub fn ready_status(&self) -> &[String] {
        &self.jira.ready.written
    }

    /// The states of what is released, as written.
    pub fn later_status(&self) -> &[String] {
        &self.jira.later.written
    }

    /// Whether a state, as JIRA shows it, is one of [`Policy::ready_status`]; blanks, case, width and script do not
    /// count.
    pub fn is_ready_status(&self, status: &str) -> bool {
        self.jira.standing(status) == Standing::Ready
    }

    pub(crate) fn jira(&self) -> &JiraSettings {
        &self.jira
    }
}

#[cfg(test)]
mod tests;

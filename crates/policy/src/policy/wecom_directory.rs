//! `[wecom_directory]`: which of WeCom's departments and tags are the teams and roles of the regulation.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::check::Mistake;
use crate::facts::Role;

/// Where teams and roles are found in WeCom's address book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WecomDirectory {
    /// The development teams.
    pub teams: Vec<WecomTeam>,
    /// Roles whose holders carry a tag, by the tag's id.
    pub role_tags: BTreeMap<Role, i64>,
    /// Roles held by everybody in a department, by the department's id.
    pub role_departments: BTreeMap<Role, i64>,
}

/// A development team, as a department of WeCom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WecomTeam {
    /// Its name.
    pub name: String,
    /// Its department: those in it and below are its developers, its leaders are 开发组长.
    pub department: i64,
    /// The department that tests for it: its leaders are 测试组长.
    pub test_department: Option<i64>,
    /// Keys of the JIRA projects that it releases, upper case.
    pub jira_projects: BTreeSet<String>,
    /// Names of the JIRA components that it releases.
    pub jira_components: BTreeSet<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WecomDirectoryFile {
    teams: Vec<Spanned<TeamFile>>,
    role_tags: BTreeMap<Role, Spanned<i64>>,
    role_departments: BTreeMap<Role, Spanned<i64>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamFile {
    name: String,
    department: i64,
    test_department: Option<i64>,
    #[serde(default)]
    jira_projects: BTreeSet<String>,
    #[serde(default)]
    jira_components: BTreeSet<String>,
}

pub(super) fn wecom_directory(file: WecomDirectoryFile) -> Result<WecomDirectory, Mistake> {
    let mut names = BTreeSet::new();
    let mut teams = Vec::new();
    for team in file.teams {
        let span = team.span();
        let team = team.into_inner();
        if team.name.trim().is_empty() {
            return Err((span, "a team needs a name".to_owned()));
        }
        if !names.insert(team.name.clone()) {
            return Err((span, format!("the team `{}` is named twice", team.name)));
        }
        if team.department < 1 || team.test_department.is_some_and(|id| id < 1) {
            return Err((span, "a department's id is a number from 1".to_owned()));
        }
        let upper = |key: String| key.to_ascii_uppercase();
        teams.push(WecomTeam {
            name: team.name,
            department: team.department,
            test_department: team.test_department,
            jira_projects: team.jira_projects.into_iter().map(upper).collect(),
            jira_components: team.jira_components,
        });
    }
    Ok(WecomDirectory {
        teams,
        role_tags: ids(file.role_tags, "tag")?,
        role_departments: ids(file.role_departments, "department")?,
    })
}

fn ids(named: BTreeMap<Role, Spanned<i64>>, of: &str) -> Result<BTreeMap<Role, i64>, Mistake> {
    named
        .into_iter()
        .map(|(role, id)| match *id.as_ref() {
            positive @ 1.. => Ok((role, positive)),
            _ => Err((id.span(), format!("a {of}'s id is a number from 1"))),
        })
        .collect()
}

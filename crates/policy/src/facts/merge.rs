//! Directories put together: the policy file's and WeCom's, and what is left once somebody has gone.

use std::collections::BTreeSet;

use super::{Directory, Team};
use crate::submission::UserId;

impl Directory {
    /// Both together: teams of one name are one team, roles have the holders of both; of two names or addresses for
    /// one member, this directory's counts.
    #[must_use]
    pub fn merged(&self, other: &Self) -> Self {
        let mut whole = self.clone();
        for team in &other.teams {
            match whole.teams.iter_mut().find(|known| known.name == team.name) {
                Some(known) => known.join(team),
                None => whole.teams.push(team.clone()),
            }
        }
        for (role, holders) in &other.roles {
            whole
                .roles
                .entry(*role)
                .or_default()
                .extend(holders.iter().cloned());
        }
        for (user, name) in &other.names {
            whole.names.entry(user.clone()).or_insert_with(|| name.clone());
        }
        for (user, address) in &other.emails {
            whole
                .emails
                .entry(user.clone())
                .or_insert_with(|| address.clone());
        }
        whole
    }

    /// Without those who have gone, as far as teams and roles go; their names stay, for what they did stays on record.
    #[must_use]
    pub fn without(&self, gone: &BTreeSet<UserId>) -> Self {
        let mut rest = self.clone();
        let stays = |user: &UserId| !gone.contains(user);
        for team in &mut rest.teams {
            team.development_leads.retain(stays);
            team.test_leads.retain(stays);
            team.members.retain(stays);
        }
        for holders in rest.roles.values_mut() {
            holders.retain(stays);
        }
        rest.emails.retain(|user, _| stays(user));
        rest
    }

    /// As much of it as a verdict about these people rests on: teams and roles whole, but of the developers only these.
    /// A firm's whole address book beside every verdict would be many times the verdict.
    #[must_use]
    pub fn about(&self, people: &BTreeSet<UserId>) -> Self {
        let mut part = self.clone();
        for team in &mut part.teams {
            team.members.retain(|member| people.contains(member));
        }
        let kept: BTreeSet<UserId> = part.bearers().union(people).cloned().collect();
        part.names.retain(|user, _| kept.contains(user));
        part.emails.retain(|user, _| kept.contains(user));
        part
    }

    /// Whoever leads a team or holds a role: the people whose absence is noticed first.
    pub fn bearers(&self) -> BTreeSet<UserId> {
        let leads = self
            .teams
            .iter()
            .flat_map(|team| team.development_leads.iter().chain(&team.test_leads));
        let holders = self.roles.values().flatten();
        leads.chain(holders).cloned().collect()
    }

    /// What a member is here for, in words, such as `行情组开发组长` and `测试同事`.
    pub fn parts_of(&self, user: &UserId) -> Vec<String> {
        let teams = self.teams.iter().flat_map(|team| {
            let leads = team.development_leads.contains(user);
            let tests = team.test_leads.contains(user);
            let development = leads.then(|| format!("{}开发组长", team.name));
            development
                .into_iter()
                .chain(tests.then(|| format!("{}测试组长", team.name)))
        });
        let roles = self
            .roles
            .iter()
            .filter(|(_, holders)| holders.contains(user))
            .map(|(role, _)| role.name().to_owned());
        teams.chain(roles).collect()
    }
}

impl Team {
    fn join(&mut self, other: &Self) {
        self.development_leads
            .extend(other.development_leads.iter().cloned());
        self.test_leads.extend(other.test_leads.iter().cloned());
        self.members.extend(other.members.iter().cloned());
        self.jira_projects.extend(other.jira_projects.iter().cloned());
        self.jira_components.extend(other.jira_components.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Role;

    fn set(ids: &[&str]) -> BTreeSet<UserId> {
        ids.iter().map(UserId::new).collect()
    }

    fn directory(team: &str, lead: &str, tester: &str, name: (&str, &str)) -> Directory {
        Directory {
            teams: vec![Team {
                name: team.to_owned(),
                development_leads: set(&[lead]),
                ..Team::default()
            }],
            roles: [(Role::Tester, set(&[tester]))].into(),
            names: [(UserId::new(name.0), name.1.to_owned())].into(),
            ..Directory::default()
        }
    }

    #[test]
    fn two_directories_become_one() {
        let file = directory("行情组", "lead", "qa1", ("lead", "李工"));
        let company = directory("行情组", "lead2", "qa2", ("LEAD", "李工程师"));
        let whole = file.merged(&company);
        assert_eq!(whole.teams.len(), 1);
        assert_eq!(whole.teams[0].development_leads, set(&["lead", "lead2"]));
        assert_eq!(whole.roles[&Role::Tester], set(&["qa1", "qa2"]));
        assert_eq!(whole.name_of(&UserId::new("lead")), "李工");
        assert_eq!(
            whole
                .merged(&directory("交易组", "x", "qa1", ("x", "某")))
                .teams
                .len(),
            2
        );
        assert_eq!(whole.bearers(), set(&["lead", "lead2", "qa1", "qa2"]));
    }

    #[test]
    fn whoever_left_holds_nothing_any_more() {
        let whole = directory("行情组", "lead", "lead", ("lead", "李工"));
        assert_eq!(
            whole.parts_of(&UserId::new("Lead")),
            ["行情组开发组长", "测试同事"]
        );
        let rest = whole.without(&set(&["LEAD"]));
        assert!(rest.bearers().is_empty());
        assert_eq!(rest.name_of(&UserId::new("lead")), "李工");
    }
}

//! WeCom's address book in the words of the regulation.

use std::collections::{BTreeMap, BTreeSet};

use changegate_policy::{Directory, Role, Team, UserId, WecomDirectory};
use changegate_wecom::client::DepartmentInfo;
use changegate_wecom::{Client, Error};

/// Departments below one that are walked through; a company has fewer.
const MOST_DEPARTMENTS: usize = 500;

/// Teams and roles, as departments, leaders and tags say.
pub(super) async fn directory(wecom: &Client, wanted: &WecomDirectory) -> Result<Directory, Error> {
    let mut found = Directory::default();
    for team in &wanted.teams {
        let department = Department::of(wecom, team.department).await?;
        let test_leads = match team.test_department {
            Some(id) => {
                let testing = Department::of(wecom, id).await?;
                found.names.extend(testing.names);
                testing.leaders
            }
            None => BTreeSet::new(),
        };
        found.names.extend(department.names);
        found.teams.push(Team {
            name: team.name.clone(),
            development_leads: department.leaders,
            test_leads,
            members: department.members,
            jira_projects: team.jira_projects.clone(),
            jira_components: team.jira_components.clone(),
        });
    }
    for (role, tag) in &wanted.role_tags {
        let tag = wecom.tag_get(*tag).await?;
        let mut holders: BTreeSet<UserId> = tag.users.iter().map(|user| UserId::new(&user.userid)).collect();
        for user in tag.users {
            found.names.insert(UserId::new(&user.userid), user.name);
        }
        for id in tag.departments {
            let department = Department::of(wecom, id).await?;
            holders.extend(department.members);
            found.names.extend(department.names);
        }
        hold(&mut found, *role, holders);
    }
    for (role, id) in &wanted.role_departments {
        let department = Department::of(wecom, *id).await?;
        found.names.extend(department.names);
        hold(&mut found, *role, department.members);
    }
    Ok(found)
}

fn hold(found: &mut Directory, role: Role, holders: BTreeSet<UserId>) {
    found.roles.entry(role).or_default().extend(holders);
}

/// A department with all below it.
struct Department {
    /// Who leads the department itself.
    leaders: BTreeSet<UserId>,
    members: BTreeSet<UserId>,
    names: BTreeMap<UserId, String>,
}

impl Department {
    async fn of(wecom: &Client, id: i64) -> Result<Self, Error> {
        let all: Vec<DepartmentInfo> = wecom.department_list(Some(id)).await?;
        let leaders = all
            .iter()
            .filter(|department| department.id == id)
            .flat_map(|department| &department.department_leader)
            .map(UserId::new)
            .collect();
        let mut department = Self {
            leaders,
            members: BTreeSet::new(),
            names: BTreeMap::new(),
        };
        for part in all.iter().take(MOST_DEPARTMENTS) {
            for user in wecom.user_simplelist(part.id).await? {
                let id = UserId::new(&user.userid);
                department.members.insert(id.clone());
                department.names.insert(id, user.name);
            }
        }
        department.members.extend(department.leaders.iter().cloned());
        Ok(department)
    }
}

//! 产品经理 and 测试同事 (clauses 六.7, 六.8).

use super::Draft;
use super::items::Item;
use crate::facts::{Directory, Role, StatusChange};
use crate::submission::UserId;

/// Whoever accepted the issues, where the directory knows them as product managers; else whom the form names, else the
/// only one there is.
pub(super) fn product_managers(
    draft: &Draft<'_>,
    items: &[Item<'_>],
    notes: &mut Vec<String>,
) -> Vec<UserId> {
    if !items.is_empty() && items.iter().all(|item| item.technical) {
        return draft.wishes.product_manager.clone();
    }
    let mut found: Vec<UserId> = Vec::new();
    for item in items {
        let Some(change) = item.accepted else { continue };
        match mover(draft, change) {
            Some(user) if found.contains(&user) => {}
            Some(user) => found.push(user),
            None => {
                let who = [&change.by_name, &change.by]
                    .into_iter()
                    .find(|name| !name.is_empty());
                notes.push(format!(
                    "{} 由{}验收，通讯录里没有对应的产品经理，请核对“产品经理”",
                    item.key,
                    who.map_or("不知名的账号", String::as_str)
                ));
            }
        }
    }
    if found.is_empty() {
        found.clone_from(&draft.wishes.product_manager);
    }
    if found.is_empty()
        && let Some(only) = only_holder(draft, Role::ProductManager)
    {
        let name = draft
            .directory()
            .map_or(only.as_str(), |directory| directory.name_of(&only));
        notes.push(format!("“产品经理”填的是通讯录中唯一的产品经理{name}，请核对"));
        found.push(only);
    }
    if found.is_empty() {
        notes.push("没有找到“产品经理”，请填写上线功能对应的产品经理".to_owned());
    }
    found
}

/// Whom the form names, else the testers of the team, else the only one there is.
pub(super) fn testers(draft: &Draft<'_>, managers: &[UserId], notes: &mut Vec<String>) -> Vec<UserId> {
    if !draft.wishes.tester.is_empty() {
        return draft.wishes.tester.clone();
    }
    let team = draft
        .directory()
        .and_then(|directory| directory.team_of(draft.applicant));
    let of_team: Vec<UserId> = others(draft, Role::Tester)
        .filter(|user| team.is_some_and(|team| team.members.contains(user) || team.test_leads.contains(user)))
        .filter(|user| !managers.contains(user))
        .cloned()
        .collect();
    if !of_team.is_empty() {
        return of_team;
    }
    match only_holder(draft, Role::Tester) {
        Some(only) if !managers.contains(&only) => vec![only],
        Some(_) | None => {
            notes.push("没有找到“测试同事”，请填写上线功能对应的测试同事".to_owned());
            Vec::new()
        }
    }
}

/// The product manager who moved an issue: JIRA's login name is the firm's user id, else the name shown is theirs alone.
fn mover(draft: &Draft<'_>, change: &StatusChange) -> Option<UserId> {
    let directory: &Directory = draft.directory()?;
    let by_login = directory
        .holders(Role::ProductManager)
        .find(|user| user.as_str().eq_ignore_ascii_case(change.by.trim()));
    let mut named = directory
        .holders(Role::ProductManager)
        .filter(|user| !change.by_name.is_empty() && directory.name_of(user) == change.by_name.trim());
    let by_name = match (named.next(), named.next()) {
        (Some(only), None) => Some(only),
        (Some(_), Some(_)) | (None, _) => None,
    };
    by_login
        .or(by_name)
        .filter(|user| *user != draft.applicant)
        .cloned()
}

fn others<'a>(draft: &'a Draft<'_>, role: Role) -> impl Iterator<Item = &'a UserId> {
    draft
        .directory()
        .into_iter()
        .flat_map(move |directory| directory.holders(role))
        .filter(|user| *user != draft.applicant)
}

fn only_holder(draft: &Draft<'_>, role: Role) -> Option<UserId> {
    let mut holders = others(draft, role);
    match (holders.next(), holders.next()) {
        (Some(only), None) => Some(only.clone()),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

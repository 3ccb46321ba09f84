//! 标题 after the policy's pattern (clause 六.4).

use super::Draft;
use super::items::Item;
use crate::policy::Slot;
use crate::reading::TitleReading;

/// Names of features that are joined in a title, in characters; more are 等.
const LONGEST: usize = 24;
/// Stands for a system that nobody knows while a feature is tried.
const ANY_SYSTEM: &str = "行情";

pub(super) fn of(draft: &Draft<'_>, items: &[Item<'_>], notes: &mut Vec<String>) -> String {
    let system = system(draft, items, notes);
    let names: Vec<&str> = items.iter().filter_map(Item::name).collect();
    let pattern = draft.policy.title();
    let filled = |feature: &str| {
        let title = pattern.fill(system.as_deref().unwrap_or(ANY_SYSTEM), feature);
        matches!(TitleReading::of(&title, pattern), TitleReading::Right(_))
    };
    let feature = features(&names).into_iter().find(|feature| filled(feature));
    if feature.is_none() {
        notes.push("“标题”的功能名没有找到，请补全".to_owned());
    }
    let blank = |slot: Slot| format!("【待填写：{}】", slot.name());
    pattern.fill(
        &system.unwrap_or_else(|| blank(Slot::System)),
        &feature.unwrap_or_else(|| blank(Slot::Feature)),
    )
}

/// The features as a title could name them, the best first.
fn features(names: &[&str]) -> Vec<String> {
    let joined = names.join("、");
    match names {
        [] => Vec::new(),
        [one] => vec![(*one).to_owned()],
        [first, ..] if joined.chars().count() <= LONGEST => vec![joined, format!("{first}等")],
        [first, ..] => vec![format!("{first}等")],
    }
}

/// The component that most issues have, else the team's name.
fn system(draft: &Draft<'_>, items: &[Item<'_>], notes: &mut Vec<String>) -> Option<String> {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for component in items
        .iter()
        .filter_map(|item| item.issue)
        .filter_map(|issue| issue.components.iter().find_map(|name| plain(name, "系统")))
    {
        match counted.iter_mut().find(|(name, _)| *name == component) {
            Some((_, count)) => *count += 1,
            None => counted.push((component, 1)),
        }
    }
    let names: Vec<&str> = counted.iter().map(|(name, _)| name.as_str()).collect();
    if names.len() > 1 {
        notes.push(format!(
            "各 JIRA 单涉及多个系统（{}），请核对“标题”中的系统名",
            names.join("、")
        ));
    }
    // Of equals the first.
    let most = counted.iter().map(|(_, count)| *count).max();
    if let Some((name, _)) = counted.iter().find(|(_, count)| Some(*count) == most) {
        return Some(name.clone());
    }
    let team = draft
        .directory()
        .and_then(|directory| directory.team_of(draft.applicant));
    let name = team.and_then(|team| plain(&team.name, "组"));
    match &name {
        Some(name) => notes.push(format!(
            "JIRA 单没有填写模块，系统名按小组取“{name}”，请核对“标题”"
        )),
        None => notes.push("“标题”的系统名没有找到，请补全".to_owned()),
    }
    name
}

fn plain(name: &str, ending: &str) -> Option<String> {
    let name = name.trim();
    let name = name.strip_suffix(ending).unwrap_or(name).trim();
    let short = name.chars().count() <= LONGEST;
    (short && name.chars().any(char::is_alphanumeric)).then(|| name.to_owned())
}

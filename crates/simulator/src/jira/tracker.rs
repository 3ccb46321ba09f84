//! Everything that the simulated JIRA holds, and what can be done to it. Each change is told to the web hooks.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::UnboundedSender;

use super::hooks::{Happened, JiraHookDelivery, JiraWebHook, Told};
use super::issue::{IssueChange, IssueLink, IssueRefusal, JiraIssue, NewIssue};

/// The states of the firm's flow, in its order.
pub(crate) const STATES: [&str; 7] = [
    "待开发",
    "开发中",
    "SIT 测试",
    "UAT 验收",
    "待上线",
    "已上线",
    "已关闭",
];

/// The projects and their names.
pub(crate) const PROJECTS: [(&str, &str); 4] = [
    ("QUOTE", "行情系统"),
    ("TRADE", "交易系统"),
    ("ACCOUNT", "账户系统"),
    ("MID", "中台"),
];

/// The kinds of links: name, as read from the other end, as read from this one.
pub(crate) const LINKS: [(&str, &str, &str); 6] = [
    ("Blocks", "is blocked by", "blocks"),
    ("Dependency", "is depended on by", "depends on"),
    ("Relates", "relates to", "relates to"),
    ("Duplicate", "is duplicated by", "duplicates"),
    ("Cloners", "is cloned by", "clones"),
    ("耦合", "耦合", "耦合"),
];

/// Everything in the simulated JIRA.
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    issues: BTreeMap<(String, u64), JiraIssue>,
    /// The keys that issues had before, and the ones they have now.
    moved: BTreeMap<String, String>,
    /// States beside those of the flow.
    more_states: Vec<String>,
    pub(super) hooks: Vec<JiraWebHook>,
    pub(super) deliveries: Vec<JiraHookDelivery>,
    pub(super) post: Option<UnboundedSender<Told>>,
}

impl Tracker {
    pub(crate) fn create(&mut self, new: NewIssue, now: DateTime<Utc>) -> Result<String, IssueRefusal> {
        let place = free_place(&new.key)?;
        let status = if new.status.is_empty() {
            STATES[0].to_owned()
        } else {
            self.state(&new.status)?
        };
        for link in &new.links {
            known_link(&link.kind)?;
        }
        let key = format!("{}-{}", place.0, place.1);
        if self.issues.contains_key(&place) {
            return Err(IssueRefusal::Taken(key));
        }
        let reporter = new.assignee.clone().unwrap_or_default();
        let issue = JiraIssue {
            key: key.clone(),
            summary: new.summary,
            status,
            issue_type: if new.issue_type.is_empty() {
                "需求".to_owned()
            } else {
                new.issue_type
            },
            assignee: new.assignee,
            components: new.components,
            labels: new.labels,
            links: new.links,
            hidden: false,
            created: now,
            updated: now,
            history: Vec::new(),
        };
        self.issues.insert(place, issue);
        self.tell(&key, Happened::Created, &reporter, now, Vec::new());
        Ok(key)
    }

    /// Moves an issue to a state; one that is there already stays untouched. The change log is kept in the order of
    /// time, so that a move can be entered that happened before others.
    pub(crate) fn move_to(
        &mut self,
        key: &str,
        status: &str,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), IssueRefusal> {
        let status = self.state(status)?;
        let issue = self.issue_mut(key)?;
        if issue.status == status {
            return Ok(());
        }
        let from = std::mem::replace(&mut issue.status, status.clone());
        self.log(key, "status", &from, &status, by, at)
    }

    /// Sets the components of an issue.
    pub(crate) fn set_components(
        &mut self,
        key: &str,
        components: Vec<String>,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), IssueRefusal> {
        let issue = self.issue_mut(key)?;
        let to = components.join(", ");
        let from = std::mem::replace(&mut issue.components, components).join(", ");
        self.log(key, "Component", &from, &to, by, at)
    }

    /// Links an issue to another, which need not exist.
    pub(crate) fn link(
        &mut self,
        key: &str,
        link: IssueLink,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), IssueRefusal> {
        known_link(&link.kind)?;
        let words = format!("This issue {} {}", link.kind, link.key);
        self.issue_mut(key)?.links.push(link);
        self.log(key, "Link", "", &words, by, at)
    }

    /// Puts entries without any meaning into a change log: a long life in a few words. Nobody is told.
    pub(crate) fn fill_log(
        &mut self,
        key: &str,
        entries: usize,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), IssueRefusal> {
        let issue = self.issue_mut(key)?;
        issue.history.extend((0..entries).map(|number| IssueChange {
            at,
            by: by.to_owned(),
            field: "description".to_owned(),
            from: format!("第 {number} 稿"),
            to: format!("第 {} 稿", number + 1),
        }));
        issue.history.sort_by_key(|change| change.at);
        Ok(())
    }

    /// Hides an issue from those who look, or shows it again.
    pub(crate) fn hide(&mut self, key: &str, hidden: bool) -> Result<(), IssueRefusal> {
        self.issue_mut(key)?.hidden = hidden;
        Ok(())
    }

    /// Deletes an issue.
    pub(crate) fn delete(&mut self, key: &str, by: &str, at: DateTime<Utc>) -> Result<(), IssueRefusal> {
        let key = self.issue_mut(key)?.key.clone();
        self.tell(&key, Happened::Deleted, by, at, Vec::new());
        if let Some(place) = place(&key) {
            self.issues.remove(&place);
        }
        Ok(())
    }

    /// Gives an issue another key, as a move to another project does; the old one leads to it from then on.
    pub(crate) fn rename(
        &mut self,
        key: &str,
        to: &str,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), IssueRefusal> {
        let new = free_place(to)?;
        let to = format!("{}-{}", new.0, new.1);
        let from = self.issue_mut(key)?.key.clone();
        if self.issues.contains_key(&new) {
            return Err(IssueRefusal::Taken(to));
        }
        let moved = place(&from).and_then(|place| self.issues.remove(&place));
        let mut issue = moved.ok_or_else(|| IssueRefusal::NoSuchIssue(from.clone()))?;
        issue.key.clone_from(&to);
        self.issues.insert(new, issue);
        for now in self.moved.values_mut().filter(|now| **now == from) {
            now.clone_from(&to);
        }
        self.moved.insert(from.clone(), to.clone());
        self.log(&to, "Key", &from, &to, by, at)
    }

    /// Adds a state beside those of the flow.
    pub(crate) fn add_state(&mut self, name: &str) {
        if self.states().all(|state| state != name) {
            self.more_states.push(name.to_owned());
        }
    }

    /// The names of all states.
    pub(crate) fn states(&self) -> impl Iterator<Item = &str> {
        let more = self.more_states.iter().map(String::as_str);
        STATES.into_iter().chain(more)
    }

    /// An issue by its key, or by one that it had, hidden or not.
    pub(crate) fn find(&self, key: &str) -> Option<&JiraIssue> {
        let (project, number) = place(key)?;
        let found = self.issues.get(&(project.clone(), number));
        found.or_else(|| {
            let now = self.moved.get(&format!("{project}-{number}"))?;
            self.issues.get(&place(now)?)
        })
    }

    /// The same, if it may be seen.
    pub(crate) fn visible(&self, key: &str) -> Option<&JiraIssue> {
        self.find(key).filter(|issue| !issue.hidden)
    }

    /// By project, then by number; hidden ones too.
    pub(crate) fn issues(&self) -> impl Iterator<Item = &JiraIssue> {
        self.issues.values()
    }

    fn issue_mut(&mut self, key: &str) -> Result<&mut JiraIssue, IssueRefusal> {
        let now = self.find(key).and_then(|issue| place(&issue.key));
        now.and_then(|place| self.issues.get_mut(&place))
            .ok_or_else(|| IssueRefusal::NoSuchIssue(key.to_owned()))
    }

    fn state(&self, name: &str) -> Result<String, IssueRefusal> {
        self.states()
            .find(|state| state.eq_ignore_ascii_case(name))
            .map(str::to_owned)
            .ok_or_else(|| IssueRefusal::NoSuchStatus(name.to_owned()))
    }

    /// Enters a change into an issue's log, and tells of it.
    fn log(
        &mut self,
        key: &str,
        field: &str,
        from: &str,
        to: &str,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), IssueRefusal> {
        let change = IssueChange {
            at,
            by: by.to_owned(),
            field: field.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        };
        let issue = self.issue_mut(key)?;
        issue.updated = issue.updated.max(at);
        issue.history.push(change.clone());
        issue.history.sort_by_key(|change| change.at);
        self.tell(key, Happened::Updated, by, at, vec![change]);
        Ok(())
    }
}

fn free_place(key: &str) -> Result<(String, u64), IssueRefusal> {
    place(key)
        .filter(|(project, _)| PROJECTS.iter().any(|(key, _)| key == project))
        .ok_or_else(|| IssueRefusal::BadKey(key.to_owned()))
}

/// The project and the number of a key.
fn place(key: &str) -> Option<(String, u64)> {
    let (project, number) = key.rsplit_once('-')?;
    Some((project.to_ascii_uppercase(), number.parse().ok()?))
}

fn known_link(kind: &str) -> Result<(), IssueRefusal> {
    let known = LINKS.iter().any(|(name, _, _)| *name == kind);
    known
        .then_some(())
        .ok_or_else(|| IssueRefusal::NoSuchLink(kind.to_owned()))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_492_800, 0).unwrap()
    }

    #[test]
    fn moves_are_logged_and_refusals_change_nothing() {
        let mut tracker = Tracker::default();
        let key = tracker.create(NewIssue::new("trade-1", "一"), noon()).unwrap();
        tracker.move_to(&key, "uat 验收", "linfeng", noon()).unwrap();
        tracker.move_to(&key, "UAT 验收", "linfeng", noon()).unwrap();
        assert_eq!(tracker.find("TRADE-1").unwrap().history.len(), 1);
        assert_eq!(
            tracker.move_to(&key, "飞行中", "x", noon()),
            Err(IssueRefusal::NoSuchStatus("飞行中".to_owned()))
        );
        assert_eq!(
            tracker.create(NewIssue::new("TRADE-1", "二"), noon()),
            Err(IssueRefusal::Taken("TRADE-1".to_owned()))
        );
        assert_eq!(
            tracker.create(NewIssue::new("NOPE-1", "二"), noon()),
            Err(IssueRefusal::BadKey("NOPE-1".to_owned()))
        );
    }

    #[test]
    fn a_moved_issue_is_found_under_its_old_keys() {
        let mut tracker = Tracker::default();
        tracker.create(NewIssue::new("TRADE-1", "一"), noon()).unwrap();
        tracker.rename("TRADE-1", "MID-9", "linfeng", noon()).unwrap();
        tracker.rename("trade-1", "QUOTE-9", "linfeng", noon()).unwrap();
        for key in ["TRADE-1", "MID-9", "QUOTE-9"] {
            assert_eq!(tracker.find(key).unwrap().key, "QUOTE-9", "{key}");
        }
        assert_eq!(tracker.issues().count(), 1);
    }

    #[test]
    fn a_move_can_be_entered_that_happened_before() {
        let mut tracker = Tracker::default();
        tracker.create(NewIssue::new("TRADE-1", "一"), noon()).unwrap();
        tracker.fill_log("TRADE-1", 250, "wulei", noon()).unwrap();
        let before = noon() - TimeDelta::days(1);
        tracker.move_to("TRADE-1", "待上线", "jira-bot", before).unwrap();
        let issue = tracker.find("TRADE-1").unwrap();
        assert_eq!((issue.history.len(), issue.history[0].at), (251, before));
        assert_eq!(issue.updated, noon());
    }
}

//! What people do in the simulated JIRA, from Rust.

use chrono::{DateTime, Utc};

use super::hooks::{JiraHookDelivery, JiraWebHook};
use super::issue::{IssueLink, IssueRefusal, JiraIssue, NewIssue};
use crate::simulator::Simulator;

impl Simulator {
    /// Creates an issue in the simulated JIRA. Answers its key.
    pub fn create_issue(&self, issue: NewIssue) -> Result<String, IssueRefusal> {
        let now = self.hub.now();
        self.hub.write(|world| world.jira.create(issue, now))
    }

    /// Moves an issue to a state now; its change log tells by whom, who need not be of the cast.
    pub fn move_issue(&self, key: &str, status: &str, by: &str) -> Result<(), IssueRefusal> {
        self.move_issue_at(key, status, by, self.hub.now())
    }

    /// The same at another time, which may be past.
    pub fn move_issue_at(
        &self,
        key: &str,
        status: &str,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), IssueRefusal> {
        self.hub.write(|world| world.jira.move_to(key, status, by, at))
    }

    /// An issue of the simulated JIRA as it is, hidden or not.
    pub fn issue(&self, key: &str) -> Option<JiraIssue> {
        self.hub.read(|world| world.jira.find(key).cloned())
    }

    /// Sets an issue's components.
    pub fn set_issue_components(&self, key: &str, components: &[&str], by: &str) -> Result<(), IssueRefusal> {
        let now = self.hub.now();
        let components = components.iter().map(|name| (*name).to_owned()).collect();
        self.hub
            .write(|world| world.jira.set_components(key, components, by, now))
    }

    /// Links an issue to another: `Blocks`, `Dependency`, `Relates`, `Duplicate`, `Cloners`, `耦合`.
    pub fn link_issue(&self, key: &str, kind: &str, other: &str, by: &str) -> Result<(), IssueRefusal> {
        let now = self.hub.now();
        let link = IssueLink {
            kind: kind.to_owned(),
            key: other.to_owned(),
        };
        self.hub.write(|world| world.jira.link(key, link, by, now))
    }

    /// Puts so many entries without meaning into an issue's change log, all of this moment.
    pub fn fill_issue_log(&self, key: &str, entries: usize, by: &str) -> Result<(), IssueRefusal> {
        let now = self.hub.now();
        self.hub.write(|world| world.jira.fill_log(key, entries, by, now))
    }

    /// Gives an issue another key, as a move to another project does; the old one still leads to it.
    pub fn rename_issue(&self, key: &str, to: &str, by: &str) -> Result<(), IssueRefusal> {
        let now = self.hub.now();
        self.hub.write(|world| world.jira.rename(key, to, by, now))
    }

    /// Hides an issue, as from a token that may not see it, or shows it again.
    pub fn hide_issue(&self, key: &str, hidden: bool) -> Result<(), IssueRefusal> {
        self.hub.write(|world| world.jira.hide(key, hidden))
    }

    /// Deletes an issue.
    pub fn delete_issue(&self, key: &str, by: &str) -> Result<(), IssueRefusal> {
        let now = self.hub.now();
        self.hub.write(|world| world.jira.delete(key, by, now))
    }

    /// Adds a state beside those of the flow, such as one in other words.
    pub fn add_issue_state(&self, name: &str) {
        self.hub.write(|world| world.jira.add_state(name));
    }

    /// Where the simulated JIRA tells of changes from now on; none: nowhere.
    pub fn set_jira_webhook(&self, url: Option<String>) {
        let headers = std::collections::BTreeMap::new();
        self.set_jira_webhooks(url.map(|url| JiraWebHook { url, headers }).into_iter().collect());
    }

    /// The same for several addresses, with headers.
    pub fn set_jira_webhooks(&self, hooks: Vec<JiraWebHook>) {
        self.hub.write(|world| world.jira.set_hooks(hooks));
    }

    /// The web hooks that the simulated JIRA has sent, oldest first.
    pub fn jira_hook_deliveries(&self) -> Vec<JiraHookDelivery> {
        self.hub.read(|world| world.jira.deliveries().to_vec())
    }
}

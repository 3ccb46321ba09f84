//! Before filing: a form proposed from JIRA issues, and the chain that the regulation wants for it.
//!
//! A proposal claims nothing that nobody said: acceptance only where JIRA's change log shows it, the regression test
//! only where the person says it is done. What could not be found stays open, with a note that says so. Knows no JIRA,
//! no form and no clock.

mod accepted;
mod chain;
mod items;
mod keys;
mod people;
mod start;
mod title;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

pub use self::chain::{ChainGap, ChainStep, wanted_chain};
pub use self::keys::issue_keys;
use crate::facts::{Directory, IssueFact};
use crate::policy::Policy;
use crate::reading::Urgency;
use crate::submission::UserId;

/// What the person says beside the issues' keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Whether the regression test of all issues is done (clause 三.2): nothing but a person can say so.
    pub regression_done: bool,
    /// The product managers that the form names already.
    pub product_manager: Vec<UserId>,
    /// The testers that the form names already.
    pub tester: Vec<UserId>,
}

/// A form as it could be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// 标题, after the policy's pattern; what nobody knows is marked as 【待填写：…】.
    pub title: String,
    /// 紧急程度: always 正常, an emergency is for the person to declare.
    pub urgency: Urgency,
    /// 升级功能描述: one item for each issue, in the regulation's words (clause 六.5).
    pub description: String,
    /// 产品经理; empty where nobody is known.
    pub product_manager: Vec<UserId>,
    /// 测试同事; empty where nobody is known.
    pub tester: Vec<UserId>,
    /// The next start in a change window for which a 正常 flow can be filed in time; none: no window is in sight.
    pub planned: Option<DateTime<Utc>>,
    /// What could not be found or was assumed, and what to do about it, in Chinese.
    pub notes: Vec<String>,
}

/// What every part of a proposal looks at.
struct Draft<'a> {
    issues: &'a BTreeMap<String, IssueFact>,
    wishes: &'a Wishes,
    applicant: &'a UserId,
    browse: &'a str,
    now: DateTime<Utc>,
    policy: &'a Policy,
}

impl Draft<'_> {
    fn directory(&self) -> Option<&Directory> {
        self.policy.directory().map(AsRef::as_ref)
    }
}

/// Proposes a form for the issues of these keys. `browse` is what the address of an issue's page begins with, such as
/// `http://jira.yxzq.com/browse/`; an address that the policy does not take for JIRA's is replaced by its own. An issue
/// that is not in `issues` counts as not asked for.
pub fn propose(
    keys: &[String],
    issues: &BTreeMap<String, IssueFact>,
    wishes: &Wishes,
    applicant: &UserId,
    browse: &str,
    now: DateTime<Utc>,
    policy: &Policy,
) -> Proposal {
    let draft = Draft {
        issues,
        wishes,
        applicant,
        browse,
        now,
        policy,
    };
    let mut notes = Vec::new();
    let items = items::of(&draft, keys, &mut notes);
    let product_manager = people::product_managers(&draft, &items, &mut notes);
    let tester = people::testers(&draft, &product_manager, &mut notes);
    Proposal {
        title: title::of(&draft, &items, &mut notes),
        urgency: Urgency::Normal,
        description: items::description(&draft, &items),
        planned: start::of(&draft, &items, &mut notes),
        product_manager,
        tester,
        notes,
    }
}

#[cfg(test)]
mod tests;

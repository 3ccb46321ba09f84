//! Deployments as jobs report them.

use changegate_policy::UserId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a deployment job reports of one deployment. Whoever takes it from outside bounds its texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// Its number, by which reports of the same deployment are known; unique within the change.
    pub id: String,
    /// How far it is.
    pub state: DeploymentState,
    /// Where to, such as `prod`.
    pub environment: String,
    /// What was deployed.
    pub images: Vec<String>,
    /// Who or which job did it.
    pub by: String,
    /// When, as the job says.
    pub at: DateTime<Utc>,
    /// What else the job says.
    pub note: String,
    /// Whether the gate would have let it through at that time.
    pub allowed: bool,
    /// Why not, a reason each.
    pub why_not: Vec<String>,
}

/// How far a deployment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeploymentState {
    /// It began.
    Started,
    /// It is out.
    Succeeded,
    /// It failed.
    Failed,
    /// What ran before runs again.
    RolledBack,
}

/// A report that was taken in, as it is remembered: the same one again means nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// The deployment's number.
    pub id: String,
    /// What was reported of it.
    pub state: DeploymentState,
    /// Whether the gate let it through.
    pub allowed: bool,
}

impl DeploymentState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::Started, Self::Succeeded, Self::Failed, Self::RolledBack];

    /// The word for it in the API and in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::RolledBack => "rolled_back",
        }
    }

    /// The state of a word; none where there is no such state.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.word() == word)
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Started => "开始发布",
            Self::Succeeded => "发布成功",
            Self::Failed => "发布失败",
            Self::RolledBack => "已回退",
        }
    }
}

impl Deployment {
    /// Who did it, as whoever else does something to a change: a job has no user id of its own.
    pub fn actor(&self) -> UserId {
        UserId::new(&self.by)
    }
}

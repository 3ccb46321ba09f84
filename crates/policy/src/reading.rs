//! What is read from the form once, for all rules.

mod concern;
mod title;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub(crate) use self::concern::{Concern, Mention};
pub(crate) use self::title::{TitleReading, Wrong};
use crate::description::Description;
use crate::policy::Policy;
use crate::submission::{PlannedTime, Submission};
use crate::text;
use crate::verdict::{ChangeSummary, ItemSummary, WindowSummary};

/// 紧急程度.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// 正常.
    Normal,
    /// 紧急.
    Emergency,
}

impl Urgency {
    /// The urgency that the form names, and nothing that only contains it.
    fn of(entered: &str) -> Option<Self> {
        match &*squeeze(entered) {
            "正常" => Some(Self::Normal),
            "紧急" => Some(Self::Emergency),
            _ => None,
        }
    }
}

/// What all rules read of one submission.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) urgency: Option<Urgency>,
    pub(crate) planned: Option<PlannedTime>,
    /// The day on which the flow was started.
    pub(crate) apply_day: NaiveDate,
    /// The day of the planned start, else that of filing.
    pub(crate) change_day: NaiveDate,
    pub(crate) title: TitleReading,
    pub(crate) description: Description,
    /// Whether the change concerns the middle platform.
    pub(crate) concern: Concern,
}

impl Reading {
    pub(crate) fn of(submission: &Submission, policy: &Policy) -> Self {
        let planned = submission.planned_time.value().copied();
        let apply_day = policy.day_of(submission.apply_time);
        let change_day = match planned {
            Some(PlannedTime::Instant(at) | PlannedTime::Range(at, _)) => policy.day_of(at),
            Some(PlannedTime::Day(day)) => day,
            None => apply_day,
        };
        Self {
            urgency: Urgency::of(submission.urgency.text()),
            planned,
            apply_day,
            change_day,
            title: TitleReading::of(submission.title.text(), policy.title()),
            description: Description::read(submission.description.text(), policy.jira_hosts()),
            concern: Concern::of(submission.title.text(), submission.description.text()),
        }
    }

    /// Whether every item is marked as a technical requirement.
    pub(crate) fn all_technical(&self) -> bool {
        self.description.all_technical()
    }

    /// The numbers of the items marked as technical requirements, from 1.
    pub(crate) fn technical_items(&self) -> Vec<u32> {
        (1..)
            .zip(self.description.items())
            .filter_map(|(number, item)| item.technical.then_some(number))
            .collect()
    }

    /// JIRA keys of all valid links, upper case, each once.
    pub(crate) fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = Vec::new();
        for key in self
            .description
            .items()
            .iter()
            .flat_map(crate::description::Item::keys)
        {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    /// What the verdict shows of the form.
    pub(crate) fn summary(&self, submission: &Submission, policy: &Policy) -> ChangeSummary {
        ChangeSummary {
            title: submission.title.text().to_owned(),
            urgency: self.urgency,
            change_day: Some(self.change_day),
            window: self.window(submission, policy),
            items: self.items(),
            system: self.title.system().map(str::to_owned),
            feature: self.title.feature().map(str::to_owned),
        }
    }

    fn items(&self) -> Vec<ItemSummary> {
        (1..)
            .zip(self.description.items())
            .map(|(number, item)| ItemSummary {
                number,
                feature: item.feature().to_owned(),
                jira: item.keys().map(str::to_owned).collect(),
            })
            .collect()
    }

    /// The window that the change falls in, else the next: from the planned start, from the planned day, or
    /// from the moment of filing.
    fn window(&self, submission: &Submission, policy: &Policy) -> Option<WindowSummary> {
        let from = match self.planned {
            Some(PlannedTime::Instant(at) | PlannedTime::Range(at, _)) => at,
            Some(PlannedTime::Day(day)) if day != self.apply_day => policy.start_of(day),
            Some(PlannedTime::Day(_)) | None => submission.apply_time,
        };
        let window = policy.windows().windows_from(from).next()?;
        Some(WindowSummary {
            opens: policy.local(window.opens),
            closes: policy.local(window.closes),
            season: window.season,
        })
    }
}

/// A text as it is compared: normalised, without any blank.
pub(crate) fn squeeze(entered: &str) -> String {
    text::normalise(entered)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

#[cfg(test)]
mod tests;

//! Where a change can stand, and what moves it from there: the whole machine in one function, [`Stage::after`].

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// Where a change stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Filed; no verdict yet.
    #[default]
    Submitted,
    /// Its approvers are signing.
    Approving,
    /// An approver sent it back (退回); it goes on when it is handed in again.
    Returned,
    /// Every approver signed; operations may carry it out.
    Approved,
    /// Operations are carrying it out.
    Executing,
    /// It is out; product manager, testers and configurers verify it (九).
    Verifying,
    /// Something is wrong; its developers look for a remedy (十.1).
    Anomaly,
    /// The rollback plan is being carried out (十.1).
    RollingBack,
    /// It is rolled back; whether the old function works is being confirmed (十.3).
    RolledBack,
    /// It is mended without a rollback; whether the function works is being confirmed.
    Fixed,
    /// Over, after it was executed; how is told by [`Ending`].
    Closed,
    /// Closed without execution: the applicant withdrew or deleted it.
    Withdrawn,
    /// Closed without execution: an approver declined it.
    Declined,
    /// Closed without execution: a newer flow for the same requirement passed (六.2).
    Superseded,
    /// Closed without execution: nobody carried it out for days after its change day.
    Expired,
}

/// How an executed change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Verified, nothing was wrong.
    Successful,
    /// Rolled back.
    RolledBack,
    /// Something was wrong and was mended without a rollback.
    FixedForward,
}

/// What moves a change from one stage to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The form is with its approvers.
    FormInProgress,
    /// The form was sent back.
    FormReturned,
    /// Every approver signed.
    FormApproved,
    /// An approver declined.
    FormDeclined,
    /// The applicant withdrew or deleted it, also after it passed.
    FormWithdrawn,
    /// A newer flow for the same requirement passed.
    NewerFlowPassed,
    /// Days passed without execution.
    TimeRanOut,
    /// Operations began.
    Started,
    /// Operations are done.
    Executed,
    /// Everybody who verifies has done so.
    Verified,
    /// Somebody reports that something is wrong.
    AnomalyReported,
    /// The rollback was ordered, or the time for a remedy ran out.
    RollbackOrdered,
    /// The rollback is carried out.
    RollbackDone,
    /// A remedy without rollback is in place.
    Remedied,
    /// The old function works again.
    Restored,
    /// It still does not work.
    StillBroken,
}

impl Stage {
    /// Every stage, in the order of a change's life.
    pub const ALL: &'static [Self] = &[
        Self::Submitted,
        Self::Approving,
        Self::Returned,
        Self::Approved,
        Self::Executing,
        Self::Verifying,
        Self::Anomaly,
        Self::RollingBack,
        Self::RolledBack,
        Self::Fixed,
        Self::Closed,
        Self::Withdrawn,
        Self::Declined,
        Self::Superseded,
        Self::Expired,
    ];

    /// The word for it in the API and in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Approving => "approving",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Executing => "executing",
            Self::Verifying => "verifying",
            Self::Anomaly => "anomaly",
            Self::RollingBack => "rolling_back",
            Self::RolledBack => "rolled_back",
            Self::Fixed => "fixed",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
            Self::Declined => "declined",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
        }
    }

    /// The stage of a word; none where there is no such stage.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.word() == word)
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "已提交",
            Self::Approving => "审批中",
            Self::Returned => "已退回",
            Self::Approved => "已通过",
            Self::Executing => "执行中",
            Self::Verifying => "验证中",
            Self::Anomaly => "异常处理中",
            Self::RollingBack => "回退中",
            Self::RolledBack => "已回退，待确认",
            Self::Fixed => "已修复，待确认",
            Self::Closed => "已结束",
            Self::Withdrawn => "已撤销",
            Self::Declined => "已驳回",
            Self::Superseded => "已被新流程替代",
            Self::Expired => "已过期",
        }
    }

    /// Whether it still takes its course.
    pub fn is_open(self) -> bool {
        !matches!(
            self,
            Self::Closed | Self::Withdrawn | Self::Declined | Self::Superseded | Self::Expired
        )
    }

    /// Whether approvers may still act on it.
    pub fn awaits_approvers(self) -> bool {
        matches!(self, Self::Submitted | Self::Approving | Self::Returned)
    }

    /// Whether nothing was carried out yet and it still may be.
    pub fn is_before_execution(self) -> bool {
        self.awaits_approvers() || self == Self::Approved
    }

    /// Whether it was begun, whatever came of it.
    pub fn is_begun(self) -> bool {
        matches!(
            self,
            Self::Executing
                | Self::Verifying
                | Self::Anomaly
                | Self::RollingBack
                | Self::RolledBack
                | Self::Fixed
                | Self::Closed
        )
    }

    /// The stage that a cause leads to from here; none where it means nothing here.
    ///
    /// What the form says counts until somebody begins to carry the change out; from then on people's reports do.
    /// A form that is over by WeCom's word can come back by WeCom's word, since each look is the whole truth.
    pub fn after(self, cause: Cause) -> Option<Self> {
        let next = match (self, cause) {
            (Self::Superseded | Self::Expired, Cause::FormWithdrawn) => Self::Withdrawn,
            (Self::Superseded | Self::Expired, Cause::FormDeclined) => Self::Declined,
            (from, cause) if from.follows_the_form() => match cause {
                Cause::FormInProgress => Self::Approving,
                Cause::FormReturned => Self::Returned,
                Cause::FormApproved => Self::Approved,
                Cause::FormDeclined => Self::Declined,
                Cause::FormWithdrawn => Self::Withdrawn,
                Cause::NewerFlowPassed if from.is_before_execution() => Self::Superseded,
                Cause::TimeRanOut if from.is_before_execution() => Self::Expired,
                Cause::Started if from == Self::Approved => Self::Executing,
                Cause::Executed if matches!(from, Self::Approving | Self::Approved) => Self::Verifying,
                _ => return None,
            },
            (Self::Executing, Cause::Executed) => Self::Verifying,
            (Self::Verifying, Cause::Verified) | (Self::Fixed | Self::RolledBack, Cause::Restored) => {
                Self::Closed
            }
            (
                Self::Executing | Self::Verifying | Self::Closed | Self::Fixed | Self::RolledBack,
                Cause::AnomalyReported,
            )
            | (Self::Fixed | Self::RolledBack, Cause::StillBroken) => Self::Anomaly,
            (Self::Anomaly, Cause::RollbackOrdered) => Self::RollingBack,
            (Self::Anomaly, Cause::Remedied) => Self::Fixed,
            (Self::RollingBack, Cause::RollbackDone) => Self::RolledBack,
            _ => return None,
        };
        (next != self).then_some(next)
    }

    fn follows_the_form(self) -> bool {
        self.is_before_execution() || matches!(self, Self::Withdrawn | Self::Declined)
    }
}

impl Ending {
    /// Every ending.
    pub const ALL: &'static [Self] = &[Self::Successful, Self::RolledBack, Self::FixedForward];

    /// The word for it in the API and in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Successful => "successful",
            Self::RolledBack => "rolled_back",
            Self::FixedForward => "fixed_forward",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Successful => "成功",
            Self::RolledBack => "已回退",
            Self::FixedForward => "修复后完成",
        }
    }
}

impl Cause {
    /// Every cause.
    pub const ALL: &'static [Self] = &[
        Self::FormInProgress,
        Self::FormReturned,
        Self::FormApproved,
        Self::FormDeclined,
        Self::FormWithdrawn,
        Self::NewerFlowPassed,
        Self::TimeRanOut,
        Self::Started,
        Self::Executed,
        Self::Verified,
        Self::AnomalyReported,
        Self::RollbackOrdered,
        Self::RollbackDone,
        Self::Remedied,
        Self::Restored,
        Self::StillBroken,
    ];

    /// What the diagram calls it.
    fn label(self) -> &'static str {
        match self {
            Self::FormInProgress => "form in progress",
            Self::FormReturned => "form returned",
            Self::FormApproved => "form approved",
            Self::FormDeclined => "form declined",
            Self::FormWithdrawn => "form withdrawn",
            Self::NewerFlowPassed => "newer flow passed",
            Self::TimeRanOut => "time ran out",
            Self::Started => "started",
            Self::Executed => "executed",
            Self::Verified => "verified",
            Self::AnomalyReported => "anomaly reported",
            Self::RollbackOrdered => "rollback ordered or time out",
            Self::RollbackDone => "rollback done",
            Self::Remedied => "remedied",
            Self::Restored => "restored",
            Self::StillBroken => "still broken",
        }
    }
}

/// The machine as a Mermaid state diagram, made from [`Stage::after`]: what ARCHITECTURE.md shows.
pub fn diagram() -> String {
    let mut text = String::from("stateDiagram-v2\n    [*] --> submitted\n");
    for from in Stage::ALL {
        let mut labels: Vec<(Stage, String)> = Vec::new();
        for cause in Cause::ALL {
            let Some(to) = from.after(*cause) else { continue };
            match labels.iter_mut().find(|(known, _)| *known == to) {
                Some((_, label)) => {
                    label.push_str(", ");
                    label.push_str(cause.label());
                }
                None => labels.push((to, cause.label().to_owned())),
            }
        }
        for (to, label) in labels {
            // writing to a String cannot fail
            writeln!(text, "    {} --> {}: {label}", from.word(), to.word()).unwrap_or_default();
        }
    }
    for over in Stage::ALL.iter().filter(|stage| !stage.is_open()) {
        writeln!(text, "    {} --> [*]", over.word()).unwrap_or_default();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_is_over_never_moves_on_to_execution() {
        for stage in Stage::ALL.iter().filter(|stage| !stage.is_open()) {
            assert_eq!(stage.after(Cause::Started), None, "{stage:?}");
            assert_eq!(stage.after(Cause::Executed), None, "{stage:?}");
        }
    }

    #[test]
    fn once_begun_the_form_decides_nothing_any_more() {
        let form = [
            Cause::FormInProgress,
            Cause::FormReturned,
            Cause::FormApproved,
            Cause::FormDeclined,
            Cause::FormWithdrawn,
            Cause::NewerFlowPassed,
            Cause::TimeRanOut,
        ];
        for stage in Stage::ALL.iter().filter(|stage| stage.is_begun()) {
            for cause in form {
                assert_eq!(stage.after(cause), None, "{stage:?} {cause:?}");
            }
        }
    }

    #[test]
    fn every_open_stage_can_be_left_and_every_stage_reached() {
        for stage in Stage::ALL.iter().filter(|stage| stage.is_open()) {
            assert!(
                Cause::ALL.iter().any(|cause| stage.after(*cause).is_some()),
                "{stage:?}"
            );
        }
        for stage in Stage::ALL.iter().filter(|stage| **stage != Stage::Submitted) {
            let reached = Stage::ALL
                .iter()
                .any(|from| Cause::ALL.iter().any(|cause| from.after(*cause) == Some(*stage)));
            assert!(reached, "{stage:?}");
        }
    }

    #[test]
    fn words_are_unique_and_lead_back() {
        for stage in Stage::ALL {
            assert_eq!(Stage::from_word(stage.word()), Some(*stage));
        }
    }
}

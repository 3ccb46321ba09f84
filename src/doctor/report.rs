//! The report: one line for each thing looked at, and below a fault the step that mends it.

use std::fmt;

/// How one thing stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// As it should be.
    Good {
        /// What was looked at.
        subject: String,
        /// How it stands.
        state: String,
    },
    /// Off, or not looked at; no fault.
    Off {
        /// What was looked at.
        subject: String,
        /// What that costs, or why it was not looked at.
        state: String,
    },
    /// Wrong.
    Bad {
        /// What was looked at.
        subject: String,
        /// What is wrong.
        state: String,
        /// What to do about it.
        step: String,
    },
}

impl Finding {
    pub(crate) fn good(subject: impl Into<String>, state: impl Into<String>) -> Self {
        Self::Good {
            subject: subject.into(),
            state: state.into(),
        }
    }

    pub(crate) fn off(subject: impl Into<String>, state: impl Into<String>) -> Self {
        Self::Off {
            subject: subject.into(),
            state: state.into(),
        }
    }

    pub(crate) fn bad(subject: impl Into<String>, state: impl Into<String>, step: impl Into<String>) -> Self {
        Self::Bad {
            subject: subject.into(),
            state: state.into(),
            step: step.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good { subject, state } => writeln!(f, "✓ {subject}：{state}"),
            Self::Off { subject, state } => writeln!(f, "– {subject}：{state}"),
            Self::Bad { subject, state, step } => writeln!(f, "✗ {subject}：{state}\n    修复：{step}"),
        }
    }
}

/// All findings, in the order in which they were made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report(pub(crate) Vec<Finding>);

impl Report {
    /// Whether anything is wrong.
    pub(crate) fn is_bad(&self) -> bool {
        self.0
            .iter()
            .any(|finding| matches!(finding, Finding::Bad { .. }))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|finding| finding.fmt(f))?;
        let bad = self
            .0
            .iter()
            .filter(|finding| matches!(finding, Finding::Bad { .. }))
            .count();
        if bad == 0 {
            writeln!(f, "\n一切正常")
        } else {
            writeln!(f, "\n有 {bad} 项需要修复")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_reads_line_by_line() {
        let report = Report(vec![
            Finding::good("数据库", "已连接"),
            Finding::off("邮件", "未启用"),
            Finding::bad("凭证", "Secret 不对（40001）", "换一个"),
        ]);
        assert!(report.is_bad());
        assert_eq!(
            report.to_string(),
            "✓ 数据库：已连接\n– 邮件：未启用\n✗ 凭证：Secret 不对（40001）\n    修复：换一个\n\n有 1 项需要修复\n"
        );
        assert!(!Report(vec![Finding::off("邮件", "未启用")]).is_bad());
    }
}

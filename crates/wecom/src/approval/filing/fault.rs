//! What is wrong with a filled-in template, in the words of whoever fills it in.

use std::fmt;

/// All that is wrong with a filled-in template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilingError {
    /// One by one, never empty.
    pub faults: Vec<FilingFault>,
}

impl fmt::Display for FilingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("；")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for FilingError {}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilingFault {
    /// The template has no such control.
    #[error("审批模板里没有“{title}”这个控件，请管理员核对模板")]
    NoControl {
        /// The title asked for.
        title: String,
    },
    /// The template has two of them.
    #[error("审批模板里有多个“{title}”控件，无法确定填哪一个，请管理员修改模板")]
    TwoControls {
        /// The title asked for.
        title: String,
    },
    /// The control takes something else.
    #[error("“{title}”是{kind}控件，不能填{given}")]
    WrongKind {
        /// The control's title.
        title: String,
        /// What it is.
        kind: String,
        /// What it was given.
        given: &'static str,
    },
    /// The selector has no such option.
    #[error("“{title}”没有“{option}”这个选项，可选：{options}")]
    NoOption {
        /// The control's title.
        title: String,
        /// The option asked for.
        option: String,
        /// The options that there are.
        options: String,
    },
    /// The control takes one only.
    #[error("“{title}”只能选一个，填了 {count} 个")]
    OneOnly {
        /// The control's title.
        title: String,
        /// How many it was given.
        count: usize,
    },
    /// A date that no calendar has.
    #[error("“{title}”的日期不是有效时间，请重新填写")]
    NoDate {
        /// The control's title.
        title: String,
    },
    /// Must be filled in and is not.
    #[error("“{title}”为必填，还没有填写")]
    Missing {
        /// The control's title.
        title: String,
    },
    /// Must be filled in, and changegate cannot fill in one of its kind.
    #[error("“{title}”为必填，但{kind}控件不能由变更闸代填，请在企业微信审批里手工发起")]
    CannotFill {
        /// The control's title.
        title: String,
        /// What it is.
        kind: String,
    },
    /// More files than WeCom takes on one form.
    #[error("附件共 {count} 个，企业微信每张审批单最多 {most} 个，请合并或减少附件")]
    TooManyFiles {
        /// How many.
        count: usize,
        /// How many WeCom takes.
        most: usize,
    },
}

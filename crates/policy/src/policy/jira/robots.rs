//! The accounts that are no people: what they move, nobody has looked at.

use crate::reading::squeeze;
use crate::text::{self, is_han};

/// Names of robots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::policy) struct Robots {
    pub(in crate::policy) written: Vec<String>,
    /// The words of each name.
    words: Vec<Vec<String>>,
}

impl Robots {
    pub(super) fn of(written: Vec<String>) -> Self {
        Self {
            words: written.iter().map(|name| words(name)).collect(),
            written,
        }
    }

    /// Whether an account's name is a robot's, or has a robot's name among its words: `jira-bot`, `Release Bot`,
    /// 上线机器人; not `abbott`, not 自动化测试张三.
    pub(super) fn include(&self, name: &str) -> bool {
        let whole = squeeze(name);
        let account = words(name);
        self.written.iter().any(|robot| squeeze(robot) == whole)
            || self.words.iter().any(|robot| {
                account
                    .windows(robot.len().max(1))
                    .any(|part| part.iter().zip(robot).all(|(word, robot)| is(word, robot)))
            })
    }
}

/// Whether a word is a robot's. Chinese has no blanks between words: there the robot stands at the end.
fn is(word: &str, robot: &str) -> bool {
    word == robot || (robot.chars().all(is_han) && word.ends_with(robot))
}

/// The words of a name: runs of Chinese characters, and runs of other letters and digits.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for c in text::normalise(name).chars() {
        let kind = c.is_alphanumeric().then(|| is_han(c));
        match (kind, words.last_mut()) {
            (Some(_), Some(word)) if kind == before => word.push(c),
            (Some(_), _) => words.push(c.to_string()),
            (None, _) => {}
        }
        before = kind;
    }
    words
}

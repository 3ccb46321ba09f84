//! What is wrong with a configuration, in words for the person who has to mend it.

use std::fmt;
use std::path::PathBuf;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A line of the configuration file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
    },
    /// An environment variable.
    Environment(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment(name) => write!(f, "环境变量 {name}"),
        }
    }
}

/// What kind of mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No such key; perhaps another was meant.
    Unknown {
        /// The nearest key that exists.
        meant: Option<&'static str>,
    },
    /// Nobody gave it, or only a blank.
    Missing {
        /// What it should be.
        expected: &'static str,
        /// The file that was read, if any.
        file: Option<PathBuf>,
    },
    /// Given, but not in the form it must have.
    Wrong {
        /// What it should be.
        expected: &'static str,
        /// What it is, told without giving a secret away.
        found: String,
    },
    /// The value and the file that holds it are both given.
    Both {
        /// Where the `_file` was given.
        other: Source,
    },
    /// A file that is named cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The configuration file is not TOML.
    Syntax {
        /// What the parser says.
        reason: String,
    },
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The key, levels joined by dots.
    pub key: String,
    /// Where it was given, if it was.
    pub source: Option<Source>,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, source, problem } = self;
        let at = source
            .as_ref()
            .map(|source| format!("（{source}）"))
            .unwrap_or_default();
        match problem {
            Problem::Unknown { meant: Some(meant) } => write!(f, "不认识 {key}{at}：是不是 {meant}？"),
            Problem::Unknown { meant: None } => write!(f, "不认识 {key}{at}：没有这个配置项，请删除"),
            Problem::Missing { expected, .. } if source.is_some() => {
                write!(f, "{key}{at}是空的：应为{expected}")
            }
            Problem::Missing { expected, file } => {
                write!(f, "缺少 {key}：应为{expected}；请写入")?;
                match file {
                    Some(path) => write!(f, " {}", path.display())?,
                    None => write!(
                        f,
                        "配置文件（现在没有：可用 --config 指定，或放在 ./changegate.toml）"
                    )?,
                }
                write!(f, "，或设环境变量 {}", variable(key))
            }
            Problem::Wrong { expected, found } => write!(f, "{key}{at}不对：应为{expected}；现为{found}"),
            Problem::Both { other } => {
                write!(f, "{key}{at}与 {key}_file（{other}）只能给一个：请删去其中之一")
            }
            Problem::Unreadable { path, reason } if key.is_empty() => {
                write!(f, "读不了配置文件 {}{at}：{reason}", path.display())
            }
            Problem::Unreadable { path, reason } => {
                write!(f, "{key}{at}指向的文件 {} 读不了：{reason}", path.display())
            }
            Problem::Syntax { reason } => write!(f, "配置文件{at}不是合法的 TOML：{reason}"),
        }
    }
}

impl std::error::Error for ConfigError {}

/// Every mistake that was found; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "配置有 {} 处错误", self.0.len())?;
        self.0.iter().try_for_each(|error| write!(f, "\n  - {error}"))
    }
}

impl std::error::Error for ConfigErrors {}

/// The variable that sets a key.
pub(super) fn variable(key: &str) -> String {
    format!(
        "{}{}",
        super::layers::PREFIX,
        key.replace('.', "__").to_uppercase()
    )
}

//! The two layers: the file and the environment, each flattened to dotted keys with their origin.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, ConfigErrors, Problem, Source};
use super::forms::Value;
use super::keys;

/// What every variable that sets a key begins with.
pub(super) const PREFIX: &str = "CHANGEGATE__";
/// The variable that names the file.
const FILE_VARIABLE: &str = "CHANGEGATE_CONFIG";
/// The file that is read when none is named.
const DEFAULT_FILE: &str = "changegate.toml";

/// A value and where it came from.
pub(super) struct Entry {
    pub(super) value: Value,
    pub(super) source: Source,
}

/// File and environment, read but not yet judged. Holds secrets, so it prints as nothing.
pub struct Layers {
    file: Option<PathBuf>,
    in_file: BTreeMap<String, Entry>,
    in_env: BTreeMap<String, Entry>,
    pub(super) unknown: Vec<ConfigError>,
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layers")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

impl Layers {
    /// Reads the file (see [`super::Config::load`]) and the environment. Fails where a file that is named
    /// cannot be read or is not TOML; everything else is judged when a part is asked for.
    pub fn gather<K, V>(
        path: Option<&Path>,
        env: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, ConfigErrors>
    where
        K: Into<OsString>,
        V: Into<OsString>,
    {
        let (in_env, named, mut errors) = from_environment(env);
        let mut layers = Self {
            file: None,
            in_file: BTreeMap::new(),
            in_env,
            unknown: Vec::new(),
        };
        match named_file(path, named) {
            Some((path, source)) => layers.read_file(path, source, &mut errors),
            None => layers.read_file_if_there(PathBuf::from(DEFAULT_FILE), &mut errors),
        }
        if !errors.is_empty() {
            return Err(ConfigErrors(errors));
        }
        layers.unknown = layers.unknown_keys();
        Ok(layers)
    }

    /// The configuration file that was read.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// What the environment says about a key, else what the file says. A blank counts as not given.
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        let given = |layer: &'_ BTreeMap<String, Entry>| layer.get(key).is_some_and(|e| !e.value.is_blank());
        if given(&self.in_env) {
            self.in_env.get(key)
        } else {
            self.in_file.get(key).filter(|_| given(&self.in_file))
        }
    }

    /// Where a key was given, though only with a blank.
    pub(super) fn blank(&self, key: &str) -> Option<&Source> {
        self.in_file
            .get(key)
            .or_else(|| self.in_env.get(key))
            .map(|entry| &entry.source)
    }

    fn read_file(&mut self, path: PathBuf, source: Option<Source>, errors: &mut Vec<ConfigError>) {
        match std::fs::read_to_string(&path) {
            Ok(text) => self.add_file(path, &text, errors),
            Err(error) => {
                let problem = Problem::Unreadable {
                    path,
                    reason: error.to_string(),
                };
                errors.push(ConfigError {
                    key: String::new(),
                    source,
                    problem,
                });
            }
        }
    }

    fn read_file_if_there(&mut self, path: PathBuf, errors: &mut Vec<ConfigError>) {
        if path.exists() {
            self.read_file(path, None, errors);
        }
    }

    fn add_file(&mut self, path: PathBuf, text: &str, errors: &mut Vec<ConfigError>) {
        let (table, mistakes) = DeTable::parse_recoverable(text);
        for mistake in mistakes {
            let line = mistake.span().map_or(1, |span| line_of(text, span.start));
            errors.push(ConfigError {
                key: String::new(),
                source: Some(Source::File {
                    path: path.clone(),
                    line,
                }),
                // Only the parser's own words: its excerpt of the line could hold a secret.
                problem: Problem::Syntax {
                    reason: mistake.message().to_owned(),
                },
            });
        }
        flatten(table.get_ref(), "", &mut |key, offset, value| {
            let source = Source::File {
                path: path.clone(),
                line: line_of(text, offset),
            };
            self.in_file.insert(key, Entry { value, source });
        });
        self.file = Some(path);
    }

    fn unknown_keys(&self) -> Vec<ConfigError> {
        self.in_file
            .iter()
            .chain(&self.in_env)
            .filter(|(key, _)| !keys::is_known(key))
            .map(|(key, entry)| ConfigError {
                key: key.clone(),
                source: Some(entry.source.clone()),
                problem: Problem::Unknown {
                    meant: keys::nearest(key),
                },
            })
            .collect()
    }
}

/// The path that a value names: from the file's folder if the file names it, else from the working directory.
pub(super) fn resolve(source: &Source, path: &str) -> PathBuf {
    match source {
        Source::File { path: file, .. } => file.parent().unwrap_or_else(|| Path::new("")).join(path),
        Source::Environment(_) => PathBuf::from(path),
    }
}

/// The file that someone named, the command line before the environment.
fn named_file(path: Option<&Path>, by_env: Option<PathBuf>) -> Option<(PathBuf, Option<Source>)> {
    let from_env = || by_env.map(|path| (path, Some(Source::Environment(FILE_VARIABLE.to_owned()))));
    path.map(|path| (path.to_owned(), None)).or_else(from_env)
}

type EnvironmentLayer = (BTreeMap<String, Entry>, Option<PathBuf>, Vec<ConfigError>);

fn from_environment<K, V>(env: impl IntoIterator<Item = (K, V)>) -> EnvironmentLayer
where
    K: Into<OsString>,
    V: Into<OsString>,
{
    let mut entries = BTreeMap::new();
    let mut file = None;
    let mut errors = Vec::new();
    for (name, value) in env {
        let (name, value) = (name.into(), value.into());
        let name = name.to_string_lossy();
        if name == FILE_VARIABLE && !value.is_empty() {
            file = Some(PathBuf::from(value));
            continue;
        }
        let Some(rest) = name.strip_prefix(PREFIX) else {
            continue;
        };
        let key = rest.to_lowercase().replace("__", ".");
        let source = Source::Environment(name.clone().into_owned());
        match value.into_string() {
            Ok(text) => {
                entries.insert(
                    key,
                    Entry {
                        value: Value::Raw(text),
                        source,
                    },
                );
            }
            Err(_) => errors.push(ConfigError {
                key,
                source: Some(source),
                problem: Problem::Wrong {
                    expected: " UTF-8 文字",
                    found: "别的编码".to_owned(),
                },
            }),
        }
    }
    (entries, file, errors)
}

fn flatten(table: &DeTable<'_>, above: &str, insert: &mut impl FnMut(String, usize, Value)) {
    for (key, value) in table {
        let name = if above.is_empty() {
            key.get_ref().to_string()
        } else {
            format!("{above}.{}", key.get_ref())
        };
        match value.get_ref() {
            DeValue::Table(inner) if !inner.is_empty() || above.is_empty() => flatten(inner, &name, insert),
            _ => insert(name, key.span().start, convert(value)),
        }
    }
}

fn convert(value: &Spanned<DeValue<'_>>) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("超出范围的整数"), Value::Integer),
        DeValue::Array(values) => Value::List(values.iter().map(convert).collect()),
        DeValue::Float(_) => Value::Other("小数"),
        DeValue::Datetime(_) => Value::Other("日期时间"),
        DeValue::Table(_) => Value::Other("一节"),
    }
}

/// A list as it stands in an environment variable.
pub(super) fn list_from_text(text: &str) -> Option<Vec<Value>> {
    let document = format!("list = {text}");
    let table = DeTable::parse(&document).ok()?;
    match convert(
        table
            .get_ref()
            .get("list")
            .filter(|_| table.get_ref().len() == 1)?,
    ) {
        Value::List(values) => Some(values),
        _ => None,
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

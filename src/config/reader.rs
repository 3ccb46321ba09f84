//! Takes keys out of the layers one by one, and remembers every mistake it meets.

use std::path::PathBuf;

use secrecy::SecretString;

use super::error::{ConfigError, ConfigErrors, Problem, Source};
use super::forms::{self, Value};
use super::keys;
use super::layers::{Entry, Layers, resolve};

/// One reading of the layers.
pub(super) struct Reader<'a> {
    layers: &'a Layers,
    errors: Vec<ConfigError>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(layers: &'a Layers) -> Self {
        Self {
            layers,
            errors: layers.unknown.clone(),
        }
    }

    /// What was read, unless anything was wrong.
    pub(super) fn finish<T>(self, value: Option<T>) -> Result<T, ConfigErrors> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(ConfigErrors(self.errors)),
        }
    }

    /// A key that need not be given.
    pub(super) fn optional<T>(&mut self, key: &str, form: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let entry = self.layers.get(key)?;
        let value = form(&entry.value);
        if value.is_none() {
            self.wrong(key, &entry.source, entry.value.describe(false));
        }
        value
    }

    /// A key that must be given.
    pub(super) fn required<T>(&mut self, key: &str, form: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        if self.layers.get(key).is_none() {
            self.missing(key);
        }
        self.optional(key, form)
    }

    /// A secret that need not be given; its content, or a file that holds it.
    pub(super) fn optional_secret(
        &mut self,
        key: &str,
        form: impl FnOnce(&Value) -> Option<String>,
    ) -> Option<SecretString> {
        let (source, value) = self.secret_value(key)?;
        let Some(text) = form(&value) else {
            self.wrong(key, &source, value.describe(true));
            return None;
        };
        Some(SecretString::from(text))
    }

    /// A secret that must be given.
    pub(super) fn required_secret(
        &mut self,
        key: &str,
        form: impl FnOnce(&Value) -> Option<String>,
    ) -> Option<SecretString> {
        if self.layers.get(key).is_none() && self.layers.get(&file_key(key)).is_none() {
            self.missing(key);
        }
        self.optional_secret(key, form)
    }

    /// A path to a file that must be there.
    pub(super) fn optional_file(&mut self, key: &str) -> Option<PathBuf> {
        let name = self.optional(key, forms::name)?;
        let source = self.layers.get(key).map(|entry| entry.source.clone())?;
        let path = resolve(&source, &name);
        let problem = match std::fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => return Some(path),
            Ok(_) => Problem::Unreadable {
                path,
                reason: "不是文件".to_owned(),
            },
            Err(error) => Problem::Unreadable {
                path,
                reason: error.to_string(),
            },
        };
        self.errors.push(ConfigError {
            key: key.to_owned(),
            source: Some(source),
            problem,
        });
        None
    }

    /// Says that a key is missing.
    pub(super) fn missing(&mut self, key: &str) {
        let source = self.layers.blank(key).cloned();
        let file = self.layers.file().map(ToOwned::to_owned);
        let problem = Problem::Missing {
            expected: expected(key),
            file,
        };
        self.errors.push(ConfigError {
            key: key.to_owned(),
            source,
            problem,
        });
    }

    /// The secret's value: from the environment before the file, and within one of them in one way only.
    fn secret_value(&mut self, key: &str) -> Option<(Source, Value)> {
        let layers = self.layers;
        let file_key = file_key(key);
        let entry = match (layers.get(key), layers.get(&file_key)) {
            (Some(direct), Some(by_file)) => match (&direct.source, &by_file.source) {
                (Source::Environment(_), Source::File { .. }) => direct,
                (Source::File { .. }, Source::Environment(_)) => {
                    return self.read_secret(&file_key, by_file);
                }
                _ => {
                    self.errors.push(ConfigError {
                        key: key.to_owned(),
                        source: Some(direct.source.clone()),
                        problem: Problem::Both {
                            other: by_file.source.clone(),
                        },
                    });
                    return None;
                }
            },
            (None, Some(by_file)) => return self.read_secret(&file_key, by_file),
            (direct, None) => direct?,
        };
        let value = match &entry.value {
            Value::Text(text) | Value::Raw(text) => Value::Text(text.clone()),
            _ => {
                self.wrong(key, &entry.source, entry.value.describe(true));
                return None;
            }
        };
        Some((entry.source.clone(), value))
    }

    fn read_secret(&mut self, file_key: &str, entry: &Entry) -> Option<(Source, Value)> {
        let Some(name) = forms::name(&entry.value) else {
            let problem = Problem::Wrong {
                expected: "文件的路径",
                found: entry.value.describe(false),
            };
            let source = Some(entry.source.clone());
            self.errors.push(ConfigError {
                key: file_key.to_owned(),
                source,
                problem,
            });
            return None;
        };
        let path = resolve(&entry.source, &name);
        match std::fs::read_to_string(&path) {
            Ok(content) => {
                let content = content.strip_suffix('\n').unwrap_or(&content);
                let content = content.strip_suffix('\r').unwrap_or(content);
                Some((entry.source.clone(), Value::Text(content.to_owned())))
            }
            Err(error) => {
                let problem = Problem::Unreadable {
                    path,
                    reason: error.to_string(),
                };
                let source = Some(entry.source.clone());
                self.errors.push(ConfigError {
                    key: file_key.to_owned(),
                    source,
                    problem,
                });
                None
            }
        }
    }

    fn wrong(&mut self, key: &str, source: &Source, found: String) {
        let problem = Problem::Wrong {
            expected: expected(key),
            found,
        };
        self.errors.push(ConfigError {
            key: key.to_owned(),
            source: Some(source.clone()),
            problem,
        });
    }
}

fn file_key(key: &str) -> String {
    format!("{key}_file")
}

fn expected(key: &str) -> &'static str {
    keys::find(key).map_or("别的形式", |key| key.expected)
}

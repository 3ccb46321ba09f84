//! Words in columns: known ones as enums, others cut to their column.

use crate::StoreError;

/// A closed set of words, with the way there and back.
macro_rules! words {
    ($type:ty { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// The stored word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value of a stored word; one that is not known is an error that says where it stands.
            pub(crate) fn read(
                word: String,
                table: &'static str,
                column: &'static str,
                key: impl std::fmt::Display,
            ) -> Result<Self, crate::StoreError> {
                match word.as_str() {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(crate::StoreError::UnknownValue { table, column, key: key.to_string(), value: word }),
                }
            }
        }
    };
}
pub(crate) use words;

/// The longest text of an error that is kept.
const ERROR_CHARS: usize = 2_000;

/// `text` as all three databases take it: PostgreSQL has no NUL in text.
pub(crate) fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// `text`, cut to what a column of `chars` characters holds: for words that are shown and not looked up.
pub(crate) fn fit(text: &str, chars: usize) -> String {
    clean(text).chars().take(chars).collect()
}

/// The text of an error as it is kept.
pub(crate) fn error_text(text: &str) -> String {
    fit(text, ERROR_CHARS)
}

/// A key, which must not be cut: what is too long, or holds a NUL, is refused.
pub(crate) fn key(text: &str, column: &'static str, limit: usize) -> Result<String, StoreError> {
    if text.len() > limit || text.contains('\0') {
        return Err(StoreError::TooLong {
            column,
            limit,
            got: text.len(),
        });
    }
    Ok(text.to_owned())
}

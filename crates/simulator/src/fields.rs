//! Reading JSON of a request: what is missing or of another kind reads as empty, as WeCom does.

use serde_json::Value;

/// The text below a key, `""` where there is none.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

/// The whole number below a key, as a number or as its digits in a string.
pub(crate) fn number(value: &Value, key: &str) -> Option<i64> {
    let found = value.get(key)?;
    found.as_i64().or_else(|| found.as_str()?.trim().parse().ok())
}

/// The elements of the list below a key.
pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The texts of the list below a key.
pub(crate) fn texts(value: &Value, key: &str) -> Vec<String> {
    list(value, key)
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

//! The figures, with the lists behind them and the changes themselves, as one JSON object.

use serde_json::{Value, json};

use super::Export;

/// What of a change is for administrators only.
const PRIVATE: [&str; 5] = [
    "claim",
    "broke_regulation",
    "developers",
    "testers",
    "product_managers",
];

/// The object, indented, with a newline at its end.
pub(crate) fn write(export: &Export<'_>) -> Result<String, serde_json::Error> {
    let mut changes = Vec::new();
    for entry in export.changes() {
        let mut change = serde_json::to_value(entry)?;
        if let Value::Object(fields) = &mut change {
            fields.retain(|name, _| !PRIVATE.contains(&name.as_str()));
        }
        without_claims(&mut change);
        changes.push(change);
    }
    changes.sort_by_cached_key(|change| change.get("sp_no").map(ToString::to_string));
    let mut figures = serde_json::to_value(&export.figures)?;
    without_claims(&mut figures);
    let figures = json!({
        "figures": figures,
        "lowest_by_month": export.figures.lowest_by_month(),
        "changes": changes,
    });
    Ok(serde_json::to_string_pretty(&figures)? + "\n")
}

/// Takes the corrections of claims out of what lists corrections.
fn without_claims(listing: &mut Value) {
    if let Some(Value::Array(corrections)) = listing.get_mut("corrections") {
        corrections
            .retain(|correction| correction.get("what").and_then(Value::as_str) != Some("claim_withdrawn"));
    }
}

//! What an app sends to file a form: checked against the template, and kept as WeCom answers it afterwards, with
//! titles, names and the texts of options.

use serde_json::{Value, json};

use super::{CONTROLS, Related, URGENCIES, empty_value, padded, related_value, zh};
use crate::fields::{list, number, text};
use crate::hub::Hub;

/// Files on one form.
const FILES: usize = 6;

/// The controls as they are kept, or why WeCom refuses them.
pub(crate) fn accept(hub: &Hub, given: &[Value]) -> Result<Vec<Value>, String> {
    for (place, content) in given.iter().enumerate() {
        let id = text(content, "id");
        if given.iter().skip(place + 1).any(|other| text(other, "id") == id) {
            return Err(format!("{id} is given twice"));
        }
        let known = CONTROLS.iter().find(|(_, known, ..)| *known == id);
        if known.is_none_or(|(control, ..)| *control != text(content, "control")) {
            return Err(format!("{id} is no such control of the template"));
        }
    }
    CONTROLS
        .iter()
        .map(|(control, id, title, required)| {
            let content = given.iter().find(|content| text(content, "id") == *id);
            let value = content.and_then(|content| content.get("value"));
            let kept = match value {
                Some(value) => {
                    value_of(hub, control, value).map_err(|reason| format!("{title}: {reason}"))?
                }
                None => None,
            };
            if kept.is_none() && *required {
                return Err(format!("{title}: required"));
            }
            let value = padded(kept.unwrap_or_else(|| empty_value(control)));
            Ok(json!({"control": control, "id": id, "title": [zh(title)], "value": value}))
        })
        .collect()
}

/// A control's value as it is kept; none where it is empty.
fn value_of(hub: &Hub, control: &str, value: &Value) -> Result<Option<Value>, String> {
    match control {
        "Text" if text(value, "text").contains(['\r', '\n']) => Err("more than one line".to_owned()),
        "Text" | "Textarea" => {
            let said = text(value, "text");
            Ok((!said.is_empty()).then(|| json!({"text": said})))
        }
        "Selector" => option(value.get("selector").unwrap_or(&Value::Null)),
        "Contact" => members(hub, list(value, "members")),
        "File" => files(hub, list(value, "files")),
        "RelatedApproval" => related(hub, list(value, "related_approval")),
        _ => date(value.get("date").unwrap_or(value)),
    }
}

fn option(selector: &Value) -> Result<Option<Value>, String> {
    let chosen = list(selector, "options");
    if chosen.len() > 1 {
        return Err("one option only".to_owned());
    }
    let Some(key) = chosen.first().map(|option| text(option, "key")) else {
        return Ok(None);
    };
    let (key, name) = URGENCIES
        .iter()
        .find(|(known, _)| *known == key)
        .ok_or_else(|| format!("no option {key}"))?;
    let option = json!({"key": key, "value": [zh(name)]});
    Ok(Some(
        json!({"selector": {"type": "single", "options": [option], "exp_type": 0}}),
    ))
}

fn members(hub: &Hub, given: &[Value]) -> Result<Option<Value>, String> {
    let mut found = Vec::new();
    for member in given {
        let userid = text(member, "userid");
        let person = hub
            .employee(userid)
            .ok_or_else(|| format!("no member {userid}"))?;
        found.push(json!({"userid": person.userid, "name": person.name}));
    }
    Ok((!found.is_empty()).then(|| json!({"members": found})))
}

fn files(hub: &Hub, given: &[Value]) -> Result<Option<Value>, String> {
    if given.len() > FILES {
        return Err(format!("more than {FILES} files"));
    }
    let now = hub.now();
    let mut found = Vec::new();
    for file in given {
        let id = text(file, "file_id");
        let held = hub.read(|world| world.media.get(id).is_some_and(|media| media.expires > now));
        if !held {
            return Err(format!("no file {id}"));
        }
        found.push(json!({"file_id": id}));
    }
    Ok((!found.is_empty()).then(|| json!({"files": found})))
}

fn related(hub: &Hub, given: &[Value]) -> Result<Option<Value>, String> {
    let mut found = Vec::new();
    for form in given {
        let sp_no = text(form, "sp_no");
        let form = hub.read(|world| world.approvals.get(sp_no).cloned());
        let form = form.ok_or_else(|| format!("no form {sp_no}"))?;
        found.push(related_value(&Related::of(hub, &form)));
    }
    Ok((!found.is_empty()).then(|| json!({"related_approval": found})))
}

fn date(given: &Value) -> Result<Option<Value>, String> {
    if text(given, "s_timestamp").is_empty() && number(given, "s_timestamp").is_none() {
        return Ok(None);
    }
    let at = number(given, "s_timestamp").filter(|at| *at > 0);
    let at = at.ok_or_else(|| "no time".to_owned())?;
    Ok(Some(
        json!({"date": {"type": "hour", "s_timestamp": at.to_string()}}),
    ))
}

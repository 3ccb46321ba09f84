//! The app's menu: `menu/create` and `menu/get`.
//!
//! WeCom lists 40016 to 40027 for what is wrong with buttons, without saying which of them its apps answer today; the
//! client judges by the code alone, and all of them mean that this menu will never do.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Answer, Request};
use crate::error::ApiError;
use crate::fields::{list, text};
use crate::hub::Hub;

const BUTTONS: usize = 3;
const SUB_BUTTONS: usize = 5;

/// A button of the menu that does something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MenuItem {
    /// What it says.
    pub name: String,
    /// The button that unfolds it; empty in the first row.
    pub group: String,
    /// What it sends; empty where it opens a page.
    pub key: String,
    /// The page that it opens; empty where it sends something.
    pub url: String,
}

/// The buttons that do something, in order.
pub(crate) fn items(menu: Option<&Value>) -> Vec<MenuItem> {
    let item = |button: &Value, group: &str| MenuItem {
        name: text(button, "name").to_owned(),
        group: group.to_owned(),
        key: text(button, "key").to_owned(),
        url: text(button, "url").to_owned(),
    };
    let Some(menu) = menu else {
        return Vec::new();
    };
    let mut items = Vec::new();
    for button in list(menu, "button") {
        let below = list(button, "sub_button");
        if below.is_empty() {
            items.push(item(button, ""));
        }
        items.extend(below.iter().map(|under| item(under, text(button, "name"))));
    }
    items
}

pub(super) fn create(hub: &Hub, call: &Request) -> Answer {
    check_agent(hub, call)?;
    let menu = call.json()?;
    let buttons = list(menu, "button");
    if !(1..=BUTTONS).contains(&buttons.len()) {
        return Err(ApiError::new(40016, "invalid button size"));
    }
    for button in buttons {
        check_name(button, 16, 40018)?;
        let below = list(button, "sub_button");
        if below.is_empty() {
            check_action(button)?;
        }
        if below.len() > SUB_BUTTONS {
            return Err(ApiError::new(40023, "invalid sub button size"));
        }
        for under in below {
            check_name(under, 40, 40025)?;
            check_action(under)?;
            if !list(under, "sub_button").is_empty() {
                return Err(ApiError::new(40022, "invalid sub button level"));
            }
        }
    }
    let kept = json!({ "button": buttons });
    hub.write(|world| world.menu = Some(kept));
    Ok(json!({"errcode": 0, "errmsg": "ok"}))
}

pub(super) fn get(hub: &Hub, call: &Request) -> Answer {
    check_agent(hub, call)?;
    let menu = hub.read(|world| world.menu.clone());
    let mut menu = menu.ok_or_else(|| ApiError::new(46003, "menu no exist"))?;
    if let Some(fields) = menu.as_object_mut() {
        fields.extend([
            ("errcode".to_owned(), json!(0)),
            ("errmsg".to_owned(), json!("ok")),
        ]);
    }
    Ok(menu)
}

fn check_agent(hub: &Hub, call: &Request) -> Result<(), ApiError> {
    if call.param("agentid") == hub.settings.agent_id.to_string() {
        Ok(())
    } else {
        Err(ApiError::new(40056, "invalid agentid"))
    }
}

fn check_name(button: &Value, most: usize, code: i64) -> Result<(), ApiError> {
    let name = text(button, "name");
    if name.is_empty() || name.len() > most {
        return Err(ApiError::new(code, "invalid button name size"));
    }
    Ok(())
}

fn check_action(button: &Value) -> Result<(), ApiError> {
    match text(button, "type") {
        "click" if (1..=128).contains(&text(button, "key").len()) => Ok(()),
        "click" => Err(ApiError::new(40019, "invalid button key size")),
        "view" if text(button, "url").starts_with("http") && text(button, "url").len() <= 1024 => Ok(()),
        "view" => Err(ApiError::new(40020, "invalid button url size")),
        _ => Err(ApiError::new(40017, "invalid button type")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_that_unfold_others_are_left_out_of_the_list() {
        let menu = json!({"button": [
            {"type": "view", "name": "预检", "url": "https://gate.example/draft"},
            {"name": "更多", "sub_button": [{"type": "click", "name": "值班", "key": "duty"}]},
        ]});
        let found = items(Some(&menu));
        let names: Vec<(&str, &str)> = found
            .iter()
            .map(|item| (item.name.as_str(), item.group.as_str()))
            .collect();
        assert_eq!(names, [("预检", ""), ("值班", "更多")]);
        assert_eq!(items(None), []);
    }
}

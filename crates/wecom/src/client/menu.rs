//! The app's own menu, under its conversation in WeCom.
//!
//! From the official pages 90231 (`menu/create`) and 90232 (`menu/get`), as SDKs and tools quote them: one to three
//! buttons, each with one to five below it or with something that it does; 16 bytes for a name in the first row and 40
//! below it, 128 bytes for a key, 1024 for an address. Older pages allow 256 bytes for an address; which one holds is
//! not verified.

use serde::{Deserialize, Serialize};

use super::Client;
use super::http::{self, Target};
use crate::error::Error;
use crate::lenient;

const CREATE: &str = "menu/create";
const GET: &str = "menu/get";
/// WeCom's code for an app without a menu.
const NO_MENU: i64 = 46_003;

const BUTTONS: usize = 3;
const SUB_BUTTONS: usize = 5;
const NAME: usize = 16;
const SUB_NAME: usize = 40;
const KEY: usize = 128;
const URL: usize = 1024;

/// A button of the menu: one that opens a page (`view`), sends an event (`click`), or unfolds others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuButton {
    /// `view` or `click`; empty on one that unfolds others; others exist that changegate does not use.
    #[serde(
        default,
        rename = "type",
        deserialize_with = "lenient::text",
        skip_serializing_if = "String::is_empty"
    )]
    pub kind: String,
    /// What it says.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
    /// What a `click` sends.
    #[serde(
        default,
        deserialize_with = "lenient::text",
        skip_serializing_if = "String::is_empty"
    )]
    pub key: String,
    /// What a `view` opens.
    #[serde(
        default,
        deserialize_with = "lenient::text",
        skip_serializing_if = "String::is_empty"
    )]
    pub url: String,
    /// The buttons that it unfolds.
    #[serde(
        default,
        deserialize_with = "lenient::many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub sub_button: Vec<Self>,
}

impl MenuButton {
    /// One that opens a page.
    pub fn view(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            kind: "view".to_owned(),
            name: name.into(),
            url: url.into(),
            ..Self::default()
        }
    }

    /// One that sends an event with a key.
    pub fn click(name: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            kind: "click".to_owned(),
            name: name.into(),
            key: key.into(),
            ..Self::default()
        }
    }

    /// One that unfolds others.
    pub fn group(name: impl Into<String>, buttons: Vec<Self>) -> Self {
        Self {
            name: name.into(),
            sub_button: buttons,
            ..Self::default()
        }
    }
}

/// A menu within WeCom's limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Menu {
    button: Vec<MenuButton>,
}

/// Why WeCom would not take a menu.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MenuLimit {
    /// Too few or too many at the top.
    #[error("{0} buttons at the top, and 1 to {BUTTONS} are allowed")]
    Buttons(usize),
    /// Too few or too many below one.
    #[error("{count} buttons below {name}, and 1 to {SUB_BUTTONS} are allowed")]
    SubButtons {
        /// The button above them.
        name: String,
        /// How many.
        count: usize,
    },
    /// Folded twice.
    #[error("{0} unfolds others below another button, and two rows are allowed")]
    TooDeep(String),
    /// No name, or too long a one.
    #[error("the name {name:?} has {bytes} bytes, and 1 to {most} are allowed")]
    Name {
        /// The name.
        name: String,
        /// Its length.
        bytes: usize,
        /// The limit in its row.
        most: usize,
    },
    /// No key, or too long a one.
    #[error("{0} sends a key of no or more than {KEY} bytes")]
    Key(String),
    /// No address, or one that is no address, or too long a one.
    #[error("{0} opens no address that begins with http and has at most {URL} bytes")]
    Url(String),
    /// Neither opens nor sends nor unfolds anything.
    #[error("{0} is neither view nor click and has nothing below it")]
    Kind(String),
}

impl Menu {
    /// A menu of these buttons, if WeCom takes them.
    pub fn new(buttons: Vec<MenuButton>) -> Result<Self, MenuLimit> {
        if !(1..=BUTTONS).contains(&buttons.len()) {
            return Err(MenuLimit::Buttons(buttons.len()));
        }
        for button in &buttons {
            check_name(button, NAME)?;
            if button.kind.is_empty() {
                check_group(button)?;
            } else {
                check_action(button)?;
            }
        }
        Ok(Self { button: buttons })
    }

    /// Its buttons.
    pub fn buttons(&self) -> &[MenuButton] {
        &self.button
    }
}

fn check_group(button: &MenuButton) -> Result<(), MenuLimit> {
    let count = button.sub_button.len();
    if !(1..=SUB_BUTTONS).contains(&count) {
        return Err(MenuLimit::SubButtons {
            name: button.name.clone(),
            count,
        });
    }
    for below in &button.sub_button {
        check_name(below, SUB_NAME)?;
        if !below.sub_button.is_empty() {
            return Err(MenuLimit::TooDeep(below.name.clone()));
        }
        check_action(below)?;
    }
    Ok(())
}

fn check_name(button: &MenuButton, most: usize) -> Result<(), MenuLimit> {
    let bytes = button.name.len();
    if button.name.trim().is_empty() || bytes > most {
        return Err(MenuLimit::Name {
            name: button.name.clone(),
            bytes,
            most,
        });
    }
    Ok(())
}

fn check_action(button: &MenuButton) -> Result<(), MenuLimit> {
    let name = || button.name.clone();
    match button.kind.as_str() {
        "click" if (1..=KEY).contains(&button.key.len()) => Ok(()),
        "click" => Err(MenuLimit::Key(name())),
        "view" if button.url.len() <= URL && has_scheme(&button.url) => Ok(()),
        "view" => Err(MenuLimit::Url(name())),
        _ => Err(MenuLimit::Kind(name())),
    }
}

fn has_scheme(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

impl Client {
    /// Gives the app this menu, in place of the one that it has.
    pub async fn menu_create(&self, menu: &Menu) -> Result<(), Error> {
        #[derive(Deserialize)]
        struct Done {}
        let agent = self.agent_id().to_string();
        let body = serde_json::json!(menu).to_string();
        let target = Target {
            query: &[("agentid", agent.as_str())],
            body: Some(body.as_bytes()),
            ..Target::default()
        };
        let Done {} = http::decode(CREATE, &self.call(CREATE, target).await?.body)?;
        Ok(())
    }

    /// The buttons of the app's menu; none where it has no menu.
    pub async fn menu_get(&self) -> Result<Vec<MenuButton>, Error> {
        #[derive(Deserialize)]
        struct Reply {
            #[serde(default, deserialize_with = "lenient::many")]
            button: Vec<MenuButton>,
        }
        let agent = self.agent_id().to_string();
        let reply: Result<Reply, Error> = self.get(GET, &[("agentid", agent.as_str())]).await;
        match reply {
            Ok(reply) => Ok(reply.button),
            Err(error) if error.errcode() == Some(NO_MENU) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str) -> MenuButton {
        MenuButton::view(name, "https://gate.example/draft")
    }

    #[test]
    fn a_menu_is_what_the_page_shows() {
        let below = vec![page("填写前预检"), MenuButton::click("值班表", "duty")];
        let menu = Menu::new(vec![MenuButton::group("变更", below), page("预检")]).unwrap();
        assert_eq!(
            serde_json::json!(menu),
            serde_json::json!({"button": [
                {"name": "变更", "sub_button": [
                    {"type": "view", "name": "填写前预检", "url": "https://gate.example/draft"},
                    {"type": "click", "name": "值班表", "key": "duty"},
                ]},
                {"type": "view", "name": "预检", "url": "https://gate.example/draft"},
            ]})
        );
    }

    #[test]
    fn what_wecom_would_not_take_is_no_menu() {
        let refused = |buttons: Vec<MenuButton>| Menu::new(buttons).unwrap_err();
        assert_eq!(refused(vec![]), MenuLimit::Buttons(0));
        assert_eq!(refused(vec![page("a"); 4]), MenuLimit::Buttons(4));
        assert!(matches!(
            refused(vec![page("变更申请预检")]),
            MenuLimit::Name {
                bytes: 18,
                most: 16,
                ..
            }
        ));
        assert!(Menu::new(vec![MenuButton::group("变更", vec![page("变更申请预检")])]).is_ok());
        assert!(matches!(
            refused(vec![MenuButton::group("变更", vec![page("a"); 6])]),
            MenuLimit::SubButtons { count: 6, .. }
        ));
        let folded = MenuButton::group("b", vec![page("c")]);
        assert_eq!(
            refused(vec![MenuButton::group("a", vec![folded])]),
            MenuLimit::TooDeep("b".to_owned())
        );
        assert_eq!(
            refused(vec![MenuButton::click("a", "k".repeat(129))]),
            MenuLimit::Key("a".to_owned())
        );
        for url in [
            "javascript:alert(1)",
            "",
            &format!("https://{}", "a".repeat(1024)),
        ] {
            assert_eq!(
                refused(vec![MenuButton::view("a", url)]),
                MenuLimit::Url("a".to_owned())
            );
        }
    }
}

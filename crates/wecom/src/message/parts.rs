//! What template cards are made of; names as WeCom has them.

use serde::{Deserialize, Serialize};

/// Who speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// A picture of 72×72.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    /// A name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
    /// 0 grey, 1 black, 2 red, 3 green.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desc_color: Option<u8>,
}

/// The menu in a card's corner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActionMenu {
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
    /// One to three entries.
    pub action_list: Vec<MenuAction>,
}

/// An entry of a menu.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MenuAction {
    /// As shown.
    pub text: String,
    /// Comes back with the click.
    pub key: String,
}

/// Title and text of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MainTitle {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
}

/// A figure in large print.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Emphasis {
    /// The figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
}

/// A quotation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuoteArea {
    /// 0 nothing to open, 1 a link, 2 a mini program.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "type")]
    pub kind: Option<u8>,
    /// The link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The mini program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appid: Option<String>,
    /// Its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagepath: Option<String>,
    /// Above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote_text: Option<String>,
}

/// A row of key and value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HorizontalContent {
    /// 0 text, 1 link, 2 attachment, 3 member.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "type")]
    pub kind: Option<u8>,
    /// The key.
    pub keyname: String,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The attachment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_id: Option<String>,
    /// The member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userid: Option<String>,
}

/// A link under a card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Jump {
    /// 0 nothing to open, 1 a link, 2 a mini program.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "type")]
    pub kind: Option<u8>,
    /// As shown.
    pub title: String,
    /// The link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The mini program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appid: Option<String>,
    /// Its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagepath: Option<String>,
}

/// What a tap on a card opens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardAction {
    /// 0 nothing, 1 a link, 2 a mini program.
    #[serde(rename = "type")]
    pub kind: u8,
    /// The link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The mini program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appid: Option<String>,
    /// Its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagepath: Option<String>,
}

/// A picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardImage {
    /// Where it is.
    pub url: String,
    /// Width to height.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect_ratio: Option<AspectRatio>,
}

/// Width to height of a picture; WeCom takes it as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AspectRatio {
    /// 130 to 225.
    pub hundredths: u16,
}

/// A picture beside a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageTextArea {
    /// 0 nothing to open, 1 a link, 2 a mini program.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "type")]
    pub kind: Option<u8>,
    /// The link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The mini program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appid: Option<String>,
    /// Its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagepath: Option<String>,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
    /// Where the picture is.
    pub image_url: String,
}

/// A paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VerticalContent {
    /// Its title.
    pub title: String,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
}

/// A button.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Button {
    /// 0 calls back, 1 opens a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "type")]
    pub kind: Option<u8>,
    /// As shown.
    pub text: String,
    /// 1 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<u8>,
    /// Comes back with the click.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A drop-down list beside the buttons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ButtonSelection {
    /// Comes back with the click.
    pub question_key: String,
    /// Its label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// One to ten choices.
    pub option_list: Vec<CardOption>,
    /// Chosen at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected_id: Option<String>,
}

/// A choice of a drop-down list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardOption {
    /// Comes back with the click.
    pub id: String,
    /// As shown.
    pub text: String,
}

/// A list to tick.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checkbox {
    /// Comes back with the click.
    pub question_key: String,
    /// 0 one, 1 several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<u8>,
    /// On a replacement: frozen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable: Option<bool>,
    /// One to twenty choices.
    pub option_list: Vec<CheckboxOption>,
}

/// A choice to tick.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckboxOption {
    /// Comes back with the click.
    pub id: String,
    /// As shown.
    pub text: String,
    /// Ticked at first.
    pub is_checked: bool,
}

/// A drop-down list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Select {
    /// Comes back with the click.
    pub question_key: String,
    /// Its label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// On a replacement: frozen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable: Option<bool>,
    /// Chosen at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected_id: Option<String>,
    /// One to ten choices.
    pub option_list: Vec<CardOption>,
}

/// The button under lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SubmitButton {
    /// As shown.
    pub text: String,
    /// Comes back with the click.
    pub key: String,
}

impl CardAction {
    /// Opens a link.
    pub fn link(url: impl Into<String>) -> Self {
        Self {
            kind: 1,
            url: Some(url.into()),
            ..Self::default()
        }
    }
}

impl MainTitle {
    /// Title and text.
    pub fn new(title: impl Into<String>, desc: impl Into<String>) -> Self {
        Self {
            title: Some(title.into()),
            desc: Some(desc.into()),
        }
    }
}

impl HorizontalContent {
    /// A row of text.
    pub fn text(keyname: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            keyname: keyname.into(),
            value: Some(value.into()),
            ..Self::default()
        }
    }

    /// A row with a link.
    pub fn link(keyname: impl Into<String>, value: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            kind: Some(1),
            url: Some(url.into()),
            ..Self::text(keyname, value)
        }
    }

    /// A row with a member.
    pub fn member(keyname: impl Into<String>, name: impl Into<String>, userid: impl Into<String>) -> Self {
        Self {
            kind: Some(3),
            userid: Some(userid.into()),
            ..Self::text(keyname, name)
        }
    }
}

impl Jump {
    /// Opens a link.
    pub fn link(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            kind: Some(1),
            title: title.into(),
            url: Some(url.into()),
            ..Self::default()
        }
    }
}

impl Button {
    /// Calls back with a key.
    pub fn call_back(text: impl Into<String>, style: u8, key: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            style: Some(style),
            key: Some(key.into()),
            ..Self::default()
        }
    }

    /// Opens a link.
    pub fn link(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            kind: Some(1),
            text: text.into(),
            url: Some(url.into()),
            ..Self::default()
        }
    }
}

impl Serialize for AspectRatio {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.hundredths) / 100.0)
    }
}

impl<'de> Deserialize<'de> for AspectRatio {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = format!("{:.0}", f64::deserialize(deserializer)? * 100.0);
        match written.parse() {
            Ok(hundredths) => Ok(Self { hundredths }),
            Err(_) => Err(serde::de::Error::custom("aspect_ratio is out of range")),
        }
    }
}

//! The five template cards.

use serde::{Deserialize, Serialize};

use super::parts::{
    ActionMenu, Button, ButtonSelection, CardAction, CardImage, Checkbox, Emphasis, HorizontalContent,
    ImageTextArea, Jump, MainTitle, QuoteArea, Select, Source, SubmitButton, VerticalContent,
};

/// A template card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "card_type", rename_all = "snake_case")]
pub enum TemplateCard {
    /// A text with rows and links.
    TextNotice(TextNotice),
    /// A picture with a text.
    NewsNotice(NewsNotice),
    /// Buttons.
    ButtonInteraction(ButtonInteraction),
    /// One list to tick.
    VoteInteraction(VoteInteraction),
    /// Up to three drop-down lists.
    MultipleInteraction(MultipleInteraction),
}

/// A card of text, rows and links.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TextNotice {
    /// Who speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The menu in its corner; needs a task id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_menu: Option<ActionMenu>,
    /// Title and text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_title: Option<MainTitle>,
    /// A figure in large print.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emphasis_content: Option<Emphasis>,
    /// A quotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote_area: Option<QuoteArea>,
    /// A second text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_title_text: Option<String>,
    /// Rows of key and value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub horizontal_content_list: Vec<HorizontalContent>,
    /// Links.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jump_list: Vec<Jump>,
    /// What a tap opens; must be given.
    pub card_action: CardAction,
    /// Unique in the app; only with a menu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
}

/// A card with a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewsNotice {
    /// Who speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The menu in its corner; needs a task id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_menu: Option<ActionMenu>,
    /// Title and text; the title must be given.
    pub main_title: MainTitle,
    /// A quotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote_area: Option<QuoteArea>,
    /// Picture beside text; this or `card_image`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_text_area: Option<ImageTextArea>,
    /// Picture; this or `image_text_area`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_image: Option<CardImage>,
    /// Paragraphs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vertical_content_list: Vec<VerticalContent>,
    /// Rows of key and value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub horizontal_content_list: Vec<HorizontalContent>,
    /// Links.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jump_list: Vec<Jump>,
    /// What a tap opens; must be given.
    pub card_action: CardAction,
    /// Unique in the app; only with a menu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
}

/// A card with buttons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ButtonInteraction {
    /// Who speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The menu in its corner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_menu: Option<ActionMenu>,
    /// Title and text; the title must be given.
    pub main_title: MainTitle,
    /// A quotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote_area: Option<QuoteArea>,
    /// A second text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_title_text: Option<String>,
    /// Rows of key and value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub horizontal_content_list: Vec<HorizontalContent>,
    /// What a tap opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_action: Option<CardAction>,
    /// A drop-down list beside the buttons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button_selection: Option<ButtonSelection>,
    /// The buttons; on a replacement none, with `replace_text`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub button_list: Vec<Button>,
    /// Unique in the app; absent on a replacement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// On a replacement: one dead button with this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace_text: Option<String>,
}

/// A card with one list to tick.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VoteInteraction {
    /// Who speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Title and text; the title must be given.
    pub main_title: MainTitle,
    /// The list.
    pub checkbox: Checkbox,
    /// The button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submit_button: Option<SubmitButton>,
    /// Unique in the app; absent on a replacement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// On a replacement: one dead button with this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace_text: Option<String>,
}

/// A card with drop-down lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MultipleInteraction {
    /// Who speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Title and text; the title must be given.
    pub main_title: MainTitle,
    /// The lists.
    pub select_list: Vec<Select>,
    /// The button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submit_button: Option<SubmitButton>,
    /// Unique in the app; absent on a replacement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// On a replacement: one dead button with this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace_text: Option<String>,
}

impl TemplateCard {
    /// Its task id.
    pub fn task_id(&self) -> Option<&str> {
        match self {
            Self::TextNotice(card) => card.task_id.as_deref(),
            Self::NewsNotice(card) => card.task_id.as_deref(),
            Self::ButtonInteraction(card) => card.task_id.as_deref(),
            Self::VoteInteraction(card) => card.task_id.as_deref(),
            Self::MultipleInteraction(card) => card.task_id.as_deref(),
        }
    }

    /// Whether a click on it calls back, so that it needs a task id and can be updated.
    pub fn calls_back(&self) -> bool {
        match self {
            Self::TextNotice(card) => card.action_menu.is_some(),
            Self::NewsNotice(card) => card.action_menu.is_some(),
            Self::ButtonInteraction(_) | Self::VoteInteraction(_) | Self::MultipleInteraction(_) => true,
        }
    }

    /// Whether a webhook takes it.
    pub(crate) fn fits_webhook(&self) -> bool {
        !self.calls_back() && self.task_id().is_none()
    }
}

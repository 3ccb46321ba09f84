//! Messages as WeCom takes them, checked against its limits before they leave.
//!
//! A message is turned into its exact bytes once, by [`Message::to_json`]: a retry must repeat them, or
//! WeCom's duplicate check does not know it again.

mod card;
mod check;
pub mod limits;
mod parts;
mod reply;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

pub use self::card::{
    ButtonInteraction, MultipleInteraction, NewsNotice, TemplateCard, TextNotice, VoteInteraction,
};
pub use self::check::{MessageError, is_userid};
pub use self::limits::fit;
pub use self::parts::{
    ActionMenu, AspectRatio, Button, ButtonSelection, CardAction, CardImage, CardOption, Checkbox,
    CheckboxOption, Emphasis, HorizontalContent, ImageTextArea, Jump, MainTitle, MenuAction, QuoteArea,
    Select, Source, SubmitButton, VerticalContent,
};
pub use self::reply::{SendReply, UpdateReply};

/// A message with its receivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who gets it.
    pub to: Recipients,
    /// What it says.
    pub body: Body,
    /// Seconds within which WeCom drops a repeated request; none: it does not look.
    pub duplicate_check: Option<u32>,
    /// Turn `$userName=ID$` into names.
    pub enable_id_trans: bool,
}

/// Receivers of an app message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipients {
    /// Everyone who can see the app.
    Everyone,
    /// These members, departments and tags.
    Some {
        /// User ids.
        users: Vec<String>,
        /// Department ids.
        parties: Vec<u64>,
        /// Tag ids.
        tags: Vec<u64>,
    },
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Plain text.
    Text {
        /// At most [`limits::TEXT`] bytes.
        content: String,
    },
    /// WeCom's small part of Markdown.
    Markdown {
        /// At most [`limits::MARKDOWN`] bytes.
        content: String,
    },
    /// A title, a text and a link; also shown in the members' personal messenger.
    TextCard {
        /// At most [`limits::TEXTCARD_TITLE`] bytes.
        title: String,
        /// At most [`limits::TEXTCARD_DESCRIPTION`] bytes.
        description: String,
        /// Opened by a tap.
        url: String,
        /// Under the text, at most four characters; none: 详情.
        btntxt: Option<String>,
    },
    /// A card.
    TemplateCard(Box<TemplateCard>),
}

impl Recipients {
    /// One member.
    pub fn user(userid: impl Into<String>) -> Self {
        Self::users([userid])
    }

    /// Several members.
    pub fn users<I>(userids: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        Self::Some {
            users: userids.into_iter().map(Into::into).collect(),
            parties: Vec::new(),
            tags: Vec::new(),
        }
    }
}

impl Message {
    /// A message without duplicate check.
    pub fn new(to: Recipients, body: Body) -> Self {
        Self {
            to,
            body,
            duplicate_check: None,
            enable_id_trans: false,
        }
    }

    /// A Markdown message.
    pub fn markdown(to: Recipients, content: impl Into<String>) -> Self {
        Self::new(
            to,
            Body::Markdown {
                content: content.into(),
            },
        )
    }

    /// A text message.
    pub fn text(to: Recipients, content: impl Into<String>) -> Self {
        Self::new(
            to,
            Body::Text {
                content: content.into(),
            },
        )
    }

    /// A card.
    pub fn card(to: Recipients, card: TemplateCard) -> Self {
        Self::new(to, Body::TemplateCard(Box::new(card)))
    }

    /// With WeCom dropping a repeated request within this many seconds (at most
    /// [`limits::DUPLICATE_INTERVAL`]).
    #[must_use]
    pub fn with_duplicate_check(mut self, seconds: u32) -> Self {
        self.duplicate_check = Some(seconds);
        self
    }

    /// Checks it against WeCom's limits.
    pub fn validate(&self) -> Result<(), MessageError> {
        check::message(self)
    }

    /// The exact body for `message/send`, after [`validate`](Self::validate).
    pub fn to_json(&self, agent_id: i64) -> Result<String, MessageError> {
        self.validate()?;
        to_text(&Addressed {
            message: self,
            agent_id,
        })
    }
}

/// The body for `appchat/send`; template cards are not allowed there.
pub fn appchat_json(chat_id: &str, body: &Body) -> Result<String, MessageError> {
    if matches!(body, Body::TemplateCard(_)) {
        return Err(MessageError::Invalid {
            field: "msgtype",
            why: "a group chat takes no template card",
        });
    }
    check::body(body)?;
    to_text(&InChat { chat_id, body })
}

/// The body for `webhook/send`; of cards only the two notices without menu are allowed there.
pub fn webhook_json(body: &Body) -> Result<String, MessageError> {
    if let Body::TemplateCard(card) = body
        && !card.fits_webhook()
    {
        return Err(MessageError::Invalid {
            field: "card_type",
            why: "a webhook takes only plain notices",
        });
    }
    check::webhook_body(body)?;
    to_text(&Bare(body))
}

/// The body for `message/update_template_card` that puts another card in place of the old one.
pub fn replace_card_json(
    agent_id: i64,
    response_code: &str,
    userids: &[String],
    card: &TemplateCard,
) -> Result<String, MessageError> {
    check::replacement(card)?;
    let card = serde_json::to_value(card).map_err(|error| MessageError::Json(error.to_string()))?;
    update_json(agent_id, response_code, userids, "template_card", card)
}

/// The body for `message/update_template_card` that leaves one dead button with this text.
pub fn grey_button_json(
    agent_id: i64,
    response_code: &str,
    userids: &[String],
    replace_name: &str,
) -> Result<String, MessageError> {
    let button = serde_json::json!({ "replace_name": replace_name });
    update_json(agent_id, response_code, userids, "button", button)
}

fn update_json(
    agent_id: i64,
    response_code: &str,
    userids: &[String],
    key: &str,
    part: serde_json::Value,
) -> Result<String, MessageError> {
    if response_code.is_empty() {
        return Err(MessageError::Missing {
            field: "response_code",
        });
    }
    check::count("userids", userids.len(), limits::USERS)?;
    let mut out = serde_json::json!({ "agentid": agent_id, "response_code": response_code });
    if let Some(fields) = out.as_object_mut() {
        if userids.is_empty() {
            fields.insert("atall".to_owned(), 1.into());
        } else {
            fields.insert("userids".to_owned(), userids.into());
        }
        fields.insert(key.to_owned(), part);
    }
    to_text(&out)
}

struct Addressed<'a> {
    message: &'a Message,
    agent_id: i64,
}

impl Serialize for Addressed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.message.to {
            Recipients::Everyone => map.serialize_entry("touser", "@all")?,
            Recipients::Some { users, parties, tags } => {
                if !users.is_empty() {
                    map.serialize_entry("touser", &users.join("|"))?;
                }
                if !parties.is_empty() {
                    map.serialize_entry("toparty", &joined(parties))?;
                }
                if !tags.is_empty() {
                    map.serialize_entry("totag", &joined(tags))?;
                }
            }
        }
        map.serialize_entry("agentid", &self.agent_id)?;
        self.message.body.entries(&mut map)?;
        if self.message.enable_id_trans {
            map.serialize_entry("enable_id_trans", &1)?;
        }
        if let Some(seconds) = self.message.duplicate_check {
            map.serialize_entry("enable_duplicate_check", &1)?;
            map.serialize_entry("duplicate_check_interval", &seconds)?;
        }
        map.end()
    }
}

struct InChat<'a> {
    chat_id: &'a str,
    body: &'a Body,
}

impl Serialize for InChat<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("chatid", self.chat_id)?;
        self.body.entries(&mut map)?;
        map.end()
    }
}

struct Bare<'a>(&'a Body);

impl Serialize for Bare<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.entries(&mut map)?;
        map.end()
    }
}

impl Body {
    /// WeCom's name of its kind.
    pub fn msgtype(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Markdown { .. } => "markdown",
            Self::TextCard { .. } => "textcard",
            Self::TemplateCard(_) => "template_card",
        }
    }

    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        #[derive(Serialize)]
        struct Content<'a> {
            content: &'a str,
        }
        #[derive(Serialize)]
        struct TextCard<'a> {
            title: &'a str,
            description: &'a str,
            url: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            btntxt: Option<&'a str>,
        }
        map.serialize_entry("msgtype", self.msgtype())?;
        match self {
            Self::Text { content } | Self::Markdown { content } => {
                map.serialize_entry(self.msgtype(), &Content { content })
            }
            Self::TextCard {
                title,
                description,
                url,
                btntxt,
            } => {
                let card = TextCard {
                    title,
                    description,
                    url,
                    btntxt: btntxt.as_deref(),
                };
                map.serialize_entry(self.msgtype(), &card)
            }
            Self::TemplateCard(card) => map.serialize_entry(self.msgtype(), card),
        }
    }
}

fn joined(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join("|")
}

fn to_text<T: Serialize>(value: &T) -> Result<String, MessageError> {
    serde_json::to_string(value).map_err(|error| MessageError::Json(error.to_string()))
}

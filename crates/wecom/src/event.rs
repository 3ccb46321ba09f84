//! Decrypted callbacks.
//!
//! One pass over the document, borrowing until something is kept, because this stands on the path that has
//! to answer WeCom at once. Reading is tolerant: parts may be missing, single or repeated wherever lists are
//! meant, in any order, among unknown ones; a single value given twice is a fault. An event is only a hint
//! that something changed: what a form says is asked of `oa/getapprovaldetail`.

mod approval;
mod card;
mod fields;
mod open;

pub use self::approval::ApprovalChange;
pub use self::card::{CardEvent, SelectedItem};
use self::fields::{id, number, once, words};
pub use self::open::{OpenApprovalChange, OpenItem, OpenNode};
use crate::CallbackError;
use crate::xml::{Cursor, Fault};

/// A decrypted callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// `sys_approval_change`: a form of the approval app changed.
    ApprovalChange(Box<ApprovalChange>),
    /// `template_card_event`: a button, vote or list of a card was used.
    TemplateCard(CardEvent),
    /// `template_card_menu_event`: the menu of a card was used.
    TemplateCardMenu(CardEvent),
    /// `open_approval_change`: a flow of the app's own engine changed.
    OpenApprovalChange(Box<OpenApprovalChange>),
    /// Any other event, or a message from a member.
    Other(OtherEvent),
}

/// What every callback carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Common {
    /// The company.
    pub to_user: Option<String>,
    /// The member it comes from; `sys` for approvals.
    pub from_user: Option<String>,
    /// Seconds since 1970.
    pub create_time: Option<i64>,
    /// `event` or the kind of a message.
    pub msg_type: Option<String>,
    /// The app; of approvals sometimes this app's, sometimes the approval app's.
    pub agent_id: Option<i64>,
}

/// An event that nothing here understands, or a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherEvent {
    /// What every callback carries.
    pub common: Common,
    /// The event's name; none: a message.
    pub event: Option<String>,
    /// What a menu or the like gave.
    pub event_key: Option<String>,
    /// The text of a text message.
    pub content: Option<String>,
}

impl OtherEvent {
    /// The key of the button of the app's menu that was pressed, if it was one that sends its key (`click`).
    pub fn menu_key(&self) -> Option<&str> {
        self.key_of("click")
    }

    /// The address that a button of the app's menu opened (`view`).
    pub fn menu_page(&self) -> Option<&str> {
        self.key_of("view")
    }

    fn key_of(&self, name: &str) -> Option<&str> {
        let event = self.event.as_deref()?;
        // Written small for WeCom's apps, large for the public accounts that these events come from.
        event
            .eq_ignore_ascii_case(name)
            .then_some(self.event_key.as_deref())?
    }
}

impl Event {
    /// Reads a decrypted callback.
    pub fn parse(plaintext: &[u8]) -> Result<Self, CallbackError> {
        let Ok(text) = std::str::from_utf8(plaintext) else {
            return Err(CallbackError::Xml("not UTF-8".to_owned()));
        };
        read(text).map_err(CallbackError::Xml)
    }

    /// What every callback carries.
    pub fn common(&self) -> &Common {
        match self {
            Self::ApprovalChange(event) => &event.common,
            Self::TemplateCard(event) | Self::TemplateCardMenu(event) => &event.common,
            Self::OpenApprovalChange(event) => &event.common,
            Self::Other(event) => &event.common,
        }
    }

    /// WeCom's name of the event, or the kind of the message.
    pub fn name(&self) -> &str {
        match self {
            Self::ApprovalChange(_) => SYS_APPROVAL,
            Self::TemplateCard(_) => CARD,
            Self::TemplateCardMenu(_) => CARD_MENU,
            Self::OpenApprovalChange(_) => OPEN_APPROVAL,
            Self::Other(event) => event
                .event
                .as_deref()
                .or(event.common.msg_type.as_deref())
                .unwrap_or_default(),
        }
    }

    /// The number of the form that changed.
    pub fn sp_no(&self) -> Option<&str> {
        match self {
            Self::ApprovalChange(event) => event.sp_no(),
            Self::TemplateCard(_)
            | Self::TemplateCardMenu(_)
            | Self::OpenApprovalChange(_)
            | Self::Other(_) => None,
        }
    }
}

const SYS_APPROVAL: &str = "sys_approval_change";
const OPEN_APPROVAL: &str = "open_approval_change";
const CARD: &str = "template_card_event";
const CARD_MENU: &str = "template_card_menu_event";

/// What was found so far; which event it is may stand behind what it says.
#[derive(Default)]
struct Found {
    common: Common,
    event: Option<String>,
    event_key: Option<String>,
    content: Option<String>,
    card: CardEvent,
    approval: Option<Box<ApprovalChange>>,
    open: Option<Box<OpenApprovalChange>>,
    passed_over: bool,
}

fn read(text: &str) -> Result<Event, Fault> {
    let mut found = Found::default();
    Cursor::tolerant(text).document(|cursor, name| found.visit(cursor, name))?;
    if found.passed_over {
        // The details stood in front of the event's name: read them now that it is known.
        Cursor::tolerant(text).document(|cursor, name| match name {
            "ApprovalInfo" => found.info(cursor),
            _ => cursor.skip(),
        })?;
    }
    found.into_event()
}

impl Found {
    fn visit(&mut self, cursor: &mut Cursor<'_>, name: &str) -> Result<(), Fault> {
        match name {
            "ToUserName" => once(&mut self.common.to_user, id(cursor)?, name),
            "FromUserName" => once(&mut self.common.from_user, id(cursor)?, name),
            "CreateTime" => once(&mut self.common.create_time, number(cursor)?, name),
            "MsgType" => once(&mut self.common.msg_type, id(cursor)?, name),
            "AgentID" => once(&mut self.common.agent_id, number(cursor)?, name),
            "Event" => once(&mut self.event, id(cursor)?, name),
            "EventKey" => once(&mut self.event_key, words(cursor)?, name),
            "Content" => once(&mut self.content, words(cursor)?, name),
            "ApprovalInfo" => self.info(cursor),
            _ => self.card.visit(cursor, name),
        }
    }

    fn info(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        match self.event.as_deref() {
            Some(SYS_APPROVAL) => once(&mut self.approval, Some(approval::read(cursor)?), "ApprovalInfo"),
            Some(OPEN_APPROVAL) => once(&mut self.open, Some(open::read(cursor)?), "ApprovalInfo"),
            Some(_) => cursor.skip(),
            None => {
                self.passed_over = true;
                cursor.skip()
            }
        }
    }

    fn into_event(self) -> Result<Event, Fault> {
        let Self {
            common,
            event,
            event_key,
            content,
            mut card,
            approval,
            open,
            ..
        } = self;
        match event.as_deref() {
            Some(SYS_APPROVAL) => {
                let mut change = approval.unwrap_or_default();
                change.common = common;
                Ok(Event::ApprovalChange(change))
            }
            Some(OPEN_APPROVAL) => {
                let mut change = open.unwrap_or_default();
                change.common = common;
                Ok(Event::OpenApprovalChange(change))
            }
            Some(name @ (CARD | CARD_MENU)) => {
                card.common = common;
                card.event_key = event_key;
                Ok(if name == CARD {
                    Event::TemplateCard(card)
                } else {
                    Event::TemplateCardMenu(card)
                })
            }
            None if common.msg_type.is_none() => Err("neither MsgType nor Event".to_owned()),
            _ => Ok(Event::Other(OtherEvent {
                common,
                event,
                event_key,
                content,
            })),
        }
    }
}

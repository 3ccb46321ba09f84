//! What the page shows, put together from the state.

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Shanghai;

use super::approvals::{Detail, Line, detail, lists};
use super::card::{Content, MessageView, content};
use super::forms::{Filling, filling};
use super::rooms::{self, Rooms};
use super::steps::STEPS;
use super::{PageQuery, day_and_time};
use crate::api::{MenuItem, menu_items};
use crate::callback::{Callback, CallbackState};
use crate::cast::Person;
use crate::hub::Hub;
use crate::message::Message;

/// Messages shown at most.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "phone.html")]
pub(crate) struct Page {
    pub(crate) revision: u64,
    me: Member,
    groups: Vec<(String, Vec<Member>)>,
    screen: Screen,
    unread: usize,
    to_sign: usize,
    in_rooms: usize,
    menu: Vec<MenuItem>,
    steps: &'static [(&'static str, &'static str)],
    error: String,
    now: String,
    now_input: String,
    events: Vec<EventLine>,
}

/// A member in the sidebar.
struct Member {
    userid: String,
    name: String,
    department: String,
    role: String,
    initials: String,
    hue: u32,
    unread: usize,
    to_sign: usize,
    current: bool,
}

/// What the phone shows.
enum Screen {
    Messages(Vec<MessageView>),
    Approvals(Vec<(&'static str, Vec<Line>)>),
    Detail(Box<Detail>),
    Filling(Box<Filling>),
    Rooms(Rooms),
}

/// A callback in the side panel.
struct EventLine {
    time: String,
    event: String,
    state: &'static str,
    tone: &'static str,
}

/// Puts the page together; opening the messages reads them.
pub(crate) fn page(hub: &Hub, query: &PageQuery) -> Option<Page> {
    let person = hub
        .person(&query.as_user)
        .or_else(|| hub.settings.people.first())?;
    let userid = person.userid.clone();
    let screen = match (query.tab.as_str(), query.sp_no.as_str()) {
        ("approvals", "") => Screen::Approvals(lists(hub, &userid)),
        ("approvals", sp_no) => match detail(hub, sp_no, &userid) {
            Some(detail) => Screen::Detail(Box::new(detail)),
            None => Screen::Approvals(lists(hub, &userid)),
        },
        ("new", again) => Screen::Filling(Box::new(filling(hub, &query.preset, again))),
        ("rooms", _) => Screen::Rooms(rooms::rooms(hub)),
        _ => Screen::Messages(messages(hub, &userid)),
    };
    let now = hub.now();
    let me = member(hub, person, &userid);
    Some(Page {
        revision: *hub.revision.borrow(),
        unread: me.unread,
        to_sign: me.to_sign,
        in_rooms: rooms::count(hub),
        menu: hub.read(|world| menu_items(world.menu.as_ref())),
        steps: &STEPS,
        me,
        groups: groups(hub, &userid),
        screen,
        error: query.error.clone(),
        now: now.with_timezone(&Shanghai).format("%Y-%m-%d %H:%M").to_string(),
        now_input: now.with_timezone(&Shanghai).format("%Y-%m-%dT%H:%M").to_string(),
        events: hub.read(|world| {
            world
                .callbacks
                .iter()
                .rev()
                .take(14)
                .map(|event| event_line(hub, event))
                .collect()
        }),
    })
}

fn messages(hub: &Hub, userid: &str) -> Vec<MessageView> {
    hub.quietly(|world| {
        for message in world.messages.iter_mut().filter(|message| message.is_to(userid)) {
            message.read_by.insert(userid.to_owned());
        }
    });
    let mut held: Vec<Message> = hub.read(|world| {
        world
            .messages
            .iter()
            .rev()
            .filter(|message| message.is_to(userid))
            .take(SHOWN)
            .cloned()
            .collect()
    });
    held.reverse();
    let mut last: Option<DateTime<Utc>> = None;
    held.iter()
        .map(|message| {
            let pause = last.is_none_or(|last| (message.at - last).abs() > TimeDelta::minutes(5));
            last = Some(message.at);
            MessageView {
                id: message.id.clone(),
                time: pause.then(|| day_and_time(message.at)),
                content: content(message, userid),
            }
        })
        .collect()
}

fn groups(hub: &Hub, current: &str) -> Vec<(String, Vec<Member>)> {
    let mut groups: Vec<(String, Vec<Member>)> = Vec::new();
    for person in &hub.settings.people {
        if hub.employee(&person.userid).is_none() {
            continue;
        }
        let member = member(hub, person, current);
        match groups.iter_mut().find(|(name, _)| *name == member.department) {
            Some((_, members)) => members.push(member),
            None => groups.push((member.department.clone(), vec![member])),
        }
    }
    groups
}

fn member(hub: &Hub, person: &Person, current: &str) -> Member {
    let userid = &person.userid;
    let (unread, to_sign) = hub.read(|world| {
        let unread = |message: &&Message| message.is_to(userid) && !message.read_by.contains(userid);
        let waiting = world
            .approvals
            .values()
            .filter(|form| form.awaits(userid))
            .count();
        (world.messages.iter().filter(unread).count(), waiting)
    });
    Member {
        userid: userid.clone(),
        name: person.name.clone(),
        department: hub.department_of(userid),
        role: person.role.clone(),
        initials: initials(&person.name),
        hue: hue(userid),
        unread,
        to_sign,
        current: userid == current,
    }
}

impl Page {
    /// Whom the phone belongs to.
    pub(crate) fn userid(&self) -> &str {
        &self.me.userid
    }

    fn title(&self) -> &str {
        match &self.screen {
            Screen::Messages(_) => "变更闸",
            Screen::Approvals(_) => "审批",
            Screen::Detail(detail) => &detail.line.title,
            Screen::Filling(_) => "发起生产上线变更",
            Screen::Rooms(_) => "群与邮件",
        }
    }

    fn tab(&self) -> &'static str {
        match &self.screen {
            Screen::Messages(_) => "messages",
            Screen::Approvals(_) | Screen::Detail(_) => "approvals",
            Screen::Filling(_) => "new",
            Screen::Rooms(_) => "rooms",
        }
    }
}

/// The last two characters of a name, as WeCom draws an avatar without a picture.
pub(crate) fn initials(name: &str) -> String {
    let mut last: Vec<char> = name.chars().rev().take(2).collect();
    last.reverse();
    last.into_iter().collect()
}

/// A colour of its own for each member.
pub(crate) fn hue(userid: &str) -> u32 {
    userid.bytes().fold(7_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    }) % 360
}

fn event_line(hub: &Hub, callback: &Callback) -> EventLine {
    let (state, tone) = match callback.state {
        CallbackState::Queued => ("推送中", "busy"),
        CallbackState::Held => ("已扣留", "busy"),
        CallbackState::Dropped => ("已丢弃", "bad"),
        CallbackState::Delivered => ("已送达", "good"),
        CallbackState::GivenUp => ("已放弃", "bad"),
        CallbackState::NoAddress => ("未配置回调", "quiet"),
    };
    let at = callback.at.with_timezone(&Shanghai);
    EventLine {
        time: at.format("%H:%M:%S").to_string(),
        event: words(hub, &callback.event),
        state,
        tone,
    }
}

fn words(hub: &Hub, event: &str) -> String {
    let parts: Vec<&str> = event.split(' ').collect();
    match parts.as_slice() {
        ["sys_approval_change", sp_no, change] => format!("{} · {sp_no}", change_words(change)),
        ["menu", _, name, by] => format!("{} 点击菜单“{name}”", hub.name_of(by)),
        [_, _, .., by] => format!("{} 点击卡片按钮", hub.name_of(by)),
        _ => event.to_owned(),
    }
}

fn change_words(change: &str) -> &'static str {
    match change {
        "Submitted" => "提交审批",
        "Approved" => "同意",
        "Rejected" => "驳回",
        "Transferred" => "转审",
        "Urged" => "催办",
        "Withdrawn" => "撤销",
        "WithdrawnAfterPass" => "通过后撤销",
        "Commented" => "评论",
        "Returned" => "退回",
        "SignerAdded" | "AgreedAndSignerAdded" => "加签",
        "Handled" => "办理",
        _ => "转交",
    }
}

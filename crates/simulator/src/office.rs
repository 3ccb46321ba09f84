//! What people do in the simulated office: file forms, sign, comment, press buttons. Each deed changes the
//! state and queues the callback that WeCom sends for it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::api::{menu_items, store_media};
use crate::approval::{Action, Approval, ChangeKind, FormStatus, Node, Refusal, change_event};
use crate::callback;
use crate::fields::text;
use crate::form::{self, Form, Related, TEMPLATE_NAME};
use crate::hub::{Hub, random_id};
use crate::message::{Pressed, pressable};
use crate::world::{ResponseCode, World};
use crate::xml::{cdata, element};

const CODE_HOURS: i64 = 72;

/// A form about to be filed, with its controls as they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Who files it.
    pub applicant: String,
    /// Its template; absent: 生产上线变更.
    pub template_id: Option<String>,
    /// The `contents` of `apply_data`.
    pub contents: Vec<Value>,
    /// Its chain; absent: the template's flow.
    pub nodes: Option<Vec<Node>>,
}

/// A chosen option of a card's question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Selected {
    /// The question's key.
    pub question_key: String,
    /// The options' ids.
    pub option_ids: Vec<String>,
}

/// Files a form of the template. Answers its number.
pub(crate) fn submit(hub: &Hub, applicant: &str, form: &Form) -> Result<String, Refusal> {
    let person = hub
        .employee(applicant)
        .ok_or_else(|| Refusal::NoSuchPerson(applicant.to_owned()))?;
    let contents = contents(hub, form);
    let nodes = flow_for(hub, &hub.department_of(&person.userid), &contents);
    let draft = Draft {
        applicant: person.userid.clone(),
        template_id: None,
        contents,
        nodes: Some(nodes),
    };
    Ok(file(hub, draft))
}

/// Files a draft. Answers its number.
pub(crate) fn file(hub: &Hub, draft: Draft) -> String {
    let now = hub.now();
    let person = hub.person(&draft.applicant);
    let nodes = draft
        .nodes
        .unwrap_or_else(|| flow_for(hub, &hub.department_of(&draft.applicant), &draft.contents));
    let party = person.map_or(1, |person| hub.department_id(person));
    let approval = hub.write(|world| {
        let approval = Approval {
            sp_no: world.next_sp_no(now),
            template_id: draft
                .template_id
                .unwrap_or_else(|| hub.settings.template_id.clone()),
            sp_name: TEMPLATE_NAME.to_owned(),
            status: FormStatus::InProgress,
            apply_time: now,
            applicant: draft.applicant,
            party,
            contents: draft.contents,
            nodes,
            comments: Vec::new(),
        };
        world.approvals.insert(approval.sp_no.clone(), approval.clone());
        approval
    });
    tell(hub, &approval, ChangeKind::Submitted, now);
    approval.sp_no
}

/// Carries out what a member does with an approval.
pub(crate) fn act(hub: &Hub, sp_no: &str, by: &str, action: &Action) -> Result<ChangeKind, Refusal> {
    if let Action::Transfer { to, .. } | Action::AddSigner { to, .. } | Action::ApproveAndAddSigner { to, .. } =
        action
        && hub.employee(to).is_none()
    {
        return Err(Refusal::NoSuchPerson(to.clone()));
    }
    change(hub, sp_no, |approval, now| approval.act(by, action, now))
}

/// Sends a form in again with new contents.
pub(crate) fn resubmit(hub: &Hub, sp_no: &str, by: &str, form: &Form) -> Result<ChangeKind, Refusal> {
    let contents = contents(hub, form);
    change(hub, sp_no, |approval, _| approval.resubmit(by, contents))
}

fn change(
    hub: &Hub,
    sp_no: &str,
    deed: impl FnOnce(&mut Approval, DateTime<Utc>) -> Result<ChangeKind, Refusal>,
) -> Result<ChangeKind, Refusal> {
    let now = hub.now();
    let (kind, approval) = hub.write(|world| {
        let approval = world
            .approvals
            .get_mut(sp_no)
            .ok_or_else(|| Refusal::NoSuchApproval(sp_no.to_owned()))?;
        let kind = deed(approval, now)?;
        Ok((kind, approval.clone()))
    })?;
    tell(hub, &approval, kind, now);
    Ok(kind)
}

fn tell(hub: &Hub, approval: &Approval, kind: ChangeKind, now: DateTime<Utc>) {
    if let Some(plaintext) = change_event(approval, kind, &hub.settings.corp_id, now) {
        let event = format!("sys_approval_change {} {kind:?}", approval.sp_no);
        callback::push(hub, &approval.sp_no, event, plaintext);
    }
}

fn contents(hub: &Hub, form: &Form) -> Vec<Value> {
    let ids: Vec<String> = form
        .files
        .iter()
        .map(|file| store_media(hub, &file.name, "application/octet-stream", file.content()))
        .collect();
    let related: Vec<Related> = hub.read(|world| {
        form.related
            .iter()
            .filter_map(|sp_no| world.approvals.get(sp_no))
            .map(|approval| Related::of(hub, approval))
            .collect()
    });
    form::contents(form, &hub.settings.people, &ids, &related)
}

fn flow_for(hub: &Hub, department: &str, contents: &[Value]) -> Vec<Node> {
    let urgent = contents.iter().any(|content| {
        content
            .pointer("/value/selector/options/0/value/0/text")
            .and_then(Value::as_str)
            == Some("紧急")
    });
    hub.settings
        .flow
        .iter()
        .filter(|node| urgent || !node.only_urgent)
        .filter(|node| {
            node.only_department
                .as_deref()
                .is_none_or(|only| only == department)
        })
        .map(|node| Node::new(node.label.as_str(), node.kind, node.mode, &node.members))
        .collect()
}

/// Presses a button (or a menu entry) of a card that the member holds.
pub(crate) fn press(
    hub: &Hub,
    message: &str,
    by: &str,
    key: &str,
    selected: &[Selected],
) -> Result<(), Refusal> {
    let now = hub.now();
    let (card, code, event) = hub.write(|world| {
        let found = world
            .messages
            .iter()
            .rev()
            .find(|held| held.id == message || held.task_id() == message);
        let found = found.filter(|held| !held.recalled);
        let found = found.ok_or_else(|| Refusal::NoSuchMessage(message.to_owned()))?;
        let card = found
            .card_of(by)
            .cloned()
            .ok_or_else(|| Refusal::NoSuchMessage(message.to_owned()))?;
        let event = match pressable(&card, key) {
            Some(Pressed::Button) => "template_card_event",
            Some(Pressed::Menu) => "template_card_menu_event",
            None => return Err(Refusal::NoSuchButton(key.to_owned())),
        };
        let id = found.id.clone();
        Ok((card, new_response_code(world, &id, now), event))
    })?;
    tell_press(hub, event, &card, by, key, &code, selected);
    Ok(())
}

/// Sends the callback of a press that the member's card does not offer (any more), or by one who never had it: as
/// a phone does that has not heard of the change, or somebody who means harm.
pub(crate) fn press_anyway(hub: &Hub, task_id: &str, by: &str, key: &str) -> Result<(), Refusal> {
    let now = hub.now();
    let (card, code) = hub.write(|world| {
        let found = world.messages.iter().rev();
        let (id, card) = found
            .filter(|held| held.task_id() == task_id)
            .find_map(|held| Some((held.id.clone(), held.body.get("template_card")?.clone())))
            .ok_or_else(|| Refusal::NoSuchMessage(task_id.to_owned()))?;
        Ok((card, new_response_code(world, &id, now)))
    })?;
    let event = match pressable(&card, key) {
        Some(Pressed::Menu) => "template_card_menu_event",
        Some(Pressed::Button) | None => "template_card_event",
    };
    tell_press(hub, event, &card, by, key, &code, &[]);
    Ok(())
}

fn tell_press(hub: &Hub, event: &str, card: &Value, by: &str, key: &str, code: &str, selected: &[Selected]) {
    let mut body = [
        cdata("ToUserName", &hub.settings.corp_id),
        cdata("FromUserName", by),
        element("CreateTime", &hub.now().timestamp().to_string()),
        cdata("MsgType", "event"),
        cdata("Event", event),
        cdata("EventKey", key),
        cdata("TaskId", text(card, "task_id")),
        cdata("CardType", text(card, "card_type")),
        cdata("ResponseCode", code),
        element("AgentID", &hub.settings.agent_id.to_string()),
    ]
    .concat();
    if !selected.is_empty() {
        let items: String = selected.iter().map(selected_item).collect();
        body += &element("SelectedItems", &items);
    }
    let task = text(card, "task_id").to_owned();
    callback::push(
        hub,
        &task,
        format!("{event} {task} {key} {by}"),
        element("xml", &body),
    );
}

/// Presses a button of the app's menu, by what it says.
pub(crate) fn press_menu(hub: &Hub, by: &str, name: &str) -> Result<(), Refusal> {
    let items = hub.read(|world| menu_items(world.menu.as_ref()));
    let item = items
        .iter()
        .find(|item| item.name == name)
        .ok_or_else(|| Refusal::NoSuchButton(name.to_owned()))?;
    let (event, key) = if item.url.is_empty() {
        ("click", &item.key)
    } else {
        ("view", &item.url)
    };
    let body = [
        cdata("ToUserName", &hub.settings.corp_id),
        cdata("FromUserName", by),
        element("CreateTime", &hub.now().timestamp().to_string()),
        cdata("MsgType", "event"),
        cdata("Event", event),
        cdata("EventKey", key),
        element("AgentID", &hub.settings.agent_id.to_string()),
    ]
    .concat();
    let told = format!("menu {event} {name} {by}");
    callback::push(hub, "menu", told, element("xml", &body));
    Ok(())
}

fn selected_item(selected: &Selected) -> String {
    let options: String = selected
        .option_ids
        .iter()
        .map(|id| cdata("OptionId", id))
        .collect();
    element(
        "SelectedItem",
        &(cdata("QuestionKey", &selected.question_key) + &element("OptionIds", &options)),
    )
}

/// A fresh one-time right to change a message's card.
pub(crate) fn new_response_code(world: &mut World, message: &str, now: DateTime<Utc>) -> String {
    let code = random_id();
    let expires = now + TimeDelta::hours(CODE_HOURS);
    world.response_codes.insert(
        code.clone(),
        ResponseCode {
            message: message.to_owned(),
            expires,
            used: false,
        },
    );
    code
}

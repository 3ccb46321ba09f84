//! Members and departments, as a self-built app made after June 2022 gets them: no mail, no telephone.

use serde_json::{Value, json};

use super::{Answer, Request};
use crate::error::ApiError;
use crate::hub::Hub;

pub(super) fn user(hub: &Hub, call: &Request) -> Answer {
    let userid = call.param("userid");
    if userid.is_empty() {
        return Err(ApiError::new(41009, "missing userid"));
    }
    let person = hub.person(userid).filter(|person| person.visible);
    let person = person.ok_or_else(|| ApiError::new(60111, "userid not found"))?;
    let department = hub.department_id(person);
    Ok(json!({
        "errcode": 0, "errmsg": "ok", "userid": person.userid, "name": person.name,
        "department": [department], "order": [0], "position": person.role, "is_leader_in_dept": [0],
        "direct_leader": [], "alias": "", "telephone": "", "status": 1, "main_department": department,
        "extattr": {"attrs": []},
    }))
}

pub(super) fn departments(hub: &Hub) -> Value {
    let mut list = vec![json!({
        "id": 1, "name": "示例证券", "name_en": "", "department_leader": [], "parentid": 0, "order": 100_000_000,
    })];
    list.extend(hub.departments().into_iter().map(|(id, name)| {
        json!({"id": id, "name": name, "name_en": "", "department_leader": [], "parentid": 1, "order": 100_000_000 - id})
    }));
    json!({"errcode": 0, "errmsg": "ok", "department": list})
}

pub(super) fn simple_list(hub: &Hub, call: &Request) -> Value {
    let wanted: u32 = call.param("department_id").parse().unwrap_or(1);
    let list: Vec<Value> = hub
        .settings
        .people
        .iter()
        .filter(|person| person.visible)
        .map(|person| (hub.department_id(person), person))
        .filter(|(department, _)| *department == wanted)
        .map(|(department, person)| json!({"userid": person.userid, "name": person.name, "department": [department]}))
        .collect();
    json!({"errcode": 0, "errmsg": "ok", "userlist": list})
}

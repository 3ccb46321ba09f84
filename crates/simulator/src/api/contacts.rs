//! Members, departments and tags, as a self-built app made after June 2022 gets them: no mail, no telephone.

use serde_json::{Value, json};

use super::{Answer, Request};
use crate::cast::Person;
use crate::directory::{Department, Directory, ROOT, Standing};
use crate::error::ApiError;
use crate::hub::Hub;

/// Departments of one row are shown from the largest of these down.
const FIRST_ORDER: u32 = 100_000_000;

pub(super) fn user(hub: &Hub, call: &Request) -> Answer {
    let userid = call.param("userid");
    if userid.is_empty() {
        return Err(ApiError::new(41009, "missing userid"));
    }
    let person = hub.person(userid).filter(|person| person.visible);
    let person = person.ok_or_else(|| ApiError::new(60111, "userid not found"))?;
    hub.directory(|directory| {
        let standing = directory.standing(&person.userid);
        if standing == Standing::Removed {
            return Err(ApiError::new(60111, "userid not found"));
        }
        let places = directory.places_of(&person.userid);
        let flags: Vec<u8> = places
            .iter()
            .map(|place| u8::from(directory.leads(&person.userid, *place)))
            .collect();
        let superior: Vec<&str> = directory.superior_of(&person.userid).into_iter().collect();
        Ok(json!({
            "errcode": 0, "errmsg": "ok", "userid": person.userid, "name": person.name, "department": places,
            "order": vec![0; places.len()], "position": person.role, "is_leader_in_dept": flags,
            "direct_leader": superior, "alias": "", "telephone": "", "status": standing.code(),
            "main_department": directory.main_place_of(&person.userid), "extattr": {"attrs": []},
        }))
    })
}

/// `department/list`: one with all below it.
pub(super) fn departments(hub: &Hub, call: &Request) -> Answer {
    hub.directory(|directory| {
        let found = below(directory, call.param("id"))?;
        let list: Vec<Value> = found.into_iter().map(whole).collect();
        Ok(json!({"errcode": 0, "errmsg": "ok", "department": list}))
    })
}

/// `department/simplelist`: the same without names.
pub(super) fn places(hub: &Hub, call: &Request) -> Answer {
    hub.directory(|directory| {
        let found = below(directory, call.param("id"))?;
        let list: Vec<Value> = found
            .into_iter()
            .map(|known| json!({"id": known.id, "parentid": known.parent, "order": order(known)}))
            .collect();
        Ok(json!({"errcode": 0, "errmsg": "ok", "department_id": list}))
    })
}

/// `department/get`.
pub(super) fn department(hub: &Hub, call: &Request) -> Answer {
    hub.directory(|directory| {
        let known = known(directory, call.param("id"))?;
        Ok(json!({"errcode": 0, "errmsg": "ok", "department": whole(known)}))
    })
}

/// `user/simplelist`: of one department, not of those below it.
pub(super) fn simple_list(hub: &Hub, call: &Request) -> Answer {
    hub.directory(|directory| {
        let wanted = known(directory, call.param("department_id"))?.id;
        let list: Vec<Value> = listed(hub, directory)
            .filter(|person| directory.is_in(&person.userid, &[wanted]))
            .map(|person| {
                json!({"userid": person.userid, "name": person.name,
                    "department": directory.places_of(&person.userid)})
            })
            .collect();
        Ok(json!({"errcode": 0, "errmsg": "ok", "userlist": list}))
    })
}

/// `tag/get`.
pub(super) fn tag(hub: &Hub, call: &Request) -> Answer {
    hub.directory(|directory| {
        let id = call.param("tagid").parse::<u32>().ok();
        let tag = directory.tags().iter().find(|tag| Some(tag.id) == id);
        let tag = tag.ok_or_else(|| ApiError::new(40068, "invalid tagid"))?;
        let users: Vec<Value> = listed(hub, directory)
            .filter(|person| tag.members.iter().any(|member| member.eq_ignore_ascii_case(&person.userid)))
            .map(|person| json!({"userid": person.userid, "name": person.name}))
            .collect();
        Ok(json!({"errcode": 0, "errmsg": "ok", "tagname": tag.name, "userlist": users, "partylist": tag.departments}))
    })
}

/// `tag/list`.
pub(super) fn tags(hub: &Hub) -> Value {
    hub.directory(|directory| {
        let list: Vec<Value> = directory
            .tags()
            .iter()
            .map(|tag| json!({"tagid": tag.id, "tagname": tag.name}))
            .collect();
        json!({"errcode": 0, "errmsg": "ok", "taglist": list})
    })
}

fn listed<'a>(hub: &'a Hub, directory: &'a Directory) -> impl Iterator<Item = &'a Person> {
    let visible = hub.settings.people.iter().filter(|person| person.visible);
    visible.filter(|person| !directory.is_gone(&person.userid))
}

fn known<'a>(directory: &'a Directory, id: &str) -> Result<&'a Department, ApiError> {
    let id = id.parse().ok();
    let found = id.and_then(|id| directory.department(id));
    found.ok_or_else(|| ApiError::new(60123, "invalid party id"))
}

/// A department with all below it; without an id all that there are.
fn below<'a>(directory: &'a Directory, id: &str) -> Result<Vec<&'a Department>, ApiError> {
    let top = if id.is_empty() {
        ROOT
    } else {
        known(directory, id)?.id
    };
    let within = directory.within(top);
    let departments = directory.departments().iter();
    Ok(departments.filter(|known| within.contains(&known.id)).collect())
}

fn whole(known: &Department) -> Value {
    json!({"id": known.id, "name": known.name, "name_en": "", "department_leader": known.leaders,
        "parentid": known.parent, "order": order(known)})
}

fn order(known: &Department) -> u32 {
    FIRST_ORDER.saturating_sub(known.id)
}

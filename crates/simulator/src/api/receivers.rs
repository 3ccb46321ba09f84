//! Whom a message is for: users, departments with all below them, tags.

use serde_json::Value;

use crate::directory::Directory;
use crate::error::ApiError;
use crate::fields::text;
use crate::hub::Hub;
use crate::world::{MemberState, World};

/// Whom a message is for, as far as the app may see them.
#[derive(Default)]
pub(super) struct Receivers {
    pub(super) members: Vec<String>,
    pub(super) invalid_users: Vec<String>,
    pub(super) unlicensed: Vec<String>,
    pub(super) invalid_parties: Vec<String>,
    pub(super) invalid_tags: Vec<String>,
}

/// Whom a request names, by user, department and tag.
pub(super) fn receivers(hub: &Hub, body: &Value) -> Result<Receivers, ApiError> {
    let split = |key: &str| -> Vec<String> {
        text(body, key)
            .split('|')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (users, parties, tags) = (split("touser"), split("toparty"), split("totag"));
    if users.is_empty() && parties.is_empty() && tags.is_empty() {
        return Err(ApiError::new(82001, "user & party & tag all empty"));
    }
    for (too_many, code) in [
        (users.len() > 1000, 40032),
        (parties.len() > 100, 82002),
        (tags.len() > 100, 82003),
    ] {
        if too_many {
            return Err(ApiError::new(code, "too many receivers"));
        }
    }
    if users.iter().any(|user| user == "@all") {
        let members = reachable(hub, |_, _| true);
        return Ok(Receivers {
            members,
            ..Receivers::default()
        });
    }
    let mut receivers = Receivers::default();
    for user in users {
        match hub.employee(&user).filter(|person| person.visible) {
            Some(person) => add(&mut receivers.members, &person.userid),
            None => receivers.invalid_users.push(user.to_ascii_lowercase()),
        }
    }
    for party in parties {
        let id = party.parse().unwrap_or_default();
        let members = reachable(hub, |directory, userid| {
            directory.is_in(userid, &directory.within(id))
        });
        if members.is_empty() {
            receivers.invalid_parties.push(party);
        }
        for userid in members {
            add(&mut receivers.members, &userid);
        }
    }
    for tag in tags {
        let id = tag.parse().unwrap_or_default();
        let members = reachable(hub, |directory, userid| directory.carries(userid, id));
        if members.is_empty() {
            receivers.invalid_tags.push(tag);
        }
        for userid in members {
            add(&mut receivers.members, &userid);
        }
    }
    Ok(receivers)
}

/// The members whom the app sees, as far as they are meant.
fn reachable(hub: &Hub, is_meant: impl Fn(&Directory, &str) -> bool) -> Vec<String> {
    hub.directory(|directory| {
        let visible = hub.settings.people.iter().filter(|person| person.visible);
        visible
            .map(|person| person.userid.clone())
            .filter(|userid| !directory.is_gone(userid) && is_meant(directory, userid))
            .collect()
    })
}

/// Takes those out whom WeCom does not serve.
pub(super) fn sort_out(world: &World, receivers: &mut Receivers) {
    for userid in std::mem::take(&mut receivers.members) {
        match world.member_state(&userid) {
            MemberState::Normal => receivers.members.push(userid),
            MemberState::Invalid => receivers.invalid_users.push(userid.to_ascii_lowercase()),
            MemberState::Unlicensed => receivers.unlicensed.push(userid.to_ascii_lowercase()),
        }
    }
}

fn add(members: &mut Vec<String>, userid: &str) {
    if !members.iter().any(|member| member == userid) {
        members.push(userid.to_owned());
    }
}

//! `gettoken`, and what every other call has to bring. A token lasts two hours of the simulator's clock.

use chrono::TimeDelta;
use serde_json::json;

use super::{Answer, Request};
use crate::error::ApiError;
use crate::hub::{Hub, random_id};
use crate::world::Token;

const LIFE_SECONDS: i64 = 7200;

pub(super) fn give(hub: &Hub, call: &Request) -> Answer {
    if call.param("corpid") != hub.settings.corp_id {
        return Err(ApiError::new(40013, "invalid corpid"));
    }
    if call.param("corpsecret").is_empty() {
        return Err(ApiError::new(41004, "corpsecret missing"));
    }
    if call.param("corpsecret") != hub.settings.secret {
        return Err(ApiError::new(40001, "invalid credential"));
    }
    let now = hub.now();
    let token = hub.write(|world| {
        if let Some(held) = world
            .tokens
            .last()
            .filter(|held| !held.revoked && held.expires > now)
        {
            return held.clone();
        }
        let token = Token {
            value: random_id(),
            expires: now + TimeDelta::seconds(LIFE_SECONDS),
            revoked: false,
        };
        world.tokens.push(token.clone());
        token
    });
    let left = (token.expires - now).num_seconds();
    Ok(json!({"errcode": 0, "errmsg": "ok", "access_token": token.value, "expires_in": left}))
}

pub(super) fn check(hub: &Hub, call: &Request) -> Result<(), ApiError> {
    let given = call.param("access_token");
    if given.is_empty() {
        return Err(ApiError::new(41001, "access_token missing"));
    }
    let now = hub.now();
    let found = hub.read(|world| {
        world
            .tokens
            .iter()
            .rev()
            .find(|held| held.value == given)
            .cloned()
    });
    match found {
        Some(token) if token.revoked => Err(ApiError::new(40014, "invalid access_token")),
        Some(token) if token.expires <= now => Err(ApiError::new(42001, "access_token expired")),
        Some(_) => Ok(()),
        None => Err(ApiError::new(40014, "invalid access_token")),
    }
}

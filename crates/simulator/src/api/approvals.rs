//! The approval calls that look: detail, list by submission time, template.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Answer, Request};
use crate::approval::Approval;
use crate::error::ApiError;
use crate::fields::{list as items, number, text};
use crate::form;
use crate::hub::Hub;
use crate::world::World;

const DAYS: i64 = 31;
const PAGE: i64 = 100;

pub(super) fn detail(hub: &Hub, call: &Request) -> Answer {
    let body = call.json()?;
    limit(hub, "getapprovaldetail")?;
    let sp_no = text(body, "sp_no");
    let approval = hub.read(|world| world.approvals.get(sp_no).cloned());
    match approval {
        None => Err(ApiError::new(301_025, "get approval param error")),
        Some(approval) if !is_visible(hub, &approval) => Err(ApiError::new(301_055, "no approval auth")),
        Some(approval) => Ok(json!({"errcode": 0, "errmsg": "ok", "info": approval.detail()})),
    }
}

pub(super) fn template(hub: &Hub, call: &Request) -> Answer {
    limit(hub, "gettemplatedetail")?;
    if text(call.json()?, "template_id") == hub.settings.template_id {
        Ok(form::template_detail())
    } else {
        Err(ApiError::new(301_026, "get template detail error"))
    }
}

/// The numbers of the forms submitted in a time, page by page. The cursor is the number of the last form
/// looked at, and a page may be short before the end: what the app may not see is skipped, not made up for.
pub(super) fn list(hub: &Hub, call: &Request) -> Answer {
    let body = call.json()?;
    limit(hub, "getapprovalinfo")?;
    let bad = || ApiError::new(301_025, "get approval param error");
    let instant = |key: &str| {
        number(body, key)
            .and_then(|at| DateTime::from_timestamp(at, 0))
            .ok_or_else(bad)
    };
    let (start, end) = (instant("starttime")?, instant("endtime")?);
    let size = number(body, "size").unwrap_or(PAGE);
    if end <= start || !(1..=PAGE).contains(&size) {
        return Err(bad());
    }
    if end - start > TimeDelta::days(DAYS) {
        return Err(ApiError::new(301_112, "time range too wide"));
    }
    let filters = items(body, "filters");
    let of_the_gone = |filter: &Value| {
        let creator = text(filter, "value");
        text(filter, "key") == "creator" && hub.directory(|directory| directory.is_gone(creator))
    };
    if filters.iter().any(of_the_gone) {
        return Err(ApiError::new(301_055, "no approval auth"));
    }
    let cursor = text(body, "new_cursor");
    let size = usize::try_from(size).unwrap_or(1);
    let (page, more) = hub.read(|world| page(world, start, end, filters, cursor, size));
    let visible: Vec<&str> = page
        .iter()
        .filter(|form| is_visible(hub, form))
        .map(|form| form.sp_no.as_str())
        .collect();
    let mut answer = json!({"errcode": 0, "errmsg": "ok", "sp_no_list": visible});
    if let (true, Some(last), Some(answer)) = (more, page.last(), answer.as_object_mut()) {
        answer.insert("new_next_cursor".to_owned(), json!(last.sp_no));
    }
    Ok(answer)
}

fn page(
    world: &World,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    filters: &[Value],
    cursor: &str,
    size: usize,
) -> (Vec<Approval>, bool) {
    let mut found = world
        .approvals
        .values()
        .filter(|form| form.sp_no.as_str() > cursor)
        .filter(|form| form.apply_time >= start && form.apply_time <= end)
        .filter(|form| filters.iter().all(|filter| passes(form, filter)));
    let page: Vec<Approval> = found.by_ref().take(size).cloned().collect();
    (page, found.next().is_some())
}

fn passes(form: &Approval, filter: &Value) -> bool {
    match text(filter, "key") {
        "template_id" => form.template_id == text(filter, "value"),
        "creator" => form.applicant.eq_ignore_ascii_case(text(filter, "value")),
        "sp_status" => number(filter, "value") == Some(i64::from(form.status.code())),
        "department" => number(filter, "value") == Some(i64::from(form.party)),
        _ => true,
    }
}

fn is_visible(hub: &Hub, form: &Approval) -> bool {
    hub.person(&form.applicant).is_some_and(|person| person.visible)
}

/// Counts a call of an approval API.
pub(super) fn limit(hub: &Hub, api: &str) -> Result<(), ApiError> {
    let most = [(TimeDelta::minutes(1), hub.settings.limits.approval_calls_minute)];
    let now = hub.now();
    if hub.write(|world| world.allow(api, &most, now)) {
        Ok(())
    } else {
        Err(ApiError::new(45009, "api freq out of limit"))
    }
}

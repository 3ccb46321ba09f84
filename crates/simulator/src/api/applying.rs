//! `oa/applyevent`: an app files a form in a member's name. What WeCom would refuse is refused with its code, and the
//! words say why, for whoever reads them in a test.

use serde_json::{Value, json};

use super::approvals::limit;
use super::{Answer, Request};
use crate::approval::{Node, NodeKind, SignMode};
use crate::error::ApiError;
use crate::fields::{list, number, text, texts};
use crate::form;
use crate::hub::Hub;
use crate::office::{self, Draft};

const SUMMARY_ROWS: usize = 3;
const SUMMARY_TEXT: usize = 20;

pub(super) fn apply(hub: &Hub, call: &Request) -> Answer {
    let body = call.json()?;
    limit(hub, "applyevent")?;
    let creator = text(body, "creator_userid");
    if creator.is_empty() {
        return Err(ApiError::new(40058, "creator_userid missing"));
    }
    if hub.employee(creator).is_none_or(|person| !person.visible) {
        return Err(ApiError::new(301_055, "no approval auth"));
    }
    if text(body, "template_id") != hub.settings.template_id {
        return Err(bad("unknown template_id"));
    }
    check_summary(list(body, "summary_list"))?;
    let contents = body
        .pointer("/apply_data/contents")
        .and_then(Value::as_array)
        .ok_or_else(|| bad("apply_data missing"))?;
    let contents = form::accept(hub, contents).map_err(|reason| bad(&reason))?;
    let nodes = match number(body, "use_template_approver") {
        Some(1) => None,
        Some(0) => Some(process_nodes(hub, body)?),
        _ => return Err(bad("use_template_approver missing")),
    };
    let sp_no = office::file(
        hub,
        Draft {
            applicant: creator.to_owned(),
            template_id: None,
            contents,
            nodes,
        },
    );
    Ok(json!({"errcode": 0, "errmsg": "ok", "sp_no": sp_no}))
}

fn check_summary(rows: &[Value]) -> Result<(), ApiError> {
    if !(1..=SUMMARY_ROWS).contains(&rows.len()) {
        return Err(bad("summary_list has 1 to 3 rows"));
    }
    let mut lines = rows.iter().flat_map(|row| list(row, "summary_info"));
    let fits = |line: &Value| {
        let known = matches!(text(line, "lang"), "zh_CN" | "en");
        known && (1..=SUMMARY_TEXT).contains(&text(line, "text").chars().count())
    };
    if rows.iter().any(|row| list(row, "summary_info").is_empty()) || !lines.all(fits) {
        return Err(bad("summary_info holds 1 to 20 characters and a language"));
    }
    Ok(())
}

fn process_nodes(hub: &Hub, body: &Value) -> Result<Vec<Node>, ApiError> {
    let nodes = body.pointer("/process/node_list").and_then(Value::as_array);
    let nodes = nodes
        .filter(|nodes| !nodes.is_empty())
        .ok_or_else(|| bad("process.node_list missing"))?;
    nodes.iter().map(|node| process_node(hub, node)).collect()
}

fn process_node(hub: &Hub, node: &Value) -> Result<Node, ApiError> {
    let kind = match number(node, "type") {
        Some(1) => NodeKind::Approver,
        Some(2) => NodeKind::Copy,
        Some(3) => NodeKind::Handler,
        _ => return Err(bad("node type is 1, 2 or 3")),
    };
    let mode = match (kind, number(node, "apv_rel")) {
        (NodeKind::Copy, _) | (_, Some(2)) => SignMode::Any,
        (_, Some(1)) => SignMode::All,
        (_, Some(3)) => SignMode::Sequential,
        (_, _) => return Err(bad("apv_rel is 1, 2 or 3")),
    };
    let members = texts(node, "userid");
    if members.is_empty() || members.iter().any(|member| hub.employee(member).is_none()) {
        return Err(bad("a node names nobody, or somebody unknown"));
    }
    Ok(Node::new("", kind, mode, &members))
}

fn bad(reason: &str) -> ApiError {
    ApiError::new(301_025, format!("get approval param error: {reason}"))
}

//! The plain text of a `sys_approval_change` event, in WeCom's own spelling (`StatuChangeEvent`, `Applyer`,
//! `Notifyer`, `Sptime` beside `SpTime`).

use chrono::{DateTime, Utc};

use super::detail::seconds;
use super::{Approval, ChangeKind, Node, NodeKind};
use crate::xml::{cdata, element};

/// The system approval app, which sends these events.
const APPROVAL_AGENT: &str = "3010040";

/// The event of a change of the approval; `None` for changes that WeCom does not tell.
pub(crate) fn change_event(
    approval: &Approval,
    change: ChangeKind,
    corp_id: &str,
    now: DateTime<Utc>,
) -> Option<String> {
    let code = change.code()?;
    let mut info = String::new();
    info += &element("SpNo", &approval.sp_no);
    info += &cdata("SpNoStr", &approval.sp_no);
    info += &cdata("SpName", &approval.sp_name);
    info += &element("SpStatus", &approval.status.code().to_string());
    info += &cdata("TemplateId", &approval.template_id);
    info += &element("ApplyTime", &approval.apply_time.timestamp().to_string());
    let applicant = cdata("UserId", &approval.applicant) + &cdata("Party", &approval.party.to_string());
    info += &element("Applyer", &applicant);
    for node in approval.approvers() {
        info += &element("SpRecord", &record(node));
    }
    for signer in approval.copied() {
        info += &element("Notifyer", &cdata("UserId", &signer.userid));
    }
    for comment in &approval.comments {
        let user = element("CommentUserInfo", &cdata("UserId", &comment.userid));
        let time = element("CommentTime", &comment.at.timestamp().to_string());
        let text = cdata("CommentContent", &comment.text) + &cdata("CommentId", &comment.id);
        info += &element("Comments", &(user + &time + &text));
    }
    info += &element("StatuChangeEvent", &code.to_string());
    let nodes: String = approval
        .nodes
        .iter()
        .map(|node| element("NodeList", &process_node(node)))
        .collect();
    info += &element("ProcessList", &nodes);

    let head = [
        cdata("ToUserName", corp_id),
        cdata("FromUserName", "sys"),
        element("CreateTime", &now.timestamp().to_string()),
        cdata("MsgType", "event"),
        cdata("Event", "sys_approval_change"),
        element("AgentID", APPROVAL_AGENT),
    ];
    Some(element("xml", &(head.concat() + &element("ApprovalInfo", &info))))
}

fn record(node: &Node) -> String {
    let mut out = element("SpStatus", &node.state.code().to_string());
    out += &element("ApproverAttr", &node.mode.record_code().to_string());
    for signer in &node.signers {
        let details = [
            element("Approver", &cdata("UserId", &signer.userid)),
            cdata("Speech", &signer.speech),
            element("SpStatus", &signer.opinion.code().to_string()),
            element("SpTime", &seconds(signer.at).to_string()),
        ];
        out += &element("Details", &details.concat());
    }
    out
}

fn process_node(node: &Node) -> String {
    let mut out = element("NodeType", &node.kind.code().to_string());
    if node.kind == NodeKind::Copy {
        for signer in &node.signers {
            out += &element(
                "SubNodeList",
                &element("UserInfo", &cdata("UserId", &signer.userid)),
            );
        }
        return out;
    }
    out += &element("SpStatus", &node.state.code().to_string());
    out += &element("ApvRel", &node.mode.process_code().to_string());
    for signer in &node.signers {
        let member = [
            element("UserInfo", &cdata("UserId", &signer.userid)),
            cdata("Speech", &signer.speech),
            element("SpYj", &signer.opinion.code().to_string()),
            element("Sptime", &seconds(signer.at).to_string()),
        ];
        out += &element("SubNodeList", &member.concat());
    }
    out
}

//! An approval as `oa/getapprovaldetail` answers it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Approval, Node, NodeKind, Signer};

impl Approval {
    /// The `info` of the answer.
    pub fn detail(&self) -> Value {
        json!({
            "sp_no": self.sp_no,
            "sp_name": self.sp_name,
            "sp_status": self.status.code(),
            "template_id": self.template_id,
            "apply_time": self.apply_time.timestamp(),
            "applyer": {"userid": self.applicant, "partyid": self.party.to_string()},
            "sp_record": self.approvers().map(record).collect::<Vec<_>>(),
            "notifyer": self.copied().map(|signer| json!({"userid": signer.userid})).collect::<Vec<_>>(),
            "apply_data": {"contents": self.contents},
            "comments": self.comments.iter().map(|comment| json!({
                "commentUserInfo": {"userid": comment.userid},
                "commenttime": comment.at.timestamp(),
                "commentcontent": comment.text,
                "commentid": comment.id,
                "media_id": [],
            })).collect::<Vec<_>>(),
            "process_list": {"node_list": self.nodes.iter().map(node).collect::<Vec<_>>()},
        })
    }

    pub(super) fn approvers(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.kind == NodeKind::Approver)
    }

    pub(super) fn copied(&self) -> impl Iterator<Item = &Signer> {
        self.nodes
            .iter()
            .filter(|node| node.kind == NodeKind::Copy)
            .flat_map(|node| &node.signers)
    }
}

fn record(node: &Node) -> Value {
    let details: Vec<Value> = node
        .signers
        .iter()
        .map(|signer| {
            json!({
                "approver": {"userid": signer.userid}, "speech": signer.speech,
                "sp_status": signer.opinion.code(), "sptime": seconds(signer.at), "media_id": [],
            })
        })
        .collect();
    json!({"sp_status": node.state.code(), "approverattr": node.mode.record_code(), "details": details})
}

fn node(node: &Node) -> Value {
    if node.kind == NodeKind::Copy {
        let members: Vec<Value> = node
            .signers
            .iter()
            .map(|signer| json!({"userid": signer.userid}))
            .collect();
        return json!({"node_type": node.kind.code(), "sub_node_list": members});
    }
    let members: Vec<Value> = node
        .signers
        .iter()
        .map(|signer| {
            json!({
                "userid": signer.userid, "speech": signer.speech, "sp_yj": signer.opinion.code(),
                "sptime": seconds(signer.at), "media_ids": [],
            })
        })
        .collect();
    json!({
        "node_type": node.kind.code(), "sp_status": node.state.code(),
        "apv_rel": node.mode.process_code(), "sub_node_list": members,
    })
}

/// Seconds since 1970; 0 for "not acted".
pub(super) fn seconds(at: Option<DateTime<Utc>>) -> i64 {
    at.map_or(0, |at| at.timestamp())
}

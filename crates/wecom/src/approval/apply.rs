//! A form about to be filed through `oa/applyevent`, within WeCom's limits (official page 91853).

use serde_json::{Value, json};

use super::{Mode, NodeKind};

/// Lines of a summary.
const SUMMARY_ROWS: usize = 3;
/// Characters of a line.
const SUMMARY_TEXT: usize = 20;

/// A form about to be filed.
#[derive(Debug, Clone, PartialEq)]
pub struct ApplyEvent {
    /// In whose name; has to be in the app's visible range.
    pub creator_userid: String,
    /// The template; one that the app may read.
    pub template_id: String,
    /// Who signs.
    pub flow: ApplyFlow,
    /// The department to file for; none: the creator's main one.
    pub choose_department: Option<i64>,
    /// The filled-in controls, from [`Filing::finish`](super::Filing::finish).
    pub contents: Vec<Value>,
    /// What lists and messages show of it: one to three lines. What is longer than 20 characters is cut with `…`.
    pub summary: Vec<String>,
}

/// Who signs a form that is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplyFlow {
    /// As the administrator set it for the template; must hold no step that the applicant chooses.
    Template,
    /// These steps, in order.
    Given(Vec<ApplyNode>),
}

/// A step of a form that is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyNode {
    /// What its members do.
    pub kind: NodeKind,
    /// How many of them have to; of no meaning for copies.
    pub mode: Mode,
    /// User ids.
    pub members: Vec<String>,
}

/// Why WeCom would not take a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApplyLimit {
    /// Both are needed.
    #[error("creator and template are needed")]
    NoCreator,
    /// Nothing filled in.
    #[error("no control is filled in")]
    NoContents,
    /// No steps, or none that signs.
    #[error("no step with approvers")]
    NoApprover,
    /// A step without members.
    #[error("step {0} has no members")]
    EmptyStep(usize),
    /// None or too many lines.
    #[error("{0} lines of summary, and 1 to {SUMMARY_ROWS} are allowed")]
    Summary(usize),
}

impl ApplyEvent {
    /// The body for `oa/applyevent`, if it keeps to WeCom's limits.
    pub fn to_json(&self) -> Result<String, ApplyLimit> {
        if self.creator_userid.trim().is_empty() || self.template_id.trim().is_empty() {
            return Err(ApplyLimit::NoCreator);
        }
        if self.contents.is_empty() {
            return Err(ApplyLimit::NoContents);
        }
        let summary: Vec<Value> = self
            .summary
            .iter()
            .map(|line| line.trim())
            .filter(|line| !line.is_empty())
            .map(|line| json!({"summary_info": [{"text": short(line), "lang": "zh_CN"}]}))
            .collect();
        if !(1..=SUMMARY_ROWS).contains(&summary.len()) {
            return Err(ApplyLimit::Summary(summary.len()));
        }
        let mut body = json!({
            "creator_userid": self.creator_userid,
            "template_id": self.template_id,
            "use_template_approver": u8::from(self.flow == ApplyFlow::Template),
            "apply_data": {"contents": self.contents},
            "summary_list": summary,
        });
        if let Some(body) = body.as_object_mut() {
            if let ApplyFlow::Given(nodes) = &self.flow {
                body.insert("process".to_owned(), json!({"node_list": node_list(nodes)?}));
            }
            if let Some(department) = self.choose_department {
                body.insert("choose_department".to_owned(), json!(department));
            }
        }
        Ok(body.to_string())
    }
}

fn node_list(nodes: &[ApplyNode]) -> Result<Vec<Value>, ApplyLimit> {
    if let Some(empty) = nodes.iter().position(|node| node.members.is_empty()) {
        return Err(ApplyLimit::EmptyStep(empty + 1));
    }
    if !nodes.iter().any(|node| node.kind == NodeKind::Approver) {
        return Err(ApplyLimit::NoApprover);
    }
    Ok(nodes.iter().map(node_json).collect())
}

fn node_json(node: &ApplyNode) -> Value {
    let relation = match node.mode {
        Mode::All => 1,
        Mode::Any => 2,
        Mode::Sequential => 3,
    };
    match node.kind {
        NodeKind::Approver => json!({"type": 1, "apv_rel": relation, "userid": node.members}),
        NodeKind::Cc => json!({"type": 2, "userid": node.members}),
        NodeKind::Handler => json!({"type": 3, "apv_rel": relation, "userid": node.members}),
    }
}

fn short(line: &str) -> String {
    let one_line: String = line
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    if one_line.chars().count() <= SUMMARY_TEXT {
        return one_line;
    }
    one_line.chars().take(SUMMARY_TEXT - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> ApplyEvent {
        let node = |kind, mode, member: &str| ApplyNode {
            kind,
            mode,
            members: vec![member.to_owned()],
        };
        ApplyEvent {
            creator_userid: "zhangwei".to_owned(),
            template_id: "T1".to_owned(),
            flow: ApplyFlow::Given(vec![
                node(NodeKind::Approver, Mode::Any, "liqiang"),
                node(NodeKind::Approver, Mode::All, "huangtao"),
                node(NodeKind::Handler, Mode::Sequential, "machao"),
                node(NodeKind::Cc, Mode::Any, "songjia"),
            ]),
            choose_department: None,
            contents: vec![json!({"control": "Text", "id": "Text-1", "value": {"text": "a"}})],
            summary: vec![
                "行情系统港股十档行情功能与盘口刷新提速上线".to_owned(),
                " ".to_owned(),
            ],
        }
    }

    #[test]
    fn a_form_is_what_the_page_shows() {
        let body: Value = serde_json::from_str(&event().to_json().unwrap()).unwrap();
        assert_eq!(
            body,
            json!({
                "creator_userid": "zhangwei", "template_id": "T1", "use_template_approver": 0,
                "process": {"node_list": [
                    {"type": 1, "apv_rel": 2, "userid": ["liqiang"]},
                    {"type": 1, "apv_rel": 1, "userid": ["huangtao"]},
                    {"type": 3, "apv_rel": 3, "userid": ["machao"]},
                    {"type": 2, "userid": ["songjia"]},
                ]},
                "apply_data": {"contents": [{"control": "Text", "id": "Text-1", "value": {"text": "a"}}]},
                "summary_list": [
                    {"summary_info": [{"text": "行情系统港股十档行情功能与盘口刷新提速…", "lang": "zh_CN"}]},
                ],
            })
        );
        let by_template = ApplyEvent {
            flow: ApplyFlow::Template,
            ..event()
        };
        let body: Value = serde_json::from_str(&by_template.to_json().unwrap()).unwrap();
        assert_eq!(
            (&body["use_template_approver"], body.get("process")),
            (&json!(1), None)
        );
    }

    #[test]
    fn what_wecom_would_not_take_is_not_sent() {
        let broken = |breaks: fn(&mut ApplyEvent)| {
            let mut event = event();
            breaks(&mut event);
            event.to_json().unwrap_err()
        };
        assert_eq!(
            broken(|event| event.creator_userid.clear()),
            ApplyLimit::NoCreator
        );
        assert_eq!(broken(|event| event.contents.clear()), ApplyLimit::NoContents);
        assert_eq!(broken(|event| event.summary.clear()), ApplyLimit::Summary(0));
        assert_eq!(
            broken(|event| event.summary = vec!["a".to_owned(); 4]),
            ApplyLimit::Summary(4)
        );
        assert_eq!(
            broken(|event| event.flow = ApplyFlow::Given(Vec::new())),
            ApplyLimit::NoApprover
        );
        assert_eq!(
            broken(|event| {
                if let ApplyFlow::Given(nodes) = &mut event.flow {
                    nodes[1].members.clear();
                }
            }),
            ApplyLimit::EmptyStep(2)
        );
    }
}

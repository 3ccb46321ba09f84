//! What the event `deployment_protection_rule` asks, as far as it is needed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::number;

/// So many pull requests are looked at for a number.
const PULL_REQUESTS: usize = 20;

/// A question, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Requested {
    /// The environment that waits.
    pub(super) environment: String,
    /// Where the answer is expected.
    pub(super) callback: String,
    /// The app's installation, whose token may answer.
    pub(super) installation: u64,
    /// The repository, which the token is limited to.
    pub(super) repository: Option<u64>,
    /// The change; none where the deployment names none, or several.
    pub(super) sp_no: Option<String>,
}

#[derive(Deserialize)]
struct Body {
    environment: String,
    deployment_callback_url: String,
    deployment: Option<Deployment>,
    #[serde(default)]
    pull_requests: Vec<PullRequest>,
    repository: Option<WithId>,
    installation: WithId,
}

#[derive(Deserialize)]
struct WithId {
    id: u64,
}

#[derive(Deserialize)]
struct Deployment {
    /// An object, or a string with whatever the caller put there.
    #[serde(default)]
    payload: Value,
    #[serde(rename = "ref", default)]
    reference: String,
    description: Option<String>,
}

#[derive(Deserialize)]
struct PullRequest {
    head: Option<Head>,
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "ref", default)]
    reference: String,
}

impl Requested {
    /// None: an action other than `requested`.
    pub(super) fn parse(body: &[u8]) -> Result<Option<Self>, serde_json::Error> {
        let action: Value = serde_json::from_slice(body)?;
        if action.get("action").and_then(Value::as_str) != Some("requested") {
            return Ok(None);
        }
        let body: Body = serde_json::from_value(action)?;
        Ok(Some(Self {
            sp_no: body.sp_no(),
            environment: body.environment,
            callback: body.deployment_callback_url,
            installation: body.installation.id,
            repository: body.repository.map(|repository| repository.id),
        }))
    }
}

impl Body {
    /// From the deployment's payload (`sp_no`), else from the branch or tag, the description, or the branch of a pull
    /// request. The environment's name never holds one: it stays from change to change.
    fn sp_no(&self) -> Option<String> {
        let said = self.deployment.as_ref().and_then(Deployment::sp_no);
        let reference = self.deployment.as_ref().map(|it| it.reference.as_str());
        let description = self.deployment.as_ref().and_then(|it| it.description.as_deref());
        let heads = self.pull_requests.iter().take(PULL_REQUESTS);
        let heads: Vec<&str> = heads
            .filter_map(|it| Some(it.head.as_ref()?.reference.as_str()))
            .collect();
        let heads = heads.join(" ");
        let texts = [said.as_deref(), reference, description, Some(heads.as_str())];
        number::first_in(texts.into_iter().flatten())
    }
}

impl Deployment {
    fn sp_no(&self) -> Option<String> {
        let parsed;
        let payload = match &self.payload {
            Value::String(text) => {
                parsed = serde_json::from_str::<Value>(text).ok()?;
                &parsed
            }
            other => other,
        };
        match payload.get("sp_no")? {
            Value::String(number) => Some(number.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(deployment: &Value, branch: &str) -> Requested {
        let body = json!({
            "action": "requested",
            "environment": "production",
            "event": "workflow_dispatch",
            "deployment_callback_url":
                "https://api.github.com/repos/firm/quote/actions/runs/7/deployment_protection_rule",
            "deployment": deployment,
            "pull_requests": [{ "number": 1, "head": { "ref": branch } }],
            "repository": { "id": 321 },
            "installation": { "id": 99 },
        });
        Requested::parse(body.to_string().as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn the_number_is_the_payloads_or_the_refs_or_the_descriptions_or_the_branchs() {
        let none = json!({ "payload": {}, "ref": "main", "description": null });
        for (deployment, branch, found) in [
            (
                json!({ "payload": { "sp_no": "202611240001" }, "ref": "202611240002" }),
                "x",
                Some("202611240001"),
            ),
            (
                json!({ "payload": { "sp_no": 202_611_240_001_u64 }, "ref": "main" }),
                "x",
                Some("202611240001"),
            ),
            (
                json!({ "payload": "{\"sp_no\":\"202611240001\"}", "ref": "main" }),
                "x",
                Some("202611240001"),
            ),
            (
                json!({ "payload": "no json", "ref": "release/202611240002" }),
                "x",
                Some("202611240002"),
            ),
            (
                json!({ "ref": "main", "description": "上线 202611240003" }),
                "x",
                Some("202611240003"),
            ),
            (none.clone(), "release/202611240004", Some("202611240004")),
            (none, "feature/x", None),
            (Value::Null, "feature/x", None),
        ] {
            assert_eq!(asked(&deployment, branch).sp_no.as_deref(), found, "{deployment}");
        }
    }

    #[test]
    fn what_is_needed_is_read_and_another_action_is_none() {
        let asked = asked(&json!({ "ref": "release/202611240001" }), "x");
        assert_eq!((asked.installation, asked.repository), (99, Some(321)));
        assert!(Requested::parse(b"{\"action\":\"completed\"}").unwrap().is_none());
        assert!(Requested::parse(b"{\"action\":\"requested\"}").is_err());
        assert!(Requested::parse(b"[").is_err());
    }
}

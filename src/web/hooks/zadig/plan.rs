//! What a hook of a release plan says, as far as it is needed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::number;

/// So many jobs of a plan are looked at for a number.
const JOBS: usize = 100;
/// What a workflow calls the number.
const PARAMETER: &str = "sp_no";

/// A plan that waits, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) id: String,
    /// Newer versions take a callback only with it.
    pub(super) instance_code: String,
    /// `start_execute`, or another moment of the plan.
    pub(super) event: String,
    /// The change; none where the plan names none, or several.
    pub(super) sp_no: Option<String>,
}

#[derive(Deserialize)]
struct Body {
    release_plan: Option<Sent>,
}

#[derive(Deserialize)]
struct Sent {
    id: String,
    #[serde(default)]
    instance_code: String,
    event_name: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    jobs: Option<Vec<Value>>,
}

impl Plan {
    /// None: a hook that is of no release plan.
    pub(super) fn parse(body: &[u8]) -> Result<Option<Self>, serde_json::Error> {
        let body: Body = serde_json::from_slice(body)?;
        Ok(body.release_plan.map(|sent| Self {
            sp_no: sent.sp_no(),
            id: sent.id,
            instance_code: sent.instance_code,
            event: sent.event_name,
        }))
    }

    /// Whether it is about to be carried out. Of what comes before and after, the gate says nothing.
    pub(super) fn starts(&self) -> bool {
        self.event == "start_execute"
    }
}

impl Sent {
    /// From the parameter `SP_NO` of its workflows, else from its name, else from its description.
    fn sp_no(&self) -> Option<String> {
        let jobs = self.jobs.as_deref().unwrap_or_default();
        let given: Vec<&str> = jobs.iter().take(JOBS).flat_map(parameters).collect();
        let given = given.join(" ");
        number::first_in([given.as_str(), &self.name, &self.description])
    }
}

/// What a job's workflow has for the number.
fn parameters(job: &Value) -> impl Iterator<Item = &str> {
    let parameters = job.pointer("/spec/workflow/params").and_then(Value::as_array);
    parameters.into_iter().flatten().filter_map(|parameter| {
        let name = parameter.get("name")?.as_str()?;
        let is_ours = name.eq_ignore_ascii_case(PARAMETER);
        parameter.get("value")?.as_str().filter(|_| is_ours)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn number(name: &str, description: &str, jobs: &Value) -> Option<String> {
        let body = json!({
            "object_kind": "release_plan",
            "event": "release_plan",
            "workflow": null,
            "release_plan": {
                "id": "64f1a7cd1b7bd46ec353b50c", "index": 21, "event_name": "start_execute", "name": name,
                "description": description, "instance_code": "f00d", "jobs": jobs, "status": "wait_for_execute",
            },
        });
        let plan = Plan::parse(body.to_string().as_bytes()).unwrap().unwrap();
        assert!(plan.starts() && plan.instance_code == "f00d");
        plan.sp_no
    }

    #[test]
    fn the_number_is_the_parameters_or_the_names_or_the_descriptions() {
        let with = |value: &str| {
            json!([{ "type": "workflow", "spec": { "workflow": { "params": [
                { "name": "OTHER", "value": "202611240009" }, { "name": "SP_NO", "value": value },
            ] } } }, { "type": "text", "spec": { "content": "x" } }])
        };
        assert_eq!(
            number("x", "y", &with("202611240001")).as_deref(),
            Some("202611240001")
        );
        assert_eq!(
            number("行情上线 202611240002", "y", &with("")).as_deref(),
            Some("202611240002")
        );
        assert_eq!(
            number("x", "<p>202611240003</p>", &Value::Null).as_deref(),
            Some("202611240003")
        );
        assert_eq!(number("202611240001 202611240002", "", &json!([])), None);
    }

    #[test]
    fn a_hook_of_a_workflow_is_none() {
        assert!(
            Plan::parse(b"{\"object_kind\":\"workflow\",\"release_plan\":null}")
                .unwrap()
                .is_none()
        );
        assert!(Plan::parse(b"{\"release_plan\":{}}").is_err());
    }
}

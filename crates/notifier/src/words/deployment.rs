//! Words about a deployment that a job reported.

use changegate_lifecycle::Deployment;
use changegate_policy::Policy;

use super::{Entry, Words, said};
use crate::times;

impl Words {
    /// Fills in what a job reported: who, when, what, and why the gate did not let it through.
    pub(crate) fn deployment(&mut self, deployment: &Deployment, policy: &Policy) {
        self.by = or_unnamed(&deployment.by);
        self.deployment_no = or_unnamed(&deployment.id);
        self.deployment_state = deployment.state.name();
        self.at = times::moment(policy, deployment.at);
        self.environment = said(&deployment.environment);
        self.deployed_images = said(&deployment.images.join("、"));
        self.reason = said(&deployment.note);
        self.lines = deployment
            .why_not
            .iter()
            .map(|why| Entry {
                label: String::new(),
                text: said(why),
            })
            .filter(|entry| !entry.text.is_empty())
            .collect();
    }
}

fn or_unnamed(text: &str) -> String {
    let text = said(text);
    if text.is_empty() {
        "（未提供）".to_owned()
    } else {
        text
    }
}

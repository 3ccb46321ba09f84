//! Faults on demand: of the API, call by call, and of callbacks.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fields::text;

/// What goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultKind {
    /// Answers an error code and does nothing.
    Errcode {
        /// The code.
        errcode: i64,
    },
    /// Answers an HTTP status with an empty body and does nothing.
    Status {
        /// The status.
        status: u16,
    },
    /// Answers 200 with a body that is no JSON, and does nothing.
    Garbage,
    /// Answers nothing for a while, then 504, and does nothing.
    Hang {
        /// How long.
        seconds: u64,
    },
    /// Carries out the call, and then answers late.
    Slow {
        /// How late.
        millis: u64,
    },
    /// Carries out the call, and loses the answer (502).
    LostAnswer,
}

/// A fault of an API path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Below `/cgi-bin/`, such as `message/send`; `*` is every path.
    pub path: String,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// For how many calls; absent: until cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// Only for calls to this member.
    #[serde(default)]
    pub member: Option<String>,
}

impl Fault {
    /// A fault that lasts until it is cleared.
    pub fn new(path: impl Into<String>, kind: FaultKind) -> Self {
        Self {
            path: path.into(),
            kind,
            times: None,
            member: None,
        }
    }

    /// Only for the next calls.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only for calls to this member.
    #[must_use]
    pub fn for_member(mut self, userid: impl Into<String>) -> Self {
        self.member = Some(userid.into());
        self
    }

    fn matches(&self, path: &str, body: &Value) -> bool {
        let at_path = self.path == "*" || self.path == path;
        let to_member = self.member.as_deref().is_none_or(|member| concerns(body, member));
        at_path && to_member && self.times != Some(0)
    }
}

fn concerns(body: &Value, member: &str) -> bool {
    text(body, "touser")
        .split('|')
        .chain([text(body, "userid")])
        .any(|userid| userid.eq_ignore_ascii_case(member))
}

/// Takes the fault that this call meets, and counts it.
pub(crate) fn take(faults: &mut [Fault], path: &str, body: &Value) -> Option<FaultKind> {
    let fault = faults.iter_mut().find(|fault| fault.matches(path, body))?;
    if let Some(times) = &mut fault.times {
        *times = times.saturating_sub(1);
    }
    Some(fault.kind.clone())
}

/// What goes wrong with callbacks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallbackFaults {
    /// The next so many are never delivered.
    pub drop_next: u32,
    /// The next so many are damaged on their way.
    pub corrupt_next: u32,
    /// Each is delivered so many times more.
    pub duplicates: u32,
    /// They are kept back until released.
    pub hold: bool,
}

/// In which order held callbacks are released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseOrder {
    /// As they came.
    Original,
    /// The last first.
    Reversed,
    /// These, by their number, in this order; others stay held.
    These(Vec<u64>),
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_counted_fault_ends_and_a_members_fault_spares_the_others() {
        let busy = FaultKind::Errcode { errcode: -1 };
        let mut faults = vec![
            Fault::new("message/send", busy.clone())
                .times(1)
                .for_member("zhangwei"),
        ];
        let body = json!({"touser": "liqiang|ZhangWei"});
        assert_eq!(
            take(&mut faults, "message/send", &json!({"touser": "liqiang"})),
            None
        );
        assert_eq!(take(&mut faults, "gettoken", &body), None);
        assert_eq!(take(&mut faults, "message/send", &body), Some(busy));
        assert_eq!(take(&mut faults, "message/send", &body), None);
    }

    #[test]
    fn faults_are_read_from_flat_json() {
        let fault: Fault =
            serde_json::from_value(json!({"path": "*", "kind": "errcode", "errcode": 45009, "times": 2}))
                .unwrap();
        assert_eq!(
            fault,
            Fault::new("*", FaultKind::Errcode { errcode: 45009 }).times(2)
        );
    }
}

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
    /// Carries out the call, and cuts the connection before the answer is whole.
    Cut,
}

impl FaultKind {
    /// Whether the call is not carried out.
    pub(crate) fn prevents(&self) -> bool {
        match self {
            Self::Errcode { .. } | Self::Status { .. } | Self::Garbage | Self::Hang { .. } => true,
            Self::Slow { .. } | Self::LostAnswer | Self::Cut => false,
        }
    }
}

/// A fault of an API path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Below `/cgi-bin/`, such as `message/send`; `*` is every path of WeCom's. Of JIRA `jira/search`, `jira/issue`,
    /// `jira/changelog`, `jira/status`, `jira/myself`; `jira/*` is all of it.
    pub path: String,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// For how many calls; absent: until cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// Only for calls to, about or in the name of this member.
    #[serde(default)]
    pub member: Option<String>,
    /// Only for so many calls in a hundred, spread evenly but not regularly; absent: for each.
    #[serde(default)]
    pub percent: Option<u32>,
    /// Calls that it could have met.
    #[serde(skip)]
    seen: u64,
}

impl Fault {
    /// A fault that lasts until it is cleared.
    pub fn new(path: impl Into<String>, kind: FaultKind) -> Self {
        Self {
            path: path.into(),
            kind,
            times: None,
            member: None,
            percent: None,
            seen: 0,
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

    /// Only for so many calls in a hundred. The same calls in the same order meet the same faults.
    #[must_use]
    pub fn percent(mut self, percent: u32) -> Self {
        self.percent = Some(percent);
        self
    }

    /// Counts a call that it could meet; tells whether it does.
    fn strikes(&mut self) -> bool {
        self.seen += 1;
        self.percent
            .is_none_or(|percent| mixed(self.seen) % 100 < u64::from(percent))
    }

    fn matches(&self, path: &str, body: &Value) -> bool {
        let at_path = match self.path.strip_suffix('*') {
            Some("") => !path.starts_with("jira/"),
            Some(below) => path.starts_with(below),
            None => self.path == path,
        };
        let to_member = self.member.as_deref().is_none_or(|member| concerns(body, member));
        at_path && to_member && self.times != Some(0)
    }
}

fn concerns(body: &Value, member: &str) -> bool {
    text(body, "touser")
        .split('|')
        .chain([text(body, "userid"), text(body, "creator_userid")])
        .any(|userid| userid.eq_ignore_ascii_case(member))
}

/// Takes the fault that this call meets, and counts it.
pub(crate) fn take(faults: &mut [Fault], path: &str, body: &Value) -> Option<FaultKind> {
    let fault = faults
        .iter_mut()
        .find_map(|fault| (fault.matches(path, body) && fault.strikes()).then_some(fault))?;
    if let Some(times) = &mut fault.times {
        *times = times.saturating_sub(1);
    }
    Some(fault.kind.clone())
}

/// A number without visible order, always the same for the same one (splitmix64).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
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
    fn a_share_of_the_calls_is_met_the_same_each_time() {
        let struck = || {
            let mut faults = vec![Fault::new("*", FaultKind::Garbage).percent(10)];
            (0..1000)
                .filter(|_| take(&mut faults, "message/send", &json!({})).is_some())
                .collect::<Vec<u32>>()
        };
        assert!((70..130).contains(&struck().len()), "{}", struck().len());
        assert_eq!(struck(), struck());
    }

    #[test]
    fn faults_of_wecom_and_of_jira_are_apart() {
        let mut wecom = vec![Fault::new("*", FaultKind::Garbage)];
        let mut jira = vec![Fault::new("jira/*", FaultKind::Garbage)];
        assert!(take(&mut wecom, "gettoken", &json!({})).is_some());
        assert!(take(&mut wecom, "jira/search", &json!({})).is_none());
        assert!(take(&mut jira, "jira/search", &json!({})).is_some());
        assert!(take(&mut jira, "gettoken", &json!({})).is_none());
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

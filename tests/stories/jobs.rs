//! What deployment jobs do: ask the gate, over HTTP and by the command, and report what they deployed.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::office::{Office, PATIENCE};

/// A job that holds a token of its own.
pub(crate) struct Job<'a> {
    office: &'a Office,
    pub(crate) token: String,
}

/// What the command printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl<'a> Job<'a> {
    pub(crate) fn of(office: &'a Office) -> Self {
        Self::with(office, &office.token("gate"))
    }

    pub(crate) fn with(office: &'a Office, token: &str) -> Self {
        let token = token.to_owned();
        Self { office, token }
    }

    /// What the gate answers now.
    pub(crate) async fn asks(&self, sp_no: &str) -> Value {
        self.gets(&format!("/api/v1/changes/{sp_no}/gate")).await
    }

    /// What the gate answers for another time, as Shanghai's clocks show it: `2026-11-24 17:00`.
    pub(crate) async fn asks_for(&self, sp_no: &str, time: &str) -> Value {
        let at = in_a_query(time);
        self.gets(&format!("/api/v1/changes/{sp_no}/gate?at={at}")).await
    }

    async fn gets(&self, path: &str) -> Value {
        let (status, answer) = self.office.get(path, &self.token).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(
            answer["allowed"].as_bool().unwrap(),
            answer["decision"] == "allowed" && answer["reasons"] == json!([]),
            "{answer}"
        );
        answer
    }

    /// Asks until the answer is as wanted: facts are gathered anew on the way.
    pub(crate) async fn hears(&self, sp_no: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        let mut last = Value::Null;
        let asked = async {
            loop {
                tick.tick().await;
                last = self.asks(sp_no).await;
                if wanted(&last) {
                    return;
                }
            }
        };
        let heard = tokio::time::timeout(PATIENCE, asked).await;
        assert!(heard.is_ok(), "the gate says only {last}");
        last
    }

    /// Asks until the change may go out.
    pub(crate) async fn is_let_through(&self, sp_no: &str) -> Value {
        self.hears(sp_no, |answer| answer["decision"] == "allowed").await
    }

    /// Reports of a deployment, for a change or for none.
    pub(crate) async fn reports(&self, sp_no: Option<&str>, report: &Value) -> Value {
        let (status, answer) = self.posts(sp_no, report.to_string()).await;
        assert_eq!(status, 202, "{answer}");
        answer
    }

    /// Posts whatever it is.
    pub(crate) async fn posts(&self, sp_no: Option<&str>, body: String) -> (u16, Value) {
        let path = sp_no.map_or_else(
            || "/api/v1/deployments".to_owned(),
            |sp_no| format!("/api/v1/changes/{sp_no}/deployments"),
        );
        let posted = self.office.http.post(self.office.bot_url(&path));
        let answer = posted.bearer_auth(&self.token).body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Runs `changegate gate` against the server.
    pub(crate) fn runs(&self, arguments: &[&str]) -> Ran {
        run(&self.office.bot_url(""), Some(&self.token), arguments)
    }

    /// Runs `changegate gate` on the machine of the database.
    pub(crate) fn runs_on_the_database(&self, arguments: &[&str]) -> Ran {
        let mut command = gate(arguments);
        command.arg("--config").arg(self.office.config_file());
        ran(&mut command)
    }
}

/// Runs `changegate gate` against a server, with a token in the environment or none.
pub(crate) fn run(server: &str, token: Option<&str>, arguments: &[&str]) -> Ran {
    let mut command = gate(arguments);
    command.args(["--server", server]);
    if let Some(token) = token {
        command.env("CHANGEGATE_TOKEN", token);
    }
    ran(&mut command)
}

fn gate(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_changegate"));
    command
        .env_remove("CHANGEGATE_SERVER")
        .env_remove("CHANGEGATE_TOKEN")
        .arg("gate")
        .args(arguments);
    command
}

fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A time of Shanghai in RFC 3339.
pub(crate) fn rfc3339(time: &str) -> String {
    format!("{}:00+08:00", time.replace(' ', "T"))
}

pub(crate) fn in_a_query(time: &str) -> String {
    rfc3339(time).replace('+', "%2B")
}

/// The words of an answer's reasons, in their order.
pub(crate) fn codes(answer: &Value) -> Vec<&str> {
    let reasons = answer["reasons"].as_array().unwrap().iter();
    reasons.map(|reason| reason["code"].as_str().unwrap()).collect()
}

/// The rules of an answer's reasons, in their order; those of none are left out.
pub(crate) fn rules(answer: &Value) -> Vec<&str> {
    let reasons = answer["reasons"].as_array().unwrap().iter();
    reasons.filter_map(|reason| reason["rule"].as_str()).collect()
}

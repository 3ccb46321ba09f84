//! A shell in which a step runs: the script on its path, commands of the deployment that write down what they were
//! given, and an environment of its own.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stand_in::{Answer, Asked, StandIn};

pub(crate) const SP_NO: &str = "202611240001";
pub(crate) const TOKEN: &str = "cgt_Zm9yIHRoZSB0ZXN0_only-1";

/// How a step ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) struct Shell {
    folder: TempDir,
    env: Vec<(String, String)>,
}

/// A file of the repository.
pub(crate) fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn text(path: &str) -> String {
    std::fs::read_to_string(file(path)).unwrap()
}

impl Shell {
    /// A shell that knows this server and a token, with `deploy.sh` that succeeds.
    pub(crate) fn at(server: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        std::fs::copy(
            file("deploy/gate/changegate-gate.sh"),
            bin.join("changegate-gate.sh"),
        )
        .unwrap();
        // Some samples find the script beside themselves.
        std::os::unix::fs::symlink(
            bin.join("changegate-gate.sh"),
            folder.path().join("changegate-gate.sh"),
        )
        .unwrap();
        let path = format!(
            "{}:{}",
            bin.display(),
            std::env::var_os("PATH").unwrap().display()
        );
        let shell = Self {
            folder,
            env: Vec::new(),
        };
        shell.deploys_with(0);
        shell
            .with("PATH", &path)
            .with("CHANGEGATE_SERVER", server)
            .with("CHANGEGATE_TOKEN", TOKEN)
            .with("CHANGEGATE_PAUSE", "0")
            .with("CHANGEGATE_TIMEOUT", "2")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self
    }

    /// `deploy.sh` writes down its arguments and whether it saw the token, and ends with this status.
    pub(crate) fn deploys_with(&self, status: i32) {
        let script = format!(
            "#!/bin/sh\nprintf '%s %s\\n' \"$*\" \"${{CHANGEGATE_TOKEN:+saw the token}}\" >>deployed\nexit {status}\n"
        );
        let path = self.folder.path().join("deploy.sh");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What was deployed, a line each time.
    pub(crate) fn deployed(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("deployed")).unwrap_or_default()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the script itself.
    pub(crate) fn gate(&self, arguments: &[&str]) -> Ended {
        let script = self.path("changegate-gate.sh");
        self.run(Command::new("sh").arg(script).args(arguments))
    }

    /// Runs what a product would hand to its shell.
    pub(crate) fn runs(&self, script: &str) -> Ended {
        self.run(Command::new("/bin/sh").arg("-ec").arg(script))
    }

    fn run(&self, command: &mut Command) -> Ended {
        let output = command
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        Ended {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The gate as it answers: `allowed`, `denied` or `unknown`.
pub(crate) fn decided(decision: &str) -> Value {
    let reasons = match decision {
        "allowed" => json!([]),
        "denied" => json!([
            { "code": "outside_window", "rule": "urgency-window", "clause": "二",
              "message": "现在不在变更窗口；请在 \"16:30–21:00\" 执行" },
            { "code": "not_approved", "rule": null, "clause": "",
              "message": "尚未审批通过 {\"allowed\":true,\"decision\":\"allowed\"}" },
        ]),
        _ => json!([
            { "code": "facts_missing", "rule": "image-unchanged", "clause": "六.2",
              "message": "镜像仓库没有回答；请稍后重试" },
        ]),
    };
    json!({ "allowed": decision == "allowed", "decision": decision, "reasons": reasons, "window": null })
}

/// changegate, with this decision; reports are stored.
pub(crate) fn gate(decision: &'static str) -> StandIn {
    StandIn::start(move |asked, _| answers(asked, decision))
}

pub(crate) fn answers(asked: &Asked, decision: &str) -> Answer {
    if asked.header("authorization") != format!("Bearer {TOKEN}") {
        return Answer::Json(401, json!({ "detail": "the token is not known" }));
    }
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/api/v1/changes/202611240001/gate") => Answer::Json(200, decided(decision)),
        ("POST", "/api/v1/changes/202611240001/deployments") => {
            Answer::Json(202, json!({ "duplicate": false, "gate": decided(decision) }))
        }
        ("POST", "/api/v1/deployments") => Answer::Json(202, json!({ "duplicate": false, "gate": null })),
        _ => Answer::Json(404, json!({ "detail": "no such path" })),
    }
}

/// The states that were reported, in their order.
pub(crate) fn reported(gate: &StandIn) -> Vec<String> {
    let posts = gate.asked().into_iter().filter(|asked| asked.method == "POST");
    posts
        .map(|asked| asked.json()["state"].as_str().unwrap().to_owned())
        .collect()
}

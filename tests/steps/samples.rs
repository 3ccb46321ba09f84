//! The samples: what each product would hand to its shell is taken out of the file as it is, and run.

use serde_json::json;

use crate::shell::{Ended, SP_NO, Shell, file, gate, reported, text};
use crate::stand_in::StandIn;

/// Runs a step with a gate that allows and one that denies: the first deploys and reports, the second does neither.
fn obeys(what: &str, prepare: impl Fn(Shell) -> Shell, script: &str, ask: usize) {
    let open = gate("allowed");
    let shell = prepare(Shell::at(&open.url()));
    let ended = shell.runs(script);
    assert_eq!(ended.code, 0, "{what}: {}", ended.err);
    assert_eq!(shell.deployed().lines().count(), 1, "{what}");
    assert_eq!(reported(&open), ["started", "succeeded"], "{what}");
    let shut = gate("denied");
    let shell = prepare(Shell::at(&shut.url()));
    let ended = shell.runs(script);
    assert_eq!(ended.code, 1, "{what}: {}", ended.err);
    assert!(
        ended.out.contains("urgency-window（二）"),
        "{what}: {}",
        ended.out
    );
    assert_eq!(
        (shell.deployed().as_str(), shut.asked().len()),
        ("", ask),
        "{what}"
    );
}

/// The text of the block scalars (`KEY: |` or `- |`) that follow this line, without their indentation.
fn blocks(yaml: &str, key: &str) -> Vec<String> {
    let lines: Vec<&str> = yaml.lines().collect();
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if line.trim() != key {
            continue;
        }
        let marker = lines[number..]
            .iter()
            .position(|line| line.trim_end().ends_with('|'));
        let body = &lines[number + marker.unwrap() + 1..];
        let indent = body[0].len() - body[0].trim_start().len();
        let inside = body
            .iter()
            .take_while(|line| line.is_empty() || line.len() - line.trim_start().len() >= indent);
        let text: Vec<&str> = inside
            .map(|line| line.get(indent..).unwrap_or_default())
            .collect();
        found.push(text.join("\n"));
    }
    found
}

/// The texts of `sh '''…'''`.
fn sh_steps(groovy: &str) -> Vec<&str> {
    let quoted: Vec<&str> = groovy.split("'''").collect();
    assert!(quoted.len() % 2 == 1, "an open '''");
    quoted.into_iter().skip(1).step_by(2).collect()
}

#[test]
fn a_shell_job_obeys() {
    let prepare = |shell: Shell| {
        shell
            .with("SP_NO", SP_NO)
            .with("IMAGE", "a:1")
            .with("DEPLOY_COMMAND", "./deploy.sh \"$IMAGE\"")
    };
    obeys("shell", prepare, &text("deploy/gate/shell/deploy.sh"), 1);
}

#[test]
fn jenkins_obeys() {
    let steps = text("deploy/gate/jenkins/Jenkinsfile");
    let steps = sh_steps(&steps);
    assert_eq!(steps.len(), 2);
    let prepare = |shell: Shell| {
        shell
            .with("SP_NO", SP_NO)
            .with("IMAGE", "a:1")
            .with("BUILD_URL", "https://jenkins.example.com/job/quote/7/")
    };
    // Jenkins ends a build at the first step that fails.
    obeys("Jenkinsfile", prepare, &steps.join("\n"), 1);
}

#[test]
fn the_shared_step_of_jenkins_obeys() {
    let library = text("deploy/gate/jenkins/vars/changegateDeploy.groovy");
    let steps = sh_steps(&library);
    assert_eq!(steps.len(), 1);
    let prepare = |shell: Shell| {
        shell
            .with("SP_NO", SP_NO)
            .with("CHANGEGATE_IMAGES", "a:1")
            .with("BUILD_URL", "https://jenkins.example.com/job/quote/7/")
            .with("DEPLOY_COMMAND", "./deploy.sh a:1")
    };
    obeys("changegateDeploy", prepare, steps[0], 1);
    for variable in ["SP_NO", "CHANGEGATE_IMAGES", "DEPLOY_COMMAND"] {
        assert!(
            library.contains(&format!("\"{variable}=${{args.")),
            "{variable} is not set"
        );
    }
}

#[test]
fn gitlab_obeys() {
    let scripts = blocks(&text("deploy/gate/gitlab/changegate.gitlab-ci.yml"), "script:");
    assert_eq!(scripts.len(), 1);
    let prepare = |shell: Shell| {
        shell
            .with("SP_NO", SP_NO)
            .with("CI_JOB_URL", "https://gitlab.example.com/quote/-/jobs/7")
            .with("CI_ENVIRONMENT_NAME", "production")
            .with("GITLAB_USER_LOGIN", "machao")
            .with("CHANGEGATE_IMAGES", "a:1")
            .with("DEPLOY_COMMAND", "./deploy.sh a:1")
    };
    obeys("GitLab", prepare, &scripts[0], 1);
    let open = gate("allowed");
    let nameless = prepare(Shell::at(&open.url())).with("SP_NO", "");
    let ended = nameless.runs(&scripts[0]);
    assert_eq!(
        (ended.code, open.asked().len()),
        (2, 0),
        "no number, no deployment"
    );
}

#[test]
fn github_obeys() {
    let workflow = text("deploy/gate/github/deploy.yml");
    let lines: Vec<&str> = workflow.lines().collect();
    let run = lines.iter().position(|line| line.trim() == "run: |").unwrap();
    let prepare = |shell: Shell| {
        shell
            .with("SP_NO", SP_NO)
            .with("IMAGE", "a:1")
            .with("CHANGEGATE_ACTOR", "machao")
            .with("GITHUB_REPOSITORY", "firm/quote")
            .with("GITHUB_RUN_ID", "7")
    };
    obeys("GitHub", prepare, &lines[run + 1..].join("\n"), 1);
}

#[test]
fn a_task_of_zadig_obeys() {
    let prepare = |shell: Shell| {
        shell
            .with("SP_NO", SP_NO)
            .with("IMAGE", "a:1")
            .with("DEPLOY_COMMAND", "./deploy.sh \"$IMAGE\"")
    };
    obeys("Zadig", prepare, &text("deploy/gate/zadig/step.sh"), 1);
}

/// Runs the three hooks' commands as Argo CD's Jobs do.
fn hook(server: &StandIn, number: usize) -> Ended {
    let hooks = blocks(&text("deploy/gate/argocd/hooks.yaml"), "args:");
    assert_eq!(hooks.len(), 3);
    let shell = Shell::at(&server.url()).without("CHANGEGATE_TOKEN");
    let token = shell.path("token");
    std::fs::write(&token, crate::shell::TOKEN).unwrap();
    let token = token.to_str().unwrap().to_owned();
    shell
        .with("CHANGEGATE_TOKEN_FILE", &token)
        .with("SP_NO", SP_NO)
        .with("CHANGEGATE_IMAGES", "a:1 b:2")
        .with("APPLICATION", "quote-gateway")
        .runs(&hooks[number])
}

#[test]
fn argo_cd_obeys() {
    let open = gate("allowed");
    for (number, state) in [(0, "started"), (1, "succeeded"), (2, "failed")] {
        let ended = hook(&open, number);
        assert_eq!(ended.code, 0, "{state}: {}", ended.err);
        assert_eq!(reported(&open).last().map(String::as_str), Some(state));
        let said = open.asked().last().unwrap().json();
        assert_eq!(
            (&said["id"], &said["images"]),
            (
                &json!("argocd/quote-gateway/202611240001"),
                &json!(["a:1", "b:2"])
            )
        );
    }
}

#[test]
fn argo_cd_stops_a_sync_that_is_not_allowed_and_reports_nothing_of_it() {
    let shut = gate("denied");
    assert_eq!(hook(&shut, 0).code, 1);
    assert_eq!(hook(&shut, 2).code, 0, "the sync has failed already");
    assert!(reported(&shut).is_empty());
}

#[test]
fn the_hooks_of_argo_cd_are_for_their_phases_and_never_tried_twice() {
    let hooks = text("deploy/gate/argocd/hooks.yaml");
    let documents: Vec<&str> = hooks.split("\n---\n").collect();
    assert_eq!(documents.len(), 3);
    for (document, phase) in documents.iter().zip(["PreSync", "PostSync", "SyncFail"]) {
        for line in [
            &format!("argocd.argoproj.io/hook: {phase}"),
            "backoffLimit: 0",
            "restartPolicy: Never",
            "command: [/bin/sh, -ec]",
        ] {
            assert!(document.contains(line), "{phase}: {line}");
        }
    }
}

#[test]
fn every_script_is_read_by_a_plain_shell() {
    for script in ["changegate-gate.sh", "shell/deploy.sh", "zadig/step.sh"] {
        let path = file("deploy/gate").join(script);
        let read = std::process::Command::new("sh").arg("-n").arg(path).status();
        assert!(read.unwrap().success(), "{script}");
    }
}

//! `changegate-gate.sh` itself.

use serde_json::json;

use crate::shell::{SP_NO, Shell, TOKEN, answers, gate, reported};
use crate::stand_in::{Answer, StandIn};

#[test]
fn only_a_plain_yes_ends_with_0() {
    for (decision, code, said) in [
        ("allowed", 0, "允许发布：202611240001\n"),
        (
            "denied",
            1,
            "不允许发布：202611240001\n\
             - urgency-window（二）：现在不在变更窗口；请在 \"16:30–21:00\" 执行\n\
             - not_approved：尚未审批通过 {\"allowed\":true,\"decision\":\"allowed\"}\n",
        ),
        (
            "unknown",
            3,
            "暂不能确认可否发布，不得发布：202611240001\n- image-unchanged（六.2）：镜像仓库没有回答；请稍后重试\n",
        ),
    ] {
        let server = gate(decision);
        let ended = Shell::at(&server.url()).gate(&["check", SP_NO]);
        assert_eq!((ended.code, ended.out.as_str()), (code, said), "{}", ended.err);
        assert_eq!(server.asked().len(), 1);
    }
}

#[test]
fn whatever_is_no_answer_ends_with_2() {
    for (what, answer) in [
        ("503", Answer::Json(503, json!({ "detail": "ask again" }))),
        (
            "403",
            Answer::Json(403, json!({ "allowed": true, "decision": "allowed" })),
        ),
        (
            "201",
            Answer::Json(201, json!({ "allowed": true, "decision": "allowed" })),
        ),
        (
            "a contradiction",
            Answer::Json(200, json!({ "allowed": true, "decision": "denied" })),
        ),
        (
            "another decision",
            Answer::Json(200, json!({ "allowed": false, "decision": "perhaps" })),
        ),
        (
            "no object",
            Answer::Json(200, json!("\"allowed\":true,\"decision\":\"allowed\"")),
        ),
        ("hung up", Answer::HangUp),
        ("silence", Answer::Silence),
    ] {
        let server = StandIn::start(move |_, _| answer.clone());
        let ended = Shell::at(&server.url()).gate(&["check", SP_NO]);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{what}");
        assert!(ended.err.contains("请勿部署"), "{what}: {}", ended.err);
        assert_eq!(server.asked().len(), 1, "{what}");
    }
}

#[test]
fn a_redirect_is_followed_nowhere_even_if_a_curlrc_says_so() {
    let elsewhere = gate("allowed");
    let to = format!("{}/api/v1/changes/{SP_NO}/gate", elsewhere.url());
    let server = StandIn::start(move |_, _| Answer::Redirect(to.clone()));
    let shell = Shell::at(&server.url());
    std::fs::write(shell.path(".curlrc"), "location\n").unwrap();
    let home = shell.path("").display().to_string();
    let ended = shell.with("HOME", &home).gate(&["check", SP_NO]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(elsewhere.asked().is_empty());
}

#[test]
fn nothing_is_asked_with_what_makes_no_sense() {
    let server = gate("allowed");
    let url = server.url();
    for (what, arguments) in [
        ("a path", vec!["check", "../../../etc"]),
        ("no number", vec!["check", ""]),
        ("a blank", vec!["check", "2026 1124"]),
        ("an unknown option", vec!["check", SP_NO, "--wiat", "3"]),
        ("no seconds", vec!["check", SP_NO, "--wait", "long"]),
        (
            "plain http to elsewhere",
            vec!["check", SP_NO, "--server", "http://gate.example.com"],
        ),
        (
            "a user in the address",
            vec!["check", SP_NO, "--server", "https://a@gate.example.com"],
        ),
        ("an unknown state", vec!["report", SP_NO, "done", "--id", "1"]),
        ("a report without an id", vec!["report", SP_NO, "started"]),
        ("no command", vec!["run", SP_NO, "--"]),
        ("no change", vec!["run", "-", "--", "./deploy.sh"]),
    ] {
        let ended = Shell::at(&url).gate(&arguments);
        assert_eq!(ended.code, 2, "{what}: {}", ended.err);
    }
    let forged = Shell::at(&url).with("CHANGEGATE_TOKEN", "x\"\nurl = \"http://127.0.0.1:9");
    assert_eq!(forged.gate(&["check", SP_NO]).code, 2);
    assert!(server.asked().is_empty());
}

#[test]
fn what_is_not_known_yet_is_asked_again_while_there_is_time() {
    let server = StandIn::start(|asked, before| match before {
        0 => Answer::Json(503, json!({})),
        1 => answers(asked, "unknown"),
        _ => answers(asked, "allowed"),
    });
    let ended = Shell::at(&server.url()).gate(&["check", SP_NO, "--wait", "9"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn a_no_and_an_unknown_token_are_not_asked_again() {
    let no = gate("denied");
    let ended = Shell::at(&no.url()).gate(&["check", SP_NO, "--wait", "9"]);
    assert_eq!((ended.code, no.asked().len()), (1, 1));
    let ended = Shell::at(&no.url())
        .with("CHANGEGATE_TOKEN", "cgt_other")
        .gate(&["check", SP_NO, "--wait", "9"]);
    assert_eq!((ended.code, no.asked().len()), (2, 2));
    assert!(ended.err.contains("令牌不被接受（HTTP 401）"), "{}", ended.err);
}

#[test]
fn the_token_comes_from_a_file_and_is_on_no_command_line() {
    let server = gate("allowed");
    let shell = Shell::at(&server.url()).without("CHANGEGATE_TOKEN");
    let file = shell.path("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    // A curl that writes down how it was called.
    let curl = "#!/bin/sh\nprintf '%s\\n' \"$@\" >>called\nPATH=${PATH#*:} exec curl \"$@\"\n";
    std::fs::write(shell.path("bin/curl"), curl).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(shell.path("bin/curl"), executable).unwrap();
    let ended = shell.gate(&["check", SP_NO, "--token-file", file.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let called = std::fs::read_to_string(shell.path("called")).unwrap();
    assert!(called.starts_with("-q\n--config\n-\n"), "{called}");
    assert!(!called.contains(TOKEN), "{called}");
}

#[test]
fn a_report_says_everything_that_it_was_told() {
    let server = gate("allowed");
    let ended = Shell::at(&server.url()).gate(&[
        "report",
        SP_NO,
        "rolled_back",
        "--id",
        "jobs/7",
        "--image",
        "harbor.example.com/quote/gateway:v2",
        "--image",
        "a:1, b:2",
        "--actor",
        "马超",
        "--environment",
        "hk",
        "--at",
        "2026-11-24T17:00:00+08:00",
        "--note",
        "行情 \"不\" 更新\\\n回退",
    ]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let asked = server.asked();
    assert_eq!(
        asked[0].json(),
        json!({
            "id": "jobs/7", "state": "rolled_back", "environment": "hk", "actor": "马超",
            "images": ["harbor.example.com/quote/gateway:v2", "a:1", "b:2"],
            "at": "2026-11-24T17:00:00+08:00", "note": "行情 \"不\" 更新\\回退",
        })
    );
}

#[test]
fn a_job_that_knows_of_no_change_reports_all_the_same() {
    let server = gate("allowed");
    let ended = Shell::at(&server.url()).gate(&["report", "-", "succeeded", "--id", "cron/1"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(server.asked()[0].path, "/api/v1/deployments");
}

#[test]
fn a_report_is_tried_again_until_it_is_stored() {
    let server = StandIn::start(|asked, before| match before {
        0 => Answer::HangUp,
        1 => Answer::Json(503, json!({})),
        _ => answers(asked, "allowed"),
    });
    let ended = Shell::at(&server.url()).gate(&["report", SP_NO, "started", "--id", "1"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn a_report_that_cannot_be_delivered_is_told_loudly() {
    let down = StandIn::start(|_, _| Answer::Json(503, json!({})));
    let ended = Shell::at(&down.url()).gate(&["report", SP_NO, "started", "--id", "jobs/7"]);
    assert_eq!((ended.code, down.asked().len()), (2, 5));
    assert!(
        ended.err.contains("！！上报未送达（started，jobs/7）"),
        "{}",
        ended.err
    );
    let refused = StandIn::start(|_, _| Answer::Json(400, json!({ "detail": "`at` is still to come" })));
    let ended = Shell::at(&refused.url()).gate(&["report", SP_NO, "started", "--id", "1"]);
    assert_eq!((ended.code, refused.asked().len()), (2, 1));
    assert!(ended.err.contains("still to come"), "{}", ended.err);
}

#[test]
fn run_asks_reports_deploys_and_reports() {
    let server = gate("allowed");
    let shell = Shell::at(&server.url()).with("BUILD_URL", "https://ci.example.com/job/7/");
    let ended = shell.gate(&["run", SP_NO, "--image", "a:1", "--", "./deploy.sh", "a b", "c"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(
        shell.deployed(),
        "a b c \n",
        "with its arguments, without the token"
    );
    assert_eq!(reported(&server), ["started", "succeeded"]);
    let asked = server.asked();
    assert_eq!(asked[1].json()["id"], "https://ci.example.com/job/7/");
    assert_eq!(asked[1].json()["id"], asked[2].json()["id"]);
}

#[test]
fn run_deploys_nothing_without_a_yes() {
    for (decision, code) in [("denied", 1), ("unknown", 3)] {
        let server = gate(decision);
        let shell = Shell::at(&server.url());
        let ended = shell.gate(&["run", SP_NO, "--", "./deploy.sh"]);
        assert_eq!(ended.code, code, "{decision}");
        assert_eq!((shell.deployed().as_str(), server.asked().len()), ("", 1));
    }
    let shell = Shell::at("http://127.0.0.1:9");
    assert_eq!(shell.gate(&["run", SP_NO, "--", "./deploy.sh"]).code, 2);
    assert_eq!(shell.deployed(), "");
}

#[test]
fn run_ends_as_the_deployment_does_whatever_becomes_of_the_reports() {
    let server = gate("allowed");
    let shell = Shell::at(&server.url());
    shell.deploys_with(42);
    let ended = shell.gate(&["run", SP_NO, "--", "./deploy.sh"]);
    assert_eq!(ended.code, 42);
    assert_eq!(reported(&server), ["started", "failed"]);
    assert_eq!(server.asked()[2].json()["note"], "命令以 42 结束");

    let deaf = StandIn::start(|asked, _| match asked.method.as_str() {
        "GET" => answers(asked, "allowed"),
        _ => Answer::Json(403, json!({})),
    });
    let shell = Shell::at(&deaf.url());
    let ended = shell.gate(&["run", SP_NO, "--", "./deploy.sh"]);
    assert_eq!((ended.code, shell.deployed().as_str()), (0, " \n"));
    assert!(ended.err.contains("！！上报未送达（succeeded"), "{}", ended.err);
}

//! `POST /api/v1/evaluate`: a form is judged, nothing is stored, and nobody is told.

use std::io::Write as _;
use std::process::{Command, Stdio};

use changegate_simulator::{Form, forms};
use serde_json::{Value, json};

use crate::jobs::{in_a_query, rfc3339};
use crate::office::{Office, Setup, evening};
use crate::people::plain_form;

/// What `oa/getapprovaldetail` answers of a form, from an office whose bot hears of nothing.
fn approval(office: &Office, form: &Form) -> Value {
    office.wecom.set_callback_url(None);
    let sp_no = office.wecom.submit("zhangwei", form).unwrap();
    json!({ "errcode": 0, "errmsg": "ok", "info": office.wecom.approval(&sp_no).unwrap().detail() })
}

async fn judged(office: &Office, query: &str, body: &Value) -> Value {
    let token = office.token("evaluate");
    let (status, verdict) = posted(office, &token, query, body.to_string()).await;
    assert_eq!(status, 200, "{verdict}");
    verdict
}

async fn posted(office: &Office, token: &str, query: &str, body: String) -> (u16, Value) {
    let address = office.bot_url(&format!("/api/v1/evaluate{query}"));
    let sent = office
        .http
        .post(address)
        .bearer_auth(token)
        .body(body)
        .send()
        .await;
    let answer = sent.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// What a verdict says of a rule.
fn rule<'a>(verdict: &'a Value, rule: &str) -> &'a Value {
    let results = verdict["results"].as_array().unwrap();
    results.iter().find(|result| result["rule"] == rule).unwrap()
}

/// The same form judged by the command.
fn checked(office: &Office, approval: &Value, more: &[&str]) -> Value {
    office.config_file();
    let mut child = Command::new(env!("CARGO_BIN_EXE_changegate"))
        .args(["check", "-", "--format", "json", "--policy"])
        .arg(office.folder.path().join("policy.toml"))
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(approval.to_string().as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_judged_as_the_command_judges_it() {
    let office = Office::open().await;
    for (form, outcome) in [
        (forms::faulty(evening()), "rejected"),
        (plain_form(evening()), "compliant"),
    ] {
        let approval = approval(&office, &form);
        let verdict = judged(&office, "", &approval).await;
        assert_eq!(verdict["verdict"], outcome, "{verdict}");
        assert_eq!(rule(&verdict, "uat-accepted")["status"], "skip");
        assert_eq!(verdict, checked(&office, &approval, &[]));
        // What the reply holds is enough.
        assert_eq!(judged(&office, "", &approval["info"]).await, verdict);
    }
    nothing_came_of_it(&office).await;
    office.stop_bot_and_wecom().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_judged_for_a_chosen_moment() {
    let office = Office::open().await;
    let approval = approval(&office, &forms::corrected(evening()));
    let moved_back = json!({ "found": {
        "summary": "港股十档行情功能", "status": "开发中", "issue_type": "需求",
        "read_at": "2026-11-24T10:29:00+08:00"
    }});
    let facts = json!({ "issues": { "QUOTE-1024": moved_back } });
    let file = office.folder.path().join("facts.json");
    std::fs::write(&file, facts.to_string()).unwrap();
    let whole = json!({ "approval": approval, "facts": facts });
    for (time, dated) in [("2026-11-24 10:30", false), ("2026-11-24 14:59", true)] {
        let verdict = judged(&office, &format!("?at={}", in_a_query(time)), &whole).await;
        assert_eq!(verdict["evaluated_at"], rfc3339(time));
        let accepted = rule(&verdict, "uat-accepted");
        assert_eq!(accepted["status"], "fail");
        // What JIRA said some time ago is dated.
        let message = accepted["message"].as_str().unwrap();
        assert_eq!(message.contains("10:29"), dated, "{message}");
        let more = ["--at", time, "--facts", file.to_str().unwrap()];
        assert_eq!(verdict, checked(&office, &approval, &more));
    }
    office.stop_bot_and_wecom().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_judged_with_the_facts_that_come_with_it() {
    let office = Office::open().await;
    let approval = approval(&office, &forms::corrected(evening()));
    let accepted = |summary: &str, status: &str| {
        json!({ "found": {
            "summary": summary, "status": status, "issue_type": "需求",
            "status_changes": [{
                "at": "2026-11-23T18:20:00+08:00", "by": "chenjing", "by_name": "陈静",
                "from": "UAT 验收", "to": "待上线"
            }],
            "read_at": "2026-11-24T10:29:00+08:00"
        }})
    };
    let second = "盘口刷新提速功能";
    for (of_second, exists, is_accepted) in [
        (accepted(second, "待上线"), "pass", "pass"),
        (accepted(second, "开发中"), "pass", "fail"),
        ("missing".into(), "fail", "pass"),
        (
            json!({ "unavailable": "JIRA 10 秒内没有应答" }),
            "unknown",
            "unknown",
        ),
    ] {
        let facts = json!({ "issues": { 
            "QUOTE-1024": accepted("港股十档行情功能", "待上线"), "QUOTE-1031": of_second
        } });
        let whole = json!({ "approval": approval, "facts": facts });
        let verdict = judged(&office, "", &whole).await;
        assert_eq!(rule(&verdict, "jira-exists")["status"], exists, "{verdict}");
        assert_eq!(rule(&verdict, "uat-accepted")["status"], is_accepted, "{verdict}");
        let file = office.folder.path().join("facts.json");
        std::fs::write(&file, facts.to_string()).unwrap();
        let by_command = checked(&office, &approval, &["--facts", file.to_str().unwrap()]);
        assert_eq!(verdict, by_command);
    }
    nothing_came_of_it(&office).await;
    office.stop_bot_and_wecom().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_judged_with_what_jira_says_now() {
    let office = Setup::plain().with_jira().open().await;
    let approval = approval(&office, &forms::corrected(evening()));
    let verdict = judged(&office, "?facts=gather", &approval).await;
    assert_eq!(rule(&verdict, "jira-exists")["status"], "pass", "{verdict}");
    assert_eq!(rule(&verdict, "uat-accepted")["status"], "pass", "{verdict}");
    let form = forms::corrected(evening());
    let waits = Form {
        description: form.description.replace("QUOTE-1031", "QUOTE-1040"),
        ..form.clone()
    };
    let none = Form {
        description: form.description.replace("QUOTE-1031", "QUOTE-9999"),
        ..form
    };
    for (form, fails, key) in [
        (waits, "uat-accepted", "QUOTE-1040"),
        (none, "jira-exists", "QUOTE-9999"),
    ] {
        let approval = self::approval(&office, &form);
        let verdict = judged(&office, "?facts=gather", &approval).await;
        assert_eq!(verdict["verdict"], "rejected");
        let failed = rule(&verdict, fails);
        assert_eq!(failed["status"], "fail", "{verdict}");
        assert!(failed["message"].as_str().unwrap().contains(key), "{failed}");
    }
    nothing_came_of_it(&office).await;
    office.stop_bot_and_wecom().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_judged_is_refused_with_the_reason() {
    let office = Office::open().await;
    let (evaluates, gate) = (office.token("evaluate"), office.token("gate"));
    let approval = approval(&office, &forms::corrected(evening()));
    let form = approval.to_string();
    let mistaken = json!({ "approval": approval, "facts": { "issue": {} } }).to_string();
    let alone = json!({ "approval": approval }).to_string();
    let large = json!({ "approval": "x".repeat(1024 * 1024) }).to_string();
    for (token, query, body, status, words) in [
        (&gate, "", &form, 403, "lacks the scope `evaluate`"),
        (&evaluates, "?at=now", &form, 400, "`at` is `now`"),
        (&evaluates, "?facts=guess", &form, 400, "unknown variant `guess`"),
        (&evaluates, "?colour=red", &form, 400, "unknown field `colour`"),
        (&evaluates, "", &"[".to_owned(), 400, "line 1"),
        (&evaluates, "", &"{}".to_owned(), 400, "sp_no"),
        (&evaluates, "", &mistaken, 400, "unknown field `issue`"),
        (&evaluates, "", &alone, 400, "missing field `facts`"),
        (&evaluates, "", &large, 413, "1 MiB"),
    ] {
        let (got, problem) = posted(&office, token, query, body.clone()).await;
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(
            got == status && detail.contains(words),
            "{status} {words}: {got} {problem}"
        );
    }
    office.stop_bot_and_wecom().await;
}

/// No change is known, and no message was sent.
async fn nothing_came_of_it(office: &Office) {
    let token = office.token("read");
    let (_, list) = office.get("/api/v1/changes", &token).await;
    assert_eq!(list["changes"], json!([]));
    assert!(office.wecom.messages().is_empty());
}

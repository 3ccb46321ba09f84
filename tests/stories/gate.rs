//! May this change be deployed now? Asked over HTTP and by the command, which ends with 0 only where it may.

use changegate_simulator::forms;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::filing::{rejected_for_its_title, urgent};
use crate::jobs::{Job, codes, rfc3339, rules};
use crate::office::{Office, Setup, evening};
use crate::people::{card, plain_form};

const TOO_EARLY: &str = "窗口 11月24日 16:30–21:00 尚未开始（现在 11月24日 10:30）；请等窗口开始，提前发布需与研发小组长确认（八.1）";

#[tokio::test(flavor = "multi_thread")]
async fn before_everybody_has_signed_nothing_goes_out() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.wecom.submit("zhangwei", &plain_form(evening())).unwrap();
    office.hears("zhangwei", &sp_no).await;
    office.wecom.approve(&sp_no, "liqiang").unwrap();
    office.reads("sunli", "轮到你审批").await;
    let answer = job.asks(&sp_no).await;
    assert_eq!(answer["decision"], "denied");
    assert_eq!(
        answer["reasons"],
        json!([
            {
                "code": "not_approved", "rule": "approval-chain", "clause": "四, 七",
                "message": "审批尚未全部通过；请等全部审批人签署后再发布"
            },
            { "code": "outside_window", "rule": "urgency-window", "clause": "二", "message": TOO_EARLY }
        ])
    );
    let words = format!(
        "不允许发布（2 项）\n\
         - approval-chain（四, 七）：审批尚未全部通过；请等全部审批人签署后再发布\n\
         - urgency-window（二）：{TOO_EARLY}\n"
    );
    let asked = job.runs(&[&sp_no]);
    assert_eq!((asked.code, &asked.out), (1, &words), "{}", asked.err);
    let asked = job.runs_on_the_database(&[&sp_no, "--at", "2026-11-24T10:30:00+08:00"]);
    assert_eq!((asked.code, &asked.out), (1, &words), "{}", asked.err);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_change_waits_for_its_window_and_then_may_go_out() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.approved(&plain_form(evening())).await;
    let early = job.asks(&sp_no).await;
    assert_eq!(codes(&early), ["outside_window"]);
    assert_eq!(early["reasons"][0]["message"], TOO_EARLY);
    assert_eq!(job.runs(&[&sp_no]).code, 1);

    office.it_is("2026-11-24 17:00");
    let answer = job.is_let_through(&sp_no).await;
    assert_eq!(
        answer["window"],
        json!({ "opens": "2026-11-24T16:30:00+08:00", "closes": "2026-11-24T21:00:00+08:00" })
    );
    let words = "允许发布；窗口 11月24日 16:30–21:00\n";
    let asked = job.runs(&[&sp_no]);
    assert_eq!((asked.code, asked.out.as_str()), (0, words), "{}", asked.err);
    let asked = job.runs_on_the_database(&[&sp_no, "--at", &rfc3339("2026-11-24 17:00")]);
    assert_eq!((asked.code, asked.out.as_str()), (0, words), "{}", asked.err);
    let asked = job.runs(&[&sp_no, "--format", "json"]);
    let printed: Value = serde_json::from_str(&asked.out).unwrap();
    assert_eq!((asked.code, printed), (0, answer));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gate_is_asked_for_another_time() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    job.is_let_through(&sp_no).await;
    for (time, decision, reasons) in [
        ("2026-11-24 16:29", "denied", &["outside_window"][..]),
        ("2026-11-24 16:30", "allowed", &[]),
        ("2026-11-24 17:15", "allowed", &[]),
        // By then what is known now is too old.
        ("2026-11-24 17:16", "unknown", &["stale_facts"]),
        ("2026-11-24 21:00", "denied", &["stale_facts", "outside_window"]),
    ] {
        let answer = job.asks_for(&sp_no, time).await;
        assert_eq!(
            (answer["decision"].as_str(), codes(&answer)),
            (Some(decision), reasons.to_vec()),
            "{time}: {answer}"
        );
        let code = match decision {
            "allowed" => 0,
            "denied" => 1,
            _ => 3,
        };
        assert_eq!(job.runs(&[&sp_no, "--at", &rfc3339(time)]).code, code, "{time}");
    }
    let path = format!("/api/v1/changes/{sp_no}/gate?at=today");
    let (status, problem) = office.get(&path, &job.token).await;
    assert_eq!(
        (status, problem["type"].as_str()),
        (400, Some("urn:changegate:problem:bad-request"))
    );
    assert!(
        problem["detail"].as_str().unwrap().starts_with("`at` is `today`"),
        "{problem}"
    );
    assert_eq!(job.runs(&[&sp_no, "--at", "today"]).code, 2);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_rules_is_held_back_although_everybody_signed() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::faulty(evening()))
        .unwrap();
    office.hears("zhangwei", &sp_no).await;
    for approver in ["liqiang", "sunli", "zhaolei"] {
        office.wecom.approve(&sp_no, approver).unwrap();
    }
    office.it_is("2026-11-24 17:00");
    let answer = job
        .hears(&sp_no, |answer| {
            codes(answer).iter().all(|code| *code == "rule_failed")
        })
        .await;
    assert_eq!(answer["decision"], "denied");
    assert_eq!(
        rules(&answer),
        [
            "title-format",
            "description-regression",
            "description-jira",
            "rollback-plan"
        ]
    );
    let asked = job.runs(&[&sp_no]);
    assert_eq!(asked.code, 1);
    assert!(
        asked
            .out
            .starts_with("不允许发布（4 项）\n- title-format（六.4）："),
        "{}",
        asked.out
    );
    assert!(asked.out.contains("\n- rollback-plan（六.6）："), "{}", asked.out);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_granted_waiver_opens_the_gate() {
    let office = Setup::plain().with_pages().open().await;
    let job = Job::of(&office);
    let sp_no = rejected_for_its_title(&office).await;
    let denied = job.asks(&sp_no).await;
    assert!(rules(&denied).contains(&"title-format"), "{denied}");
    let asked = office
        .sees("yexin", &["请处理豁免申请", "监管报送已用此标题"])
        .await;
    let page = office.opens("yexin", &asked.button("去处理").unwrap().url).await;
    let reason = [("note", "标题已报送，不宜更改")];
    office.fills_in("yexin", &page, "grant", &reason).await;
    office
        .reads("zhangwei", "**豁免已同意，变更可按现状继续审批**")
        .await;
    for approver in ["liqiang", "sunli", "zhaolei"] {
        office.wecom.approve(&sp_no, approver).unwrap();
    }
    office.sees("machao", &[card::START, &sp_no]).await;
    office.it_is("2026-11-24 17:00");
    job.is_let_through(&sp_no).await;
    assert_eq!(job.runs(&[&sp_no]).code, 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn during_a_freeze_nothing_goes_out() {
    let freeze = "[[freezes]]\nname = \"季末封网\"\nfrom = 2026-11-24T17:30:00\nuntil = 2026-11-24T18:00:00\n\n[contacts]";
    let office = Setup::plain().policy("[contacts]", freeze).open().await;
    let job = Job::of(&office);
    let sp_no = office
        .approved(&plain_form(evening() + TimeDelta::minutes(90)))
        .await;
    office.it_is("2026-11-24 17:29");
    job.is_let_through(&sp_no).await;
    office.it_is("2026-11-24 17:30");
    let answer = job.hears(&sp_no, |answer| codes(answer) == ["frozen"]).await;
    assert_eq!(answer["reasons"][0]["rule"], "freeze");
    assert_eq!(
        answer["reasons"][0]["message"],
        "现在是封网期（季末封网）；请在封网结束后发布，确需发布的先由管理员豁免“封网”"
    );
    assert_eq!(job.runs(&[&sp_no]).code, 1);
    office.it_is("2026-11-24 18:00");
    job.is_let_through(&sp_no).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flow_that_a_newer_one_replaces_stays_closed() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let older = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 11:00");
    let newer = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    let answer = job.hears(&older, |answer| codes(answer) == ["superseded"]).await;
    assert_eq!(answer["decision"], "denied");
    assert_eq!(answer["reasons"][0]["rule"], "superseded-flow");
    assert_eq!(
        answer["reasons"][0]["message"],
        format!("流程已被新流程 {newer} 替代；请按新流程发布，并撤销本流程")
    );
    assert_eq!(job.runs(&[&older]).code, 1);
    job.is_let_through(&newer).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_outside_of_windows_needs_the_development_leads_word() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.wecom.submit("zhangwei", &urgent()).unwrap();
    office
        .presses("zhangwei", "请发送紧急发版申请邮件并点“已发送”", "已发送")
        .await;
    office.reads("zhangwei", "已解决 1 项").await;
    for approver in ["liqiang", "sunli", "huangtao", "zhaolei"] {
        office.wecom.approve(&sp_no, approver).unwrap();
    }
    office.sees("machao", &[card::START, &sp_no]).await;
    office.it_is("2026-11-25 11:00");
    let answer = job.hears(&sp_no, |answer| codes(answer) == ["no_consent"]).await;
    assert_eq!(answer["window"], Value::Null);
    assert_eq!(
        answer["reasons"][0]["message"],
        "紧急变更在时间窗口外发布，需与研发小组长确认（八.1）；请运维同事点“开始执行”请其确认"
    );
    office.presses("machao", card::START, "开始执行").await;
    office
        .presses("liqiang", "请决定：可否在窗口外执行", "同意窗口外执行")
        .await;
    office.reads("machao", "已同意窗口外执行").await;
    job.is_let_through(&sp_no).await;
    let asked = job.runs(&[&sp_no]);
    assert_eq!((asked.code, asked.out.as_str()), (0, "允许发布\n"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_goes_through_whatever_else_holds() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.executed(&plain_form(evening())).await;
    let out = job.asks(&sp_no).await;
    assert_eq!(codes(&out), ["already_executed"]);
    office.presses("wangfang", card::WATCH, "发现异常").await;
    office.reads("liqiang", card::HANDLE).await;
    let wrong = job.asks(&sp_no).await;
    assert_eq!(codes(&wrong), ["anomaly"]);
    assert!(
        wrong["reasons"][0]["message"]
            .as_str()
            .unwrap()
            .contains("要回退请先在卡片或详情页点“执行回退”"),
        "{wrong}"
    );
    office.presses("liqiang", card::HANDLE, "执行回退").await;
    office.reads("machao", card::ROLL_BACK).await;
    office.it_is("2026-11-24 23:30");
    assert_eq!(job.asks(&sp_no).await["decision"], "allowed");
    assert_eq!(job.runs(&[&sp_no]).code, 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_that_was_moved_back_closes_the_gate_again() {
    let office = Setup::plain().with_jira().open().await;
    let job = Job::of(&office);
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    job.is_let_through(&sp_no).await;
    office
        .wecom
        .move_issue("QUOTE-1031", "开发中", "zhangwei")
        .unwrap();
    office.it_is("2026-11-24 17:06");
    let answer = job.hears(&sp_no, |answer| answer["decision"] == "denied").await;
    assert_eq!(rules(&answer), ["uat-accepted"]);
    let message = answer["reasons"][0]["message"].as_str().unwrap();
    assert!(message.contains("QUOTE-1031"), "{message}");
    assert_eq!(job.runs(&[&sp_no]).code, 1);
    office.close().await;
}

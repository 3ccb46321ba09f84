//! What nobody can say for sure may not be deployed: facts that are old, numbers that are not known, no answer at all.

use changegate_simulator::{Draft, Fault, FaultKind};

use crate::jobs::{Job, codes, run};
use crate::office::{Office, evening};
use crate::people::plain_form;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_known_long_ago_is_not_known_and_lets_nothing_through() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    job.is_let_through(&sp_no).await;
    let broken = FaultKind::Status { status: 500 };
    office.wecom.fault(Fault::new("oa/getapprovaldetail", broken));
    office.it_is("2026-11-24 17:20");
    let answer = job.asks(&sp_no).await;
    assert_eq!(
        (answer["decision"].as_str(), codes(&answer)),
        (Some("unknown"), vec!["stale_facts"])
    );
    let asked = job.runs(&[&sp_no]);
    assert_eq!(asked.code, 3, "{}", asked.err);
    assert_eq!(
        asked.out,
        "暂不能确认可否发布，不得发布（1 项）\n- –（三）：事实已过期，正在重新核对，请一分钟后重试\n"
    );
    office.wecom.clear_faults();
    office.as_time_passes(job.is_let_through(&sp_no)).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_nobody_knows_lets_nothing_through() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let leave = office.wecom.submit_draft(Draft {
        applicant: "zhangwei".to_owned(),
        template_id: Some("LEAVE".to_owned()),
        contents: Vec::new(),
        nodes: None,
    });
    let token = office.token("read");
    office
        .change(&leave, &token, |change| change["verdict"] == "not_applicable")
        .await;
    for number in ["202611240099", leave.as_str()] {
        let answer = job.asks(number).await;
        assert_eq!(
            (answer["decision"].as_str(), codes(&answer)),
            (Some("unknown"), vec!["no_such_change"])
        );
        let words = format!(
            "暂不能确认可否发布，不得发布（1 项）\n\
             - –（六）：没有单号为 {number} 的生产上线变更；请核对单号，未发起的先在企业微信审批中发起\n"
        );
        for asked in [job.runs(&[number]), job.runs_on_the_database(&[number])] {
            assert_eq!((asked.code, &asked.out), (3, &words), "{}", asked.err);
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gets_no_answer_does_not_deploy() {
    let mut office = Office::open().await;
    let sp_no = office.approved(&plain_form(evening())).await;
    let path = format!("/api/v1/changes/{sp_no}/gate");
    let (good, reads) = (office.token("gate"), office.token("read"));
    let server = office.bot_url("");
    for (token, status, word) in [("cgt_wrong", 401, "unauthorized"), (&reads, 403, "forbidden")] {
        let (got, problem) = office.get(&path, token).await;
        assert_eq!(
            (got, problem["type"].as_str()),
            (status, Some(format!("urn:changegate:problem:{word}").as_str()))
        );
        let asked = run(&server, Some(token), &[&sp_no]);
        assert_eq!((asked.code, asked.out.as_str()), (2, ""));
        let says = format!("changegate：没有得到答复，请勿部署：变更闸回答 HTTP {status}：");
        assert!(asked.err.starts_with(&says), "{}", asked.err);
        assert!(!asked.err.contains(token), "the token is told: {}", asked.err);
    }
    let asked = run(&server, None, &[&sp_no]);
    assert_eq!(asked.code, 2);
    assert!(
        asked.err.contains("CHANGEGATE_TOKEN 或 --token-file"),
        "{}",
        asked.err
    );
    let file = office.folder.path().join("token");
    std::fs::write(&file, format!("{good}\n")).unwrap();
    let asked = run(&server, None, &[&sp_no, "--token-file", file.to_str().unwrap()]);
    assert_eq!(asked.code, 1, "{}", asked.err);
    // Something answers there, but no gate.
    let asked = run(&office.wecom.base_url(), Some(&good), &[&sp_no]);
    assert_eq!((asked.code, asked.out.as_str()), (2, ""), "{}", asked.err);
    office.stop_bot().await;
    let asked = run(&server, Some(&good), &[&sp_no]);
    assert_eq!((asked.code, asked.out.as_str()), (2, ""));
    assert!(asked.err.contains("请勿部署：变更闸没有回答"), "{}", asked.err);
    office.wecom.stop().await;
}

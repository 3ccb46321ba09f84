//! Deployment jobs report: a change moves on without a button, and what went out past the gate is heard of.

use serde_json::{Value, json};

use crate::jobs::{Job, codes, rfc3339};
use crate::office::{Office, evening};
use crate::people::{card, plain_form};

/// What a job says of its deployment number 4711.
pub(crate) fn report(state: &str) -> Value {
    json!({
        "id": "deploy-4711", "state": state, "environment": "production",
        "images": ["quote/quote-gateway:v2.9.0"], "actor": "jenkins"
    })
}

/// The stage that the change comes to.
pub(crate) async fn comes_to(office: &Office, sp_no: &str, stage: &str) -> Value {
    let token = office.token("read");
    office
        .change(sp_no, &token, |change| change["stage"] == stage)
        .await
}

/// The timeline's entries of this kind.
fn entries(change: &Value, what: &str) -> Vec<Value> {
    let all = change["timeline"].as_array().unwrap().iter();
    all.filter(|entry| entry["what"] == what).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_reports_spares_everybody_the_buttons() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    job.is_let_through(&sp_no).await;
    let asked = office.sees("machao", &[card::START, &sp_no]).await;
    let answer = job.reports(Some(&sp_no), &report("started")).await;
    assert_eq!(answer["duplicate"], false);
    assert_eq!(answer["gate"]["decision"], "allowed");
    office.reads("machao", "jenkins 已于 17:00 开始执行").await;
    let now = office.wecom.messages_of("machao");
    let same = now.iter().find(|seen| seen.id == asked.id).unwrap();
    assert!(
        same.replaced && same.button("开始执行").is_none(),
        "{}",
        same.text
    );
    comes_to(&office, &sp_no, "executing").await;

    let finish = office.sees("machao", &[card::FINISH, &sp_no]).await;
    office.it_is("2026-11-24 17:04");
    let done = json!({ "at": rfc3339("2026-11-24 17:03") });
    let mut succeeded = report("succeeded");
    succeeded
        .as_object_mut()
        .unwrap()
        .extend(done.as_object().unwrap().clone());
    job.reports(Some(&sp_no), &succeeded).await;
    office.sees("chenjing", &[card::VERIFY, &sp_no]).await;
    office.sees("wangfang", &[card::WATCH, &sp_no]).await;
    office.reads("zhangwei", "变更已执行，请现在跟进生产验证").await;
    office.reads("machao", "jenkins 已于 17:04 确认执行完成").await;
    let now = office.wecom.messages_of("machao");
    let same = now.iter().find(|seen| seen.id == finish.id).unwrap();
    assert!(
        same.replaced && same.button("执行完成").is_none(),
        "{}",
        same.text
    );
    let change = comes_to(&office, &sp_no, "verifying").await;
    let reported = entries(&change, "deployed");
    assert_eq!(reported.len(), 2, "{reported:?}");
    office.presses("chenjing", card::VERIFY, "验证通过").await;
    office.presses("wangfang", card::WATCH, "无异常反馈").await;
    comes_to(&office, &sp_no, "closed").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_report_twice_is_one() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    job.is_let_through(&sp_no).await;
    assert_eq!(
        job.reports(Some(&sp_no), &report("failed")).await["duplicate"],
        false
    );
    office.reads("machao", "**发布失败").await;
    assert_eq!(
        job.reports(Some(&sp_no), &report("failed")).await["duplicate"],
        true
    );
    job.reports(Some(&sp_no), &report("succeeded")).await;
    assert_eq!(
        job.reports(Some(&sp_no), &report("failed")).await["duplicate"],
        true
    );
    office.sees("chenjing", &[card::VERIFY, &sp_no]).await;
    let change = comes_to(&office, &sp_no, "verifying").await;
    assert_eq!(entries(&change, "deployed").len(), 2);
    assert_eq!(office.times("machao", "**发布失败"), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_fails_is_told_to_those_who_can_mend_it_and_the_next_one_counts() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    job.is_let_through(&sp_no).await;
    job.reports(Some(&sp_no), &report("started")).await;
    let mut failed = report("failed");
    failed["note"] = "quote-gateway 未就绪：ImagePullBackOff".into();
    job.reports(Some(&sp_no), &failed).await;
    for who in ["machao", "qianhao"] {
        let told = office
            .reads(who, "**发布失败，请查看任务日志，处理后重新发布或回退**")
            .await;
        assert!(
            told.contains("发布状态：发布失败（11月24日（周二）17:00）"),
            "{told}"
        );
        assert!(told.contains("发布任务：jenkins，编号 deploy-4711"), "{told}");
        assert!(
            told.contains("说明：quote-gateway 未就绪：ImagePullBackOff"),
            "{told}"
        );
        assert!(told.contains("变更现为：执行中"), "{told}");
    }
    for who in ["zhangwei", "liqiang"] {
        let told = office.reads(who, "**变更发布失败，请配合运维同事排查**").await;
        assert!(
            told.contains("要修改镜像才能上线的，须撤回本流程，重新发起（六.2）"),
            "{told}"
        );
    }
    let mut again = report("succeeded");
    again["id"] = "deploy-4712".into();
    job.reports(Some(&sp_no), &again).await;
    office.sees("chenjing", &[card::VERIFY, &sp_no]).await;
    comes_to(&office, &sp_no, "verifying").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_job_rolls_back_after_the_end_is_an_anomaly_whose_remedy_is_confirmed() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.executed(&plain_form(evening())).await;
    job.reports(Some(&sp_no), &report("rolled_back")).await;
    let told = office
        .reads("machao", "**变更已由发布任务回退，请关注原功能是否恢复**")
        .await;
    assert!(
        told.contains("开发、测试同事确认原功能正常后，流程方可结束（十.3）"),
        "{told}"
    );
    office.presses("zhangwei", card::RESTORED, "原功能正常").await;
    office.presses("wangfang", card::RESTORED, "原功能正常").await;
    comes_to(&office, &sp_no, "closed").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_out_before_its_window_is_told_to_the_leads_with_the_reasons() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 15:30");
    let answer = job.reports(Some(&sp_no), &report("started")).await;
    assert_eq!(answer["gate"]["decision"], "denied", "{answer}");
    for who in ["zhaolei", "liqiang"] {
        let told = office
            .reads(who, "**变更在闸门未放行时发布，请立即核实，不应上线的立即回退**")
            .await;
        assert!(told.contains("未放行的原因"), "{told}");
        assert!(
            told.contains("窗口 11月24日 16:30–21:00 尚未开始（现在 11月24日 15:30）"),
            "{told}"
        );
        assert!(
            told.contains("发布状态：开始发布（11月24日（周二）15:30）"),
            "{told}"
        );
    }
    assert!(!office.has("chenjing", "变更在闸门未放行时发布"));
    comes_to(&office, &sp_no, "executing").await;
    // Its end is told as any other: that it should not have begun was said.
    job.reports(Some(&sp_no), &report("succeeded")).await;
    office.sees("chenjing", &[card::VERIFY, &sp_no]).await;
    assert_eq!(office.times("zhaolei", "变更在闸门未放行时发布"), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_out_unsigned_is_told_as_that() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let sp_no = office.wecom.submit("zhangwei", &plain_form(evening())).unwrap();
    office.hears("zhangwei", &sp_no).await;
    let answer = job.reports(Some(&sp_no), &report("succeeded")).await;
    assert_eq!(codes(&answer["gate"])[0], "not_approved");
    for who in ["zhaolei", "liqiang"] {
        let told = office
            .reads(who, "**未经批准的变更已经发布，请立即核实，不应上线的立即回退**")
            .await;
        assert!(told.contains("审批尚未全部通过"), "{told}");
        assert!(told.contains("变更现为：审批中"), "{told}");
    }
    let change = comes_to(&office, &sp_no, "approving").await;
    assert_eq!(
        entries(&change, "deployed")[0]["detail"]["allowed"],
        false,
        "{change}"
    );
    assert!(!office.has("chenjing", card::VERIFY));
    office.close().await;
}

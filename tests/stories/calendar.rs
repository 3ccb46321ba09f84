//! What the firm's calendar brings: the cut-off, the window, New York's clocks, the month.

use changegate_simulator::NewIssue;

use crate::office::{Office, Setup, evening, shanghai};
use crate::people::{card, plain_form};

#[tokio::test(flavor = "multi_thread")]
async fn before_the_cut_off_a_lead_hears_which_issues_wait_without_a_flow() {
    let office = Setup::plain().with_jira().open().await;
    for (key, summary, state) in [
        ("QUOTE-3001", "逐笔成交明细", "待上线"),
        ("QUOTE-3002", "盘口配色", "UAT 验收"),
        ("TRADE-3003", "改单提示", "待上线"),
    ] {
        office
            .wecom
            .create_issue(NewIssue::new(key, summary).at(state))
            .unwrap();
    }
    let form = plain_form(evening());
    let form = changegate_simulator::Form {
        description: form.description.replace("QUOTE-1024", "QUOTE-3004"),
        ..form
    };
    office
        .wecom
        .create_issue(NewIssue::new("QUOTE-3004", "自选股分组").at("待上线"))
        .unwrap();
    office.wecom.submit("zhangwei", &form).unwrap();
    office.reads("zhangwei", "变更申请").await;
    office.it_is("2026-11-24 14:33");
    let told = office.reads("liqiang", "前发起变更流程").await;
    assert!(told.starts_with("**请在今天 15:00 前发起变更流程（"), "{told}");
    assert!(
        told.contains("QUOTE-3001") && told.contains("逐笔成交明细"),
        "{told}"
    );
    for other in ["QUOTE-3002", "TRADE-3003", "QUOTE-3004"] {
        assert!(
            !told.contains(other),
            "{other} is not to be filed by this team now: {told}"
        );
    }
    let told = office.reads("hejun", "前发起变更流程").await;
    assert!(told.contains("TRADE-3003"), "{told}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_window_opens_operations_read_in_one_message_what_is_due() {
    let office = Office::open().await;
    let one = office.approved(&plain_form(evening())).await;
    let other = crate::people::another_form(evening(), 1);
    let other = office.approved(&other).await;
    office.it_is("2026-11-24 16:33");
    let digest = office.reads("machao", "变更窗口已开").await;
    assert!(
        digest.starts_with("**变更窗口已开，请执行 2 个变更（16:30–21:00）**"),
        "{digest}"
    );
    assert!(digest.contains(&one) && digest.contains(&other), "{digest}");
    office.reads("qianhao", "变更窗口已开，请执行 2 个变更").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_will_miss_its_window_is_told_half_an_hour_before_its_end() {
    let office = Office::open().await;
    office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 20:35");
    let told = office.reads("machao", "变更窗口 21:00 关闭").await;
    assert!(
        told.starts_with("**变更窗口 21:00 关闭，请尽快执行或改期**"),
        "{told}"
    );
    office
        .reads("zhangwei", "变更窗口 21:00 关闭而尚未执行，请联系运维同事")
        .await;
    office.it_is("2026-11-24 21:05");
    let told = office.reads("machao", "变更未在窗口内执行").await;
    assert!(told.contains("下一窗口：11月26日（周四）16:30 起"), "{told}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_before_new_york_changes_its_clocks_operations_read_what_moves() {
    let office = Setup::plain().at("2027-03-07 10:04").open().await;
    office.it_is("2027-03-07 10:06");
    let told = office.reads("zhaolei", "进入夏令时").await;
    assert!(
        told.starts_with("**美国3月14日（周日）起进入夏令时，请按新的变更窗口安排**"),
        "{told}"
    );
    assert!(
        told.contains("16:30–21:00") && told.contains("16:30–20:00"),
        "{told}"
    );
    assert!(told.contains("美股开盘：22:30 → 21:30"), "{told}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_first_working_day_leads_and_administrators_read_the_months_figures() {
    let office = Office::open().await;
    let sp_no = office.executed(&plain_form(evening())).await;
    office.presses("chenjing", card::VERIFY, "发现异常").await;
    office.presses("liqiang", card::HANDLE, "执行回退").await;
    office.presses("machao", card::ROLL_BACK, "回退完成").await;
    office.presses("zhangwei", card::RESTORED, "原功能正常").await;
    office.presses("wangfang", card::RESTORED, "原功能正常").await;
    let token = office.token("read");
    office
        .change(&sp_no, &token, |change| change["stage"] == "closed")
        .await;
    office.it_is("2026-12-01 10:06");
    for who in ["liqiang", "hejun", "sunli", "yexin"] {
        let told = office.reads(who, "**请查阅 2026 年 11 月变更统计**").await;
        assert!(
            told.contains("**行情组**：异常率 100.0%（不参与排名）；发起 1，不合规 0，执行 1，异常 1"),
            "{told}"
        );
    }
    assert!(!office.has("zhangwei", "变更统计"));
    assert!(office.wecom.clock().now() < shanghai("2026-12-02 00:00"));
    office.close().await;
}

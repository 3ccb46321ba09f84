//! Trading sessions that a change has to live through (九.3).

use changegate_simulator::{Form, forms};

use crate::office::{Office, Setup, evening};
use crate::people::{card, plain_form};

fn about_us() -> Form {
    let form = plain_form(evening());
    Form {
        title: "行情系统美股盘前报价功能上线变更".to_owned(),
        description: form.description.replace("自选股分组", "美股盘前报价"),
        ..form
    }
}

async fn verified(office: &Office) {
    office.presses("chenjing", card::VERIFY, "验证通过").await;
    office.presses("wangfang", card::WATCH, "无异常反馈").await;
    office.reads("wangfang", "王芳 已于 17:00 确认无异常反馈").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stays_for_new_york_confirms_after_its_open_at_half_past_ten() {
    let office = Office::open().await;
    let sp_no = office.executed(&about_us()).await;
    let executed = office.reads("zhangwei", "变更已执行，请现在跟进生产验证").await;
    assert!(
        executed.contains("留守至 11月24日（周二）22:30 美股开盘"),
        "{executed}"
    );
    verified(&office).await;
    office.it_is("2026-11-24 22:29");
    assert!(!office.has("zhangwei", "可以离岗"), "New York has not opened");
    assert!(!office.has("zhangwei", "美股已开盘"));
    office.it_is("2026-11-24 22:33");
    let asked = office
        .presses("zhangwei", "美股已开盘，请确认行情、交易正常", "美股开盘正常")
        .await;
    assert!(
        asked.text.contains("开盘时间：11月24日（周二）22:30"),
        "{}",
        asked.text
    );
    office.reads("chenjing", "张伟 已于 22:33 确认美股开盘正常").await;
    office.reads("wangfang", "**验证已全部完成，可以离岗**").await;
    let token = office.token("read");
    office
        .change(&sp_no, &token, |change| change["stage"] == "closed")
        .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watches_hong_kongs_open_is_named_told_the_evening_before_and_half_an_hour_before() {
    let office = Setup::plain().with_pages().open().await;
    let sp_no = office.executed(&forms::corrected(evening())).await;
    verified(&office).await;
    office.reads("wangfang", "**验证已全部完成，可以离岗**").await;
    let naming = office.sees("liqiang", &["请安排次日港股开盘前到岗人员"]).await;
    assert!(
        naming.text.contains("开盘时间：11月25日（周三）09:30"),
        "{}",
        naming.text
    );
    let page = office
        .opens("liqiang", &naming.button("指定人员").unwrap().url)
        .await;
    let named = [("people", "zhouyang"), ("people", "liuyan")];
    office.fills_in("liqiang", &page, "name_watchers", &named).await;
    office.reads("liqiang", "安排到岗人员").await;
    office.it_is("2026-11-24 20:35");
    for who in ["zhouyang", "liuyan"] {
        let told = office
            .reads(who, "**请于 11月25日（周三）09:30 港股开盘前到岗值守**")
            .await;
        assert!(
            told.contains("值守人：刘艳、周洋") || told.contains("值守人：周洋、刘艳"),
            "{told}"
        );
    }
    office.it_is("2026-11-25 09:00");
    let watch = office
        .presses("zhouyang", "请在港股开盘前到岗并监控", "已到岗")
        .await;
    office.reads("zhouyang", "已记录到岗，开盘后请确认是否正常").await;
    office.presses_anyway("liuyan", &watch, "开盘正常");
    office.reads("liuyan", "尚未开盘，请在开盘后确认").await;
    office.it_is("2026-11-25 09:33");
    office
        .presses("zhouyang", "请在港股开盘前到岗并监控", "开盘正常")
        .await;
    office.reads("liuyan", "周洋 已于 09:33 确认开盘正常").await;
    let token = office.token("read");
    office
        .change(&sp_no, &token, |change| change["stage"] == "closed")
        .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_applicant_corrects_the_markets_and_nobody_has_to_come_in() {
    let office = Office::open().await;
    let sp_no = office.approved(&forms::corrected(evening())).await;
    let asked = office
        .presses("zhangwei", "请确认变更涉及的市场", "不涉及港股")
        .await;
    assert!(asked.text.contains("现判断：港股"), "{}", asked.text);
    office.reads("liqiang", "张伟 已于 10:30 更改涉及市场").await;
    office.it_is("2026-11-24 17:00");
    office.presses("machao", card::START, "开始执行").await;
    office.presses("machao", card::FINISH, "执行完成").await;
    verified(&office).await;
    let token = office.token("read");
    office
        .change(&sp_no, &token, |change| change["stage"] == "closed")
        .await;
    assert!(!office.has("liqiang", "请安排次日港股开盘前到岗人员"));
    office.close().await;
}

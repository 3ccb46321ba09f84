//! Buttons under wrong, hasty and late fingers.

use changegate_simulator::PressOutcome;
use chrono::TimeDelta;
use serde_json::Value;

use crate::office::{Office, Setup, evening};
use crate::people::{card, plain_form};

/// How often a button of this action was acted on, and refused for which reasons.
async fn presses(office: &Office, sp_no: &str, action: &str, until: usize) -> (usize, Vec<String>) {
    let token = office.token("read");
    let of = |change: &Value| {
        let entries = change["timeline"].as_array().unwrap().clone();
        let mine = entries
            .into_iter()
            .filter(|entry| entry["detail"]["action"] == action);
        mine.collect::<Vec<Value>>()
    };
    let change = office
        .change(sp_no, &token, |change| of(change).len() >= until)
        .await;
    let entries = of(&change);
    let acted = entries.iter().filter(|entry| entry["what"] == "pressed").count();
    let refused = entries.iter().filter(|entry| entry["what"] == "refused");
    let why = refused.map(|entry| entry["detail"]["why"].as_str().unwrap().to_owned());
    (acted, why.collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_press_is_told_who_may_and_nothing_happens() {
    let office = Office::open().await;
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    let start = office.sees("machao", &[card::START, &sp_no]).await;
    let regression = office.sees("wangfang", &["请完成回归测试并点“已完成”"]).await;
    let rollback = office.sees("zhangwei", &["请备好回退方案并点“已完成”"]).await;
    for (who, seen, button) in [
        ("wulei", &start, "开始执行"),
        ("zhangwei", &regression, "已完成"),
        ("liqiang", &rollback, "已完成"),
    ] {
        office.presses_anyway(who, seen, button);
    }
    let told = office.reads("wulei", "未执行").await;
    assert!(
        told.starts_with("**未执行：仅 马超、钱浩 可操作“开始执行”**"),
        "{told}"
    );
    office
        .reads("zhangwei", "**未执行：仅 王芳 可操作“已完成”**")
        .await;
    office
        .reads("liqiang", "**未执行：仅 张伟 可操作“已完成”**")
        .await;
    let (acted, refused) = presses(&office, &sp_no, "start", 1).await;
    assert_eq!((acted, refused), (0, vec!["not_yours".to_owned()]));

    office.presses("machao", card::START, "开始执行").await;
    let finish = office.presses("machao", card::FINISH, "执行完成").await;
    office.presses_anyway("chenjing", &finish, "执行完成");
    office
        .reads("chenjing", "**未执行：仅 马超、钱浩 可操作“执行完成”**")
        .await;
    let verify = office.sees("chenjing", &[card::VERIFY]).await;
    let watch = office.sees("wangfang", &[card::WATCH]).await;
    office.presses_anyway("zhangwei", &verify, "验证通过");
    office.presses_anyway("zhangwei", &watch, "无异常反馈");
    office
        .reads("zhangwei", "**未执行：仅 陈静 可操作“验证通过”**")
        .await;
    office
        .reads("zhangwei", "**未执行：仅 王芳 可操作“无异常反馈”**")
        .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_press_during_an_anomaly_is_told_who_may() {
    let office = Office::open().await;
    office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 16:00");
    office.presses("machao", card::START, "开始执行").await;
    let consent = office.sees("liqiang", &["请决定：可否在窗口外执行"]).await;
    office.presses_anyway("machao", &consent, "同意窗口外执行");
    office
        .reads("machao", "**未执行：仅 李强 可操作“同意窗口外执行”**")
        .await;
    office.it_is("2026-11-24 17:00");
    office.presses("machao", card::START, "开始执行").await;
    office.presses("machao", card::FINISH, "发现异常").await;
    let handle = office.sees("liqiang", &[card::HANDLE]).await;
    office.presses_anyway("chenjing", &handle, "执行回退");
    office
        .reads("chenjing", "**未执行：仅 李强、马超、钱浩 可操作“执行回退”**")
        .await;
    office.presses("liqiang", card::HANDLE, "执行回退").await;
    let roll_back = office.sees("machao", &[card::ROLL_BACK]).await;
    office.presses_anyway("wangfang", &roll_back, "回退完成");
    office.reads("wangfang", "可操作“回退完成”**").await;
    office.presses("qianhao", card::ROLL_BACK, "回退完成").await;
    let restored = office.sees("zhangwei", &[card::RESTORED]).await;
    office.presses_anyway("liqiang", &restored, "原功能正常");
    office.reads("liqiang", "可操作“原功能正常”**").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_press_changes_nothing_and_says_who_was_first() {
    let office = Office::open().await;
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    let mine = office.presses("machao", card::START, "开始执行").await;
    office.reads("machao", "马超 已于 17:00 开始执行").await;
    let key = &mine.button("开始执行").unwrap().key;
    assert_eq!(
        office.wecom.press("machao", &mine.task_id, key),
        PressOutcome::NoSuchButton,
        "the card has turned into its result"
    );
    office.presses_anyway("machao", &mine, "开始执行");
    let answer = office.reads("machao", "无需操作").await;
    assert!(
        answer.starts_with("**无需操作：马超 已于 17:00 处理“开始执行”**"),
        "{answer}"
    );
    assert!(answer.contains("变更现为：执行中"), "{answer}");
    let (acted, refused) = presses(&office, &sp_no, "start", 2).await;
    assert_eq!((acted, refused), (1, vec!["already_done".to_owned()]));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_who_press_in_the_same_second_make_one_start() {
    let office = Office::open().await;
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    let one = office.sees("machao", &[card::START, &sp_no]).await;
    let other = office.sees("qianhao", &[card::START, &sp_no]).await;
    office.presses_anyway("machao", &one, "开始执行");
    office.presses_anyway("qianhao", &other, "开始执行");
    office.reads("machao", card::FINISH).await;
    office.reads("qianhao", card::FINISH).await;
    let (acted, refused) = presses(&office, &sp_no, "start", 2).await;
    assert_eq!((acted, refused), (1, vec!["already_done".to_owned()]));
    assert_eq!(office.times("chenjing", card::VERIFY), 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_after_the_change_moved_on_is_answered_with_where_it_stands() {
    let office = Office::open().await;
    let sp_no = office.executed(&plain_form(evening())).await;
    let verify = office.sees("chenjing", &[card::VERIFY, &sp_no]).await;
    office.presses("wangfang", card::WATCH, "发现异常").await;
    office.presses("machao", card::HANDLE, "执行回退").await;
    office.presses("machao", card::ROLL_BACK, "回退完成").await;
    office.sees("zhangwei", &[card::RESTORED]).await;
    office.presses_anyway("chenjing", &verify, "验证通过");
    office
        .reads("chenjing", "**变更现为：已回退，待确认，无需操作**")
        .await;
    let (acted, refused) = presses(&office, &sp_no, "verified", 1).await;
    assert_eq!((acted, refused), (0, vec!["moved_on".to_owned()]));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_press_delivered_many_times_counts_once() {
    let office = Office::open().await;
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    office
        .wecom
        .set_callback_faults(changegate_simulator::CallbackFaults {
            duplicates: 9,
            ..changegate_simulator::CallbackFaults::default()
        });
    office.presses("machao", card::START, "开始执行").await;
    office.reads("machao", card::FINISH).await;
    office.wecom.settle(crate::office::PATIENCE).await.unwrap();
    let (acted, refused) = presses(&office, &sp_no, "start", 1).await;
    assert_eq!((acted, refused), (1, Vec::new()));
    assert!(!office.has("machao", "无需操作"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_that_reaches_the_bot_after_three_days_is_answered_in_a_message() {
    let office = Office::open().await;
    office.approved(&plain_form(evening())).await;
    let hold = |hold| changegate_simulator::CallbackFaults {
        hold,
        ..changegate_simulator::CallbackFaults::default()
    };
    office.wecom.set_callback_faults(hold(true));
    office
        .presses("wangfang", "请完成回归测试并点“已完成”", "已完成")
        .await;
    office.wecom.clock().advance(TimeDelta::hours(73));
    office.wecom.set_callback_faults(hold(false));
    office
        .wecom
        .release_callbacks(&changegate_simulator::ReleaseOrder::Original);
    office.reads("wangfang", "**已记录：已完成**").await;
    assert!(
        office.has("wangfang", "请完成回归测试并点“已完成”"),
        "the card stays as it was"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_cards_are_refused_the_duty_comes_with_a_link_and_is_done_on_its_page() {
    let office = Setup::plain().with_pages().open().await;
    office.wecom.refuse_interactive_cards(true);
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    let seen = office.sees("machao", &[card::START, &sp_no]).await;
    assert_eq!(seen.kind, "textcard", "{}", seen.text);
    let page = office.opens("machao", &seen.url).await;
    assert!(page.body.contains("马超 已登录"), "{}", page.body);
    let after = office.fills_in("machao", &page, "start", &[]).await;
    assert!(after.body.contains("开始执行"), "{}", after.body);
    let finish = office.sees("machao", &[card::FINISH, &sp_no]).await;
    assert_eq!(finish.kind, "textcard");
    let stranger = office.opens("qianhao", &finish.url).await;
    assert!(stranger.body.contains("钱浩 已登录"), "{}", stranger.body);
    office.fills_in("qianhao", &stranger, "executed", &[]).await;
    office.sees("chenjing", &[card::VERIFY, &sp_no]).await;
    office.close().await;
}

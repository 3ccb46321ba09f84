//! Messages that are not about one change.

use changegate_calendar::Exchange;
use changegate_lifecycle::Stage;
use changegate_policy::{Urgency, UserId};
use changegate_wecom::message::Body;
use insta::assert_snapshot;
use proptest::prelude::*;

use super::sample::{PAGE, POLICY, as_read, at, directory, user};
use crate::{DigestChange, DigestLine, FirmNotice, MonthBest, TeamRow, digest, firm};

fn told(notice: &FirmNotice) -> String {
    as_read(
        &firm(notice, &user("ops"), Some(&directory()), &POLICY, PAGE)
            .unwrap()
            .body,
    )
}

fn due() -> DigestChange {
    DigestChange {
        title: "行情系统条件单功能上线变更".to_owned(),
        sp_no: "202611240001".to_owned(),
        applicant: user("dev"),
        urgency: Some(Urgency::Normal),
        planned: Some(at("17:00")),
        stage: Stage::Approved,
        rollback_short: "回退镜像 quote-server:2.3.7".to_owned(),
        link: PAGE.to_owned(),
    }
}

#[test]
fn somebody_left() {
    let notice = FirmNotice::PeopleLeft {
        people: vec![
            ("李强".to_owned(), vec!["行情组开发组长".to_owned()]),
            (
                "王芳".to_owned(),
                vec!["测试同事".to_owned(), "管理员".to_owned()],
            ),
        ],
    };
    assert_snapshot!(told(&notice), @"
    **请尽快指定接替人：2 人已离职或停用**
    > 李强：行情组开发组长
    > 王芳：测试同事、管理员

    他们不再收到待办；在政策文件、企业微信的部门负责人或标签里换上接替人后，次日自动生效（changegate doctor 立即生效）

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [374 bytes]
    ");
}

#[test]
fn before_the_cut_off() {
    let issue = |key: &str, summary: &str| {
        let link = format!("http://jira.yxzq.com/browse/{key}");
        (key.to_owned(), summary.to_owned(), link)
    };
    let notice = FirmNotice::CutoffReminder {
        issues: vec![
            issue("QUOTE-101", "条件单到价提醒"),
            issue("TRADE-7", "[点我](https://evil.example.com)"),
        ],
        cutoff: "15:00".to_owned(),
        known: true,
    };
    assert_snapshot!(told(&notice), @r#"
    **请在今天 15:00 前发起变更流程（2 个待上线）**
    以下 JIRA 单为“待上线”，尚未发起变更流程：
    > [QUOTE-101](http://jira.yxzq.com/browse/QUOTE-101)：条件单到价提醒
    > [TRADE-7](http://jira.yxzq.com/browse/TRADE-7)：［点我］(https：//evil．example．com)

    正常变更须在变更当天 15:00 前发起（六）
    [358 bytes]
    "#);
    let unknown = FirmNotice::CutoffReminder {
        issues: Vec::new(),
        cutoff: "15:00".to_owned(),
        known: false,
    };
    assert_snapshot!(told(&unknown), @r#"
    **请检查待上线需求，今天 15:00 前发起变更流程**
    未能从 JIRA 取得待上线清单（未配置或无应答），请自行核对“待上线”的需求

    正常变更须在变更当天 15:00 前发起（六）
    [228 bytes]
    "#);
}

#[test]
fn a_window_opens() {
    let urgent = DigestChange {
        sp_no: "202611240002".to_owned(),
        urgency: Some(Urgency::Emergency),
        planned: None,
        stage: Stage::Approving,
        rollback_short: String::new(),
        ..due()
    };
    let window = |changes| FirmNotice::WindowDigest {
        opens: at("16:30"),
        closes: at("21:00"),
        changes,
    };
    assert_snapshot!(told(&window(vec![due(), urgent])), @r#"
    **变更窗口已开，请执行 2 个变更（16:30–21:00）**
    > [202611240001](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)：行情系统条件单功能上线变更，申请人 张三，11月24日（周二）17:00 开始，已通过，回退：回退镜像 quote-server:2.3.7
    > [202611240002](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)：行情系统条件单功能上线变更，紧急，申请人 张三，审批中

    请先与研发确认变更时间（八.1），开始时点卡片上的“开始执行”
    [567 bytes]
    "#);
    assert_snapshot!(told(&window(Vec::new())), @r#"
    **变更窗口已开，暂无待执行的变更（16:30–21:00）**
    [68 bytes]
    "#);
}

#[test]
fn a_window_with_more_than_fits() {
    let notice = FirmNotice::WindowDigest {
        opens: at("16:30"),
        closes: at("21:00"),
        changes: vec![due(); 60],
    };
    let told = told(&notice);
    assert!(
        told.starts_with("**变更窗口已开，请执行 60 个变更（16:30–21:00）**"),
        "{told}"
    );
    let shown = told.lines().filter(|line| line.starts_with("> [")).count();
    assert!(
        shown > 4 && told.contains(&format!("> 还有 {} 项", 60 - shown)),
        "{told}"
    );
}

#[test]
fn new_york_changes_its_clocks() {
    let notice = FirmNotice::ClocksChange {
        at: "2027-03-14T07:00:00Z".parse().unwrap(),
        open_before: "22:30".to_owned(),
        open_after: "21:30".to_owned(),
        window_before: "周二、四 16:30–21:00".to_owned(),
        window_after: "周二、四 16:30–20:00".to_owned(),
        begins_daylight: true,
        changes: vec![due()],
    };
    assert_snapshot!(told(&notice), @r#"
    **美国3月14日（周日）起进入夏令时，请按新的变更窗口安排**
    变更窗口：周二、四 16:30–21:00 → 周二、四 16:30–20:00
    美股开盘：22:30 → 21:30（本地时间）

    受影响的变更
    > [202611240001](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)：行情系统条件单功能上线变更，申请人 张三，11月24日（周二）17:00 开始，已通过，回退：回退镜像 quote-server:2.3.7
    [465 bytes]
    "#);
}

#[test]
fn a_calendar_that_ends() {
    let notice = FirmNotice::CalendarEnding {
        exchange: Exchange::HongKong,
        covered_until: chrono::NaiveDate::from_ymd_opt(2027, 12, 31).unwrap(),
        days_left: 30,
    };
    assert_snapshot!(told(&notice), @r#"
    **请更新港股交易日历，还有 30 天到期**
    覆盖至：2027-12-31
    到期后不再推算开盘日，次日值守与美股开盘提醒须人工安排

    [查看设置](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [245 bytes]
    "#);
}

#[test]
fn a_month_and_a_year() {
    let row = |team: &str, executed, with_anomaly, rate, ranked| TeamRow {
        team: team.to_owned(),
        filed: executed + 2,
        rejected: 1,
        executed,
        with_anomaly,
        rate,
        ranked,
    };
    let notice = FirmNotice::Monthly {
        year: 2026,
        month: 12,
        rows: vec![
            row("行情组", 20, 1, Some(0.05), true),
            row("交易组", 3, 0, Some(0.0), false),
            row("账户组", 0, 0, None, false),
        ],
        yearly: Some(vec![
            MonthBest {
                month: 11,
                teams: vec!["行情组".to_owned(), "交易组".to_owned()],
                rate: Some(0.0),
            },
            MonthBest {
                month: 12,
                teams: Vec::new(),
                rate: None,
            },
        ]),
    };
    assert_snapshot!(told(&notice), @r#"
    **请查阅 2026 年 12 月变更统计**

    各小组（异常率由低到高）
    > **行情组**：异常率 5.0%；发起 22，不合规 1，执行 20，异常 1
    > **交易组**：异常率 0.0%（不参与排名）；发起 5，不合规 1，执行 3，异常 0
    > **账户组**：未执行变更；发起 2，不合规 1，执行 0，异常 0

    年度：各月异常率最低的小组
    > 11 月：行情组、交易组，0.0%
    > 12 月：无小组参与排名

    <font color="comment">每个数字背后的变更：请管理员用 changegate export 导出</font>
    <font color="comment">执行少于 5 个变更的小组不参与排名</font>
    [636 bytes]
    "#);
}

#[test]
fn somebody_who_cannot_be_reached() {
    let undeliverable = FirmNotice::Undeliverable {
        to_name: "王芳".to_owned(),
        what: "变更已执行，请现在验证生产功能：行情系统条件单功能上线变更".to_owned(),
        why: "不在应用可见范围".to_owned(),
        sp_no: "202611240001".to_owned(),
    };
    assert_snapshot!(told(&undeliverable), @r#"
    **有消息未能送达，请人工转告 王芳**
    未送达：变更已执行，请现在验证生产功能：行情系统条件单功能上线变更
    原因：不在应用可见范围
    单号：202611240001

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [293 bytes]
    "#);
    let stand_in = FirmNotice::StandIn {
        for_name: "王芳".to_owned(),
        why: "不在应用可见范围".to_owned(),
        line: "变更已执行，请现在验证生产功能：行情系统条件单功能上线变更（202611240001）".to_owned(),
        sp_no: "202611240001".to_owned(),
    };
    assert_snapshot!(told(&stand_in), @r#"
    **请代 王芳 处理，对方无法接收消息**
    事项：变更已执行，请现在验证生产功能：行情系统条件单功能上线变更（202611240001）
    原因：因 王芳 无法接收（不在应用可见范围），由你代为跟进
    单号：202611240001

    [去处理](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [356 bytes]
    "#);
}

#[test]
fn several_reminders_in_one_message() {
    let line = |n: usize| DigestLine {
        sp_no: format!("20261124{n:04}"),
        line: format!("变更已执行，请现在验证生产功能：行情系统条件单功能上线变更（20261124{n:04}）"),
    };
    let read = |count| {
        let lines: Vec<DigestLine> = (1..=count).map(line).collect();
        as_read(&digest(&lines, &UserId::new("pm"), PAGE).unwrap().body)
    };
    assert_snapshot!(read(2), @r#"
    **你有 2 项待办，请逐项处理**
    > 变更已执行，请现在验证生产功能：行情系统条件单功能上线变更（202611240001）
    > 变更已执行，请现在验证生产功能：行情系统条件单功能上线变更（202611240002）

    [办理我的待办](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [349 bytes]
    "#);
    let many = read(60);
    let shown = many.lines().filter(|line| line.contains("请现在验证")).count();
    assert!(
        shown > 8 && many.contains(&format!("> 还有 {} 项", 60 - shown)),
        "{many}"
    );
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[一-龥]{0,700}",
        Just("[a](https://evil.example.com) <font color=\"info\">".repeat(40)),
        Just("**\n> `x`\u{1}\u{3}".repeat(60)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_message_fits_and_leads_only_where_it_should(
        which in 0..6_u8,
        words in words(),
        link in prop_oneof![Just("javascript:alert(1)".to_owned()), Just(format!("{PAGE}{}", "p".repeat(600))), Just(PAGE.to_owned())],
        many in 0..40_usize,
    ) {
        let change = DigestChange {
            title: words.clone(),
            sp_no: words.clone(),
            applicant: UserId::new(&words),
            rollback_short: words.clone(),
            link: link.clone(),
            ..due()
        };
        let text = || words.clone();
        let notice = match which {
            0 => FirmNotice::CutoffReminder {
                issues: vec![(text(), text(), link); many],
                cutoff: "15:00".to_owned(),
                known: true,
            },
            1 => FirmNotice::WindowDigest { opens: at("16:30"), closes: at("21:00"), changes: vec![change; many] },
            2 => FirmNotice::Undeliverable { to_name: text(), what: text(), why: text(), sp_no: text() },
            4 => FirmNotice::PeopleLeft { people: vec![(text(), vec![text()]); many] },
            3 => FirmNotice::StrayDeployment {
                sp_no: Some(text()),
                deployment: Box::new(super::limits::deployment(&words)),
            },
            _ => FirmNotice::StandIn { for_name: text(), why: text(), line: text(), sp_no: text() },
        };
        let message = firm(&notice, &user("ops"), Some(&directory()), &POLICY, PAGE).unwrap();
        let Body::Markdown { content } = message.body else { panic!("no markdown") };
        let ours = content.matches(&format!("]({PAGE})")).count();
        prop_assert_eq!(content.matches("](").count(), ours, "{}", content);
        prop_assert_eq!(content.matches("://").count(), ours, "{}", content);
        prop_assert!(content.lines().next().is_some_and(|line| line.starts_with("**") && line.ends_with("**")), "{content}");
    }
}

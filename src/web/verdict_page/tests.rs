//! What people find on the page, and what must never be on it.

mod sample;

use changegate_policy::{Directory, Outcome, Policy, Role, UserId, Verdict};
use changegate_store::ChangeDraft;
use chrono::DateTime;

use super::corrections::{Piece, pieces};
use super::{TimelineRow, VerdictPage, link_expired, render};
use crate::web::pages::DutyRow;

fn directory() -> Directory {
    let mut directory = Directory::default();
    directory
        .roles
        .insert(Role::OperationsLead, [UserId::new("ops")].into());
    directory.roles.insert(Role::Admin, [UserId::new("admin")].into());
    let names = [
        ("dev", "张三"),
        ("lead", "李四"),
        ("ops", "赵六"),
        ("admin", "周八"),
    ];
    directory.names = names
        .into_iter()
        .map(|(id, name)| (UserId::new(id), name.to_owned()))
        .collect();
    directory
}

fn draft(title: &str, stage: &str) -> ChangeDraft {
    let at = |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    ChangeDraft {
        sp_no: "202611240001".to_owned(),
        title: title.to_owned(),
        stage: stage.to_owned(),
        applicant: "dev".to_owned(),
        apply_time: at("2026-11-24T15:12:08+08:00"),
        planned_from: at("2026-11-24T17:00:00+08:00"),
        planned_until: at("2026-11-24T18:30:00+08:00"),
        ..ChangeDraft::default()
    }
}

fn page(title: &str, stage: &str, verdict: &Verdict) -> String {
    let row = |at: &str, who: &str, what: &str| TimelineRow {
        at: at.to_owned(),
        who: who.to_owned(),
        what: what.to_owned(),
    };
    let duty = DutyRow {
        name: "审批",
        who: "李四".to_owned(),
        since: "15:12".to_owned(),
        address: "/d/202611240001/1".to_owned(),
    };
    render(&VerdictPage {
        change: &draft(title, stage),
        verdict,
        directory: Some(&directory()),
        timeline: vec![
            row(
                "11-24 15:12:10",
                "",
                "评审结果：不合规；不合规：标题格式、15:00 前发起、UAT 验收、JIRA 单链接",
            ),
            row("11-24 15:12:10", "", "已通知 张三：评审结果"),
            row("11-24 15:30:41", "李四", "已同意（仍有不合规项：标题格式）"),
        ],
        duties: vec![duty],
        times: vec![("审批通过", "2026-11-24 周二 15:40".to_owned())],
        incident: verdict.verdict == Outcome::Rejected,
        policy: &Policy::built_in(),
    })
}

/// The part of a page that begins with a heading, up to the next section.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let (_, after) = page.split_once(heading).unwrap_or_else(|| panic!("no {heading}"));
    after.split_once("<section").map_or(after, |(section, _)| section)
}

#[test]
fn a_rejected_change_says_what_to_do_and_offers_the_corrected_texts_once() {
    let page = page("条件单上线", "approving", &sample::rejected());
    assert!(page.contains("请撤销后按下文修改，再重新提交。"));
    assert!(
        page.contains("4 项不合规 · 2 项建议改进 · 1 项尚在核对"),
        "{page}"
    );
    let corrections = section(&page, "更正后的文本</h2>");
    assert!(
        corrections.contains("<mark>【待填写：系统】</mark>系统条件单功能上线变更"),
        "{corrections}"
    );
    assert!(corrections.contains("TRADE-1024"));
    assert_eq!(
        page.matches("browse/TRADE-1024").count(),
        1,
        "the whole description stands once"
    );
    assert_eq!(page.matches("见“更正后的文本”：升级功能描述").count(), 3);
}

#[test]
fn the_facts_name_people_and_times_as_the_firm_reads_them() {
    let page = page("条件单上线", "approving", &sample::rejected());
    for fact in [
        "<dd>张三</dd>",
        "<dd>审批中</dd>",
        "<dd>2026-11-24 周二 15:12</dd>",
        "<dd>2026-11-24 周二 17:00–18:30</dd>",
        "<dd>2026-11-24 周二 16:30–21:00（美国冬令时）</dd>",
        "2026-11-24 15:12:10（北京时间）",
        "<span class=\"who\">李四</span>",
        "<dt>审批通过</dt><dd>2026-11-24 周二 15:40</dd>",
    ] {
        assert!(page.contains(fact), "no {fact} in {page}");
    }
    assert!(!page.contains("<span class=\"who\"></span>"));
}

#[test]
fn what_is_to_be_done_leads_to_its_page_and_to_everything_else() {
    let rejected = page("条件单上线", "approving", &sample::rejected());
    let duties = section(&rejected, "待办与操作</h2>");
    assert!(
        duties.contains("href=\"/d/202611240001/1\"") && duties.contains("李四 · 15:12 起"),
        "{duties}"
    );
    assert!(duties.contains("href=\"/a/202611240001\""), "{duties}");
    assert!(duties.contains("href=\"/i/202611240001\""), "{duties}");
    assert!(!page("条件单上线", "approving", &sample::compliant()).contains("/i/202611240001"));
}

#[test]
fn a_waiver_is_asked_of_people_by_name_while_the_change_takes_its_course() {
    let open = page("条件单上线", "approving", &sample::rejected());
    let waiver = section(&open, "申请豁免</h2>");
    assert!(
        waiver.contains("运维负责人（赵六）或变更闸管理员（周八）"),
        "{waiver}"
    );
    assert!(waiver.contains("href=\"/a/202611240001#waiver\""), "{waiver}");
    assert!(!page("条件单上线", "executing", &sample::rejected()).contains("申请豁免</h2>"));
    assert!(!page("条件单上线", "withdrawn", &sample::rejected()).contains("申请豁免</h2>"));
    assert!(!page("条件单上线", "approving", &sample::compliant()).contains("申请豁免</h2>"));
}

#[test]
fn waived_rules_stand_apart_and_watched_rules_do_not_show() {
    let page = page("条件单上线", "approving", &sample::rejected());
    assert!(section(&page, "已豁免<span").contains("测试同事不能是申请人本人"));
    assert!(!page.contains("同一窗口有另一份变更涉及同一系统"));
}

#[test]
fn text_of_others_is_never_markup() {
    let title = "\"><script>alert(1)</script><a href=\"https://evil.example.com\">";
    let page = page(title, "approving", &sample::rejected());
    assert_eq!(page.matches("<script").count(), 1, "ours");
    assert!(!page.contains("<a href=\"https"), "{page}");
}

#[test]
fn pages_hold_under_the_content_security_policy() {
    for page in [
        page("条件单上线", "approving", &sample::rejected()),
        link_expired(),
    ] {
        for forbidden in [
            " style=",
            "<style",
            " onclick",
            "javascript:",
            "src=\"http",
            "href=\"http",
        ] {
            assert!(!page.contains(forbidden), "{forbidden} in {page}");
        }
        assert!(page.contains("<html lang=\"zh-CN\">") && page.contains("name=\"viewport\""));
    }
}

#[test]
fn an_expired_link_tells_how_to_get_a_new_one() {
    let page = link_expired();
    assert!(page.contains("<h1>链接已失效</h1>") && page.contains("查看详情"));
}

#[test]
fn blanks_are_found_in_a_text_to_copy() {
    assert_eq!(
        pieces("【待填写：系统】系统【待填写：功能】功能"),
        [
            Piece::Text(""),
            Piece::Blank("【待填写：系统】"),
            Piece::Text("系统"),
            Piece::Blank("【待填写：功能】"),
            Piece::Text("功能"),
        ]
    );
    assert_eq!(
        pieces("【待填写"),
        [Piece::Text(""), Piece::Blank("【待填写"), Piece::Text("")]
    );
    assert_eq!(pieces("没有空白"), [Piece::Text("没有空白")]);
}

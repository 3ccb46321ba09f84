//! Workbooks on both sides of each border.

use crate::facts::{AttachedFile, Facts, FileContent, Files, MailContent, WorkbookContent};
use crate::policy::Policy;
use crate::rule::RuleId;
use crate::rules::testing::{compliant, judged, judged_by, text};
use crate::submission::{Field, Submission};
use crate::verdict::Status::{self, Fail, Pass, Skip, Unknown, Warn};

const LIST: &str = "变更计划清单.xlsx";

fn file(name: &str, content: FileContent) -> AttachedFile {
    AttachedFile {
        name: name.to_owned(),
        sha256: None,
        content,
    }
}

fn rows(filled_rows: u32, keys: &[&str]) -> FileContent {
    FileContent::Workbook(WorkbookContent {
        filled_rows,
        jira: keys.iter().map(|&key| key.to_owned()).collect(),
    })
}

fn unreadable() -> FileContent {
    FileContent::Unreadable("文件设有密码".to_owned())
}

fn with(known: Vec<AttachedFile>, pending: Option<&str>) -> Facts {
    Facts {
        files: Some(Files {
            known,
            pending: pending.map(str::to_owned),
        }),
        ..Facts::default()
    }
}

fn said(submission: &Submission, facts: &Facts) -> (Status, String) {
    let result = judged(RuleId::AttachmentContent, submission, facts);
    (result.status, result.message.unwrap_or_default())
}

/// Tells how each set of files is judged, and by which words.
fn expect(cases: Vec<(Vec<AttachedFile>, Option<&str>, Status, &str)>) {
    for (known, pending, status, words) in cases {
        let facts = with(known, pending);
        let (found, message) = said(&compliant(), &facts);
        assert_eq!(found, status, "{facts:?}: {message}");
        assert!(message.contains(words), "{message}");
    }
}

fn good() -> FileContent {
    rows(1, &["TRADE-1024"])
}

#[test]
fn a_list_is_good_when_something_stands_in_it() {
    let mail = FileContent::Mail(MailContent::default());
    let open = |name: &str, content| vec![file(name, content)];
    expect(vec![
        (open(LIST, good()), None, Pass, ""),
        (open("變更計劃清單（终版）.XLS", good()), None, Pass, ""),
        // What was read counts, whatever the name ends with.
        (open("变更计划清单.xlsm", good()), None, Pass, ""),
        (open(LIST, rows(0, &[])), None, Fail, "表头下没有填写内容"),
        (
            open(LIST, unreadable()),
            None,
            Fail,
            "打不开：文件设有密码；请重新导出为 xlsx",
        ),
        (open("变更计划清单.eml", mail), None, Fail, "是邮件，不是表格"),
    ]);
}

#[test]
fn a_file_that_nobody_opened_is_judged_by_its_name() {
    let unopened = |name: &str| vec![file(name, FileContent::NotRead)];
    expect(vec![
        (unopened(LIST), None, Skip, "尚未打开"),
        (unopened("变更计划清单.XLS"), None, Skip, "尚未打开"),
        (unopened("变更计划清单.xlsm"), None, Warn, "另存为 xlsx"),
        (unopened("变更计划清单.et"), None, Warn, "另存为 xlsx"),
        (unopened("变更计划清单"), None, Warn, "没有扩展名"),
        (unopened("变更计划清单.pdf"), None, Fail, "不是表格"),
        (unopened("变更计划清单.xlsx.png"), None, Fail, "不是表格"),
    ]);
}

#[test]
fn of_several_files_one_good_one_suffices_and_the_least_wrong_one_speaks() {
    let old = || file("变更计划清单-旧.xlsx", unreadable());
    let empty = || file(LIST, rows(0, &[]));
    let unopened = |name: &str| file(name, FileContent::NotRead);
    expect(vec![
        (vec![old(), file(LIST, good())], None, Pass, ""),
        (vec![empty(), unopened("变更计划清单.xlsm")], None, Warn, "另存为"),
        (
            vec![empty(), unopened("变更计划清单2.xlsx")],
            None,
            Skip,
            "尚未打开",
        ),
        (vec![empty(), old()], None, Fail, ""),
    ]);
}

#[test]
fn a_list_that_did_not_come_is_waited_for_or_left_to_the_rule_on_names() {
    let other = || file("说明.docx", FileContent::NotRead);
    let empty = || file(LIST, rows(0, &[]));
    let coming = Some("下载中");
    expect(vec![
        (vec![], None, Skip, "没有附上“变更计划清单”"),
        (vec![other()], None, Skip, "没有附上"),
        (vec![], coming, Unknown, "“变更计划清单”尚未取得：下载中"),
        (vec![other()], coming, Unknown, "下载中"),
        (vec![empty()], coming, Unknown, "下载中"),
        (vec![file(LIST, good())], coming, Pass, ""),
    ]);
}

#[test]
fn the_keys_of_the_list_are_those_of_the_form() {
    let two = Submission {
        description: text(
            "1、条件单功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1024；\n\
             2、止盈止损功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/trade-1025；",
        ),
        ..compliant()
    };
    for (lists, status, words) in [
        (vec![&["TRADE-1024", "TRADE-1025"][..]], Pass, ""),
        (vec![&["TRADE-1024"], &["TRADE-1025"]], Pass, ""),
        (vec![&["TRADE-1024"]], Warn, "（仅“升级功能描述”有：TRADE-1025）"),
        (
            vec![&["TRADE-1024", "TRADE-1025", "PAY-1"]],
            Warn,
            "（仅清单有：PAY-1）",
        ),
        (
            vec![&["PAY-1", "TRADE-1024"]],
            Warn,
            "（仅清单有：PAY-1；仅“升级功能描述”有：TRADE-1025）",
        ),
        (vec![&[]], Warn, "没有 JIRA 单号"),
    ] {
        let known = lists.iter().map(|keys| file(LIST, rows(3, keys))).collect();
        let (found, message) = said(&two, &with(known, None));
        assert_eq!(found, status, "{lists:?}: {message}");
        assert!(message.contains(words), "{message}");
    }
    let without_keys = Submission {
        description: text("优化若干问题"),
        ..compliant()
    };
    assert_eq!(
        said(&without_keys, &with(vec![file(LIST, rows(3, &["PAY-1"]))], None)).0,
        Pass
    );
}

#[test]
fn many_keys_are_counted_and_not_all_listed() {
    let keys: Vec<String> = (10..30).map(|number| format!("PAY-{number}")).collect();
    let mut keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    keys.push("TRADE-1024");
    let (status, message) = said(&compliant(), &with(vec![file(LIST, rows(3, &keys))], None));
    assert_eq!(status, Warn);
    assert!(message.contains("PAY-19 等 20 个"), "{message}");
    assert!(!message.contains("PAY-20"), "{message}");
}

#[test]
fn each_required_file_is_looked_at() {
    let submission = Submission {
        title: text("中台系统角色权限功能上线变更"),
        ..compliant()
    };
    let list = || file(LIST, rows(2, &["TRADE-1024"]));
    let permissions = |content| file("权限配置登记表.xlsx", content);
    for (known, status) in [
        (vec![list(), permissions(rows(1, &[]))], Pass),
        (vec![list(), permissions(rows(0, &[]))], Fail),
        (vec![list(), permissions(FileContent::NotRead)], Skip),
        (vec![list()], Pass),
        (vec![permissions(rows(1, &[]))], Pass),
        (
            vec![file(LIST, unreadable()), permissions(FileContent::NotRead)],
            Fail,
        ),
    ] {
        let facts = with(known, None);
        assert_eq!(said(&submission, &facts).0, status, "{facts:?}");
    }
    let both = with(vec![file(LIST, unreadable()), permissions(rows(0, &[]))], None);
    let result = judged(RuleId::AttachmentContent, &submission, &both);
    assert_eq!(
        result.evidence.as_deref(),
        Some("变更计划清单.xlsx、权限配置登记表.xlsx")
    );
}

#[test]
fn nothing_is_judged_where_nobody_looked_or_nothing_is_required() {
    let (status, message) = said(&compliant(), &Facts::default());
    assert_eq!((status, message.contains("尚未接入")), (Skip, true));
    let unattached = Submission {
        attachments: Field::Empty,
        ..compliant()
    };
    assert_eq!(said(&unattached, &with(Vec::new(), None)).0, Skip);
}

#[test]
fn which_keys_are_compared_is_a_setting() {
    let shipped = Policy::BUILT_IN_TEXT;
    let plain = Policy::parse(&shipped.replace("jira_keys = true\n", ""), "policy.toml").unwrap();
    let facts = with(vec![file(LIST, rows(3, &["PAY-1"]))], None);
    let result = judged_by(&plain, RuleId::AttachmentContent, &compliant(), &facts);
    assert_eq!(result.status, Pass);
    assert!(plain.in_words().contains("附件：变更计划清单（始终）"));
    assert!(
        Policy::built_in()
            .in_words()
            .contains("附件：变更计划清单（始终，所列 JIRA 单号")
    );
}

//! Attached files: what is missing, empty or at odds with the form, files made to hurt, and files that do not come.

use std::io::{Cursor, Write as _};

use changegate_attachments::{Template, blank};
use changegate_simulator::{Action, Fault, FaultKind, Form, FormFile};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::office::{Office, Setup};
use crate::papers::{day, form_of, plan_of};

const DEPTH: (&str, &str) = ("港股十档行情", "QUOTE-1024");

/// A form with these files and no other.
fn with_files(files: Vec<FormFile>) -> Form {
    Form {
        files,
        ..form_of(&[DEPTH])
    }
}

/// Files a form with one file and withdraws it once its applicant has read of it.
async fn told_of(office: &Office, file: FormFile) -> String {
    let sp_no = office.wecom.submit("zhangwei", &with_files(vec![file])).unwrap();
    let told = office.hears("zhangwei", &sp_no).await;
    office.wecom.act(&sp_no, "zhangwei", &Action::Withdraw).unwrap();
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_the_change_plan_list_is_rejected_by_the_names_of_its_files() {
    let office = Office::open().await;
    let told = told_of(&office, FormFile::new("上线说明.docx", b"PK\x03\x04")).await;
    assert!(told.contains("变更申请不合规"), "{told}");
    assert!(
        told.contains("“附件”缺少“变更计划清单”（按文件名核对，现有：上线说明.docx），请补上后重新发起"),
        "{told}"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_nobody_filled_in_is_rejected_and_approvers_are_warned() {
    let office = Office::open().await;
    let template = Template::ChangePlan;
    let empty = FormFile::new(template.file_name(), &blank(template, day()).unwrap());
    office.wecom.submit("zhangwei", &with_files(vec![empty])).unwrap();
    let told = office.reads("zhangwei", "变更申请不合规").await;
    assert!(
        told.contains(
            "附件“变更计划清单-模板.xlsx”的表头下没有填写内容；请填写后撤回本流程，附上新文件重新发起"
        ),
        "{told}"
    );
    let warned = office.reads("liqiang", "签署前请注意：该变更有 1 项不合规").await;
    assert!(warned.contains("的表头下没有填写内容"), "{warned}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_other_issues_than_the_forms_is_pointed_out_with_both_sides() {
    let office = Office::open().await;
    let other = plan_of(&[DEPTH, ("盘口刷新提速", "QUOTE-1031")]);
    let told = told_of(&office, other).await;
    assert!(
        told.contains("变更申请已受理，以下建议供改进，不影响审批"),
        "{told}"
    );
    assert!(
        told.contains("附件“变更计划清单.xlsx”与“升级功能描述”的 JIRA 单不一致（仅清单有：QUOTE-1031）；请核对后改为一致"),
        "{told}"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_made_to_hurt_are_answered_in_clear_words_and_the_bot_goes_on() {
    let office = Office::open().await;
    for (content, words) in [
        (
            protected(),
            "打不开：文件有密码保护，无法打开；请取消密码后重新上传",
        ),
        (
            bomb(),
            "打不开：文件解压后过大（疑似压缩炸弹），不予打开；请另存为新的 .xlsx 后重新上传",
        ),
        (
            b"MZ\x90\0".repeat(1000),
            "打不开：不是 Excel 工作簿（看起来是可执行文件）；请上传 .xlsx 或 .xls 文件",
        ),
        (
            plan_of(&[DEPTH]).content()[..900].to_vec(),
            "打不开：文件不完整或已损坏，无法打开",
        ),
    ] {
        let told = told_of(&office, FormFile::new("变更计划清单.xlsx", &content)).await;
        assert!(told.contains("变更申请不合规"), "{told}");
        assert!(
            told.contains("附件“变更计划清单.xlsx”") && told.contains(words),
            "{told}"
        );
    }
    let told = told_of(&office, plan_of(&[DEPTH])).await;
    assert!(told.contains("变更申请合规，请等待审批"), "{told}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_do_not_come_are_waited_for_and_told_of_once() {
    let office = Setup::plain().without_approval_reminders().open().await;
    office
        .wecom
        .fault(Fault::new("media/get", FaultKind::Status { status: 500 }));
    office.wecom.submit("zhangwei", &form_of(&[DEPTH])).unwrap();
    let told = office
        .reads("zhangwei", "**变更申请已受理，暂无需操作，核对完成后另行通知**")
        .await;
    assert!(
        told.contains("附件文件名尚未取得：1 个文件未取得（企业微信未答复，稍后自动重试）"),
        "{told}"
    );
    office.is_looked_at_again(3).await;
    assert_eq!(office.times("zhangwei", "尚在核对"), 1);
    office.wecom.clear_faults();
    office
        .as_time_passes(office.reads("zhangwei", "**检查结果有更新：变更申请已合规，请等待审批**"))
        .await;
    assert_eq!(office.times("zhangwei", "检查结果有更新"), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_wecom_keeps_no_more_has_to_be_attached_anew() {
    let office = Setup::plain().without_approval_reminders().open().await;
    let gone = FaultKind::Errcode { errcode: 40_007 };
    office.wecom.fault(Fault::new("media/get", gone));
    let sp_no = office.wecom.submit("zhangwei", &form_of(&[DEPTH])).unwrap();
    let told = office.hears("zhangwei", &sp_no).await;
    assert!(
        told.contains("企业微信中的文件已失效，请撤回后重新上传"),
        "{told}"
    );
    office.is_looked_at_again(2).await;
    assert_eq!(office.times("zhangwei", "文件已失效"), 1);
    office.wecom.clear_faults();
    office
        .wecom
        .resubmit(&sp_no, "zhangwei", &form_of(&[DEPTH]))
        .unwrap();
    office.reads("zhangwei", "**检查结果有更新：变更申请已合规").await;
    office.close().await;
}

/// A package whose one sheet is seventy megabytes of blanks.
fn bomb() -> Vec<u8> {
    let blanks = vec![b' '; 70 << 20];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let parts: [(&str, &[u8]); 2] = [
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", &blanks),
    ];
    for (name, content) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with a password as Excel writes it: a container of two streams, here without a byte in them.
fn protected() -> Vec<u8> {
    const NONE: u32 = u32::MAX;
    const END: u32 = 0xFFFF_FFFE;
    let mut header = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    header.resize(24, 0);
    for field in [0x3E_u16, 3, 0xFFFE, 9, 6, 0, 0, 0] {
        header.extend(field.to_le_bytes());
    }
    // One sector of chains, the first; the directory in the second; no small streams.
    for field in [0, 1, 1, 0, 4096, END, 0, END, 0, 0] {
        header.extend(u32::to_le_bytes(field));
    }
    header.resize(512, 0xFF);
    let mut chains: Vec<u8> = [0xFFFF_FFFD, END]
        .into_iter()
        .flat_map(u32::to_le_bytes)
        .collect();
    chains.resize(512, 0xFF);
    let mut directory = Vec::new();
    for (name, kind, left, child) in [
        ("Root Entry", 5, NONE, 2),
        ("EncryptionInfo", 2, NONE, NONE),
        ("EncryptedPackage", 2, 1, NONE),
        ("", 0, NONE, NONE),
    ] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = if name.is_empty() {
            0
        } else {
            u16::try_from(entry.len()).unwrap() + 2
        };
        entry.resize(64, 0);
        entry.extend(length.to_le_bytes());
        let black = u8::from(name != "EncryptionInfo");
        entry.extend([kind, black]);
        for sibling in [left, NONE, child] {
            entry.extend(u32::to_le_bytes(sibling));
        }
        entry.resize(116, 0);
        let start = if kind == 0 { 0 } else { END };
        entry.extend(start.to_le_bytes());
        entry.resize(128, 0);
        directory.extend(entry);
    }
    [header, chains, directory].concat()
}

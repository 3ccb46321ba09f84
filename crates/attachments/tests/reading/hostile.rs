//! Each hostile file has a clear result; nothing panics, whatever is cut off or overwritten.

use changegate_attachments::{Content, Kind, Unreadable, limits, read};
use proptest::prelude::*;

use crate::made::{cell, container, record, workbook, xls};
use crate::{hostile_files, hostile_xls};

#[track_caller]
fn refused(name: &str, bytes: &[u8]) -> Unreadable {
    match read(name, bytes) {
        Content::Unreadable(why) => why,
        read => panic!("{name}: {read:?}"),
    }
}

#[test]
fn each_hostile_file_has_a_clear_result() {
    let results: Vec<String> = hostile_files::ALL
        .into_iter()
        .chain(hostile_xls::ALL)
        .map(|(story, name, make)| {
            let result = match read(name, &make()) {
                Content::Workbook(book) => {
                    format!("{} 行，{} 个单号", book.filled_rows, book.jira_keys.len())
                }
                Content::Mail(mail) => format!("邮件，收件人 {} 个", mail.to.len()),
                Content::Other => "无需打开".to_owned(),
                Content::Unreadable(why) => why.to_string().split('；').next().unwrap().to_owned(),
            };
            format!("{story}: {result}")
        })
        .collect();
    let expected = include_str!("hostile_results.txt");
    assert_eq!(results.join("\n"), expected.trim_end());
}

#[test]
fn a_program_says_that_it_is_one() {
    let why = refused("变更计划清单.xlsx", b"MZ\x90\0\x03");
    assert_eq!(
        why.to_string(),
        "不是 Excel 工作簿（看起来是可执行文件）；请上传 .xlsx 或 .xls 文件"
    );
}

#[test]
fn what_is_called_a_workbook_and_is_none_says_what_it_is() {
    for (bytes, looks_like) in [
        (b"%PDF-1.7".as_slice(), Kind::Pdf),
        (b"<html><table>", Kind::Html),
        (b"a,b,c\n1,2,3\n", Kind::Text),
        (b"\x89PNG\r\n", Kind::Picture),
        (b"Rar!\x1a", Kind::OtherArchive),
        (b"<?xml version=\"1.0\"?><Workbook/>", Kind::Xml),
        (b"\0\x01\x02", Kind::Unknown),
    ] {
        assert_eq!(
            refused("清单.XLS", bytes),
            Unreadable::NotAWorkbook { looks_like }
        );
    }
    let document = container(&[("WordDocument", b"x")]);
    let looks_like = Kind::Compound;
    assert_eq!(
        refused("清单.xls", &document),
        Unreadable::NotAWorkbook { looks_like }
    );
    assert_eq!(refused("清单.xlsx", b""), Unreadable::Damaged);
}

#[test]
fn what_nobody_needs_to_open_is_left_alone() {
    for (name, bytes) in [
        ("a.docx", b"PK\x03\x04".as_slice()),
        ("a.png", b"\x89PNG"),
        ("说明.txt", b"hello"),
        ("a", b""),
    ] {
        assert_eq!(read(name, bytes), Content::Other, "{name}");
    }
    assert_eq!(
        read("a.doc", &container(&[("WordDocument", b"x")])),
        Content::Other
    );
    let nested = crate::made::package(&[("a.txt", b"xl/workbook.xml")]);
    assert_eq!(read("a.zip", &nested), Content::Other);
}

#[test]
fn a_file_above_the_limit_is_not_opened() {
    let bytes = vec![0; usize::try_from(limits::FILE_BYTES).unwrap() + 1];
    let why = refused("清单.xlsx", &bytes);
    assert_eq!(
        why.to_string(),
        "文件过大：有 21 MiB，最多 20 MiB；请删去图片和无关的工作表后重新上传"
    );
    assert_eq!(read("视频.mp4", &bytes), Content::Other);
}

#[test]
fn a_password_is_named_whatever_the_format() {
    let package = container(&[("EncryptionInfo", b"x"), ("EncryptedPackage", b"x")]);
    assert_eq!(refused("清单.xlsx", &package), Unreadable::PasswordProtected);
    let old = xls(&record(0x002F, &[1, 0]), &[]);
    assert_eq!(refused("清单.xls", &old), Unreadable::PasswordProtected);
}

#[test]
fn a_workbook_cut_off_anywhere_is_damaged() {
    let whole = workbook(&format!(
        "<row>{}{}</row>",
        cell("A1", "序号"),
        cell("B1", "功能")
    ));
    for length in 4..whole.len() {
        assert_eq!(
            refused("清单.xlsx", &whole[..length]),
            Unreadable::Damaged,
            "at {length}"
        );
    }
    let looks_like = Kind::Text;
    assert_eq!(
        refused("清单.xlsx", &whole[..2]),
        Unreadable::NotAWorkbook { looks_like }
    );
}

#[test]
fn an_xls_cut_off_anywhere_is_read_or_damaged() {
    let whole = include_bytes!("../small.xls");
    for length in 8..whole.len() {
        match read("清单.xls", &whole[..length]) {
            Content::Workbook(_) | Content::Unreadable(Unreadable::Damaged) => {}
            content => panic!("at {length}: {content:?}"),
        }
    }
}

proptest! {
    #[test]
    fn overwritten_bytes_never_end_in_a_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let old = include_bytes!("../small.xls").to_vec();
        let new = workbook(&format!("<row>{}{}</row>", cell("A1", "PROJ-1"), cell("B2", "b")));
        let mail = b"From: a@b\nTo: c@d\nSubject: =?gbk?B?1tDOxA==?=\nDate: Tue, 24 Nov 2026 10:00:00 +0800\n\n".to_vec();
        for (name, mut bytes) in [("a.xls", old), ("a.xlsx", new), ("a.eml", mail)] {
            for (place, byte) in &changes {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            read(name, &bytes);
        }
    }

    #[test]
    fn sheets_of_any_text_never_end_in_a_panic(text in ".{0,200}", tail in "[<>&;/a-c \"=!\\[\\]-]{0,60}") {
        read("a.xlsx", &workbook(&text));
        read("a.xlsx", &workbook(&format!("<row>{tail}")));
    }
}

//! Templates filled in and read back: ours, those that Word has torn to pieces, and hostile ones.

use std::io::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;

use super::*;
use crate::archive::{DOCUMENT, TYPES};

const NAMESPACE: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00"))
        .expect("a time")
        .to_utc()
}

fn incident() -> IncidentReport {
    let began = at("2026-11-24T17:42");
    IncidentReport {
        number: "INC-20261124-1".to_owned(),
        title: "条件单 <下单> & 撤单失败".to_owned(),
        sp_no: "202611240001".to_owned(),
        team: "交易组".to_owned(),
        occurred_at: Some(began),
        recovered_at: Some(began + TimeDelta::minutes(65)),
        developers: vec!["李四".to_owned(), "王五".to_owned()],
        impact: "约 30 名用户\n条件单无法提交".to_owned(),
        course: vec![
            CourseEntry {
                at: began,
                who: "张三".to_owned(),
                what: "报告异常".to_owned(),
            },
            CourseEntry {
                at: began + TimeDelta::minutes(15),
                who: String::new(),
                what: "要求执行回退".to_owned(),
            },
        ],
        zone: chrono_tz::Asia::Shanghai,
        ..IncidentReport::default()
    }
}

/// A document with this inside its body.
fn document(body: &str) -> Vec<u8> {
    let xml = format!("<w:document {NAMESPACE}><w:body>{body}</w:body></w:document>");
    docx(&[(DOCUMENT, xml.as_bytes())])
}

fn docx(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let types: (&str, &[u8]) = (TYPES, b"<Types/>");
    archive::write([types].into_iter().chain(parts.iter().copied())).expect("an archive")
}

/// A paragraph of these runs.
fn paragraph(runs: &[&str]) -> String {
    let separator = "</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>";
    let runs = runs.join(separator);
    format!("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{runs}</w:t></w:r></w:p>")
}

fn part(docx: &[u8], name: &str) -> String {
    let parts = archive::read(docx).expect("an archive");
    let part = parts
        .into_iter()
        .find(|part| part.name == name)
        .expect("the part is there");
    String::from_utf8(part.content).expect("UTF-8")
}

/// What people read of a part: a line for each paragraph and each line break.
fn text_of(docx: &[u8], name: &str) -> String {
    let xml = part(docx, name);
    let mut reader = Reader::from_str(&xml);
    let (mut text, mut inside) = (String::new(), false);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Eof => return text,
            Event::Start(start) if start.name().as_ref() == "w:t" => inside = true,
            Event::End(end) if end.name().as_ref() == "w:t" => inside = false,
            Event::End(end) if end.name().as_ref() == "w:p" => text.push('\n'),
            Event::Empty(empty) if empty.name().as_ref() == "w:br" => text.push('\n'),
            Event::Text(piece) if inside => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) if inside => text.push_str(match reference.as_ref() {
                "lt" => "<",
                "gt" => ">",
                "amp" => "&",
                other => panic!("an entity: {other}"),
            }),
            _ => {}
        }
    }
}

/// Fills `body` in and gives what is read.
fn filled(body: &str) -> String {
    let filled = fill(&document(body), &incident()).expect("fills");
    text_of(&filled.bytes, DOCUMENT)
}

fn refusal(template: &[u8]) -> String {
    fill(template, &incident()).expect_err("a refusal").to_string()
}

#[test]
fn our_own_template_tells_everything_and_leaves_no_brace() {
    let filled = fill(&default_template().expect("a template"), &incident()).expect("fills");
    assert!(
        filled.unknown.is_empty() && filled.unused.is_empty(),
        "{filled:?}"
    );
    let text = text_of(&filled.bytes, DOCUMENT);
    assert!(!text.contains(['{', '}']), "{text}");
    let mut rest = text.as_str();
    for wanted in [
        "生产故障报告单",
        "条件单 <下单> & 撤单失败",
        "INC-20261124-1",
        "202611240001",
        "2026-11-24 17:42",
        "2026-11-24 18:47",
        "1 小时 5 分钟",
        "李四、王五",
        "一、事件经过",
        "2026-11-24 17:42　张三：报告异常\n2026-11-24 17:57　要求执行回退\n",
        "二、影响范围",
        "约 30 名用户\n条件单无法提交\n",
        "三、原因分析\n【待填写】",
        "四、处理过程\n【待填写】",
        "五、改进与预防措施\n【待填写】",
    ] {
        rest = rest
            .split_once(wanted)
            .unwrap_or_else(|| panic!("{wanted} is not behind the former in: {text}"))
            .1;
    }
    let header = text_of(&filled.bytes, "word/header1.xml");
    assert_eq!(header, "生产故障报告单 · INC-20261124-1 · 内部使用\n");
}

#[test]
fn every_placeholder_stands_in_our_own_template() {
    let template = default_template().expect("a template");
    let text = text_of(&template, DOCUMENT);
    for placeholder in placeholders() {
        assert!(
            text.contains(&format!("{{{{{}}}}}", placeholder.name)),
            "{}",
            placeholder.name
        );
    }
}

#[test]
fn the_readme_names_every_placeholder() {
    let readme = include_str!("../README.md");
    for placeholder in placeholders() {
        assert!(
            readme.contains(&format!("`{{{{{}}}}}`", placeholder.name)),
            "{}",
            placeholder.name
        );
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let template = default_template().expect("a template");
    assert_eq!(template, default_template().expect("a template"));
    let once = || fill(&template, &incident()).expect("fills").bytes;
    assert_eq!(once(), once());
}

#[test]
fn placeholders_are_found_however_word_has_split_them() {
    for runs in [
        &["单号 {{审批单号}} 完"][..],
        &["单号 {{", "审批单号", "}} 完"],
        &["单号 {", "{审", "", "批单", "号}", "} 完"],
        &["单", "号 {{审批单号}", "} ", "完"],
        &["单号 ", "｛｛审批单号｝｝", " 完"],
        &["单号 {{ 审批单号", " }} 完"],
        &["单号 &#123;&#x7b;审批单号}} 完"],
        &["单号 <![CDATA[{{审批]]>单号}} 完"],
    ] {
        assert_eq!(filled(&paragraph(runs)), "单号 202611240001 完\n", "{runs:?}");
    }
}

#[test]
fn several_placeholders_share_runs() {
    let body = paragraph(&["{{小组}}/{{审", "批单号}}{{小", "组}}|{{", "编号}}"]);
    assert_eq!(filled(&body), "交易组/202611240001交易组|INC-20261124-1\n");
}

#[test]
fn a_placeholder_does_not_reach_into_the_next_paragraph() {
    let body = paragraph(&["{{小"]) + &paragraph(&["组}}"]);
    assert_eq!(filled(&body), "{{小\n组}}\n");
}

#[test]
fn text_boxes_inside_a_paragraph_are_paragraphs_of_their_own() {
    let inner = paragraph(&["{{小组", "}}"]);
    let body = format!(
        "<w:p><w:r><w:t>{{{{编</w:t></w:r><w:r><w:pict>{inner}</w:pict></w:r><w:r><w:t>号}}}}</w:t></w:r></w:p>"
    );
    assert_eq!(filled(&body), "INC-20261124-1交易组\n\n");
}

#[test]
fn lines_become_line_breaks_in_the_look_of_the_run() {
    let filled = fill(&document(&paragraph(&["：{{影响}}。"])), &incident()).expect("fills");
    let xml = part(&filled.bytes, DOCUMENT);
    let wanted = "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">：约 30 名用户</w:t><w:br/>\
                  <w:t xml:space=\"preserve\">条件单无法提交。</w:t></w:r>";
    assert!(xml.contains(wanted), "{xml}");
}

#[test]
fn a_value_is_text_and_never_markup_or_a_placeholder() {
    let report = IncidentReport {
        cause: "</w:t><w:p/>{{标题}}\u{1}&amp;\u{0}".to_owned(),
        ..incident()
    };
    let filled = fill(&document(&paragraph(&["{{原因}}"])), &report).expect("fills");
    assert_eq!(text_of(&filled.bytes, DOCUMENT), "</w:t><w:p/>{{标题}}&amp;\n");
    assert!(filled.unknown.is_empty());
}

#[test]
fn unknown_names_stay_and_are_listed_and_missing_parts_too() {
    let body = paragraph(&["{{客户}}{{标题}}", "{{甲方}}", "{{客户}}{{处理}}"]);
    let filled = fill(&document(&body), &incident()).expect("fills");
    assert_eq!(filled.unknown, ["客户", "甲方"]);
    assert_eq!(
        filled.unused,
        ["事件经过", "影响范围", "原因分析", "改进与预防措施"]
    );
    let text = text_of(&filled.bytes, DOCUMENT);
    assert_eq!(
        text,
        "{{客户}}条件单 <下单> & 撤单失败{{甲方}}{{客户}}【待填写】\n"
    );
}

#[test]
fn headers_footers_and_notes_are_filled_and_other_parts_are_kept() {
    let text = format!("<w:hdr {NAMESPACE}>{}</w:hdr>", paragraph(&["{{编号}}"]));
    let body = format!("<w:document {NAMESPACE}/>");
    let mut parts: Vec<(&str, &[u8])> = vec![(DOCUMENT, body.as_bytes())];
    let holding = [
        "word/header12.xml",
        "word/footer3.xml",
        "word/footnotes.xml",
        "word/endnotes.xml",
    ];
    let others = [
        "word/media/image1.png",
        "customXml/item1.xml",
        "word/settings.xml",
    ];
    parts.extend(holding.iter().chain(&others).map(|name| (*name, text.as_bytes())));
    let filled = fill(&docx(&parts), &incident()).expect("fills");
    for name in holding {
        assert!(part(&filled.bytes, name).contains("INC-20261124-1"), "{name}");
    }
    for name in others {
        assert_eq!(part(&filled.bytes, name), text, "{name}");
    }
}

#[test]
fn elements_of_other_languages_are_left_alone() {
    let body = r#"<x:p xmlns:x="urn:other"><x:t>{{标题}}</x:t></x:p>"#;
    let filled = fill(&document(body), &incident()).expect("fills");
    assert!(part(&filled.bytes, DOCUMENT).contains(body));
}

#[test]
fn strict_documents_with_a_prefix_of_their_own_are_filled() {
    let xml = r#"<d:document xmlns:d="http://purl.oclc.org/ooxml/wordprocessingml/main"><d:p><d:r><d:t>{{影响}}</d:t></d:r></d:p></d:document>"#;
    let filled = fill(&docx(&[(DOCUMENT, xml.as_bytes())]), &incident()).expect("fills");
    let wanted = "约 30 名用户</d:t><d:br/><d:t xml:space=\"preserve\">条件单无法提交</d:t>";
    assert!(part(&filled.bytes, DOCUMENT).contains(wanted));
}

#[test]
fn what_is_no_document_is_refused() {
    for template in [&b""[..], b"PK\x03\x04", b"not an archive at all"] {
        assert!(
            refusal(template).starts_with("模板不是完好的 .docx 文件"),
            "{template:?}"
        );
    }
    let lacking = archive::write([(TYPES, &b"<Types/>"[..])]).expect("an archive");
    assert_eq!(refusal(&lacking), "模板不是 Word 文档：缺少 word/document.xml");
}

#[test]
fn document_types_and_entities_are_refused() {
    let xml = format!(
        "<!DOCTYPE d [<!ENTITY a \"b\">]><w:document {NAMESPACE}>{}</w:document>",
        paragraph(&["&a;"])
    );
    assert!(refusal(&docx(&[(DOCUMENT, xml.as_bytes())])).ends_with("带有 DOCTYPE"));
    assert!(refusal(&document(&paragraph(&["&a;"]))).ends_with("带有实体"));
}

#[test]
fn broken_xml_is_refused() {
    for xml in ["<w:p>", "<w:p></w:q>", "<w:p", "<a><b></a></b>"] {
        fill(&docx(&[(DOCUMENT, xml.as_bytes())]), &incident()).expect_err(xml);
    }
    fill(&docx(&[(DOCUMENT, b"\xff\xfe<")]), &incident()).expect_err("not UTF-8");
    let deep = "<a>".repeat(300) + &"</a>".repeat(300);
    assert!(refusal(&document(&deep)).ends_with("嵌套过深"));
}

#[test]
fn names_that_lead_out_of_the_archive_are_refused() {
    for name in [
        "../evil",
        "/etc/passwd",
        "word/../../evil",
        "word\\evil",
        "C:evil",
    ] {
        let template = docx(&[(DOCUMENT, b"<a/>"), (name, b"x")]);
        assert!(refusal(&template).ends_with("路径不正常"), "{name}");
    }
    let macros = docx(&[(DOCUMENT, b"<a/>"), ("word/vbaProject.bin", b"x")]);
    assert!(refusal(&macros).ends_with("带有宏"));
    let twice = docx(&[(DOCUMENT, b"<a/>"), ("WORD/document.xml", b"x")]);
    assert!(refusal(&twice).ends_with("重名"));
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![b' '; 1024 * 1024];
    let ratio = docx(&[(DOCUMENT, b"<a/>"), ("word/media/a.bin", &zeros)]);
    assert!(refusal(&ratio).contains("压缩比"));
    let large = vec![b' '; 17 * 1024 * 1024];
    let size = docx(&[(DOCUMENT, b"<a/>"), ("word/media/a.bin", &large)]);
    assert!(refusal(&size).contains("解压后的大小"));
    let names: Vec<_> = (0..600).map(|number| format!("word/media/{number}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(refusal(&docx(&parts)).contains("文件数"));
    assert!(refusal(&vec![0; 11 * 1024 * 1024]).contains("文件大小"));
}

#[test]
fn a_template_that_repeats_a_long_text_is_stopped() {
    let report = IncidentReport {
        cause: "长".repeat(20_000),
        ..incident()
    };
    let body: String = (0..2_000)
        .map(|number| paragraph(&[&format!("{number}"), "{{原因}}"]))
        .collect();
    let error = fill(&document(&body), &report).expect_err("too large");
    assert!(error.to_string().contains("填写后的大小"), "{error}");
}

#[test]
fn stored_parts_are_read_as_well_as_packed_ones() {
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let xml = format!(
        "\u{feff}<w:document {NAMESPACE}>{}</w:document>",
        paragraph(&["{{小组}}"])
    );
    for (name, content) in [(TYPES, "<Types/>"), (DOCUMENT, xml.as_str())] {
        writer.start_file(name, options).expect("a part");
        writer.write_all(content.as_bytes()).expect("a part");
    }
    let template = writer.finish().expect("an archive").into_inner();
    let filled = fill(&template, &incident()).expect("fills");
    assert_eq!(text_of(&filled.bytes, DOCUMENT), "交易组\n");
}

#[test]
fn a_duration_is_told_in_words() {
    for (minutes, words) in [
        (0, "0 分钟"),
        (59, "59 分钟"),
        (60, "1 小时"),
        (1_500, "25 小时"),
        (61, "1 小时 1 分钟"),
        (-1, MISSING),
    ] {
        let began = at("2026-11-24T17:42");
        let report = IncidentReport {
            occurred_at: Some(began),
            recovered_at: Some(began + TimeDelta::minutes(minutes)),
            ..incident()
        };
        let filled = fill(&document(&paragraph(&["{{持续时长}}"])), &report).expect("fills");
        assert_eq!(
            text_of(&filled.bytes, DOCUMENT),
            format!("{words}\n"),
            "{minutes}"
        );
    }
}

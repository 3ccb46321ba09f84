//! What counts as filled, and which keys are found.

use changegate_attachments::{Content, Workbook, read};

use crate::made::{book, cell, links, sheet, workbook, workbook_with};

#[track_caller]
fn opened(bytes: &[u8]) -> Workbook {
    match read("清单.xlsx", bytes) {
        Content::Workbook(workbook) => workbook,
        content => panic!("{content:?}"),
    }
}

/// A workbook of rows of cells, from A1 on; an empty text is no cell.
fn table(rows: &[&[&str]]) -> Workbook {
    let rows: Vec<String> = (1..)
        .zip(rows)
        .map(|(number, row)| {
            let cells = ('A'..='Z').zip(*row).filter(|(_, text)| !text.is_empty());
            let cells: String = cells
                .map(|(column, text)| cell(&format!("{column}{number}"), text))
                .collect();
            format!(r#"<row r="{number}">{cells}</row>"#)
        })
        .collect();
    opened(&workbook(&rows.concat()))
}

const HEADER: &[&str] = &["序号", "功能", "JIRA 单"];

#[test]
fn a_row_counts_when_more_than_a_number_stands_in_it() {
    for (row, expected) in [
        (["1", "登录", ""], 1),
        (["", "登录", ""], 1),
        (["1", "2", ""], 1),
        (["1", "", ""], 0),
        (["（1）", "", ""], 0),
        (["1", "****", "——"], 0),
        (["", "", ""], 0),
        (["示例", "登录改造", "PROJ-1"], 0),
        (["1", "示例：登录改造", "PROJ-1"], 0),
        (["合计", "", ""], 1),
    ] {
        let table = table(&[HEADER, &row]);
        assert_eq!(table.filled_rows, expected, "{row:?}");
    }
}

#[test]
fn titles_above_the_header_are_not_the_header() {
    let table = table(&[
        &["变更计划清单"],
        &["日期", "2026-11-24"],
        HEADER,
        &["1", "登录", "PROJ-1"],
    ]);
    assert_eq!(table.header, HEADER);
    assert_eq!(table.filled_rows, 1);
}

#[test]
fn two_tables_on_one_sheet_both_count() {
    let table = table(&[HEADER, &["1", "a"], HEADER, &["1", "b"], &["2", "c"]]);
    assert_eq!(table.filled_rows, 3);
}

#[test]
fn a_sheet_without_header_has_no_rows() {
    assert_eq!(table(&[&["请见附件"], &["PROJ-1"]]).filled_rows, 0);
}

#[test]
fn keys_come_from_texts_and_links_but_not_from_examples() {
    let rows = [
        "<row>",
        &cell("A1", "序号"),
        &cell("B1", "链接"),
        "</row><row r=\"2\">",
        &cell("B2", "http://jira.example.com/browse/PROJ-1"),
        &cell("C2", "见 PROJ-2、ABC_9-3"),
        "</row><row r=\"3\">",
        &cell("A3", "示例"),
        &cell("B3", "PROJ-99"),
        "</row><row r=\"4\"><c r=\"A4\"><v>46350</v></c>",
        &cell("B4", "2026-11-24"),
        "</row>",
    ];
    let link = r#"</sheetData><hyperlinks><hyperlink ref="C2" r:id="rId1"/><hyperlink ref="B3" r:id="rId2"/></hyperlinks>"#;
    let sheet = sheet(&rows.concat()).replace("</sheetData>", link);
    let outside = r#"TargetMode="External""#;
    let targets = links(&[
        ("hyperlink", "http://jira.example.com/browse/PROJ-5", outside),
        ("hyperlink", "http://jira.example.com/browse/PROJ-98", outside),
    ]);
    let book = opened(&workbook_with(
        &sheet,
        "<sst/>",
        &[("xl/worksheets/_rels/sheet1.xml.rels", targets.as_bytes())],
    ));
    assert_eq!(
        Vec::from_iter(book.jira_keys),
        ["ABC_9-3", "PROJ-1", "PROJ-2", "PROJ-5"]
    );
    assert_eq!(book.filled_rows, 2);
}

#[test]
fn shared_strings_are_put_together_from_their_runs() {
    let strings = "<sst><si><t>序号</t></si><si><r><t>PROJ</t></r><r><t>-7 &amp; &#26356;多</t></r><rPh><t>X-1</t></rPh></si></sst>";
    let rows = r#"<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>"#;
    let book = opened(&workbook_with(&sheet(rows), strings, &[]));
    assert_eq!(book.header, ["序号", "PROJ-7 & 更多"]);
    assert_eq!(Vec::from_iter(book.jira_keys), ["PROJ-7"]);
}

#[test]
fn hidden_sheets_and_explanations_are_not_read() {
    let table = sheet(&format!(
        "<row>{}{}</row><row>{}</row>",
        cell("A1", "a"),
        cell("B1", "b"),
        cell("A2", "PROJ-1")
    ));
    let list = r#"<workbook><sheets><sheet name="清单" r:id="rId1"/><sheet name="旧" state="hidden" r:id="rId1"/>
        <sheet name="更旧" state="veryHidden" r:id="rId1"/><sheet name="填写说明" r:id="rId1"/>
        <sheet name="第二张" r:id="rId1"/></sheets></workbook>"#;
    let book = opened(&book(&[
        ("xl/workbook.xml", list.as_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            links(&[("worksheet", "/xl/worksheets/Sheet1.xml", "")]).as_bytes(),
        ),
        ("xl/worksheets/sheet1.xml", table.as_bytes()),
    ]));
    assert_eq!(book.filled_rows, 2);
}

#[test]
fn errors_and_unticked_boxes_say_nothing() {
    let row = r#"<row><c r="A2" t="e"><v>#REF!</v></c><c r="B2" t="b"><v>0</v></c><c r="C2" t="str"><f>""</f><v></v></c></row>"#;
    let header = format!("<row>{}{}</row>", cell("A1", "a"), cell("B1", "b"));
    assert_eq!(opened(&workbook(&format!("{header}{row}"))).filled_rows, 0);
}

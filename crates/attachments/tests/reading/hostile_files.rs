//! Files made to hurt whoever opens them.

use std::fmt::Write;

use crate::made::{book, cell, container, links, package, sheet, workbook, workbook_with};

/// A file's story, its name, and how it is made.
pub(crate) type Hostile = (&'static str, &'static str, fn() -> Vec<u8>);

/// All of them.
pub(crate) const ALL: [Hostile; 33] = [
    ("a sheet of 70 MiB of blanks", "a.xlsx", || {
        workbook(&" ".repeat(70 << 20))
    }),
    ("a picture of 30 MiB of zeros", "a.xlsx", || {
        workbook_with(
            &sheet(""),
            "<sst/>",
            &[("xl/media/image1.png", &vec![0; 30 << 20])],
        )
    }),
    (
        "a directory that says 1,000 bytes of 40 MiB",
        "a.xlsx",
        lying_directory,
    ),
    ("3,000 parts", "a.xlsx", many_parts),
    ("an end of the directory every 22 bytes", "a.xlsx", || {
        let end = *b"PK\x05\x06\0\0\0\0\xD0\x07\xD0\x07\0\x10\0\0\0\0\0\0\0\0";
        [workbook(""), end.repeat(2_900)].concat()
    }),
    ("16,384 filled columns", "a.xlsx", || {
        let cells: String = (0..16_384).map(|_| r"<c><v>1</v></c>").collect();
        workbook(&format!("<row>{cells}</row>"))
    }),
    ("16,384 columns, declared", "a.xlsx", || {
        let sheet = sheet(&format!("<row>{}</row>", cell("A1", "序号")));
        let size =
            r#"<worksheet><dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384" width="9"/></cols>"#;
        workbook_with(&sheet.replace("<worksheet>", size), "<sst/>", &[])
    }),
    ("the first and the last cell", "a.xlsx", || {
        let (first, last) = (cell("A1", "a"), cell("XFD1048576", "b"));
        workbook(&format!(
            r#"<row r="1">{first}</row><row r="1048576">{last}</row>"#
        ))
    }),
    ("links to elsewhere", "a.xlsx", links_to_elsewhere),
    ("a trillion shared strings, declared", "a.xlsx", || {
        workbook_with(
            &sheet(""),
            r#"<sst count="9999999999999" uniqueCount="1000000000000"/>"#,
            &[],
        )
    }),
    ("a million shared strings", "a.xlsx", || {
        workbook_with(
            &sheet(""),
            &format!("<sst>{}</sst>", "<si><t>a</t></si>".repeat(900_000)),
            &[],
        )
    }),
    ("a shared string of 12 MiB", "a.xlsx", || {
        let strings = format!("<sst><si><t>{}</t></si></sst>", "PROJ-1 ".repeat((12 << 20) / 7));
        workbook_with(&sheet(&shared_cells(60_000)), &strings, &[])
    }),
    ("a shared string of 15 MiB of line ends", "a.xlsx", || {
        let text = "_x000D_\r\n".repeat((15 << 20) / 9);
        let strings = format!("<sst><si><r><t>{text}</t></r></si></sst>");
        workbook_with(&sheet(&shared_cells(20)), &strings, &[])
    }),
    ("190,000 cells of one string", "a.xlsx", || {
        let strings = format!("<sst><si><t>{}</t></si></sst>", "字".repeat(40_000));
        workbook_with(&sheet(&shared_cells(190_000)), &strings, &[])
    }),
    ("elements in elements", "a.xlsx", || {
        workbook(&"<a>".repeat(5 << 20))
    }),
    ("entities of entities", "a.xlsx", || {
        let laughs = r#"<!DOCTYPE a [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"#;
        workbook_with(
            &format!("{laughs}{}", sheet("<row><c><v>&b;</v></c></row>")),
            "<sst/>",
            &[],
        )
    }),
    ("an entity of a file", "a.xlsx", || {
        let outside = r#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>"#;
        workbook_with(
            &sheet(""),
            &format!("{outside}<sst><si><t>&x;</t></si></sst>"),
            &[],
        )
    }),
    ("a million attributes", "a.xlsx", || {
        workbook(&format!("<row><c {}/></row>", r#"a="1" "#.repeat(1 << 20)))
    }),
    ("a comment without end", "a.xlsx", || {
        workbook(&format!("<!--{}", "x".repeat(15 << 20)))
    }),
    ("rows and rows", "a.xlsx", || {
        workbook(&"<row><c t=\"str\"><v>PROJ-1</v></c><c t=\"str\"><v>b</v></c></row>".repeat(100_000))
    }),
    ("a font's name on 80,000 formats", "a.xlsx", many_formats),
    ("5,000 links to one long address", "a.xlsx", many_links),
    ("500,000 entries in a list of links", "a.xlsx", || {
        let list = format!(
            "<Relationships>{}</Relationships>",
            r#"<Relationship Id="a"/>"#.repeat(500_000)
        );
        workbook_with(
            &sheet(""),
            "<sst/>",
            &[("xl/worksheets/_rels/sheet1.xml.rels", list.as_bytes())],
        )
    }),
    ("600,000 names of ranges", "a.xlsx", || {
        let names = r#"<definedName name="a"/>"#.repeat(600_000);
        let list = format!("<workbook><sheets/>{names}</workbook>");
        book(&[
            ("xl/workbook.xml", list.as_bytes()),
            ("xl/_rels/workbook.xml.rels", links(&[]).as_bytes()),
        ])
    }),
    ("100,000 cells of a string each", "a.xlsx", string_each),
    ("150 parts with names of 60 KiB", "a.xlsx", || {
        let names: Vec<String> = (0..150)
            .map(|number| format!("xl/worksheets/{}{number}.xml", "a".repeat(60_000)))
            .collect();
        let parts: Vec<(&str, &[u8])> = names
            .iter()
            .map(|name| (name.as_str(), b"<a/>".as_slice()))
            .collect();
        book(&parts)
    }),
    ("a thousand sheets", "a.xlsx", || sheets(1_000, "")),
    ("one part of 3 MiB on 20 sheets", "a.xlsx", || {
        sheets(20, &" ".repeat(3 << 20))
    }),
    ("a password", "a.xlsx", || {
        container(&[("EncryptionInfo", b"x"), ("EncryptedPackage", b"x")])
    }),
    ("a program", "a.xlsx", || {
        [b"MZ\x90\0".as_slice(), &[7; 4_000]].concat()
    }),
    ("20 MiB of noise", "a.xlsx", || {
        let noise = (0..19_u32 << 20).map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()[0]);
        b"PK\x03\x04xl/workbook".iter().copied().chain(noise).collect()
    }),
    ("a mail of nothing but header", "a.eml", || {
        [b"From: a@b\nSubject: x\n".as_slice(), &b"a:b\n".repeat(2 << 20)].concat()
    }),
    ("a mail to everybody", "a.eml", || {
        [b"From: a@b\nTo: ".as_slice(), &b"a@b,".repeat(2 << 20), b"\n\n"].concat()
    }),
];

fn shared_cells(count: usize) -> String {
    let row = format!("<row>{}</row>", r#"<c t="s"><v>0</v></c>"#.repeat(10));
    row.repeat(count / 10)
}

/// Blanks that are packed to almost nothing, with their size overwritten wherever it stands.
fn lying_directory() -> Vec<u8> {
    let sheet = sheet(&" ".repeat(40 << 20));
    let size = u32::try_from(sheet.len()).unwrap().to_le_bytes();
    let mut bytes = workbook_with(&sheet, "<sst/>", &[]);
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == size {
            bytes[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
        }
    }
    bytes
}

fn many_parts() -> Vec<u8> {
    let names: Vec<String> = (0..3_000)
        .map(|number| format!("xl/worksheets/sheet{number}.xml"))
        .collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    package(&parts)
}

fn links_to_elsewhere() -> Vec<u8> {
    let inner = links(&[
        (
            "worksheet",
            "http://127.0.0.1:9/sheet1.xml",
            r#"TargetMode="External""#,
        ),
        ("externalLink", "externalLinks/externalLink1.xml", ""),
        ("sharedStrings", "file:///etc/passwd", r#"TargetMode="External""#),
    ]);
    let list = r#"<workbook><sheets><sheet name="清单" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    book(&[
        ("xl/workbook.xml", list.as_bytes()),
        ("xl/_rels/workbook.xml.rels", inner.as_bytes()),
        (
            "xl/externalLinks/externalLink1.xml",
            br#"<externalLink><externalBook r:id="rId1"/></externalLink>"#,
        ),
    ])
}

/// As many different strings as fit, each in a cell.
fn string_each() -> Vec<u8> {
    let (mut strings, mut cells) = (String::from("<sst>"), String::new());
    for number in 0..100_000 {
        write!(strings, "<si><t>PROJ-{number} {}</t></si>", "字".repeat(20)).unwrap();
        write!(cells, r#"<c t="s"><v>{number}</v></c>"#).unwrap();
        if number % 10 == 9 {
            cells += "</row><row>";
        }
    }
    strings += "</sst>";
    workbook_with(&sheet(&format!("<row>{cells}</row>")), &strings, &[])
}

/// Each format would be given the name of its font.
fn many_formats() -> Vec<u8> {
    let font = format!(
        r#"<fonts><font><name val="{}"/></font></fonts>"#,
        "a".repeat(500_000)
    );
    let formats = r#"<xf fontId="0"/>"#.repeat(80_000);
    let styles = format!("<styleSheet>{font}<cellXfs>{formats}</cellXfs></styleSheet>");
    workbook_with(&sheet(""), "<sst/>", &[("xl/styles.xml", styles.as_bytes())])
}

/// Each link would be given the address.
fn many_links() -> Vec<u8> {
    let address = format!("http://example.com/{}", "a".repeat(8_000));
    let targets = links(&[("hyperlink", &address, r#"TargetMode="External""#)]);
    let list = r#"<hyperlink ref="A1" r:id="rId1"/>"#.repeat(5_000);
    let sheet = sheet("").replace(
        "</sheetData>",
        &format!("</sheetData><hyperlinks>{list}</hyperlinks>"),
    );
    workbook_with(
        &sheet,
        "<sst/>",
        &[("xl/worksheets/_rels/sheet1.xml.rels", targets.as_bytes())],
    )
}

/// Sheets that share one part.
fn sheets(count: usize, rows: &str) -> Vec<u8> {
    let sheets: Vec<String> = (0..count)
        .map(|number| format!(r#"<sheet name="s{number}" sheetId="{number}" r:id="rId1"/>"#))
        .collect();
    let list = format!("<workbook><sheets>{}</sheets></workbook>", sheets.concat());
    let inner = links(&[("worksheet", "worksheets/sheet1.xml", "")]);
    book(&[
        ("xl/workbook.xml", list.as_bytes()),
        ("xl/_rels/workbook.xml.rels", inner.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet(rows).as_bytes()),
    ])
}

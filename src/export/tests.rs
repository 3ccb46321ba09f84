//! The same export in every format.

use std::io::{Cursor, Read as _};

use changegate_figures::{Correction, CorrectionKind, Judged, Outcome, Urgency};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Asia::Shanghai;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00"))
        .expect("a time")
        .to_utc()
}

fn november() -> Period {
    let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).expect("a day");
    Period::Range {
        from: day(1),
        to: day(30),
    }
}

fn entries() -> Vec<Entry> {
    let correction = |what| Correction {
        at: at("2026-11-20T09:00"),
        by: "admin".to_owned(),
        what,
        reason: "=误报".to_owned(),
    };
    let smooth = Entry {
        sp_no: "202611240001".to_owned(),
        title: "=HYPERLINK(\"http://evil\"),行情".to_owned(),
        team: "行情组".to_owned(),
        urgency: Urgency::Emergency,
        applicant: "lisi".to_owned(),
        developers: vec!["secret-developer".to_owned()],
        filed_at: Some(at("2026-11-30T23:30")),
        first_verdict: Some(Judged::Rejected),
        last_verdict: Some(Judged::Compliant),
        rules_failed: vec!["cutoff".to_owned(), "tester".to_owned()],
        approved_at: Some(at("2026-11-30T23:40")),
        executed_at: Some(at("2026-11-30T23:50")),
        closed_at: Some(at("2026-12-01T00:20")),
        outcome: Some(Outcome::RolledBack),
        anomalies: 2,
        claim: true,
        corrections: vec![
            correction(CorrectionKind::AnomalyWithdrawn),
            correction(CorrectionKind::ClaimWithdrawn),
        ],
        ..Entry::default()
    };
    let of_december = Entry {
        sp_no: "202612010001".to_owned(),
        filed_at: Some(at("2026-12-01T00:00")),
        ..Entry::default()
    };
    vec![of_december, smooth]
}

#[test]
fn csv_tells_the_changes_of_the_period_in_the_zones_time() {
    let entries = entries();
    let export = Export::new(&entries, november(), Shanghai);
    let text = csv::write(&export, Sheet::Changes);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with("\u{feff}审批单号,标题,小组"), "{text}");
    assert!(
        lines[1].starts_with(
            "202611240001,\"'=HYPERLINK(\"\"http://evil\"\"),行情\",行情组,,紧急,lisi,2026-11-30 23:30:00,不合规,合规,cutoff、tester,0,"
        ),
        "{text}"
    );
    assert!(lines[1].ends_with(",2026-12-01 00:20:00,已回退,1,"), "{text}");
}

#[test]
fn csv_writes_each_table() {
    let entries = entries();
    let export = Export::new(&entries, november(), Shanghai);
    let second = |sheet| {
        let text = csv::write(&export, sheet);
        text.lines().nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(
        second(Sheet::Teams),
        "行情组,1,1,0.0000,1.0000,0,1,0,1,1,1.0000,,0,,"
    );
    assert_eq!(
        second(Sheet::Months),
        "2026-11,行情组,1,1,0.0000,1.0000,0,1,0,1,1,1.0000,,0,,"
    );
    assert_eq!(second(Sheet::Rules), "cutoff,15:00 前发起,六,1,202611240001");
    assert_eq!(second(Sheet::Approvals), "");
    assert_eq!(second(Sheet::Lowest), "2026-11,,");
    assert_eq!(
        second(Sheet::Corrections),
        "202611240001,2026-11-20 09:00:00,admin,撤销一次异常,'=误报"
    );
}

#[test]
fn claims_and_who_is_kept_from_awards_are_in_no_format() {
    let entries = entries();
    let export = Export::new(&entries, november(), Shanghai);
    let mut texts = vec![json::write(&export).expect("JSON")];
    texts.extend(sheets::build(&export).iter().map(|table| format!("{table:?}")));
    for text in texts {
        for private in ["secret-developer", "claim", "broke", "索赔"] {
            assert!(!text.contains(private), "{private}: {text}");
        }
    }
}

#[test]
fn json_has_the_figures_the_lists_behind_them_and_the_changes() {
    let entries = entries();
    let export = Export::new(&entries, november(), Shanghai);
    let json: serde_json::Value = serde_json::from_str(&json::write(&export).expect("JSON")).expect("JSON");
    assert_eq!(
        json["figures"]["by_team"]["行情组"]["anomaly_rate"]["part"][0],
        "202611240001"
    );
    assert_eq!(json["changes"].as_array().map(Vec::len), Some(1));
    assert_eq!(json["changes"][0]["outcome"], "rolled_back");
    assert_eq!(json["lowest_by_month"][0]["month"], "2026-11");
}

#[test]
fn a_workbook_has_every_table_and_no_formula() {
    let entries = entries();
    let export = Export::new(&entries, november(), Shanghai);
    let bytes = xlsx::write(&export).expect("a workbook");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut read = |name: &str| {
        let mut text = String::new();
        archive
            .by_name(name)
            .expect("the part")
            .read_to_string(&mut text)
            .expect("text");
        text
    };
    let book = read("xl/workbook.xml");
    for name in [
        "汇总",
        "按月",
        "变更明细",
        "按规则",
        "审批用时",
        "月度最低异常率",
        "修正记录",
    ] {
        assert!(book.contains(&format!("name=\"{name}\"")), "{name}: {book}");
    }
    let texts = read("xl/sharedStrings.xml");
    assert!(texts.contains("=HYPERLINK("), "{texts}");
    for sheet in 1..=7 {
        let sheet = read(&format!("xl/worksheets/sheet{sheet}.xml"));
        assert!(sheet.contains("state=\"frozen\""), "{sheet}");
        assert!(!sheet.contains("<f>"), "{sheet}");
    }
}

#[test]
fn an_empty_period_is_written_as_well() {
    let export = Export::new(&[], november(), Shanghai);
    xlsx::write(&export).expect("a workbook");
    json::write(&export).expect("JSON");
    assert_eq!(csv::write(&export, Sheet::Changes).lines().count(), 1);
}

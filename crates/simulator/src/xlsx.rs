//! The workbooks that people attach.

use changegate_attachments::{PlanRow, change_plan};
use chrono::NaiveDate;
use rust_xlsxwriter::Workbook;

/// A 变更计划清单 that holds the issues of a description, each under the name of its item.
pub(crate) fn plan_of(description: &str, image: &str, day: NaiveDate) -> Vec<u8> {
    let rows: Vec<PlanRow> = description
        .lines()
        .flat_map(|line| {
            let feature = line.split(['，', ',']).next().unwrap_or_default();
            let feature = feature.trim_start_matches(|c: char| c.is_ascii_digit() || "、.．) ".contains(c));
            keys(line).map(move |jira_key| (feature.to_owned(), jira_key))
        })
        .map(|(feature, jira_key)| PlanRow {
            feature,
            jira_key,
            image: image.to_owned(),
            ..PlanRow::default()
        })
        .collect();
    change_plan(&rows, day).unwrap_or_default()
}

/// What looks like issue keys, as people copy them.
fn keys(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|word| {
            word.split_once('-').is_some_and(|(project, number)| {
                project.len() > 1
                    && project.bytes().all(|byte| byte.is_ascii_uppercase())
                    && !number.is_empty()
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
        .map(str::to_owned)
}

/// A workbook with one sheet of these rows.
pub(crate) fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        if sheet.write_row(row, 0, cells.iter().copied()).is_err() {
            break;
        }
    }
    book.save_to_buffer().unwrap_or_default()
}

//! Forms whose papers agree with them: the issues that they name, and the change plan list.

use changegate_attachments::{PlanRow, change_plan};
use changegate_simulator::{Form, FormFile, forms};
use chrono::NaiveDate;

use crate::office::evening;

/// A form of these features and their issues, with the change plan list that names them.
pub(crate) fn form_of(items: &[(&str, &str)]) -> Form {
    let description: Vec<String> = (1..)
        .zip(items)
        .map(|(number, (feature, key))| {
            format!(
                "{number}、{feature}功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/{key}；"
            )
        })
        .collect();
    let (feature, _) = items[0];
    Form {
        title: format!("行情系统{feature}功能上线变更"),
        description: description.join("\n"),
        files: vec![plan_of(items)],
        ..forms::corrected(evening())
    }
}

/// The change plan list of these features and issues, as the program's own template is filled in.
pub(crate) fn plan_of(items: &[(&str, &str)]) -> FormFile {
    let row = |(feature, key): &(&str, &str)| PlanRow {
        feature: (*feature).to_owned(),
        jira_key: (*key).to_owned(),
        system: "行情".to_owned(),
        image: "quote-gateway:v2.9.0".to_owned(),
        ..PlanRow::default()
    };
    let rows: Vec<PlanRow> = items.iter().map(row).collect();
    FormFile::new("变更计划清单.xlsx", &change_plan(&rows, day()).unwrap())
}

/// The day that the program's templates are dated as of.
pub(crate) fn day() -> NaiveDate {
    evening().date_naive()
}

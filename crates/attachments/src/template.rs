//! The blank workbooks that clause 六.10 asks for, and a change plan filled from the form.

mod columns;
mod sheet;

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

/// A workbook that applicants fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Template {
    /// 变更计划清单: what is changed, in which order, and how it is taken back.
    ChangePlan,
    /// 权限配置登记表: which role gets which menu, right or interface of the middle platform.
    PermissionRegister,
}

impl Template {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::ChangePlan, Self::PermissionRegister];

    /// The name of its file, as the regulation calls it.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::ChangePlan => "变更计划清单-模板.xlsx",
            Self::PermissionRegister => "权限配置登记表.xlsx",
        }
    }

    /// Its title, and the name of its sheet.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ChangePlan => "变更计划清单",
            Self::PermissionRegister => "权限配置登记表",
        }
    }
}

/// A row of a change plan; what is not known stays empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanRow {
    /// 功能.
    pub feature: String,
    /// JIRA 单.
    pub jira_key: String,
    /// 系统/模块.
    pub system: String,
    /// 变更内容: the image, script or configuration.
    pub image: String,
    /// 回退方案.
    pub rollback: String,
    /// 负责人.
    pub owner: String,
}

/// A workbook cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The writer refuses something.
    #[error("the workbook cannot be written")]
    Write(#[from] XlsxError),
    /// There are more rows than would be read back, see [`crate::limits::ROWS`].
    #[error("a change plan of {found} rows is longer than what is read back")]
    TooLong {
        /// How many there are.
        found: usize,
    },
}

/// A blank workbook, dated as of a day. Equal days give equal bytes.
pub fn blank(template: Template, date: NaiveDate) -> Result<Vec<u8>, TemplateError> {
    write(template, date, &[])
}

/// A change plan with these rows, numbered. Equal rows and days give equal bytes.
pub fn change_plan(rows: &[PlanRow], date: NaiveDate) -> Result<Vec<u8>, TemplateError> {
    let cells: Vec<_> = rows.iter().map(columns::plan).collect();
    write(Template::ChangePlan, date, &cells)
}

fn write(template: Template, date: NaiveDate, rows: &[Vec<&str>]) -> Result<Vec<u8>, TemplateError> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new()
        .set_title(template.title())
        .set_creation_datetime(&date);
    workbook.set_properties(&properties);
    let columns = columns::of(template);
    sheet::table(workbook.add_worksheet(), template, columns, rows)?;
    sheet::notes(workbook.add_worksheet(), template, columns)?;
    Ok(workbook.save_to_buffer()?)
}

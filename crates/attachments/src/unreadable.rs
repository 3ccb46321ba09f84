//! Why a file cannot be read, said to whoever attached it.

use crate::Kind;
use crate::limits;

/// Why a file cannot be read. The text is for the applicant: what was found, what is needed, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is larger than what is opened.
    #[error("文件过大：有 {} MiB，最多 {} MiB；请删去图片和无关的工作表后重新上传", bytes.div_ceil(1024 * 1024), limit / 1024 / 1024)]
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// It needs a password.
    #[error("文件有密码保护，无法打开；请取消密码后重新上传")]
    PasswordProtected,
    /// Unpacked it is far larger than packed.
    #[error("文件解压后过大（疑似压缩炸弹），不予打开；请另存为新的 .xlsx 后重新上传")]
    Bomb,
    /// The package has more parts than a workbook has.
    #[error(
        "文件内部的部件过多，最多 {} 个；请另存为新的 .xlsx 后重新上传",
        limits::PARTS
    )]
    TooManyParts,
    /// It has more visible sheets than are read.
    #[error(
        "工作表过多：有 {found} 张，最多 {} 张；请删去无关的工作表后重新上传",
        limits::SHEETS
    )]
    TooManySheets {
        /// How many there are.
        found: usize,
    },
    /// Something stands below the last row that is read.
    #[error(
        "行过多：第 {row} 行有内容，最多 {} 行；请删去多余的行后重新上传",
        limits::ROWS
    )]
    TooManyRows {
        /// The row, from 1.
        row: u32,
    },
    /// Something stands to the right of the last column that is read.
    #[error(
        "列过多：第 {column} 列有内容，最多 {} 列；请删去多余的列后重新上传",
        limits::COLUMNS
    )]
    TooManyColumns {
        /// The column, from 1.
        column: u32,
    },
    /// More cells are filled than are read.
    #[error(
        "内容过多：有内容的单元格超过 {} 个；请只保留清单本身后重新上传",
        limits::CELLS
    )]
    TooManyCells,
    /// The cells of an `.xls` hold more text than is read.
    #[error(
        "内容过多：单元格里的文字合计超过 {} 万字；请只保留清单本身后重新上传",
        limits::XLS_CHARACTERS / 10_000
    )]
    TooMuchText,
    /// The filled cells of an `.xls` lie too far apart.
    #[error(
        "内容过于分散：从首个到最后一个有内容的单元格共占 {found} 格，最多 {} 格；请删去远处的多余内容，或另存为 .xlsx 后重新上传",
        limits::XLS_AREA
    )]
    TooWideApart {
        /// How many cells the sheets span.
        found: usize,
    },
    /// It lists more texts than are read.
    #[error("内容过多：不同的文字超过 {} 条；请只保留清单本身后重新上传", limits::STRINGS)]
    TooManyStrings,
    /// It is cut off, or its inside is not as it should be.
    #[error("文件不完整或已损坏，无法打开；请在 Excel 或 WPS 中确认能打开，另存为 .xlsx 后重新上传")]
    Damaged,
    /// By its name a workbook, by its content something else.
    #[error("不是 Excel 工作簿（看起来是{looks_like}）；请上传 .xlsx 或 .xls 文件")]
    NotAWorkbook {
        /// What it looks like.
        looks_like: Kind,
    },
    /// A workbook of a format that is not read.
    #[error("工作簿的格式是 {format}，无法读取；请另存为 .xlsx 后重新上传")]
    OtherFormat {
        /// The format's name.
        format: &'static str,
    },
    /// By its name a mail, by its content something else.
    #[error("不是邮件（看起来是{looks_like}）；请上传从邮箱导出的 .eml 文件")]
    NotAMail {
        /// What it looks like.
        looks_like: Kind,
    },
    /// A mail as Outlook keeps it.
    #[error("Outlook 的 .msg 邮件无法读取；请另存为 .eml 后重新上传")]
    OutlookMail,
}

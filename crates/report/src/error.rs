//! Why a template cannot be filled in. The texts are for the administrator who provided it.

/// What is wrong with a template.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// It is no ZIP archive, or a broken one.
    #[error("模板不是完好的 .docx 文件：{0}")]
    Archive(#[from] zip::result::ZipError),
    /// Part of it cannot be read or written.
    #[error("模板里的内容读不出来：{0}")]
    Io(#[from] std::io::Error),
    /// It is an archive, but no Word document.
    #[error("模板不是 Word 文档：缺少 {0}")]
    NotADocument(&'static str),
    /// It is larger than a template may be.
    #[error("模板过大：{what}超过上限 {limit}")]
    TooLarge {
        /// What is too large, in Chinese.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// It has a part that no honest template has.
    #[error("模板里的 {part} 不能接受：{reason}")]
    Refused {
        /// The part's name, shortened.
        part: String,
        /// Why, in Chinese.
        reason: &'static str,
    },
    /// A part is not well-formed XML.
    #[error("模板里的 {part} 不是正确的 XML：{source}")]
    Xml {
        /// The part's name.
        part: String,
        /// What the parser says.
        source: quick_xml::Error,
    },
}

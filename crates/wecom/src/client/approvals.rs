//! The `oa` calls.

use serde::{Deserialize, Serialize};

use super::Client;
use crate::approval::{ApprovalDetail, ReplyError, TemplateDetail};
use crate::error::Error;
use crate::lenient;

pub(super) const DETAIL: &str = "oa/getapprovaldetail";
pub(super) const INFO: &str = "oa/getapprovalinfo";
pub(super) const TEMPLATE: &str = "oa/gettemplatedetail";

/// WeCom gives a hundred numbers a page at most.
const PAGE: u32 = 100;
/// So many pages are not to be expected from one question.
const MAX_PAGES: usize = 10_000;

/// Forms submitted in a span of time, of at most 31 days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InfoQuery {
    /// Seconds since 1970.
    pub start: i64,
    /// Seconds since 1970.
    pub end: i64,
    /// Empty for the first page.
    pub cursor: String,
    /// Conditions; different keys all have to hold.
    pub filters: Vec<InfoFilter>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InfoFilter {
    /// `template_id`, `creator`, `department`, `sp_status`.
    pub key: String,
    /// What it has to be.
    pub value: String,
}

/// A page of numbers; it can be short or empty although more follow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct InfoPage {
    /// The numbers of forms.
    #[serde(default, deserialize_with = "lenient::many")]
    pub sp_no_list: Vec<String>,
    #[serde(default, rename = "new_next_cursor", deserialize_with = "lenient::text")]
    next: String,
}

impl InfoPage {
    /// Where the next page begins; none: this was the last.
    pub fn next_cursor(&self) -> Option<&str> {
        (!self.next.is_empty()).then_some(self.next.as_str())
    }
}

impl Client {
    /// A form with everything on it.
    pub async fn get_approval_detail(&self, sp_no: &str) -> Result<ApprovalDetail, Error> {
        let text = self.get_approval_detail_text(sp_no).await?;
        ApprovalDetail::parse_reply(&text).map_err(|error| misread(DETAIL, error))
    }

    /// The reply about a form as WeCom wrote it, once it is no error; for whoever keeps it whole.
    pub async fn get_approval_detail_text(&self, sp_no: &str) -> Result<String, Error> {
        let body = serde_json::json!({ "sp_no": sp_no }).to_string();
        let answer = self.post_text(DETAIL, body.as_bytes()).await?;
        match String::from_utf8(answer) {
            Ok(text) => Ok(text),
            Err(_) => Err(Error::Answer {
                path: DETAIL,
                message: "not UTF-8".to_owned(),
            }),
        }
    }

    /// A template.
    pub async fn get_template_detail(&self, template_id: &str) -> Result<TemplateDetail, Error> {
        let body = serde_json::json!({ "template_id": template_id }).to_string();
        self.post(TEMPLATE, body.as_bytes()).await
    }

    /// One page of the numbers of submitted forms.
    pub async fn get_approval_info(&self, query: &InfoQuery) -> Result<InfoPage, Error> {
        let body = serde_json::json!({
            "starttime": query.start.to_string(),
            "endtime": query.end.to_string(),
            "new_cursor": query.cursor,
            "size": PAGE,
            "filters": query.filters,
        });
        self.post(INFO, body.to_string().as_bytes()).await
    }

    /// All numbers of submitted forms, page by page until WeCom says that there are no more.
    pub async fn list_approvals(&self, query: &InfoQuery) -> Result<Vec<String>, Error> {
        let mut query = query.clone();
        let mut out = Vec::new();
        for _ in 0..MAX_PAGES {
            let page = self.get_approval_info(&query).await?;
            let next = page.next_cursor().map(str::to_owned);
            out.extend(page.sp_no_list);
            match next {
                None => return Ok(out),
                Some(next) if next == query.cursor => break,
                Some(next) => query.cursor = next,
            }
        }
        Err(Error::Answer {
            path: INFO,
            message: "the cursor goes round in circles".to_owned(),
        })
    }
}

fn misread(path: &'static str, error: ReplyError) -> Error {
    match error {
        ReplyError::Refused { errcode, errmsg } => Error::Api {
            path,
            errcode,
            errmsg,
        },
        error @ (ReplyError::Syntax { .. } | ReplyError::Field { .. }) => Error::Answer {
            path,
            message: error.to_string(),
        },
    }
}

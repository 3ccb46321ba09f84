//! Pages in place of what was asked for: why not, and what to do instead. They are for people in WeCom, in Chinese;
//! what an operator has to know goes into the log.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;
use changegate_store::StoreError;

use super::local_path::LocalPath;
use super::verdict_page::html;

/// Why a page or an action is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nobody is signed in: the sign-in that leads back.
    SignIn(LocalPath),
    /// Anything else, as a page.
    Page(Box<Page>),
}

/// What a refusal says.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "refusal.html", whitespace = "minimize")]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    /// What to do, or what is the matter.
    pub(crate) title: String,
    pub(crate) text: String,
    /// What to do, step by step.
    pub(crate) steps: Vec<String>,
    /// Where to go on: words and local address.
    pub(crate) link: Option<(String, String)>,
    /// What the reader wrote, so that it is not lost.
    pub(crate) kept: String,
}

impl Page {
    pub(crate) fn new(status: StatusCode, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            status,
            title: title.into(),
            text: text.into(),
            steps: Vec::new(),
            link: None,
            kept: String::new(),
        }
    }

    pub(crate) fn step(mut self, step: impl Into<String>) -> Self {
        self.steps.push(step.into());
        self
    }

    pub(crate) fn link(mut self, words: impl Into<String>, address: impl Into<String>) -> Self {
        self.link = Some((words.into(), address.into()));
        self
    }

    pub(crate) fn keeping(mut self, text: &str) -> Self {
        text.clone_into(&mut self.kept);
        self
    }
}

impl Refusal {
    /// Something was sent by somebody whose session is over.
    pub(crate) fn signed_out(back: Option<&LocalPath>, kept: &str) -> Self {
        let to = back.cloned().unwrap_or_else(LocalPath::home);
        Page::new(
            StatusCode::UNAUTHORIZED,
            "请重新登录后再提交",
            "登录已过期或尚未登录，刚才的操作没有提交。",
        )
        .link("重新登录", to.sign_in())
        .keeping(kept)
        .into()
    }

    /// The form is not one of ours, or one of another session.
    pub(crate) fn forged(back: Option<&LocalPath>, kept: &str) -> Self {
        let to = back.cloned().unwrap_or_else(LocalPath::home);
        Page::new(
            StatusCode::FORBIDDEN,
            "请打开页面重新提交",
            "这次提交不是从本页面发出的，或页面打开后换过登录，为安全起见没有执行。",
        )
        .link("重新打开页面", to.as_str())
        .keeping(kept)
        .into()
    }

    /// A field that cannot be taken as it is.
    pub(crate) fn field(
        back: Option<&LocalPath>,
        field: &str,
        found: &str,
        needed: &str,
        kept: &str,
    ) -> Self {
        let to = back.cloned().unwrap_or_else(LocalPath::home);
        Page::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("请修改“{field}”后重新提交"),
            format!("填写的是：{found}。需要：{needed}。"),
        )
        .link("返回修改", to.as_str())
        .keeping(kept)
        .into()
    }

    /// No change of that number, or no duty.
    pub(crate) fn no_such(what: &str) -> Self {
        Page::new(
            StatusCode::NOT_FOUND,
            format!("没有找到{what}"),
            "地址可能不完整，或单号有误。",
        )
        .step("在企业微信中打开“变更闸”应用，从消息里的链接重新进入。")
        .step("仍打不开时，把单号告诉变更闸管理员。")
        .into()
    }

    /// Something failed here; the log has the rest.
    pub(crate) fn failed() -> Self {
        Page::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "请稍后再试",
            "变更闸暂时不能处理，管理员可以在日志中看到原因。",
        )
        .into()
    }
}

impl From<Page> for Refusal {
    fn from(page: Page) -> Self {
        Self::Page(Box::new(page))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store could not answer a page");
        Self::failed()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignIn(to) => write!(f, "nobody is signed in for {to}"),
            Self::Page(page) => write!(f, "{}: {}", page.status, page.title),
        }
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignIn(_) => StatusCode::FOUND,
            Self::Page(page) => page.status,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::SignIn(to) => response.insert_header((LOCATION, to.sign_in())).finish(),
            Self::Page(page) => response
                .content_type("text/html; charset=utf-8")
                .body(html(page.as_ref())),
        }
    }
}

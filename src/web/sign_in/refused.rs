//! What somebody reads whose sign-in did not succeed.

use actix_web::http::StatusCode;
use changegate_wecom::error::{Error, ErrorClass};

use crate::web::local_path::LocalPath;
use crate::web::refusal::{Page, Refusal};

const AGAIN: &str = "重新登录";

/// The state is unknown to this browser.
pub(super) fn not_begun_here() -> Refusal {
    Page::new(
        StatusCode::FORBIDDEN,
        "请重新登录",
        "这次登录不是在本浏览器里开始的，或登录链接不完整。",
    )
    .step("不要使用别人转发的登录链接。")
    .step("从企业微信消息里的链接重新进入，或点下面的按钮。")
    .link(AGAIN, LocalPath::home().sign_in())
    .into()
}

/// The state was used before, or begun too long ago.
pub(super) fn used_or_late() -> Refusal {
    Page::new(
        StatusCode::FORBIDDEN,
        "请重新登录",
        "登录链接只能用一次，10 分钟内有效；这一个已用过或已过期。",
    )
    .link(AGAIN, LocalPath::home().sign_in())
    .into()
}

/// WeCom sent the browser back without a code.
pub(super) fn cancelled(to: &LocalPath) -> Refusal {
    Page::new(StatusCode::FORBIDDEN, "请重新登录", "企业微信没有完成登录。")
        .link(AGAIN, to.sign_in())
        .into()
}

/// Somebody outside of the company.
pub(super) fn outsider() -> Refusal {
    tracing::info!("somebody who is no member was refused");
    Page::new(
        StatusCode::FORBIDDEN,
        "请用本企业的企业微信账号登录",
        "登录的账号不是本企业成员（外部联系人或个人微信），不能打开变更闸。",
    )
    .step("在企业微信中切换到本企业后，从消息里的链接重新进入。")
    .into()
}

/// A member of a linked company.
pub(super) fn linked_company() -> Refusal {
    tracing::info!("a member of a linked company was refused");
    Page::new(
        StatusCode::FORBIDDEN,
        "请用本企业的企业微信账号登录",
        "登录的账号属于关联企业（上下游企业），不能打开变更闸。",
    )
    .step("需要了解变更情况时，请联系本企业的接口人。")
    .into()
}

/// WeCom did not say whose code it is.
pub(super) fn by_wecom(error: &Error, to: &LocalPath) -> Refusal {
    let again = to.sign_in();
    match error.class() {
        ErrorClass::RestartLogin | ErrorClass::StateExpired => {
            tracing::info!(%error, "a sign-in has to begin again");
            Page::new(
                StatusCode::FORBIDDEN,
                "请重新登录",
                "企业微信的登录凭证只能用一次，5 分钟内有效；这一个已用过或已过期。",
            )
            .link(AGAIN, again)
        }
        ErrorClass::Configuration | ErrorClass::Token | ErrorClass::Data => {
            tracing::error!(%error, "WeCom refuses sign-ins");
            let code = error
                .errcode()
                .map_or_else(String::new, |code| format!("（错误码 {code}）"));
            Page::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "暂时不能登录",
                format!("企业微信拒绝了变更闸的登录请求{code}，需要管理员检查应用配置，与您的操作无关。"),
            )
            .step("请把本页截图发给变更闸管理员。")
            .step("急需处理变更时，直接联系运维负责人。")
            .link("再试一次", again)
        }
        ErrorClass::Retry | ErrorClass::RateLimited => {
            tracing::warn!(%error, "WeCom does not answer a sign-in");
            Page::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "请稍后再试",
                "企业微信暂时没有应答，一般一分钟内恢复。",
            )
            .link("再试一次", again)
        }
    }
    .into()
}

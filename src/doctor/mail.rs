//! Would a mail go out? Connects, logs in and asks whether the sender is accepted; sends nothing.

use changegate_mailer::{Security, SmtpUrl};
use secrecy::ExposeSecret as _;

use super::Finding;
use crate::config::{Mail, SmtpMail};
use crate::mail::{self, Told};

const SUBJECT: &str = "邮件";

/// One finding, whatever is configured.
pub(super) async fn examine(settings: Option<&Mail>) -> Finding {
    match settings {
        None => Finding::off(
            SUBJECT,
            "未启用（没有 mail.smtp_url，也没有 mail.transport = \"wecom\"）：紧急发版申请的邮件须自行发送",
        ),
        Some(Mail::Wecom) => Finding::off(
            SUBJECT,
            "由企业微信的应用邮箱发送，不发信无法检查；须在管理后台 → 应用管理 → 邮件 → 可调用应用里加入本应用",
        ),
        Some(Mail::Smtp(smtp)) => examine_server(smtp).await,
    }
}

async fn examine_server(settings: &SmtpMail) -> Finding {
    match mail::check(settings).await {
        Err(error) => {
            let step = "改正 changegate.toml 的 [mail]；写法见 changegate.example.toml";
            Finding::bad(SUBJECT, format!("{error:#}"), step)
        }
        Ok(Err(error)) => {
            let Told { state, step } = mail::explain(&error);
            Finding::bad(SUBJECT, state, step)
        }
        Ok(Ok(checked)) => {
            let login = if checked.logged_in {
                "已登录"
            } else {
                "无须登录"
            };
            let protection = if checked.encrypted {
                "已加密"
            } else {
                "未加密！途中的任何人都能读到邮件，只可用于内网中继"
            };
            let state = format!(
                "{}已连接，{protection}，{login}，接受发件人 {}",
                server(settings),
                settings.from
            );
            Finding::good(SUBJECT, state)
        }
    }
}

/// Host and port, without user and password.
fn server(settings: &SmtpMail) -> String {
    let url = SmtpUrl::parse(settings.url.expose_secret());
    url.map(|url| {
        let none = if url.security() == Security::None {
            "（tls=none）"
        } else {
            ""
        };
        format!("{}{none} ", url.server())
    })
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn smtp(url: &str, password: Option<&str>) -> Mail {
        Mail::Smtp(SmtpMail {
            url: SecretString::from(url),
            password: password.map(SecretString::from),
            from: "changegate@example.com".to_owned(),
            ca_file: None,
        })
    }

    #[tokio::test]
    async fn what_is_off_is_told_with_its_cost() {
        let told = examine(None).await.to_string();
        assert!(
            told.starts_with("– 邮件：未启用") && told.contains("须自行发送"),
            "{told}"
        );
    }

    #[tokio::test]
    async fn settings_that_do_not_fit_together_are_told_before_anything_is_connected() {
        for (url, password, words) in [
            ("smtps://u@h", None, "请给出 mail.smtp_password"),
            ("smtps://h", Some("pass-word"), "没有用户名"),
            ("smtps://u:pass-word@h", Some("pass-word"), "密码给了两次"),
            ("smtp://u:pass-word@h?tls=none", None, "密码不能走不加密的连接"),
        ] {
            let told = examine(Some(&smtp(url, password))).await.to_string();
            assert!(told.starts_with("✗ 邮件：") && told.contains(words), "{told}");
            assert!(!told.contains("pass-word"), "{told}");
        }
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_a_fault() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let settings = smtp(&format!("smtp://127.0.0.1:{port}?tls=none"), None);
        let told = examine(Some(&settings)).await.to_string();
        assert!(
            told.contains("✗ 邮件：没有连上邮件服务器") && told.contains("修复：检查 mail.smtp_url"),
            "{told}"
        );
    }
}

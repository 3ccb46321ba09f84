//! What went wrong with a mail, and what to do about it, in the words of whoever runs the bot.

use changegate_mailer::{MailError, MailErrorClass, SettingsError, Stage};

/// A fault, and the step that mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// What is wrong.
    pub(crate) state: String,
    /// What to do.
    pub(crate) step: String,
}

/// Tells an error of the mail server's.
pub(crate) fn explain(error: &MailError) -> Told {
    let (what, step) = match (error.class, error.stage) {
        (_, Stage::Mail) => ("邮件超出限制", "请改正这封邮件后重发"),
        (_, Stage::Recipients) if !error.refused.is_empty() => {
            ("收件人全部被邮件服务器拒绝", "请核对收件人地址后重发")
        }
        (MailErrorClass::Passing, Stage::Connect) => (
            "没有连上邮件服务器",
            "检查 mail.smtp_url 的主机与端口，以及本机能否访问它（DNS、出口防火墙）",
        ),
        (MailErrorClass::Passing, _) => ("邮件服务器暂时不收", "稍后会自动重试；持续出现时请联系邮件管理员"),
        (MailErrorClass::Configuration, Stage::Connect) => (
            "与邮件服务器谈不成加密连接，或本机被它拒绝",
            "端口 465 用 smtps://，587 与 25 用 smtp://；公司自己的证书写入 mail.ca_file",
        ),
        (MailErrorClass::Configuration, Stage::Encrypt) => (
            "邮件服务器没有可用的 STARTTLS，或证书不被信任",
            "公司自己的证书写入 mail.ca_file；只有内网中继才可在 mail.smtp_url 末尾加 ?tls=none（不加密）",
        ),
        (MailErrorClass::Configuration, Stage::LogIn) => (
            "登录邮件服务器失败",
            "检查 mail.smtp_url 里的用户名与 mail.smtp_password（很多邮箱要用授权码而不是登录密码）；登录须用加密连接",
        ),
        (MailErrorClass::Configuration, _) => (
            "邮件服务器不接受这个发件人或要求登录",
            "让 mail.from 与登录的邮箱一致；要求登录时在 mail.smtp_url 里写用户名并给出 mail.smtp_password",
        ),
        (MailErrorClass::Permanent, _) => ("邮件被邮件服务器退回", "请按服务器的说明修改后重发"),
    };
    Told {
        state: format!("{what}（{error}）"),
        step: step.to_owned(),
    }
}

/// Tells what is wrong with the settings.
pub(super) fn of_settings(error: &SettingsError) -> String {
    let told = match error {
        SettingsError::Url | SettingsError::Parameter => {
            "mail.smtp_url 不对：应为 smtps://用户@主机:465、smtp://用户@主机:587 或 smtp://主机:25?tls=none"
        }
        SettingsError::NoPassword => "mail.smtp_url 里有用户名而没有密码：请给出 mail.smtp_password",
        SettingsError::NoUser => {
            "给出了 mail.smtp_password，而 mail.smtp_url 里没有用户名：请写成 smtps://用户@主机"
        }
        SettingsError::TwoPasswords => "密码给了两次：mail.smtp_url 里的与 mail.smtp_password 只留一个",
        SettingsError::PasswordInClear => {
            "密码不能走不加密的连接：去掉 mail.smtp_url 的 ?tls=none，或去掉用户名与密码"
        }
        SettingsError::Certificates => "mail.ca_file 里没有可用的 PEM 证书",
        SettingsError::Tls(_) => {
            "加密连接准备不了：检查 mail.ca_file 与系统的根证书（Debian：apt-get install ca-certificates）"
        }
    };
    told.to_owned()
}

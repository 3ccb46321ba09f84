//! Every key there is, with what it should be. The order is that of the example file.

/// One key of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    /// Levels joined by dots.
    pub(super) name: &'static str,
    /// What it should be, as the end of a sentence "应为…".
    pub(super) expected: &'static str,
    /// Whether its content must never be shown, and may be given by a file.
    pub(super) secret: bool,
}

const fn plain(name: &'static str, expected: &'static str) -> Key {
    Key {
        name,
        expected,
        secret: false,
    }
}

const fn secret(name: &'static str, expected: &'static str) -> Key {
    Key {
        name,
        expected,
        secret: true,
    }
}

const CA_FILE: &str = "根证书文件（PEM）的路径（相对路径从配置文件所在目录算起）";
const TITLE: &str = "审批模板上控件的标题或 id（非空文字）";

/// All keys.
pub(super) const KEYS: &[Key] = &[
    plain("server.bind", "监听地址与端口，如 127.0.0.1:8080 或 [::]:8080"),
    plain(
        "server.public_url",
        "对外地址，以 http:// 或 https:// 开头，如 https://changegate.example.com",
    ),
    plain("server.workers", "1 到 256 的整数"),
    secret(
        "database.url",
        "数据库地址，以 sqlite:、postgres:// 或 mysql:// 开头",
    ),
    plain("database.migrate", "true 或 false"),
    plain(
        "wecom.api_base",
        "企业微信 API 的地址，以 http:// 或 https:// 开头",
    ),
    plain(
        "wecom.oauth_base",
        "网页授权登录的地址，以 http:// 或 https:// 开头",
    ),
    plain("wecom.sso_base", "扫码登录的地址，以 http:// 或 https:// 开头"),
    plain("wecom.corp_id", "企业 ID（管理后台 → 我的企业 → 企业信息）"),
    plain(
        "wecom.agent_id",
        "大于 0 的整数（管理后台 → 应用管理 → 自建应用 → AgentId）",
    ),
    secret(
        "wecom.secret",
        "自建应用的 Secret（管理后台 → 应用管理 → 自建应用 → Secret）",
    ),
    secret(
        "wecom.token",
        "接收消息服务器配置里的 Token：1 到 32 位英文字母或数字",
    ),
    secret(
        "wecom.encoding_aes_key",
        "接收消息服务器配置里的 EncodingAESKey：恰好 43 位英文字母或数字",
    ),
    plain(
        "wecom.templates",
        "生产上线变更的模板 id 列表，至少一个，如 [\"3Tka…\"]",
    ),
    plain("wecom.reconcile_interval_secs", "1 到 86400 的整数（秒）"),
    plain("wecom.reconcile_days", "1 到 31 的整数（天）"),
    plain("wecom.fields.title", TITLE),
    plain("wecom.fields.urgency", TITLE),
    plain("wecom.fields.description", TITLE),
    plain("wecom.fields.rollback", TITLE),
    plain("wecom.fields.product_manager", TITLE),
    plain("wecom.fields.tester", TITLE),
    plain("wecom.fields.middle_platform", TITLE),
    plain("wecom.fields.attachments", TITLE),
    plain("wecom.fields.related", TITLE),
    plain("wecom.fields.planned_time", TITLE),
    plain("wecom.fields.images", TITLE),
    plain("wecom.fields.markets", TITLE),
    plain("policy.file", "政策文件的路径（相对路径从配置文件所在目录算起）"),
    plain("jira.api_base", "JIRA 的地址，以 http:// 或 https:// 开头"),
    secret("jira.token", "JIRA 的个人访问令牌"),
    plain("jira.user", "JIRA 的用户名，与 jira.password 一起代替令牌"),
    secret("jira.password", "JIRA 的密码"),
    plain("jira.ca_file", CA_FILE),
    plain("jira.cache_minutes", "0 到 60 的整数（分钟）"),
    secret(
        "jira.webhook_secret",
        "JIRA 网络钩子地址里的口令：16 到 128 位英文字母或数字",
    ),
    plain(
        "registry.hosts",
        "镜像仓库的主机列表，如 [\"harbor.example.com\", \"http://10.0.0.5:5000\"]；不写协议为 https",
    ),
    plain("registry.user", "镜像仓库的用户名"),
    secret("registry.password", "镜像仓库的密码或访问令牌"),
    plain(
        "registry.token_hosts",
        "另可签发访问令牌的主机列表，如 [\"auth.example.com\"]",
    ),
    plain("registry.ca_file", CA_FILE),
    plain("github.app_id", "GitHub App 的 App ID 或 Client ID"),
    secret(
        "github.private_key",
        "GitHub App 的私钥（PEM），一般写成 github.private_key_file",
    ),
    secret(
        "github.webhook_secret",
        "GitHub App 的 Webhook secret：16 到 128 位英文字母或数字",
    ),
    plain(
        "github.api_base",
        "GitHub API 的地址，以 http:// 或 https:// 开头",
    ),
    plain("zadig.base", "Zadig 的地址，以 http:// 或 https:// 开头"),
    secret("zadig.token", "Zadig 的 API Token（回调用）"),
    secret(
        "zadig.hook_secret",
        "Zadig 发布计划 Hook 的密钥：16 到 128 位英文字母或数字",
    ),
    plain(
        "mail.transport",
        "\"smtp\"（邮件服务器）或 \"wecom\"（企业微信的应用邮箱）",
    ),
    secret(
        "mail.smtp_url",
        "邮件服务器地址：smtps://用户@主机:465，或 smtp://用户@主机:587（STARTTLS），或不加密的内网中继 smtp://主机:25?tls=none",
    ),
    secret("mail.smtp_password", "邮箱的密码或授权码"),
    plain("mail.from", "发件人邮箱，如 changegate@example.com"),
    plain("mail.ca_file", CA_FILE),
    plain(
        "report.template",
        "事故报告模板（.docx）的路径（相对路径从配置文件所在目录算起）",
    ),
    plain("log.format", "\"text\" 或 \"json\""),
    plain("log.level", "error、warn、info、debug 或 trace"),
];

/// The key of that name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Whether something of that name may be given: a key, or a secret's `_file`.
pub(super) fn is_known(name: &str) -> bool {
    find(name).is_some()
        || name
            .strip_suffix("_file")
            .and_then(find)
            .is_some_and(|key| key.secret)
}

/// The key that someone who wrote `name` may have meant.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let moved = KEYS
        .iter()
        .find(|key| last(key.name) == last(name))
        .map(|key| key.name);
    let (distance, key) = KEYS
        .iter()
        .map(|key| (distance(name, key.name), key.name))
        .min()?;
    if distance <= 2 { Some(key) } else { moved }
}

/// Insertions, deletions and substitutions between two names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (to, above) in b.iter().zip(row.iter().skip(1)) {
            let substituted = diagonal + usize::from(from != *to);
            left = substituted.min(left + 1).min(above + 1);
            next.push(left);
            diagonal = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_is_levenshteins() {
        for (a, b, expected) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "ab", 1),
            ("kitten", "sitting", 3),
            ("", "abc", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn a_slip_or_a_wrong_section_finds_the_key() {
        for (written, meant) in [
            ("wecom.tokn", Some("wecom.token")),
            ("wecom.corpid", Some("wecom.corp_id")),
            ("server.templates", Some("wecom.templates")),
            ("colour", None),
        ] {
            assert_eq!(nearest(written), meant, "{written}");
        }
    }

    #[test]
    fn only_secrets_may_be_given_by_a_file() {
        assert!(is_known("wecom.secret_file") && is_known("database.url_file"));
        assert!(!is_known("wecom.corp_id_file"));
    }
}

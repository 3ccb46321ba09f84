//! Every way to get a configuration wrong, and the words for it.

use super::{KEY, WECOM, load, load_wecom};

/// The good section with one line replaced.
fn set(line: &str) -> String {
    let key = line.split('=').next().unwrap_or_default();
    let replaced = |old: &str| {
        if old.starts_with(key) {
            format!("{line}\n")
        } else {
            format!("{old}\n")
        }
    };
    WECOM.lines().map(replaced).collect()
}

/// The good section with lines after it; the first of them is line 8.
fn with(more: &str) -> String {
    format!("{WECOM}{more}\n")
}

fn check(cases: &[(String, &str)]) {
    for (text, words) in cases {
        let error = load(text, &[])
            .err()
            .unwrap_or_else(|| panic!("read without complaint: {words}\n{text}"));
        assert!(error.contains(words), "expected: {words}\nfound: {error}");
        assert!(
            !error.contains("secret-word") && !error.contains(KEY),
            "gives a secret away: {error}"
        );
    }
}

#[test]
fn in_the_wecom_section() {
    check(&[
        (
            set("corp_id = \"\""),
            "wecom.corp_id（DIR/c.toml:2）是空的：应为企业 ID",
        ),
        (
            set("corp_id = \"ww 1\""),
            "wecom.corp_id（DIR/c.toml:2）不对：应为企业 ID",
        ),
        (
            set("agent_id = 0"),
            "wecom.agent_id（DIR/c.toml:3）不对：应为大于 0 的整数",
        ),
        (set("agent_id = \"1000002\""), "现为\"1000002\""),
        (
            set("secret = \"two words\""),
            "应为自建应用的 Secret（管理后台 → 应用管理 → 自建应用 → Secret）；现为",
        ),
        (
            set("token = \"has-dash\""),
            "wecom.token（DIR/c.toml:5）不对：应为接收消息服务器配置里的 Token",
        ),
        (
            set("token = \"123456789012345678901234567890123\""),
            "现为 33 个字符的文字",
        ),
        (set("token = 123456"), "现为整数"),
        (
            set("encoding_aes_key = \"short\""),
            "恰好 43 位英文字母或数字；现为 5 个字符的文字",
        ),
        (
            set(&format!("encoding_aes_key = \"{KEY} \"")),
            "现为 44 个字符的文字，且首尾有空白",
        ),
        (
            set("encoding_aes_key = \"-\""),
            "现为 1 个字符的文字，其中 1 个不是英文字母或数字",
        ),
        (
            set("templates = []"),
            "wecom.templates（DIR/c.toml:7）不对：应为生产上线变更的模板 id 列表，至少一个",
        ),
        (set("templates = [\"\"]"), "现为有 1 项的列表"),
        (set("templates = \"TPL\""), "现为\"TPL\""),
        (
            with("tokn = \"x\""),
            "不认识 wecom.tokn（DIR/c.toml:8）：是不是 wecom.token？",
        ),
        (
            with("secret_file = \"x\""),
            "wecom.secret（DIR/c.toml:4）与 wecom.secret_file（DIR/c.toml:8）只能给一个",
        ),
        (
            with("reconcile_days = 32"),
            "应为1 到 31 的整数（天）；现为整数 32",
        ),
        (with("reconcile_interval_secs = 1.5"), "现为小数"),
        (
            with("[wecom.fields]\ntitle = 3"),
            "wecom.fields.title（DIR/c.toml:9）不对：应为审批模板上控件",
        ),
        (with("[wecom.fields]\nname = \"x\""), "不认识 wecom.fields.name"),
        (with("server = 8080"), "不认识 wecom.server"),
    ]);
}

#[test]
fn in_the_other_sections() {
    check(&[
        (
            with("[server]\nbind = \"8080\""),
            "server.bind（DIR/c.toml:9）不对：应为监听地址与端口",
        ),
        (
            with("[server]\npublic_url = \"example.com\""),
            "server.public_url（DIR/c.toml:9）不对：应为对外地址",
        ),
        (with("[server]\nworkers = 0"), "应为1 到 256 的整数"),
        (
            with("[database]\nurl = \"oracle://x:secret-word@y\""),
            "应为数据库地址，以 sqlite:",
        ),
        (
            with("[database]\nmigrate = \"yes\""),
            "应为true 或 false；现为\"yes\"",
        ),
        (
            with("[policy]\nfile = \"none.toml\""),
            "policy.file（DIR/c.toml:9）指向的文件 DIR/none.toml 读不了",
        ),
        (
            with("[jira]\napi_base = \"jira\"\ntoken = \"t\""),
            "jira.api_base（DIR/c.toml:9）不对",
        ),
        (
            with("[mail]\nsmtp_url = \"smtps://h:465\""),
            "缺少 mail.from：应为发件人邮箱",
        ),
        (
            with("[mail]\nsmtp_url = \"http://h\"\nfrom = \"a@b\""),
            "应为邮件服务器地址",
        ),
        (
            with("[mail]\nsmtp_url = \"smtp://h\"\nfrom = \"ab\""),
            "应为发件人邮箱",
        ),
        (
            with("[mail]\ntransport = \"smtp\""),
            "缺少 mail.smtp_url：应为邮件服务器地址",
        ),
        (
            with("[mail]\ntransport = \"post\""),
            "应为\"smtp\"（邮件服务器）或 \"wecom\"",
        ),
        (
            with("[mail]\nsmtp_url = \"smtp://h:secret-word@h?tls=maybe\"\nfrom = \"a@b.com\""),
            "mail.smtp_url（DIR/c.toml:9）不对",
        ),
        (
            with("[mail]\ntransport = \"wecom\"\nca_file = \"none.pem\""),
            "mail.ca_file（DIR/c.toml:10）指向的文件 DIR/none.pem 读不了",
        ),
        (
            with("[log]\nlevel = \"loud\""),
            "应为error、warn、info、debug 或 trace；现为\"loud\"",
        ),
        (
            with("[log]\nformat = \"xml\""),
            "应为\"text\" 或 \"json\"；现为\"xml\"",
        ),
        (
            with("[colours]\nred = 1"),
            "不认识 colours.red（DIR/c.toml:9）：没有这个配置项",
        ),
        ("server = 1\n".to_owned() + WECOM, "不认识 server（DIR/c.toml:1）"),
        ("[wecom\n".to_owned(), "配置文件（DIR/c.toml:1）不是合法的 TOML"),
        (
            String::new(),
            "缺少 wecom.templates：应为生产上线变更的模板 id 列表，至少一个，如 [\"3Tka…\"]；\
             请写入 DIR/c.toml，或设环境变量 CHANGEGATE__WECOM__TEMPLATES",
        ),
    ]);
}

#[test]
fn in_the_environment() {
    for (name, value, words) in [
        (
            "WECOM__AGENT_ID",
            "abc",
            "wecom.agent_id（环境变量 CHANGEGATE__WECOM__AGENT_ID）不对：应为大于 0",
        ),
        ("WECOM__TEMPLATES", "TPL", "至少一个，如 [\"3Tka…\"]；现为\"TPL\""),
        (
            "WECOM__TEMPLATES",
            "[\"a\"]\nx = 1",
            "wecom.templates（环境变量 CHANGEGATE__WECOM__TEMPLATES）不对",
        ),
        (
            "WECOM__TOKNE",
            "x",
            "不认识 wecom.tokne（环境变量 CHANGEGATE__WECOM__TOKNE）：是不是 wecom.token？",
        ),
        ("NOTHING", "x", "不认识 nothing（环境变量 CHANGEGATE__NOTHING）"),
        ("WECOM__SECRET_FILE", "/nowhere/s", "指向的文件 /nowhere/s 读不了"),
    ] {
        let error = load_wecom("", &[(&format!("CHANGEGATE__{name}"), value)]).expect_err(words);
        assert!(error.contains(words), "expected: {words}\nfound: {error}");
    }
}

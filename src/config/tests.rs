//! What is read from file and environment, and which of them counts.

use std::path::{Path, PathBuf};

use secrecy::ExposeSecret as _;
use tempfile::TempDir;

use super::*;

mod mistakes;

const KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
const WECOM: &str = r#"[wecom]
corp_id = "ww0000000000000000"
agent_id = 1000002
secret = "app-secret"
token = "QDG6eK"
encoding_aes_key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
templates = ["TPL"]
"#;

/// A folder with a `c.toml`, and what reading it gives.
struct Case {
    folder: TempDir,
}

impl Case {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("c.toml"), text).unwrap();
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("c.toml")
    }

    fn load(&self, env: &[(&str, &str)]) -> Result<Config, String> {
        Config::load(Some(&self.path()), env.iter().copied()).map_err(|errors| {
            errors
                .to_string()
                .replace(&*self.folder.path().to_string_lossy(), "DIR")
        })
    }
}

fn load(text: &str, env: &[(&str, &str)]) -> Result<Config, String> {
    Case::new(text).load(env)
}

fn load_wecom(more: &str, env: &[(&str, &str)]) -> Result<Config, String> {
    load(&format!("{WECOM}{more}"), env)
}

#[test]
fn the_mandatory_keys_are_enough() {
    let config = load(WECOM, &[]).unwrap();
    assert_eq!(config.server.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.public_url.as_str(), "http://127.0.0.1:8080/");
    assert_eq!(config.database.url.expose_secret(), "sqlite://changegate.db");
    assert!(config.database.migrate);
    assert_eq!(config.wecom.api_base.as_str(), "https://qyapi.weixin.qq.com/");
    assert_eq!(config.wecom.oauth_base.as_str(), "https://open.weixin.qq.com/");
    assert_eq!(
        config.wecom.sso_base.as_str(),
        "https://login.work.weixin.qq.com/"
    );
    assert_eq!(config.wecom.reconcile_interval.as_secs(), 300);
    assert_eq!(config.wecom.reconcile_days, 7);
    assert_eq!(config.wecom.fields, Fields::default());
    assert!(config.report_template.is_none());
    assert!(config.policy_file.is_none() && config.jira.is_none() && config.mail.is_none());
    assert_eq!(config.log, Log::default());
}

#[test]
fn the_environment_alone_is_enough() {
    let env = [
        ("CHANGEGATE__WECOM__CORP_ID", "ww1"),
        ("CHANGEGATE__WECOM__AGENT_ID", "7"),
        ("CHANGEGATE__WECOM__SECRET", "s"),
        ("CHANGEGATE__WECOM__TOKEN", "123456"),
        ("CHANGEGATE__WECOM__ENCODING_AES_KEY", KEY),
        ("CHANGEGATE__WECOM__TEMPLATES", r#"["TPL", 'B']"#),
        ("CHANGEGATE__WECOM__FIELDS__PRODUCT_MANAGER", "产品负责人"),
        ("CHANGEGATE__DATABASE__MIGRATE", "false"),
        ("CHANGEGATE__SERVER__WORKERS", "2"),
        ("CHANGEGATE__LOG__FORMAT", "json"),
        ("CHANGEGATE__JIRA__TOKEN", "j"),
        ("CHANGEGATE_TEST_POSTGRES_URL", "postgres://nobody"),
        ("PATH", "/bin"),
    ];
    let config = load("", &env).unwrap();
    assert_eq!(config.wecom.templates, ["TPL", "B"]);
    assert_eq!(config.wecom.token.expose_secret(), "123456");
    assert_eq!(config.wecom.fields.product_manager, "产品负责人");
    assert_eq!(config.wecom.fields.title, "标题");
    assert_eq!(config.server.workers.map(NonZeroUsize::get), Some(2));
    assert!(!config.database.migrate);
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.jira.unwrap().api_base.as_str(), "http://jira.yxzq.com/");
}

#[test]
fn the_environment_goes_before_the_file_unless_it_is_blank() {
    let file = format!("{WECOM}[database]\nurl = \"sqlite://file.db\"\n");
    let env = |value| [("CHANGEGATE__DATABASE__URL", value)];
    let url = |value| {
        load(&file, &env(value))
            .unwrap()
            .database
            .url
            .expose_secret()
            .to_owned()
    };
    assert_eq!(url("sqlite://env.db"), "sqlite://env.db");
    assert_eq!(url(""), "sqlite://file.db");
}

#[test]
fn the_file_may_be_named_by_the_environment() {
    let case = Case::new(WECOM);
    let env = [("CHANGEGATE_CONFIG", case.path())];
    assert!(Config::load(None, env).is_ok());
    let env = [("CHANGEGATE_CONFIG", case.folder.path().join("none.toml"))];
    let error = Config::load(None, env).unwrap_err().to_string();
    assert!(
        error.contains("读不了配置文件") && error.contains("环境变量 CHANGEGATE_CONFIG"),
        "{error}"
    );
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let case = Case::new(&WECOM.replace("secret = \"app-secret\"", "secret_file = \"secret.txt\""));
    std::fs::write(
        case.folder.path().join("secret.txt"),
        "from a file".replace(' ', "-") + "\n",
    )
    .unwrap();
    assert_eq!(
        case.load(&[]).unwrap().wecom.secret.expose_secret(),
        "from-a-file"
    );
    let env = [("CHANGEGATE__WECOM__SECRET", "from-the-environment")];
    assert_eq!(
        case.load(&env).unwrap().wecom.secret.expose_secret(),
        "from-the-environment"
    );
}

#[test]
fn the_policy_file_is_looked_for_beside_the_configuration() {
    let case = Case::new(&format!("{WECOM}[policy]\nfile = \"p.toml\"\n"));
    let error = case.load(&[]).unwrap_err();
    assert!(
        error.contains("policy.file（DIR/c.toml:9）指向的文件 DIR/p.toml 读不了"),
        "{error}"
    );
    std::fs::write(case.folder.path().join("p.toml"), "").unwrap();
    assert_eq!(
        case.load(&[]).unwrap().policy_file,
        Some(case.folder.path().join("p.toml"))
    );
}

#[test]
fn all_mistakes_are_told_at_once() {
    let error = load(
        "[wecom]\nagent_id = 0\nnonsense = 1\n[server]\nbind = \"x\"\n",
        &[],
    )
    .unwrap_err();
    let keys = [
        "agent_id",
        "nonsense",
        "bind",
        "corp_id",
        "secret",
        "token",
        "encoding_aes_key",
        "templates",
    ];
    assert!(error.starts_with("配置有 8 处错误\n"), "{error}");
    assert!(keys.iter().all(|key| error.contains(key)), "{error}");
}

#[test]
fn a_part_is_not_held_up_by_the_rest_but_unknown_keys_are_refused_everywhere() {
    let gather = |text: &str| {
        let case = Case::new(text);
        Layers::gather(Some(&case.path()), std::iter::empty::<(String, String)>()).unwrap()
    };
    let layers = gather("[database]\nurl = \"sqlite://x.db\"\n");
    assert_eq!(layers.database().unwrap().url.expose_secret(), "sqlite://x.db");
    assert!(layers.callback().is_err() && layers.config().is_err());
    assert!(gather("[wecom]\nagent_id = 0\n").database().is_ok());
    assert!(gather("[wecom]\nagentid = 0\n").database().is_err());
    assert!(
        gather(&WECOM.replace("templates", "# templates"))
            .callback()
            .is_ok()
    );
}

#[test]
fn the_example_file_lacks_only_what_nobody_else_can_know() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/changegate.example.toml");
    let env = [
        ("CHANGEGATE__WECOM__CORP_ID", "ww1"),
        ("CHANGEGATE__WECOM__AGENT_ID", "7"),
        ("CHANGEGATE__WECOM__SECRET", "s"),
        ("CHANGEGATE__WECOM__TOKEN", "t"),
        ("CHANGEGATE__WECOM__ENCODING_AES_KEY", KEY),
        ("CHANGEGATE__WECOM__TEMPLATES", r#"["TPL"]"#),
    ];
    let config = Config::load(Some(&path), env).unwrap();
    assert_eq!(config.wecom.fields, Fields::default());
    let errors = Config::load(Some(&path), std::iter::empty::<(String, String)>()).unwrap_err();
    assert_eq!(errors.0.len(), env.len(), "{errors}");
    let text = std::fs::read_to_string(path).unwrap();
    for key in keys::KEYS {
        let last = key.name.rsplit('.').next().unwrap();
        assert!(
            text.contains(&format!("{last} = ")),
            "{} is not in the example",
            key.name
        );
    }
}

#[test]
fn nothing_secret_is_printed() {
    let config = load_wecom("[database]\nurl = \"postgres://u:pass-word@h/d\"\n", &[]).unwrap();
    let printed = format!("{config:?}");
    for secret in ["app-secret", "QDG6eK", KEY, "pass-word"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn mail_goes_by_a_server_or_by_wecom() {
    let mail = |text: &str| load_wecom(&format!("[mail]\n{text}\n"), &[]).unwrap().mail;
    assert!(mail("from = \"a@example.com\"").is_none());
    assert!(matches!(mail("transport = \"wecom\""), Some(Mail::Wecom)));
    let server =
        "smtp_url = \"smtps://bot@h\"\nsmtp_password = \"pass word\"\nfrom = \"变更闸 <a@example.com>\"";
    let Some(Mail::Smtp(smtp)) = mail(server) else {
        panic!("no server");
    };
    assert_eq!(smtp.url.expose_secret(), "smtps://bot@h");
    assert_eq!(smtp.password.unwrap().expose_secret(), "pass word");
    assert_eq!(smtp.from, "变更闸 <a@example.com>");
    let both = format!("transport = \"wecom\"\n{server}");
    assert!(matches!(mail(&both), Some(Mail::Wecom)));
}

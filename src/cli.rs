//! The command line: what can be asked for, and who answers.
//!
//! One file per command; this one only knows their names and arguments. Exit statuses are part of the public
//! contract and stand at each command's `run`. Knows no database and no WeCom; the environment is read here,
//! once, and handed on as plain values.

pub mod check;
pub mod serve;

pub mod demo;

pub mod callback_decode;
pub mod completions;
pub mod doctor;
pub mod export;
pub mod gate;
pub mod menu;
pub mod migrate;
pub mod template;
pub mod token;

mod logging;
mod output;
mod time;

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::{ConfigErrors, Layers, Log};
pub use crate::export::Sheet;

pub use logging::init as init_logging;

/// `changegate` and everything it can be asked.
#[derive(Debug, Parser)]
#[command(
    name = "changegate",
    version,
    about = "变更闸：让企业微信里的生产变更守在《生产变更管理规定》之内",
    subcommand_help_heading = "命令",
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What concerns every command.
    #[command(flatten)]
    pub global: Global,
    /// The command itself.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Default, Args)]
pub struct Global {
    /// The configuration file, in place of `CHANGEGATE_CONFIG` and `./changegate.toml`.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = "配置文件；缺省为 CHANGEGATE_CONFIG 或 ./changegate.toml"
    )]
    pub config: Option<PathBuf>,
}

impl Global {
    /// Reads the configuration file and the environment, without judging what stands in them.
    pub fn layers(&self) -> Result<Layers, ConfigErrors> {
        Layers::gather(self.config.as_deref(), std::env::vars_os())
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The bot itself.
    #[command(about = "运行机器人：接收回调、评审、发消息、API 与页面")]
    Serve,
    /// Everything on one machine, with nothing to configure.
    #[command(about = "本机演示：模拟的企业微信加上机器人，无需任何配置")]
    Demo(DemoArgs),
    /// Evaluates submissions.
    #[command(
        about = "评审一份或多份申请（oa/getapprovaldetail 的 JSON）；0 合规或仅提醒，1 不合规，3 待定，2 读不了"
    )]
    Check(CheckArgs),
    /// May a change be deployed now?
    #[command(
        about = "现在可以部署这个变更吗？0 可以，1 不可以（原因在标准输出），3 不确定，2 没有得到答复；只有 0 才可部署"
    )]
    Gate(GateArgs),
    /// What concerns callbacks.
    #[command(about = "回调相关的工具")]
    Callback {
        /// Which of them.
        #[command(subcommand)]
        command: CallbackCommand,
    },
    /// Looks at everything the bot depends on.
    #[command(about = "体检：逐项检查配置与外部依赖，并说明怎样修复")]
    Doctor,
    /// Database migrations.
    #[command(about = "数据库迁移")]
    Migrate {
        /// Which way.
        #[command(subcommand)]
        command: MigrateCommand,
    },
    /// The figures of a period.
    #[command(about = "导出一段时间的变更统计：xlsx、csv 或 json")]
    Export(ExportArgs),
    /// The app's menu in WeCom.
    #[command(about = "设置企业微信应用的菜单：新建变更、我的待办；会替换现有菜单")]
    Menu,
    /// Blank workbooks to be attached.
    #[command(about = "生成空白的附件模板：变更计划清单、权限配置登记表")]
    Template(TemplateArgs),
    /// Access tokens of the API.
    #[command(about = "API 令牌")]
    Token {
        /// What to do.
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// A completion script.
    #[command(about = "输出命令补全脚本")]
    Completions {
        /// For which shell.
        #[arg(value_name = "SHELL", help = "bash、zsh、fish、elvish 或 powershell")]
        shell: clap_complete::Shell,
    },
}

/// Arguments of `changegate demo`.
#[derive(Debug, Clone, Default, Args)]
pub struct DemoArgs {
    /// End after the story, without waiting for a browser.
    #[arg(long, help = "演完一遍就退出，不需要浏览器")]
    pub once: bool,
}

/// Arguments of `changegate check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// What to evaluate: files, folders, JSON Lines, or `-` for standard input.
    #[arg(
        required = true,
        value_name = "FILE",
        help = "文件、目录、JSON Lines，或 -（标准输入）"
    )]
    pub files: Vec<PathBuf>,
    /// The moment of judgement; without it each submission's own apply time.
    #[arg(long, value_name = "TIME", value_parser = time::parse, help = "评审时刻，如 2026-11-24T14:05:00+08:00 或 \"2026-11-24 14:05\"（北京时间）；缺省为申请时间")]
    pub at: Option<DateTime<Utc>>,
    /// Facts beside the form; without them the rules on facts are skipped.
    #[arg(
        long,
        value_name = "FILE",
        help = "事实文件（JSON）；没有则跳过依赖事实的规则"
    )]
    pub facts: Option<PathBuf>,
    /// The policy to judge by; without it the built-in regulation.
    #[arg(long, value_name = "FILE", help = "政策文件（TOML）；缺省为内置的规定 V2.1")]
    pub policy: Option<PathBuf>,
    /// How to print the verdicts.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help = "输出格式")]
    pub format: OutputFormat,
}

/// Arguments of `changegate gate`.
#[derive(Debug, Clone, Args)]
pub struct GateArgs {
    /// The approval's number.
    #[arg(value_name = "SP_NO", help = "审批单号")]
    pub sp_no: String,
    /// The time of the deployment; without it the present.
    #[arg(long, value_name = "TIME", value_parser = time::parse, help = "部署时刻，如 2026-11-24T17:05:00+08:00；缺省为现在")]
    pub at: Option<DateTime<Utc>>,
    /// Which changegate to ask; without it the database of the configuration is read.
    #[arg(
        long,
        env = "CHANGEGATE_SERVER",
        value_name = "URL",
        help = "变更闸的地址，如 https://changegate.example.com；缺省为直接读本机配置的数据库"
    )]
    pub server: Option<url::Url>,
    /// The token for it; not an argument, which others on the machine could read.
    #[arg(long, env = "CHANGEGATE_TOKEN", hide = true, hide_env_values = true)]
    pub token: Option<String>,
    /// The file that holds the token.
    #[arg(long, value_name = "FILE", help = "令牌文件；或用环境变量 CHANGEGATE_TOKEN")]
    pub token_file: Option<PathBuf>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help = "输出格式")]
    pub format: OutputFormat,
}

/// How `check` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The commands under `changegate callback`.
#[derive(Debug, Subcommand)]
pub enum CallbackCommand {
    /// Verifies and decrypts one callback.
    #[command(about = "验签并解密一次回调；0 明文在标准输出，1 原因在标准错误")]
    Decode(DecodeArgs),
}

/// Arguments of `changegate callback decode`.
#[derive(Debug, Clone, Args)]
pub struct DecodeArgs {
    /// The raw query string, as it stands in the access log.
    #[arg(
        long,
        value_name = "Q",
        allow_hyphen_values = true,
        help = "原始查询串：msg_signature=…&timestamp=…&nonce=…[&echostr=…]"
    )]
    pub query: String,
    /// The body of a POST; `-` is standard input.
    #[arg(long, value_name = "FILE", help = "POST 的正文；- 为标准输入；GET 验证时不用")]
    pub body: Option<PathBuf>,
}

/// The commands under `changegate migrate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum MigrateCommand {
    /// Applies what is missing.
    #[command(about = "执行尚未执行的迁移")]
    Up,
    /// Takes the last one back.
    #[command(about = "撤销最后一个迁移")]
    Down,
    /// Shows what is applied and what is not.
    #[command(about = "列出每个迁移是否已执行")]
    Status,
}

/// Arguments of `changegate export`.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// The first day, in the policy's zone.
    #[arg(long, value_name = "DATE", help = "第一天，如 2026-11-01")]
    pub from: NaiveDate,
    /// The last day, which is part of the period.
    #[arg(long, value_name = "DATE", help = "最后一天（含），如 2026-11-30")]
    pub to: NaiveDate,
    /// The kind of file.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help = "文件格式")]
    pub format: ExportFormat,
    /// The table that CSV holds, which has room for one; the other formats hold all.
    #[arg(
        long,
        value_enum,
        default_value = "changes",
        value_name = "TABLE",
        help = "csv 里放哪张表；xlsx 与 json 含全部"
    )]
    pub table: Sheet,
    /// Where to write; without it standard output.
    #[arg(long, value_name = "FILE", help = "写到文件；缺省为标准输出")]
    pub output: Option<PathBuf>,
}

/// The kind of file that `export` writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// A workbook with all tables.
    #[default]
    Xlsx,
    /// One table, for spreadsheet programs.
    Csv,
    /// Everything, with the list behind each figure.
    Json,
}

/// Arguments of `changegate template`.
#[derive(Debug, Clone, Args)]
pub struct TemplateArgs {
    /// The kind of files.
    #[arg(value_enum, value_name = "KIND", help = "xlsx")]
    pub kind: TemplateKind,
    /// Where to write them.
    #[arg(
        value_name = "DIR",
        default_value = ".",
        help = "写到哪个目录；缺省为当前目录"
    )]
    pub folder: PathBuf,
    /// Whether to write over what is there.
    #[arg(long, help = "覆盖已有的文件")]
    pub force: bool,
}

/// The kind of files that `template` makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TemplateKind {
    /// Workbooks.
    Xlsx,
}

/// The commands under `changegate token`.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Makes a token and prints it, once.
    #[command(about = "新建令牌；只显示这一次，在标准输出的最后一行")]
    Create(TokenArgs),
}

/// Arguments of `changegate token create`.
#[derive(Debug, Clone, Args)]
pub struct TokenArgs {
    /// What the token may do; may be given several times or joined by commas.
    #[arg(
        long = "scope",
        required = true,
        value_enum,
        value_delimiter = ',',
        value_name = "SCOPE",
        help = "权限，可多次给出"
    )]
    pub scopes: Vec<TokenScope>,
    /// What the token is for.
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new(), help = "名称，如 ci")]
    pub name: String,
}

/// What an API token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub enum TokenScope {
    /// Read changes.
    Read,
    /// Ask whether a change may be deployed.
    Gate,
    /// Evaluate submissions.
    Evaluate,
    /// Everything.
    Admin,
}

impl TokenScope {
    /// The word that is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Gate => "gate",
            Self::Evaluate => "evaluate",
            Self::Admin => "admin",
        }
    }
}

/// Carries out a command.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { global, command } = cli;
    match command {
        Command::Serve => {
            let config = global.layers()?.config()?;
            init_logging(&config.log);
            serve::run(config).await
        }
        Command::Demo(args) => {
            init_logging(&Log::quiet());
            demo::run(args).await
        }
        Command::Check(args) => {
            init_logging(&Log::quiet());
            check::run(&args)
        }
        Command::Gate(args) => {
            init_logging(&Log::quiet());
            gate::run(&global, &args).await
        }
        Command::Callback {
            command: CallbackCommand::Decode(args),
        } => callback_decode::run(&global, &args),
        Command::Doctor => {
            init_logging(&Log::quiet());
            doctor::run(&global).await
        }
        Command::Migrate { command } => {
            init_logging(&Log::quiet());
            migrate::run(&global, command).await
        }
        Command::Export(args) => {
            init_logging(&Log::quiet());
            export::run(&global, args).await
        }
        Command::Menu => {
            init_logging(&Log::quiet());
            menu::run(&global).await
        }
        Command::Template(args) => {
            init_logging(&Log::quiet());
            template::run(&args)
        }
        Command::Token {
            command: TokenCommand::Create(args),
        } => {
            init_logging(&Log::quiet());
            token::create(&global, args).await
        }
        Command::Completions { shell } => completions::run(shell),
    }
}

//! `changegate gate`: may this change be deployed now? For jobs that deploy.
//!
//! With a server's address it asks there, with a token of scope `gate`; without one it reads the database of the
//! configuration itself.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use changegate_lifecycle::{Decision, GateAnswer};
use chrono::{DateTime, SecondsFormat, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::output::{err_line, out};
use super::{GateArgs, Global, OutputFormat, migrate};
use crate::clock::Clock;
use crate::directory;
use crate::gate::Gate;
use crate::policies::Policies;
use crate::policy_file;
use crate::registry::Registry;

/// An answer that takes longer is none.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Answers are far smaller.
const LARGEST: usize = 1024 * 1024;

/// Exit status 0 yes; 1 no, with the reasons on standard output; 3 not known; 2 no answer.
pub async fn run(global: &Global, args: &GateArgs) -> anyhow::Result<ExitCode> {
    let asked = match &args.server {
        Some(server) => ask_server(server, args).await,
        None => ask_database(global, args).await,
    };
    let answer = match asked {
        Ok(answer) => answer,
        Err(error) => {
            err_line(&format!("changegate：没有得到答复，请勿部署：{error:#}"))?;
            return Ok(ExitCode::from(2));
        }
    };
    match args.format {
        OutputFormat::Json => out(&format!("{}\n", serde_json::to_string(&answer)?))?,
        OutputFormat::Text => out(&format!("{}\n", answer.in_words()))?,
    }
    Ok(match answer.decision {
        Decision::Allowed => ExitCode::SUCCESS,
        Decision::Denied => ExitCode::FAILURE,
        Decision::Unknown => ExitCode::from(3),
    })
}

async fn ask_server(server: &Url, args: &GateArgs) -> anyhow::Result<GateAnswer> {
    let token = token(args)?;
    let mut url = server.clone();
    url.path_segments_mut()
        .ok()
        .context("--server 不是 http 地址")?
        .pop_if_empty()
        .extend(["api", "v1", "changes", &args.sp_no, "gate"]);
    if let Some(at) = args.at {
        url.query_pairs_mut()
            .append_pair("at", &at.to_rfc3339_opts(SecondsFormat::Secs, true));
    }
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .context("the HTTP client cannot be made")?;
    let mut response = client
        .get(url)
        .bearer_auth(token.expose_secret())
        .send()
        .await
        .map_err(reqwest::Error::without_url)
        .context("变更闸没有回答")?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
        body.extend_from_slice(&chunk);
        anyhow::ensure!(body.len() <= LARGEST, "回答过大");
    }
    if status != reqwest::StatusCode::OK {
        let said: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let detail = said
            .get("detail")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        anyhow::bail!("变更闸回答 HTTP {}：{detail}", status.as_u16());
    }
    serde_json::from_slice(&body).context("看不懂变更闸的回答")
}

fn token(args: &GateArgs) -> anyhow::Result<SecretString> {
    if let Some(path) = &args.token_file {
        let text = std::fs::read_to_string(path).with_context(|| format!("令牌文件 {}", path.display()))?;
        return Ok(SecretString::from(text.trim().to_owned()));
    }
    args.token
        .clone()
        .map(SecretString::from)
        .context("问服务器须有令牌：CHANGEGATE_TOKEN 或 --token-file（changegate token create --scope gate）")
}

async fn ask_database(global: &Global, args: &GateArgs) -> anyhow::Result<GateAnswer> {
    let layers = global.layers()?;
    let store = migrate::open(&layers.database()?).await?;
    let policies = Policies::new(policy_file::load(layers.policy_file()?.as_deref())?);
    let registry = layers.registry()?.as_ref().map(Registry::new).transpose()?;
    directory::take_over(&store, &policies).await?;
    let at: DateTime<Utc> = args.at.unwrap_or_else(|| Clock::system().now());
    let policy = policies.now();
    let gate = Gate {
        store: &store,
        policy: &policy,
        registry: registry.as_ref(),
    };
    let answer = gate.answer(&args.sp_no, at).await;
    if args.at.is_none()
        && let Ok(answer) = &answer
        && let Err(error) = gate.look_again(&args.sp_no, answer, at).await
    {
        // Who may only read the database gets the answer all the same.
        tracing::warn!(%error, "the change could not be put up for a look");
    }
    store.close().await?;
    Ok(answer?)
}

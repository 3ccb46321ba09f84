//! `changegate demo`: the whole system on one machine, with nothing to configure.
//!
//! A simulated WeCom, a simulated JIRA and the bot, with everything stored in a temporary folder. The story of two
//! changes is played in the terminal: fault, correction, approval, window, execution, verification, an anomaly and its
//! rollback, the month's figures. Without `--once` only its beginning is played; then all stay up, so that one can go
//! on by hand on the phone-like page, where buttons move the clock.

mod day;
mod story;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use changegate_simulator::{Settings, Simulator, cast};

use super::output::out;
use super::{DemoArgs, menu};
use crate::app::{self, Running};
use crate::clock::Clock;
use crate::config::Config;

/// Where the phone-like page and the bot listen if these ports are free.
const PHONE_PORT: u16 = 8090;
const BOT_PORT: u16 = 8080;

/// Plays the story; with `--once` that is all, else both stay up until they are interrupted.
pub async fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir().context("a temporary folder cannot be made")?;
    let bot = address(BOT_PORT)?;
    let settings = Settings {
        bind: address(PHONE_PORT)?,
        ..Settings::demo()
    };
    let clock = settings.clock.clone();
    let opening = day::pretend_a_change_day(&clock)?;
    let simulator = Simulator::start(settings).await?;
    let config = configure(folder.path(), bot, &simulator)?;
    menu::set(&config).await?;
    let bot_clock = Clock::from_fn(move || clock.now());
    let running = Box::pin(app::build(config, bot_clock)).await?.start()?;
    simulator
        .save_callback_url(&format!("http://{bot}/wecom/callback"))
        .await
        .map_err(|reason| anyhow::anyhow!("the callback address was not verified: {reason}"))?;
    let told = story::play(&simulator, opening, args.once).await;
    if told.is_ok() && !args.once {
        stay(&simulator, bot).await?;
    }
    stop(running, simulator).await?;
    told?;
    Ok(ExitCode::SUCCESS)
}

async fn stop(running: Running, simulator: Simulator) -> anyhow::Result<()> {
    running.stop().await?;
    simulator.stop().await;
    Ok(())
}

async fn stay(simulator: &Simulator, bot: SocketAddr) -> anyhow::Result<()> {
    out(&format!(
        "\n接下来可以自己试：\n  手机页面（模拟企业微信）  {}\n  机器人                    http://{bot}/readyz\n按 Ctrl-C 结束。\n",
        simulator.base_url()
    ))?;
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// The port if nobody has it, else any free one.
fn address(preferred: u16) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, preferred))
        .or_else(|_taken| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .context("no free port on this machine")?;
    Ok(listener.local_addr()?)
}

/// Writes what a real installation would have, a configuration and a policy with the cast's directory, and reads
/// it the way `serve` does. The environment is left out: it may be that of a real installation.
fn configure(folder: &Path, bot: SocketAddr, simulator: &Simulator) -> anyhow::Result<Config> {
    let policy = policy(changegate_policy::Policy::BUILT_IN_TEXT);
    std::fs::write(folder.join("policy.toml"), policy)?;
    let wecom = simulator.settings();
    let phone = simulator.base_url();
    let text = format!(
        "[server]\nbind = \"{bot}\"\npublic_url = \"http://{bot}\"\n\n[database]\nurl = \"sqlite://{}\"\n\n\
         [wecom]\napi_base = \"{}\"\ncorp_id = \"{}\"\nagent_id = {}\nsecret = \"{}\"\ntoken = \"{}\"\n\
         encoding_aes_key = \"{}\"\ntemplates = [\"{}\"]\noauth_base = \"{phone}\"\nsso_base = \"{phone}\"\n\n\
         [policy]\nfile = \"policy.toml\"\n\n[jira]\napi_base = \"{}\"\ntoken = \"{}\"\n\n\
         [mail]\ntransport = \"wecom\"\n",
        folder.join("changegate.db").display(),
        simulator.base_url(),
        wecom.corp_id,
        wecom.agent_id,
        wecom.secret,
        wecom.token,
        wecom.encoding_aes_key,
        wecom.template_id,
        simulator.jira_base(),
        simulator.jira_token(),
    );
    let file: PathBuf = folder.join("changegate.toml");
    std::fs::write(&file, text)?;
    let nothing: [(String, String); 0] = [];
    Ok(Config::load(Some(&file), nothing)?)
}

/// The regulation with the cast's directory and the simulator's group.
fn policy(built_in: &str) -> String {
    let group = built_in.lines().map(
        |line| match line.trim_start().strip_prefix("# feedback_group = ") {
            Some(_) => "feedback_group = \"feedback\"",
            None => line,
        },
    );
    let lines: Vec<&str> = group.collect();
    format!("{}\n{}", lines.join("\n"), cast::directory_toml("directory"))
}

#[cfg(test)]
mod tests {
    use changegate_policy::Policy;

    #[test]
    fn the_demo_has_a_feedback_group_and_a_directory() {
        let text = super::policy(Policy::BUILT_IN_TEXT);
        let policy = Policy::parse(&text, "policy.toml").unwrap();
        assert_eq!(policy.contacts().feedback_group.as_deref(), Some("feedback"));
        assert!(policy.directory().is_some());
    }
}

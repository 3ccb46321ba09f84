//! Fills a database for measuring: `many_changes DATABASE_URL CHANGES`.
//!
//! One change is filed in a simulated WeCom, judged with the facts of the simulated JIRA, signed, and looked at in its
//! window by the program itself. What the program stored of it for the gate is then copied inside the database, under
//! the numbers from 400000000000 on. One copy in a hundred is open. At 17:05 of 24 November 2026 in Shanghai the gate
//! lets each of them through.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use changegate::app;
use changegate::clock::Clock;
use changegate::config::Config;
use changegate_policy::Policy;
use changegate_simulator::{Settings, Simulator, cast, forms};
use changegate_store::{Store, StoreOptions};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};

/// The number of the first copy.
const FIRST: u64 = 400_000_000_000;
/// How long the program may take for anything.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often it is looked whether it is done.
const GLANCE: Duration = Duration::from_millis(50);
/// What the gate reads of a change, and which issues it names.
const TABLES: [&str; 4] = ["changes", "assessments", "images", "change_issues"];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, changes] = arguments.as_slice() else {
        bail!("usage: many_changes DATABASE_URL CHANGES");
    };
    let changes: u64 = changes.parse()?;
    let sp_no = Box::pin(one_change(database)).await?;
    let raw = Database::connect(database.as_str()).await?;
    for table in TABLES {
        copy(&raw, table, &sp_no, changes)
            .await
            .with_context(|| format!("{table} could not be copied"))?;
    }
    raw.close().await?;
    Ok(())
}

/// A change that may go out at 17:00. Answers its number.
async fn one_change(database: &str) -> anyhow::Result<String> {
    let morning = at("2026-11-24T10:30:00+08:00")?;
    let evening = at("2026-11-24T17:00:00+08:00")?;
    let settings = Settings::demo();
    settings.clock.set(morning);
    let wecom = Simulator::start(settings).await?;
    let folder = tempfile::tempdir()?;
    let config = configure(folder.path(), database, &wecom)?;
    let clock = wecom.clock().clone();
    let app = Box::pin(app::build(config, Clock::from_fn(move || clock.now()))).await?;
    let running = app.start()?;
    let bot = running.addresses().first().context("the bot listens nowhere")?;
    wecom
        .save_callback_url(&format!("http://{bot}/wecom/callback"))
        .await
        .map_err(anyhow::Error::msg)?;
    let store = Store::open(&StoreOptions::new(database)).await?;

    let sp_no = wecom.submit("zhangwei", &forms::corrected(evening))?;
    wecom
        .wait_message("liqiang", |message| message.text().contains(&sp_no), PATIENCE)
        .await?;
    for approver in ["liqiang", "sunli", "zhaolei"] {
        wecom.approve(&sp_no, approver)?;
    }
    wait_until(&store, &sp_no, |stage, _| stage == "approved").await?;
    wecom.clock().set(evening);
    wait_until(&store, &sp_no, |_, facts_at| facts_at >= evening).await?;

    store.close().await?;
    running.stop().await?;
    wecom.stop().await;
    Ok(sp_no)
}

fn at(text: &str) -> anyhow::Result<DateTime<Utc>> {
    Ok(DateTime::parse_from_rfc3339(text)?.to_utc())
}

/// Waits until stage and time of the facts are as wanted.
async fn wait_until(
    store: &Store,
    sp_no: &str,
    wanted: impl Fn(&str, DateTime<Utc>) -> bool,
) -> anyhow::Result<()> {
    let looked = async {
        let mut glances = tokio::time::interval(GLANCE);
        loop {
            glances.tick().await;
            if let Some(change) = store.change(sp_no).await?
                && wanted(&change.draft.stage, change.draft.facts_at.unwrap_or_default())
            {
                return Ok(());
            }
        }
    };
    tokio::time::timeout(PATIENCE, looked)
        .await
        .context("the change never came to be as wanted")?
}

fn configure(folder: &Path, database: &str, simulator: &Simulator) -> anyhow::Result<Config> {
    let policy = format!("{}\n{}", Policy::BUILT_IN_TEXT, cast::directory_toml("directory"));
    std::fs::write(folder.join("policy.toml"), policy)?;
    let wecom = simulator.settings();
    let mut text = format!(
        "[server]\nbind = \"127.0.0.1:0\"\npublic_url = \"http://localhost\"\nworkers = 1\n\
         [database]\nurl = \"{database}\"\n[policy]\nfile = \"policy.toml\"\n"
    );
    write!(
        text,
        "[wecom]\napi_base = \"{}\"\ncorp_id = \"{}\"\nagent_id = {}\nsecret = \"{}\"\ntoken = \"{}\"\n\
         encoding_aes_key = \"{}\"\ntemplates = [\"{}\"]\n[jira]\napi_base = \"{}\"\ntoken = \"{}\"\n",
        simulator.base_url(),
        wecom.corp_id,
        wecom.agent_id,
        wecom.secret,
        wecom.token,
        wecom.encoding_aes_key,
        wecom.template_id,
        simulator.jira_base(),
        simulator.jira_token(),
    )?;
    let file = folder.join("changegate.toml");
    std::fs::write(&file, text)?;
    let nothing: [(String, String); 0] = [];
    Ok(Config::load(Some(&file), nothing)?)
}

/// Copies the rows of one change under as many other numbers.
async fn copy(raw: &DatabaseConnection, table: &str, sp_no: &str, changes: u64) -> anyhow::Result<()> {
    let backend = raw.get_database_backend();
    let row = raw
        .query_one_raw(Statement::from_string(
            backend,
            format!("SELECT * FROM {table} LIMIT 1"),
        ))
        .await?;
    let Some(row) = row else { return Ok(()) };
    let columns = row.column_names();
    let values: Vec<String> = columns
        .iter()
        .map(|column| match column.as_str() {
            "sp_no" => format!("CAST({FIRST} + n.i AS TEXT)"),
            "is_open" => "n.i % 100 = 0".to_owned(),
            other => format!("t.{other}"),
        })
        .collect();
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {changes}) \
         INSERT INTO {table} ({}) SELECT {} FROM {table} t, n WHERE t.sp_no = '{sp_no}'",
        columns.join(", "),
        values.join(", "),
    );
    raw.execute_unprepared(&sql).await?;
    Ok(())
}

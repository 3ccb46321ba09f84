//! The month is over: its figures reach the team leads.

use anyhow::Context as _;
use changegate_policy::Policy;
use chrono::{Datelike as _, NaiveTime, TimeZone as _, Utc};

use super::stage::Stage;

const MORNING: NaiveTime = match NaiveTime::from_hms_opt(10, 10, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

pub(super) async fn play(stage: &Stage<'_>) -> anyhow::Result<()> {
    let policy = Policy::built_in();
    let today = policy.day_of(stage.wecom.clock().now());
    let next = today
        .with_day(1)
        .and_then(|first| first.checked_add_months(chrono::Months::new(1)))
        .context("there is no next month")?;
    let day = policy.first_working_day(next.year(), next.month());
    let morning = policy
        .zone()
        .from_local_datetime(&day.and_time(MORNING))
        .earliest()
        .context("there is no such morning")?;
    Stage::tells("次月第一个工作日：组长收到上月的统计")?;
    stage.moves_to(morning.with_timezone(&Utc)).await?;
    stage.reads("liqiang", ["异常率", "交易组"]).await
}

//! The month is over: its figures reach the team leads.

use anyhow::Context as _;
use changegate_policy::Policy;
use chrono::{Datelike as _, NaiveTime};

use super::stage::Stage;

const MORNING: NaiveTime = NaiveTime::from_hms_opt(10, 10, 0).unwrap();

pub(super) async fn play(stage: &Stage<'_>) -> anyhow::Result<()> {
    let policy = Policy::built_in();
    let today = policy.day_of(stage.wecom.clock().now());
    let next = today
        .with_day(1)
        .and_then(|first| first.checked_add_months(chrono::Months::new(1)))
        .context("there is no next month")?;
    let day = policy.first_working_day(next.year(), next.month());
    Stage::tells("次月第一个工作日：组长收到上月的统计")?;
    stage.moves_to(policy.at(day, MORNING)).await?;
    stage.reads("liqiang", ["异常率", "交易组"]).await
}

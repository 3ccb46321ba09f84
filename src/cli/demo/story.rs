//! The story: two changes from the first form to their end, and the figures of their month.

mod anomaly;
mod course;
mod filing;
mod month;
mod stage;

use changegate_simulator::Simulator;
use chrono::{DateTime, Utc};

use self::stage::Stage;
use crate::cli::output::out;

/// Plays the story, `planned` being when its first change is to be carried out; all of it, or only the filing, after
/// which the reader goes on by hand.
pub(super) async fn play(wecom: &Simulator, planned: DateTime<Utc>, whole: bool) -> anyhow::Result<()> {
    let stage = Stage { wecom };
    let corrected = filing::play(&stage, planned).await?;
    if !whole {
        return Ok(());
    }
    course::play(&stage, &corrected, planned).await?;
    anomaly::play(&stage).await?;
    month::play(&stage).await?;
    out("\n— 故事到此结束 —\n")?;
    Ok(())
}

//! What people of the story do: read, press, sign, and let time pass.

use std::time::Duration;

use changegate_policy::Policy;
use changegate_simulator::{Channel, Form, PressOutcome, Seen, Simulator};
use chrono::{DateTime, Utc};

use crate::cli::output::out;

/// A machine that is busy building takes its time.
const PATIENCE: Duration = Duration::from_secs(30);

/// For so long nothing happens before the clock is moved.
const QUIET: Duration = Duration::from_millis(800);

pub(super) struct Stage<'a> {
    pub(super) wecom: &'a Simulator,
}

impl Stage<'_> {
    /// What somebody does outside of the bot.
    pub(super) fn tells(what: &str) -> anyhow::Result<()> {
        out(&format!("\n— {what} —\n"))?;
        Ok(())
    }

    /// Files a form.
    pub(super) fn files(&self, who: &str, form: &Form) -> anyhow::Result<String> {
        let sp_no = self
            .wecom
            .submit(who, form)
            .map_err(|refusal| anyhow::anyhow!("the form could not be filed: {refusal}"))?;
        out(&format!(
            "  标题：{}\n  描述：{}\n  回退方案：{}\n  审批单号：{sp_no}\n",
            form.title, form.description, form.rollback
        ))?;
        Ok(sp_no)
    }

    /// Reads the first message that holds both words.
    pub(super) async fn reads(&self, who: &str, words: [&str; 2]) -> anyhow::Result<()> {
        let seen = self
            .waits_for(who, |seen| words.iter().all(|word| seen.text.contains(word)))
            .await?;
        out(&format!(
            "\n【变更闸 → {}】\n{}\n",
            self.name(who),
            seen.text.trim()
        ))?;
        Ok(())
    }

    /// Presses a button on a card about the change, once there is one, and shows what the card turned into.
    pub(super) async fn presses(&self, who: &str, sp_no: &str, button: &str) -> anyhow::Result<()> {
        let seen = self
            .waits_for(who, |seen| {
                seen.text.contains(sp_no) && seen.button(button).is_some()
            })
            .await?;
        let key = seen
            .button(button)
            .map(|button| button.key.clone())
            .unwrap_or_default();
        out(&format!(
            "\n【变更闸 → {}】\n{}\n",
            self.name(who),
            seen.text.trim()
        ))?;
        let pressed = self.wecom.press(who, &seen.task_id, &key);
        anyhow::ensure!(
            pressed == PressOutcome::Sent,
            "{who} could not press {button}: {pressed:?}"
        );
        let task = seen.task_id;
        let result = self
            .waits_for(who, |seen| seen.task_id == task && seen.replaced)
            .await?;
        out(&format!(
            "  {}按下“{button}” ⇒ {}\n",
            self.name(who),
            headline(&result)
        ))?;
        Ok(())
    }

    /// Reads what the feedback group is told.
    pub(super) async fn group_reads(&self, word: &str) -> anyhow::Result<()> {
        let group = Channel::Chat("feedback".to_owned());
        let arrived = |messages: &[changegate_simulator::Message]| {
            messages
                .iter()
                .any(|message| message.channel == group && message.body.to_string().contains(word))
        };
        let messages = self
            .wecom
            .wait_messages("the feedback group's message", arrived, PATIENCE)
            .await?;
        let text = messages
            .iter()
            .rfind(|message| message.channel == group)
            .and_then(|message| message.body.pointer("/text/content")?.as_str().map(str::to_owned))
            .unwrap_or_default();
        out(&format!("\n【变更闸 → 问题反馈群】\n{}\n", text.trim()))?;
        Ok(())
    }

    /// Signs, in WeCom itself.
    pub(super) fn signs(&self, who: &str, sp_no: &str) -> anyhow::Result<()> {
        self.wecom
            .approve(sp_no, who)
            .map_err(|refusal| anyhow::anyhow!("{who} could not sign: {refusal}"))?;
        out(&format!("  {}在企业微信审批中同意\n", self.name(who)))?;
        Ok(())
    }

    /// Lets time pass, once what is on its way has arrived: a clock that jumps takes leases with it.
    pub(super) async fn moves_to(&self, at: DateTime<Utc>) -> anyhow::Result<()> {
        self.wecom.settle(PATIENCE).await?;
        tokio::time::sleep(QUIET).await;
        self.wecom.clock().set(at);
        let local = Policy::built_in().local(at);
        out(&format!("\n⏱ 时钟拨到 {}\n", local.format("%Y-%m-%d %H:%M")))?;
        Ok(())
    }

    fn name(&self, who: &str) -> String {
        let person = self
            .wecom
            .settings()
            .people
            .iter()
            .find(|person| person.userid == who);
        person.map_or_else(
            || who.to_owned(),
            |person| format!("{}（{}）", person.name, person.role),
        )
    }

    async fn waits_for(&self, who: &str, wanted: impl Fn(&Seen) -> bool) -> anyhow::Result<Seen> {
        Ok(self.wecom.wait_seen(who, wanted, PATIENCE).await?)
    }
}

fn headline(seen: &Seen) -> &str {
    if seen.title.is_empty() {
        seen.text.lines().next().unwrap_or_default()
    } else {
        &seen.title
    }
}

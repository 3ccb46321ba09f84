//! What people see and do: cards on their screens, buttons, pages behind links.

use changegate_simulator::{Form, Message, PressOutcome, Seen, Visit, forms};
use chrono::{DateTime, Utc};

use crate::office::{Office, PATIENCE, evening};

/// The first lines of cards, by what they ask for.
pub(crate) mod card {
    pub(crate) const START: &str = "请与研发确认变更时间，在窗口内开始执行";
    pub(crate) const FINISH: &str = "执行完成后请点“执行完成”";
    pub(crate) const VERIFY: &str = "变更已执行，请现在验证生产功能";
    pub(crate) const WATCH: &str = "变更已执行，请留意问题反馈群";
    pub(crate) const HANDLE: &str = "变更出现异常，请立即处理或回退";
    pub(crate) const ROLL_BACK: &str = "请立即执行回退方案";
    pub(crate) const RESTORED: &str = "已回退，请确认原功能正常";
}

/// A form without a fault that concerns no market.
pub(crate) fn plain_form(planned: DateTime<Utc>) -> Form {
    let form = forms::corrected(planned);
    Form {
        title: "行情系统自选股分组功能上线变更".to_owned(),
        description: form.description.replace("港股十档行情", "自选股分组"),
        ..form
    }
}

/// The same of issues of its own.
pub(crate) fn another_form(planned: DateTime<Utc>, number: usize) -> Form {
    let form = plain_form(planned);
    let own = |text: &str, key: &str, to: usize| text.replace(key, &format!("QUOTE-{to}"));
    let description = own(&form.description, "QUOTE-1024", 2000 + 2 * number);
    Form {
        description: own(&description, "QUOTE-1031", 2001 + 2 * number),
        ..form
    }
}

impl Office {
    /// Waits until a member has something on the screen that holds all parts, and shows the newest such.
    pub(crate) async fn sees(&self, who: &str, parts: &[&str]) -> Seen {
        let what = format!("{who} to see {parts:?}");
        let holds = |text: &str| parts.iter().all(|part| text.contains(part));
        let there = |messages: &[Message]| {
            messages
                .iter()
                .any(|message| message.is_to(who) && holds(&message.text_for(who)))
        };
        if let Err(error) = self.wecom.wait_messages(&what, there, PATIENCE).await {
            let screen: Vec<String> = self
                .wecom
                .messages_of(who)
                .into_iter()
                .map(|seen| seen.text)
                .collect();
            panic!("{error}\n\nThe screen of {who}:\n{}", screen.join("\n\n"));
        }
        let seen = self.wecom.messages_of(who).into_iter();
        seen.rev().find(|seen| holds(&seen.text)).unwrap()
    }

    /// The text of what a member sees that holds the part.
    pub(crate) async fn reads(&self, who: &str, part: &str) -> String {
        self.sees(who, &[part]).await.text
    }

    /// Waits for a card with a button that can be pressed, and presses it. Answers the card as it was.
    pub(crate) async fn presses(&self, who: &str, card: &str, button: &str) -> Seen {
        let seen = self.sees(who, &[card, &format!("[{button}]")]).await;
        let key = seen.button(button).map(|button| button.key.clone()).unwrap();
        assert_eq!(
            self.wecom.press(who, &seen.task_id, &key),
            PressOutcome::Sent,
            "{}",
            seen.text
        );
        seen
    }

    /// Somebody presses a button of a card that is not theirs, or not any more.
    pub(crate) fn presses_anyway(&self, who: &str, card: &Seen, button: &str) {
        let key = card.button(button).map(|button| button.key.clone()).unwrap();
        assert_eq!(
            self.wecom.press_anyway(who, &card.task_id, &key),
            PressOutcome::Sent
        );
    }

    /// Whether anything on a member's screen holds the part.
    pub(crate) fn has(&self, who: &str, part: &str) -> bool {
        self.times(who, part) > 0
    }

    /// How many messages on a member's screen hold the part.
    pub(crate) fn times(&self, who: &str, part: &str) -> usize {
        let seen = self.wecom.messages_of(who);
        seen.iter().filter(|seen| seen.text.contains(part)).count()
    }

    /// Files a form for which everything of the change day is ready; the development lead has to sign.
    pub(crate) async fn prepared(&self) -> String {
        let sp_no = self.wecom.submit("zhangwei", &plain_form(evening())).unwrap();
        self.presses("wangfang", "请完成回归测试", "已完成").await;
        self.presses("zhangwei", "请备好回退方案", "已完成").await;
        self.presses("chenjing", "请备好生产验证数据、账号", "已完成")
            .await;
        self.reads("wangfang", "确认回归测试完成").await;
        self.reads("zhangwei", "确认回退方案已备好").await;
        self.reads("chenjing", "确认验证数据、账号已备好").await;
        self.reads("liqiang", "轮到你审批").await;
        sp_no
    }

    /// Files a form and has everybody sign it, one after the other.
    pub(crate) async fn approved(&self, form: &Form) -> String {
        let sp_no = self.wecom.submit("zhangwei", form).unwrap();
        self.hears("zhangwei", &sp_no).await;
        for approver in ["liqiang", "sunli", "zhaolei"] {
            self.wecom.approve(&sp_no, approver).unwrap();
        }
        self.sees("machao", &[card::START, &sp_no]).await;
        sp_no
    }

    /// A change that was carried out at 17:00 of the window day.
    pub(crate) async fn executed(&self, form: &Form) -> String {
        let sp_no = self.approved(form).await;
        self.it_is("2026-11-24 17:00");
        self.presses("machao", card::START, "开始执行").await;
        self.presses("machao", card::FINISH, "执行完成").await;
        self.sees("chenjing", &[card::VERIFY, &sp_no]).await;
        sp_no
    }

    /// The address of a page of the bot, as browsers of members find it.
    pub(crate) fn bot_page(&self, path: &str) -> String {
        self.bot_url(path).replace("127.0.0.1", "localhost")
    }

    /// Opens a page as a member, signed in by the way.
    pub(crate) async fn opens(&self, who: &str, link: &str) -> Visit {
        let visit = self.wecom.open_link(who, link).await.unwrap();
        assert_eq!(visit.status, 200, "{}", visit.body);
        visit
    }

    /// Sends the form of a page that carries this action, with what was filled in. Answers the page that follows.
    pub(crate) async fn fills_in(
        &self,
        who: &str,
        page: &Visit,
        action: &str,
        filled: &[(&str, &str)],
    ) -> Visit {
        let form = form_of(&page.body, action);
        let target = page.url.join(attribute(form, "action=\"")).unwrap();
        let hidden = hidden_fields(form);
        let mut fields: Vec<(&str, &str)> = hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        fields.extend_from_slice(filled);
        let sent = self.wecom.submit_form(who, target.as_str(), &fields).await;
        let visit = sent.unwrap();
        assert_eq!(visit.status, 200, "{}", visit.body);
        visit
    }
}

/// The form of a page that carries this action.
fn form_of<'a>(page: &'a str, action: &str) -> &'a str {
    let carries = format!("name=\"action\" value=\"{action}\"");
    page.split("<form")
        .skip(1)
        .map(|form| form.split("</form>").next().unwrap())
        .find(|form| form.contains(&carries))
        .unwrap_or_else(|| panic!("no form for {action} on {page}"))
}

fn attribute<'a>(text: &'a str, begin: &str) -> &'a str {
    let (_, after) = text.split_once(begin).unwrap();
    after.split_once('"').unwrap().0
}

/// Names and values of what a form carries unseen.
fn hidden_fields(form: &str) -> Vec<(String, String)> {
    form.split("<input")
        .skip(1)
        .map(|input| input.split('>').next().unwrap())
        .filter(|input| input.contains("type=\"hidden\""))
        .map(|input| {
            (
                attribute(input, "name=\"").to_owned(),
                attribute(input, "value=\"").replace("&amp;", "&"),
            )
        })
        .collect()
}

//! What a member entered on the page, as it was entered: it is shown again whatever comes of it.

use url::form_urlencoded;

/// The fields of the page, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entered {
    /// JIRA keys or links, pasted.
    pub(super) keys: String,
    /// Whether the regression test is said to be done.
    pub(super) regression_done: bool,
    pub(super) title: String,
    pub(super) urgency: String,
    pub(super) description: String,
    pub(super) rollback: String,
    /// User ids or names, from check boxes and a field.
    pub(super) product_manager: Vec<String>,
    pub(super) tester: Vec<String>,
    pub(super) middle_platform: String,
    pub(super) related: String,
    /// As `datetime-local` sends it.
    pub(super) planned: String,
    pub(super) images: String,
    pub(super) markets: String,
    /// 评审时刻, as `datetime-local` sends it; empty: now.
    pub(super) at: String,
    /// Whether it is to be filed although rules fail.
    pub(super) confirmed: bool,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A proposal from JIRA.
    Propose,
    /// How it would be judged.
    Judge,
    /// Filing.
    File,
}

/// A form as it was sent.
pub(super) struct Sent {
    pub(super) step: Step,
    pub(super) token: String,
    pub(super) nonce: String,
    pub(super) entered: Entered,
}

impl Sent {
    /// Reads the body of a form; names that the page does not have are left out.
    pub(super) fn read(body: &[u8]) -> Self {
        let mut sent = Self {
            step: Step::Judge,
            token: String::new(),
            nonce: String::new(),
            entered: Entered::default(),
        };
        let mut chosen = false;
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                // The first is the button that was pressed.
                "step" if !chosen => {
                    chosen = true;
                    sent.step = match &*value {
                        "propose" => Step::Propose,
                        "file" => Step::File,
                        _ => Step::Judge,
                    };
                }
                "token" => sent.token = value.into_owned(),
                "nonce" => sent.nonce = value.into_owned(),
                _ => sent.entered.take(&name, &value),
            }
        }
        sent
    }
}

impl Entered {
    fn take(&mut self, name: &str, value: &str) {
        let text = || readable(value);
        match name {
            "keys" => self.keys = text(),
            "regression_done" => self.regression_done = value == "yes",
            "title" => self.title = text(),
            "urgency" => self.urgency = text(),
            "description" => self.description = text(),
            "rollback" => self.rollback = text(),
            "product_manager" => self.product_manager.extend(people(value)),
            "tester" => self.tester.extend(people(value)),
            "middle_platform" => self.middle_platform = text(),
            "related" => self.related = text(),
            "planned" => self.planned = text(),
            "images" => self.images = text(),
            "markets" => self.markets = text(),
            "at" => self.at = text(),
            "confirmed" => self.confirmed = value == "yes",
            _ => {}
        }
    }

    /// All of it as one text, for whoever has to sign in again.
    pub(super) fn as_text(&self) -> String {
        [
            ("标题", &self.title),
            ("升级功能描述", &self.description),
            ("回退方案", &self.rollback),
            ("中台模块权限及接口", &self.middle_platform),
            ("镜像", &self.images),
            ("JIRA 单", &self.keys),
        ]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("{name}：{text}"))
        .collect::<Vec<_>>()
        .join("\n\n")
    }
}

/// Line ends as one character, and nothing that cannot be seen.
fn readable(value: &str) -> String {
    let text: String = value
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    text.trim().to_owned()
}

fn people(value: &str) -> impl Iterator<Item = String> {
    value
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；'))
        .filter(|word| !word.is_empty())
        .map(readable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_it_was_sent() {
        let body = "step=file&step=judge&token=t&nonce=n&title=+%E8%A1%8C%E6%83%85%00%0D%0Ax+&product_manager=chenjing\
                    &product_manager=%E6%9E%97%E5%B3%B0%EF%BC%8C+wei&confirmed=yes&unknown=1";
        let sent = Sent::read(body.as_bytes());
        assert_eq!((sent.step, &*sent.token, &*sent.nonce), (Step::File, "t", "n"));
        assert_eq!(sent.entered.title, "行情\nx");
        assert_eq!(sent.entered.product_manager, ["chenjing", "林峰", "wei"]);
        assert!(sent.entered.confirmed && !sent.entered.regression_done);
        assert_eq!(sent.entered.as_text(), "标题：行情\nx");
        assert_eq!(Sent::read(b"").step, Step::Judge);
    }
}

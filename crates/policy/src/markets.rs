//! Which markets' quotes or trading a change concerns (clause 九.3): who has to stay, and who comes in early.
//!
//! The form's own field decides where it is filled. Else the words of title and description do: a market's word,
//! unless its clause takes it back (不涉及港股, 非美股) or it is a part of another word (开盘前, 新加坡机房).

mod mention;

use std::collections::BTreeSet;

use changegate_calendar::Exchange;
use serde::{Deserialize, Serialize};

use self::mention::mentions;
use crate::policy::MarketWords;
use crate::submission::Submission;

/// A market whose quotes or trading a change can concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Market {
    /// 美股: those concerned stay until New York opens.
    Us,
    /// 港股: those concerned come in before Hong Kong's next session.
    HongKong,
    /// 新加坡股票: those concerned come in before Singapore's next session.
    Singapore,
}

impl Market {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Us, Self::HongKong, Self::Singapore];

    /// What people call it.
    pub fn name(self) -> &'static str {
        self.exchange().market_name()
    }

    /// The word for it in data and in names of timers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::HongKong => "hong_kong",
            Self::Singapore => "singapore",
        }
    }

    /// The market of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|market| market.word() == word)
    }

    /// Where it trades.
    pub fn exchange(self) -> Exchange {
        match self {
            Self::Us => Exchange::NewYork,
            Self::HongKong => Exchange::HongKong,
            Self::Singapore => Exchange::Singapore,
        }
    }
}

/// The markets that a change concerns, and what says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketReading {
    /// The markets.
    pub markets: BTreeSet<Market>,
    /// The words that decided, in Chinese, each with its place: 标题中的“美股”.
    pub evidence: Vec<String>,
}

impl MarketReading {
    pub(crate) fn of(submission: &Submission, words: &MarketWords) -> Self {
        let mut reading = Self::default();
        if let Some(chosen) = submission.markets.value() {
            reading.read("表单“涉及市场”", chosen, words);
            if reading.evidence.is_empty() {
                reading
                    .evidence
                    .push(format!("表单“涉及市场”填写为“{}”", chosen.trim()));
            }
        } else {
            reading.read("标题", submission.title.text(), words);
            reading.read("升级功能描述", submission.description.text(), words);
        }
        reading
    }

    fn read(&mut self, place: &str, entered: &str, words: &MarketWords) {
        for mention in mentions(entered, words) {
            let evidence = format!("{place}中的“{}”", mention.quote);
            let known = self.markets.len();
            self.markets.extend(mention.markets);
            // One witness for each market is enough.
            if known < self.markets.len() && !self.evidence.contains(&evidence) {
                self.evidence.push(evidence);
            }
        }
    }
}

#[cfg(test)]
mod tests;

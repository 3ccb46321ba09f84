//! `[markets]`: the words by which a change is known to concern US, Hong Kong or Singapore quotes or trading.

use serde::Deserialize;
use toml::Spanned;

use super::check::Mistake;
use crate::markets::Market;
use crate::text;

/// The words of each market, normalised; a word of `all` stands for every one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MarketWords {
    us: Vec<String>,
    hong_kong: Vec<String>,
    singapore: Vec<String>,
    all: Vec<String>,
}

const US: [&str; 16] = [
    "美股",
    "美国股",
    "美国市场",
    "美国证券",
    "纳斯达克",
    "纳指",
    "纽交所",
    "纽约交易所",
    "道琼斯",
    "道指",
    "标普",
    "盘前",
    "盘后交易",
    "NASDAQ",
    "NYSE",
    "AMEX",
];
const HONG_KONG: [&str; 12] = [
    "港股",
    "香港股",
    "香港市场",
    "港交所",
    "联交所",
    "恒生指数",
    "恒指",
    "暗盘",
    "窝轮",
    "牛熊证",
    "HKEX",
    "SEHK",
];
const SINGAPORE: [&str; 5] = ["新加坡", "新交所", "坡股", "海峡时报指数", "SGX"];
const ALL: [&str; 4] = ["全市场", "各市场", "所有市场", "三地市场"];

impl Default for MarketWords {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|word| text::normalise(word)).collect();
        Self {
            us: words(&US),
            hong_kong: words(&HONG_KONG),
            singapore: words(&SINGAPORE),
            all: words(&ALL),
        }
    }
}

impl MarketWords {
    /// Each word, with the markets that it stands for.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &'static [Market])> {
        let pairs: [(&Vec<String>, &'static [Market]); 4] = [
            (&self.us, &[Market::Us]),
            (&self.hong_kong, &[Market::HongKong]),
            (&self.singapore, &[Market::Singapore]),
            (&self.all, &Market::ALL),
        ];
        pairs
            .into_iter()
            .flat_map(|(words, markets)| words.iter().map(move |word| (word.as_str(), markets)))
    }

    /// The words of one market, and of all together for none.
    pub(super) fn of(&self, market: Option<Market>) -> &[String] {
        match market {
            Some(Market::Us) => &self.us,
            Some(Market::HongKong) => &self.hong_kong,
            Some(Market::Singapore) => &self.singapore,
            None => &self.all,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MarketsFile {
    us: Option<Vec<Spanned<String>>>,
    hong_kong: Option<Vec<Spanned<String>>>,
    singapore: Option<Vec<Spanned<String>>>,
    all: Option<Vec<Spanned<String>>>,
}

pub(super) fn market_words(file: MarketsFile) -> Result<MarketWords, Mistake> {
    let default = MarketWords::default();
    Ok(MarketWords {
        us: words(file.us, default.us)?,
        hong_kong: words(file.hong_kong, default.hong_kong)?,
        singapore: words(file.singapore, default.singapore)?,
        all: words(file.all, default.all)?,
    })
}

fn words(written: Option<Vec<Spanned<String>>>, default: Vec<String>) -> Result<Vec<String>, Mistake> {
    let Some(written) = written else {
        return Ok(default);
    };
    written
        .into_iter()
        .map(|word| match text::normalise(word.as_ref().trim()) {
            // One character stands in too many other words.
            short if short.chars().count() < 2 => Err((
                word.span(),
                "a market's word needs at least two characters".to_owned(),
            )),
            long => Ok(long),
        })
        .collect()
}

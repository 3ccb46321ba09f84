//! Reads 升级功能描述: the free text in which the applicant lists the features of a change.
//!
//! Everything is read once; the rules and the corrected text look only at the result. Positions are those of
//! the normalised text until they are shown.

mod acceptance;
mod collect;
mod fix;
mod hosts;
mod item;
mod lexer;
mod links;
mod list;
mod marker;
mod name;
mod sections;
mod table;

use std::cell::OnceCell;
use std::ops::Range;

use self::acceptance::Acceptance;
pub(crate) use self::acceptance::{Claim, Said};
use self::collect::Collected;
pub use self::hosts::{HostError, JiraHosts};
pub(crate) use self::item::Item;
use self::lexer::Token;
pub(crate) use self::links::Fault;
use self::links::Link;
use self::list::Parts;
pub(crate) use self::name::NameState;
use crate::text::Text;

/// What was read from one 升级功能描述.
#[derive(Debug, Clone)]
pub(crate) struct Description {
    text: Text<'static>,
    tokens: Vec<Token>,
    links: Vec<Link>,
    items: Vec<Item>,
    /// What sentences for every item say.
    cover: Acceptance,
    /// Where those sentences, and links collected behind the list, stand.
    absorbed: Vec<Range<usize>>,
    collected: bool,
    sample_left: bool,
    /// The corrected text, once a rule has asked for it.
    corrected: OnceCell<String>,
}

impl Description {
    /// Reads `original`; links count where they lead to one of the `hosts`.
    pub(crate) fn read(original: &str, hosts: &JiraHosts) -> Self {
        let text = Text::of(original);
        let links = links::links(&text, hosts);
        let mut tokens = lexer::tokens(&text, &links);
        table::read_tables(&text, &mut tokens);
        let found = collect::collect(Parts {
            text: &text,
            tokens: &tokens,
            links: &links,
        });
        let Collected {
            items,
            cover,
            absorbed,
            spread: collected,
            sample_left,
        } = found;
        Self {
            text: text.into_owned(),
            tokens,
            links,
            items,
            cover,
            absorbed,
            collected,
            sample_left,
            corrected: OnceCell::new(),
        }
    }

    /// The items, in the order of the text.
    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// Whether nothing at all was entered.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.chars().iter().all(|c| c.is_whitespace())
    }

    /// Whether there are items and all of them are marked as technical requirements.
    pub(crate) fn all_technical(&self) -> bool {
        !self.items.is_empty() && self.items.iter().all(|item| item.technical)
    }

    /// What is said about UAT acceptance of an item, by itself or by a sentence for all.
    pub(crate) fn uat<'b>(&'b self, item: &'b Item) -> &'b Said {
        pick(&item.acceptance.uat, &self.cover.uat)
    }

    /// What is said about the regression test of an item, by itself or by a sentence for all.
    pub(crate) fn regression<'b>(&'b self, item: &'b Item) -> &'b Said {
        pick(&item.acceptance.regression, &self.cover.regression)
    }

    /// Whether a sentence for all speaks for an item that does not speak for itself.
    pub(crate) fn relies_on_cover(&self) -> bool {
        self.items.iter().any(|item| {
            let uat = !item.technical && !item.acceptance.uat.is_said() && self.cover.uat.holds();
            uat || (!item.acceptance.regression.is_said() && self.cover.regression.holds())
        })
    }

    /// Whether the links stand together behind the list.
    pub(crate) fn links_are_collected(&self) -> bool {
        self.collected
    }

    /// Whether a line of the regulation's sample stands above the items.
    pub(crate) fn sample_is_left(&self) -> bool {
        self.sample_left
    }

    /// The original text behind a range, and its place in characters of the original.
    pub(crate) fn quote(&self, range: &Range<usize>) -> (String, Range<usize>) {
        (self.text.quote(range.clone()), self.text.span(range.clone()))
    }

    /// The whole description in the regulation's form, with what nobody can know left as marked blanks.
    pub(crate) fn fix(&self, hosts: &JiraHosts) -> String {
        self.corrected.get_or_init(|| fix::corrected(self, hosts)).clone()
    }

    fn parts(&self) -> Parts<'_> {
        Parts {
            text: &self.text,
            tokens: &self.tokens,
            links: &self.links,
        }
    }
}

fn pick<'a>(own: &'a Said, cover: &'a Said) -> &'a Said {
    if (own.is_said() && cover.denial.is_none()) || !cover.is_said() {
        own
    } else {
        cover
    }
}

#[cfg(test)]
mod tests;

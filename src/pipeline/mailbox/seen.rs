//! Which mails were seen and settled, so that each is settled once although the list is asked for with an overlap.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How soon a mail is on the list after it arrived is not documented: it may be as late as this.
const OVERLAP: TimeDelta = TimeDelta::hours(1);
/// WeCom's clock may be ahead of ours.
const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// The longest time without a look that is made up for.
const LONGEST: TimeDelta = TimeDelta::days(7);
/// More mails than this are not remembered at once.
const MOST: usize = 2_000;

/// What is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    /// When the mailbox was last listed.
    until: Option<DateTime<Utc>>,
    /// The mails of the overlap, by WeCom's id.
    mails: BTreeMap<String, Mail>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mail {
    /// When it was first on the list.
    first: DateTime<Utc>,
    settled: bool,
}

impl Seen {
    /// From when and until when to list.
    pub(super) fn span(&self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        let until = self.until.unwrap_or(now).clamp(now - LONGEST, now);
        (until - OVERLAP, now + AHEAD)
    }

    /// Takes over what is on the list now.
    pub(super) fn note(&mut self, listed: Vec<String>, now: DateTime<Utc>) {
        self.until = Some(now);
        for id in listed {
            if self.mails.len() >= MOST && !self.mails.contains_key(&id) {
                tracing::warn!(
                    "more than {MOST} mails came to the app within the hour; the rest is left out"
                );
                break;
            }
            self.mails.entry(id).or_insert(Mail {
                first: now,
                settled: false,
            });
        }
    }

    /// What is not settled, the longest known first, at most `limit`.
    pub(super) fn unsettled(&self, limit: usize) -> Vec<(String, DateTime<Utc>)> {
        let mut open: Vec<(String, DateTime<Utc>)> = self
            .mails
            .iter()
            .filter(|(_, mail)| !mail.settled)
            .map(|(id, mail)| (id.clone(), mail.first))
            .collect();
        open.sort_by_key(|(_, first)| *first);
        open.truncate(limit);
        open
    }

    /// This one is settled.
    pub(super) fn settled(&mut self, id: &str) {
        if let Some(mail) = self.mails.get_mut(id) {
            mail.settled = true;
        }
    }

    /// Forgets what is settled and can be on no list any more.
    pub(super) fn forget(&mut self, now: DateTime<Utc>) {
        let kept = OVERLAP + AHEAD + AHEAD;
        self.mails
            .retain(|_, mail| !mail.settled || mail.first > now || now - mail.first <= kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(100) + TimeDelta::minutes(minute)
    }

    #[test]
    fn a_mail_is_settled_once_while_it_is_on_the_list() {
        let mut seen = Seen::default();
        assert_eq!(seen.span(at(0)), (at(-60), at(5)));
        seen.note(vec!["a".to_owned(), "b".to_owned()], at(0));
        seen.settled("a");
        seen.note(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()], at(1));
        let open = [("b".to_owned(), at(0)), ("c".to_owned(), at(1))];
        assert_eq!(seen.unsettled(10), open);
        assert_eq!(seen.unsettled(1), open[..1]);
        seen.forget(at(70));
        seen.note(vec!["a".to_owned()], at(70));
        assert_eq!(seen.unsettled(10), open, "the overlap still lists it");
        seen.forget(at(71));
        assert!(!seen.mails.contains_key("a"));
        assert_eq!(seen.unsettled(10), open, "what is open is never forgotten");
    }

    #[test]
    fn a_long_pause_is_made_up_for_and_a_clock_that_went_back_does_no_harm() {
        let seen = Seen {
            until: Some(at(0)),
            ..Seen::default()
        };
        assert_eq!(seen.span(at(600)).0, at(-60));
        assert_eq!(seen.span(at(20_000)).0, at(20_000 - 7 * 1440 - 60));
        assert_eq!(seen.span(at(-30)).0, at(-90));
    }

    #[test]
    fn a_flood_is_cut_off() {
        let mut seen = Seen::default();
        seen.note((0..3_000).map(|number| number.to_string()).collect(), at(0));
        assert_eq!(seen.mails.len(), MOST);
    }
}

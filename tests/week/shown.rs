//! What people were shown, without what differs from one run to the next, and how two weeks differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use changegate_lifecycle::Change;
use changegate_simulator::Message;
use chrono::TimeDelta;

use crate::office::Office;
use crate::people::People;

/// How the answer to a press that changes nothing begins.
const NOTHING_TO_DO: &str = "**无需操作：";
/// Differences beyond these are only counted.
const SHOWN: usize = 12;

/// To whom, about which changes, what.
type Told = (String, String, String);

/// How a week ended.
pub(crate) struct Outcome {
    /// Stage and ending of each change.
    pub(crate) ends: BTreeMap<String, String>,
    /// How often what was shown to whom.
    told: BTreeMap<Told, usize>,
    pub(crate) messages: usize,
    /// How often the code of a card may have been lost: kills, and sends that failed.
    codes_lost: usize,
    /// The change that did not end, and its story.
    pub(crate) stuck: Option<String>,
    stories: BTreeMap<String, String>,
}

impl Outcome {
    pub(crate) async fn of(office: &Office, people: &People) -> Self {
        let mut ends = BTreeMap::new();
        for (sp_no, course) in &people.courses {
            let stored = office.store.change(sp_no).await.unwrap();
            let end = stored.map_or_else(
                || "unknown".to_owned(),
                |stored| {
                    let change: Change = serde_json::from_value(stored.draft.told).unwrap();
                    let kind = course.plan.kind;
                    format!("{kind:?}: {} {:?}", change.stage.word(), change.ending)
                },
            );
            ends.insert(sp_no.clone(), end);
        }
        let messages = office.wecom.messages();
        let mut told: BTreeMap<Told, usize> = BTreeMap::new();
        for message in &messages {
            for (who, about, what) in said(message, &ends) {
                *told.entry((who, about, what)).or_default() += 1;
            }
        }
        let over = ["closed", "withdrawn", "declined"];
        let stuck = ends
            .iter()
            .find(|(_, end)| !over.iter().any(|word| end.contains(word)));
        let mut stories = BTreeMap::new();
        for sp_no in ends.keys() {
            stories.insert(sp_no.clone(), story(office, sp_no).await);
        }
        let stuck = stuck.map(|(sp_no, end)| format!("{sp_no} {end}\n{}", stories[sp_no]));
        Self {
            stuck,
            stories,
            ends,
            told,
            messages: messages.len(),
            codes_lost: office.kills + failed_sends(office),
        }
    }

    /// Fails where the two differ; shows how.
    ///
    /// A kill, or an answer that is lost, may cost the code by which a card is turned: WeCom gives it once. Whoever
    /// presses on such a card hears that there is nothing to do; so much more may be said, at most once for each.
    pub(crate) fn must_be_like(&self, reference: &Self, name: &str) {
        let mut differences = Vec::new();
        let mut first = None;
        let mut answers = 0;
        for (sp_no, end) in &reference.ends {
            let here = self.ends.get(sp_no).map_or("missing", String::as_str);
            if here != end {
                differences.push(format!("{sp_no}: {end}, but {name}: {here}"));
            }
        }
        let keys: BTreeSet<&Told> = reference.told.keys().chain(self.told.keys()).collect();
        for key in keys {
            let (should, is) = (
                reference.told.get(key).unwrap_or(&0),
                self.told.get(key).unwrap_or(&0),
            );
            if key.2.starts_with(NOTHING_TO_DO) && should < is {
                answers += is - should;
            } else if should != is {
                first = first.or_else(|| self.stories.get(&key.1));
                differences.push(format!("{key:?}: {should} times, but {name}: {is}"));
            }
        }
        let mut text = String::new();
        for difference in differences.iter().take(SHOWN) {
            writeln!(text, "{difference}").unwrap();
        }
        assert!(
            answers <= self.codes_lost,
            "{answers} presses were made in vain, {name}"
        );
        let story = first.map_or("", String::as_str);
        assert!(
            differences.is_empty(),
            "{} differences\n{text}\n{story}",
            differences.len()
        );
    }
}

/// Sends that failed: WeCom may have shown the card all the same, and its code is lost.
fn failed_sends(office: &Office) -> usize {
    let calls = office.wecom.calls("message/send");
    calls.iter().filter(|call| call.fault.is_some()).count()
}

/// What everybody was told of a change, and what became of its messages, a line each: to read where it goes wrong.
async fn story(office: &Office, sp_no: &str) -> String {
    let mut story = String::new();
    for message in office.wecom.messages() {
        let text = message.text();
        if text.contains(sp_no) {
            let first = text.lines().next().unwrap_or_default();
            let (to, at) = (message.to.join("|"), message.at + TimeDelta::hours(8));
            let at = at.format("%m-%d %H:%M:%S");
            writeln!(story, "{at} {to}: {first} {}", message.task_id()).unwrap();
        }
    }
    for row in office.store.messages_of(sp_no).await.unwrap() {
        writeln!(
            story,
            "{} {} to {} {:?} after {} tries: {:?}",
            row.dedupe_key, row.channel, row.recipient, row.state, row.attempts, row.last_error
        )
        .unwrap();
    }
    story
}

/// A message as told to each of its receivers; a reminder counts the same alone and in a digest.
fn said(message: &Message, known: &BTreeMap<String, String>) -> Vec<Told> {
    let text = message.text();
    let is_reminder = text.contains("次，共") || text.starts_with("**你有");
    let about: Vec<String> = known
        .keys()
        .filter(|sp_no| text.contains(*sp_no))
        .cloned()
        .collect();
    let mut all = Vec::new();
    for who in &message.to {
        if is_reminder {
            all.extend(
                about
                    .iter()
                    .map(|sp_no| (who.clone(), sp_no.clone(), "reminder".to_owned())),
            );
        } else {
            all.push((who.clone(), about.join(" "), lasting(&text)));
        }
    }
    all
}

/// Without links, numbers and times.
fn lasting(text: &str) -> String {
    let mut lasting = String::new();
    for line in text.lines() {
        let line = line.split("](").next().unwrap_or_default();
        let mut digits = false;
        for letter in line.chars() {
            if letter.is_ascii_digit() {
                if !digits {
                    lasting.push('#');
                }
            } else {
                lasting.push(letter);
            }
            digits = letter.is_ascii_digit();
        }
        lasting.push('|');
    }
    lasting
}

//! To which change a mail belongs: the one whose number it names, else the one whose mail it answers, else the only
//! one that its sender has open.

use changegate_policy::{Directory, Urgency, UserId};
use changegate_store::{Change, ChangeFilter, StoreError};
use serde_json::Value;

use super::forwarded::Forwarded;
use crate::pipeline::Parts;

/// Numbers of one mail that are looked up.
const MOST_NUMBERS: usize = 20;
/// Open changes of one applicant that are looked at.
const MOST_OPEN: u32 = 50;

/// The open emergency change that a mail is for, if there is exactly one.
pub(super) async fn change_of(parts: &Parts, mail: &Forwarded) -> Result<Option<String>, StoreError> {
    let policy = parts.policy();
    let directory = policy.directory().map(AsRef::as_ref);
    let domain = parts.links.domain();
    for numbers in [
        numbers_in(&mail.subjects()),
        numbers_in(&mail.text),
        numbers_of_thread(mail, &domain),
    ] {
        let mut found = Vec::new();
        for number in numbers {
            found.extend(parts.store.change(&number).await?.filter(is_open_emergency));
        }
        if let [change] = found.as_slice() {
            return Ok(is_from_known(directory, mail, change).then(|| change.draft.sp_no.clone()));
        }
    }
    let mut found = Vec::new();
    for applicant in senders(directory, mail) {
        let filter = ChangeFilter {
            open: Some(true),
            applicant: Some(applicant.to_string()),
            ..ChangeFilter::default()
        };
        let page = parts.store.changes(&filter, None, MOST_OPEN).await?;
        found.extend(page.items.into_iter().filter(is_open_emergency));
    }
    Ok(match found.as_slice() {
        [change] => Some(change.draft.sp_no.clone()),
        _ => None,
    })
}

/// The members whose address the mail comes from.
pub(super) fn senders(directory: Option<&Directory>, mail: &Forwarded) -> Vec<UserId> {
    let Some(directory) = directory else {
        return Vec::new();
    };
    let known = directory.emails.iter();
    known
        .filter(|(_, address)| address.eq_ignore_ascii_case(&mail.outer.from))
        .map(|(user, _)| user.clone())
        .collect()
}

/// The mailbox is open to the world: where the applicant's address is known, somebody whose address is known has to
/// have sent the mail.
fn is_from_known(directory: Option<&Directory>, mail: &Forwarded, change: &Change) -> bool {
    let applicant = UserId::new(&change.draft.applicant);
    let known = directory.and_then(|directory| directory.email_of(&applicant));
    known.is_none() || !senders(directory, mail).is_empty()
}

fn is_open_emergency(change: &Change) -> bool {
    let word = serde_json::to_value(Urgency::Emergency).ok();
    let emergency = word.as_ref().and_then(Value::as_str);
    change.draft.open && emergency == Some(change.draft.urgency.as_str())
}

/// What stands there as an approval number: twelve digits, and no digit beside them. Each once.
fn numbers_in(text: &str) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    for digits in text.split(|character: char| !character.is_ascii_digit()) {
        if digits.len() == 12 && numbers.len() < MOST_NUMBERS && !numbers.iter().any(|known| known == digits)
        {
            numbers.push(digits.to_owned());
        }
    }
    numbers
}

/// The numbers in the Message-IDs of ours that the mail answers: `202611240001.3@domain`.
fn numbers_of_thread(mail: &Forwarded, domain: &str) -> Vec<String> {
    let own = mail.thread().filter_map(|id| {
        let (left, right) = id.split_once('@')?;
        let (number, sequence) = left.split_once('.')?;
        let is_ours = right.eq_ignore_ascii_case(domain) && sequence.parse::<u32>().is_ok();
        is_ours.then(|| number.to_owned())
    });
    numbers_in(&own.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use changegate_attachments::Mail;

    use super::*;

    #[test]
    fn an_approval_number_is_twelve_digits_alone() {
        for (text, numbers) in [
            ("转发：紧急发版申请（202611240001）", &["202611240001"][..]),
            (
                "Fwd: 202611240001/202611240002, 202611240001",
                &["202611240001", "202611240002"],
            ),
            ("电话 13800138000，流水 2026112400011", &[]),
            ("审批单202611240001。", &["202611240001"]),
            ("", &[]),
        ] {
            assert_eq!(numbers_in(text), numbers, "{text}");
        }
    }

    #[test]
    fn only_our_own_message_ids_name_a_change() {
        let mail = Forwarded {
            outer: Mail {
                thread: vec![
                    "202611240001.3@gate.example.com".to_owned(),
                    "202611240002.3@elsewhere.example".to_owned(),
                    "202611240003@gate.example.com".to_owned(),
                    "202611240004.x@gate.example.com".to_owned(),
                ],
                ..Mail::default()
            },
            original: Some(Mail {
                message_id: "202611240005.1@GATE.example.com".to_owned(),
                ..Mail::default()
            }),
            text: String::new(),
        };
        assert_eq!(
            numbers_of_thread(&mail, "gate.example.com"),
            ["202611240001", "202611240005"]
        );
    }
}

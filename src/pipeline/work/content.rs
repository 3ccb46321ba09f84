//! What of a form is its content: two snapshots that mean the same have the same fingerprint.
//!
//! Blanks do not count, nor does the order or case of people's ids; files count by their number, since WeCom may
//! give the same file another id at each look.

use changegate_lifecycle::Difference;
use changegate_policy::{Field, People, PlannedTime, Policy, Submission};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::config::Fields;

/// SHA-256 over the meaningful fields, in hex.
pub(super) fn fingerprint(submission: &Submission) -> String {
    let mut meaning = vec![
        json!(text(&submission.title)),
        json!(text(&submission.urgency)),
        json!(text(&submission.description)),
        json!(text(&submission.rollback)),
        json!(people(&submission.product_manager)),
        json!(people(&submission.tester)),
        json!(text(&submission.middle_platform)),
        json!(submission.attachments.value().map(Vec::len)),
        json!(
            submission
                .related
                .value()
                .map(|flows| flows.iter().map(|flow| &flow.sp_no).collect::<Vec<_>>())
        ),
        json!(submission.planned_time.value()),
        json!(text(&submission.images)),
    ];
    // Forms without this field keep the fingerprint that they had before there was one.
    meaning.extend(text(&submission.markets).map(Value::from));
    hex::encode(Sha256::digest(Value::from(meaning).to_string()))
}

/// What differs between two snapshots, field by field, under the names that the form gives them.
pub(super) fn differences(
    before: &Submission,
    after: &Submission,
    names: &Fields,
    policy: &Policy,
) -> Vec<Difference> {
    let words = |submission: &Submission| {
        [
            (&names.title, text(&submission.title)),
            (&names.urgency, text(&submission.urgency)),
            (&names.description, text(&submission.description)),
            (&names.rollback, text(&submission.rollback)),
            (&names.product_manager, names_of(&submission.product_manager)),
            (&names.tester, names_of(&submission.tester)),
            (&names.middle_platform, text(&submission.middle_platform)),
            (
                &names.attachments,
                submission
                    .attachments
                    .value()
                    .map(|files| format!("{} 个文件", files.len())),
            ),
            (
                &names.related,
                submission.related.value().map(|flows| {
                    let numbers: Vec<&str> = flows.iter().map(|flow| flow.sp_no.as_str()).collect();
                    numbers.join("、")
                }),
            ),
            (
                &names.planned_time,
                submission.planned_time.value().map(|time| planned(time, policy)),
            ),
            (&names.images, text(&submission.images)),
            (&names.markets, text(&submission.markets)),
        ]
    };
    words(before)
        .into_iter()
        .zip(words(after))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| Difference {
            field: field.clone(),
            before: before.unwrap_or_default(),
            after: after.unwrap_or_default(),
        })
        .collect()
}

fn names_of(field: &Field<People>) -> Option<String> {
    let people = field.value()?;
    let members = people
        .members
        .iter()
        .map(|member| member.as_str().to_ascii_lowercase());
    let mut all: Vec<String> = members.chain(people.departments.iter().cloned()).collect();
    all.sort_unstable();
    Some(all.join("、"))
}

fn planned(time: &PlannedTime, policy: &Policy) -> String {
    let local = |at: &DateTime<Utc>| policy.local(*at).format("%Y-%m-%d %H:%M");
    match time {
        PlannedTime::Instant(at) => local(at).to_string(),
        PlannedTime::Range(from, until) => format!("{} 至 {}", local(from), local(until)),
        PlannedTime::Day(day) => day.to_string(),
    }
}

fn text(field: &Field<String>) -> Option<String> {
    field
        .value()
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn people(field: &Field<People>) -> Option<Value> {
    let people = field.value()?;
    let mut members: Vec<String> = people
        .members
        .iter()
        .map(|member| member.as_str().to_ascii_lowercase())
        .collect();
    members.sort_unstable();
    Some(json!([members, people.departments]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use changegate_policy::UserId;

    fn form(title: &str, members: &[&str], files: &[&str]) -> Submission {
        let absent = || Field::Absent(String::new());
        let people = People {
            members: members.iter().map(UserId::new).collect(),
            departments: Vec::new(),
        };
        Submission {
            sp_no: "1".to_owned(),
            applicants: Vec::new(),
            apply_time: DateTime::UNIX_EPOCH,
            title: Field::Filled(title.to_owned()),
            urgency: absent(),
            description: absent(),
            rollback: absent(),
            product_manager: Field::Filled(people),
            tester: Field::Empty,
            middle_platform: absent(),
            attachments: Field::Filled(files.iter().map(|id| (*id).to_owned()).collect()),
            related: Field::Empty,
            planned_time: Field::Empty,
            images: absent(),
            markets: absent(),
        }
    }

    #[test]
    fn what_means_the_same_has_the_same_fingerprint() {
        let first = fingerprint(&form("行情系统 条件单功能", &["Chenjing", "linfeng"], &["id-1"]));
        assert_eq!(
            fingerprint(&form(
                " 行情系统\n条件单功能",
                &["linfeng", "chenjing"],
                &["id-2"]
            )),
            first
        );
        assert_ne!(
            fingerprint(&form("行情系统 止损功能", &["chenjing", "linfeng"], &["id-1"])),
            first
        );
        assert_ne!(
            fingerprint(&form("行情系统 条件单功能", &["chenjing"], &["id-1"])),
            first
        );
        assert_ne!(
            fingerprint(&form("行情系统 条件单功能", &["chenjing", "linfeng"], &[])),
            first
        );
        let mut with_market = form("行情系统 条件单功能", &["chenjing", "linfeng"], &["id-1"]);
        with_market.markets = Field::Filled("美股".to_owned());
        assert_ne!(fingerprint(&with_market), first);
    }
}

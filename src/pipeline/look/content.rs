//! What of a form is its content: two snapshots that mean the same have the same fingerprint.
//!
//! Blanks do not count, nor does the order or case of people's ids; files count by their number, since WeCom may
//! give the same file another id at each look.

use changegate_policy::{Field, People, Submission};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// SHA-256 over the meaningful fields, in hex.
pub(super) fn fingerprint(submission: &Submission) -> String {
    let meaning = json!([
        text(&submission.title),
        text(&submission.urgency),
        text(&submission.description),
        text(&submission.rollback),
        people(&submission.product_manager),
        people(&submission.tester),
        text(&submission.middle_platform),
        submission.attachments.value().map(Vec::len),
        submission
            .related
            .value()
            .map(|flows| flows.iter().map(|flow| &flow.sp_no).collect::<Vec<_>>()),
        submission.planned_time.value(),
        text(&submission.images),
    ]);
    hex::encode(Sha256::digest(meaning.to_string()))
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
    use changegate_policy::UserId;
    use chrono::DateTime;

    use super::*;

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
    }
}

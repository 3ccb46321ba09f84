//! Whoever leads a team or holds a role and is not with the company any more.

use std::collections::BTreeSet;

use changegate_notifier::FirmNotice;
use changegate_policy::{Directory, UserId};
use changegate_wecom::client::UserStatus;
use changegate_wecom::{Client, Error};

/// Those of these whom WeCom does not know, or knows as gone or shut out.
pub(super) async fn among(wecom: &Client, people: &BTreeSet<UserId>) -> Result<BTreeSet<UserId>, Error> {
    let mut gone = BTreeSet::new();
    for user in people {
        match wecom.user_get(user.as_str()).await {
            Ok(member) if matches!(member.standing(), UserStatus::Disabled | UserStatus::Left) => {
                gone.insert(user.clone());
            }
            Ok(_) => {}
            Err(error) if error.is_no_such_user() => {
                gone.insert(user.clone());
            }
            Err(error) => return Err(error),
        }
    }
    Ok(gone)
}

/// What administrators are told of those who left: who, and what is without them now.
pub(crate) fn notice(left: &BTreeSet<UserId>, before: &Directory) -> FirmNotice {
    FirmNotice::PeopleLeft {
        people: left
            .iter()
            .map(|user| (before.name_of(user).to_owned(), before.parts_of(user)))
            .collect(),
    }
}

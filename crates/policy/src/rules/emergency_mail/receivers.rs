//! Who has to be among the receivers of the mail, and is not.

use std::collections::BTreeSet;

use crate::evaluate::Context;
use crate::facts::{Directory, MailContent, Role};
use crate::rules::people;
use crate::submission::{Field, People, UserId};

/// What the receivers lack, in words. Whoever has no address in the directory cannot be looked for.
pub(super) fn missing(context: &Context<'_>, mail: &MailContent) -> Vec<String> {
    if mail.to.is_empty() && mail.cc.is_empty() {
        return vec!["没有收件人".to_owned()];
    }
    let Some(directory) = context.directory() else {
        return vec!["无法核对收件人（没有通讯录）".to_owned()];
    };
    let receivers = Receivers {
        directory,
        addresses: mail
            .to
            .iter()
            .chain(&mail.cc)
            .map(|address| folded(address))
            .collect(),
    };
    let leads: Vec<&UserId> = context
        .team()
        .into_iter()
        .flat_map(|team| &team.development_leads)
        .collect();
    let holders = |role| -> Vec<&UserId> { directory.holders(role).collect() };
    let addressed = [
        receivers.one_of("小组长", &leads),
        receivers.operations(context, &holders(Role::OperationsLead)),
        receivers.one_of("产研线总监", &holders(Role::RdDirector)),
    ];
    let unknown = addressed.iter().all(|found| matches!(found, Looked::NoAddress));
    let copied = [
        receivers.one_of("项目经理", &holders(Role::ProjectManager)),
        receivers.each("产品经理", &others(context, &context.submission.product_manager)),
        receivers.each("测试同事", &others(context, &context.submission.tester)),
    ];
    let lacking = |found: &[Looked]| -> Vec<String> {
        found
            .iter()
            .filter_map(|found| match found {
                Looked::Lacking(who) => Some(who.clone()),
                Looked::Found | Looked::NoAddress => None,
            })
            .collect()
    };
    let (to, cc) = (lacking(&addressed), lacking(&copied));
    let mut faults = Vec::new();
    if unknown {
        faults.push("无法核对收件人（通讯录中没有小组长、运维部、产研线总监的邮箱）".to_owned());
    }
    if !to.is_empty() {
        faults.push(format!("没有发给{}", to.join("、")));
    }
    if !cc.is_empty() {
        faults.push(format!("没有抄送{}", cc.join("、")));
    }
    faults
}

/// What looking for somebody gave.
enum Looked {
    Found,
    /// Who is not among the receivers.
    Lacking(String),
    NoAddress,
}

struct Receivers<'a> {
    directory: &'a Directory,
    /// All of To and Cc, small.
    addresses: BTreeSet<String>,
}

impl Receivers<'_> {
    /// The mail is for a role, so that any of its holders will do.
    fn one_of(&self, role: &str, people: &[&UserId]) -> Looked {
        let known = self.with_address(people);
        if known.is_empty() {
            return Looked::NoAddress;
        }
        if known.iter().any(|(_, address)| self.has(address)) {
            return Looked::Found;
        }
        let names: Vec<&str> = known
            .iter()
            .map(|(user, _)| self.directory.name_of(user))
            .collect();
        Looked::Lacking(format!("{role}（{}）", names.join("、")))
    }

    /// The mail is for each of these.
    fn each(&self, role: &str, people: &[&UserId]) -> Looked {
        let known = self.with_address(people);
        let lacking: Vec<&str> = known
            .iter()
            .filter(|(_, address)| !self.has(address))
            .map(|(user, _)| self.directory.name_of(user))
            .collect();
        match (known.is_empty(), lacking.is_empty()) {
            (true, _) => Looked::NoAddress,
            (false, true) => Looked::Found,
            (false, false) => Looked::Lacking(format!("{role}（{}）", lacking.join("、"))),
        }
    }

    /// The department's own mailbox, or one of its leads.
    fn operations(&self, context: &Context<'_>, leads: &[&UserId]) -> Looked {
        match (
            &context.policy.contacts().operations_mailbox,
            self.one_of("运维部", leads),
        ) {
            (Some(mailbox), _) if self.has(mailbox) => Looked::Found,
            (_, Looked::Found) => Looked::Found,
            (Some(mailbox), Looked::Lacking(_) | Looked::NoAddress) => {
                Looked::Lacking(format!("运维部（{mailbox}）"))
            }
            (None, found) => found,
        }
    }

    fn with_address<'a>(&'a self, people: &[&'a UserId]) -> Vec<(&'a UserId, &'a str)> {
        people
            .iter()
            .filter_map(|&user| Some((user, self.directory.email_of(user)?)))
            .collect()
    }

    fn has(&self, address: &str) -> bool {
        self.addresses.contains(&folded(address))
    }
}

/// The members of a field who are not the applicant, who sends the mail.
fn others<'a>(context: &Context<'a>, field: &'a Field<People>) -> Vec<&'a UserId> {
    field
        .value()
        .into_iter()
        .flat_map(|members| people::others(context, members))
        .collect()
}

fn folded(address: &str) -> String {
    address.trim().to_ascii_lowercase()
}

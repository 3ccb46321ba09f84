//! The emergency application (二): by the bot, by hand, and by hand after the bot could not.

use changegate_policy::{Outcome, RuleId, Status};

use super::scene::{Story, at, compliant, emergency, form, passed, verdict};
use crate::{Action, DutyKind, Effect, Look, Mail, Timer};

const BY_HAND: &str = "dev:duty(EmergencyMail)";

/// 紧急, at noon.
fn outside(look: &Look) -> Look {
    Look {
        planned: (Some(at("12:00")), Some(at("13:00"))),
        ..emergency(look)
    }
}

fn by_hand(look: Look) -> Look {
    Look {
        mail_by_hand: true,
        ..look
    }
}

fn failed(look: Look) -> Look {
    Look {
        emergency_mail_failed: true,
        ..look
    }
}

#[test]
fn a_mail_that_is_at_hand_ends_the_asking() {
    let look = by_hand(outside(&form(&compliant())));
    let mut story = Story::begins("10:10");
    assert!(story.looks(look.clone()).ends_with(BY_HAND));
    story.looks(Look {
        emergency_mail_shown: true,
        ..look.clone()
    });
    assert!(story.change.open_duty(DutyKind::EmergencyMail).is_none());
    assert_eq!(story.looks(look), "");
}

#[test]
fn a_mail_that_goes_out_after_all_ends_the_asking() {
    let look = outside(&form(&compliant()));
    let mut story = Story::begins("10:10");
    story.looks(look.clone());
    assert!(story.looks(failed(look.clone())).ends_with(BY_HAND));
    story.looks(look);
    assert!(story.change.open_duty(DutyKind::EmergencyMail).is_none());
}

#[test]
fn the_bots_mail_is_known_by_its_sequence() {
    let mut story = Story::begins("10:10");
    story.looks(outside(&form(&compliant())));
    let sent = story.effects.iter().find_map(|effect| match effect {
        Effect::Mail {
            sequence,
            mail: Mail::EmergencyApplication,
        } => Some(*sequence),
        _ => None,
    });
    assert!(sent.is_some());
    assert_eq!(story.change.emergency_mail, sent);
}

#[test]
fn where_the_bot_sends_no_mail_the_applicant_does_and_says_so() {
    let look = by_hand(outside(&form(&compliant())));
    let mut story = Story::begins("10:10");
    let told = story.looks(look.clone());
    assert!(told.ends_with(BY_HAND) && !told.contains("mail:"), "{told}");
    assert_eq!(story.looks(look.clone()), "");
    assert!(!story.change.emergency_mailed);
    assert_eq!(story.presses("dev", DutyKind::EmergencyMail, Action::Confirm), "");
    assert!(story.change.emergency_mailed);
    assert_eq!(story.change.emergency_mail, None);
    assert!(
        story.change.timers.contains_key(&Timer::Look),
        "the rule is judged again"
    );
    assert_eq!(story.looks(look), "");
}

#[test]
fn the_applicant_is_reminded_then_also_the_lead_and_operations() {
    let mut story = Story::begins("10:10");
    story.looks(by_hand(outside(&form(&compliant()))));
    let reminders: Vec<String> = story
        .until("11:50")
        .into_iter()
        .filter(|line| line.contains("EmergencyMail"))
        .collect();
    assert!(
        reminders[0].contains("dev:reminder(EmergencyMail 1/"),
        "{reminders:?}"
    );
    assert!(
        reminders[1].contains("lead:reminder(EmergencyMail 2/"),
        "{reminders:?}"
    );
}

#[test]
fn a_mail_that_could_not_be_sent_falls_to_the_applicant_once() {
    let mut story = Story::begins("10:10");
    story.looks(outside(&form(&compliant())));
    let unsent = verdict(Outcome::Rejected, &[(RuleId::EmergencyMail, Status::Fail)]);
    let look = failed(outside(&form(&unsent)));
    let told = story.looks(look.clone());
    assert!(told.ends_with(BY_HAND), "{told}");
    assert_eq!(story.looks(look.clone()), "");
    story.presses("dev", DutyKind::EmergencyMail, Action::Confirm);
    assert_eq!(story.looks(look), "", "nobody is asked twice");
}

#[test]
fn once_it_is_begun_or_needed_no_more_nobody_has_to_send_it() {
    let mut begun = Story::begins("10:10");
    begun.looks(by_hand(outside(&passed())));
    assert!(begun.open().contains(&DutyKind::EmergencyMail));
    begun.change.consent = Some(crate::Stamp {
        by: super::scene::user("lead"),
        at: at("10:11"),
    });
    begun.presses("exec", DutyKind::Start, Action::Start);
    assert!(!begun.open().contains(&DutyKind::EmergencyMail));
    let mut normal = Story::begins("10:10");
    normal.looks(by_hand(outside(&form(&compliant()))));
    normal.looks(by_hand(form(&compliant())));
    assert!(!normal.open().contains(&DutyKind::EmergencyMail));
}

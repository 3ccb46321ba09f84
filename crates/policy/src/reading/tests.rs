//! What is read from whole forms.

use super::*;

#[test]
fn the_urgency_is_exactly_one_of_two_words() {
    for (entered, urgency) in [
        ("正常", Some(Urgency::Normal)),
        (" 正常 ", Some(Urgency::Normal)),
        ("緊急", Some(Urgency::Emergency)),
        ("紧\u{200b}急\n", Some(Urgency::Emergency)),
        ("正常变更", None),
        ("非常紧急", None),
        ("特急", None),
        ("正常/紧急", None),
        ("", None),
    ] {
        assert_eq!(Urgency::of(entered), urgency, "{entered}");
    }
}

//! Finding `{{name}}` in a line of text. Braces may be full-width ones, as Chinese input methods write them.

use std::ops::Range;

/// The longest name in characters.
const NAME_CHARS: usize = 40;

/// A placeholder in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The bytes from the first brace to behind the last.
    pub(super) place: Range<usize>,
    /// The name, without blanks around it.
    pub(super) name: String,
}

/// Every placeholder of a text, in order.
pub(super) fn find(text: &str) -> Vec<Found> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let is_pair = |at: usize, kind: fn(char) -> bool| {
        let brace = |at: usize| chars.get(at).is_some_and(|(_, char)| kind(*char));
        brace(at) && brace(at + 1)
    };
    let byte = |at: usize| chars.get(at).map_or(text.len(), |(byte, _)| *byte);
    let mut found = Vec::new();
    let mut at = 0;
    // Where a name began: behind the last pair of opening braces.
    let mut opened: Option<usize> = None;
    while at < chars.len() {
        if is_pair(at, opens) {
            opened = Some(at);
            // Of three braces the last two open.
            at += 1;
        } else if let Some(start) = opened.filter(|_| is_pair(at, closes)) {
            let name: String = chars
                .iter()
                .take(at)
                .skip(start + 2)
                .map(|(_, char)| *char)
                .collect();
            let name = name.trim();
            if !name.is_empty() && name.chars().count() <= NAME_CHARS {
                found.push(Found {
                    place: byte(start)..byte(at + 2),
                    name: name.to_owned(),
                });
            }
            opened = None;
            at += 2;
        } else {
            at += 1;
        }
    }
    found
}

fn opens(char: char) -> bool {
    matches!(char, '{' | '｛')
}

fn closes(char: char) -> bool {
    matches!(char, '}' | '｝')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_between_pairs_of_braces() {
        for (text, names) in [
            ("", &[][..]),
            ("标题", &[]),
            ("{标题}", &[]),
            ("{{标题}", &[]),
            ("{{}}", &[]),
            ("{{  }}", &[]),
            ("{{标题}}", &["标题"]),
            ("｛｛标题｝｝", &["标题"]),
            ("a{{ 标题 }}b{{系统}}", &["标题", "系统"]),
            ("{{{标题}}}", &["标题"]),
            ("{{甲{{标题}}", &["标题"]),
            ("}}{{标题}}", &["标题"]),
            ("{{标题}}}}", &["标题"]),
        ] {
            let found = find(text);
            let read: Vec<_> = found.iter().map(|found| found.name.as_str()).collect();
            assert_eq!(read, names, "{text}");
            for found in found {
                let place = text.get(found.place).expect("on borders of characters");
                assert!(place.contains(&found.name), "{text}: {place}");
            }
        }
    }

    #[test]
    fn what_is_too_long_is_no_name() {
        assert_eq!(find(&format!("{{{{{}}}}}", "长".repeat(40))).len(), 1);
        assert!(find(&format!("{{{{{}}}}}", "长".repeat(41))).is_empty());
    }
}

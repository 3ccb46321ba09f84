//! The number of a change, found in what people call branches, tags and release plans.

/// WeCom's numbers have so many digits: the day, and four more.
const DIGITS: usize = 12;

/// The number in the first of these texts that holds exactly one. A text with several different ones tells nothing, and
/// what comes after it is not asked: a guess could let the wrong change out.
pub(super) fn first_in<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<String> {
    for text in texts {
        let mut found: Vec<&str> = numbers(text).collect();
        found.sort_unstable();
        found.dedup();
        match found.as_slice() {
            [] => {}
            [number] => return Some((*number).to_owned()),
            _ => return None,
        }
    }
    None
}

/// Runs of exactly so many digits that begin with a year of this century.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() == DIGITS && word.starts_with("20"))
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_alone_and_is_the_only_one() {
        for (texts, found) in [
            (vec!["release/202611240001"], Some("202611240001")),
            (vec!["refs/tags/v3-202611240001"], Some("202611240001")),
            (
                vec!["行情上线（202611240001）", "202611240002"],
                Some("202611240001"),
            ),
            (vec!["main", "change 202611240002"], Some("202611240002")),
            (vec!["202611240001 202611240001"], Some("202611240001")),
            (vec!["202611240001 202611240002", "202611240003"], None),
            (
                vec!["20261124000", "2026112400011", "a202611240001", "102611240001"],
                None,
            ),
            (vec![], None),
        ] {
            assert_eq!(first_in(texts.clone()).as_deref(), found, "{texts:?}");
        }
    }
}

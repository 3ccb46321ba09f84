//! WeCom's limits on messages. Bytes where it counts bytes; where its page says characters for what older
//! copies and SDKs call bytes, the stricter reading.

/// Of a text, in bytes.
pub const TEXT: usize = 2048;
/// Of a Markdown message of an app, in bytes.
pub const MARKDOWN: usize = 2048;
/// Of a Markdown message of a webhook, in bytes.
pub const WEBHOOK_MARKDOWN: usize = 4096;
/// Of the title of a text card, in bytes.
pub const TEXTCARD_TITLE: usize = 128;
/// Of the text of a text card, in bytes.
pub const TEXTCARD_DESCRIPTION: usize = 512;
/// Of the button of a text card, in characters.
pub const TEXTCARD_BUTTON: usize = 4;
/// Of a link, in bytes.
pub const URL: usize = 2048;
/// Of a key that comes back with a click, in bytes.
pub const KEY: usize = 1024;
/// Of the id of an option, in bytes.
pub const OPTION_ID: usize = 128;
/// Of a task id, in bytes.
pub const TASK_ID: usize = 128;
/// Members in one message.
pub const USERS: usize = 1000;
/// Departments, or tags, in one message.
pub const PARTIES: usize = 100;
/// Seconds of the duplicate check: four hours.
pub const DUPLICATE_INTERVAL: u32 = 4 * 60 * 60;
/// Rows of key and value on a card.
pub const HORIZONTAL: usize = 6;
/// Links on a card.
pub const JUMPS: usize = 3;
/// Buttons on a card.
pub const BUTTONS: usize = 6;
/// Entries of a card's menu.
pub const MENU_ACTIONS: usize = 3;
/// Choices of a drop-down list.
pub const SELECT_OPTIONS: usize = 10;
/// Drop-down lists on a card.
pub const SELECTS: usize = 3;
/// Choices of a vote.
pub const CHECKBOX_OPTIONS: usize = 20;
/// Paragraphs of a news card.
pub const VERTICAL: usize = 4;
/// Of a card's title, in characters, as advised.
pub const CARD_TITLE: usize = 36;
/// Of the text under a card's title, in characters, as advised.
pub const CARD_DESC: usize = 44;
/// Of a card's second text, in characters, as advised.
pub const CARD_SUB_TITLE: usize = 160;

/// The text if it fits into so many bytes, else its beginning, cut between two characters, and `…`.
pub fn fit(text: &str, max_bytes: usize) -> String {
    const ELLIPSIS: char = '…';
    if text.len() <= max_bytes {
        return text.to_owned();
    }
    let Some(room) = max_bytes.checked_sub(ELLIPSIS.len_utf8()) else {
        return String::new();
    };
    let (head, _) = text
        .split_at_checked(text.floor_char_boundary(room))
        .unwrap_or_default();
    let mut out = head.trim_end().to_owned();
    out.push(ELLIPSIS);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        for (text, max, expected) in [
            ("abc", 3, "abc"),
            ("变更单", 9, "变更单"),
            ("变更单据", 11, "变更…"),
            ("变更单据", 9, "变更…"),
            ("变更单据", 8, "变…"),
            ("变更", 2, ""),
            ("a b c d", 5, "a…"),
        ] {
            assert_eq!(fit(text, max), expected, "{text} in {max}");
            assert!(fit(text, max).len() <= max);
        }
    }
}

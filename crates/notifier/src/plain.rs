//! Other people's words inside our markup. WeCom documents no escape, so a character that could act as markup
//! is shown as its full-width twin.

/// The text on one line, without control and invisible characters, unable to act as markup or as a link.
pub(crate) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut gap = false;
    let mut before = ' ';
    let mut rest = text.chars().filter(|c| !is_invisible(*c)).peekable();
    while let Some(c) = rest.next() {
        if c.is_whitespace() {
            gap = !shown.is_empty();
            before = ' ';
            continue;
        }
        if gap {
            shown.push(' ');
            gap = false;
        }
        let next = rest.peek().copied();
        shown.push(twin(before, c, next));
        before = c;
    }
    shown
}

/// Whether a text can stand between back-ticks as it is, to be copied from there.
pub(crate) fn is_safe_code(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    !text.trim().is_empty()
        && !text
            .chars()
            .any(|c| c.is_control() || is_invisible(c) || "`<&\\".contains(c))
        && !["**", "](", "://", "www."]
            .iter()
            .any(|mark| lower.contains(mark))
}

/// The text in at most `max` bytes, with an ellipsis where something is missing.
pub(crate) fn shorten(text: &str, max: usize) -> String {
    const ELLIPSIS: char = '…';
    if text.len() <= max {
        return text.to_owned();
    }
    let room = max.saturating_sub(ELLIPSIS.len_utf8());
    let mut used = 0;
    let mut short: String = text
        .chars()
        .take_while(|c| {
            used += c.len_utf8();
            used <= room
        })
        .collect();
    short.push(ELLIPSIS);
    short
}

fn twin(before: char, c: char, next: Option<char>) -> char {
    match c {
        '[' => '［',
        ']' => '］',
        '<' => '＜',
        '*' => '＊',
        '`' => '｀',
        '&' => '＆',
        '\\' => '＼',
        ':' if next == Some('/') => '：',
        // a name with a dot in it turns into a link by itself in a chat
        '.' if before.is_ascii_alphanumeric() && next.is_some_and(|next| next.is_ascii_alphabetic()) => '．',
        _ => c,
    }
}

fn is_invisible(c: char) -> bool {
    let breaks_line = matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}');
    (c.is_control() && !breaks_line)
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_links_of_others_are_only_text() {
        let cases = [
            ("行情系统\n# 已批准\r\n> 条件单", "行情系统 # 已批准 > 条件单"),
            (
                "[点这里](https://evil.example.com)",
                "［点这里］(https：//evil．example．com)",
            ),
            (
                "<font color=\"info\">合规</font>",
                "＜font color=\"info\">合规＜/font>",
            ),
            ("**系统** `x` a&b c\\", "＊＊系统＊＊ ｀x｀ a＆b c＼"),
            ("版本 1.2.3，www.evil.com", "版本 1.2.3，www．evil．com"),
            ("\u{202e}倒\u{200b}写\u{0}\u{7}", "倒写"),
            ("  \u{3000}首尾\u{a0} ", "首尾"),
        ];
        for (text, shown) in cases {
            assert_eq!(plain(text), shown);
        }
    }

    #[test]
    fn shortening_keeps_whole_characters() {
        assert_eq!(shorten("变更窗口", 12), "变更窗口");
        assert_eq!(shorten("变更窗口", 11), "变更…");
        assert_eq!(shorten("abc", 2), "…");
    }

    #[test]
    fn only_text_without_marks_is_offered_between_back_ticks() {
        assert!(is_safe_code("行情系统条件单功能上线变更"));
        assert!(!is_safe_code("行情`系统"));
        assert!(!is_safe_code("行情\n系统"));
        assert!(!is_safe_code("看 https://evil.example.com"));
        assert!(!is_safe_code(" "));
    }
}

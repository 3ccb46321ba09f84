//! JQL from names that come from outside: everything is quoted, nothing can end its quotes.

/// A value as a quoted JQL string.
pub fn quote(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            // JQL has escapes for some of these, and no name has any.
            control if control.is_control() => quoted.push(' '),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// `field in ("a", "b")`. The field is ours and stands as it is; there has to be a value.
pub fn is_one_of<V: AsRef<str>>(field: &'static str, values: &[V]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| quote(value.as_ref())).collect();
    format!("{field} in ({})", quoted.join(", "))
}

/// An issue key in JIRA's own form (`TRADE-1024`), if the text is one; case and blanks around do not count.
pub fn key(text: &str) -> Option<String> {
    let text = text.trim();
    let (project, number) = text.rsplit_once('-')?;
    let letter_first = project.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let plain = project.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let digits = (1..=18).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let fits = project.len() <= 255 && !number.starts_with('0');
    (letter_first && plain && digits && fits).then(|| text.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_cannot_leave_their_quotes() {
        assert_eq!(quote("待上线"), "\"待上线\"");
        assert_eq!(
            quote("x\") OR project = \"SECRET"),
            r#""x\") OR project = \"SECRET""#
        );
        assert_eq!(quote("a\\"), r#""a\\""#);
        assert_eq!(quote("a\nb\u{0}"), "\"a b \"");
        assert_eq!(
            is_one_of("project", &["TRADE", "AND"]),
            r#"project in ("TRADE", "AND")"#
        );
    }

    #[test]
    fn keys_are_told_from_other_words() {
        assert_eq!(key(" trade-1024 ").as_deref(), Some("TRADE-1024"));
        assert_eq!(key("A_2B-1").as_deref(), Some("A_2B-1"));
        for text in [
            "",
            "TRADE",
            "TRADE-",
            "-1",
            "TRADE-01",
            "TRADE-1a",
            "1A-1",
            "行情-1",
            "A B-1",
            "A-1234567890123456789",
        ] {
            assert_eq!(key(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn only_the_last_quote_ends_a_quoted_value(value in any::<String>()) {
            let quoted = quote(&value);
            let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap();
            let mut escaped = false;
            for c in inner.chars() {
                prop_assert!(escaped || c != '"', "{quoted}");
                prop_assert!(!c.is_control());
                escaped = !escaped && c == '\\';
            }
            prop_assert!(!escaped, "{}", quoted);
        }
    }
}

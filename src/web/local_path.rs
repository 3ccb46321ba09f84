//! Addresses within changegate to go back to: what a browser claims is only followed when it cannot lead elsewhere.

use std::fmt;

/// The longest that is remembered, in bytes.
const LONGEST: usize = 512;
/// Places that are no pages: going back there would go round in a circle or press something again.
const NO_PAGES: [&str; 4] = ["/login", "/logout", "/press", "/assets"];

/// A path within changegate, with its query and the place on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalPath(String);

impl LocalPath {
    /// The page that everybody who is signed in may see.
    pub(crate) fn home() -> Self {
        Self("/me".to_owned())
    }

    /// Reads what a browser sent: one slash at the start, and nothing that a browser takes for another host.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain =
            text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let local = text.starts_with('/') && !text.starts_with("//");
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let page = !NO_PAGES.iter().any(|place| {
            path == *place || path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))
        });
        (plain && local && page).then(|| Self(text.to_owned()))
    }

    /// The same page, told which of the timeline's entries came of what was pressed there.
    pub(crate) fn with_result(&self, result: &str) -> String {
        let (rest, place) = self.0.split_once('#').unwrap_or((&self.0, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| name != "r")
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        pairs.push(("r".to_owned(), result.to_owned()));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let place = if place.is_empty() { "" } else { "#done" };
        format!("{path}?{query}{place}")
    }

    /// The address of the sign-in that leads here.
    pub(crate) fn sign_in(&self) -> String {
        let to: String = url::form_urlencoded::byte_serialize(self.0.as_bytes()).collect();
        format!("/login?to={to}")
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_changegate_are_gone_back_to() {
        for good in ["/a/202611240001", "/d/1/2?r=3", "/me", "/i/1#report", "/logins"] {
            assert!(LocalPath::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "a/1",
            "//evil.example.com",
            "/\\evil.example.com",
            "/a\\..\\b",
            "https://evil.example.com/",
            "javascript:alert(1)",
            "/a/1\r\nset-cookie: x",
            "/a/\t1",
            "/a/变更",
            "/a/1 ",
            "/login?to=/a/1",
            "/logout",
            "/press/1",
        ] {
            assert_eq!(LocalPath::parse(bad), None, "{bad}");
        }
        assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(600))), None);
    }

    #[test]
    fn the_result_of_a_press_replaces_an_earlier_one() {
        let path = LocalPath::parse("/d/1/2?r=3&x=%2F").unwrap();
        assert_eq!(path.with_result("9"), "/d/1/2?x=%2F&r=9");
        let place = LocalPath::parse("/a/1#waiver").unwrap();
        assert_eq!(place.with_result("9"), "/a/1?r=9#done");
    }
}

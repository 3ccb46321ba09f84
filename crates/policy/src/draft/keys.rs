//! Issue keys in what people paste: keys, links, a message with both.

/// As many keys as one form takes.
const MOST: usize = 20;
/// The longest name of a project, and the most digits of a number.
const LONGEST: (usize, usize) = (32, 9);

/// The keys in a text, upper case, each once, in the order of the text; at most 20. Of a link only what stands behind
/// the host is looked at.
pub fn issue_keys(text: &str) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    let words = text.split(|c: char| c.is_whitespace() || !c.is_ascii());
    for word in words {
        let local = match word.split_once("://") {
            Some((_, address)) => address.split_once('/').map_or("", |(_host, rest)| rest),
            None => word,
        };
        let parts = local.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
        for key in parts.filter_map(key) {
            if keys.len() < MOST && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

fn key(word: &str) -> Option<String> {
    let (project, number) = word.split_once('-')?;
    let named = project.len() >= 2
        && project.len() <= LONGEST.0
        && project.starts_with(|c: char| c.is_ascii_alphabetic())
        && !project.contains('-');
    let numbered = !number.is_empty()
        && number.len() <= LONGEST.1
        && !number.starts_with('0')
        && number.bytes().all(|byte| byte.is_ascii_digit());
    (named && numbered).then(|| word.to_ascii_uppercase())
}

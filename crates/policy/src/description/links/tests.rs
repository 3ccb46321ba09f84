//! Links and keys as people paste them.

use super::*;

fn read_all(text: &str) -> Vec<(Option<String>, Option<Fault>)> {
    links(&Text::of(text), &JiraHosts::default())
        .into_iter()
        .map(|link| (link.key, link.fault))
        .collect()
}

fn one(text: &str) -> (Option<String>, Option<Fault>) {
    let all = read_all(text);
    assert_eq!(all.len(), 1, "{text}: {all:?}");
    all[0].clone()
}

#[test]
fn good_links_name_an_issue() {
    for text in [
        "http://jira.yxzq.com/browse/TRADE-1024；",
        "https://JIRA.yxzq.com/browse/trade-1024",
        "http://jira.yxzq.com/TRADE-1024",
        "http://jira.yxzq.com/browse/TRADE-1024（已关闭）",
        "http://jira.yxzq.com/browse/TRADE-1024。",
        "http://jira.yxzq.com/browse/TRADE-1024,已关闭",
        "http://jira.yxzq.com/browse/TRADE-1024已通过",
        "http://jira.yxzq.com/browse/TRADE-1024?filter=-1",
        "http://jira.yxzq.com/secure/RapidBoard.jspa?rapidView=1&selectedIssue=TRADE-1024",
        "http://jira.yxzq.com/secure/RapidBoard.jspa?rapidView=1&amp;SELECTEDISSUE=trade-1024",
        "http://jira.yxzq.com/projects/TRADE/issues/TRADE-1024",
        "http://jira.yxzq.com/browse/\nTRADE-1024",
        "http://jira.yxzq.com/browse/TRADE-\r\n  1024；",
        "http://jira.yxzq.com/browse/TRADE-10\n24；",
        "http://jira.yx\nzq.com/browse/TRADE-1024",
        "http://\njira.yxzq.com/browse/TRADE-1024",
        "http://jira.yxzq.com/browse/TRADE\u{200b}-1024",
        "[单](http://jira.yxzq.com/browse/TRADE-1024)",
        "http://jira.yxzq.com/browse/TRADE-1024\n2、行情",
        "http://jira.yxzq.com/browse/TRADE-1024\nUAT验收",
    ] {
        assert_eq!(one(text), (Some("TRADE-1024".to_owned()), None), "{text}");
    }
}

#[test]
fn two_glued_links_are_two() {
    let all = read_all("http://jira.yxzq.com/browse/A-1http://jira.yxzq.com/browse/B-2");
    assert_eq!(
        all,
        [(Some("A-1".to_owned()), None), (Some("B-2".to_owned()), None)]
    );
}

#[test]
fn slips_are_told_from_faults() {
    let key = || Some("TRADE-1024".to_owned());
    for (text, expected) in [
        ("jira.yxzq.com/browse/TRADE-1024", (key(), Some(Fault::NoScheme))),
        (
            "JIRA单：jira.yxzq.com/browse/TRADE-1024",
            (key(), Some(Fault::NoScheme)),
        ),
        (
            "http//jira.yxzq.com/browse/TRADE-1024",
            (key(), Some(Fault::NoScheme)),
        ),
        (
            "http:/jira.yxzq.com/browse/TRADE-1024",
            (key(), Some(Fault::NoScheme)),
        ),
        (
            "//jira.yxzq.com/browse/TRADE-1024",
            (key(), Some(Fault::NoScheme)),
        ),
        (
            "http：//jira.yxzq.com/browse/TRADE-1024",
            (key(), Some(Fault::WideScheme)),
        ),
        (
            "http://jira.yxzq.com/browse/ TRADE-1024",
            (key(), Some(Fault::Blank)),
        ),
        ("JIRA单：TRADE-1024", (key(), Some(Fault::BareKey))),
        (
            "ftp://jira.yxzq.com/browse/TRADE-1024",
            (key(), Some(Fault::OtherScheme)),
        ),
        (
            "http://jira.yxzq.com.evil.com/browse/TRADE-1024",
            (key(), Some(Fault::OtherHost)),
        ),
        (
            "http://jira-yxzq.com/browse/TRADE-1024",
            (key(), Some(Fault::OtherHost)),
        ),
        (
            "jira.yxzq.com.evil.com/browse/TRADE-1024",
            (key(), Some(Fault::OtherHost)),
        ),
        (
            "http://jira.yxzq.com:8080/browse/TRADE-1024",
            (key(), Some(Fault::OtherPort)),
        ),
        (
            "http://a@jira.yxzq.com/browse/TRADE-1024",
            (key(), Some(Fault::UserInfo)),
        ),
        (
            "http://jira.yxzq.com@evil.com/browse/TRADE-1024",
            (key(), Some(Fault::UserInfo)),
        ),
        ("http://jira.yxzq.com/browse/", (None, Some(Fault::NoKey))),
        ("http://jira.yxzq.com/*****", (None, Some(Fault::NoKey))),
        (
            "http://jira.yxzq.com/browse/TRADE-XXXX",
            (None, Some(Fault::NoKey)),
        ),
        (
            "https://evil.com/?u=http://jira.yxzq.com/browse/TRADE-1024",
            (None, Some(Fault::OtherHost)),
        ),
    ] {
        assert_eq!(one(text), expected, "{text}");
    }
    for none in ["utf-8", "SHA-256", "xxl-job", "7-11", "http", "T-1"] {
        assert_eq!(read_all(none), [], "{none}");
    }
}

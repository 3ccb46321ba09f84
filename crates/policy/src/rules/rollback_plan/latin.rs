//! The Latin words of rollback plans: commands, versions, image tags, names of services, English.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::plan::Thing;

/// What a clause's Latin words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Latin {
    pub(super) action: bool,
    pub(super) thing: Thing,
}

/// Reads the words of a normalised clause.
pub(super) fn read(clause: &str) -> Latin {
    let mut latin = Latin {
        action: false,
        thing: Thing::None,
    };
    let mut earlier = false;
    let mut before = "";
    for (start, word) in words(clause) {
        latin.action |= is_action(before, word) && !matches!(before, "no" | "without");
        earlier |= matches!(
            word,
            "previous" | "prior" | "former" | "earlier" | "last" | "old" | "original"
        );
        let previous = || {
            let lead = clause.get(..start).unwrap_or_default().trim_end();
            ["上一个", "上一", "上个", "前一个", "旧", "原"]
                .iter()
                .any(|before| lead.ends_with(before))
        };
        let thing = if is_general(word) && (earlier || previous()) {
            Thing::Named
        } else {
            thing(clause, start, before, word)
        };
        latin.thing = latin.thing.max(thing);
        before = word;
    }
    latin
}

/// The text without placeholders and the words that they are part of.
pub(super) fn without_placeholders(text: &str) -> String {
    let is_blank = |word: &str| {
        let chars: Vec<char> = word.chars().collect();
        crate::text::find_placeholder(&chars).is_some()
    };
    let mut kept = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '。')) {
        let mut word = String::new();
        for c in piece.chars() {
            if crate::text::is_han(c) {
                push(&mut kept, &word, is_blank);
                word.clear();
                kept.push(c);
            } else {
                word.push(c);
            }
        }
        push(&mut kept, &word, is_blank);
    }
    kept
}

fn push(kept: &mut String, word: &str, is_blank: impl Fn(&str) -> bool) {
    if !is_blank(word) {
        kept.push_str(word);
    }
}

/// Runs of Latin letters, digits and what joins them in names, with their places.
fn words(clause: &str) -> impl Iterator<Item = (usize, &str)> {
    clause
        .split(|c: char| !is_joined(c))
        .filter(|word| !word.is_empty())
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '%'))
        .filter(|word| !word.is_empty())
        .filter_map(|word| Some((offset(clause, word)?, word)))
}

fn is_joined(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ':' | '@' | '%' | '#' | '=' | '+')
}

/// Where a part of a text begins.
fn offset(whole: &str, part: &str) -> Option<usize> {
    part.as_ptr().addr().checked_sub(whole.as_ptr().addr())
}

fn is_action(before: &str, word: &str) -> bool {
    // SQL：DELETE is two words, quote-api:1.4.1 is one.
    if let Some((first, second)) = word.split_once(':') {
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphabetic());
        return plain(first) && plain(second) && (is_action(before, first) || is_action(first, second));
    }
    match word {
        "rollback" | "roll-back" | "rolledback" | "revert" | "reverted" | "restore" | "restored"
        | "switch" | "disable" | "disabled" | "restart" | "downgrade" | "undo" | "redeploy" | "undeploy"
        | "reinstall" | "uninstall" | "kubectl" | "helm" | "update" | "delete" | "drop" | "alter"
        | "insert" | "truncate" | "rename" | "replace" | "repoint" | "toggle" | "flip" | "failover"
        | "fallback" | "remove" | "stop" | "sql" | "reset" | "scale" | "deploy" | "ln" | "mv" | "cp"
        | "systemctl" | "docker-compose" | "ansible-playbook" => true,
        "back" => matches!(
            before,
            "roll" | "rolled" | "rolling" | "switch" | "go" | "fall" | "switched"
        ),
        "off" => matches!(before, "turn" | "switch" | "turned"),
        "checkout" => before == "git",
        _ => false,
    }
}

fn is_general(word: &str) -> bool {
    matches!(
        word,
        "version"
            | "versions"
            | "image"
            | "images"
            | "script"
            | "scripts"
            | "flag"
            | "table"
            | "config"
            | "configuration"
            | "traffic"
            | "code"
            | "service"
            | "release"
            | "deployment"
            | "build"
            | "tag"
            | "branch"
            | "database"
            | "db"
            | "package"
            | "app"
            | "application"
            | "feature"
            | "pod"
            | "pods"
            | "commit"
            | "backup"
            | "snapshot"
            | "server"
            | "job"
            | "apk"
            | "jar"
            | "war"
            | "h5"
            | "web"
            | "api"
    )
}

/// Words that name nothing: commands, tools, and English between the names.
static FILLERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "the a an to of if is are be will we it in on for and or with by from then when any all issue \
     issues problem problems error errors occurs occur happens need needed please just can case there \
     this that our new via using use should after before as at directly immediately back off roll \
     turn go plan steps step ops op team contact ask na n/a none no ok okay yes not required see \
     attachment attached refer wiki jira uat sit prod production online pc ios android k8s docker git \
     svn jenkins nacos apollo harbor devops rollout set get apply last old previous prior former \
     earlier original so do goes wrong fails fail failed failure something anything change changes \
     released deployed test same above tbd todo null nil standard procedure process normal usual stable id bug \
     doc docx xls xlsx pdf txt md ppt pptx png jpg"
        .split(' ')
        .collect()
});

fn thing(clause: &str, start: usize, before: &str, word: &str) -> Thing {
    if is_general(word) {
        return Thing::General;
    }
    let extension = clause.get(..start).is_some_and(|before| before.ends_with('.'));
    if extension
        && matches!(
            word,
            "sql" | "sh" | "py" | "jar" | "war" | "yaml" | "yml" | "zip" | "bat"
        )
    {
        return Thing::Named;
    }
    if FILLERS.contains(word)
        || is_action(before, word)
        || is_document(word)
        || word.contains('@') && word.contains(".com")
    {
        return Thing::None;
    }
    if word.starts_with("http:") || word.starts_with("https:") {
        return Thing::None;
    }
    if word.ends_with('%') {
        return Thing::Named;
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    match (letters, digits) {
        (0, _) => number(clause, start, word, digits),
        (1, 0) => Thing::None,
        _ => Thing::Named,
    }
}

/// A version such as 2.3.0 or 20261120; not a time, a list's number or a telephone.
fn number(clause: &str, start: usize, word: &str, digits: usize) -> Thing {
    let before = clause.get(..start).unwrap_or_default().trim_end();
    let after = clause.get(start + word.len()..).unwrap_or_default().trim_start();
    // 1.回退镜像 2.重启服务.
    let counts = after
        .strip_prefix(['.', '、', ')'])
        .is_some_and(|rest| rest.starts_with(crate::text::is_han));
    if counts && digits <= 2 {
        return Thing::None;
    }
    let says_version = [
        "版本",
        "版本号",
        "tag",
        "镜像",
        "version",
        "release",
        "commit",
        "版",
        "号",
    ]
    .iter()
    .any(|kind| {
        before.ends_with(kind)
            || before
                .trim_end_matches([':', '为', '至', '到', '是'])
                .ends_with(kind)
    });
    let of_version = ["版本", "版", "镜像", "备份", "构建", "号版本", "的版本", "tag"]
        .iter()
        .any(|kind| after.starts_with(kind));
    // 灰度比例调整为 0: a share or a threshold is named by its value.
    let valued = ["灰度", "流量", "比例", "阈值", "权重", "参数", "开关"]
        .iter()
        .any(|kind| before.contains(kind))
        && ["为", "到", "至", "回", "成", "="]
            .iter()
            .any(|to| before.ends_with(to));
    let dotted = word.split('.').count() >= 3 && word.split('.').all(|part| !part.is_empty());
    let targeted = before.ends_with('#')
        || (word.contains('.') && ["到", "至", "回"].iter().any(|to| before.ends_with(to)));
    let dated = digits >= 8 && digits != 11 && !word.contains([':', '/']);
    if says_version || of_version || valued || targeted || dotted || dated {
        Thing::Named
    } else {
        Thing::None
    }
}

/// A document is read, not rolled back.
fn is_document(word: &str) -> bool {
    [
        ".doc", ".docx", ".xls", ".xlsx", ".pdf", ".md", ".txt", ".ppt", ".pptx",
    ]
    .iter()
    .any(|end| word.ends_with(end))
}

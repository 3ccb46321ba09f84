//! `attachment-content` (六.10): each required workbook opens, something stands below its header, and the JIRA keys in
//! it are those of the description.
//!
//! A required file that is not attached at all is left to `attachments`.

use std::collections::BTreeSet;

use super::attachments::{is_named, required};
use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::{AttachedFile, FileContent, Files, WorkbookContent};
use crate::policy::RequiredFile;

/// Workbooks of other programs or kinds: they may well be filled in, but are not read.
const OTHER_WORKBOOKS: [&str; 9] = [
    "xlsm", "xlsb", "xltx", "xlt", "et", "ett", "ods", "csv", "numbers",
];

/// How many keys a message lists.
const LISTED_KEYS: usize = 10;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let required = required(context);
    if required.is_empty() {
        return Judgement::Skip("政策未要求附件".into());
    }
    let Some(files) = &context.facts.files else {
        return Judgement::Skip("附件内容尚未接入，没有核对".into());
    };
    let states: Vec<State> = required
        .iter()
        .map(|wanted| state(context, wanted, files))
        .collect();
    together(states)
}

/// What is found of one required file.
enum State {
    /// Filled in; what it is.
    Good(String),
    /// Not attached.
    Absent(String),
    /// Attached, but nobody opened it.
    NotRead(String),
    /// It may still come.
    Pending(String),
    Doubtful(Fault),
    Bad(Fault),
}

struct Fault {
    message: String,
    /// The name of the file.
    file: String,
}

fn state(context: &Context<'_>, wanted: &RequiredFile, files: &Files) -> State {
    let candidates: Vec<&AttachedFile> = files
        .known
        .iter()
        .filter(|file| is_named(file, &wanted.name))
        .collect();
    let filled: Vec<(&AttachedFile, &WorkbookContent)> = candidates
        .iter()
        .filter_map(|&file| Some((file, filled_workbook(file)?)))
        .collect();
    if !filled.is_empty() {
        return keys(context, wanted, &filled);
    }
    if let Some(reason) = &files.pending {
        return State::Pending(format!("“{}”尚未取得：{reason}", wanted.name));
    }
    // Of several files the one that is least wrong speaks: it is the one that was meant.
    candidates
        .into_iter()
        .map(unfilled)
        .min_by_key(|state| match state {
            State::Good(_) | State::NotRead(_) => 0,
            State::Doubtful(_) => 1,
            State::Bad(_) => 2,
            State::Absent(_) | State::Pending(_) => 3,
        })
        .unwrap_or_else(|| State::Absent(format!("没有附上“{}”", wanted.name)))
}

fn filled_workbook(file: &AttachedFile) -> Option<&WorkbookContent> {
    match &file.content {
        FileContent::Workbook(workbook) if workbook.filled_rows > 0 => Some(workbook),
        FileContent::Workbook(_)
        | FileContent::NotRead
        | FileContent::Unreadable(_)
        | FileContent::Mail(_) => None,
    }
}

/// What is said of a file that is no filled workbook.
fn unfilled(file: &AttachedFile) -> State {
    let name = &file.name;
    let bad = |message| {
        State::Bad(Fault {
            message,
            file: name.clone(),
        })
    };
    match &file.content {
        FileContent::NotRead => not_read(file),
        FileContent::Unreadable(reason) => bad(format!(
            "附件“{name}”打不开：{reason}；请重新导出为 xlsx 后撤回本流程，附上新文件重新发起"
        )),
        FileContent::Workbook(_) => bad(format!(
            "附件“{name}”的表头下没有填写内容；请填写后撤回本流程，附上新文件重新发起"
        )),
        FileContent::Mail(_) => bad(format!(
            "附件“{name}”是邮件，不是表格；请附上 xlsx 格式的表格后重新发起"
        )),
    }
}

fn not_read(file: &AttachedFile) -> State {
    let name = &file.name;
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.trim().to_ascii_lowercase());
    let fault = |message| Fault {
        message,
        file: name.clone(),
    };
    match extension.as_deref() {
        Some("xlsx" | "xls") => State::NotRead(format!("附件“{name}”尚未打开，没有核对内容")),
        Some(other) if OTHER_WORKBOOKS.contains(&other) => State::Doubtful(fault(format!(
            "附件“{name}”不是 xlsx 或 xls 格式，无法核对内容；请另存为 xlsx 后附上"
        ))),
        None => State::Doubtful(fault(format!(
            "附件“{name}”没有扩展名，无法核对内容；请附上 xlsx 格式的文件"
        ))),
        Some(_) => State::Bad(fault(format!(
            "附件“{name}”不是表格（须为 xlsx 或 xls）；请按模板填写后附上，重新发起"
        ))),
    }
}

/// Compares the keys of all filled workbooks of that name with the description's.
fn keys(context: &Context<'_>, wanted: &RequiredFile, filled: &[(&AttachedFile, &WorkbookContent)]) -> State {
    let file = filled
        .iter()
        .map(|(file, _)| file.name.as_str())
        .collect::<Vec<_>>()
        .join("、");
    let on_form: BTreeSet<&str> = context.reading.keys().into_iter().collect();
    let listed: BTreeSet<&str> = filled
        .iter()
        .flat_map(|(_, workbook)| workbook.jira.iter())
        .map(String::as_str)
        .collect();
    if !wanted.jira_keys || on_form.is_empty() || on_form == listed {
        let rows: u64 = filled
            .iter()
            .map(|(_, workbook)| u64::from(workbook.filled_rows))
            .sum();
        return State::Good(format!("{file}：已填写 {rows} 行"));
    }
    let message = if listed.is_empty() {
        format!("附件“{file}”中没有 JIRA 单号，无法与“升级功能描述”核对；请在清单中写明各功能的 JIRA 单号")
    } else {
        let only = |place: &str, keys: Vec<&str>| {
            (!keys.is_empty()).then(|| format!("仅{place}有：{}", list(&keys)))
        };
        let differences: Vec<String> = [
            only("清单", listed.difference(&on_form).copied().collect()),
            only("“升级功能描述”", on_form.difference(&listed).copied().collect()),
        ]
        .into_iter()
        .flatten()
        .collect();
        format!(
            "附件“{file}”与“升级功能描述”的 JIRA 单不一致（{}）；请核对后改为一致",
            differences.join("；")
        )
    };
    State::Doubtful(Fault { message, file })
}

fn list(keys: &[&str]) -> String {
    let shown = keys
        .iter()
        .take(LISTED_KEYS)
        .copied()
        .collect::<Vec<_>>()
        .join("、");
    if keys.len() > LISTED_KEYS {
        format!("{shown} 等 {} 个", keys.len())
    } else {
        shown
    }
}

/// The worst that is found, with everything that is as bad.
fn together(states: Vec<State>) -> Judgement {
    let (mut good, mut absent, mut unread, mut pending) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut doubtful, mut bad) = (Vec::new(), Vec::new());
    for state in states {
        match state {
            State::Good(what) => good.push(what),
            State::Absent(what) => absent.push(what),
            State::NotRead(what) => unread.push(what),
            State::Pending(what) => pending.push(what),
            State::Doubtful(fault) => doubtful.push(fault),
            State::Bad(fault) => bad.push(fault),
        }
    }
    if !bad.is_empty() {
        Judgement::Fail(finding(bad))
    } else if !pending.is_empty() {
        Judgement::Unknown(pending.join("；"))
    } else if !doubtful.is_empty() {
        Judgement::Warn(finding(doubtful))
    } else if !unread.is_empty() {
        Judgement::Skip(unread.join("；").into())
    } else if good.is_empty() {
        Judgement::Skip(format!("{}，内容无从核对", absent.join("；")).into())
    } else {
        Judgement::PassWith(good.join("；"))
    }
}

fn finding(faults: Vec<Fault>) -> Finding {
    let (messages, files): (Vec<String>, Vec<String>) = faults
        .into_iter()
        .map(|fault| (fault.message, fault.file))
        .unzip();
    Finding {
        message: messages.join("。"),
        evidence: Some((files.join("、"), None)),
        fix: None,
    }
}

#[cfg(test)]
mod tests;

//! The labelled forms: what `changegate check` says of each, against what a reader of the regulation would say.
//!
//! Every line of `tests/forms/*.jsonl` is a case (`tests/forms/README.md` describes its keys). A case becomes the
//! answer of `oa/getapprovaldetail` that WeCom would give for such a form; all that have the same facts go through one
//! run of the shipped binary, so that reading the controls, the facts, the policy and the output are tested together.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of a test; a broken case file may stop the run"
)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use chrono::{DateTime, NaiveDateTime};
use serde_json::{Map, Value, json};

#[test]
fn every_labelled_form_is_judged_as_labelled() {
    let base = Base::load();
    let cases = cases();
    assert!(cases.len() > 1_000, "only {} cases found", cases.len());

    let mut judged = BTreeMap::new();
    for (run, (facts, cases)) in by_facts(&cases).into_iter().enumerate() {
        let replies: Vec<String> = cases
            .iter()
            .map(|&(index, case)| case.reply(&base, &sp_no(index)).to_string())
            .collect();
        judged.extend(check(
            &replies.join("\n"),
            facts.map(|facts| written(run, &facts)).as_deref(),
        ));
    }

    let mut wrong = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        match judged.get(&sp_no(index)) {
            None => wrong.push(format!("{}: no answer", case.place)),
            Some(answer) => wrong.extend(case.mismatches(&base, answer)),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} mismatches in {} forms:\n  {}",
        wrong.len(),
        cases.len(),
        wrong.join("\n  ")
    );
}

/// The compliant form that every case departs from, and what each rule says of it.
struct Base {
    form: Map<String, Value>,
    expect: Map<String, Value>,
}

impl Base {
    fn load() -> Self {
        let text = fs::read_to_string(folder().join("base.json")).unwrap();
        let base: Value = serde_json::from_str(&text).unwrap();
        Self {
            form: base["form"].as_object().unwrap().clone(),
            expect: base["expect"].as_object().unwrap().clone(),
        }
    }
}

/// One line of a case file.
struct Case {
    /// File, line and name, as a failure shows them.
    place: String,
    line: Value,
}

impl Case {
    /// What WeCom answers for this form.
    fn reply(&self, base: &Base, sp_no: &str) -> Value {
        let info = match self.line.get("detail") {
            Some(detail) => {
                let mut info = detail.clone();
                info["sp_no"] = json!(sp_no);
                info
            }
            None => detail(&merged(&base.form, &self.line["form"]), sp_no),
        };
        json!({"errcode": 0, "errmsg": "ok", "info": info})
    }

    /// One line for every rule, and for the verdict, that is not as labelled.
    fn mismatches(&self, base: &Base, answer: &Value) -> Vec<String> {
        let statuses: BTreeMap<&str, &str> = answer["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|result| {
                (
                    result["rule"].as_str().unwrap(),
                    result["status"].as_str().unwrap(),
                )
            })
            .collect();
        let mut expected = merged(&base.expect, &self.line["expect"]);
        expected.insert("verdict".to_owned(), self.line["verdict"].clone());
        expected
            .iter()
            .filter_map(|(rule, wanted)| {
                let got = match rule.as_str() {
                    "verdict" => answer["verdict"].as_str().unwrap(),
                    rule => statuses.get(rule).copied().unwrap_or("nothing"),
                };
                (!allows(wanted, got))
                    .then(|| format!("{}: {rule}: expected {wanted}, got {got}", self.place))
            })
            .collect()
    }
}

/// Whether a label (a status, a list of them, or `any`) leaves room for what came.
fn allows(wanted: &Value, got: &str) -> bool {
    match wanted {
        Value::Array(several) => several.iter().any(|one| one == got),
        one => one == "any" || one == got,
    }
}

fn merged(base: &Map<String, Value>, changes: &Value) -> Map<String, Value> {
    let mut all = base.clone();
    all.extend(changes.as_object().unwrap().clone());
    all
}

fn sp_no(index: usize) -> String {
    format!("20261124{:06}", index + 1)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms")
}

/// The cases of all files, in the order of their names.
fn cases() -> Vec<Case> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    files.iter().flat_map(|path| cases_of(path)).collect()
}

fn cases_of(path: &Path) -> Vec<Case> {
    let file = path.file_name().unwrap().to_string_lossy().into_owned();
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .enumerate()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(index, text)| {
            let line: Value =
                serde_json::from_str(text).unwrap_or_else(|error| panic!("{file}:{}: {error}", index + 1));
            let name = line["name"].as_str().unwrap();
            Case {
                place: format!("{file}:{} ({name})", index + 1),
                line,
            }
        })
        .collect()
}

/// The cases and their places among all, together where their facts are the same.
fn by_facts(cases: &[Case]) -> BTreeMap<Option<String>, Vec<(usize, &Case)>> {
    let mut runs: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (index, case) in cases.iter().enumerate() {
        let facts = case.line.get("facts").map(Value::to_string);
        runs.entry(facts).or_default().push((index, case));
    }
    runs
}

/// The facts of one run as a file.
fn written(run: usize, facts: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("facts-{run}.json"));
    fs::write(&path, facts).unwrap();
    path
}

/// Runs the binary once over replies that share their facts; its answers by approval number.
fn check(replies: &str, facts: Option<&Path>) -> BTreeMap<String, Value> {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_changegate"))
        .args(["check", "-", "--format", "json"])
        .args(
            facts
                .into_iter()
                .flat_map(|path| [OsStr::new("--facts"), path.as_os_str()]),
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = tool.stdin.take().unwrap();
    // Written beside the reading: the answers fill their pipe long before the forms are all sent.
    let output = thread::scope(|scope| {
        scope.spawn(move || writeln!(stdin, "{replies}").unwrap());
        tool.wait_with_output().unwrap()
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let answer: Value =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line} {errors}"));
            (answer["sp_no"].as_str().unwrap().to_owned(), answer)
        })
        .collect()
}

/// The `info` object of a form's approval detail.
fn detail(form: &Map<String, Value>, sp_no: &str) -> Value {
    let mut info = json!({
        "sp_no": sp_no,
        "sp_name": "生产上线变更",
        "sp_status": 1,
        "template_id": form["template"],
        "apply_time": seconds(&form["apply_time"]),
        "sp_record": [{
            "sp_status": 1,
            "approverattr": 1,
            "details": [{
                "approver": {"userid": "devlead"}, "speech": "", "sp_status": 1, "sptime": 0, "media_id": [],
            }],
        }],
        "notifyer": [],
        "apply_data": {"contents": controls(form, sp_no)},
        "comments": [],
        "process_list": {"node_list": [{
            "node_type": 1,
            "sp_status": 1,
            "apv_rel": 2,
            "sub_node_list": [{"userid": "devlead", "speech": "", "sp_yj": 1, "sptime": 0, "media_ids": []}],
        }]},
    });
    match &form["applicant"] {
        Value::Array(users) => {
            info["batch_applyer"] = users.iter().map(|user| json!({"userid": user})).collect();
        }
        user => info["applyer"] = json!({"userid": user, "partyid": "12"}),
    }
    info
}

/// The form's controls in the order of the template; `null` leaves one out.
fn controls(form: &Map<String, Value>, sp_no: &str) -> Vec<Value> {
    const ORDER: [(&str, &str); 11] = [
        ("title", "标题"),
        ("urgency", "紧急程度"),
        ("description", "升级功能描述"),
        ("rollback", "回退方案"),
        ("product_manager", "产品经理"),
        ("tester", "测试同事"),
        ("middle_platform", "中台模块权限及接口"),
        ("attachments", "附件"),
        ("related", "关联审批单"),
        ("planned_time", "计划变更时间"),
        ("images", "镜像"),
    ];
    ORDER
        .into_iter()
        .filter_map(|(key, title)| Some((key, title, form.get(key)?)))
        .filter(|(_, _, value)| !value.is_null())
        .enumerate()
        .map(|(index, (key, title, value))| {
            let (kind, content) = control(key, value, sp_no);
            json!({
                "control": kind,
                "id": format!("{kind}-{}", 1_700_000_000_000_u64 + u64::try_from(index).unwrap()),
                "title": [{"text": title, "lang": "zh_CN"}],
                "value": content,
            })
        })
        .collect()
}

/// A control's kind and its `value`.
fn control(key: &str, value: &Value, sp_no: &str) -> (&'static str, Value) {
    match key {
        "title" | "images" => ("Text", json!({"text": value})),
        "urgency" => ("Selector", selector(value)),
        "description" | "rollback" | "middle_platform" => ("Textarea", json!({"text": value})),
        "product_manager" | "tester" => ("Contact", contact(value)),
        "attachments" => ("File", files(value, sp_no)),
        "related" => ("RelatedApproval", related(value)),
        "planned_time" => planned(value),
        other => panic!("no control for {other}"),
    }
}

fn selector(value: &Value) -> Value {
    let options = match value {
        Value::String(text) if text.is_empty() => json!([]),
        text => json!([{"key": "option-1", "value": [{"text": text, "lang": "zh_CN"}]}]),
    };
    json!({"selector": {"type": "single", "options": options}})
}

fn contact(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let departments: Vec<Value> = object["departments"]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| json!({"openapi_id": id.to_string(), "name": format!("部门{id}")}))
                .collect();
            json!({"departments": departments})
        }
        users => {
            let members: Vec<Value> = users
                .as_array()
                .unwrap()
                .iter()
                .map(|user| json!({"userid": user, "name": user}))
                .collect();
            json!({"members": members})
        }
    }
}

fn files(value: &Value, sp_no: &str) -> Value {
    let files: Vec<Value> = (0..value.as_u64().unwrap())
        .map(|number| json!({"file_id": format!("WWCISP_{sp_no}_{number}")}))
        .collect();
    json!({"files": files})
}

fn related(value: &Value) -> Value {
    let flows: Vec<Value> = value
        .as_array()
        .unwrap()
        .iter()
        .map(|sp_no| {
            json!({
                "template_names": [{"text": "生产上线变更", "lang": "zh_CN"}],
                "sp_status": 1,
                "name": "王五",
                "create_time": 1_795_000_000,
                "sp_no": sp_no,
            })
        })
        .collect();
    json!({"related_approval": flows})
}

/// A point in time, a range, a day alone, or a control that nobody filled in.
fn planned(value: &Value) -> (&'static str, Value) {
    let date = |kind: &str, stamp: String| json!({"date": {"type": kind, "s_timestamp": stamp}});
    match value {
        Value::String(text) if text.is_empty() => ("Date", date("hour", String::new())),
        Value::Array(ends) => {
            let (begin, end) = (seconds(&ends[0]), seconds(&ends[1]));
            let range = json!({
                "type": "hour", "new_begin": begin, "new_end": end, "new_duration": end - begin,
            });
            ("DateRange", json!({"date_range": range}))
        }
        Value::Object(object) => {
            let midnight = json!(format!("{}T00:00", object["day"].as_str().unwrap()));
            ("Date", date("day", seconds(&midnight).to_string()))
        }
        instant => ("Date", date("hour", seconds(instant).to_string())),
    }
}

/// Unix seconds of a time as the cases write it: with or without seconds and offset; without one it is Shanghai's.
fn seconds(value: &Value) -> i64 {
    let text = value.as_str().unwrap();
    ["%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%dT%H:%M%:z"]
        .iter()
        .find_map(|format| DateTime::parse_from_str(text, format).ok())
        .map(|time| time.timestamp())
        .or_else(|| {
            const SHANGHAI: i64 = 8 * 3600;
            ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
                .iter()
                .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
                .map(|time| time.and_utc().timestamp() - SHANGHAI)
        })
        .unwrap_or_else(|| panic!("no time: {text}"))
}

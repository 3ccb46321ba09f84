//! The page: the fields with what was entered, the result beside them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use changegate_policy::{Directory, Policy, Role, UserId};

use super::entered::Entered;
use super::result::ResultView;
use super::shape::Shape;
use super::submission::{LONGEST_DESCRIPTION, LONGEST_KEYS, LONGEST_LINE, LONGEST_TEXT};
use crate::web::member::{self, Member};
use crate::web::pages::fields::Wrong;
use crate::web::pages::form::Envelope;
use crate::web::server::Site;
use crate::web::verdict_page::html;

/// Something to know before reading on.
#[derive(Debug)]
pub(super) struct Notice {
    /// Its class in the style sheet.
    pub(super) tone: &'static str,
    pub(super) title: String,
    pub(super) lines: Vec<String>,
}

/// What is on the page beside the fields.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) notices: Vec<Notice>,
    pub(super) result: Option<ResultView>,
    pub(super) status: StatusCode,
}

/// A member to choose.
#[derive(Debug)]
struct Choice {
    value: String,
    name: String,
    chosen: bool,
}

/// A field that names members.
#[derive(Debug)]
struct PeopleField {
    name: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
    /// Those who are no choice.
    others: String,
}

/// A field of words.
#[derive(Debug)]
struct WordsField {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    longest: usize,
    /// Lines shown; one is a plain input.
    rows: usize,
}

#[derive(Template)]
#[template(path = "draft.html", whitespace = "minimize")]
struct View<'a> {
    envelope: Envelope,
    nonce: String,
    entered: &'a Entered,
    longest_keys: usize,
    has_jira: bool,
    words: Vec<WordsField>,
    more: Vec<WordsField>,
    people: Vec<PeopleField>,
    has_planned: bool,
    zone: &'static str,
    cutoff: String,
    shown: &'a Shown,
}

#[derive(Template)]
#[template(path = "draft_filed.html", whitespace = "minimize")]
struct FiledView {
    envelope: Envelope,
    sp_no: String,
}

fn field(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: &str,
    longest: usize,
    rows: usize,
) -> WordsField {
    WordsField {
        name,
        label,
        hint,
        value: value.to_owned(),
        longest,
        rows,
    }
}

/// The texts that every form has.
fn asked_of_all(entered: &Entered) -> Vec<WordsField> {
    vec![
        field(
            "description",
            "升级功能描述",
            "1、×××功能，已通过 UAT 验收，已通过回归测试；JIRA 单：……；",
            &entered.description,
            LONGEST_DESCRIPTION,
            6,
        ),
        field(
            "rollback",
            "回退方案",
            "出现异常时怎样恢复：版本、开关、脚本和步骤",
            &entered.rollback,
            LONGEST_TEXT,
            3,
        ),
    ]
}

/// The texts that the template may have.
fn asked_where_shown(entered: &Entered, shape: Shape<'_>) -> Vec<WordsField> {
    let fields = shape.fields;
    let optional = |control: &str, field: WordsField| shape.has(control).then_some(field);
    [
        optional(
            &fields.images,
            field(
                "images",
                "镜像",
                "每行一个，如 quote-gateway:v2.9.0",
                &entered.images,
                LONGEST_TEXT,
                2,
            ),
        ),
        optional(
            &fields.middle_platform,
            field(
                "middle_platform",
                "中台模块权限及接口",
                "涉及中台模块权限时填写",
                &entered.middle_platform,
                LONGEST_TEXT,
                2,
            ),
        ),
        optional(
            &fields.markets,
            field(
                "markets",
                "涉及市场",
                "如 港股、美股",
                &entered.markets,
                LONGEST_LINE,
                1,
            ),
        ),
        optional(
            &fields.related,
            field(
                "related",
                "关联审批单",
                "其他小组的审批单号，用逗号隔开",
                &entered.related,
                LONGEST_LINE,
                1,
            ),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The page with its fields.
pub(super) fn page(
    site: &Site,
    policy: &Policy,
    member: &Member,
    entered: &Entered,
    shape: Shape<'_>,
    shown: &Shown,
) -> HttpResponse {
    let fields = shape.fields;
    let directory = policy.directory().map(AsRef::as_ref);
    let view = View {
        envelope: Envelope::new(site, member, "", "/draft"),
        nonce: member::nonce(),
        longest_keys: LONGEST_KEYS,
        has_jira: site.jira.is_some(),
        words: asked_of_all(entered),
        more: asked_where_shown(entered, shape),
        people: vec![
            people(
                "product_manager",
                "产品经理",
                Role::ProductManager,
                &entered.product_manager,
                directory,
            ),
            people("tester", "测试同事", Role::Tester, &entered.tester, directory),
        ],
        has_planned: shape.has(&fields.planned_time),
        zone: policy.zone().name(),
        cutoff: policy.cutoff().format("%H:%M").to_string(),
        entered,
        shown,
    };
    HttpResponse::build(shown.status)
        .content_type("text/html; charset=utf-8")
        .body(html(&view))
}

/// The page after filing.
pub(super) fn filed(site: &Site, member: &Member, sp_no: &str) -> HttpResponse {
    let view = FiledView {
        envelope: Envelope::new(site, member, "", "/draft"),
        sp_no: sp_no.to_owned(),
    };
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(html(&view))
}

/// Fields that cannot be taken, one line each.
pub(super) fn wrongs(wrongs: &[Wrong]) -> Notice {
    Notice {
        tone: "warn",
        title: "请修改下列各栏后再试".to_owned(),
        lines: wrongs
            .iter()
            .map(|wrong| {
                format!(
                    "“{}”填写的是：{}。需要：{}。",
                    wrong.field, wrong.found, wrong.needed
                )
            })
            .collect(),
    }
}

fn people(
    name: &'static str,
    label: &'static str,
    role: Role,
    entered: &[String],
    directory: Option<&Directory>,
) -> PeopleField {
    let is =
        |user: &UserId, shown: &str, word: &String| user.as_str().eq_ignore_ascii_case(word) || shown == word;
    let holders: Vec<(&UserId, &str)> = directory
        .into_iter()
        .flat_map(|directory| {
            directory
                .holders(role)
                .map(move |user| (user, directory.name_of(user)))
        })
        .collect();
    PeopleField {
        name,
        label,
        others: entered
            .iter()
            .filter(|word| !holders.iter().any(|(user, shown)| is(user, shown, word)))
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("，"),
        choices: holders
            .iter()
            .map(|(user, shown)| Choice {
                value: user.to_string(),
                name: (*shown).to_owned(),
                chosen: entered.iter().any(|word| is(user, shown, word)),
            })
            .collect(),
    }
}

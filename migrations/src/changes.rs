//! Changes and all that is kept about them.

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::sea_query::{
    ColumnDef, ConditionalStatement, Expr, ExprTrait, Index, TableCreateStatement,
};

use crate::columns::{big, big_null, id, int, table, text, text_null, word, word_null};
use crate::step::NamedIndex;

pub(crate) fn changes(backend: DbBackend) -> TableCreateStatement {
    table("changes", backend)
        .col(word("sp_no", 64).primary_key())
        .col(text("title", backend))
        .col(word("urgency", 64))
        .col(word("stage", 64))
        .col(word("verdict", 64))
        .col(word("applicant", 128))
        .col(word("team", 128))
        .col(text("system_name", backend))
        .col(text("feature", backend))
        .col(word_null("change_day", 10))
        .col(big_null("planned_from"))
        .col(big_null("planned_until"))
        .col(big_null("apply_time"))
        .col(word("template_id", 128))
        .col(int("sp_status"))
        .col(ColumnDef::new("is_open").boolean().not_null())
        .col(text("jira_keys", backend))
        .col(word("policy_sha256", 64))
        .col(word("content_hash", 64))
        .col(big("seen_at"))
        .col(text("told", backend))
        .col(big("version"))
        .col(big("timeline_length"))
        .col(word("timeline_head", 64))
        .col(big("created_at"))
        .col(big("updated_at"))
        .take()
}

/// Serves both "all open ones" and "the longest unseen first".
pub(crate) fn changes_unseen(_: DbBackend) -> NamedIndex {
    NamedIndex::on("changes", "changes_unseen", &["is_open", "seen_at"])
}

pub(crate) fn submissions(backend: DbBackend) -> TableCreateStatement {
    table("submissions", backend)
        .col(id())
        .col(word("sp_no", 64))
        .col(word("content_hash", 64))
        .col(text("body", backend))
        .col(big("seen_at"))
        .index(
            Index::create()
                .unique()
                .name("submissions_content")
                .col("sp_no")
                .col("content_hash"),
        )
        .take()
}

pub(crate) fn verdicts(backend: DbBackend) -> TableCreateStatement {
    table("verdicts", backend)
        .col(id())
        .col(word("sp_no", 64))
        .col(big("seq"))
        .col(word("verdict", 64))
        .col(word("policy_sha256", 64))
        .col(word("content_hash", 64))
        .col(text("body", backend))
        .col(big("evaluated_at"))
        .index(
            Index::create()
                .unique()
                .name("verdicts_change")
                .col("sp_no")
                .col("seq"),
        )
        .take()
}

pub(crate) fn timeline(backend: DbBackend) -> TableCreateStatement {
    table("timeline", backend)
        .col(word("sp_no", 64))
        .col(big("seq"))
        .col(big("happened_at"))
        .col(word("what", 64))
        .col(word("who", 128))
        .col(text("detail", backend))
        .col(word("hash", 64))
        .primary_key(Index::create().col("sp_no").col("seq"))
        .take()
}

/// When it was carried out.
pub(crate) fn executed_at(_: DbBackend) -> ColumnDef {
    big_null("executed_at")
}

/// When it was verified.
pub(crate) fn verified_at(_: DbBackend) -> ColumnDef {
    big_null("verified_at")
}

/// When it came to its end.
pub(crate) fn closed_at(_: DbBackend) -> ColumnDef {
    big_null("closed_at")
}

/// When its approval was complete.
pub(crate) fn approved_at(_: DbBackend) -> ColumnDef {
    big_null("approved_at")
}

/// How it ended.
pub(crate) fn outcome(_: DbBackend) -> ColumnDef {
    word_null("outcome", 64)
}

/// How many anomalies were found.
pub(crate) fn anomalies(_: DbBackend) -> ColumnDef {
    int("anomalies").default(0).take()
}

/// Whether it became an incident.
pub(crate) fn incident(_: DbBackend) -> ColumnDef {
    flag("incident")
}

/// The verdict on the form as it was first handed in.
pub(crate) fn first_verdict(_: DbBackend) -> ColumnDef {
    word("first_verdict", 64).default("").take()
}

/// How many signed although rules were broken.
pub(crate) fn signed_despite(_: DbBackend) -> ColumnDef {
    int("signed_despite").default(0).take()
}

/// Whether a client claims damage.
pub(crate) fn claim(_: DbBackend) -> ColumnDef {
    flag("claim")
}

fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().default(false).take()
}

pub(crate) fn changes_applied(_: DbBackend) -> NamedIndex {
    NamedIndex::on("changes", "changes_applied", &["apply_time"])
}

pub(crate) fn changes_executed(_: DbBackend) -> NamedIndex {
    NamedIndex::on("changes", "changes_executed", &["executed_at"])
}

pub(crate) fn changes_ended(_: DbBackend) -> NamedIndex {
    NamedIndex::on("changes", "changes_ended", &["closed_at"])
}

pub(crate) fn changes_approved(_: DbBackend) -> NamedIndex {
    NamedIndex::on("changes", "changes_approved", &["approved_at"])
}

/// The facts that a verdict was given on; absent in verdicts from before facts were kept.
pub(crate) fn verdict_facts(backend: DbBackend) -> ColumnDef {
    text_null("facts", backend)
}

/// When facts about it were gathered last.
pub(crate) fn facts_at(_: DbBackend) -> ColumnDef {
    big_null("facts_at")
}

/// Which kind of event it was first heard of by.
pub(crate) fn first_source(_: DbBackend) -> ColumnDef {
    word_null("first_source", 16)
}

/// The newest evaluation of each change, whether it was news or not.
pub(crate) fn assessments(backend: DbBackend) -> TableCreateStatement {
    table("assessments", backend)
        .col(word("sp_no", 64).primary_key())
        .col(big("evaluated_at"))
        .col(text("body", backend))
        .col(text("facts", backend))
        .take()
}

/// Signatures by time: one entry in many, so that only they are indexed where the database can do that.
pub(crate) fn timeline_signed(backend: DbBackend) -> NamedIndex {
    if backend == DbBackend::MySql {
        return NamedIndex::on("timeline", "timeline_signed", &["what", "happened_at"]);
    }
    let mut index = NamedIndex::on("timeline", "timeline_signed", &["happened_at"]);
    index
        .create
        .and_where(Expr::col("what").eq(Expr::cust("'signed'")));
    index
}

/// Which changes name an issue.
pub(crate) fn change_issues(backend: DbBackend) -> TableCreateStatement {
    table("change_issues", backend)
        .col(word("jira_key", 128))
        .col(word("sp_no", 64))
        .primary_key(Index::create().col("jira_key").col("sp_no"))
        .take()
}

pub(crate) fn change_issues_change(_: DbBackend) -> NamedIndex {
    NamedIndex::on("change_issues", "change_issues_change", &["sp_no"])
}

/// The issues of the changes that are there, which are a JSON array of words in each.
///
/// `JSON_TABLE` is in every MySQL and MariaDB that has `SKIP LOCKED`, without which nothing here works.
pub(crate) fn change_issues_rows(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::MySql => {
            "INSERT IGNORE INTO change_issues (jira_key, sp_no) \
             SELECT LEFT(k.jira_key, 128), c.sp_no FROM changes c, \
             JSON_TABLE(c.jira_keys, '$[*]' COLUMNS (jira_key VARCHAR(2000) PATH '$')) AS k \
             WHERE k.jira_key IS NOT NULL"
        }
        // PostgreSQL has no NUL in text; a key never holds one, and a row that does must not stop the others.
        DbBackend::Postgres => {
            "INSERT INTO change_issues (jira_key, sp_no) \
             SELECT left(k.jira_key, 128), c.sp_no FROM changes c, \
             LATERAL json_array_elements_text(c.jira_keys::json) AS k(jira_key) \
             WHERE position('\\u0000' IN c.jira_keys) = 0 ON CONFLICT DO NOTHING"
        }
        _ => {
            "INSERT OR IGNORE INTO change_issues (jira_key, sp_no) \
             SELECT substr(k.value, 1, 128), c.sp_no FROM changes c, json_each(c.jira_keys) k"
        }
    }
}

//! The part of JQL that is understood: conditions joined by AND, each `field in (…)`, `field = value` or their
//! opposites, and ORDER BY.

use std::cmp::Ordering;
use std::iter::Peekable;
use std::vec::IntoIter;

use super::issue::JiraIssue;
use super::tracker::{PROJECTS, Tracker};

/// A question that was understood.
#[derive(Debug, Default)]
pub(super) struct Query {
    conditions: Vec<Condition>,
    order: Vec<(Field, bool)>,
}

#[derive(Debug)]
struct Condition {
    field: Field,
    negated: bool,
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Key,
    Project,
    Status,
    Type,
    Assignee,
    Labels,
    Updated,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Sign(char),
}

/// Reads a question; the error is in JIRA's manner.
pub(super) fn parse(jql: &str) -> Result<Query, String> {
    let mut tokens = tokens(jql)?.into_iter().peekable();
    let mut query = Query::default();
    if tokens.peek().is_some() && !is_word(tokens.peek(), "order") {
        loop {
            query.conditions.push(condition(&mut tokens)?);
            if !is_word(tokens.peek(), "and") {
                break;
            }
            tokens.next();
        }
    }
    if is_word(tokens.peek(), "order") {
        tokens.next();
        if !is_word(tokens.next().as_ref(), "by") {
            return Err("Error in the JQL Query: Expecting 'BY' after 'ORDER'.".to_owned());
        }
        query.order = order(&mut tokens)?;
    }
    match tokens.next() {
        None => Ok(query),
        Some(rest) => Err(unexpected(Some(&rest))),
    }
}

impl Query {
    /// What is named but does not exist, in JIRA's words.
    pub(super) fn unknown(&self, tracker: &Tracker) -> Vec<String> {
        let mut words = Vec::new();
        for condition in &self.conditions {
            for value in &condition.values {
                let same = |known: &str| known.to_lowercase() == value.to_lowercase();
                match condition.field {
                    Field::Key if tracker.visible(value).is_none() => words.push(format!(
                        "An issue with key '{value}' does not exist for field 'key'."
                    )),
                    Field::Project if !PROJECTS.iter().any(|(key, name)| same(key) || same(name)) => {
                        words.push(format!(
                            "The value '{value}' does not exist for the field 'project'."
                        ));
                    }
                    Field::Status if !tracker.states().any(same) => {
                        words.push(format!(
                            "The value '{value}' does not exist for the field 'status'."
                        ));
                    }
                    Field::Key
                    | Field::Project
                    | Field::Status
                    | Field::Type
                    | Field::Assignee
                    | Field::Labels
                    | Field::Updated => {}
                }
            }
        }
        words
    }

    /// What it finds, in its order; without one by project and number.
    pub(super) fn run<'a>(&self, tracker: &'a Tracker) -> Vec<&'a JiraIssue> {
        let meets = |issue: &&JiraIssue| {
            self.conditions.iter().all(|condition| {
                condition
                    .values
                    .iter()
                    .any(|value| holds(tracker, issue, condition.field, value))
                    != condition.negated
            })
        };
        let mut found: Vec<&JiraIssue> = tracker
            .issues()
            .filter(|issue| !issue.hidden)
            .filter(meets)
            .collect();
        found.sort_by(|one, other| {
            self.order
                .iter()
                .map(|(field, descending)| {
                    let order = compare(one, other, *field);
                    if *descending { order.reverse() } else { order }
                })
                .find(|order| *order != Ordering::Equal)
                .unwrap_or(Ordering::Equal)
        });
        found
    }
}

fn holds(tracker: &Tracker, issue: &JiraIssue, field: Field, value: &str) -> bool {
    let same = |text: &str| text.to_lowercase() == value.to_lowercase();
    let project = project(issue);
    match field {
        // A key that the issue had before finds it too.
        Field::Key => tracker.find(value).is_some_and(|found| found.key == issue.key),
        Field::Project => same(project) || PROJECTS.iter().any(|(key, name)| *key == project && same(name)),
        Field::Status => same(&issue.status),
        Field::Type => same(&issue.issue_type),
        Field::Assignee => issue.assignee.as_deref().is_some_and(same),
        Field::Labels => issue.labels.iter().any(|label| same(label)),
        Field::Updated => false,
    }
}

fn compare(one: &JiraIssue, other: &JiraIssue, field: Field) -> Ordering {
    match field {
        // The tracker's own order; sorting keeps it.
        Field::Key | Field::Labels => Ordering::Equal,
        Field::Project => project(one).cmp(project(other)),
        Field::Status => one.status.cmp(&other.status),
        Field::Type => one.issue_type.cmp(&other.issue_type),
        Field::Assignee => one.assignee.cmp(&other.assignee),
        Field::Updated => one.updated.cmp(&other.updated),
    }
}

fn project(issue: &JiraIssue) -> &str {
    issue.key.rsplit_once('-').map_or("", |(project, _)| project)
}

fn condition(tokens: &mut Peekable<IntoIter<Token>>) -> Result<Condition, String> {
    let field = field(tokens)?;
    let mut negated = false;
    if is_word(tokens.peek(), "not") {
        tokens.next();
        negated = true;
    }
    match tokens.next() {
        Some(Token::Word(word)) if word.eq_ignore_ascii_case("in") => {
            if tokens.next() != Some(Token::Sign('(')) {
                return Err("Error in the JQL Query: Expecting '(' after 'in'.".to_owned());
            }
            let mut values = Vec::new();
            loop {
                values.push(value(tokens.next())?);
                match tokens.next() {
                    Some(Token::Sign(',')) => {}
                    Some(Token::Sign(')')) => break,
                    other => return Err(unexpected(other.as_ref())),
                }
            }
            Ok(Condition {
                field,
                negated,
                values,
            })
        }
        Some(Token::Sign(sign @ ('=' | '!'))) if !negated => {
            if sign == '!' && tokens.next() != Some(Token::Sign('=')) {
                return Err("Error in the JQL Query: Expecting '=' after '!'.".to_owned());
            }
            let values = vec![value(tokens.next())?];
            Ok(Condition {
                field,
                negated: sign == '!',
                values,
            })
        }
        other => Err(unexpected(other.as_ref())),
    }
}

fn order(tokens: &mut Peekable<IntoIter<Token>>) -> Result<Vec<(Field, bool)>, String> {
    let mut order = Vec::new();
    loop {
        let field = field(tokens)?;
        let descending = is_word(tokens.peek(), "desc");
        if descending || is_word(tokens.peek(), "asc") {
            tokens.next();
        }
        order.push((field, descending));
        if tokens.peek() != Some(&Token::Sign(',')) {
            return Ok(order);
        }
        tokens.next();
    }
}

fn field(tokens: &mut Peekable<IntoIter<Token>>) -> Result<Field, String> {
    let Some(Token::Word(name) | Token::Quoted(name)) = tokens.next() else {
        return Err(unexpected(None));
    };
    match name.to_ascii_lowercase().as_str() {
        "key" | "issuekey" | "issue" | "id" => Ok(Field::Key),
        "project" => Ok(Field::Project),
        "status" => Ok(Field::Status),
        "type" | "issuetype" => Ok(Field::Type),
        "assignee" => Ok(Field::Assignee),
        "labels" => Ok(Field::Labels),
        "updated" => Ok(Field::Updated),
        _ => Err(format!(
            "Field '{name}' does not exist or you do not have permission to view it."
        )),
    }
}

fn value(token: Option<Token>) -> Result<String, String> {
    const RESERVED: [&str; 8] = ["and", "or", "not", "in", "order", "by", "empty", "null"];
    match token {
        Some(Token::Quoted(value)) => Ok(value),
        Some(Token::Word(value)) if !RESERVED.contains(&value.to_ascii_lowercase().as_str()) => Ok(value),
        Some(Token::Word(value)) => Err(format!(
            "Error in the JQL Query: '{value}' is a reserved JQL word. You must surround it in quotation marks."
        )),
        other => Err(unexpected(other.as_ref())),
    }
}

fn is_word(token: Option<&Token>, word: &str) -> bool {
    matches!(token, Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
}

fn unexpected(token: Option<&Token>) -> String {
    match token {
        Some(Token::Word(text) | Token::Quoted(text)) => {
            format!("Error in the JQL Query: '{text}' was not expected.")
        }
        Some(Token::Sign(sign)) => format!("Error in the JQL Query: '{sign}' was not expected."),
        None => "Error in the JQL Query: it ends too early.".to_owned(),
    }
}

fn tokens(jql: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = jql.chars().peekable();
    while let Some(first) = rest.next() {
        match first {
            ' ' | '\t' | '\r' | '\n' => {}
            '"' | '\'' => {
                let mut text = String::new();
                loop {
                    match rest.next() {
                        Some('\\') => text.extend(rest.next()),
                        Some(end) if end == first => break,
                        Some(inner) => text.push(inner),
                        None => {
                            return Err("Error in the JQL Query: a quoted string is not closed.".to_owned());
                        }
                    }
                }
                tokens.push(Token::Quoted(text));
            }
            '(' | ')' | ',' | '=' | '!' => tokens.push(Token::Sign(first)),
            _ => {
                let mut word = String::from(first);
                while let Some(next) =
                    rest.next_if(|next| !next.is_whitespace() && !"(),=!\"'".contains(*next))
                {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::seed::seed;
    use super::*;

    fn run(jql: &str) -> Vec<String> {
        let tracker = seed(DateTime::from_timestamp(1_795_492_800, 0).unwrap());
        let found = parse(jql).unwrap().run(&tracker);
        found.into_iter().map(|issue| issue.key.clone()).collect()
    }

    #[test]
    fn conditions_are_joined_and_results_ordered() {
        assert_eq!(
            run(r#"key in ("trade-1025", TRADE-1024, NOPE-1)"#),
            ["TRADE-1024", "TRADE-1025"]
        );
        assert_eq!(
            run(r#"project in ("TRADE", 行情系统) AND status = "待上线" ORDER BY project DESC, key ASC"#),
            [
                "TRADE-1024",
                "TRADE-1025",
                "QUOTE-1024",
                "QUOTE-1031",
                "QUOTE-1052"
            ]
        );
        assert_eq!(run("type = 技术需求 and status not in (待上线)"), ["TRADE-1041"]);
        assert_eq!(run("order by key").len(), 10);
    }

    #[test]
    fn faulty_questions_are_refused() {
        for jql in [
            "key in (A-1",
            "key in ()",
            "key",
            "colour = red",
            "key = A-1 or key = A-2",
            "project in (and)",
            "key in (\"A-1)",
            "order key",
        ] {
            assert!(parse(jql).is_err(), "{jql}");
        }
    }
}

//! Comments that announce another image than the form names.

use super::clause::{Certainty, Known, Surroundings, announced, has_any, is_about_images};
use super::words::{IN_CASE, OPEN, ROLLBACK};
use super::{Fault, Found, WITHDRAW};
use crate::evaluate::Context;
use crate::facts::{Comment, ImageFacts};
use crate::images::ImageName;
use crate::text;

/// How much of a comment is read.
const READ: usize = 2_000;

/// How much of a comment is quoted.
const QUOTED: usize = 200;

/// What the comments that were made after filing have against the images.
pub(super) fn announcements<'a>(
    context: &'a Context<'_>,
    images: &'a [ImageName],
    facts: &'a ImageFacts,
) -> impl Iterator<Item = Found> + 'a {
    let known = Known {
        images,
        digests: facts
            .tags
            .values()
            .filter_map(|tag| tag.recorded.as_deref())
            .collect(),
    };
    let filed = context.submission.apply_time;
    facts
        .comments
        .iter()
        .filter(move |comment| comment.at.is_none_or(|at| at > filed))
        .filter_map(move |comment| {
            let (certainty, tag) = of_comment(&comment.text, &known)?;
            Some(found(context, comment, certainty, &tag))
        })
}

/// The strongest announcement of a comment.
fn of_comment(comment: &str, known: &Known<'_>) -> Option<(Certainty, String)> {
    let read: String = comment.chars().take(READ).collect();
    text::normalise(&read)
        .split_inclusive(['\n', '。', '!', '?', ';'])
        .filter_map(|sentence| of_sentence(sentence, known))
        .reduce(|strongest, next| if next.0 > strongest.0 { next } else { strongest })
}

fn of_sentence(sentence: &str, known: &Known<'_>) -> Option<(Certainty, String)> {
    let mut around = Surroundings {
        about_images: false,
        open: sentence.ends_with('?'),
    };
    let mut way_back = false;
    let mut strongest: Option<(Certainty, String)> = None;
    for clause in sentence.split(',') {
        if !way_back
            && let Some(found) = announced(clause, known, around)
            && strongest
                .as_ref()
                .is_none_or(|(certainty, _)| *certainty < found.0)
        {
            strongest = Some(found);
        }
        around.about_images |= is_about_images(clause);
        around.open |= has_any(clause, &OPEN);
        way_back |= has_any(clause, &ROLLBACK) && has_any(clause, &IN_CASE);
    }
    strongest
}

fn found(context: &Context<'_>, comment: &Comment, certainty: Certainty, tag: &str) -> Found {
    let name = context
        .directory()
        .map_or(comment.by.as_str(), |directory| directory.name_of(&comment.by));
    let time = comment
        .at
        .map(|at| context.policy.local(at).format(" %m-%d %H:%M").to_string())
        .unwrap_or_default();
    let message = match (certainty, tag) {
        (Certainty::Certain, tag) => format!("{name}{time} 的评论说镜像改用 {tag}，与表单不同；{WITHDRAW}"),
        (Certainty::Doubtful, "") => {
            format!("{name}{time} 的评论说镜像重新打包或更换过；如镜像确有变动，{WITHDRAW}，否则可忽略")
        }
        (Certainty::Doubtful, tag) => {
            format!("{name}{time} 的评论提到表单之外的 {tag}；如要改用它，{WITHDRAW}，否则可忽略")
        }
    };
    let quoted: String = comment.text.trim().chars().take(QUOTED).collect();
    let fault = Fault {
        message,
        evidence: format!("{name}{time}：{quoted}"),
    };
    match certainty {
        Certainty::Certain => Found::Bad(fault),
        Certainty::Doubtful => Found::Doubtful(fault),
    }
}

//! The corrected texts that stand at the top of the page, each once, however many rules ask for it.

use changegate_policy::{RuleId, RuleResult, Status, Verdict};

/// A corrected text of the form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Correction<'a> {
    /// Its place on the page.
    pub(crate) id: &'static str,
    /// The control that it belongs into.
    pub(crate) name: &'static str,
    /// The whole text.
    pub(crate) text: &'a str,
    /// What its copy button says.
    pub(crate) label: &'static str,
}

/// A piece of a text to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Text as it is to be pasted.
    Text(&'a str),
    /// A blank that only the applicant can fill.
    Blank(&'a str),
}

/// A text taken apart at its blanks.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, from_blank)) = rest.find(BLANK).and_then(|at| rest.split_at_checked(at)) {
        let end = from_blank
            .find(BLANK_ENDS)
            .map_or(from_blank.len(), |at| at + BLANK_ENDS.len_utf8());
        let Some((blank, after)) = from_blank.split_at_checked(end) else {
            break;
        };
        pieces.extend([Piece::Text(before), Piece::Blank(blank)]);
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// How the policy's fixes mark a blank.
const BLANK: &str = "【待填写";
const BLANK_ENDS: char = '】';

/// The corrected title and description, where the form's own are against a rule.
pub(crate) fn of(verdict: &Verdict) -> Vec<Correction<'_>> {
    let title = correction(verdict, &[RuleId::TitleFormat]).map(|text| Correction {
        id: "fix-title",
        name: "标题",
        text,
        label: "复制标题",
    });
    let of_description = [
        RuleId::DescriptionItems,
        RuleId::DescriptionUat,
        RuleId::DescriptionRegression,
        RuleId::DescriptionJira,
    ];
    let description = correction(verdict, &of_description).map(|text| Correction {
        id: "fix-description",
        name: "升级功能描述",
        text,
        label: "复制描述",
    });
    title.into_iter().chain(description).collect()
}

/// Whether a result speaks against the form, or asks for better.
pub(crate) fn is_against(result: &RuleResult) -> bool {
    match result.status {
        Status::Fail | Status::Warn => true,
        Status::Pass | Status::Skip | Status::Unknown => false,
    }
}

fn correction<'a>(verdict: &'a Verdict, rules: &[RuleId]) -> Option<&'a str> {
    verdict
        .binding()
        .filter(|result| rules.contains(&result.rule) && is_against(result))
        .find_map(|result| result.fix.as_deref())
}

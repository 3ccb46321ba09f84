//! `changegate check`: judges submissions from files, folders, JSON Lines or standard input.
//!
//! 0: all compliant or with warnings; 1: some rejected; 3: some undecided, none rejected; 2: some input could
//! not be read, which is told on standard error with file, line and field.

mod input;
mod report;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use changegate_policy::{Facts, Outcome, Policy, Verdict, evaluate};
use changegate_wecom::approval::ApprovalDetail;
use chrono::{DateTime, Utc};

use super::output;
use super::{CheckArgs, OutputFormat};
use crate::config::Fields;
use crate::facts;
use crate::intake;
use crate::policy_file;

/// Judges every submission in turn and prints the verdicts.
pub fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let prepared = policy_file::load(args.policy.as_deref())
        .map_err(anyhow::Error::from)
        .and_then(|policy| Ok((policy, given_facts(args.facts.as_deref())?)));
    let (policy, given) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => {
            output::err_line(&format!("{error:#}"))?;
            return Ok(ExitCode::from(2));
        }
    };
    let judge = Judge {
        policy: &policy,
        fields: Fields::default(),
        given,
        at: args.at,
    };
    let mut tally = Tally::default();
    for file in &args.files {
        input::each(file, &mut |place, text| {
            match text
                .map_err(anyhow::Error::from)
                .and_then(|text| judge.one(&text))
            {
                Ok(verdict) => {
                    tally.count(verdict.verdict);
                    match args.format {
                        OutputFormat::Json => {
                            output::out(&format!("{}\n", serde_json::to_string(&verdict)?))?;
                        }
                        OutputFormat::Text => output::out(&report::text(&verdict))?,
                    }
                }
                Err(error) => {
                    tally.unreadable = true;
                    output::err_line(&format!("{place}: {error:#}"))?;
                }
            }
            Ok(())
        })?;
    }
    Ok(tally.exit_code())
}

struct Judge<'a> {
    policy: &'a Policy,
    fields: Fields,
    given: Option<Facts>,
    at: Option<DateTime<Utc>>,
}

impl Judge<'_> {
    fn one(&self, text: &str) -> anyhow::Result<Verdict> {
        let detail = ApprovalDetail::parse_reply(text)?;
        let submission = intake::submission(&detail, &self.fields, self.policy)?;
        let facts = match &self.given {
            Some(given) => facts::with_form(given.clone(), &detail, self.policy),
            None => facts::of_form_alone(&detail, self.policy),
        };
        let now = self.at.unwrap_or(submission.apply_time);
        Ok(evaluate(&submission, &facts, self.policy, now))
    }
}

fn given_facts(file: Option<&Path>) -> anyhow::Result<Option<Facts>> {
    let Some(path) = file else { return Ok(None) };
    let text =
        std::fs::read_to_string(path).with_context(|| format!("事实文件 {} 读不了", path.display()))?;
    let facts = serde_json::from_str(&text).with_context(|| format!("事实文件 {} 有误", path.display()))?;
    Ok(Some(facts))
}

#[derive(Default)]
struct Tally {
    rejected: bool,
    undecided: bool,
    unreadable: bool,
}

impl Tally {
    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Rejected => self.rejected = true,
            Outcome::Undecided => self.undecided = true,
            Outcome::Warnings | Outcome::Compliant | Outcome::NotApplicable => {}
        }
    }

    fn exit_code(&self) -> ExitCode {
        if self.unreadable {
            ExitCode::from(2)
        } else if self.rejected {
            ExitCode::from(1)
        } else if self.undecided {
            ExitCode::from(3)
        } else {
            ExitCode::SUCCESS
        }
    }
}

//! Messages that are not about one change.

mod notice;

use changegate_policy::{Directory, Policy, Urgency, UserId};
use changegate_wecom::message::limits::{DUPLICATE_INTERVAL, MARKDOWN};
use changegate_wecom::message::{Message, Recipients};

pub use self::notice::{DigestChange, FirmNotice, MonthBest, TeamRow};
use crate::about::{Link, RenderError, name_of};
use crate::letter::Letter;
use crate::plain::{plain, shorten};
use crate::templates::fill;
use crate::times;
use crate::words::{Entry, Words, number, said};

/// A link beyond this many bytes is left to the page: a list would have room for a few entries only.
const SHORT_LINK: usize = 320;
/// Of what heads an entry, in bytes.
const LABEL: usize = 96;

/// The message that tells `to` of a notice, with `link` to the page that says more. `names` knows what members are
/// called.
///
/// # Errors
/// Where the link is no address, or WeCom would not take the message.
pub fn firm(
    notice: &FirmNotice,
    to: &UserId,
    names: Option<&Directory>,
    policy: &Policy,
    link: &str,
) -> Result<Message, RenderError> {
    let mut words = Words {
        link: Link::new(link)?.address().to_owned(),
        ..Words::default()
    };
    let template = words.tell_of(notice, names, policy);
    let content = Letter::read(&fill(template, &words)?).within(MARKDOWN);
    let message =
        Message::markdown(Recipients::user(to.as_str()), content).with_duplicate_check(DUPLICATE_INTERVAL);
    message.validate()?;
    Ok(message)
}

impl Words {
    fn tell_of(&mut self, notice: &FirmNotice, names: Option<&Directory>, policy: &Policy) -> &'static str {
        let changes = |changes: &[DigestChange]| -> Vec<Entry> {
            changes
                .iter()
                .map(|change| entry(change, names, policy))
                .collect()
        };
        match notice {
            FirmNotice::CutoffReminder {
                issues,
                cutoff,
                known,
            } => {
                self.lines = issues.iter().map(waiting).collect();
                self.cutoff = said(cutoff);
                self.known = *known;
                "firm/cutoff_reminder.txt"
            }
            FirmNotice::WindowDigest {
                opens,
                closes,
                changes: due,
            } => {
                self.opens = times::clock(policy.local(*opens));
                self.closes = times::clock(policy.local(*closes));
                self.lines = changes(due);
                "firm/window_digest.txt"
            }
            FirmNotice::ClocksChange {
                at,
                open_before,
                open_after,
                window_before,
                window_after,
                begins_daylight,
                changes: concerned,
            } => {
                self.clock_day = times::day(policy.day_of(*at));
                self.open_before = said(open_before);
                self.open_after = said(open_after);
                self.window_before = said(window_before);
                self.window_after = said(window_after);
                self.begins_daylight = *begins_daylight;
                self.lines = changes(concerned);
                "firm/clocks_change.txt"
            }
            FirmNotice::CalendarEnding {
                exchange,
                covered_until,
                days_left,
            } => {
                self.exchange = exchange.name();
                self.covered_until = covered_until.format("%Y-%m-%d").to_string();
                self.days_left = *days_left;
                "firm/calendar_ending.txt"
            }
            FirmNotice::Monthly {
                year,
                month,
                rows,
                yearly,
            } => {
                self.year = *year;
                self.month = *month;
                self.lines = rows.iter().map(team).collect();
                self.yearly = yearly.iter().flatten().map(best).collect();
                "firm/monthly.txt"
            }
            FirmNotice::Undeliverable {
                to_name,
                what,
                why,
                sp_no,
            } => {
                self.undelivered(to_name, what, why, sp_no);
                "firm/undeliverable.txt"
            }
            FirmNotice::StandIn {
                for_name,
                why,
                line,
                sp_no,
            } => {
                self.undelivered(for_name, line, why, sp_no);
                "firm/stand_in.txt"
            }
            FirmNotice::PeopleLeft { people } => {
                self.lines = people.iter().map(left).collect();
                "firm/people_left.txt"
            }
            FirmNotice::StrayDeployment { sp_no, deployment } => {
                self.deployment(deployment, policy);
                self.sp_no = sp_no.as_deref().map(number).unwrap_or_default();
                "firm/stray_deployment.txt"
            }
        }
    }

    fn undelivered(&mut self, to_name: &str, what: &str, why: &str, sp_no: &str) {
        self.to_name = said(to_name);
        self.undelivered = said(what);
        self.why = said(why);
        self.sp_no = number(sp_no);
    }
}

/// A change in a list: its number, which leads to its page, then what it is.
fn entry(change: &DigestChange, names: Option<&Directory>, policy: &Policy) -> Entry {
    let planned = change
        .planned
        .map(|at| format!("{} 开始", times::moment(policy, at)));
    let urgent = (change.urgency == Some(Urgency::Emergency)).then(|| "紧急".to_owned());
    let rollback = said(&change.rollback_short);
    let rollback = (!rollback.is_empty()).then(|| format!("回退：{}", shorten(&rollback, LABEL)));
    let parts = [
        Some(shorten(&said(&change.title), LABEL)),
        urgent,
        Some(format!("申请人 {}", name_of(names, &change.applicant))),
        planned,
        Some(change.stage.name().to_owned()),
        rollback,
    ];
    Entry {
        label: linked(&change.sp_no, &change.link),
        text: parts.into_iter().flatten().collect::<Vec<_>>().join("，"),
    }
}

/// A name that leads somewhere, where the address can stand in a list.
fn linked(name: &str, link: &str) -> String {
    let name = shorten(&plain(&name.replace([']', ')'], "")), LABEL);
    match Link::new(link) {
        Ok(link) if link.address().len() <= SHORT_LINK => format!("[{name}]({})", link.address()),
        Ok(_) | Err(_) => name,
    }
}

fn team(row: &TeamRow) -> Entry {
    let rate = match row.rate {
        Some(rate) if row.ranked => format!("异常率 {}", percent(rate)),
        Some(rate) => format!("异常率 {}（不参与排名）", percent(rate)),
        None => "未执行变更".to_owned(),
    };
    Entry {
        label: format!("**{}**", shorten(&said(&row.team), LABEL)),
        text: format!(
            "{rate}；发起 {}，不合规 {}，执行 {}，异常 {}",
            row.filed, row.rejected, row.executed, row.with_anomaly
        ),
    }
}

/// An issue that waits for its release: key, headline, address.
fn waiting((key, summary, link): &(String, String, String)) -> Entry {
    Entry {
        label: linked(key, link),
        text: said(summary),
    }
}

/// Somebody who left, and what they were here for.
fn left((name, parts): &(String, Vec<String>)) -> Entry {
    Entry {
        label: said(name),
        text: said(&parts.join("、")),
    }
}

fn best(best: &MonthBest) -> Entry {
    let teams: Vec<String> = best.teams.iter().map(|team| said(team)).collect();
    let text = match best.rate {
        Some(rate) if !teams.is_empty() => format!("{}，{}", teams.join("、"), percent(rate)),
        Some(_) | None => "无小组参与排名".to_owned(),
    };
    Entry {
        label: format!("{} 月", best.month),
        text,
    }
}

fn percent(rate: f64) -> String {
    format!("{:.1}%", rate * 100.0)
}

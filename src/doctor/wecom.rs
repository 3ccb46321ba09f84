//! What has to be right on WeCom's side: credentials, trusted address, permissions, the form, the visible range.

use std::collections::BTreeMap;
use std::time::Duration;

use changegate_policy::{Directory, UserId};
use changegate_wecom::{Client, Error};
use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::{Finding, advice, form};
use crate::app;
use crate::clock::Clock;
use crate::config::{Config, Wecom};

/// One call each: more would only make the answer late.
const MOST_MEMBERS: usize = 50;
/// More than this, and windows and cut-offs are judged by the wrong minute.
const CLOCK_MAY_DIFFER: TimeDelta = TimeDelta::seconds(60);
const CLOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// Everything on WeCom's side.
pub(super) async fn examine(config: &Config, members: &[String], clock: &Clock) -> Vec<Finding> {
    let client = match app::client(&config.wecom) {
        Ok(client) => client,
        Err(error) => {
            let step = "安装系统的根证书（Debian：apt-get install ca-certificates）";
            return vec![Finding::bad("企业微信", format!("{error:#}"), step)];
        }
    };
    let mut findings = vec![credentials(&client, &config.wecom).await];
    if findings
        .iter()
        .any(|finding| matches!(finding, Finding::Bad { .. }))
    {
        findings.push(Finding::off("模板与可见范围", "凭证不通，未检查"));
    } else {
        findings.extend(forms(&client, &config.wecom).await);
        findings.push(visible_range(&client, members).await);
    }
    findings.push(compare_clocks(&config.wecom.api_base, clock).await);
    findings
}

/// Everybody whom the directory names, once.
pub(super) fn members(directory: &Directory) -> Vec<String> {
    let teams = directory.teams.iter().flat_map(|team| {
        team.members
            .iter()
            .chain(&team.development_leads)
            .chain(&team.test_leads)
    });
    let all = directory
        .roles
        .values()
        .flatten()
        .chain(directory.names.keys())
        .chain(teams);
    let distinct: BTreeMap<String, &UserId> = all
        .filter(|id| !id.is_empty())
        .map(|id| (id.as_str().to_lowercase(), id))
        .collect();
    distinct.into_values().map(|id| id.as_str().to_owned()).collect()
}

async fn credentials(client: &Client, settings: &Wecom) -> Finding {
    match client.check_credentials().await {
        Ok(()) => Finding::good(
            "企业微信凭证",
            format!("企业 {} 的 Secret 可用", settings.corp_id),
        ),
        Err(error) => fault("企业微信凭证", &error),
    }
}

async fn forms(client: &Client, settings: &Wecom) -> Vec<Finding> {
    let mut findings = Vec::new();
    for template in &settings.templates {
        match client.get_template_detail(template).await {
            Ok(detail) => findings.extend(form::check(template, detail.controls(), &settings.fields)),
            Err(error) => {
                findings.push(fault(&format!("模板 {template}"), &error));
                if client.circuit().is_some() {
                    break;
                }
            }
        }
    }
    findings
}

async fn visible_range(client: &Client, members: &[String]) -> Finding {
    let subject = "可见范围";
    if members.is_empty() {
        return Finding::off(
            subject,
            "政策文件里没有通讯录，未检查；申请人与审批人都须在应用的可见范围内",
        );
    }
    let mut unseen = Vec::new();
    for member in members.iter().take(MOST_MEMBERS) {
        match client.user_get(member).await {
            Ok(_) => {}
            Err(Error::Api {
                errcode: 60_111 | 60_011 | 50_002 | 40_003,
                ..
            }) => unseen.push(member.as_str()),
            Err(error) => return fault(subject, &error),
        }
    }
    let looked = members.len().min(MOST_MEMBERS);
    if unseen.is_empty() {
        return Finding::good(subject, format!("通讯录里查过的 {looked} 人都在内"));
    }
    let state = format!(
        "{looked} 人中有 {} 人不在内或已离职：{}",
        unseen.len(),
        unseen.join("、")
    );
    Finding::bad(
        subject,
        state,
        format!(
            "{}；已离职的从政策文件的通讯录里删去",
            advice::explain(60_111).step
        ),
    )
}

/// A call that failed, in the words of the admin console.
fn fault(subject: &str, error: &Error) -> Finding {
    match error {
        Error::Api { errcode, errmsg, .. } | Error::CircuitOpen { errcode, errmsg, .. } => {
            let shown: String = errmsg.chars().take(160).collect();
            let state = format!("{}（{errcode}：{shown}）", advice::explain(*errcode).meaning);
            Finding::bad(subject, state, advice::step(*errcode, errmsg))
        }
        Error::Http { .. } | Error::Network { .. } | Error::Answer { .. } | Error::TooLarge { .. } => {
            let step = "检查 wecom.api_base，以及本机能否访问它（DNS、出口防火墙、代理）";
            Finding::bad(subject, format!("没有得到可用的回答（{error}）"), step)
        }
    }
}

async fn compare_clocks(api_base: &Url, clock: &Clock) -> Finding {
    let subject = "时钟";
    let Some(theirs) = their_time(api_base).await else {
        return Finding::off(subject, "企业微信没有告知时间，未比较");
    };
    judge_clock(subject, clock.now().signed_duration_since(theirs))
}

fn judge_clock(subject: &str, ahead: TimeDelta) -> Finding {
    let seconds = ahead.num_seconds();
    if ahead.abs() <= CLOCK_MAY_DIFFER {
        return Finding::good(subject, format!("与企业微信相差 {} 秒", seconds.abs()));
    }
    let direction = if seconds > 0 { "快" } else { "慢" };
    let state = format!(
        "本机比企业微信{direction} {} 秒，窗口与截止时间会判错",
        seconds.abs()
    );
    Finding::bad(
        subject,
        state,
        "打开网络校时（systemctl enable --now systemd-timesyncd，或 chrony）",
    )
}

/// The `Date` of an answer. What is asked for does not matter: without parameters it is refused, with the time.
async fn their_time(api_base: &Url) -> Option<DateTime<Utc>> {
    let url = format!("{}/cgi-bin/gettoken", api_base.as_str().trim_end_matches('/'));
    let client = changegate_wecom::client::http_client().ok()?;
    let answer = client.get(url).timeout(CLOCK_TIMEOUT).send().await.ok()?;
    let date = answer.headers().get(reqwest::header::DATE)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(date).ok().map(|date| date.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_differ_by_a_minute() {
        let judged = |seconds| judge_clock("时钟", TimeDelta::seconds(seconds)).to_string();
        assert!(judged(60).starts_with("✓ 时钟：与企业微信相差 60 秒"));
        assert!(judged(-60).starts_with('✓'));
        assert!(judged(61).contains("本机比企业微信快 61 秒"));
        assert!(judged(-300).contains("本机比企业微信慢 300 秒"));
    }

    #[test]
    fn a_refusal_names_the_page_of_the_console() {
        let error = Error::Api {
            path: "oa/gettemplatedetail",
            errcode: 60_020,
            errmsg: "not allow to access from your ip, from ip: 203.0.113.7, more info".to_owned(),
        };
        let shown = fault("模板 T", &error).to_string();
        assert!(
            shown.contains("✗ 模板 T：本机的出口 IP 不在企业可信 IP 之内（60020："),
            "{shown}"
        );
        assert!(shown.contains("企业可信IP → 配置，加入 203.0.113.7 "), "{shown}");
    }
}

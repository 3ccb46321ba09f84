//! `/draft`: a form before it is filed. Proposed from JIRA or typed, judged by every rule, and filed in the member's own
//! name. Looking stores nothing and tells nobody.

mod entered;
mod filing;
mod judged;
mod once;
mod plan;
mod result;
mod shape;
mod submission;
mod view;

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use changegate_policy::{IssueFact, Policy, Urgency, Wishes, issue_keys, propose};
use changegate_wecom::approval::TemplateDetail;
use serde::Deserialize;

use self::entered::{Entered, Sent, Step};
use self::filing::Filed;
use self::shape::Shape;
use self::view::{Notice, Shown};
use crate::facts;
use crate::web::dates;
use crate::web::local_path::LocalPath;
use crate::web::member::{self, Member};
use crate::web::refusal::Refusal;
use crate::web::server::Site;

/// All fields at their longest, every character escaped.
const LARGEST_FORM: usize = 512 * 1024;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// JIRA keys to begin with.
    #[serde(default)]
    keys: String,
}

/// One request: who asks, by which policy, for which template.
struct Desk<'a> {
    site: &'a web::Data<Site>,
    policy: &'a Policy,
    member: &'a Member,
    template: Option<&'a (String, TemplateDetail)>,
}

/// The empty page, or with JIRA keys to begin with.
pub(super) async fn show(
    member: Member,
    asked: web::Query<Asked>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Refusal> {
    let template = filing::template(&site).await;
    let policy = site.policy();
    let desk = Desk {
        site: &site,
        policy: &policy,
        member: &member,
        template: template.as_ref(),
    };
    let entered = Entered {
        keys: issue_keys(&asked.keys).join("\n"),
        urgency: "正常".to_owned(),
        ..Entered::default()
    };
    Ok(desk.page(&entered, &Shown::default()))
}

/// A button of the page.
pub(super) async fn send(
    request: HttpRequest,
    body: web::Bytes,
    site: web::Data<Site>,
) -> Result<HttpResponse, Refusal> {
    let back = LocalPath::parse("/draft");
    if body.len() > LARGEST_FORM {
        let needed = "每栏不超过页面上的字数";
        return Err(Refusal::field(back.as_ref(), "表单", "内容过长", needed, ""));
    }
    let sent = Sent::read(&body);
    let Some(member) = member::of(&request, &site).await? else {
        return Err(Refusal::signed_out(back.as_ref(), &sent.entered.as_text()));
    };
    if !member.owns(&sent.token) || !member::is_nonce(&sent.nonce) {
        tracing::warn!(member = %member.user, "a draft that is not of one of our pages was refused");
        return Err(Refusal::forged(back.as_ref(), &sent.entered.as_text()));
    }
    let template = filing::template(&site).await;
    let policy = site.policy();
    let desk = Desk {
        site: &site,
        policy: &policy,
        member: &member,
        template: template.as_ref(),
    };
    match sent.step {
        Step::Propose => Ok(desk.propose(sent.entered).await),
        Step::Judge => desk.judge(&sent.entered).await,
        Step::File => desk.file(&sent).await,
    }
}

impl Desk<'_> {
    fn shape(&self) -> Shape<'_> {
        Shape {
            template: self.template.map(|(_, template)| template),
            fields: &self.site.fields,
        }
    }

    fn page(&self, entered: &Entered, shown: &Shown) -> HttpResponse {
        view::page(self.site, self.policy, self.member, entered, self.shape(), shown)
    }

    /// Fills the form in from JIRA; where JIRA gives nothing, what was entered stays.
    async fn propose(&self, mut entered: Entered) -> HttpResponse {
        let now = self.site.clock.now();
        let keys = issue_keys(&entered.keys);
        let warned = |title: &str, lines: Vec<String>| Shown {
            notices: vec![Notice {
                tone: "warn",
                title: title.to_owned(),
                lines,
            }],
            ..Shown::default()
        };
        if keys.is_empty() {
            let line = "“JIRA 单”中没有找到单号。需要：如 QUOTE-1024 的单号，或 JIRA 链接，一行一个。";
            return self.page(&entered, &warned("请填写 JIRA 单后再生成", vec![line.to_owned()]));
        }
        let Some(issues) = facts::issues_of(self.site, &keys, now).await else {
            let line = "变更闸没有配置 JIRA，请手工填写下面的表单。";
            return self.page(&entered, &warned("不能从 JIRA 生成", vec![line.to_owned()]));
        };
        let proposal = propose(
            &keys,
            &issues,
            &Wishes {
                regression_done: entered.regression_done,
                product_manager: submission::known_people(&entered.product_manager, self.policy),
                tester: submission::known_people(&entered.tester, self.policy),
            },
            &self.member.user,
            self.site.jira.as_ref().map_or("", |jira| jira.browse.as_str()),
            now,
            self.policy,
        );
        if !anything_found(&issues) {
            let mut lines = proposal.notes;
            lines.truncate(keys.len());
            return self.page(&entered, &warned("没有从 JIRA 取得数据，表单未改动", lines));
        }
        let ids = |users: &[changegate_policy::UserId]| users.iter().map(ToString::to_string).collect();
        entered.title = proposal.title;
        urgency(proposal.urgency).clone_into(&mut entered.urgency);
        entered.description = proposal.description;
        entered.product_manager = ids(&proposal.product_manager);
        entered.tester = ids(&proposal.tester);
        if let Some(planned) = proposal.planned {
            entered.planned = dates::to_field(planned, self.policy);
        }
        let shown = Shown {
            notices: vec![Notice {
                tone: "open",
                title: "已按 JIRA 单填写，请核对并补全“回退方案”等各栏".to_owned(),
                lines: proposal.notes,
            }],
            ..Shown::default()
        };
        self.page(&entered, &shown)
    }

    /// Shows how the form would be judged, now or at the chosen time.
    async fn judge(&self, entered: &Entered) -> Result<HttpResponse, Refusal> {
        let read = match self.read(entered) {
            Ok(read) => read,
            Err(page) => return Ok(*page),
        };
        let judged = judged::judge(self.site, self.policy, read.submission, read.at).await?;
        let obstacles = filing::obstacles(&judged, self.shape(), self.policy);
        let shown = Shown {
            result: Some(result::view(
                &judged,
                obstacles,
                read.at,
                read.is_now,
                self.policy,
            )),
            ..Shown::default()
        };
        Ok(self.page(entered, &shown))
    }

    /// Files the form, once, as it is judged now.
    async fn file(&self, sent: &Sent) -> Result<HttpResponse, Refusal> {
        let entered = Entered {
            at: String::new(),
            ..sent.entered.clone()
        };
        let read = match self.read(&entered) {
            Ok(read) => read,
            Err(page) => return Ok(*page),
        };
        let judged = judged::judge(self.site, self.policy, read.submission, read.at).await?;
        let obstacles = filing::obstacles(&judged, self.shape(), self.policy);
        let unconfirmed = judged.failing() > 0 && !entered.confirmed;
        let (Some(template), true, false) = (self.template, obstacles.is_empty(), unconfirmed) else {
            let title = if unconfirmed {
                "没有提交：还有不合规项，请修改；确需提交的，勾选“仍要提交”后再点一次"
            } else {
                "没有提交：请先解决下列问题"
            };
            let notice = Notice {
                tone: "warn",
                title: title.to_owned(),
                lines: obstacles.clone(),
            };
            let shown = Shown {
                notices: vec![notice],
                result: Some(result::view(&judged, obstacles, read.at, true, self.policy)),
                status: StatusCode::UNPROCESSABLE_ENTITY,
            };
            return Ok(self.page(&entered, &shown));
        };
        let filed = if once::is_first(self.site, self.member, &sent.nonce).await? {
            self.file_to_the_end(judged, template.clone(), sent.nonce.clone())
                .await?
        } else {
            once::outcome(self.site, self.member, &sent.nonce).await?
        };
        Ok(match filed {
            Filed::Done(sp_no) => view::filed(self.site, self.member, &sp_no),
            Filed::Not(reason) => self.page(&entered, &not_filed(reason)),
            Filed::Unknown => self.page(&entered, &nobody_knows()),
        })
    }

    /// A browser that goes away, as with a second click, must not leave a form behind that nobody knows of: the task
    /// runs to its end whoever waits for it.
    async fn file_to_the_end(
        &self,
        judged: judged::Judged,
        template: (String, TemplateDetail),
        nonce: String,
    ) -> Result<Filed, Refusal> {
        let (site, member) = (self.site.clone(), self.member.clone());
        let filing = actix_web::rt::spawn(async move {
            let filed = filing::file(&site, &judged, &template, site.clock.now()).await;
            if let Err(error) = once::remember(&site, &member, &nonce, &filed).await {
                tracing::error!(member = %member.user, %error, "what came of filing could not be stored");
            }
            filed
        });
        filing.await.map_err(|error| {
            tracing::error!(%error, "filing broke off");
            Refusal::failed()
        })
    }

    /// What was entered as a submission, or the page that says what is wrong with it.
    fn read(&self, entered: &Entered) -> Result<submission::Read, Box<HttpResponse>> {
        let now = self.site.clock.now();
        submission::read(entered, &self.member.user, self.shape(), self.policy, now).map_err(|wrongs| {
            let shown = Shown {
                notices: vec![view::wrongs(&wrongs)],
                status: StatusCode::UNPROCESSABLE_ENTITY,
                ..Shown::default()
            };
            Box::new(self.page(entered, &shown))
        })
    }
}

fn anything_found(issues: &BTreeMap<String, IssueFact>) -> bool {
    issues.values().any(|fact| matches!(fact, IssueFact::Found(_)))
}

fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Normal => "正常",
        Urgency::Emergency => "紧急",
    }
}

fn not_filed(reason: String) -> Shown {
    Shown {
        notices: vec![Notice {
            tone: "warn",
            title: "没有提交成功，填写的内容已保留".to_owned(),
            lines: vec![reason],
        }],
        status: StatusCode::BAD_GATEWAY,
        ..Shown::default()
    }
}

fn nobody_knows() -> Shown {
    Shown {
        notices: vec![Notice {
            tone: "warn",
            title: "不确定是否已提交，请不要马上重复提交".to_owned(),
            lines: vec![
                "企业微信的答复丢失了，审批单可能已经提交。请先在企业微信“审批”的“我的申请”中查看：已有这份审批单的，无需再提交；没有的，再重新提交。"
                    .to_owned(),
            ],
        }],
        status: StatusCode::BAD_GATEWAY,
        ..Shown::default()
    }
}

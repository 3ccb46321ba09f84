//! The form in the member's own name, through `oa/applyevent`: what stands in the way, and the call itself.

use std::time::Duration;

use changegate_policy::{PlannedTime, Policy, Submission, UserId};
use changegate_wecom::approval::{
    ApplyEvent, ApplyFlow, ApplyNode, Filing, FilingError, Mode, NodeKind, TemplateDetail,
};
use changegate_wecom::client::ApplyError;
use changegate_wecom::error::{Error, ErrorClass};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::judged::Judged;
use super::plan;
use super::shape::{Kind, Shape};
use crate::web::server::Site;

/// Stands for the file's id while it is only tried whether the template can be filled in.
const NO_FILE_YET: &str = "media";
/// The template is waited for so long.
const PATIENCE: Duration = Duration::from_secs(5);

/// What came of filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filed {
    /// The number.
    Done(String),
    /// Surely not filed; why, and what to do.
    Not(String),
    /// Filed or not: the answer is lost.
    Unknown,
}

/// The template to file with: the first of the configured ones.
pub(super) async fn template(site: &Site) -> Option<(String, TemplateDetail)> {
    let id = site.templates.first()?;
    match tokio::time::timeout(PATIENCE, site.wecom.get_template_detail(id)).await {
        Ok(Ok(template)) => Some((id.clone(), template)),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the approval template could not be read");
            None
        }
        Err(_elapsed) => {
            tracing::warn!("the approval template did not come in time");
            None
        }
    }
}

/// Why the form cannot be filed from here, in Chinese; nothing: it can.
pub(super) fn obstacles(judged: &Judged, shape: Shape<'_>, policy: &Policy) -> Vec<String> {
    let mut obstacles = Vec::new();
    match &judged.chain {
        None => obstacles.push("“紧急程度”没有选择“正常”或“紧急”，无法确定审批人，请选择后再试".to_owned()),
        Some(Err(gap)) => obstacles.push(gap.to_string()),
        Some(Ok(_)) => {}
    }
    match shape.template {
        None => obstacles.push("企业微信暂时没有给出审批模板，请稍后再点“看结果”".to_owned()),
        Some(template) => {
            if let Err(error) = contents(&judged.submission, template, shape, NO_FILE_YET, policy) {
                obstacles.extend(error.faults.iter().map(ToString::to_string));
            }
        }
    }
    obstacles
}

/// Uploads the change plan and files the form. The caller has made sure that this happens once.
pub(super) async fn file(
    site: &Site,
    judged: &Judged,
    (template_id, template): &(String, TemplateDetail),
    now: DateTime<Utc>,
) -> Filed {
    let policy = site.policy();
    let shape = Shape {
        template: Some(template),
        fields: &site.fields,
    };
    let (Some(applicant), Some(Ok(steps))) = (judged.submission.applicants.first(), &judged.chain) else {
        return Filed::Not("审批人不能确定".to_owned());
    };
    let media_id = if shape.has(&shape.fields.attachments) {
        let bytes = match plan::workbook(&judged.plan, &policy, now) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!(%error, "a change plan could not be written");
                return Filed::Not("变更计划清单不能生成，请在企业微信审批里手工发起".to_owned());
            }
        };
        match site.wecom.media_upload(plan::FILE_NAME, &bytes).await {
            Ok(media_id) => media_id,
            Err(error) => {
                tracing::warn!(%error, "a change plan could not be uploaded");
                return Filed::Not(format!("变更计划清单没有上传成功：{}", advice(&error)));
            }
        }
    } else {
        String::new()
    };
    let contents = match contents(&judged.submission, template, shape, &media_id, &policy) {
        Ok(contents) => contents,
        Err(error) => return Filed::Not(error.to_string()),
    };
    let event = ApplyEvent {
        creator_userid: applicant.to_string(),
        template_id: template_id.clone(),
        flow: ApplyFlow::Given(
            steps
                .iter()
                .map(|step| ApplyNode {
                    kind: NodeKind::Approver,
                    mode: Mode::Any,
                    members: ids(&step.members),
                })
                .collect(),
        ),
        choose_department: None,
        contents,
        summary: summary(&judged.submission),
    };
    match site.wecom.apply_event(&event).await {
        Ok(sp_no) => {
            tracing::info!(change = %sp_no, member = %applicant, "a form was filed from the draft page");
            Filed::Done(sp_no)
        }
        Err(error) => not_filed(applicant, &error),
    }
}

fn not_filed(applicant: &UserId, error: &ApplyError) -> Filed {
    tracing::warn!(member = %applicant, %error, "a form was not filed, or nobody knows");
    match error {
        ApplyError::Limit(_) => Filed::Not("企业微信不接受这份内容，请核对“标题”等必填项".to_owned()),
        ApplyError::NotFiled(error) => Filed::Not(advice(error)),
        ApplyError::Unknown(_) => Filed::Unknown,
    }
}

/// What is the matter with WeCom, and what to do.
fn advice(error: &Error) -> String {
    let code = error
        .errcode()
        .map_or_else(String::new, |code| format!("（错误码 {code}）"));
    match error.class() {
        ErrorClass::Retry | ErrorClass::Token | ErrorClass::StateExpired | ErrorClass::RestartLogin => {
            format!("企业微信暂时没有答复{code}，请稍后再提交")
        }
        ErrorClass::RateLimited => format!("企业微信调用过于频繁{code}，请过几分钟再提交"),
        ErrorClass::Configuration => {
            format!(
                "企业微信拒绝了变更闸的代提交{code}，请管理员核对应用的审批权限和可见范围；也可在企业微信审批里手工发起"
            )
        }
        ErrorClass::Data => {
            format!("企业微信不接受这份内容{code}，请核对各栏，或在企业微信审批里手工发起")
        }
    }
}

/// What lists and messages show of it.
fn summary(submission: &Submission) -> Vec<String> {
    let title = submission.title.text();
    let title = if title.is_empty() {
        "生产上线变更"
    } else {
        title
    };
    vec![
        title.to_owned(),
        format!("紧急程度：{}", submission.urgency.text()),
    ]
}

/// The filled-in controls, or all that is wrong.
fn contents(
    submission: &Submission,
    template: &TemplateDetail,
    shape: Shape<'_>,
    media_id: &str,
    policy: &Policy,
) -> Result<Vec<Value>, FilingError> {
    let fields = shape.fields;
    let mut filing = Filing::new(template);
    for (control, entered) in [
        (&fields.title, &submission.title),
        (&fields.urgency, &submission.urgency),
        (&fields.description, &submission.description),
        (&fields.rollback, &submission.rollback),
        (&fields.middle_platform, &submission.middle_platform),
        (&fields.images, &submission.images),
        (&fields.markets, &submission.markets),
    ] {
        let Some(text) = entered.value() else { continue };
        let title = name(shape, control);
        filing = match shape.kind(control) {
            Kind::Choice => text
                .split(['、', '，', ','])
                .fold(filing, |filing, option| filing.choose(title, option)),
            Kind::Text | Kind::Moment | Kind::Day | Kind::Other => filing.text(title, text),
        };
    }
    for (control, people) in [
        (&fields.product_manager, &submission.product_manager),
        (&fields.tester, &submission.tester),
    ] {
        if let Some(people) = people.value() {
            filing = filing.members(name(shape, control), &ids(&people.members));
        }
    }
    if let Some(planned) = submission.planned_time.value() {
        let at = match planned {
            PlannedTime::Instant(at) | PlannedTime::Range(at, _) => *at,
            PlannedTime::Day(day) => policy.start_of(*day),
        };
        filing = filing.date(name(shape, &fields.planned_time), at.timestamp());
    }
    if submission.attachments.value().is_some() {
        filing = filing.file(name(shape, &fields.attachments), media_id);
    }
    if let Some(flows) = submission.related.value() {
        let numbers: Vec<String> = flows.iter().map(|flow| flow.sp_no.clone()).collect();
        filing = filing.related(name(shape, &fields.related), &numbers);
    }
    filing.finish()
}

/// What the template calls a mapped field: its id, which titles in other languages do not change.
fn name<'a>(shape: Shape<'a>, control: &'a str) -> &'a str {
    shape
        .control(control)
        .map_or(control, |control| control.property.id.as_str())
}

fn ids(users: &[UserId]) -> Vec<String> {
    users.iter().map(ToString::to_string).collect()
}

//! `attachments` (六.10): the change plan list, and where the middle platform is concerned the permission list.
//!
//! The form carries file ids only; names are a fact.

use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::{AttachedFile, Files};
use crate::policy::{RequiredFile, RequiredWhen};
use crate::reading::Concern;
use crate::submission::Field;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let required = required(context);
    if required.is_empty() {
        return Judgement::Skip("政策未要求附件".into());
    }
    let wanted = || names(&required);
    match &context.submission.attachments {
        Field::Absent(control) => fail(format!(
            "表单缺少控件“{control}”，无法附上{}；请管理员核对审批模板",
            wanted()
        )),
        Field::Empty => fail(format!("“附件”为空，请附上{}", wanted())),
        Field::Filled(files) if files.is_empty() => fail(format!("“附件”为空，请附上{}", wanted())),
        Field::Filled(_) => match &context.facts.files {
            None => Judgement::Skip("已有附件，文件名尚未核对".into()),
            Some(files) => by_name(&required, files),
        },
    }
}

/// Whether the attachments hold a file; `None` where their names are not known.
pub(super) fn holds(context: &Context<'_>, name: &str) -> Option<bool> {
    match (&context.submission.attachments, &context.facts.files) {
        (Field::Absent(_) | Field::Empty, _) => Some(false),
        (Field::Filled(files), _) if files.is_empty() => Some(false),
        (Field::Filled(_), None) => None,
        (Field::Filled(_), Some(files)) if files.known.iter().any(|file| is_named(file, name)) => Some(true),
        (Field::Filled(_), Some(files)) => files.pending.is_none().then_some(false),
    }
}

/// The files that this change needs.
pub(super) fn required<'a>(context: &Context<'a>) -> Vec<&'a RequiredFile> {
    let concerned = match context.reading.concern {
        Concern::Concerned(_) => true,
        Concern::OtherPermission(_) | Concern::None => false,
    };
    let needed = |file: &&RequiredFile| match file.when {
        RequiredWhen::Always => true,
        RequiredWhen::MiddlePlatform => concerned,
    };
    context.policy.required_files().iter().filter(needed).collect()
}

fn by_name(required: &[&RequiredFile], files: &Files) -> Judgement {
    let missing: Vec<&RequiredFile> = required
        .iter()
        .filter(|wanted| !files.known.iter().any(|file| is_named(file, &wanted.name)))
        .copied()
        .collect();
    if missing.is_empty() {
        return Judgement::Pass;
    }
    if let Some(reason) = &files.pending {
        return Judgement::Unknown(if files.known.is_empty() {
            format!("附件文件名尚未取得：{reason}")
        } else {
            let found = found(files);
            format!(
                "已取得的附件（{found}）中没有{}，其余附件尚未取得：{reason}",
                names(&missing)
            )
        });
    }
    let found = found(files);
    Judgement::Fail(Finding {
        message: format!(
            "“附件”缺少{}（按文件名核对，现有：{found}），请补上后重新发起",
            names(&missing)
        ),
        evidence: Some((found, None)),
        fix: None,
    })
}

/// Whether a file is known by a name of the policy: its own name contains it.
pub(super) fn is_named(file: &AttachedFile, name: &str) -> bool {
    crate::reading::squeeze(&file.name).contains(&*crate::reading::squeeze(name))
}

fn found(files: &Files) -> String {
    files
        .known
        .iter()
        .map(|file| file.name.as_str())
        .collect::<Vec<_>>()
        .join("、")
}

fn names(files: &[&RequiredFile]) -> String {
    files
        .iter()
        .map(|file| format!("“{}”", file.name))
        .collect::<Vec<_>>()
        .join("和")
}

fn fail(message: String) -> Judgement {
    Judgement::Fail(Finding {
        message,
        evidence: None,
        fix: None,
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::{AttachedFile, Facts, FileContent, Files};
    use crate::rule::RuleId;
    use crate::rules::testing::{compliant, judged, text};
    use crate::submission::{Field, Submission};
    use crate::verdict::Status::{Fail, Pass, Skip, Unknown};

    fn known(names: &[&str]) -> Facts {
        let file = |name: &&str| AttachedFile {
            name: (*name).to_owned(),
            sha256: None,
            content: FileContent::NotRead,
        };
        Facts {
            files: Some(Files {
                known: names.iter().map(file).collect(),
                pending: None,
            }),
            ..Facts::default()
        }
    }

    #[test]
    fn attachments_are_judged_by_what_is_known() {
        let files = || Field::Filled(vec!["id".to_owned()]);
        let pending = Facts {
            files: Some(Files {
                known: Vec::new(),
                pending: Some("下载中".to_owned()),
            }),
            ..Facts::default()
        };
        for (attachments, facts, status) in [
            (Field::Empty, Facts::default(), Fail),
            (Field::Filled(Vec::new()), Facts::default(), Fail),
            (Field::Absent("附件".to_owned()), Facts::default(), Fail),
            (files(), Facts::default(), Skip),
            (files(), pending, Unknown),
            (files(), known(&["变更计划清单-20261124.xlsx"]), Pass),
            (files(), known(&["變更計劃清單.xlsx"]), Pass),
            (files(), known(&["权限配置登记表.xlsx"]), Fail),
            (files(), known(&[]), Fail),
        ] {
            let submission = Submission {
                attachments,
                ..compliant()
            };
            assert_eq!(
                judged(RuleId::Attachments, &submission, &facts).status,
                status,
                "{submission:?} {facts:?}"
            );
        }
    }

    #[test]
    fn what_is_still_coming_is_waited_for_and_what_came_is_named() {
        let partly = |names: &[&str]| {
            let mut facts = known(names);
            if let Some(files) = &mut facts.files {
                files.pending = Some("企业微信接口超时".to_owned());
            }
            facts
        };
        let result = judged(RuleId::Attachments, &compliant(), &partly(&["说明.docx"]));
        assert_eq!(result.status, Unknown);
        assert_eq!(
            result.message.unwrap(),
            "已取得的附件（说明.docx）中没有“变更计划清单”，其余附件尚未取得：企业微信接口超时"
        );
        let result = judged(RuleId::Attachments, &compliant(), &partly(&[]));
        assert_eq!(result.message.unwrap(), "附件文件名尚未取得：企业微信接口超时");
        let enough = partly(&["变更计划清单.xlsx"]);
        assert_eq!(judged(RuleId::Attachments, &compliant(), &enough).status, Pass);
    }

    #[test]
    fn the_middle_platform_needs_the_permission_list_too() {
        let submission = Submission {
            title: text("中台系统角色权限功能上线变更"),
            ..compliant()
        };
        let result = judged(RuleId::Attachments, &submission, &known(&["变更计划清单.xlsx"]));
        assert_eq!(result.status, Fail);
        assert!(result.message.unwrap().contains("缺少“权限配置登记表”"));
        let both = known(&["变更计划清单.xlsx", "权限配置登记表.xlsx"]);
        assert_eq!(judged(RuleId::Attachments, &submission, &both).status, Pass);
    }
}

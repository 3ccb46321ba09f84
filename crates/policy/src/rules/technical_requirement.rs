//! `technical-requirement` (三): the development lead and the test lead have confirmed the technical requirements,
//! which have no product acceptance.

use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::TechnicalConfirmations;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let Some(said) = &context.facts.technical_confirmations else {
        return Judgement::Skip("技术需求确认尚未接入".into());
    };
    let items = context.reading.technical_items();
    if items.is_empty() {
        return Judgement::Skip("没有标为技术需求的项".into());
    }
    let items = items.iter().map(u32::to_string).collect::<Vec<_>>().join("、");
    if let Some(refused) = &said.refused {
        let name = context
            .directory()
            .map_or(refused.as_str(), |directory| directory.name_of(refused));
        return Judgement::Fail(Finding {
            message: format!("{name} 不同意第 {items} 项按技术需求上线，请补产品验收，或与其沟通后重新发起"),
            ..Finding::default()
        });
    }
    match missing(said) {
        None => Judgement::Pass,
        Some(missing) => Judgement::Unknown(format!("第 {items} 项为技术需求，待{missing}确认")),
    }
}

/// Who has not confirmed yet.
fn missing(said: &TechnicalConfirmations) -> Option<&'static str> {
    match (&said.development_lead, &said.test_lead) {
        (Some(_), Some(_)) => None,
        (None, Some(_)) => Some("开发组长"),
        (Some(_), None) => Some("测试组长"),
        (None, None) => Some("开发组长和测试组长"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;
    use crate::rule::RuleId;
    use crate::rules::testing::{compliant, directory, judged, text, users};
    use crate::submission::{Submission, UserId};
    use crate::verdict::Status::{self, Fail, Pass, Skip, Unknown};

    const TECHNICAL: &str = "1、条件单功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1；\n\
        2、连接池升级功能，技术需求，无须产品验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-2；";

    fn judged_with(description: &str, said: Option<TechnicalConfirmations>) -> (Status, String) {
        let submission = Submission {
            description: text(description),
            ..compliant()
        };
        let facts = Facts {
            directory: Some(std::sync::Arc::new(directory())),
            technical_confirmations: said,
            ..Facts::default()
        };
        let result = judged(RuleId::TechnicalRequirement, &submission, &facts);
        (result.status, result.message.unwrap_or_default())
    }

    fn said(development: Option<&str>, test: Option<&str>, refused: Option<&str>) -> TechnicalConfirmations {
        let user = |id: Option<&str>| id.map(UserId::new);
        TechnicalConfirmations {
            development_lead: user(development),
            test_lead: user(test),
            refused: user(refused),
        }
    }

    #[test]
    fn technical_items_need_both_leads() {
        for (development, test, refused, status, words) in [
            (
                None,
                None,
                None,
                Unknown,
                "第 2 项为技术需求，待开发组长和测试组长确认",
            ),
            (Some("lead"), None, None, Unknown, "待测试组长确认"),
            (None, Some("testlead"), None, Unknown, "待开发组长确认"),
            (Some("lead"), Some("testlead"), None, Pass, ""),
            (None, None, Some("testlead"), Fail, "testlead 不同意第 2 项"),
            (Some("lead"), None, Some("pm1"), Fail, "王小明 不同意第 2 项"),
            (Some("lead"), Some("testlead"), Some("testlead"), Fail, "不同意"),
        ] {
            let (found, message) = judged_with(TECHNICAL, Some(said(development, test, refused)));
            assert_eq!(found, status, "{development:?} {test:?} {refused:?}: {message}");
            assert!(message.contains(words), "{message}");
        }
    }

    #[test]
    fn nothing_is_asked_where_nothing_is_technical_or_nobody_looks() {
        let plain = compliant().description.text().to_owned();
        assert_eq!(judged_with(&plain, Some(said(None, None, None))).0, Skip);
        assert_eq!(judged_with(&plain, Some(said(None, None, Some("lead")))).0, Skip);
        assert_eq!(judged_with("", Some(said(None, None, None))).0, Skip);
        assert_eq!(
            judged_with(TECHNICAL, None),
            (Skip, "技术需求确认尚未接入".to_owned())
        );
    }

    #[test]
    fn technical_items_are_numbered_as_in_the_list() {
        let submission = Submission {
            description: text(TECHNICAL),
            applicants: users(&["dev1"]),
            ..compliant()
        };
        let policy = crate::policy::Policy::built_in();
        assert_eq!(crate::technical_items(&submission, &policy), [2]);
        assert!(crate::technical_items(&compliant(), &policy).is_empty());
    }
}

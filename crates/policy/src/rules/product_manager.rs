//! `product-manager` (六.7): a product manager other than the applicant, and not the tester.

use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::Role;
use crate::rules::people::{self, Contact};
use crate::submission::UserId;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    if context.reading.all_technical() {
        return Judgement::Skip("各项均为技术需求，无须产品验收".into());
    }
    let submission = context.submission;
    let contact = Contact {
        label: "产品经理",
        role: Role::ProductManager,
        field: &submission.product_manager,
    };
    match people::judge(context, &contact) {
        Judgement::Pass | Judgement::PassWith(_) => apart_from_tester(context),
        judgement
        @ (Judgement::Skip(_) | Judgement::Unknown(_) | Judgement::Warn(_) | Judgement::Fail(_)) => judgement,
    }
}

fn apart_from_tester(context: &Context<'_>) -> Judgement {
    let submission = context.submission;
    let (Some(managers), Some(testers)) = (submission.product_manager.value(), submission.tester.value())
    else {
        return Judgement::Pass;
    };
    let both: Vec<&UserId> = people::others(context, managers)
        .filter(|member| testers.members.contains(member))
        .collect();
    if both.is_empty() {
        return Judgement::Pass;
    }
    let names = people::list(context, both);
    let message =
        format!("“产品经理”和“测试同事”填了同一人（{names}），请分别填写上线功能对应的产品经理和测试同事");
    Judgement::Warn(Finding {
        message,
        evidence: Some((names, None)),
        fix: None,
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::Facts;
    use crate::rule::RuleId;
    use crate::rules::testing::{compliant, judged, people, with_directory};
    use crate::submission::{Field, People, Submission};
    use crate::verdict::Status::{Fail, Pass, Skip, Warn};

    fn department() -> Field<People> {
        Field::Filled(People {
            members: Vec::new(),
            departments: vec!["产品部".to_owned()],
        })
    }

    #[test]
    fn product_manager_and_tester_are_others_who_hold_the_role() {
        let (none, known) = (Facts::default(), with_directory());
        for (facts, managers, testers, manager, tester) in [
            (&none, people(&["pm1"]), people(&["qa1"]), Pass, Pass),
            (&none, people(&["nobody"]), people(&["x"]), Pass, Pass),
            (&none, people(&["DEV1"]), people(&["dev1"]), Fail, Fail),
            (
                &none,
                people(&["dev1", "pm1"]),
                people(&["dev1", "qa1"]),
                Pass,
                Pass,
            ),
            (&none, people(&["pm1"]), people(&["PM1"]), Warn, Pass),
            (&none, Field::Empty, Field::Empty, Fail, Fail),
            (&none, people(&[]), people(&[]), Fail, Fail),
            (&none, department(), department(), Fail, Fail),
            (
                &none,
                Field::Absent("产品".to_owned()),
                Field::Absent("测试".to_owned()),
                Fail,
                Fail,
            ),
            (&known, people(&["pm1"]), people(&["qa1"]), Pass, Pass),
            (&known, people(&["PM1"]), people(&["QA1"]), Pass, Pass),
            (&known, people(&["qa1"]), people(&["pm1"]), Fail, Fail),
            (&known, people(&["stranger"]), people(&["stranger2"]), Warn, Warn),
            (
                &known,
                people(&["stranger", "pm1"]),
                people(&["stranger", "qa1"]),
                Warn,
                Pass,
            ),
            (&known, people(&["both"]), people(&["both"]), Warn, Pass),
        ] {
            let submission = Submission {
                product_manager: managers,
                tester: testers,
                ..compliant()
            };
            let result = judged(RuleId::ProductManager, &submission, facts);
            assert_eq!(result.status, manager, "{submission:?}: {result:?}");
            let result = judged(RuleId::Tester, &submission, facts);
            assert_eq!(result.status, tester, "{submission:?}: {result:?}");
        }
    }

    #[test]
    fn technical_items_need_no_product_manager() {
        let submission = Submission {
            description: crate::rules::testing::text(
                "1、日志清理功能（技术需求，无须产品验收），已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1；",
            ),
            product_manager: Field::Empty,
            ..compliant()
        };
        assert_eq!(
            judged(RuleId::ProductManager, &submission, &Facts::default()).status,
            Skip
        );
    }
}

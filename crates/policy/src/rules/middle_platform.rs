//! `middle-platform` (六.9): where the change concerns 中台, 中台模块权限及接口 is filled.

use crate::evaluate::{Context, Finding, Judgement};
use crate::reading::{Concern, squeeze};
use crate::submission::Field;
use crate::text;
use crate::verdict::Evidence;

/// What people enter to say that there is nothing.
const NOTHING: [&str; 26] = [
    "无",
    "暂无",
    "没有",
    "不涉及",
    "无涉及",
    "未涉及",
    "不涉及中台",
    "n/a",
    "na",
    "n.a",
    "none",
    "null",
    "nil",
    "否",
    "不适用",
    "无需",
    "不需要",
    "无需填写",
    "略",
    "空",
    "no",
    "同上",
    "不涉及中台权限",
    "无中台权限",
    "未涉及中台",
    "暂不涉及",
];

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let field = &context.submission.middle_platform;
    if is_filled(field.text()) {
        return Judgement::Pass;
    }
    match &context.reading.concern {
        Concern::None => Judgement::Skip("不涉及中台模块权限".into()),
        Concern::Concerned(mention) => {
            let message = match field {
                Field::Absent(control) => format!(
                    "“{}”涉及中台模块权限，但表单缺少控件“{control}”；请管理员核对审批模板",
                    mention.quote
                ),
                Field::Empty | Field::Filled(_) => {
                    format!("“{}”涉及中台模块权限，请填写“中台模块权限及接口”", mention.quote)
                }
            };
            Judgement::Fail(Finding {
                message,
                evidence: Some(evidence(mention)),
                fix: None,
            })
        }
        Concern::OtherPermission(mention) => Judgement::Warn(Finding {
            message: format!(
                "“{}”提到权限；若涉及中台模块权限，请填写“中台模块权限及接口”，否则可忽略",
                mention.quote
            ),
            evidence: Some(evidence(mention)),
            fix: None,
        }),
    }
}

/// Whether anything was entered that says something.
fn is_filled(entered: &str) -> bool {
    let squeezed = squeeze(entered);
    let core = squeezed.trim_matches(|c: char| !c.is_alphanumeric());
    !core.is_empty() && !NOTHING.contains(&core) && !text::is_placeholder(entered)
}

fn evidence(mention: &crate::reading::Mention) -> (String, Option<Evidence>) {
    let position = Evidence {
        field: mention.field.to_owned(),
        start: mention.span.start,
        end: mention.span.end,
    };
    (mention.quote.clone(), Some(position))
}

#[cfg(test)]
mod tests {
    use crate::facts::Facts;
    use crate::rule::RuleId;
    use crate::rules::testing::{compliant, expect_all, judged, text};
    use crate::submission::{Field, Submission};
    use crate::verdict::Status::{self, Fail, Pass, Skip, Warn};

    fn item(feature: &str) -> Submission {
        let description = format!(
            "1、{feature}，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1024；"
        );
        Submission {
            description: text(&description),
            ..compliant()
        }
    }

    fn expect(status: Status, features: &[&str]) {
        let cases = features.iter().map(|&feature| (status, feature));
        expect_all(RuleId::MiddlePlatform, &Facts::default(), cases, item);
    }

    #[test]
    fn the_middle_platform_concerns_where_it_is_meant() {
        expect(
            Fail,
            &[
                "中台角色管理功能",
                "业务中台对接功能",
                "涉及中台模块权限的条件单功能",
                "新增角色权限功能",
                "配置客服权限功能",
                "权限配置功能",
                "菜单权限调整功能",
                "数据权限优化功能",
                "接口访问权限功能",
                "权限登记功能",
                "權限配置功能",
                "中臺對接功能",
                "不涉及前端，涉及中台接口功能",
                "不涉及交易但涉及中台功能",
                "采集中台改造功能",
                "修复中台无法登录功能",
                "修复无权限用户看到菜单功能",
            ],
        );
        expect(Warn, &["相册权限功能", "行情权限提示功能", "期权权限开通功能"]);
        expect(
            Skip,
            &[
                "条件单功能",
                "期权限价单功能",
                "查询其中台股持仓功能",
                "集中台账功能",
                "不涉及中台的条件单功能",
                "条件单功能（不涉及中台权限配置）",
                "条件单功能，无中台改动",
                "条件单功能，中台无改动",
                "条件单功能，中台：无",
                "条件单功能，不涉及中台模块权限及接口",
                "条件单功能，与中台无关",
                "条件单功能，无需配置权限",
                "条件单功能，不涉及权限",
                "条件单功能，无权限变更",
                "授权限额功能",
                "条件单功能，不需要配置中台菜单权限",
                "台股权限制功能",
                "条件单功能，中台、前端均不涉及",
                "条件单功能，涉及中台及前端页面：否",
                "条件单功能，中台、H5 无需发版",
            ],
        );
    }

    #[test]
    fn nothing_entered_in_many_words_is_empty() {
        for (entered, status) in [
            ("无", Fail),
            (" 无 。", Fail),
            ("不涉及", Fail),
            ("暂无", Fail),
            ("N/A", Fail),
            ("n/a", Fail),
            ("-", Fail),
            ("—", Fail),
            ("/", Fail),
            ("待填写", Fail),
            ("XX", Fail),
            ("****", Fail),
            ("角色管理：新增客服角色", Pass),
            ("/api/role/list", Pass),
            ("见附件权限配置登记表", Pass),
        ] {
            let submission = Submission {
                middle_platform: text(entered),
                ..item("中台角色功能")
            };
            let result = judged(RuleId::MiddlePlatform, &submission, &Facts::default());
            assert_eq!(result.status, status, "{entered}");
        }
        let unconcerned = Submission {
            middle_platform: text("角色管理"),
            ..item("条件单功能")
        };
        assert_eq!(
            judged(RuleId::MiddlePlatform, &unconcerned, &Facts::default()).status,
            Pass
        );
        let absent = Submission {
            middle_platform: Field::Absent("中台模块".to_owned()),
            ..item("中台角色功能")
        };
        let result = judged(RuleId::MiddlePlatform, &absent, &Facts::default());
        assert_eq!(result.status, Fail);
        assert!(result.message.unwrap().contains("中台模块"));
        assert_eq!(result.evidence.as_deref(), Some("1、中台角色功能"));
    }
}

//! Rollback plans as people write them.

use crate::facts::Facts;
use crate::rule::RuleId;
use crate::rules::testing::{compliant, expect_all, text};
use crate::submission::Field;
use crate::verdict::Status::{self, Fail, Pass, Warn};

fn expect(status: Status, texts: &[&str]) {
    expect_all(
        RuleId::RollbackPlan,
        &Facts::default(),
        texts.iter().map(|&entered| (status, entered)),
        |entered| {
            let rollback = if entered.is_empty() {
                Field::Empty
            } else {
                text(entered)
            };
            crate::submission::Submission {
                rollback,
                ..compliant()
            }
        },
    );
}

#[test]
fn a_plan_acts_on_a_named_thing() {
    expect(
        Pass,
        &[
            "执行 SQL：DELETE FROM t_cond_rule WHERE id>100; 核对 SELECT * FROM t_cond_rule",
            "关闭夜盘入口",
            "回滚镜像至上一个 tag",
            "切换至备用线路",
            "将条件单的开关关掉",
            "删除中台菜单“条件单管理”",
            "回退行情服务镜像至 v2.3.0",
            "回滚至上一版本",
            "回退到上一个版本",
            "恢复上一个镜像",
            "回滚到上个版本",
            "代码回滚到上一版本，数据库无变更",
            "暂无数据库变更，回退镜像至 harbor.yxzq.com/quote/quote-api:20261120",
            "kubectl rollout undo deployment/quote-api -n prod",
            "helm rollback quote-api 12",
            "git revert abc1234 后重新发布",
            "执行回滚脚本 rollback_20261124.sql",
            "执行 rollback.sql 还原 t_order 表",
            "关闭条件单开关",
            "在 Apollo 关闭开关 trade.order.new.enable",
            "将灰度比例调回 0%",
            "把流量切回旧集群",
            "重启 quote-api",
            "重启行情服务",
            "将开关 new_order 置为 false",
            "ALTER TABLE t_order DROP COLUMN ext_flag;",
            "update t_config set value='0' where id=12;",
            "Roll back to the previous version",
            "Rollback quote-service to 1.2.3",
            "disable feature flag new_order and restart gateway-svc",
            "如上线后出现异常，立即回退镜像 quote:1.8.2",
            "1、停止服务 2、将 trade-core 回退到 3.2.1 版本 3、重启验证",
            "恢复 nginx 配置文件 upstream.conf.bak",
            "回退前端 H5 到上一版本",
            "降级行情推送模块",
            "切换到备用节点",
            "还原上线前备份",
            "删除新增的 t_order_ext 表",
            "SELECT * 核对后，回滚 t_account 表数据",
            "无需回滚数据库，应用回退至上一版本即可",
            "不涉及数据库；镜像回退到 v1.0.3",
            "回滚版本号：2.3.1",
            "回退到11月20日的镜像 20261120",
        ],
    );
}

#[test]
fn a_brush_off_is_no_plan() {
    expect(
        Fail,
        &[
            "null",
            "No rollback needed",
            "",
            "无",
            "暂无",
            "不涉及",
            "N/A",
            "n/a",
            "同上",
            "略",
            "回滚即可",
            "直接回滚",
            "回退",
            "无需回退",
            "无回退方案",
            "暂无回退方案",
            "没有",
            "-",
            "。",
            "待填写",
            "待补充",
            "TBD",
            "****",
            "XX",
            "____",
            "有",
            "已准备",
            "正常回滚",
            "如有问题回滚",
            "联系运维处理",
            "回退至 vX.X.X 版本",
            "回滚到 XX 版本",
            "回退镜像至 ****",
            "不需要进行回滚操作",
            "本次变更不涉及回退，无需回退方案",
            "无，本次为纯文案修改",
            "不涉及数据库变更",
            "无法回退",
            "已与运维同事沟通好相关事宜",
            "镜像版本",
            "执行回退方案",
            "none",
            "ok",
        ],
    );
}

#[test]
fn half_a_plan_is_a_warning() {
    expect(
        Warn,
        &[
            "见附件",
            "详见附件回退方案.docx",
            "回滚版本",
            "回退镜像",
            "回滚到指定版本",
            "关闭开关",
            "代码回滚",
            "恢复配置",
            "重启服务",
            "如果上线之后发现有问题，立即回滚处理",
            "出现异常时联系运维同事立即进行回退操作",
            "上一版本镜像 v2.3.0",
            "quote-api:1.8.2",
            "执行回滚脚本",
            "helm rollback",
            "Revert the deployment",
            "按照公司标准流程进行回滚处理",
        ],
    );
}

#[test]
fn a_form_without_the_control_says_which() {
    let submission = crate::submission::Submission {
        rollback: Field::Absent("回退方案".to_owned()),
        ..compliant()
    };
    let result = crate::rules::testing::judged(RuleId::RollbackPlan, &submission, &Facts::default());
    assert_eq!(result.status, Fail);
    assert!(result.message.unwrap().contains("缺少控件“回退方案”"));
}

#[test]
fn a_refusal_with_a_reason_is_no_plan() {
    expect(
        Fail,
        &[
            "本次上线无需回退方案，因为是新增功能",
            "新增接口，不影响存量，可不回滚",
        ],
    );
    expect(Warn, &["1.回退镜像 2.重启服务", "切回 A 机房"]);
    expect(Pass, &["无需回退，关闭开关 cond.enable 即可"]);
}

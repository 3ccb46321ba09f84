//! Every border that the rules name.

use super::check;

#[test]
fn numbers_of_every_regular_form() {
    check(&[
        ("pppp", "1、条件单功能，{A}；"),
        ("pppp", "1、条件单功能，{A}；\n2、止盈止损功能，{A2}；"),
        ("pppp", "1、条件单功能，{A}；2、止盈止损功能，{A2}；"),
        ("pppp", "1、条件单功能，{A} 2、止盈止损功能，{A2}"),
        ("pppp", "1.条件单功能，{A}；\n2.止盈止损功能，{A2}；"),
        ("pppp", "1. 条件单功能，{A}\n2. 止盈止损功能，{A2}"),
        ("pppp", "1)条件单功能，{A}；2)止盈止损功能，{A2}；"),
        ("pppp", "（1）条件单功能，{A}；（2）止盈止损功能，{A2}；"),
        ("pppp", "①条件单功能，{A}；②止盈止损功能，{A2}；"),
        ("pppp", "一、条件单功能，{A}；\n二、止盈止损功能，{A2}；"),
        ("pppp", "１、条件单功能，{A}；\r\n２、止盈止损功能，{A2}；"),
        (
            "pppp",
            "本次升级功能如下：\n1、条件单功能，{A}；\n2、止盈止损功能，{A2}；",
        ),
        ("pppp", "1、条件单功能，{A}；\n()"),
        ("pppp", "1、条件单功能，{A}；\n（）"),
    ]);
}

#[test]
fn other_numbers_warn() {
    check(&[
        ("wppp", "1：条件单功能，{A}；\n2：止盈止损功能，{A2}；"),
        ("wppp", "【1】条件单功能，{A}；\n【2】止盈止损功能，{A2}；"),
        ("wppp", "第一、条件单功能，{A}；\n第二、止盈止损功能，{A2}；"),
        ("wppp", "- 条件单功能，{A}；\n- 止盈止损功能，{A2}；"),
        ("wppp", "-条件单功能，{A}；\n-止盈止损功能，{A2}；"),
        ("wppp", "条件单功能，{A}；"),
        ("wppp", "1、条件单功能，{A}；\n3、止盈止损功能，{A2}；"),
        ("wppp", "1、条件单功能，{A}；\n1、止盈止损功能，{A2}；"),
        ("wppp", "2、条件单功能，{A}；\n1、止盈止损功能，{A2}；"),
        ("wppp", "2、条件单功能，{A}；"),
        ("wppp", "1、优化登录流程，{A}；"),
        ("wppp", "• 条件单功能，{A}；\n• 止盈止损功能，{A2}；"),
        ("wppp", "1️⃣条件单功能，{A}；\n2️⃣止盈止损功能，{A2}；"),
        ("wppp", "1。条件单功能，{A}\n2。止盈止损功能，{A2}"),
        ("wppp", "1 股票搜索功能，{A}\n2 条件单功能，{A2}"),
        ("wppp", "1 条件单功能，{A}；"),
        ("wppp", "#1 日历提醒功能，{A}\n#2 月报功能，{A2}"),
        ("wppp", "需求1：条件单功能，{A}；\n需求2：止盈止损功能，{A2}；"),
    ]);
}

#[test]
fn items_that_are_none() {
    check(&[
        ("fsss", ""),
        ("fsss", "  \n "),
        ("fsss", "优化系统性能"),
        ("fsss", "详见附件"),
        ("fppp", "1、，{A}；"),
        ("fppp", "1、功能，{A}；"),
        ("fppp", "1、XX功能，{A}；"),
        ("fppp", "1、****功能，{A}；"),
        ("fppp", "1、某某功能，{A}；"),
        ("fppp", "1、____功能，{A}；"),
        ("fppp", "1、【待填写】功能，{A}；"),
        ("fppp", "1、TBD，{A}；"),
        (
            "fppf",
            "1、****功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/*****； 2、****功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/*****； ()",
        ),
        (
            "wppp",
            "1、****功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/*****；\n1、条件单功能，{A}；",
        ),
        (
            "wppp",
            "1、****功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/*****； 2、****功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/*****； ()\n1、条件单功能，{A}；\n2、止盈功能，{A2}",
        ),
        ("pfff", "1、条件单功能\n2、止盈止损功能"),
        ("wfff", "1、优化登录\n2、修复闪退"),
        ("pppp", "1、XXL-JOB调度升级功能，{A}；"),
        ("pppp", "1、7*24小时交易功能，{A}；"),
        ("pppp", "1、**条件单**功能，{A}；"),
    ]);
}

#[test]
fn blocks_that_are_no_items() {
    check(&[
        (
            "pppp",
            "背景：\n1、旧版太慢\n2、客户投诉\n升级内容：\n1、条件单功能，{A}；\n2、止盈功能，{A2}；",
        ),
        (
            "pppp",
            "1、条件单功能，{A}；\n2、止盈功能，{A2}；\n注意事项：\n1、先发行情服务\n2、再发交易服务",
        ),
        (
            "pppp",
            "1、条件单功能，{A}；\n发布步骤：\n（1）停服务\n（2）更新镜像\n（3）启动",
        ),
        ("pppp", "【背景】\n1、旧版太慢\n【功能】\n1、条件单功能，{A}；"),
        (
            "pppp",
            "1、条件单功能，包括：\n（1）止盈\n（2）止损\n{A}；\n2、行情功能，{A2}；",
        ),
        ("pppp", "1、条件单功能（①止盈 ②止损），{A}；"),
        ("pppp", "1、条件单功能：①止盈；②止损，{A}；\n2、行情功能，{A2}"),
        ("pppp", "一、新增功能\n1、条件单功能，{A}；\n2、止盈功能，{A2}；"),
        (
            "pppp",
            "一、新增\n1、条件单功能，{A}；\n二、优化\n1、止盈功能，{A2}；",
        ),
        (
            "pppp",
            "一、新增\n1、条件单功能，{A}；\n二、优化\n2、止盈功能，{A2}；",
        ),
        (
            "pppp",
            "一、背景\n客户反馈慢\n二、升级功能\n1、条件单功能，{A}；\n三、注意事项\n1、先发行情",
        ),
        (
            "pppp",
            "1、条件单功能\n(1)已通过UAT验收\n(2)已通过回归测试\n(3)JIRA单：{L}",
        ),
        (
            "pfpp",
            "新增：\n1、条件单功能，{A}；\n优化：\n1、止盈功能，已通过回归测试，{L2}",
        ),
    ]);
}

#[test]
fn digits_that_are_no_numbers() {
    check(&[
        ("pppp", "1、2026年报功能，{A}；"),
        ("pppp", "1、5档行情功能，{A}；\n2、支持1、2、3级权限功能，{A2}；"),
        ("pppp", "2026.11.24上线内容：\n1、条件单功能，{A}；"),
        ("pppp", "上线时间：16:30-20:00\n1、条件单功能v2.1.3，{A}；"),
        ("pppp", "11月24日 16：30 发布\n1、条件单功能，{A}；"),
        ("pppp", "1、手续费1.5元优惠功能，{A}；"),
        ("pppp", "1、T+1、T+2交收功能，{A}；"),
        (
            "pppp",
            "1、条件单功能，{A}、http://jira.yxzq.com/browse/TRADE-1029；",
        ),
    ]);
}

#[test]
fn one_sentence_for_all_warns_at_the_items_alone() {
    check(&[
        (
            "wppp",
            "1、条件单功能，JIRA单：{L}；\n2、止盈功能，JIRA单：{L2}；\n以上功能均已通过 UAT 验收，已通过回归测试。",
        ),
        (
            "wppp",
            "以下功能均已通过UAT验收，已通过回归测试：\n1、条件单功能，JIRA单：{L}；\n2、止盈功能，JIRA单：{L2}；",
        ),
        (
            "wppp",
            "1、条件单功能\n2、止盈功能\n以上功能均已通过UAT验收和回归测试\nJIRA单：\n{L}\n{L2}",
        ),
        (
            "wppp",
            "1、条件单功能，{U}，{R}；\n2、止盈功能，{U}，{R}；\nJIRA单：{L}、{L2}",
        ),
        (
            "wppp",
            "1、条件单功能，{U}，{R}；\n2、止盈功能，{U}，{R}；\nJIRA单：\n1、{L}\n2、{L2}",
        ),
        (
            "pppf",
            "1、条件单功能，{U}，{R}；\n2、止盈功能，{U}，{R}；\n3、行情功能，{U}，{R}；\nJIRA单：\n{L}\n{L2}",
        ),
        (
            "pffp",
            "1、条件单功能，JIRA单：{L}；\n2、止盈功能，JIRA单：{L2}；\n以上功能均未通过UAT验收，未通过回归测试。",
        ),
        (
            "pppp",
            "1、条件单功能，{A}；\n2、止盈功能，{A2}；\n以上功能均已通过UAT验收，已通过回归测试。",
        ),
        (
            "pppf",
            "1、条件单功能，{U}，{R}；\n2、止盈功能，{U}，{R}；JIRA单：{L}",
        ),
    ]);
}

#[test]
fn denials_govern() {
    check(&[
        ("pfpp", "1、条件单功能，未通过UAT验收，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，还没通过UAT验收，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，待UAT验收，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，UAT验收中，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，部分已通过UAT验收，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，除港股外已通过UAT验收，{R}；JIRA单：{L}；"),
        (
            "pfpp",
            "1、条件单功能，除港股外，已通过UAT验收，{R}；JIRA单：{L}；",
        ),
        (
            "pfpp",
            "1、条件单功能，已通过UAT验收（45/50），{R}；JIRA单：{L}；",
        ),
        ("pfpp", "1、条件单功能，已通过UAT验收45/50，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，98%已通过UAT验收，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，已通过UAT验收（98%），{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，基本已通过UAT验收，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，预计明天已通过UAT验收，{R}；JIRA单：{L}；"),
        (
            "pfpp",
            "1、条件单功能，已通过UAT验收（预计明天完成），{R}；JIRA单：{L}；",
        ),
        ("pfpp", "1、条件单功能，已通过UAT验收：否，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，是否已通过UAT验收：否，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，☐已通过UAT验收，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，已通过UAT验收☐，{R}；JIRA单：{L}；"),
        (
            "pfpp",
            "1、条件单功能，已通过UAT验收（待产品确认），{R}；JIRA单：{L}；",
        ),
        (
            "pfpp",
            "1、条件单功能，{U}，{R}；JIRA单：{L}；UAT验收还有2条用例未完成",
        ),
        ("pfpp", "1、条件单功能，{U}，{R}；JIRA单：{L}；注：产品验收未完成"),
        ("pfpp", "1、条件单功能，{U}，但港股部分还没，{R}；JIRA单：{L}；"),
        ("ppfp", "1、条件单功能，{U}，未通过回归测试；JIRA单：{L}；"),
        ("ppfp", "1、条件单功能，{U}，回归测试中；JIRA单：{L}；"),
        ("ppfp", "1、条件单功能，{U}，{R}（部分）；JIRA单：{L}；"),
        ("ppfp", "1、条件单功能，{U}，回归测试进行中；JIRA单：{L}；"),
        ("pffp", "1、条件单功能，未通过UAT验收和回归测试；JIRA单：{L}；"),
    ]);
}

#[test]
fn denials_elsewhere_do_not() {
    check(&[
        ("pppp", "1、未成交订单提醒功能，{A}；"),
        ("pppp", "1、待成交订单撤单功能已通过UAT验收，{R}；JIRA单：{L}；"),
        ("pppp", "1、部分成交提醒功能{U}，{R}；JIRA单：{L}；"),
        ("wppp", "1、部分成交提醒{U}，{R}；JIRA单：{L}；"),
        ("pppp", "1、条件单功能，优化未成交订单展示，{A}；"),
        ("pppp", "1、条件单功能，{U}，待上线，{R}；JIRA单：{L}；"),
        ("pppp", "1、条件单功能，{U}（待上线），{R}；JIRA单：{L}；"),
        ("pppp", "1、条件单功能，{U}，{R}，未发现新问题；JIRA单：{L}；"),
        (
            "pppp",
            "1、条件单功能，{U}（未发现新问题），{R}（未涉及其他模块）；JIRA单：{L}；",
        ),
        ("pppp", "1、条件单功能，{U}，{R}，未涉及数据库；JIRA单：{L}；"),
        (
            "pppp",
            "1、条件单功能，{U}，{R}；JIRA单：{L}；JIRA状态已由UAT验收变更为待上线",
        ),
        ("pppp", "1、条件单功能，{U}（11/23），{R}；JIRA单：{L}；"),
        (
            "pppp",
            "1、条件单功能，{U}，{R}；JIRA单：{L}；上线后由产品进行生产验收",
        ),
        ("pppp", "1、条件单功能，回归测试中发现的2个问题已修复，{A}"),
        ("pppp", "1、条件单功能，{U}（50/50），{R}（100%）；JIRA单：{L}；"),
        ("pppp", "1、条件单功能，耗时下降98%，{A}"),
        ("pppp", "1、条件单功能，{A}，预计今晚17:00上线"),
    ]);
}

#[test]
fn equivalents_warn() {
    check(&[
        ("pwpp", "1、条件单功能，UAT验收已通过，{R}；JIRA单：{L}；"),
        ("pwpp", "1、条件单功能，UAT验收：已通过，{R}；JIRA单：{L}；"),
        ("pwpp", "1、条件单功能，UAT验收通过，{R}；JIRA单：{L}；"),
        ("pwpp", "1、条件单功能，已完成UAT验收，{R}；JIRA单：{L}；"),
        ("pwpp", "1、条件单功能，产品已验收，{R}；JIRA单：{L}；"),
        ("pwpp", "1、条件单功能，UAT验收√，{R}；JIRA单：{L}；"),
        ("ppwp", "1、条件单功能，{U}，已完成回归测试；JIRA单：{L}；"),
        ("ppwp", "1、条件单功能，{U}，回归测试已通过；JIRA单：{L}；"),
        ("ppwp", "1、条件单功能，{U}，回归测试：√；JIRA单：{L}；"),
        ("ppwp", "1、条件单功能，已通过UAT验收和回归测试；JIRA单：{L}；"),
        ("pwwp", "1、条件单功能，UAT验收、回归测试均已通过；JIRA单：{L}；"),
        ("pwwp", "1、条件单功能，UAT验收√ 回归测试√；JIRA单：{L}；"),
        ("pwwp", "1、条件单功能，√UAT验收 √回归测试；JIRA单：{L}；"),
        ("pwwp", "1、条件单功能，UAT passed, regression passed; JIRA: {L}"),
        ("pwwp", "1、条件单功能，UAT ok，回归ok，{L}"),
        ("pwwp", "1、条件单功能\nUAT验收：是\n回归测试：是\nJIRA单：{L}"),
        ("pfwp", "1、条件单功能，☐UAT验收 ☑回归测试；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，{R}；JIRA单：{L}；"),
        ("ppfp", "1、条件单功能，{U}；JIRA单：{L}；"),
        ("pppf", "1、条件单功能，{U}，{R}；"),
        ("ppfp", "1、条件单功能，{U}，已通过SIT测试；JIRA单：{L}；"),
    ]);
}

#[test]
fn wording_is_read_through_its_dress() {
    check(&[
        (
            "pppp",
            "1、條件單功能，已通過 UAT 驗收，已通過回歸測試；JIRA 單：{L}；",
        ),
        (
            "pppp",
            "1、条件单功能，已通过\u{a0}UAT\u{200b}验收，已通过回归\n测试；JIRA 单：{L}；",
        ),
        (
            "pppp",
            "1、条件单功能，已通过 **UAT 验收**，**已通过回归测试**；JIRA 单：{L}；",
        ),
        (
            "pppp",
            "1、条件单功能,已通过ＵＡＴ验收,已通过回归测试;jira单:{L};",
        ),
        ("pppp", "1、条件单功能 已通过uat验收 已通过回归测试 {L}"),
    ]);
}

#[test]
fn technical_items_need_no_acceptance() {
    check(&[
        ("pspp", "1、日志切割功能，技术需求，{R}；JIRA单：{L}；"),
        ("pspp", "1、日志切割功能（技术需求），{R}；JIRA单：{L}；"),
        ("pspp", "1、【技术需求】日志切割功能，{R}；JIRA单：{L}；"),
        ("pspp", "1、日志切割功能，无需产品验收，{R}；JIRA单：{L}；"),
        ("pspp", "1、日志切割功能，无须产品经理验收，{R}；JIRA单：{L}；"),
        ("pspp", "1、日志切割功能，不需要产品验收，{R}；JIRA单：{L}；"),
        ("pfpp", "1、日志切割功能，非技术需求，{R}；JIRA单：{L}；"),
        (
            "pppp",
            "1、日志切割功能，技术需求，{R}；JIRA单：{L}；\n2、条件单功能，{A2}",
        ),
        (
            "pfpp",
            "1、日志切割功能，技术需求，{R}；JIRA单：{L}；\n2、条件单功能，{R}；{L2}",
        ),
        ("pfpp", "1、技术需求管理功能，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，技术需求：否，{R}；JIRA单：{L}；"),
        ("pspp", "1、日志切割功能，技术需求：是，{R}；JIRA单：{L}；"),
        (
            "pspp",
            "1、日志切割功能，技术需求（无需产品验收），{R}；JIRA单：{L}；",
        ),
        ("pfpp", "1、条件单功能，免 UAT 验收，{R}；JIRA单：{L}；"),
        ("pfpp", "1、条件单功能，无需 UAT 验收，{R}；JIRA单：{L}；"),
    ]);
}

#[test]
fn numbers_before_names_that_begin_with_digits() {
    check(&[
        (
            "pppp",
            "1.10 档盘口功能，{A}；\n注意事项：\n1、先发后端\n2、再发前端",
        ),
        (
            "pppp",
            "1.10 档盘口功能，{A}；\n2.7*24 快讯功能，{A2}；\n发布步骤：\n1. 停服务\n2. 发版",
        ),
        (
            "ppfp",
            "1.7*24 快讯功能，{U}；{L}\n2.条件单功能，{A2}\n发布步骤：\n1. 停服务\n2. 发版",
        ),
        (
            "pppp",
            "1. 条件单功能，{A}\n1.1 港股\n1.2 美股\n2. 止盈止损功能，{A2}",
        ),
    ]);
}

#[test]
fn a_numbered_sublist_details_its_item() {
    check(&[
        (
            "pppp",
            "1、条件单功能\n  1）支持港股\n  2）支持美股\n  {A}\n2、撤单功能\n  1）批量撤单\n  {A2}",
        ),
        (
            "ppfp",
            "1、条件单功能\n  1）支持港股\n  2）支持美股\n  {A}\n2、撤单功能\n  1）批量撤单\n  {U}；{L2}",
        ),
    ]);
}

#[test]
fn what_is_not_in_the_change_denies_nothing() {
    check(&[
        ("pppp", "1、条件单功能，{A}\n本次不含：撤单功能（UAT 未通过）"),
        ("pfff", "1、条件单功能，{A}\n2、撤单功能（本次不上线）"),
        ("fppf", "1、某功能，{U}，{R}\n2、条件单功能，{A2}"),
    ]);
}

#[test]
fn dates_are_no_counts_and_a_time_to_come_denies() {
    check(&[
        (
            "pwwp",
            "1、条件单功能，11/23 UAT 验收通过，11/24 回归测试通过；{L}",
        ),
        (
            "pwwp",
            "1、条件单功能，UAT 验收通过 11/23，回归测试通过 11/24；{L}",
        ),
        ("ppfp", "1、条件单功能，{U}，今天下午完成回归测试；{L}"),
        ("ppfp", "1、条件单功能，{U}，上线前会完成回归测试；{L}"),
        ("ppwp", "1、条件单功能，{U}，今天下午已完成回归测试；{L}"),
        ("pppp", "1、条件单功能，{U}，上线前{R}；{L}"),
        ("pppp", "1、条件单功能，{A}；下午 5 点发布"),
    ]);
}

#[test]
fn boxes_stand_before_what_they_mark() {
    check(&[
        ("ppfp", "1、条件单功能 [x] 已通过 UAT 验收 [ ] 已通过回归测试 {L}"),
        ("pfpp", "1、条件单功能 ☐ 已通过 UAT 验收 ☑ 已通过回归测试 {L}"),
        ("pppp", "1、未通过 UAT 验收单自动提醒功能，{A}"),
    ]);
}

#[test]
fn links_as_the_rules_name_them() {
    check(&[
        (
            "pppp",
            "1、条件单功能，{U}，{R}；JIRA单：https://jira.yxzq.com/browse/trade-1024；",
        ),
        (
            "pppp",
            "1、条件单功能，{U}，{R}；JIRA单：http://jira.yxzq.com/TRADE-1024；",
        ),
        (
            "pppp",
            "1、条件单功能，{U}，{R}；JIRA单：http://jira.yxzq.com/secure/RapidBoard.jspa?rapidView=1&SelectedIssue=TRADE-1024；",
        ),
        ("pppp", "1、条件单功能，{U}，{R}；JIRA单：{L}{L2}；"),
        (
            "pppp",
            "1、条件单功能，{U}，{R}；JIRA单：http://jira.yxzq.com/browse/\nTRADE-1024；\n2、止盈功能，{A2}",
        ),
        ("pppp", "1、条件单功能，{U}，{R}；JIRA单：{L}已关闭"),
        (
            "pppf",
            "1、条件单功能，{U}，{R}；JIRA单：http://jira.yxzq.com:8080/browse/TRADE-1024；",
        ),
        (
            "pppf",
            "1、条件单功能，{U}，{R}；JIRA单：http://jira.yxzq.com.cn/browse/TRADE-1024；",
        ),
        (
            "pppf",
            "1、条件单功能，{U}，{R}；JIRA单：http://jira.yxzq.com@evil.com/browse/TRADE-1024；",
        ),
        ("pppf", "1、条件单功能，{U}，{R}；JIRA单：http://jira.yxzq.com/；"),
        (
            "pppf",
            "1、条件单功能，{U}，{R}；JIRA单：http://wiki.yxzq.com/?u=http://jira.yxzq.com/browse/TRADE-1024；",
        ),
        ("pppf", "1、条件单功能，{U}，{R}；JIRA单：TRADE-1024；"),
        (
            "pppw",
            "1、条件单功能，{U}，{R}；JIRA单：jira.yxzq.com/browse/TRADE-1024；",
        ),
        (
            "pppw",
            "1、条件单功能，{U}，{R}；JIRA单：http：//jira.yxzq.com/browse/TRADE-1024；",
        ),
        ("pppw", "1、条件单功能，{A}；\n2、止盈功能，{A}；"),
    ]);
}

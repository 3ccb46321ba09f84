//! Layouts that people bring along: tables, lists inside items, fields of an item, notes behind them.

use super::check;

#[test]
fn cells_answer_their_columns() {
    check(&[
        (
            "wwwp",
            "序号\t功能\tUAT验收\t回归测试\tJIRA\n1\t港股条件单功能\t√\t√\t{L}\n2\t美股条件单功能\t√\t√\t{L2}",
        ),
        (
            "wwwp",
            "| 序号 | 功能 | UAT验收 | 回归测试 | JIRA |\n|---|---|---|---|---|\n\
             | 1 | 港股条件单功能 | 通过 | √ | {L} |\n| 2 | 美股条件单功能 | 是 | 已通过 | {L2} |",
        ),
        (
            "wfwp",
            "序号\t功能\tUAT验收\t回归测试\tJIRA\n1\t港股条件单功能\t√\t√\t{L}\n2\t美股条件单功能\t未通过\t√\t{L2}",
        ),
        (
            "wwfp",
            "序号\t功能\t是否通过UAT验收\t是否通过回归测试\tJIRA\n1\t港股条件单功能\t是\t否\t{L}",
        ),
        (
            "wffp",
            "序号\t功能\t已通过UAT验收\t已通过回归测试\tJIRA\n1\t港股条件单功能\t\t\t{L}",
        ),
    ]);
}

#[test]
fn lists_inside_an_item_are_its_own() {
    check(&[
        (
            "pppp",
            "1、行情快照功能\n - 增加盘前涨跌幅\n - 增加盘后涨跌幅\n {U}，{R}\n JIRA 单：{L}\n\
             2、热力图功能\n - 支持双指缩放\n {U}，{R}\n JIRA 单：{L2}",
        ),
        (
            "pppp",
            "1. 夜盘撤单功能\n • UAT：{U}\n • 回归：{R}\n • JIRA 单：{L}\n\
             2. 夜盘改单功能\n • UAT：{U}\n • 回归：{R}\n • JIRA 单：{L2}",
        ),
        ("pppp", "1.10 档盘口功能，{A}；\n2.否决原因展示功能，{A2}；"),
        ("pppf", "1.10 档盘口功能，{U}，{R}；\n2.否决原因展示功能，{A2}；"),
        ("pppp", "**1、**条件单功能，{A}；"),
        ("pppp", "**1、条件单功能**，{A}；"),
        ("pppp", "1、手机号脱敏展示（138****1234）功能，{A}；"),
    ]);
}

#[test]
fn fields_and_links_of_the_last_item_are_its_own() {
    check(&[
        (
            "pppp",
            "1、甲功能\n{U}，{R}\nTRADE-1024 {L}\n2、乙功能\n{U}，{R}\nTRADE-1025 {L2}",
        ),
        (
            "pppp",
            "1、甲功能\n{U}，{R}\n影响范围：交易\nJIRA 单：{L}\n2、乙功能\n{U}，{R}\n影响范围：交易\nJIRA 单：{L2}",
        ),
        (
            "pppp",
            "1、甲功能\n{L}\n验收情况：{U}，{R}\n2、乙功能\n{L2}\n验收情况：{U}，{R}",
        ),
        (
            "pfpp",
            "1、甲功能\n上线时间：18:30\n{R}\n{L}\n2、乙功能\n{U}\n{R}\n{L2}",
        ),
        (
            "pfpp",
            "注意：\n1、先发后端\n升级内容：\n1. 甲功能，{R}，{L}；影响范围：交易\n2. 乙功能，{U}，{R}，{L2}；影响范围：交易",
        ),
        (
            "pppf",
            "1、甲功能，{U}，{R}；JIRA 单：http://jira.yxzq.com/browse/TRADE-\n2、乙功能，{A2}",
        ),
        (
            "wppp",
            "1、甲功能，{U}，{R}；\n2、乙功能，{U}，{R}；\nTRADE-1024 {L}\nTRADE-1025 {L2}",
        ),
    ]);
}

#[test]
fn notes_deny_what_they_speak_of() {
    check(&[
        ("pppp", "1、甲功能，{A}，尚未全量，先灰度 5%；"),
        ("pppp", "1、甲功能，{A}；部分用户可见"),
        ("pppp", "1、甲功能，除融资账户外均可见，{A}；"),
        (
            "pppp",
            "1、甲功能，{U}，{R}（用例 88 条，失败 0 条）；JIRA 单：{L}",
        ),
        (
            "pppp",
            "1、甲功能，首轮 UAT 验收未通过，修复后{U}，{R}；JIRA 单：{L}",
        ),
        ("pfpp", "1、甲功能，{A}\n备注：第 1 项 UAT 验收尚未完成，今晚补"),
        ("pfpp", "1、甲功能，将通过 UAT 验收，{R}；JIRA 单：{L}"),
        ("pfpp", "1、甲功能，是否通过 UAT 验收：，{R}；JIRA 单：{L}"),
        ("pfpp", "1、甲功能，通过 UAT 验收后再发，{R}；JIRA 单：{L}"),
        (
            "pppf",
            "1、甲功能，{U}，{R}；JIRA 单：http://jira.yxzq.com/browse/",
        ),
    ]);
}

//! States and accounts as firms name them.

use super::{KEY, READY, UAT, all_as_told, filed, issue, judged, judged_by};
use crate::facts::IssueFact;
use crate::policy::Policy;
use crate::verdict::Status::{Fail, Pass, Warn};

#[test]
fn states_are_compared_by_their_letters_and_firms_name_their_own() {
    for (from, to) in [
        ("uat验收", "待 上 线"),
        ("ＵＡＴ　验收", "待上線"),
        ("UAT\u{a0}驗收中", "待發布"),
        ("In UAT", "READY FOR RELEASE"),
        ("产品验收", "待发布\u{200b}"),
    ] {
        all_as_told(&[("正常", to, &[("2026-11-23 10:00", "pm1", from, to)], Pass, from)]);
    }
    let moved = issue("可以发了", &[("2026-11-23 10:00", "pm1", "业务看过", "可以发了")]);
    let fact = [(KEY, IssueFact::Found(moved))];
    assert_eq!(judged(&filed("正常"), &fact).status, Fail);
    let text = Policy::BUILT_IN_TEXT
        .replace("uat_status = [", "uat_status = [\"业务看过\", ")
        .replace("ready_status = [", "ready_status = [\"可以发了\", ");
    let own = Policy::parse(&text, "x").unwrap();
    assert_eq!(judged_by(&own, &filed("正常"), &fact).status, Pass);
}

#[test]
fn a_robot_accepts_nothing_by_itself() {
    for (by, wanted, words) in [
        (
            "jira-bot",
            Warn,
            "由机器人账号 jira-bot 变更至“待上线”，制度要求由产品经理处理",
        ),
        ("Automation for Jira", Warn, "由机器人账号 Automation for Jira"),
        ("发布机器人", Warn, "由机器人账号 发布机器人"),
        ("botao", Pass, "botao将"),
        ("", Pass, "（JIRA 未记录操作人）"),
    ] {
        all_as_told(&[(
            "正常",
            READY,
            &[("2026-11-23 10:00", by, UAT, READY)],
            wanted,
            words,
        )]);
    }
    let mut hidden = issue(READY, &[("2026-11-23 10:00", "svc01", UAT, READY)]);
    "上线机器人".clone_into(&mut hidden.status_changes[0].by_name);
    assert_eq!(
        judged(&filed("正常"), &[(KEY, IssueFact::Found(hidden))]).status,
        Warn
    );
}

//! Answers to a press, as people read them.

use changegate_lifecycle::{Action, Answer, DutyKind, Notice, Stage, Stamp};
use insta::assert_snapshot;

use super::sample::{Scene, at, user};

fn answered(action: Action, answer: Answer) -> String {
    let scene = Scene::whole()
        .executed("17:40")
        .with_duty(DutyKind::Verify, &["pm"])
        .at("18:10");
    let notice = Notice::Answer {
        duty: Some(1),
        action,
        answer,
    };
    scene.told("dev", &notice)
}

#[test]
fn a_press_that_counted() {
    assert_snapshot!(answered(Action::Verified, Answer::Accepted), @r#"
    **已记录：验证通过**
    变更：行情系统条件单功能上线变更
    单号：202611240001

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [186 bytes]
    "#);
}

#[test]
fn a_press_by_somebody_else() {
    let answer = Answer::NotYours {
        may: [user("pm"), user("tester")].into(),
    };
    assert_snapshot!(answered(Action::Verified, answer), @r#"
    **未执行：仅 王芳、钱敏 可操作“验证通过”**
    变更：行情系统条件单功能上线变更
    单号：202611240001

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [221 bytes]
    "#);
}

#[test]
fn a_press_on_what_is_done() {
    let by = Some(Stamp {
        by: user("pm"),
        at: at("17:42"),
    });
    assert_snapshot!(answered(Action::Verified, Answer::AlreadyDone { by }), @r#"
    **无需操作：王芳 已于 17:42 处理“验证通过”**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    变更现为：验证中

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [246 bytes]
    "#);
    assert_snapshot!(answered(Action::Verified, Answer::AlreadyDone { by: None }), @r#"
    **无需操作：他人已处理“验证通过”**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    变更现为：验证中

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [235 bytes]
    "#);
}

#[test]
fn a_press_after_the_change_moved_on() {
    let answer = Answer::MovedOn {
        stage: Stage::RolledBack,
    };
    assert_snapshot!(answered(Action::Verified, answer), @r#"
    **变更现为：已回退，待确认，无需操作**
    变更：行情系统条件单功能上线变更
    单号：202611240001

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [213 bytes]
    "#);
}

#[test]
fn a_start_that_needs_consent() {
    let answer = Answer::ConsentAsked {
        of: [user("lead")].into(),
    };
    assert_snapshot!(answered(Action::Start, answer), @r#"
    **现不在变更窗口，请等待开发组长确认后再开始**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    已请 李四 确认窗口外执行（八.1），确认后会通知你

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [296 bytes]
    "#);
}

#[test]
fn a_press_without_what_it_needs() {
    assert_snapshot!(answered(Action::Reschedule, Answer::Incomplete { what: "请填写晚于现在、一年以内的新变更时间" }), @r#"
    **未能完成“改期”：请填写晚于现在、一年以内的新变更时间**
    变更：行情系统条件单功能上线变更
    单号：202611240001

    [去补充](https://changegate.example.com/d/202611240001/1)
    [218 bytes]
    "#);
}

//! The images that a form names, in a real registry: moved, kept, out of reach, and replaced in a comment.

use changegate_simulator::{Action, Form};

use crate::docker_registry::DockerRegistry;
use crate::office::{Office, Setup};
use crate::papers::form_of;
use crate::people::card;

const REPOSITORY: &str = "quote-gateway";
const TAG: &str = "v2.9.0";

/// An office whose registry holds the image of the form.
async fn with_the_image() -> (Office, DockerRegistry) {
    let registry = DockerRegistry::start();
    registry.push(REPOSITORY, TAG, "as filed").await;
    let office = Setup::plain()
        .without_approval_reminders()
        .config(&registry.config())
        .open()
        .await;
    (office, registry)
}

fn form() -> Form {
    form_of(&[("自选股分组", "QUOTE-1024")])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_stays_is_compliant_and_says_so() {
    let (office, registry) = with_the_image().await;
    let sp_no = office.approved(&form()).await;
    assert!(office.has("zhangwei", "**变更申请合规，请等待审批**"));
    office.it_is("2026-11-24 16:45");
    office.presses("machao", card::START, "开始执行").await;
    office.sees("machao", &[card::FINISH, &sp_no]).await;
    let token = office.token("read");
    let change = office
        .change(&sp_no, &token, |change| change["verdict"] == "compliant")
        .await;
    let evidence = change.to_string();
    assert!(
        evidence.contains("quote-gateway:v2.9.0：摘要") && evidence.contains("与发起时一致"),
        "{evidence}"
    );
    drop(registry);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_is_moved_before_the_start_stops_those_who_would_deploy_it() {
    let (office, registry) = with_the_image().await;
    let sp_no = office.approved(&form()).await;
    registry.push(REPOSITORY, TAG, "another build").await;
    let (gate, token) = (format!("/api/v1/changes/{sp_no}/gate"), office.token("gate"));
    office.it_is("2026-11-24 16:31");
    let told = office.reads("zhangwei", "变更已通过审批但不合规").await;
    assert!(
        told.contains("镜像 quote-gateway:v2.9.0 在发起后变了：发起时摘要"),
        "{told}"
    );
    assert!(told.contains("按六.2，修改镜像须撤回本流程，重新发起"), "{told}");
    for executor in ["machao", "qianhao"] {
        let told = office
            .reads(executor, "**请勿开始执行：变更通过后出现不合规项**")
            .await;
        assert!(
            told.contains("更换镜像的须撤回本流程，重新发起（六.2）"),
            "{told}"
        );
    }
    let (status, answer) = office.get(&gate, &token).await;
    assert_eq!(
        (status, &answer["allowed"]),
        (200, &serde_json::Value::Bool(false))
    );
    assert!(answer["reasons"].to_string().contains("image"), "{answer}");
    registry.push(REPOSITORY, TAG, "as filed").await;
    office.it_is("2026-11-24 16:40");
    office.reads("machao", "**此前提醒的问题已解决").await;
    office.reads("zhangwei", "检查结果有更新：变更申请已合规").await;
    let (_, answer) = office.get(&gate, &token).await;
    assert_eq!(answer["allowed"], true, "{answer}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_is_moved_under_way_is_shown_to_the_next_approver() {
    let (office, registry) = with_the_image().await;
    let sp_no = office.wecom.submit("zhangwei", &form()).unwrap();
    office.reads("liqiang", "**轮到你审批：没有不合规项").await;
    registry.push(REPOSITORY, TAG, "another build").await;
    office.wecom.approve(&sp_no, "liqiang").unwrap();
    let warned = office
        .reads("sunli", "**签署前请注意：该变更有 1 项不合规，建议退回**")
        .await;
    assert!(warned.contains("修改镜像须撤回本流程，重新发起"), "{warned}");
    let told = office.reads("zhangwei", "检查结果有更新：变更申请不合规").await;
    assert!(told.contains("镜像 quote-gateway:v2.9.0 在发起后变了"), "{told}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_out_of_reach_leaves_the_form_undecided_until_it_answers() {
    let (office, mut registry) = with_the_image().await;
    registry.stop();
    office.wecom.submit("zhangwei", &form()).unwrap();
    let told = office
        .reads("zhangwei", "**变更申请已受理，暂无需操作，核对完成后另行通知**")
        .await;
    assert!(
        told.contains("镜像 quote-gateway:v2.9.0 未能核对：镜像仓库没有答复，稍后自动重试"),
        "{told}"
    );
    office.is_looked_at_again(2).await;
    assert_eq!(office.times("zhangwei", "尚在核对"), 1);
    registry.start_again();
    office
        .as_time_passes(office.reads("zhangwei", "**检查结果有更新：变更申请已合规，请等待审批**"))
        .await;
    assert_eq!(office.times("zhangwei", "检查结果有更新"), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_with_another_tag_is_no_way_to_change_an_image() {
    let (office, _registry) = with_the_image().await;
    let sp_no = office.wecom.submit("zhangwei", &form()).unwrap();
    office.reads("zhangwei", "**变更申请合规，请等待审批**").await;
    office.it_is("2026-11-24 10:40");
    let comment = Action::Comment {
        text: "镜像改为 quote-gateway:v2.9.1".to_owned(),
    };
    office.wecom.act(&sp_no, "zhangwei", &comment).unwrap();
    let told = office.reads("zhangwei", "检查结果有更新：变更申请不合规").await;
    assert!(
        told.contains("张伟 11-24 10:40 的评论说镜像改用 v2.9.1，与表单不同")
            && told.contains("修改镜像须撤回本流程，重新发起"),
        "{told}"
    );
    office
        .reads("liqiang", "**签署前请注意：该变更有 1 项不合规，建议退回**")
        .await;
    office.close().await;
}

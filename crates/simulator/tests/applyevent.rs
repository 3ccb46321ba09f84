//! Filing a form through the API, with the real client, from the template to the event.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::time::Duration;

use changegate_simulator::{Fault, FaultKind, FormStatus, NodeKind, Settings, SignMode, Simulator};
use changegate_wecom::approval::{
    ApplyEvent, ApplyFlow, ApplyNode, Control, Filing, Mode, NodeKind as Kind, TemplateDetail,
};
use changegate_wecom::client::{ApplyError, InfoFilter, InfoQuery, http_client};
use changegate_wecom::{Client, ErrorClass, Settings as AppSettings};
use secrecy::SecretString;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(10);

struct Stage {
    sim: Simulator,
    client: Client,
    template: TemplateDetail,
}

async fn stage() -> Stage {
    let sim = Simulator::start(Settings::demo()).await.unwrap();
    let app = sim.settings();
    let settings = AppSettings::new(
        &sim.base_url(),
        &app.corp_id,
        SecretString::from(app.secret.clone()),
        i64::from(app.agent_id),
    );
    let client = Client::new(settings, http_client().unwrap());
    let template = client.get_template_detail(&app.template_id).await.unwrap();
    Stage {
        sim,
        client,
        template,
    }
}

impl Stage {
    fn filing(&self) -> Filing<'_> {
        Filing::new(&self.template)
            .text("标题", "行情系统港股十档行情功能上线变更")
            .choose("紧急程度", "紧急")
            .text("升级功能描述", "1、港股十档行情功能；\n2、盘口刷新提速功能；")
            .text("回退方案", "镜像回滚至 v2.8.3")
            .members("产品经理", &["chenjing".to_owned()])
            .members("测试同事", &["wangfang".to_owned()])
    }

    fn event(&self, contents: Vec<Value>) -> ApplyEvent {
        let signs = |member: &str, mode| ApplyNode {
            kind: Kind::Approver,
            mode,
            members: vec![member.to_owned()],
        };
        ApplyEvent {
            creator_userid: "zhangwei".to_owned(),
            template_id: self.sim.settings().template_id.clone(),
            flow: ApplyFlow::Given(vec![
                signs("liqiang", Mode::Any),
                signs("huangtao", Mode::All),
                ApplyNode {
                    kind: Kind::Cc,
                    ..signs("songjia", Mode::Any)
                },
            ]),
            choose_department: None,
            contents,
            summary: vec!["行情系统港股十档行情功能上线变更".to_owned(), "紧急".to_owned()],
        }
    }
}

#[tokio::test]
async fn a_filed_form_reads_like_one_that_a_person_submitted() {
    let stage = stage().await;
    let media_id = stage
        .client
        .media_upload("变更计划清单.xlsx", b"a workbook")
        .await
        .unwrap();
    let contents = stage
        .filing()
        .file("附件", &media_id)
        .date("计划变更时间", 1_795_510_800)
        .finish()
        .unwrap();
    let sp_no = stage.client.apply_event(&stage.event(contents)).await.unwrap();
    let detail = stage.client.get_approval_detail(&sp_no).await.unwrap();
    assert_eq!(detail.applicants().collect::<Vec<_>>(), ["zhangwei"]);
    assert_eq!(detail.current_approvers(), ["liqiang"]);
    let value = |title: &str| {
        let content = detail.contents().iter().find(|content| content.title() == title);
        content.map(|content| &content.value).unwrap()
    };
    assert!(matches!(value("标题"), Control::Text(text) if text.starts_with("行情系统")));
    assert!(matches!(value("紧急程度"), Control::Selector(chosen) if chosen.texts().eq(["紧急"])));
    assert!(
        matches!(value("产品经理"), Control::Contact(people) if people.members.iter().any(|who| who.name == "陈静"))
    );
    assert!(matches!(value("附件"), Control::File(files) if files.len() == 1));
    let file = stage.client.media_get(&media_id, 1000).await.unwrap();
    assert_eq!(
        (file.file_name.as_deref(), file.bytes.as_slice()),
        (Some("变更计划清单.xlsx"), &b"a workbook"[..])
    );
}

#[tokio::test]
async fn the_given_chain_is_signed_in_order_and_wecom_tells_of_the_submission() {
    let stage = stage().await;
    let event = stage.event(stage.filing().finish().unwrap());
    let sp_no = stage.client.apply_event(&event).await.unwrap();
    stage.sim.settle(PATIENCE).await.unwrap();
    let told = stage.sim.callbacks();
    assert_eq!(
        told.last().unwrap().event,
        format!("sys_approval_change {sp_no} Submitted")
    );
    let nodes = stage.sim.approval(&sp_no).unwrap().nodes;
    let shape: Vec<(NodeKind, SignMode)> = nodes.iter().map(|node| (node.kind, node.mode)).collect();
    assert_eq!(
        shape,
        [
            (NodeKind::Approver, SignMode::Any),
            (NodeKind::Approver, SignMode::All),
            (NodeKind::Copy, SignMode::Any),
        ]
    );
    for approver in ["liqiang", "huangtao"] {
        stage.sim.approve(&sp_no, approver).unwrap();
    }
    assert_eq!(stage.sim.approval(&sp_no).unwrap().status, FormStatus::Approved);
    let by_template = ApplyEvent {
        flow: ApplyFlow::Template,
        ..event
    };
    let sp_no = stage.client.apply_event(&by_template).await.unwrap();
    let first = stage.sim.approval(&sp_no).unwrap().nodes;
    assert_eq!(first.first().unwrap().label, "开发组长");
}

#[tokio::test]
async fn a_lost_answer_is_told_apart_from_a_refusal_and_the_form_is_found() {
    let stage = stage().await;
    let event = stage.event(stage.filing().finish().unwrap());
    for kind in [FaultKind::LostAnswer, FaultKind::Cut] {
        stage.sim.fault(Fault::new("oa/applyevent", kind).times(1));
        let lost = stage.client.apply_event(&event).await.unwrap_err();
        assert!(matches!(lost, ApplyError::Unknown(_)), "{lost:?}");
    }
    let refusal = FaultKind::Errcode { errcode: 301_055 };
    stage.sim.fault(Fault::new("oa/applyevent", refusal).times(1));
    let refused = stage.client.apply_event(&event).await.unwrap_err();
    assert!(matches!(&refused, ApplyError::NotFiled(error) if error.class() == ErrorClass::Configuration));
    assert_eq!(stage.sim.calls("oa/applyevent").len(), 3, "none was repeated");
    let now = stage.sim.clock().now().timestamp();
    let query = InfoQuery {
        start: now - 60,
        end: now + 60,
        cursor: String::new(),
        filters: vec![InfoFilter {
            key: "creator".to_owned(),
            value: "zhangwei".to_owned(),
        }],
    };
    assert_eq!(stage.client.list_approvals(&query).await.unwrap().len(), 2);
    stage.sim.member_leaves("zhangwei");
    let left = stage.client.list_approvals(&query).await.unwrap_err();
    assert_eq!(left.errcode(), Some(301_055));
}

#[tokio::test]
async fn what_wecom_refuses_is_surely_not_filed() {
    let stage = stage().await;
    let good = stage.event(stage.filing().finish().unwrap());
    let spoilt = |spoil: &dyn Fn(&mut ApplyEvent)| {
        let mut event = good.clone();
        spoil(&mut event);
        event
    };
    let set = |event: &mut ApplyEvent, id: &str, value: Value| {
        let content = event
            .contents
            .iter_mut()
            .find(|content| content["id"] == id)
            .unwrap();
        content["value"] = value;
    };
    let cases = [
        (
            301_055,
            spoilt(&|event| event.creator_userid = "nobody".to_owned()),
        ),
        (301_025, spoilt(&|event| event.template_id = "other".to_owned())),
        (301_025, spoilt(&|event| event.contents.truncate(3))),
        (
            301_025,
            spoilt(&|event| set(event, "Text-1676246400001", json!({"text": "a\nb"}))),
        ),
        (
            301_025,
            spoilt(&|event| {
                set(
                    event,
                    "Selector-1676246400002",
                    json!({"selector": {"type": "single", "options": [{"key": "option-9"}]}}),
                );
            }),
        ),
        (
            301_025,
            spoilt(&|event| {
                set(
                    event,
                    "Contact-1676246400005",
                    json!({"members": [{"userid": "nobody"}]}),
                );
            }),
        ),
        (
            301_025,
            spoilt(&|event| {
                event.contents.push(
                    json!({"control": "File", "id": "File-1676246400008", "value": {"files": [{"file_id": "gone"}]}}),
                );
            }),
        ),
        (
            301_025,
            spoilt(&|event| {
                if let ApplyFlow::Given(nodes) = &mut event.flow {
                    nodes.first_mut().unwrap().members = vec!["nobody".to_owned()];
                }
            }),
        ),
    ];
    for (code, event) in cases {
        let error = stage.client.apply_event(&event).await.unwrap_err();
        assert!(
            matches!(&error, ApplyError::NotFiled(error) if error.errcode() == Some(code)),
            "{error:?}"
        );
    }
    stage.sim.member_leaves("zhangwei");
    let left = stage.client.apply_event(&good).await.unwrap_err();
    assert!(matches!(left, ApplyError::NotFiled(_)));
}

#[tokio::test]
async fn an_upload_survives_a_refused_token_and_too_large_a_file_is_not_sent() {
    let stage = stage().await;
    stage.sim.revoke_tokens();
    stage.client.media_upload("a.txt", b"enough bytes").await.unwrap();
    assert_eq!(stage.sim.calls("media/upload").len(), 2);
    let tiny = stage.client.media_upload("a.txt", b"tiny").await.unwrap_err();
    assert_eq!(tiny.errcode(), Some(40_006));
    let large = vec![0; 20 * 1024 * 1024 + 1];
    let refused = stage.client.media_upload("a.bin", &large).await.unwrap_err();
    assert_eq!(refused.class(), ErrorClass::Data);
    assert_eq!(stage.sim.calls("media/upload").len(), 3);
}

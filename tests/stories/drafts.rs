//! Before filing: a form made from JIRA issues, judged, and filed in the applicant's own name.

use changegate_simulator::{Fault, FaultKind, FormStatus, Visit};

use crate::office::{Office, PATIENCE};
use crate::setup::Setup;

/// A member at the page, with what the fields hold.
struct Desk<'a> {
    office: &'a Office,
    user: &'a str,
    page: String,
    fields: Vec<(&'static str, String)>,
}

impl<'a> Desk<'a> {
    async fn of(office: &'a Office, user: &'a str) -> Self {
        let page = office.wecom.open_link(user, &address(office)).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.body);
        Self {
            office,
            user,
            page: page.body,
            fields: vec![("urgency", "正常".to_owned())],
        }
    }

    fn enters(&mut self, name: &'static str, value: &str) {
        self.fields.retain(|(known, _)| *known != name);
        self.fields.push((name, value.to_owned()));
    }

    /// Presses a button; the page is the answer.
    async fn presses(&mut self, step: &str) -> u16 {
        let answer = self.sends(step, &self.sealed()).await;
        self.page = answer.body;
        answer.status
    }

    /// Token and nonce of the page.
    fn sealed(&self) -> Vec<(&'static str, String)> {
        ["token", "nonce"]
            .map(|name| (name, input(&self.page, name)))
            .to_vec()
    }

    async fn sends(&self, step: &str, sealed: &[(&'static str, String)]) -> Visit {
        let mut fields = vec![("step", step)];
        fields.extend(
            sealed
                .iter()
                .chain(&self.fields)
                .map(|(name, value)| (*name, value.as_str())),
        );
        let address = address(self.office);
        let sent = self.office.wecom.submit_form(self.user, &address, &fields);
        sent.await.unwrap()
    }

    /// Takes over what the page proposes.
    fn takes_over(&mut self) {
        for name in ["title", "planned"] {
            let value = input(&self.page, name);
            self.enters(name, &value);
        }
        let (_, after) = self.page.split_once("<textarea name=\"description\"").unwrap();
        let (_, after) = after.split_once('>').unwrap();
        let description = after.split_once("</textarea>").unwrap().0.trim().to_owned();
        self.enters("description", &description);
        for (field, member) in [("product_manager", "chenjing"), ("product_manager", "linfeng")] {
            if self
                .page
                .contains(&format!("name=\"{field}\" value=\"{member}\" checked"))
            {
                self.enters(field, member);
            }
        }
    }

    #[track_caller]
    fn reads(&self, words: &str) {
        assert!(self.page.contains(words), "no {words} in {}", self.page);
    }

    /// A form that could be filed: from two accepted issues, with what JIRA does not know.
    async fn with_proposal(office: &'a Office) -> Self {
        let mut desk = Self::of(office, "zhangwei").await;
        desk.enters("keys", "http://jira.yxzq.com/browse/QUOTE-1024 quote-1031");
        desk.enters("regression_done", "yes");
        assert_eq!(desk.presses("propose").await, 200);
        desk.takes_over();
        desk.enters("tester", "王芳");
        desk.enters(
            "rollback",
            "如异常，将 quote-gateway 镜像回滚至 v2.8.3，并关闭开关 quote.depth10，约 5 分钟恢复。",
        );
        desk
    }
}

fn address(office: &Office) -> String {
    format!("http://localhost:{}/draft", office.port)
}

fn input(page: &str, name: &str) -> String {
    let (_, after) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no {name} in {page}"));
    after.split_once('"').unwrap().0.to_owned()
}

fn number(page: &str) -> String {
    let (_, after) = page
        .split_once("单号 ")
        .unwrap_or_else(|| panic!("no number in {page}"));
    after.chars().take_while(char::is_ascii_digit).collect()
}

async fn open() -> Office {
    Setup::plain().with_jira().with_pages().open().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_issues_become_a_form_that_is_filed_with_the_right_chain_and_judged() {
    let office = open().await;
    let mut desk = Desk::with_proposal(&office).await;
    desk.reads("行情系统港股十档行情、盘口刷新提速功能上线变更");
    desk.reads("1、港股十档行情功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/QUOTE-1024；");
    desk.reads("请在今天 15:00 前提交");
    assert_eq!(desk.presses("judge").await, 200);
    desk.reads("可以提交");
    desk.reads("2026-11-24 周二 16:30–21:00");
    for (place, name) in [("开发组长", "李强"), ("测试组长", "孙丽"), ("运维负责人", "赵磊")]
    {
        desk.reads(&format!("<dt>{place}</dt><dd>{name}</dd>"));
    }
    assert!(
        !desk.page.contains("黄涛"),
        "CCB signs emergencies alone: {}",
        desk.page
    );
    assert_eq!(
        office.wecom.calls("oa/applyevent").len(),
        0,
        "looking files nothing"
    );
    assert_eq!(desk.presses("file").await, 200);
    desk.reads("已提交审批");
    let sp_no = number(&desk.page);
    let verdict = office.hears("zhangwei", &sp_no).await;
    assert!(
        verdict.contains("合规") && !verdict.contains("不合规"),
        "{verdict}"
    );
    let form = office.wecom.approval(&sp_no).unwrap();
    assert_eq!(
        (form.applicant.as_str(), form.status),
        ("zhangwei", FormStatus::InProgress)
    );
    for approver in ["liqiang", "sunli", "zhaolei"] {
        office.wecom.approve(&sp_no, approver).unwrap();
    }
    assert_eq!(
        office.wecom.approval(&sp_no).unwrap().status,
        FormStatus::Approved
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_goes_through_ccb() {
    let office = open().await;
    let mut desk = Desk::with_proposal(&office).await;
    desk.enters("urgency", "紧急");
    desk.enters("planned", "2026-11-24T22:00");
    desk.presses("judge").await;
    desk.reads("<dt>CCB 组</dt><dd>黄涛</dd>");
    assert_eq!(desk.presses("file").await, 200);
    let sp_no = number(&desk.page);
    let nodes = office.wecom.approval(&sp_no).unwrap().nodes;
    let members: Vec<usize> = nodes.iter().map(|node| node.signers.len()).collect();
    assert_eq!(members, [1, 1, 1, 1]);
    office.hears("zhangwei", &sp_no).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_click_files_nothing_and_tells_the_same() {
    let office = open().await;
    let desk = Desk::with_proposal(&office).await;
    let sealed = desk.sealed();
    let (one, two) = tokio::join!(desk.sends("file", &sealed), desk.sends("file", &sealed));
    let later = desk.sends("file", &sealed).await;
    assert_eq!(number(&one.body), number(&two.body));
    assert_eq!(number(&one.body), number(&later.body));
    assert_eq!(office.wecom.calls("oa/applyevent").len(), 1);
    office.hears("zhangwei", &number(&one.body)).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_told_as_it_is_and_a_refusal_keeps_what_was_entered() {
    let office = open().await;
    let mut desk = Desk::with_proposal(&office).await;
    office
        .wecom
        .fault(Fault::new("oa/applyevent", FaultKind::Errcode { errcode: 301_055 }).times(1));
    assert_eq!(desk.presses("file").await, 502);
    desk.reads("没有提交成功");
    desk.reads("错误码 301055");
    desk.reads("quote.depth10");
    office
        .wecom
        .fault(Fault::new("oa/applyevent", FaultKind::LostAnswer).times(1));
    let sealed = desk.sealed();
    assert_eq!(desk.presses("file").await, 502);
    desk.reads("请先在企业微信“审批”的“我的申请”中查看");
    let again = desk.sends("file", &sealed).await;
    assert!(again.body.contains("不确定是否已提交"), "{}", again.body);
    assert_eq!(
        office.wecom.calls("oa/applyevent").len(),
        2,
        "nothing is repeated by itself"
    );
    office.wecom.settle(PATIENCE).await.unwrap();
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_shown_and_filed_only_when_confirmed() {
    let office = open().await;
    let mut desk = Desk::with_proposal(&office).await;
    desk.enters("title", "行情优化上线");
    desk.enters("rollback", "无");
    desk.presses("judge").await;
    desk.reads("不合规");
    desk.reads("id=\"fix-title\"");
    desk.reads("仍要提交");
    assert_eq!(desk.presses("file").await, 422);
    desk.reads("没有提交：还有不合规项");
    desk.reads("value=\"行情优化上线\"");
    assert_eq!(office.wecom.calls("oa/applyevent").len(), 0);
    desk.enters("confirmed", "yes");
    assert_eq!(desk.presses("file").await, 200);
    let verdict = office.hears("zhangwei", &number(&desk.page)).await;
    assert!(verdict.contains("不合规"), "{verdict}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_time_is_judged_by_its_own_rules() {
    let office = open().await;
    let mut desk = Desk::with_proposal(&office).await;
    desk.enters("at", "2026-11-24T15:30");
    desk.presses("judge").await;
    desk.reads("2026-11-24 周二 15:30");
    desk.reads("15:00 前发起");
    desk.reads("仍要提交");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_jira_the_form_is_typed_and_what_was_typed_stays() {
    let office = open().await;
    office
        .wecom
        .fault(Fault::new("jira/*", FaultKind::Status { status: 503 }));
    let mut desk = Desk::of(&office, "zhangwei").await;
    desk.enters("keys", "QUOTE-1024");
    desk.enters("title", "行情系统港股十档行情功能上线变更");
    assert_eq!(desk.presses("propose").await, 200);
    desk.reads("没有从 JIRA 取得数据，表单未改动");
    desk.reads("value=\"行情系统港股十档行情功能上线变更\"");
    desk.enters("keys", "没有单号");
    desk.presses("propose").await;
    desk.reads("请填写 JIRA 单后再生成");
    desk.enters("at", "昨天");
    desk.enters("tester", "无名氏");
    assert_eq!(desk.presses("judge").await, 422);
    desk.reads("“评审时刻”填写的是：昨天");
    desk.reads("“测试同事”填写的是：无名氏");
    desk.reads("value=\"行情系统港股十档行情功能上线变更\"");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_come_from_the_members_own_page_is_refused() {
    let office = open().await;
    let desk = Desk::with_proposal(&office).await;
    let other = Desk::of(&office, "wulei").await;
    let own = desk.sealed();
    let nonce = own[1].clone();
    for sealed in [
        vec![],
        vec![("token", input(&other.page, "token")), nonce.clone()],
        vec![own[0].clone(), ("nonce", "short".to_owned())],
    ] {
        let refused = desk.sends("file", &sealed).await;
        assert_eq!(refused.status, 403, "{}", refused.body);
        assert!(refused.body.contains("quote.depth10"), "what was entered is kept");
    }
    office.wecom.forget_cookies("zhangwei");
    let signed_out = desk.sends("file", &own).await;
    assert_eq!(signed_out.status, 401);
    assert!(signed_out.body.contains("quote.depth10"), "{}", signed_out.body);
    assert_eq!(office.wecom.calls("oa/applyevent").len(), 0);
    office.close().await;
}

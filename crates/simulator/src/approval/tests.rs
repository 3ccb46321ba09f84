//! What people may do with an approval, and where it stands then.

use super::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_500_000 + minute * 60, 0).unwrap()
}

fn approval(nodes: &[(SignMode, &[&str])]) -> Approval {
    Approval {
        sp_no: "202611240001".to_owned(),
        template_id: "TPL".to_owned(),
        sp_name: "生产上线变更".to_owned(),
        status: FormStatus::InProgress,
        apply_time: at(0),
        applicant: "zhangwei".to_owned(),
        party: 2,
        contents: Vec::new(),
        nodes: nodes
            .iter()
            .map(|(mode, members)| {
                let members: Vec<String> = members.iter().map(|userid| (*userid).to_owned()).collect();
                Node::new("节点", NodeKind::Approver, *mode, &members)
            })
            .collect(),
        comments: Vec::new(),
    }
}

fn approve() -> Action {
    Action::Approve {
        speech: "同意".to_owned(),
    }
}

#[test]
fn a_form_passes_when_its_last_node_has_signed() {
    let mut form = approval(&[
        (SignMode::Any, &["liqiang", "hejun"]),
        (SignMode::All, &["sunli", "zhaolei"]),
    ]);
    assert_eq!(form.act("hejun", &approve(), at(1)), Ok(ChangeKind::Approved));
    assert_eq!(
        form.act("liqiang", &approve(), at(2)),
        Err(Refusal::NotYourTurn("liqiang".to_owned()))
    );
    form.act("zhaolei", &approve(), at(3)).unwrap();
    assert_eq!(form.status, FormStatus::InProgress);
    form.act("SunLi", &approve(), at(4)).unwrap();
    assert_eq!(form.status, FormStatus::Approved);
    assert_eq!(
        form.act("zhangwei", &Action::WithdrawAfterPass, at(5)),
        Ok(ChangeKind::WithdrawnAfterPass)
    );
    assert_eq!(form.status, FormStatus::WithdrawnAfterPass);
}

#[test]
fn a_sequential_node_keeps_its_order() {
    let mut form = approval(&[(SignMode::Sequential, &["liqiang", "sunli"])]);
    assert!(form.act("sunli", &approve(), at(1)).is_err());
    form.act("liqiang", &approve(), at(2)).unwrap();
    form.act("sunli", &approve(), at(3)).unwrap();
    assert_eq!(form.status, FormStatus::Approved);
}

#[test]
fn a_transferred_turn_is_the_others() {
    let mut form = approval(&[(SignMode::All, &["liqiang"])]);
    let transfer = Action::Transfer {
        to: "hejun".to_owned(),
        speech: String::new(),
    };
    assert_eq!(form.act("liqiang", &transfer, at(1)), Ok(ChangeKind::Transferred));
    assert!(!form.awaits("liqiang") && form.awaits("hejun"));
    form.act("hejun", &approve(), at(2)).unwrap();
    assert_eq!(form.status, FormStatus::Approved);
}

#[test]
fn an_added_signer_must_sign_and_then_the_one_who_added() {
    let mut form = approval(&[(SignMode::Any, &["liqiang"])]);
    let add = Action::AddSigner {
        to: "hejun".to_owned(),
        speech: String::new(),
    };
    assert_eq!(form.act("liqiang", &add, at(1)), Ok(ChangeKind::SignerAdded));
    form.act("hejun", &approve(), at(2)).unwrap();
    assert_eq!(form.status, FormStatus::InProgress);
    form.act("liqiang", &approve(), at(3)).unwrap();
    assert_eq!(form.status, FormStatus::Approved);
}

#[test]
fn a_returned_form_comes_back_to_the_node_that_returned_it() {
    let mut form = approval(&[(SignMode::Any, &["liqiang"]), (SignMode::Any, &["zhaolei"])]);
    form.act("liqiang", &approve(), at(1)).unwrap();
    let back = Action::Return {
        to: Some("liqiang".to_owned()),
        speech: "标题不规范".to_owned(),
    };
    assert_eq!(form.act("zhaolei", &back, at(2)), Ok(ChangeKind::Returned));
    assert!(form.awaits("liqiang") && !form.awaits("zhaolei"));
    form.act("liqiang", &approve(), at(3)).unwrap();
    assert!(form.awaits("zhaolei"));

    let back = Action::Return {
        to: None,
        speech: String::new(),
    };
    form.act("zhaolei", &back, at(4)).unwrap();
    assert!(form.is_returned_to_applicant() && !form.awaits("zhaolei"));
    form.resubmit("zhangwei", Vec::new()).unwrap();
    assert!(form.awaits("zhaolei"));
}

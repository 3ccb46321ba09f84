//! Departments, tags, members and the app's menu, as the real client gets them.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use changegate_simulator::{
    Department, Fault, FaultKind, PressOutcome, Settings, Simulator, Standing, Tag, forms,
};
use changegate_wecom::client::{Menu, MenuButton, UserStatus, http_client};
use changegate_wecom::{Client, Settings as AppSettings};
use secrecy::SecretString;
use serde_json::json;

async fn stage() -> (Simulator, Client) {
    let sim = Simulator::start(Settings::demo()).await.unwrap();
    let app = sim.settings();
    let settings = AppSettings::new(
        &sim.base_url(),
        &app.corp_id,
        SecretString::from(app.secret.clone()),
        i64::from(app.agent_id),
    );
    let client = Client::new(settings, http_client().unwrap());
    (sim, client)
}

async fn members_of(client: &Client, department: i64) -> Vec<String> {
    let members = client.user_simplelist(department).await.unwrap();
    members.into_iter().map(|member| member.userid).collect()
}

#[tokio::test]
async fn the_tree_is_walked_department_by_department() {
    let (_sim, client) = stage().await;
    let places = client.department_simplelist(Some(6)).await.unwrap();
    let ids: Vec<(i64, Option<i64>)> = places.iter().map(|place| (place.id, place.parentid)).collect();
    assert_eq!(
        ids,
        [
            (2, Some(6)),
            (3, Some(6)),
            (4, Some(6)),
            (5, Some(6)),
            (6, Some(1))
        ]
    );
    let group = client.department_get(2).await.unwrap();
    assert_eq!(
        (group.name.as_str(), group.department_leader),
        ("行情组", vec!["liqiang".to_owned()])
    );
    assert_eq!(members_of(&client, 2).await, ["zhangwei", "zhouyang", "liqiang"]);
    assert_eq!(members_of(&client, 6).await, ["huangtao", "guoming", "yexin"]);
    assert_eq!(client.department_list(None).await.unwrap().len(), 7);
    assert_eq!(client.department_list(Some(6)).await.unwrap().len(), 5);
    let unknown = client.department_get(99).await.unwrap_err();
    assert_eq!(unknown.errcode(), Some(60_123));
}

#[tokio::test]
async fn leaders_are_told_by_the_department_and_by_the_member() {
    let (_sim, client) = stage().await;
    let leader = client.user_get("LiQiang").await.unwrap();
    assert_eq!(leader.leads().collect::<Vec<_>>(), [2]);
    assert_eq!(leader.direct_leader, ["guoming"]);
    let member = client.user_get("zhangwei").await.unwrap();
    assert_eq!(member.standing(), UserStatus::Active);
    assert_eq!(
        (member.leads().count(), member.direct_leader),
        (0, vec!["liqiang".to_owned()])
    );
}

#[tokio::test]
async fn a_tag_names_members_and_departments() {
    let (sim, client) = stage().await;
    let names = client.tag_list().await.unwrap();
    let ccb = names.iter().find(|tag| tag.name == "CCB 组").unwrap();
    let ccb = client.tag_get(ccb.id).await.unwrap();
    assert_eq!(ccb.users.first().unwrap().userid, "huangtao");
    assert_eq!(client.tag_get(4).await.unwrap().departments, [7]);
    sim.add_tag(Tag {
        id: 1,
        name: "CCB 组".to_owned(),
        members: vec!["zhaolei".to_owned(), "guoming".to_owned()],
        departments: Vec::new(),
    });
    let changed = client.tag_get(1).await.unwrap();
    assert_eq!(changed.users.len(), 2);
    let unknown = client.tag_get(99).await.unwrap_err();
    assert_eq!(unknown.errcode(), Some(40_068));
}

#[tokio::test]
async fn who_left_is_answered_with_status_five_and_who_was_removed_is_unknown() {
    let (sim, client) = stage().await;
    sim.member_leaves("chenjing");
    sim.set_standing("linfeng", Standing::Removed);
    sim.set_standing("songjia", Standing::Disabled);
    assert_eq!(
        client.user_get("chenjing").await.unwrap().standing(),
        UserStatus::Left
    );
    assert!(client.user_get("linfeng").await.unwrap_err().is_no_such_user());
    assert!(client.user_get("nobody").await.unwrap_err().is_no_such_user());
    assert_eq!(members_of(&client, 5).await, ["songjia"]);
    assert!(client.tag_get(2).await.unwrap().users.is_empty());
    let body = json!({"touser": "chenjing|songjia", "msgtype": "text", "agentid": client.agent_id(),
        "text": {"content": "在吗"}});
    let sent = client.send_message(body.to_string()).await.unwrap();
    assert_eq!(sent.missed_users().collect::<Vec<_>>(), ["chenjing"]);
    let form = forms::corrected(sim.clock().now());
    assert!(sim.submit("chenjing", &form).is_err());
    let stranger = client
        .auth_getuserinfo(&sim.login_code("chenjing"))
        .await
        .unwrap();
    assert_eq!(stranger.userid(), None);
}

#[tokio::test]
async fn who_moves_is_found_in_the_new_department_and_its_flow() {
    let (sim, client) = stage().await;
    sim.move_member("zhangwei", &[3, 2]);
    let moved = client.user_get("zhangwei").await.unwrap();
    assert_eq!((moved.department, moved.main_department), (vec![3, 2], Some(3)));
    assert_eq!(moved.direct_leader, ["hejun"]);
    let sp_no = sim
        .submit("zhangwei", &forms::corrected(sim.clock().now()))
        .unwrap();
    let approval = sim.approval(&sp_no).unwrap();
    assert_eq!(
        approval.nodes.first().unwrap().signers.first().unwrap().userid,
        "hejun"
    );
    sim.set_departments(vec![Department {
        id: 1,
        name: "示例证券".to_owned(),
        parent: 0,
        leaders: Vec::new(),
    }]);
    assert_eq!(client.user_get("zhangwei").await.unwrap().department, [1]);
}

#[tokio::test]
async fn a_message_to_a_tag_reaches_its_departments() {
    let (sim, client) = stage().await;
    let body = json!({"totag": "4|99", "msgtype": "text", "agentid": client.agent_id(), "text": {"content": "值班"}});
    client.send_message(body.to_string()).await.unwrap();
    assert_eq!(sim.messages_to("machao").len(), 1);
    assert_eq!(sim.messages_to("zhangwei").len(), 0);
}

#[tokio::test]
async fn the_directory_is_steered_over_http_too() {
    let (sim, client) = stage().await;
    let at = |path: &str| format!("{}/sim/api{path}", sim.base_url());
    let http = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap();
    let put = |path: &str, body: serde_json::Value| http.put(at(path)).json(&body).send();
    put("/members/chenjing/standing", json!({"standing": "left"}))
        .await
        .unwrap()
        .error_for_status()
        .unwrap();
    put("/members/linfeng/departments", json!({"departments": [4]}))
        .await
        .unwrap()
        .error_for_status()
        .unwrap();
    let tag = json!({"id": 9, "name": "值班", "members": ["machao"]});
    http.post(at("/tags")).json(&tag).send().await.unwrap();
    assert_eq!(members_of(&client, 5).await, ["songjia"]);
    assert_eq!(client.user_get("linfeng").await.unwrap().department, [4]);
    assert_eq!(client.tag_get(9).await.unwrap().name, "值班");
}

#[tokio::test]
async fn directory_calls_meet_the_faults_that_are_asked_for() {
    let (sim, client) = stage().await;
    sim.fault(Fault::new("tag/get", FaultKind::Garbage).times(1));
    sim.fault(Fault::new("user/simplelist", FaultKind::Errcode { errcode: 60_011 }).times(1));
    client.tag_get(1).await.unwrap_err();
    assert_eq!(
        client.user_simplelist(2).await.unwrap_err().errcode(),
        Some(60_011)
    );
    client.tag_get(1).await.unwrap();
    sim.fault(Fault::new("user/get", FaultKind::Errcode { errcode: 60_111 }).for_member("zhangwei"));
    assert!(client.user_get("zhangwei").await.unwrap_err().is_no_such_user());
    client.user_get("liqiang").await.unwrap();
}

#[tokio::test]
async fn the_menu_is_created_read_back_pressed_and_shown_on_the_phone() {
    let (sim, client) = stage().await;
    assert_eq!(client.menu_get().await.unwrap(), []);
    let page = format!("{}/sim/api/people", sim.base_url());
    let below = vec![MenuButton::click("值班表", "duty")];
    let menu = Menu::new(vec![
        MenuButton::view("发起预检", &page),
        MenuButton::group("更多", below),
    ])
    .unwrap();
    client.menu_create(&menu).await.unwrap();
    assert_eq!(client.menu_get().await.unwrap(), menu.buttons());
    let items = sim.menu();
    assert_eq!(items.first().unwrap().url, page);
    assert_eq!(sim.open_link("zhangwei", &page).await.unwrap().status, 200);
    assert_eq!(sim.press_menu("zhangwei", "值班表"), PressOutcome::Sent);
    assert_eq!(sim.press_menu("zhangwei", "没有"), PressOutcome::NoSuchButton);
    assert_eq!(
        sim.callbacks().last().unwrap().event,
        "menu click 值班表 zhangwei"
    );
    let phone = format!("{}/?as=zhangwei&tab=messages", sim.base_url());
    let shown = sim.open_link("zhangwei", &phone).await.unwrap().body;
    assert!(shown.contains(&format!(
        "<a href=\"{page}\" target=\"_blank\" rel=\"noreferrer\">发起预检</a>"
    )));
    assert!(shown.contains("value=\"值班表\""));
}

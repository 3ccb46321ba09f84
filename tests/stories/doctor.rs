//! `changegate doctor` beside a running bot: what it says of JIRA, the registry and the directory, well and ill.

use std::process::Command;

use changegate_simulator::{Fault, FaultKind};

use crate::directory::FROM_WECOM;
use crate::docker_registry::DockerRegistry;
use crate::office::{Office, Setup};

impl Office {
    /// What `changegate doctor` prints.
    pub(crate) async fn doctor(&self) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_changegate"));
        command.args(["doctor", "--config"]).arg(self.config_file());
        let output = tokio::task::spawn_blocking(move || command.output());
        String::from_utf8(output.await.unwrap().unwrap().stdout).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_well_and_what_is_ill_is_told_with_the_step_that_mends_it() {
    let mut registry = DockerRegistry::start();
    let office = Setup::plain()
        .with_jira_hook()
        .directory(FROM_WECOM)
        .config(&registry.config())
        .open()
        .await;
    let host = registry.host.clone();
    let told = office.doctor().await;
    for line in [
        "✓ JIRA：已登录为 changegate，接收网络钩子",
        &format!("✓ 镜像仓库 {host}：已连接"),
        "✓ 通讯录：已刷新，组长与各角色共 13 人，都在职",
    ] {
        assert!(told.contains(line), "{line} is not in {told}");
    }
    registry.stop();
    let refused = FaultKind::Status { status: 401 };
    office.wecom.fault(Fault::new("jira/myself", refused));
    office.wecom.member_leaves("wangfang");
    let told = office.doctor().await;
    for line in [
        "✗ JIRA：JIRA 令牌或密码无效，或无权限（401）",
        "检查 jira.token（或 jira.user 与 jira.password）是否有效、是否可以浏览项目",
        &format!("✗ 镜像仓库 {host}："),
        "检查 registry.hosts，以及本机能否访问它",
        "✗ 通讯录：已离职或停用：wangfang，不再作为组长或角色",
        "在政策文件或企业微信的部门负责人、标签里换上接替的人",
    ] {
        assert!(told.contains(line), "{line} is not in {told}");
    }
    office
        .wecom
        .fault(Fault::new("department/*", FaultKind::Errcode { errcode: 60_011 }));
    let told = office.doctor().await;
    assert!(
        told.contains("✗ 通讯录：企业微信没有给出通讯录") && told.contains("沿用"),
        "{told}"
    );
    office.close().await;
}

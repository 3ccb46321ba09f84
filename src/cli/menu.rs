//! `changegate menu`: the app's menu in WeCom, which leads to the pages that people open of themselves.

use std::process::ExitCode;

use anyhow::Context as _;
use changegate_wecom::client::{Menu, MenuButton};
use url::Url;

use super::Global;
use super::output::out;
use crate::app;
use crate::config::Config;

/// Sets the menu, unless it is so already. Exit status 0, or 1 with the reason.
pub async fn run(global: &Global) -> anyhow::Result<ExitCode> {
    let config = global.layers()?.config()?;
    out(if set(&config).await? {
        "菜单已设置：新建变更、我的待办（成员重新进入应用后可见）\n"
    } else {
        "菜单已经是这样，未改动\n"
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Sets the menu; answers whether it was another one before.
pub(super) async fn set(config: &Config) -> anyhow::Result<bool> {
    let menu = menu(&config.server.public_url)?;
    let client = app::client(&config.wecom)?;
    let before = client.menu_get().await.context("企业微信没有给出现有菜单")?;
    if before == menu.buttons() {
        return Ok(false);
    }
    client.menu_create(&menu).await.context("菜单没有设置成")?;
    Ok(true)
}

fn menu(public_url: &Url) -> anyhow::Result<Menu> {
    let page = |path: &str| format!("{}/{path}", public_url.as_str().trim_end_matches('/'));
    Menu::new(vec![
        MenuButton::view("新建变更", page("draft")),
        MenuButton::view("我的待办", page("me")),
    ])
    .context("server.public_url 太长，放不进菜单")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_leads_to_the_pages_under_the_public_address() {
        let menu = menu(&Url::parse("https://gate.example.com/cg/").unwrap()).unwrap();
        let said = format!("{:?}", menu.buttons());
        assert!(
            said.contains("https://gate.example.com/cg/draft") && said.contains("/cg/me"),
            "{said}"
        );
    }
}

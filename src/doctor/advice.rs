//! What an error code of WeCom's means for whoever runs the bot, in the words of WeCom's admin console.
//!
//! A table and nothing else: no code is ever guessed from `errmsg`, of which only the address after "from ip"
//! is read, since it is what has to be typed into the console.

use std::borrow::Cow;

/// What is wrong, and the step that mends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Advice {
    /// What WeCom means.
    pub(crate) meaning: &'static str,
    /// Where to click.
    pub(crate) step: &'static str,
}

const fn advice(meaning: &'static str, step: &'static str) -> Advice {
    Advice { meaning, step }
}

/// The advice on an error code.
pub(crate) fn explain(errcode: i64) -> Advice {
    match errcode {
        -1 => advice(
            "企业微信系统繁忙",
            "稍后再试；持续出现时查看企业微信开发者中心的公告",
        ),
        40001 => advice(
            "Secret 不对、已被重置，或应用已停用",
            "企业微信管理后台 → 应用管理 → 自建应用 → Secret → 查看，把新的 Secret 写入 wecom.secret；不要反复重试，\
             多次用错误的 Secret 会使本机 IP 被封禁一小时",
        ),
        40013 | 2_000_002 => advice(
            "企业 ID 不对",
            "企业微信管理后台 → 我的企业 → 企业信息 → 企业ID，写入 wecom.corp_id",
        ),
        40014 | 42001 => advice(
            "access_token 无效或已过期",
            "变更闸会自动换新；持续出现时检查是否有别的系统在重置同一个应用的 Secret",
        ),
        40056 | 301_002 => advice(
            "AgentId 与 Secret 不属于同一个应用",
            "企业微信管理后台 → 应用管理 → 自建应用，把同一页上的 AgentId 与 Secret 分别写入 wecom.agent_id 与 wecom.secret",
        ),
        43009 => advice(
            "企业尚未认证",
            "企业微信管理后台 → 我的企业 → 企业信息 → 企业认证",
        ),
        43012 => advice(
            "应用没有配置回调地址，不能发可点击的卡片",
            "企业微信管理后台 → 应用管理 → 自建应用 → 接收消息 → 设置API接收，填写回调配置（URL、Token、EncodingAESKey）",
        ),
        45009 => advice(
            "调用次数超过上限",
            "等待一分钟（小时上限则一小时）后再试；不要在此期间重启重试",
        ),
        45031 => advice(
            "Secret 须重新设置",
            "企业微信管理后台 → 应用管理 → 自建应用 → Secret → 重新获取，写入 wecom.secret",
        ),
        45033 => advice("并发调用过多", "稍后再试；检查是否有别的系统在同时调用同一接口"),
        48001 | 48002 | 48004 | 48005 => advice(
            "应用没有调用这个接口的权限",
            "企业微信管理后台 → 应用管理 → 自建应用，检查应用的权限与可见范围；审批接口另须：应用管理 → 审批 → API → 可调用接口的应用",
        ),
        48006 | 50003 | 50006 => advice(
            "应用已被停用（长期不用也会被停用）",
            "企业微信管理后台 → 应用管理 → 自建应用 → 启用应用",
        ),
        60011 | 50002 | 60111 => advice(
            "成员不在应用的可见范围内，或已离职",
            "企业微信管理后台 → 应用管理 → 自建应用 → 可见范围，加入全部申请人、审批人与要收消息的人",
        ),
        60020 => advice(
            "本机的出口 IP 不在企业可信 IP 之内",
            "企业微信管理后台 → 应用管理 → 自建应用 → 企业可信IP → 配置，加入这个 IP（约一分钟后生效；须先配置可信域名或接收消息服务器 URL）",
        ),
        81013 => advice(
            "收件人全部无效或不在可见范围内",
            "企业微信管理后台 → 应用管理 → 自建应用 → 可见范围，加入收件人",
        ),
        301_025 | 301_026 => advice(
            "审批模板不存在或参数不对",
            "企业微信管理后台 → 应用管理 → 审批 → 生产上线变更 → 编辑，从浏览器地址栏抄下模板 id，写入 wecom.templates",
        ),
        301_055 => advice(
            "应用没有审批接口的权限，或申请人不在可见范围内",
            "企业微信管理后台 → 应用管理 → 审批 → API → 可调用接口的应用，加入本应用；同页的审批数据权限一并打开；\
             再查自建应用的可见范围是否包含全部申请人",
        ),
        301_056 => advice("审批应用已停用", "企业微信管理后台 → 应用管理 → 审批 → 启用应用"),
        301_112 => advice("查询的时间范围太大", "把 wecom.reconcile_days 调小"),
        _ => advice(
            "企业微信拒绝了这次调用",
            "在企业微信开发者中心 → 全局错误码里查这个代码；并检查自建应用的 Secret、可见范围与企业可信IP",
        ),
    }
}

/// The address that WeCom saw, from `… from ip: 203.0.113.7, …`.
pub(crate) fn seen_ip(errmsg: &str) -> Option<&str> {
    let (_, rest) = errmsg
        .split_once("from ip:")
        .or_else(|| errmsg.split_once("from ip："))?;
    let rest = rest.trim_start();
    let end = rest
        .find(|c: char| !(c.is_ascii_hexdigit() || c == '.' || c == ':'))
        .unwrap_or(rest.len());
    let (ip, _) = rest.split_at_checked(end)?;
    let ip = ip.trim_end_matches(['.', ':']);
    ip.parse::<std::net::IpAddr>().is_ok().then_some(ip)
}

/// The advice's step, with the address filled in where WeCom told it.
pub(crate) fn step(errcode: i64, errmsg: &str) -> Cow<'static, str> {
    let step = explain(errcode).step;
    match seen_ip(errmsg) {
        Some(ip) if errcode == 60020 => Cow::Owned(step.replace("这个 IP", &format!(" {ip} "))),
        _ => Cow::Borrowed(step),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_leads_to_its_page_of_the_console() {
        for (code, words) in [
            (40001, "Secret"),
            (40013, "企业ID"),
            (301_002, "AgentId"),
            (43012, "设置API接收"),
            (48002, "可见范围"),
            (50003, "启用应用"),
            (60111, "可见范围"),
            (60020, "企业可信IP"),
            (81013, "可见范围"),
            (301_025, "模板 id"),
            (301_055, "审批 → API → 可调用接口的应用"),
            (301_056, "审批 → 启用应用"),
            (45009, "等待"),
            (99999, "全局错误码"),
        ] {
            let step = explain(code).step;
            assert!(step.contains(words), "{code}: {step}");
        }
    }

    #[test]
    fn the_address_to_be_trusted_is_read_from_the_message() {
        for (errmsg, ip) in [
            (
                "not allow to access from your ip, hint: [17], from ip: 203.0.113.7, more info at …",
                Some("203.0.113.7"),
            ),
            ("from ip: 2001:db8::1, more", Some("2001:db8::1")),
            ("from ip: 203.0.113.7.", Some("203.0.113.7")),
            ("from ip: somewhere", None),
            ("not allow", None),
        ] {
            assert_eq!(seen_ip(errmsg), ip, "{errmsg}");
        }
        assert!(step(60020, "from ip: 203.0.113.7,").contains("加入 203.0.113.7 （"));
        assert!(step(60020, "").contains("加入这个 IP（"));
    }
}

//! `[jira]`: the lists that hold without it, and names as they are compared.

use super::*;

const SHIPPED: &str = Policy::BUILT_IN_TEXT;

/// The shipped file with other lines in place of everything below the hosts.
fn with(lines: &str) -> Result<Policy, String> {
    let (before, rest) = SHIPPED.split_once("\nhosts = [\"jira.yxzq.com\"]\n").unwrap();
    let (_, after) = rest.split_once("# Files that have to be attached").unwrap();
    let text =
        format!("{before}\nhosts = [\"jira.yxzq.com\"]\n{lines}\n# Files that have to be attached{after}");
    Policy::parse(&text, "x").map_err(|error| error.to_string())
}

#[test]
fn the_shipped_file_says_what_holds_without_it() {
    let (shipped, bare) = (Policy::built_in(), with("").unwrap());
    assert_eq!(shipped.jira.uat, bare.jira.uat);
    assert_eq!(shipped.jira.ready, bare.jira.ready);
    assert_eq!(shipped.jira.later, bare.jira.later);
    assert_eq!(shipped.jira.coupled_links, bare.jira.coupled_links);
    assert_eq!(shipped.jira.robots, bare.jira.robots);
    assert_eq!(shipped.ready_status()[0], "待上线");
    assert_eq!(shipped.uat_status()[0], "UAT 验收");
    assert!(shipped.later_status().contains(&"已上线".to_owned()));
}

#[test]
fn states_are_known_whatever_their_blanks_case_width_and_script() {
    let policy = Policy::built_in();
    for (status, standing) in [
        ("UAT 验收", Standing::Uat),
        ("uat验收", Standing::Uat),
        ("ＵＡＴ　驗收", Standing::Uat),
        ("待上线", Standing::Ready),
        (" 待 上線\u{200b}", Standing::Ready),
        ("READY FOR RELEASE", Standing::Ready),
        ("已上線", Standing::Later),
        ("done", Standing::Later),
        ("开发中", Standing::Elsewhere),
        ("待上线评审", Standing::Elsewhere),
        ("", Standing::Elsewhere),
    ] {
        assert_eq!(policy.jira().standing(status), standing, "{status}");
        assert_eq!(policy.is_ready_status(status), standing == Standing::Ready);
    }
}

#[test]
fn a_firm_names_its_own_states_and_they_leave_the_other_lists() {
    let policy = with("uat_status = [\"待发布\", \"业务验收\"]\nrobots = []").unwrap();
    assert_eq!(policy.jira().standing("待發布"), Standing::Uat);
    assert_eq!(policy.jira().standing("UAT 验收"), Standing::Elsewhere);
    assert_eq!(policy.jira().standing("待上线"), Standing::Ready);
    assert!(!policy.ready_status().contains(&"待发布".to_owned()));
    assert!(!policy.jira().is_robot("jira-bot"));
    let words = policy.in_words();
    assert!(words.contains("JIRA 验收中的状态：待发布、业务验收\n"), "{words}");
    assert!(words.contains("JIRA 机器人账号：无\n"), "{words}");
}

#[test]
fn mistakes_in_the_lists_are_refused_where_they_stand() {
    for (lines, message) in [
        ("uat_status = []", "`uat_status` needs at least one state"),
        ("ready_status = []", "`ready_status` needs at least one state"),
        (
            "ready_status = [\"待上线\"]\nlater_status = [\"待 上線\"]",
            "`待 上線` stands in `ready_status` already",
        ),
        ("robots = [\" \"]", "at least one letter"),
        ("coupled_links = [\"—\"]", "at least one letter"),
        ("later_status = [\"\"]", "at least one letter"),
        ("ready_state = [\"待上线\"]", "did you mean `ready_status`?"),
    ] {
        let error = with(lines).unwrap_err();
        assert!(error.contains(message), "{lines}: {error}");
    }
    assert!(with("later_status = []\ncoupled_links = []").is_ok());
}

#[test]
fn robots_are_known_by_whole_names_and_by_words() {
    let policy = Policy::built_in();
    for (name, robot) in [
        ("jira-bot", true),
        ("JiraBot", true),
        ("release_bot", true),
        ("Ｂｏｔ", true),
        ("Automation for Jira", true),
        ("上线机器人", true),
        ("上線機器人", true),
        ("发布自动化 (svc)", true),
        ("abbott", false),
        ("botao.li", false),
        ("自动化测试张三", false),
        ("lili", false),
        ("", false),
        ("---", false),
    ] {
        assert_eq!(policy.jira().is_robot(name), robot, "{name}");
    }
}

#[test]
fn links_couple_in_one_direction() {
    let policy = Policy::built_in();
    for (relation, couples) in [
        ("depends on", true),
        ("Depends On", true),
        ("is blocked by", true),
        ("依賴", true),
        ("blocks", false),
        ("is required by", false),
        ("relates to", false),
        ("", false),
    ] {
        assert_eq!(policy.jira().couples(relation), couples, "{relation}");
    }
}

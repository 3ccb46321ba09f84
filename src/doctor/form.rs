//! Does the form have the controls that the mapping names, and can what they hold be read?
//!
//! Pure: a template's controls in, findings out.

use std::collections::BTreeSet;

use changegate_wecom::approval::TemplateControl;

use super::report::Finding;
use crate::config::Fields;

/// What a field's control may be, by WeCom's own names.
struct Need {
    kinds: &'static [&'static str],
    in_words: &'static str,
    optional: bool,
}

const TEXT: Need = Need {
    kinds: &["Text", "Textarea", "Selector", "Table", "Formula"],
    in_words: "文本、多行文本、选择或明细",
    optional: false,
};
const PERSON: Need = Need {
    kinds: &["Contact"],
    in_words: "成员（不是部门）",
    optional: false,
};
const FILE: Need = Need {
    kinds: &["File"],
    in_words: "附件",
    optional: false,
};
const RELATED: Need = Need {
    kinds: &["RelatedApproval"],
    in_words: "关联审批单",
    optional: false,
};
const TIME: Need = Need {
    kinds: &["Date", "DateRange"],
    in_words: "日期或时间区间",
    optional: true,
};
const MAYBE_TEXT: Need = Need {
    optional: true,
    ..TEXT
};

const CONSOLE: &str = "企业微信管理后台 → 应用管理 → 审批 → 生产上线变更 → 编辑";

/// One finding for each field that is amiss, or one that all is well.
pub(crate) fn check(template: &str, controls: &[TemplateControl], fields: &Fields) -> Vec<Finding> {
    let subject = format!("模板 {template}");
    let mut findings: Vec<_> = fields
        .entries()
        .iter()
        .filter_map(|(key, wanted)| check_field(&subject, controls, key, wanted))
        .collect();
    if !findings
        .iter()
        .any(|finding| matches!(finding, Finding::Bad { .. }))
    {
        findings.insert(
            0,
            Finding::good(subject, format!("{} 个控件，字段映射齐全", controls.len())),
        );
    }
    findings
}

fn check_field(subject: &str, controls: &[TemplateControl], key: &str, wanted: &str) -> Option<Finding> {
    let need = need(key);
    let Some(control) = controls.iter().find(|control| is(control, wanted)) else {
        if need.optional {
            let instead = match key {
                "markets" => "涉及哪些市场按标题和描述中的字样判断",
                _ => "依赖它的检查会跳过",
            };
            let state = format!("表单上没有“{wanted}”（wecom.fields.{key}），{instead}");
            return Some(Finding::off(subject, state));
        }
        let state = format!(
            "表单上没有“{wanted}”（wecom.fields.{key}）；{}",
            nearest(controls, wanted)
        );
        let step = format!("把 wecom.fields.{key} 改成表单上的控件标题或 id，或在{CONSOLE}里加上“{wanted}”");
        return Some(Finding::bad(subject, state, step));
    };
    let kind = control.property.control.as_str();
    let departments = control
        .config
        .contact
        .as_ref()
        .is_some_and(|contact| contact.mode == "department");
    if !need.kinds.contains(&kind) || departments {
        let kind = if departments { "部门" } else { kind };
        let state = format!(
            "“{wanted}”（wecom.fields.{key}）是 {kind} 控件，应为{}",
            need.in_words
        );
        let step = format!(
            "在{CONSOLE}里换成{}控件，或把 wecom.fields.{key} 指向别的控件",
            need.in_words
        );
        return Some(Finding::bad(subject, state, step));
    }
    (key == "urgency")
        .then(|| check_choices(subject, control, wanted))
        .flatten()
}

/// A choice of urgencies must offer both.
fn check_choices(subject: &str, control: &TemplateControl, wanted: &str) -> Option<Finding> {
    let options = &control.config.selector.as_ref()?.options;
    let offers = |word: &str| {
        options
            .iter()
            .any(|option| option.value.iter().any(|text| text.text.contains(word)))
    };
    let missing: Vec<_> = ["正常", "紧急"]
        .into_iter()
        .filter(|word| !offers(word))
        .collect();
    (!missing.is_empty()).then(|| {
        let missing = missing.join("、");
        let state = format!("“{wanted}”没有选项 {missing}");
        Finding::bad(
            subject,
            state,
            format!("在{CONSOLE}里给“{wanted}”加上选项 {missing}"),
        )
    })
}

fn need(key: &str) -> Need {
    match key {
        "product_manager" | "tester" => PERSON,
        "attachments" => FILE,
        "related" => RELATED,
        "planned_time" => TIME,
        "images" | "markets" => MAYBE_TEXT,
        _ => TEXT,
    }
}

fn is(control: &TemplateControl, wanted: &str) -> bool {
    let wanted = wanted.trim();
    control.property.id == wanted
        || control
            .property
            .title
            .iter()
            .any(|title| title.text.trim() == wanted)
}

/// The titles that share most characters with the one that is missing.
fn nearest(controls: &[TemplateControl], wanted: &str) -> String {
    let letters: BTreeSet<char> = wanted.chars().collect();
    let mut titles: Vec<_> = controls
        .iter()
        .map(|control| control.property.title())
        .filter(|title| !title.is_empty())
        .map(|title| (title.chars().filter(|c| letters.contains(c)).count(), title))
        .collect();
    titles.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
    let close = titles.iter().filter(|(shared, _)| *shared > 0).count();
    let shown = if close == 0 { 8 } else { close.min(3) };
    let names: Vec<_> = titles
        .iter()
        .take(shown)
        .map(|(_, title)| format!("“{title}”"))
        .collect();
    match (close, names.is_empty()) {
        (_, true) => "表单上没有任何控件".to_owned(),
        (0, false) => format!("表单上有：{}", names.join("、")),
        (_, false) => format!("相近的有：{}", names.join("、")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn control(kind: &str, title: &str, config: &serde_json::Value) -> TemplateControl {
        serde_json::from_value(json!({
            "property": {"control": kind, "id": format!("{kind}-{title}"), "title": [{"text": title, "lang": "zh_CN"}]},
            "config": config,
        }))
        .unwrap()
    }

    fn form() -> Vec<TemplateControl> {
        let none = json!({});
        let options = json!({"selector": {"type": "single", "options": [
            {"key": "a", "value": [{"text": "正常", "lang": "zh_CN"}]},
            {"key": "b", "value": [{"text": "紧急", "lang": "zh_CN"}]},
        ]}});
        let person = json!({"contact": {"type": "multi", "mode": "user"}});
        vec![
            control("Text", "标题", &none),
            control("Selector", "紧急程度", &options),
            control("Textarea", "升级功能描述", &none),
            control("Textarea", "回退方案", &none),
            control("Contact", "产品经理", &person),
            control("Contact", "测试同事", &person),
            control("Textarea", "中台模块权限及接口", &none),
            control("File", "附件", &none),
            control("RelatedApproval", "关联审批单", &none),
            control("Date", "计划变更时间", &none),
            control("Text", "镜像", &none),
            control("Selector", "涉及市场", &none),
        ]
    }

    fn report(controls: &[TemplateControl], fields: &Fields) -> String {
        check("T", controls, fields)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn the_usual_form_fits_the_default_mapping() {
        assert_eq!(
            report(&form(), &Fields::default()),
            "✓ 模板 T：12 个控件，字段映射齐全\n"
        );
    }

    #[test]
    fn a_control_may_be_named_by_its_id() {
        let fields = Fields {
            title: "Text-标题".to_owned(),
            ..Fields::default()
        };
        assert!(report(&form(), &fields).starts_with('✓'));
    }

    #[test]
    fn a_missing_control_is_named_with_the_closest_titles() {
        let fields = Fields {
            product_manager: "产品负责人".to_owned(),
            ..Fields::default()
        };
        let shown = report(&form(), &fields);
        assert!(
            shown.contains(
                "✗ 模板 T：表单上没有“产品负责人”（wecom.fields.product_manager）；相近的有：“产品经理”"
            ),
            "{shown}"
        );
        assert!(
            shown.contains("修复：把 wecom.fields.product_manager 改成"),
            "{shown}"
        );
        assert!(report(&[], &Fields::default()).contains("表单上没有任何控件"));
    }

    #[test]
    fn what_need_not_be_on_the_form_is_only_mentioned() {
        let mut controls = form();
        controls.truncate(9);
        let shown = report(&controls, &Fields::default());
        assert!(shown.starts_with("✓ 模板 T：9 个控件"), "{shown}");
        assert!(shown.contains("– 模板 T：表单上没有“镜像”"), "{shown}");
        assert!(
            shown.contains(
                "表单上没有“涉及市场”（wecom.fields.markets），涉及哪些市场按标题和描述中的字样判断"
            ),
            "{shown}"
        );
    }

    #[test]
    fn a_control_of_an_unfit_kind_is_named() {
        let mut controls = form();
        controls[0] = control("Number", "标题", &json!({}));
        controls[4] = control(
            "Contact",
            "产品经理",
            &json!({"contact": {"type": "single", "mode": "department"}}),
        );
        controls[1] = control(
            "Selector",
            "紧急程度",
            &json!({"selector": {"type": "single", "options": []}}),
        );
        let shown = report(&controls, &Fields::default());
        assert!(
            shown.contains("“标题”（wecom.fields.title）是 Number 控件，应为文本"),
            "{shown}"
        );
        assert!(
            shown.contains("“产品经理”（wecom.fields.product_manager）是 部门 控件，应为成员（不是部门）"),
            "{shown}"
        );
        assert!(shown.contains("“紧急程度”没有选项 正常、紧急"), "{shown}");
    }
}

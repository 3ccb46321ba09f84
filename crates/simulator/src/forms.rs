//! Two ready-made forms for demonstrations: one with the mistakes that people really make, and the same change
//! filled in as the regulation asks.

use chrono::{DateTime, Utc};
use chrono_tz::Asia::Shanghai;

use crate::form::{Form, FormFile};

/// A form with typical mistakes: a free title, an item without its regression test and with a bare issue key,
/// and a brush-off for a rollback plan.
pub fn faulty(planned_time: DateTime<Utc>) -> Form {
    const IMAGE: &str = "quote-gateway:v2.9.0";
    let description = "1、港股十档行情功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/QUOTE-1024；\n\
         2、盘口刷新提速功能，已通过 UAT 验收；JIRA 单：QUOTE-1031；";
    Form {
        title: "行情优化上线".to_owned(),
        urgency: "正常".to_owned(),
        description: description.to_owned(),
        rollback: "无".to_owned(),
        product_managers: vec!["chenjing".to_owned()],
        testers: vec!["wangfang".to_owned()],
        middle_platform: String::new(),
        files: vec![change_plan(description, IMAGE, planned_time)],
        related: Vec::new(),
        planned_time: Some(planned_time),
        images: IMAGE.to_owned(),
    }
}

/// The same change, filled in without a fault. `planned_time` should lie in a change window.
pub fn corrected(planned_time: DateTime<Utc>) -> Form {
    Form {
        title: "行情系统港股十档行情功能上线变更".to_owned(),
        description: "1、港股十档行情功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/QUOTE-1024；\n\
                      2、盘口刷新提速功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/QUOTE-1031；"
            .to_owned(),
        rollback: "如异常，将 quote-gateway 镜像回滚至 v2.8.3（kubectl rollout undo deployment/quote-gateway），\
                   并关闭开关 quote.depth10，约 5 分钟恢复。"
            .to_owned(),
        ..faulty(planned_time)
    }
}

/// The change plan list that goes with a form: its items and their issues.
pub fn change_plan(description: &str, images: &str, planned_time: DateTime<Utc>) -> FormFile {
    let day = planned_time.with_timezone(&Shanghai).date_naive();
    FormFile::new(
        "变更计划清单.xlsx",
        &crate::xlsx::plan_of(description, images, day),
    )
}

//! Which control of the approval form holds what: titles, or ids, of controls.

/// `[wecom.fields]`, merged key by key with the defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// 标题.
    pub title: String,
    /// 紧急程度.
    pub urgency: String,
    /// 升级功能描述.
    pub description: String,
    /// 回退方案.
    pub rollback: String,
    /// 产品经理.
    pub product_manager: String,
    /// 测试同事.
    pub tester: String,
    /// 中台模块权限及接口.
    pub middle_platform: String,
    /// 附件.
    pub attachments: String,
    /// 关联审批单.
    pub related: String,
    /// 计划变更时间; need not be on the form.
    pub planned_time: String,
    /// 镜像; need not be on the form.
    pub images: String,
    /// 涉及市场; need not be on the form.
    pub markets: String,
}

impl Default for Fields {
    fn default() -> Self {
        Self {
            title: "标题".to_owned(),
            urgency: "紧急程度".to_owned(),
            description: "升级功能描述".to_owned(),
            rollback: "回退方案".to_owned(),
            product_manager: "产品经理".to_owned(),
            tester: "测试同事".to_owned(),
            middle_platform: "中台模块权限及接口".to_owned(),
            attachments: "附件".to_owned(),
            related: "关联审批单".to_owned(),
            planned_time: "计划变更时间".to_owned(),
            images: "镜像".to_owned(),
            markets: "涉及市场".to_owned(),
        }
    }
}

impl Fields {
    /// Each key below `[wecom.fields]`, with the title or id it maps to.
    pub fn entries(&self) -> [(&'static str, &str); 12] {
        [
            ("title", &self.title),
            ("urgency", &self.urgency),
            ("description", &self.description),
            ("rollback", &self.rollback),
            ("product_manager", &self.product_manager),
            ("tester", &self.tester),
            ("middle_platform", &self.middle_platform),
            ("attachments", &self.attachments),
            ("related", &self.related),
            ("planned_time", &self.planned_time),
            ("images", &self.images),
            ("markets", &self.markets),
        ]
    }
}

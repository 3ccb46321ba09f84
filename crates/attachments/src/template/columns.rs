//! The columns of each workbook, with what belongs into them.

use super::{PlanRow, Template};

/// A column.
pub(super) struct Column {
    /// Its heading.
    pub(super) heading: &'static str,
    /// Its width in characters.
    pub(super) width: u16,
    /// Whether a row is of no use without it.
    pub(super) is_needed: bool,
    /// What belongs into it.
    pub(super) note: &'static str,
    /// What it is chosen from; empty where it is free.
    pub(super) choices: &'static [&'static str],
}

const fn column(heading: &'static str, width: u16, note: &'static str) -> Column {
    Column {
        heading,
        width,
        is_needed: false,
        note,
        choices: &[],
    }
}

impl Column {
    const fn needed(mut self) -> Self {
        self.is_needed = true;
        self
    }

    const fn one_of(mut self, choices: &'static [&'static str]) -> Self {
        self.choices = choices;
        self
    }
}

const CHANGE_PLAN: [Column; 11] = [
    column("序号", 6, "从 1 开始的行号。只有序号的行不算填写。"),
    column(
        "功能",
        32,
        "这一项变更升级了什么，一项一行，与审批单的升级功能描述一致。",
    )
    .needed(),
    column(
        "JIRA 单",
        16,
        "对应的 JIRA 单号，大写，例：项目-编号；多个单号用顿号隔开，须与审批单一致。",
    )
    .needed(),
    column(
        "系统/模块",
        20,
        "被变更的系统和模块，与审批单标题中的系统名一致。",
    )
    .needed(),
    column(
        "变更内容（镜像/脚本/配置）",
        44,
        "完整的镜像名和标签、脚本文件名或配置项；提交后不得再改。",
    )
    .needed(),
    column("目标版本", 16, "升级后的版本号。"),
    column(
        "执行顺序",
        10,
        "同一窗口内的先后，数字小的先执行；可并行的填同一个数字。",
    ),
    column(
        "回退方案",
        36,
        "失败时怎样恢复：动作加对象，写明回到哪个版本、脚本或开关。",
    )
    .needed(),
    column("负责人", 12, "变更期间能联系到的人。").needed(),
    column("关联流程", 20, "其他组同时发布时，对方审批单的编号。"),
    column("备注", 24, "其他需要说明的事。"),
];

const PERMISSION_REGISTER: [Column; 10] = [
    column("序号", 6, "从 1 开始的行号。只有序号的行不算填写。"),
    column("系统", 20, "要配置权限的系统。").needed(),
    column("角色", 20, "得到或失去权限的角色。").needed(),
    column("菜单/权限点", 32, "菜单路径或权限点编码，一项一行。").needed(),
    column("接口", 36, "涉及的中台接口，写方法和路径；没有则留空。"),
    column("变更类型", 12, "从列表中选择：新增、修改或删除。")
        .needed()
        .one_of(&["新增", "修改", "删除"]),
    column("申请人", 12, "提出权限的人。").needed(),
    column("配置人", 12, "权限配置岗，实际配置的人。"),
    column("生效时间", 18, "希望生效的日期和时间，写作 2026-11-24 20:00。"),
    column("备注", 24, "其他需要说明的事。"),
];

/// The columns of a workbook, from the left.
pub(super) const fn of(template: Template) -> &'static [Column] {
    match template {
        Template::ChangePlan => &CHANGE_PLAN,
        Template::PermissionRegister => &PERMISSION_REGISTER,
    }
}

/// A row of the change plan, cell by cell behind 序号.
pub(super) fn plan(row: &PlanRow) -> Vec<&str> {
    vec![
        &row.feature,
        &row.jira_key,
        &row.system,
        &row.image,
        "",
        "",
        &row.rollback,
        &row.owner,
    ]
}

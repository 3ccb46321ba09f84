//! The words by which people announce another image, or say that they do not. All are as normalised text has them:
//! narrow, small, simplified.

/// What makes a clause one about images.
pub(super) const SUBJECTS: [&str; 2] = ["镜像", "版本"];

/// The same in Latin letters, which stand apart.
pub(super) const LATIN_SUBJECTS: [&str; 4] = ["image", "images", "tag", "tags"];

/// What leads from the old tag to the new one.
pub(super) const CHANGING: [&str; 22] = [
    "改为",
    "改成",
    "改用",
    "换成",
    "换为",
    "更新为",
    "更新到",
    "更新至",
    "更新成",
    "升级为",
    "升级到",
    "升级至",
    "调整为",
    "调整到",
    "变更为",
    "替换为",
    "替换成",
    "更正为",
    "->",
    "=>",
    "→",
    "⇒",
];

/// What else stands before a new tag.
pub(super) const ANNOUNCING: [&str; 13] = [
    "更换",
    "修正为",
    "重新打包",
    "重新构建",
    "重新打",
    "新镜像",
    "新版本",
    "新的镜像",
    "新tag",
    "新的tag",
    "请用",
    "请发",
    "使用",
];

/// What may stand behind the new tag.
pub(super) const ANNOUNCING_BEHIND: [&str; 4] = ["为准", "新镜像", "最新镜像", "新的镜像"];

/// What names the image before, or says that nothing changes.
pub(super) const OLD: [&str; 24] = [
    "原来",
    "原先",
    "原镜像",
    "原版本",
    "原tag",
    "原为",
    "原 ",
    "原v",
    "原:",
    "旧",
    "之前",
    "上一版本",
    "上一个版本",
    "上个版本",
    "线上",
    "当前",
    "目前",
    "不变",
    "不改",
    "没改",
    "未改",
    "不动",
    "不是",
    "现网",
];

/// What a clause is about that names the way back.
pub(super) const ROLLBACK: [&str; 6] = ["回滚", "回退", "退回", "回到", "rollback", "roll back"];

/// What denies the word behind it.
pub(super) const DENIALS: [&str; 15] = [
    "不",
    "没",
    "未",
    "别",
    "勿",
    "不用",
    "不要",
    "不会",
    "不需要",
    "不必",
    "无需",
    "无须",
    "没有",
    "不再",
    "不能",
];

/// What only looks like a denial: it asks.
pub(super) const ASKING: [&str; 4] = ["要不要", "用不用", "需不需要", "能不能"];

/// What leaves it open whether something is done.
pub(super) const OPEN: [&str; 20] = [
    "吗",
    "是否",
    "要不要",
    "用不用",
    "需不需要",
    "能不能",
    "能否",
    "可否",
    "是不是",
    "如果",
    "如有",
    "如需",
    "若",
    "假如",
    "万一",
    "倘若",
    "可能",
    "也许",
    "计划",
    "下次",
];

/// What makes it a matter of a later clause too: a way back in case of need.
pub(super) const IN_CASE: [&str; 10] = [
    "如果", "如有", "如需", "若", "万一", "假如", "的话", "时", "需要", "失败",
];

/// Where other images run.
pub(super) const ELSEWHERE: [&str; 8] = [
    "测试环境",
    "开发环境",
    "预发",
    "灰度环境",
    "uat",
    "sit",
    "dev环境",
    "dev 环境",
];

/// What says that the image was built or changed again, though under no new tag.
pub(super) const REBUILT: [&str; 12] = [
    "重新打包",
    "重新构建",
    "重新打了镜像",
    "重新打镜像",
    "重打镜像",
    "更换镜像",
    "更换了镜像",
    "换了镜像",
    "镜像换了",
    "修改镜像",
    "修改了镜像",
    "重新推送了镜像",
];

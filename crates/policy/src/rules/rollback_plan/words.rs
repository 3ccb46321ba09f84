//! The Chinese words of rollback plans, found in one pass.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// What a word does in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Takes something back.
    Action,
    /// Acts only together with what is carried out.
    Carry,
    /// A kind of thing.
    Kind,
    /// A thing that is named by its place in time: 上一版本.
    Previous,
    /// Says nothing about which thing is meant.
    Stop,
    Denial,
    /// Says that there is no plan.
    BrushOff,
    /// Points somewhere else.
    Reference,
    /// Opens a condition.
    Condition,
}

/// A word of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) class: Class,
    pub(super) range: Range<usize>,
}

const WORDS: [(Class, &str); 9] = [
    (
        Class::Action,
        "回滚 回退 恢复 还原 切换 切回 切到 切至 切流 回切 关闭 关掉 关停 关了 调回 改回 置回 设回 撤回 撤销 重启 降级 下线 停用 禁用 \
         停止 停掉 卸载 删除 删掉 清除 删表 删库 清表 替换 换回 重新部署 重部署 重新发布 重发 重新上线 退回 倒回 摘除 屏蔽 置为 设为 设置为 改为 调为 \
         调整为 修改为 更新为 更改为 调至 降至 降到 降为 切为 隐藏 启用 打开 开启 部署 发布上一 覆盖 迁回 导回 回源 回收 反向 下架 恢复为 剔除 \
         转回 调到 调成 调低 改成 设成 置成 切成 改到",
    ),
    (Class::Carry, "执行 运行 跑 使用 采用 调用 导入"),
    (
        Class::Kind,
        "版本 镜像 脚本 开关 表 配置 配置项 数据 数据库 服务 代码 包 安装包 程序包 应用 接口 流量 灰度 灰度比例 程序 系统 文件 环境 \
         分支 补丁 字段 参数 菜单 入口 页面 缓存 索引 任务 定时任务 实例 集群 节点 路由 网关 前端 后端 客户端 域名 证书 备份 快照 语句 命令 \
         模块 功能 组件 容器 规则 记录 权限 库 进程 队列 主题 插件 白名单 黑名单 名单 阈值 链路 通道 线路 机房 策略 模板 资源 账号 制品 标签 线程池 \
         存储过程 视图 触发器 作业 工程 项目",
    ),
    (
        Class::Previous,
        "上一版本 上一个版本 上个版本 上一版 上版 上版本 上一次版本 上次版本 上一稳定版本 上一个稳定版本 前一版本 前一个版本 前一版 前版本 之前版本 \
         之前的版本 旧版本 旧版 老版本 老版 原版本 原有版本 原来版本 原来的版本 历史版本 原先版本 原先的版本 上线前版本 上线前的版本 发布前版本 \
         发布前的版本 变更前版本 变更前的版本 升级前版本 升级前的版本 上线前 发布前 变更前 升级前 更新前 发版前 修改前 上一镜像 上一个镜像 上个镜像 \
         上一版镜像 旧镜像 原镜像 老镜像 之前的镜像 前一镜像 前一个镜像 上一个包 上一包 旧包 老包 原包 旧代码 原代码 旧配置 原配置 老配置 \
         原有配置 旧服务 老服务 旧接口 老接口 原接口 旧逻辑 老逻辑 原逻辑 原有逻辑 旧流程 老流程 旧系统 老系统 旧集群 老集群 原集群 备机 备用机 \
         原有链路 原有通道 原有服务 原有接口 原有系统 原有页面 原有镜像 旧节点 老节点 原节点 备用节点 备用集群 备集群 灾备中心 灾备机房 灾备环境 灾备集群 备用链路 备用通道 备用线路 备用机房 备用服务 备用环境 备用系统 备用库 备库 旧链路 老链路 原链路 旧通道 老通道 旧页面 老页面 原页面 原表 备份表 上一tag 上一个tag 上一发布 上一次发布 \
         上一次上线 上次发布 上次上线 上一个发布 上一个制品 上个发布 上一release 旧数据 原数据 原值 旧值 旧程序 原程序 原状态 蓝环境 绿环境",
    ),
    (
        Class::Stop,
        "将 把 对 至 到 为 的 该 此 这 那 本次 本 此次 这次 相关 相应 对应 所有 全部 整个 全量 全 新 新增 新的 直接 立即 立刻 及时 马上 \
         尽快 随时 进行 做 通过 先 再 并 和 及 或 与 则 需 需要 可 可以 能 请 会 就 即 出现 问题 异常 失败 故障 报错 错误 上线 发布 变更 \
         升级 发版 改动 修改 更新 生产 线上 正式 当前 目前 现有 已有 运维 开发 同事 后 时 前 中 内 在 从 由 给 按 按照 根据 以 用 让 使 \
         稳定 正常 正确 指定 某个 某 个 各 各个 其他 其它 有关 特殊 任何 单独 额外 专门 原 旧 老 上 下 了 是 均 都 也 还 只 仅 只需 只要 \
         即可 就行 操作 处理 方案 计划 预案 流程 步骤 措施 方式 手动 自动 快速 紧急 联系 通知 配合 确认 验证 观察 检查 保证 确保 \
         一个 两个 多个 几个 部分 具体 实际 准备 提前 之前 之后 以后 状态 情况 部署好 影响 用户 业务 发现 如有 有 回退 组 组长 负责人 \
         事先 备好 历史 原始 最新 通用 以前 先前 指定 合适 目标 以往 默认 若干 必要 统一 一并 同时 然后 最后 首先 其次 第一步 第二步 第三步 步",
    ),
    (
        Class::Denial,
        "无需 无须 毋须 不需要 不需 不用 不必 不 无法 不能 不可 不支持 没有 没 未 暂不 暂无 无 勿 不做 不会 非 不予 免",
    ),
    (
        Class::BrushOff,
        "不涉及 未涉及 无涉及 不适用 同上 略 不需要回退 不需要回滚 无需回退 无需回滚 无回退方案 无回滚方案 暂无回退 暂无回滚 没有回退 没有回滚",
    ),
    (
        Class::Reference,
        "见附件 详见附件 参见附件 参考附件 参照附件 附件中 附件里 见附档 详附件 看附件 查看附件 如附件 附件所示 按附件 见文档 详见文档 参见文档 \
         参考文档 见链接 详见链接 见邮件 详见邮件 见wiki 详见wiki 见jira 详见jira 见清单 见变更计划清单 详见变更计划清单 见变更清单 见回退方案 \
         详见回退 见上线方案 见上线文档 见部署文档 见发布文档 见发布计划 附件回退 附件回滚 已附 见飞书 见企业微信 见群",
    ),
    (
        Class::Condition,
        "如果 如 若 一旦 当 倘若 假如 万一 要是 出现 发现 发生 遇到 上线后 发布后",
    ),
];

static MATCHER: LazyLock<(AhoCorasick, Vec<Class>)> = LazyLock::new(|| {
    let mut classes = Vec::new();
    let mut words = Vec::new();
    for (class, list) in WORDS {
        for word in list.split_whitespace() {
            if !words.contains(&word) {
                classes.push(class);
                words.push(word);
            }
        }
    }
    #[expect(
        clippy::expect_used,
        reason = "the words are part of the program, and every test builds them"
    )]
    let matcher = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .expect("a few hundred short words make an automaton");
    (matcher, classes)
});

/// The known words of a clause, the longest first at each place. The clause's blanks count.
pub(super) fn tokens(clause: &str) -> Vec<Token> {
    let (matcher, classes) = &*MATCHER;
    matcher
        .find_iter(clause)
        .filter_map(|found| {
            let class = classes.get(found.pattern().as_usize()).copied()?;
            Some(Token {
                class,
                range: found.range(),
            })
        })
        .collect()
}

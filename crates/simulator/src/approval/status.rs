//! The numbers that WeCom gives to states and changes, and the words it shows for them.

use serde::{Deserialize, Serialize};

/// Where a form stands (`sp_status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormStatus {
    /// 审批中.
    InProgress,
    /// 已通过.
    Approved,
    /// 已驳回.
    Rejected,
    /// 已撤销.
    Withdrawn,
    /// 通过后撤销.
    WithdrawnAfterPass,
    /// 已删除.
    Deleted,
}

impl FormStatus {
    /// WeCom's number.
    pub fn code(self) -> u8 {
        match self {
            Self::InProgress => 1,
            Self::Approved => 2,
            Self::Rejected => 3,
            Self::Withdrawn => 4,
            Self::WithdrawnAfterPass => 6,
            Self::Deleted => 7,
        }
    }

    /// WeCom's word.
    pub fn label(self) -> &'static str {
        match self {
            Self::InProgress => "审批中",
            Self::Approved => "已通过",
            Self::Rejected => "已驳回",
            Self::Withdrawn => "已撤销",
            Self::WithdrawnAfterPass => "通过后撤销",
            Self::Deleted => "已删除",
        }
    }
}

/// What a member did, and where a node stands (`sp_yj`, a node's `sp_status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opinion {
    /// 审批中.
    Pending,
    /// 同意.
    Agreed,
    /// 驳回.
    Rejected,
    /// 转审.
    Transferred,
    /// 退回.
    Returned,
    /// 加签.
    SignerAdded,
    /// 同意并加签.
    AgreedAndSignerAdded,
    /// 办理.
    Handled,
    /// 转交.
    HandedOver,
}

impl Opinion {
    /// WeCom's number.
    pub fn code(self) -> u8 {
        match self {
            Self::Pending => 1,
            Self::Agreed => 2,
            Self::Rejected => 3,
            Self::Transferred => 4,
            Self::Returned => 11,
            Self::SignerAdded => 12,
            Self::AgreedAndSignerAdded => 13,
            Self::Handled => 14,
            Self::HandedOver => 15,
        }
    }

    /// WeCom's word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pending => "审批中",
            Self::Agreed => "已同意",
            Self::Rejected => "已驳回",
            Self::Transferred => "已转审",
            Self::Returned => "已退回",
            Self::SignerAdded => "已加签",
            Self::AgreedAndSignerAdded => "已同意并加签",
            Self::Handled => "已办理",
            Self::HandedOver => "已转交",
        }
    }
}

/// What a node is for (`node_type`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// 审批人.
    #[default]
    Approver,
    /// 抄送.
    Copy,
    /// 办理人.
    Handler,
}

impl NodeKind {
    /// WeCom's number.
    pub fn code(self) -> u8 {
        match self {
            Self::Approver => 1,
            Self::Copy => 2,
            Self::Handler => 3,
        }
    }
}

/// How the members of a node sign. WeCom numbers this in two opposite ways.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignMode {
    /// 或签.
    #[default]
    Any,
    /// 会签.
    All,
    /// 依次审批.
    Sequential,
}

impl SignMode {
    /// `apv_rel` of the process list.
    pub fn process_code(self) -> u8 {
        match self {
            Self::All => 1,
            Self::Any => 2,
            Self::Sequential => 3,
        }
    }

    /// `approverattr` of the legacy record, which knows no sequence.
    pub fn record_code(self) -> u8 {
        match self {
            Self::Any => 1,
            Self::All | Self::Sequential => 2,
        }
    }

    /// WeCom's word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Any => "或签",
            Self::All => "会签",
            Self::Sequential => "依次审批",
        }
    }
}

/// What happened to a form (`StatuChangeEvent`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// 提单.
    Submitted,
    /// 同意.
    Approved,
    /// 驳回.
    Rejected,
    /// 转审.
    Transferred,
    /// 催办.
    Urged,
    /// 撤销.
    Withdrawn,
    /// 通过后撤销.
    WithdrawnAfterPass,
    /// 添加备注.
    Commented,
    /// 回退给指定审批人.
    Returned,
    /// 添加审批人.
    SignerAdded,
    /// 加签并同意.
    AgreedAndSignerAdded,
    /// 已办理.
    Handled,
    /// 已转交.
    HandedOver,
    /// Deleted: WeCom documents no event for it, and none is sent.
    Deleted,
}

impl ChangeKind {
    /// WeCom's number, where it tells of the change at all.
    pub fn code(self) -> Option<u8> {
        Some(match self {
            Self::Submitted => 1,
            Self::Approved => 2,
            Self::Rejected => 3,
            Self::Transferred => 4,
            Self::Urged => 5,
            Self::Withdrawn => 6,
            Self::WithdrawnAfterPass => 8,
            Self::Commented => 10,
            Self::Returned => 11,
            Self::SignerAdded => 12,
            Self::AgreedAndSignerAdded => 13,
            Self::Handled => 14,
            Self::HandedOver => 15,
            Self::Deleted => return None,
        })
    }
}

//! WeCom's numbers for states and happenings, as types. A number that WeCom adds later is kept as `Other`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::lenient;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// Another number; 0 where WeCom gives none.
            Other(i64),
        }

        impl $name {
            /// From WeCom's number.
            pub fn from_code(code: i64) -> Self {
                match code {
                    $($code => Self::$variant,)*
                    other => Self::Other(other),
                }
            }

            /// WeCom's number.
            pub fn code(self) -> i64 {
                match self {
                    $(Self::$variant => $code,)*
                    Self::Other(code) => code,
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::Other(0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.code())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from_code(lenient::int(deserializer)?.unwrap_or_default()))
            }
        }
    };
}

codes! {
    /// Where a form stands.
    FormStatus {
        /// 审批中
        InProgress = 1,
        /// 已通过
        Approved = 2,
        /// 已驳回
        Rejected = 3,
        /// 已撤销
        Withdrawn = 4,
        /// 通过后撤销
        WithdrawnAfterApproval = 6,
        /// 已删除
        Deleted = 7,
        /// 已支付
        Paid = 10,
    }
}

codes! {
    /// Where a step stands, or what a member did in it.
    NodeStatus {
        /// 审批中
        Pending = 1,
        /// 已同意
        Agreed = 2,
        /// 已驳回
        Rejected = 3,
        /// 已转审
        Transferred = 4,
        /// 已退回给指定审批人
        Returned = 11,
        /// 已加签
        AddedSigner = 12,
        /// 已同意并加签
        AgreedAndAdded = 13,
        /// 已办理
        Handled = 14,
        /// 已转交
        HandedOver = 15,
    }
}

codes! {
    /// What happened to a form; whether it is finished stands in its status alone.
    ChangeKind {
        /// 提单
        Submitted = 1,
        /// 同意
        Agreed = 2,
        /// 驳回
        Rejected = 3,
        /// 转审
        Transferred = 4,
        /// 催办
        Urged = 5,
        /// 撤销
        Withdrawn = 6,
        /// 通过后撤销
        WithdrawnAfterApproval = 8,
        /// 添加备注
        Commented = 10,
        /// 回退给指定审批人
        Returned = 11,
        /// 添加审批人
        ApproverAdded = 12,
        /// 加签并同意
        AddedAndAgreed = 13,
        /// 已办理
        Handled = 14,
        /// 已转交
        HandedOver = 15,
    }
}

impl FormStatus {
    /// Whether no signature is awaited any more.
    pub fn is_final(self) -> bool {
        match self {
            Self::Approved
            | Self::Rejected
            | Self::Withdrawn
            | Self::WithdrawnAfterApproval
            | Self::Deleted
            | Self::Paid => true,
            Self::InProgress | Self::Other(_) => false,
        }
    }
}

impl NodeStatus {
    /// Whether whoever it stands for has decided.
    pub fn is_decided(self) -> bool {
        match self {
            Self::Agreed | Self::Rejected | Self::AgreedAndAdded | Self::Handled => true,
            Self::Pending
            | Self::Transferred
            | Self::Returned
            | Self::AddedSigner
            | Self::HandedOver
            | Self::Other(_) => false,
        }
    }
}

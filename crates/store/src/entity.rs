//! Rows as sea-orm sees them. Private: callers get the types beside the queries.
#![expect(
    unreachable_pub,
    unnameable_types,
    reason = "sea-orm's derives need `pub` models"
)]

mod access;
mod evidence;

pub(crate) use self::access::{api_token, login, session};
pub(crate) use self::evidence::{assessment, attachment, change_issue, deployment, file, image};

pub(crate) mod inbox {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "inbox")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub event_key: Vec<u8>,
        pub subject: String,
        pub kind: String,
        pub payload: String,
        pub source: String,
        pub state: String,
        pub attempts: i32,
        pub received_at: i64,
        pub run_at: i64,
        pub done_at: Option<i64>,
        pub last_error: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod lane {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "lanes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: String,
        pub lease_until: i64,
        pub lease_token: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod change {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "changes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub sp_no: String,
        pub title: String,
        pub urgency: String,
        pub stage: String,
        pub verdict: String,
        pub applicant: String,
        pub team: String,
        pub system_name: String,
        pub feature: String,
        pub change_day: Option<String>,
        pub planned_from: Option<i64>,
        pub planned_until: Option<i64>,
        pub apply_time: Option<i64>,
        pub template_id: String,
        pub sp_status: i32,
        pub is_open: bool,
        pub jira_keys: String,
        pub policy_sha256: String,
        pub content_hash: String,
        pub seen_at: i64,
        pub told: String,
        pub version: i64,
        pub timeline_length: i64,
        pub timeline_head: String,
        pub created_at: i64,
        pub updated_at: i64,
        pub executed_at: Option<i64>,
        pub verified_at: Option<i64>,
        pub closed_at: Option<i64>,
        pub approved_at: Option<i64>,
        pub outcome: Option<String>,
        pub anomalies: i32,
        pub incident: bool,
        pub first_verdict: String,
        pub signed_despite: i32,
        pub claim: bool,
        pub facts_at: Option<i64>,
        pub first_source: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod submission {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "submissions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub sp_no: String,
        pub content_hash: String,
        pub body: String,
        pub seen_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod verdict {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "verdicts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub sp_no: String,
        pub seq: i64,
        pub verdict: String,
        pub policy_sha256: String,
        pub content_hash: String,
        pub body: String,
        pub evaluated_at: i64,
        pub facts: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod timeline {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "timeline")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub sp_no: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub happened_at: i64,
        pub what: String,
        pub who: String,
        pub detail: String,
        pub hash: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod outbox {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dedupe_key: String,
        pub sp_no: Option<String>,
        pub channel: String,
        pub recipient: String,
        pub priority: i16,
        pub body: String,
        pub state: String,
        pub attempts: i32,
        pub run_at: i64,
        pub first_attempt_at: Option<i64>,
        pub attempted_at: Option<i64>,
        pub lease_until: Option<i64>,
        pub lease_token: Option<Uuid>,
        pub last_error: Option<String>,
        pub msgid: Option<String>,
        pub response_code: Option<String>,
        pub created_at: i64,
        pub delivered_at: Option<i64>,
        pub bundle_line: Option<String>,
        pub bundle_at: Option<i64>,
        pub bundled_in: Option<Uuid>,
        pub fallback: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod timer {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "timers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub sp_no: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub due_at: i64,
        pub payload: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod card {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cards")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub task_id: String,
        pub card_key: String,
        pub sp_no: String,
        pub duty: i64,
        pub holder: String,
        pub actions: String,
        pub message_key: String,
        pub response_code: Option<String>,
        pub code_at: Option<i64>,
        pub state: String,
        pub created_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod waiver {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "waivers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub sp_no: String,
        pub rule: String,
        pub reason: String,
        pub requested_by: String,
        pub requested_at: i64,
        pub granted: Option<bool>,
        pub decided_by: Option<String>,
        pub decided_at: Option<i64>,
        pub decision_reason: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod sync_state {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sync_state")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub content: String,
        pub updated_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

//! Rows about what stands behind a form: facts, files, images, issues, deployments.

pub(crate) mod assessment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "assessments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub sp_no: String,
        pub evaluated_at: i64,
        pub body: String,
        pub facts: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod change_issue {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "change_issues")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub jira_key: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub sp_no: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod file {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "files")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub sha256: String,
        pub size: i64,
        pub content_type: String,
        pub bytes: Vec<u8>,
        pub stored_at: i64,
        pub released_at: Option<i64>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod attachment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attachments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub sp_no: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub file_id: String,
        pub name: String,
        pub sha256: Option<String>,
        pub size: Option<i64>,
        pub fetched_at: Option<i64>,
        pub tried_at: i64,
        pub failure: Option<String>,
        pub attempts: i32,
        pub reading: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod image {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "images")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub sp_no: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub image: String,
        pub digest: Option<String>,
        pub recorded_at: i64,
        pub current_digest: Option<String>,
        pub current_at: Option<i64>,
        pub failure: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod deployment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "deployments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub sp_no: String,
        pub external_id: String,
        pub status: String,
        pub environment: String,
        pub images: String,
        pub reported_by: String,
        pub actor: String,
        pub happened_at: i64,
        pub received_at: i64,
        pub note: String,
        pub matched: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

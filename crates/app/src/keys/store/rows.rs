//! The rows of a key and of its secrets, column by column.

pub mod key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub workspace_id: Uuid,
        pub owner_user_id: Option<Uuid>,
        pub name: String,
        pub search_text: String,
        pub scopes: String,
        pub is_active: bool,
        pub expires_at: Option<i64>,
        pub revoked_at: Option<i64>,
        pub deleted_at: Option<i64>,
        pub ip_allow: String,
        pub ip_allow_mode: String,
        pub created_by: String,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
        pub request_count: i64,
        pub last_used_at: Option<i64>,
        pub last_used_ip: Option<String>,
        pub last_used_agent: Option<String>,
        pub rate_limits: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod secret {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_key_secrets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub key_id: Uuid,
        pub digest_kind: String,
        pub pepper_version: i32,
        pub digest: Vec<u8>,
        pub prefix: String,
        pub start_chars: String,
        pub end_chars: String,
        pub created_at: i64,
        pub retired_at: Option<i64>,
        pub valid_until: Option<i64>,
        pub last_used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

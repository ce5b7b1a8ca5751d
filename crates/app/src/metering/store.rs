//! The counts of the month, as folded from the event log.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QuerySelect};
use tessera_db::DbError;
use tessera_events::CallClass;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "daily_requests")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub owner_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub day: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub class: i32,
        pub requests: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Requests of one owner on one day, of one class.
pub struct DayCount {
    pub owner: Uuid,
    /// Since 1970-01-01, in UTC.
    pub day: i32,
    pub class: CallClass,
    pub requests: u64,
}

/// Deletes the counts of all days before this one. Durable with the transaction.
pub async fn forget_before(connection: &impl ConnectionTrait, day: i32) -> Result<(), DbError> {
    row::Entity::delete_many().filter(row::Column::Day.lt(day)).exec(connection).await?;
    Ok(())
}

/// What these owners used from day `first` up to, and without, day `end`.
pub async fn days(
    connection: &impl ConnectionTrait,
    owners: [Uuid; 2],
    (first, end): (i32, i32),
) -> Result<Vec<DayCount>, DbError> {
    let rows: Vec<(Uuid, i32, i32, i64)> = row::Entity::find()
        .select_only()
        .columns([row::Column::OwnerId, row::Column::Day, row::Column::Class, row::Column::Requests])
        .filter(row::Column::OwnerId.is_in(owners))
        .filter(row::Column::Day.gte(first))
        .filter(row::Column::Day.lt(end))
        .into_tuple()
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|(owner, day, class, requests)| {
            let class = usize::try_from(class).ok().and_then(|class| CallClass::ALL.get(class).copied());
            let class = class.ok_or_else(|| DbError::unreadable("a count of no class"))?;
            Ok(DayCount { owner, day, class, requests: u64::try_from(requests).unwrap_or(0) })
        })
        .collect()
}

//! Feedback in the database.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, Func, OnConflict};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, QueryOrder, QuerySelect, Statement};
use tessera_db::DbError;
use tessera_types::{WorkspaceId, from_millis, to_millis};

use super::model::{ArticleFeedback, COMMENTS_SHOWN_MAX, Feedback};
use crate::http::page::{Cursor, CursorValue, Start, Window};
use crate::store::unsigned;

/// The only order there is: by the article's slug.
pub(super) const SORT: &str = "article";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "feedback")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) article: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) created_by: String,
        pub(super) is_helpful: bool,
        pub(super) comment: Option<String>,
        pub(super) created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(FromQueryResult)]
struct Tally {
    article: String,
    given: i64,
    helpful: i64,
}

/// In the place of what the same person said of the same article.
pub(super) async fn put(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    feedback: &Feedback,
) -> Result<(), DbError> {
    use row::Column as C;
    let model = row::Model {
        workspace_id: workspace.uuid(),
        article: feedback.article.clone(),
        created_by: feedback.created_by.clone(),
        is_helpful: feedback.is_helpful,
        comment: feedback.comment.clone(),
        created_at: to_millis(feedback.created_at),
    };
    let replace = OnConflict::columns([C::WorkspaceId, C::Article, C::CreatedBy])
        .update_columns([C::IsHelpful, C::Comment, C::CreatedAt])
        .to_owned();
    let insert = row::Entity::insert(row::ActiveModel::from(model).reset_all()).on_conflict(replace);
    insert.exec_without_returning(txn).await?;
    Ok(())
}

pub(super) async fn count(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<u64, DbError> {
    Ok(of(workspace).count(connection).await?)
}

pub(super) async fn count_articles(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<u64, DbError> {
    Ok(of(workspace).select_only().column(row::Column::Article).distinct().count(connection).await?)
}

/// One article more than the window's limit when there are more.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    window: &Window,
) -> Result<Vec<ArticleFeedback>, DbError> {
    use row::Column as C;
    let mut query = of(workspace);
    if let Start::After(Cursor { v: CursorValue::Text(article), .. }) = &window.start {
        query = query.filter(C::Article.gt(article.as_str()));
    }
    let is_helpful = Expr::case(C::IsHelpful.eq(true), 1).finally(0);
    let tallies: Vec<Tally> = query
        .select_only()
        .column(C::Article)
        .column_as(C::CreatedBy.count(), "given")
        .column_as(Expr::expr(Func::sum(is_helpful)), "helpful")
        .group_by(C::Article)
        .order_by_asc(C::Article)
        .offset(window.offset())
        .limit(u64::from(window.limit) + 1)
        .into_model()
        .all(connection)
        .await?;
    let mut comments = latest(connection, workspace, &tallies).await?;
    let list = tallies.into_iter().map(|tally| ArticleFeedback {
        helpful: unsigned(tally.helpful),
        unhelpful: unsigned(tally.given - tally.helpful),
        comments: comments.remove(&tally.article).unwrap_or_default(),
        article: tally.article,
    });
    Ok(list.collect())
}

/// The latest comments of each of these articles, newest first.
async fn latest(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    articles: &[Tally],
) -> Result<HashMap<String, Vec<Feedback>>, DbError> {
    let mut comments: HashMap<String, Vec<Feedback>> = HashMap::new();
    if articles.is_empty() {
        return Ok(comments);
    }
    let places: Vec<String> = (2..articles.len() + 2).map(|place| format!("${place}")).collect();
    let sql = format!(
        "select * from (select feedback.*, row_number() over (partition by article \
         order by created_at desc, created_by) as place from feedback \
         where workspace_id = $1 and comment is not null and article in ({})) as commented \
         where place <= {COMMENTS_SHOWN_MAX} order by article, place",
        places.join(", ")
    );
    let values = std::iter::once(Value::from(workspace.uuid()))
        .chain(articles.iter().map(|tally| Value::from(tally.article.clone())));
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    for row in row::Entity::find().from_raw_sql(statement).all(connection).await? {
        comments.entry(row.article.clone()).or_default().push(Feedback::from(row));
    }
    Ok(comments)
}

pub(super) fn cursor_of(article: &ArticleFeedback) -> Cursor {
    Cursor { s: SORT.to_owned(), v: CursorValue::Text(article.article.clone()), i: Uuid::nil() }
}

fn of(workspace: WorkspaceId) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::WorkspaceId.eq(workspace.uuid()))
}

impl From<row::Model> for Feedback {
    fn from(row: row::Model) -> Self {
        Self {
            article: row.article,
            created_by: row.created_by,
            is_helpful: row.is_helpful,
            comment: row.comment,
            created_at: from_millis(row.created_at),
        }
    }
}

//! What the queries of several features share: the page of a list that a window asks for, and numbers as both databases
//! have them.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait, SimpleExpr};
use sea_orm::{QueryOrder, QuerySelect};

use crate::http::page::{Cursor, CursorValue, Order, Start, Window};

/// The rows of a window, newest first by a column of milliseconds; one row more than its limit when there are more.
pub(crate) fn newest_first<E: EntityTrait>(
    query: Select<E>,
    at: E::Column,
    id: E::Column,
    window: &Window,
) -> Select<E> {
    let key = || SimpleExpr::from(at.into_expr());
    sorted(query, key, id, Order::Descending, window)
}

/// The rows of a window in the order of a key that is never null, then of the id; one row more than its limit when there are
/// more.
pub(crate) fn sorted<E: EntityTrait>(
    mut query: Select<E>,
    key: impl Fn() -> SimpleExpr,
    id: E::Column,
    order: Order,
    window: &Window,
) -> Select<E> {
    if let Start::After(cursor) = &window.start {
        query = query.filter(after(&key, id, order, cursor));
    }
    let order = || match order {
        Order::Ascending => sea_orm::Order::Asc,
        Order::Descending => sea_orm::Order::Desc,
    };
    query
        .order_by(key(), order())
        .order_by(id, order())
        .offset(window.offset())
        .limit(u64::from(window.limit) + 1)
}

fn after(key: impl Fn() -> SimpleExpr, id: impl ColumnTrait, order: Order, cursor: &Cursor) -> SimpleExpr {
    let value = || match &cursor.v {
        CursorValue::Number(number) => SimpleExpr::from(*number),
        CursorValue::Text(text) => SimpleExpr::from(text.clone()),
    };
    let (beyond, id_beyond) = match order {
        Order::Descending => (key().lt(value()), id.lt(cursor.i)),
        Order::Ascending => (key().gt(value()), id.gt(cursor.i)),
    };
    beyond.or(key().eq(value()).and(id_beyond))
}

/// Neither database has unsigned numbers.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

//! Many of something: pages by number or by cursor, as JSON or CSV.

use axum::Json;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::problem::{Problem, Wrong};

pub const LIMIT_DEFAULT: u32 = 20;
pub const LIMIT_MAX: u32 = 100;
/// Deeper pages cost the database a walk over everything before them; a cursor does not.
pub const PAGE_MAX: u32 = 10_000;

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    pub limit: u32,
    pub start: Start,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// From 1.
    Page(u32),
    /// Right after this row, whatever was inserted meanwhile.
    After(Cursor),
}

/// The last row of a page: the value it was sorted by, and its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The sort it belongs to; with another sort it is refused.
    pub s: String,
    pub v: CursorValue,
    pub i: Uuid,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CursorValue {
    Number(i64),
    Text(String),
}

/// What a list is sorted by. A cursor with the other kind of value was made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortedBy {
    Number,
    Text,
}

/// What a list may be sorted by.
pub trait SortKey: Copy + PartialEq + 'static {
    /// Each with its word in the parameter.
    const ALL: &'static [(Self, &'static str)];

    fn kind(self) -> SortedBy;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

/// The order of a list, as somebody asked for it: `clicks`, or `-clicks` for the largest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort<K> {
    pub by: K,
    pub order: Order,
}

impl<K: SortKey> Sort<K> {
    /// # Errors
    /// Names what there is to sort by.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let (name, order) = match text.strip_prefix('-') {
            Some(name) => (name, Order::Descending),
            None => (text, Order::Ascending),
        };
        match K::ALL.iter().find(|(_, known)| *known == name) {
            Some((by, _)) => Ok(Self { by: *by, order }),
            None => {
                let known: Vec<&str> = K::ALL.iter().map(|(_, name)| *name).collect();
                let known = known.join(", ");
                Err(Wrong::new("choice", format!("expected one of {known}; - in front for descending")))
            }
        }
    }

    /// As it is written in the parameter.
    pub fn text(self) -> String {
        let name = K::ALL.iter().find(|(by, _)| *by == self.by).map_or("", |(_, name)| *name);
        match self.order {
            Order::Ascending => name.to_owned(),
            Order::Descending => format!("-{name}"),
        }
    }
}

impl SortedBy {
    /// PostgreSQL compares neither a number with a text nor anything with NUL.
    fn takes(self, value: &CursorValue) -> bool {
        match (self, value) {
            (Self::Number, CursorValue::Number(_)) => true,
            (Self::Text, CursorValue::Text(text)) => !text.contains('\0'),
            _ => false,
        }
    }
}

impl Cursor {
    pub fn to_text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    fn from_text(text: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

impl Window {
    /// Reads `page`, `limit` and `cursor` of a list that is sorted by `sort`, whose values are `by`.
    ///
    /// # Errors
    /// Names the range of what is out of it.
    pub fn read(
        page: Option<i64>,
        limit: Option<i64>,
        cursor: Option<&str>,
        sort: &str,
        by: SortedBy,
    ) -> Result<Self, Problem> {
        let mut checks = crate::problem::Checks::default();
        let limit = limit.unwrap_or(i64::from(LIMIT_DEFAULT));
        if !(1..=i64::from(LIMIT_MAX)).contains(&limit) {
            checks.refuse("limit", "range", format!("from 1 to {LIMIT_MAX}"));
        }
        if page.is_some_and(|page| !(1..=i64::from(PAGE_MAX)).contains(&page)) {
            checks.refuse("page", "range", format!("from 1 to {PAGE_MAX}; use a cursor to go deeper"));
        }
        if page.is_some() && cursor.is_some() {
            checks.refuse("cursor", "conflict", "give page or cursor, not both");
        }
        let belongs = |cursor: &Cursor| cursor.s == sort && by.takes(&cursor.v);
        let after = cursor.map(|text| Cursor::from_text(text).filter(belongs));
        if after == Some(None) {
            checks.refuse(
                "cursor",
                "format",
                "give meta.next_cursor of an earlier answer with the same sort",
            );
        }
        checks.done()?;
        let start = match after.flatten() {
            Some(cursor) => Start::After(cursor),
            None => Start::Page(u32::try_from(page.unwrap_or(1)).unwrap_or(1)),
        };
        Ok(Self { limit: u32::try_from(limit).unwrap_or(LIMIT_DEFAULT), start })
    }

    /// Rows to pass over, for pages by number.
    pub fn offset(&self) -> u64 {
        match &self.start {
            Start::Page(page) => u64::from(page - 1) * u64::from(self.limit),
            Start::After(_) => 0,
        }
    }

    /// Makes the answer from up to `limit + 1` rows: the one too many proves that there are more.
    pub fn list<R, T>(
        &self,
        total: u64,
        mut rows: Vec<R>,
        cursor_of: impl Fn(&R) -> Cursor,
        view: impl FnMut(R) -> T,
    ) -> Listing<T> {
        let has_more = rows.len() > self.limit as usize;
        rows.truncate(self.limit as usize);
        let next_cursor = rows.last().filter(|_| has_more).map(|row| cursor_of(row).to_text());
        let page = match self.start {
            Start::Page(page) => Some(page),
            Start::After(_) => None,
        };
        Listing {
            data: rows.into_iter().map(view).collect(),
            meta: Meta { total, page, limit: self.limit, next_cursor },
        }
    }
}

/// `{"data": […], "meta": {…}}`
#[derive(Debug, Serialize, ToSchema)]
pub struct Listing<T> {
    pub data: Vec<T>,
    pub meta: Meta,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListMeta)]
pub struct Meta {
    /// Everything that matches, on all pages.
    #[schema(examples(247))]
    pub total: u64,
    /// From 1; null when a cursor was given.
    #[schema(examples(1))]
    pub page: Option<u32>,
    #[schema(examples(20))]
    pub limit: u32,
    /// Give it back as `cursor` for what follows; null at the end.
    pub next_cursor: Option<String>,
}

impl<T: Serialize> IntoResponse for Listing<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_out_of_range_names_the_range() {
        for (page, limit) in
            [(Some(0), None), (Some(-1), None), (None, Some(0)), (None, Some(101)), (Some(i64::MAX), None)]
        {
            assert!(
                Window::read(page, limit, None, "-created_at", SortedBy::Number).is_err(),
                "{page:?} {limit:?}"
            );
        }
        assert_eq!(Window::read(Some(3), Some(10), None, "", SortedBy::Number).unwrap().offset(), 20);
    }

    #[test]
    fn a_cursor_survives_the_round_trip_and_belongs_to_its_sort() {
        let cursor = Cursor { s: "-clicks".into(), v: CursorValue::Number(7), i: Uuid::from_u128(9) };
        let window = Window::read(None, None, Some(&cursor.to_text()), "-clicks", SortedBy::Number).unwrap();
        assert_eq!(window.start, Start::After(cursor.clone()));
        assert!(Window::read(None, None, Some(&cursor.to_text()), "created_at", SortedBy::Number).is_err());
        for broken in ["", "!!", "AAAA", "e30", &cursor.to_text()[1..]] {
            assert!(Window::read(None, None, Some(broken), "-clicks", SortedBy::Number).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_cursor_with_the_other_kind_of_value_or_with_nul_is_refused() {
        let read = |v: CursorValue, by| {
            let cursor = Cursor { s: "x".into(), v, i: Uuid::from_u128(9) };
            Window::read(None, None, Some(&cursor.to_text()), "x", by)
        };
        let text = |text: &str| CursorValue::Text(text.to_owned());
        assert!(read(CursorValue::Number(7), SortedBy::Number).is_ok());
        assert!(read(text("7"), SortedBy::Text).is_ok());
        for (value, by) in [
            (CursorValue::Number(7), SortedBy::Text),
            (text("7"), SortedBy::Number),
            (text("a\0b"), SortedBy::Text),
        ] {
            assert_eq!(read(value, by).unwrap_err().errors[0].field, "cursor");
        }
    }
}

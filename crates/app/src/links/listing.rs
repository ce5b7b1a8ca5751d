//! Which links a list is of, and in which order.

use serde::Deserialize;
use tessera_types::Timestamp;
use utoipa::{IntoParams, ToSchema};

use super::Links;
use super::model::Status;
use crate::fields::{list, search, several, time};
use crate::http::csv::Format;
use crate::http::page::{Sort, SortKey, SortedBy, Window};
use crate::problem::{Checks, Problem, Wrong};

/// The parameters of a list of links.
#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Parameters {
    /// Links with any of these tags, by comma.
    #[param(example = "production,source:cms")]
    tags: Option<String>,
    /// Links in any of these states, by comma: active, paused, scheduled, expired, used_up, archived. Without this:
    /// all but the archived.
    #[param(example = "active,paused")]
    status: Option<String>,
    /// Links of this short domain.
    #[param(example = "go.example.com")]
    domain: Option<String>,
    /// Finds this anywhere in alias, title, destination and tags, whatever its case.
    #[param(max_length = 200)]
    search: Option<String>,
    /// Links made after this moment.
    #[param(format = DateTime)]
    created_after: Option<String>,
    /// Links made before this moment.
    #[param(format = DateTime)]
    created_before: Option<String>,
    /// Links that ask, or do not ask, for a password.
    has_password: Option<bool>,
    /// Links that belong, or do not belong, to a QR code.
    has_qr_code: Option<bool>,
    /// `created_at`, `updated_at`, `clicks`, `alias`, `title` or `last_clicked_at`; `-` in front for descending.
    #[param(example = "-created_at")]
    sort: Option<String>,
    /// From 1 to 10000.
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<i64>,
    /// From 1 to 100; 20 if absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `meta.next_cursor` of the answer before: stable while links come and go. Instead of `page`.
    cursor: Option<String>,
    /// `csv` for everything that matches, as a file.
    #[param(inline)]
    pub format: Option<Format>,
}

/// The same, understood.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub tags: Vec<String>,
    /// None named: all but the archived.
    pub statuses: Vec<Status>,
    pub domain: Option<String>,
    pub search: Option<String>,
    pub created_after: Option<Timestamp>,
    pub created_before: Option<Timestamp>,
    pub has_password: Option<bool>,
    pub has_qr_code: Option<bool>,
    pub sort: Sort<SortBy>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SortBy {
    CreatedAt,
    UpdatedAt,
    Clicks,
    Alias,
    Title,
    LastClickedAt,
}

impl SortKey for SortBy {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::CreatedAt, "created_at"),
        (Self::UpdatedAt, "updated_at"),
        (Self::Clicks, "clicks"),
        (Self::Alias, "alias"),
        (Self::Title, "title"),
        (Self::LastClickedAt, "last_clicked_at"),
    ];

    fn kind(self) -> SortedBy {
        match self {
            Self::CreatedAt | Self::UpdatedAt | Self::Clicks | Self::LastClickedAt => SortedBy::Number,
            Self::Alias | Self::Title => SortedBy::Text,
        }
    }
}

impl Wanted {
    /// Whether clicks decide what is in the list, or in which order.
    pub(super) fn asks_about_clicks(&self) -> bool {
        matches!(self.sort.by, SortBy::Clicks | SortBy::LastClickedAt)
            || self.statuses.iter().any(|status| matches!(status, Status::Active | Status::UsedUp))
    }
}

impl Parameters {
    /// # Errors
    /// Every parameter that is wrong.
    pub(super) fn parse(self, links: &Links) -> Result<(Wanted, Window), Problem> {
        let mut checks = Checks::default();
        let sort = checks.keep("sort", Sort::<SortBy>::parse(self.sort.as_deref().unwrap_or("-created_at")));
        let statuses = checks
            .keep("status", several(self.status.as_deref(), Status::parse, &Status::ALL.map(Status::as_str)));
        let domain = checks.keep("domain", domain(links, self.domain.as_deref()));
        let search = checks.keep("search", search(self.search));
        let created_after = checks.keep("created_after", self.created_after.as_deref().map(time).transpose());
        let created_before =
            checks.keep("created_before", self.created_before.as_deref().map(time).transpose());
        let (
            Some(sort),
            Some(statuses),
            Some(domain),
            Some(search),
            Some(created_after),
            Some(created_before),
        ) = (sort, statuses, domain, search, created_after, created_before)
        else {
            return Err(checks.done().err().unwrap_or_else(Problem::not_found));
        };
        let window =
            Window::read(self.page, self.limit, self.cursor.as_deref(), &sort.text(), sort.by.kind())?;
        let tags = list(self.tags.as_deref()).map(str::to_owned).collect();
        let wanted = Wanted {
            tags,
            statuses,
            domain,
            search,
            created_after,
            created_before,
            has_password: self.has_password,
            has_qr_code: self.has_qr_code,
            sort,
        };
        Ok((wanted, window))
    }
}

fn domain(links: &Links, name: Option<&str>) -> Result<Option<String>, Wrong> {
    name.map(|name| links.domains.choose(Some(name)).map(|domain| domain.host.clone())).transpose()
}

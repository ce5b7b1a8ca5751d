//! Which codes a list is of, and in which order.

use serde::Deserialize;
use tessera_qr::PayloadKind;
use tessera_qr::verdict::Grade;
use tessera_types::Timestamp;
use utoipa::{IntoParams, ToSchema};

use super::model::{Kind, Status};
use crate::fields::{list, search, several, time};
use crate::http::csv::Format;
use crate::http::page::{Order, Sort, SortKey, SortedBy, Window};
use crate::problem::{Checks, Problem, Wrong};
use crate::{App, links};

/// The parameters of a list of codes.
#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Parameters {
    /// Codes with any of these tags, by comma.
    #[param(example = "print,spring")]
    tags: Option<String>,
    /// `active`, `archived`, or both by comma. Without this: the active ones.
    #[param(example = "active,archived")]
    status: Option<String>,
    /// `dynamic` or `static`.
    kind: Option<String>,
    /// Codes with a payload of any of these types, by comma.
    #[param(example = "url,vcard")]
    r#type: Option<String>,
    /// Codes with any of these verdicts, by comma: good, risky, fails.
    #[param(example = "risky,fails")]
    verdict: Option<String>,
    /// Dynamic codes of this short domain.
    #[param(example = "go.example.com")]
    domain: Option<String>,
    /// Finds this anywhere in name, tags, alias, payload and where the link leads, whatever its case. Passwords are not looked into.
    #[param(max_length = 200)]
    search: Option<String>,
    /// Codes made after this moment.
    #[param(format = DateTime)]
    created_after: Option<String>,
    /// Codes made before this moment.
    #[param(format = DateTime)]
    created_before: Option<String>,
    /// `created_at`, `updated_at`, `name` or `score`; `-` in front for descending.
    #[param(example = "-created_at")]
    sort: Option<String>,
    /// From 1 to 10000.
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<i64>,
    /// From 1 to 100; 20 if absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `meta.next_cursor` of the answer before: stable while codes come and go. Instead of `page`.
    cursor: Option<String>,
    /// `csv` for everything that matches, as a file.
    #[param(inline)]
    pub format: Option<Format>,
}

/// The same, understood.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) tags: Vec<String>,
    /// None named: the active ones.
    pub(super) statuses: Vec<Status>,
    pub(super) kind: Option<Kind>,
    pub(super) types: Vec<PayloadKind>,
    pub(super) verdicts: Vec<Grade>,
    pub(super) domain: Option<String>,
    pub(super) search: Option<String>,
    pub(super) created_after: Option<Timestamp>,
    pub(super) created_before: Option<Timestamp>,
    pub(super) sort: Sort<SortBy>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SortBy {
    CreatedAt,
    UpdatedAt,
    Name,
    Score,
}

impl SortKey for SortBy {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::CreatedAt, "created_at"),
        (Self::UpdatedAt, "updated_at"),
        (Self::Name, "name"),
        (Self::Score, "score"),
    ];

    fn kind(self) -> SortedBy {
        match self {
            Self::CreatedAt | Self::UpdatedAt | Self::Score => SortedBy::Number,
            Self::Name => SortedBy::Text,
        }
    }
}

/// As it stands in the database and in the API.
pub(super) const fn grade_name(grade: Grade) -> &'static str {
    match grade {
        Grade::Good => "good",
        Grade::Risky => "risky",
        Grade::Fails => "fails",
    }
}

impl Parameters {
    /// # Errors
    /// Every parameter that is wrong.
    pub(super) fn parse(self, app: &App) -> Result<(Wanted, Window), Problem> {
        let mut checks = Checks::default();
        let sort = checks.keep("sort", Sort::parse(self.sort.as_deref().unwrap_or("-created_at")));
        let statuses = checks
            .keep("status", several(self.status.as_deref(), Status::parse, &Status::ALL.map(Status::as_str)));
        let kinds = several(self.kind.as_deref(), Kind::parse, &Kind::ALL.map(Kind::as_str));
        let kinds = checks.keep("kind", kinds);
        let types = PayloadKind::ALL.map(PayloadKind::as_str);
        let types = checks.keep("type", several(self.r#type.as_deref(), PayloadKind::parse, &types));
        let grades = [Grade::Good, Grade::Risky, Grade::Fails];
        let read = |text: &str| grades.into_iter().find(|grade| grade_name(*grade) == text);
        let verdicts = several(self.verdict.as_deref(), read, &grades.map(grade_name));
        let verdicts = checks.keep("verdict", verdicts);
        let domain = checks.keep("domain", domain(app, self.domain.as_deref())).flatten();
        let search = checks.keep("search", search(self.search)).flatten();
        let mut moment = |field, text: Option<String>| {
            checks.keep(field, text.map(|text| time(&text)).transpose()).flatten()
        };
        let created_after = moment("created_after", self.created_after);
        let created_before = moment("created_before", self.created_before);
        checks.done()?;
        let sort = sort.unwrap_or(Sort { by: SortBy::CreatedAt, order: Order::Descending });
        let window =
            Window::read(self.page, self.limit, self.cursor.as_deref(), &sort.text(), sort.by.kind())?;
        let kind = match kinds.unwrap_or_default().as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        let wanted = Wanted {
            tags: list(self.tags.as_deref()).map(str::to_owned).collect(),
            statuses: statuses.unwrap_or_default(),
            kind,
            types: types.unwrap_or_default(),
            verdicts: verdicts.unwrap_or_default(),
            domain,
            search,
            created_after,
            created_before,
            sort,
        };
        Ok((wanted, window))
    }
}

fn domain(app: &App, name: Option<&str>) -> Result<Option<String>, Wrong> {
    let unknown = || Wrong::new("choice", "expected one of this deployment's short domains");
    name.map(|name| links::domain(app, name).ok_or_else(unknown)).transpose()
}

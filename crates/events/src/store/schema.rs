//! Which columns a row has, how each is kept, and what it is called in a file.
//!
//! The order here is the order of columns in memory and in files. [`Field::Sort`] is one column in memory (runs of
//! rows that share a workspace and a link or key) and two in a file.

use tessera_types::Kind as IdKind;
use uuid::Uuid;

use crate::{ClickRow, Dimension, Kind, RequestRow};

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    Sort,
    Time,
    Visitor,
    IsRobot,
    Trigger,
    Domain,
    Country,
    Region,
    City,
    Device,
    Browser,
    Os,
    Language,
    Referrer,
    Channel,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    UtmTerm,
    UtmContent,
    Address,
    Secret,
    Request,
    Method,
    Class,
    Status,
    Latency,
    Route,
    UserAgent,
}

/// How the values of a column are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Runs of (workspace, link or key).
    Sort,
    /// Milliseconds since 1970.
    Time,
    Flag,
    /// 64 bits that hardly repeat.
    Hash,
    /// A code per row, and what the codes stand for.
    Text,
    /// Like text, of ids.
    Id(IdKind),
    /// Like text, of small numbers.
    Number,
    /// An id of its own per row.
    UniqueId(IdKind),
    Microseconds,
}

const CLICK: &[Field] = &[
    Field::Sort,
    Field::Time,
    Field::Visitor,
    Field::IsRobot,
    Field::Trigger,
    Field::Domain,
    Field::Country,
    Field::Region,
    Field::City,
    Field::Device,
    Field::Browser,
    Field::Os,
    Field::Language,
    Field::Referrer,
    Field::Channel,
    Field::UtmSource,
    Field::UtmMedium,
    Field::UtmCampaign,
    Field::UtmTerm,
    Field::UtmContent,
    Field::Address,
];

const REQUEST: &[Field] = &[
    Field::Sort,
    Field::Time,
    Field::Secret,
    Field::Request,
    Field::Method,
    Field::Class,
    Field::Status,
    Field::Latency,
    Field::Route,
    Field::Country,
    Field::Address,
    Field::UserAgent,
];

/// The columns of a kind, in order; [`Field::Sort`] and [`Field::Time`] come first.
pub(crate) const fn layout(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Click => CLICK,
        Kind::Request => REQUEST,
    }
}

/// Where a column stands in the layout of a kind, if it has it.
pub(crate) fn place(kind: Kind, field: Field) -> Option<usize> {
    layout(kind).iter().position(|known| *known == field)
}

impl Field {
    /// In a file. [`Field::Sort`] has two names, see [`sort_names`].
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sort => "workspace_id",
            Self::Time => "time",
            Self::Visitor => "visitor",
            Self::IsRobot => "is_robot",
            Self::Trigger => "trigger",
            Self::Domain => "domain",
            Self::Country => "country",
            Self::Region => "region",
            Self::City => "city",
            Self::Device => "device",
            Self::Browser => "browser",
            Self::Os => "os",
            Self::Language => "language",
            Self::Referrer => "referrer",
            Self::Channel => "channel",
            Self::UtmSource => "utm_source",
            Self::UtmMedium => "utm_medium",
            Self::UtmCampaign => "utm_campaign",
            Self::UtmTerm => "utm_term",
            Self::UtmContent => "utm_content",
            Self::Address => "address",
            Self::Secret => "secret_id",
            Self::Request => "request_id",
            Self::Method => "method",
            Self::Class => "class",
            Self::Status => "status",
            Self::Latency => "latency_us",
            Self::Route => "route",
            Self::UserAgent => "user_agent",
        }
    }

    pub(crate) const fn shape(self) -> Shape {
        match self {
            Self::Sort => Shape::Sort,
            Self::Time => Shape::Time,
            Self::Visitor => Shape::Hash,
            Self::IsRobot => Shape::Flag,
            Self::Secret => Shape::Id(IdKind::Secret),
            Self::Request => Shape::UniqueId(IdKind::Request),
            Self::Status => Shape::Number,
            Self::Latency => Shape::Microseconds,
            _ => Shape::Text,
        }
    }

    /// The column that a dimension is read from, apart from times and labels.
    pub(crate) const fn of(dimension: &Dimension) -> Option<Self> {
        Some(match dimension {
            Dimension::Time(_) | Dimension::Weekday(_) | Dimension::HourOfDay(_) => return None,
            Dimension::Workspace | Dimension::Link | Dimension::Label(_) | Dimension::Key => Self::Sort,
            Dimension::Domain => Self::Domain,
            Dimension::Trigger => Self::Trigger,
            Dimension::Country | Dimension::Continent => Self::Country,
            Dimension::Region => Self::Region,
            Dimension::City => Self::City,
            Dimension::Device => Self::Device,
            Dimension::Browser => Self::Browser,
            Dimension::Os => Self::Os,
            Dimension::Language => Self::Language,
            Dimension::Referrer => Self::Referrer,
            Dimension::Channel => Self::Channel,
            Dimension::UtmSource => Self::UtmSource,
            Dimension::UtmMedium => Self::UtmMedium,
            Dimension::UtmCampaign => Self::UtmCampaign,
            Dimension::UtmTerm => Self::UtmTerm,
            Dimension::UtmContent => Self::UtmContent,
            Dimension::Route => Self::Route,
            Dimension::Method => Self::Method,
            Dimension::Status => Self::Status,
        })
    }
}

/// The two columns that rows are sorted by in a file, and the kinds of ids in them.
pub(crate) const fn sort_names(kind: Kind) -> [(&'static str, IdKind); 2] {
    match kind {
        Kind::Click => [("workspace_id", IdKind::Workspace), ("link_id", IdKind::Link)],
        Kind::Request => [("workspace_id", IdKind::Workspace), ("api_key_id", IdKind::ApiKey)],
    }
}

/// What rows of both kinds can be asked for, column by column.
pub(crate) trait Row {
    const KIND: Kind;
    fn at_ms(&self) -> i64;
    /// Workspace, and link or key.
    fn key(&self) -> (Uuid, Uuid);
    fn text(&self, field: Field) -> &str;
    /// Of [`Shape::Hash`], [`Shape::Flag`], [`Shape::Number`] and [`Shape::Microseconds`].
    fn number(&self, field: Field) -> u64;
    fn id(&self, field: Field) -> Uuid;
}

impl<S: AsRef<str>> Row for ClickRow<S> {
    const KIND: Kind = Kind::Click;

    fn at_ms(&self) -> i64 {
        self.at_ms
    }

    fn key(&self) -> (Uuid, Uuid) {
        (self.workspace.uuid(), self.link.uuid())
    }

    fn text(&self, field: Field) -> &str {
        let text = match field {
            Field::Trigger => return self.trigger.as_str(),
            Field::Domain => &self.domain,
            Field::Country => &self.country,
            Field::Region => &self.region,
            Field::City => &self.city,
            Field::Device => &self.device,
            Field::Browser => &self.browser,
            Field::Os => &self.os,
            Field::Language => &self.language,
            Field::Referrer => &self.referrer,
            Field::Channel => &self.channel,
            Field::UtmSource => &self.utm.source,
            Field::UtmMedium => &self.utm.medium,
            Field::UtmCampaign => &self.utm.campaign,
            Field::UtmTerm => &self.utm.term,
            Field::UtmContent => &self.utm.content,
            Field::Address => &self.address,
            _ => return "",
        };
        text.as_ref()
    }

    fn number(&self, field: Field) -> u64 {
        match field {
            Field::Visitor => self.visitor,
            Field::IsRobot => u64::from(self.is_robot),
            _ => 0,
        }
    }

    fn id(&self, _: Field) -> Uuid {
        Uuid::nil()
    }
}

impl<S: AsRef<str>> Row for RequestRow<S> {
    const KIND: Kind = Kind::Request;

    fn at_ms(&self) -> i64 {
        self.at_ms
    }

    fn key(&self) -> (Uuid, Uuid) {
        (self.workspace.uuid(), self.key.uuid())
    }

    fn text(&self, field: Field) -> &str {
        match field {
            Field::Method => self.method.as_str(),
            Field::Class => self.class.as_str(),
            Field::Route => self.route.as_ref(),
            Field::Country => self.country.as_ref(),
            Field::Address => self.address.as_ref(),
            Field::UserAgent => self.user_agent.as_ref(),
            _ => "",
        }
    }

    fn number(&self, field: Field) -> u64 {
        match field {
            Field::Status => u64::from(self.status),
            Field::Latency => u64::from(self.latency_us),
            _ => 0,
        }
    }

    fn id(&self, field: Field) -> Uuid {
        match field {
            Field::Secret => self.secret.uuid(),
            Field::Request => self.id.uuid(),
            _ => Uuid::nil(),
        }
    }
}

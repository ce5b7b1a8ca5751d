//! Analytics: what the clicks of a workspace, a link, a QR code, a domain or a tag add up to.
//!
//! Every number is counted from the events when it is asked for, the newest included; nothing is added up in advance.
//! Tags are those that links carry at that moment, so giving a link another tag moves its past clicks too.

mod clicks;
mod dimension;
mod erasure;
mod live;
mod parameters;
mod range;
mod report;
pub mod routes;

use std::collections::HashMap;
use std::sync::Arc;

use tessera_events::{
    Answer, Dimension, Filter, FilterValue, Interval, Kind, Labels, Measure, Measured, Order, Question,
    Robots, TimeUnit, Trigger, Value,
};
use tessera_types::{LinkId, WorkspaceId};

use self::dimension::{By, Reach};
use self::parameters::{Chosen, Selection, Wanted};
use self::range::{Period, UNITS};
use self::report::{Counted, Face, Figures, Report, Span, Summary};
use crate::problem::{Code, Problem};
use crate::{App, events, links, qr, workspaces};

/// Intervals of a series: a day of minutes, two months of hours, four years of days.
pub const BUCKETS_MAX: usize = 1_500;
const STATIC_CODE: &str = "This QR code is static: it holds its payload itself, so nobody sees its scans. Make a dynamic one to count them.";
const MEASURES: [Measure; 3] = [Measure::Count, Measure::Robots, Measure::Visitors];

/// What a report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    Workspace(WorkspaceId),
    Link(WorkspaceId, LinkId),
    /// What came to this link by its QR code.
    Scans(WorkspaceId, LinkId),
    Domain(WorkspaceId, String),
    Tag(WorkspaceId, String),
    /// Every workspace; for who runs the deployment.
    Deployment,
}

impl Subject {
    fn workspace(&self) -> Option<WorkspaceId> {
        match self {
            Self::Workspace(workspace)
            | Self::Link(workspace, _)
            | Self::Scans(workspace, _)
            | Self::Domain(workspace, _)
            | Self::Tag(workspace, _) => Some(*workspace),
            Self::Deployment => None,
        }
    }

    fn reach(&self) -> Reach {
        if self.workspace().is_some() { Reach::Workspace } else { Reach::Deployment }
    }
}

/// The zone that days are in when nobody says.
async fn timezone(app: &App, workspace: WorkspaceId) -> Result<String, Problem> {
    Ok(workspaces::get(app, workspace).await?.timezone)
}

/// # Errors
/// `not_found` for a link, domain or tag that the workspace does not have; a series of too many intervals.
async fn report(app: &App, subject: &Subject, wanted: Wanted) -> Result<Report, Problem> {
    let asking = Asking::new(app, subject, wanted).await?;
    let now = app.now();
    let first_ms = if asking.wanted.wish.is_everything() { asking.first_ms().await? } else { None };
    let (wish, zone) = (asking.wanted.wish, &asking.wanted.zone);
    let period = wish.period(zone, now, first_ms);
    let unit = asking.wanted.unit.unwrap_or_else(|| wish.unit(period));
    let compared = asking.wanted.compare.map(|compare| wish.compared(compare, period, zone));
    let current = asking.count(period, unit, asking.wanted.limit).await?;
    let previous = match compared {
        Some(period) => Some(asking.count(period, unit, Question::LIMIT_MAX).await?),
        None => None,
    };
    let faces = match (&current.breakdown, subject.workspace()) {
        (Some(answer), Some(workspace)) => {
            Some(faces(app, workspace, &report::links_of(answer, &asking.wanted.group_by)).await?)
        }
        _ => None,
    };
    let before = previous.as_ref();
    let range = Span {
        from: zone.shown(period.from_ms),
        to: zone.shown(period.until_ms),
        timezone: zone.name.clone(),
        interval: UNITS.iter().find(|(known, _)| *known == unit).map_or("", |(_, name)| name),
        compared_from: compared.map(|period| zone.shown(period.from_ms)),
        compared_to: compared.map(|period| zone.shown(period.until_ms)),
    };
    let series = current.series.as_ref();
    let series =
        series.map(|series| report::series(series, before.and_then(|before| before.series.as_ref()), zone));
    let breakdown = current.breakdown.map(|answer| {
        let before = before.and_then(|before| before.breakdown.as_ref());
        report::breakdown(answer, before, &asking.wanted.group_by, faces.as_ref(), zone)
    });
    let summary =
        current.figures.map(|figures| Summary::new(figures, before.and_then(|before| before.figures)));
    Ok(Report { range, summary, series, breakdown })
}

/// Everything of a report that does not depend on its period.
struct Asking<'a> {
    app: &'a App,
    workspace: Option<WorkspaceId>,
    filters: Vec<Filter>,
    labels: Option<Arc<Labels>>,
    wanted: Wanted,
}

/// What was counted in one period.
struct Count {
    figures: Option<Figures>,
    series: Option<Counted>,
    breakdown: Option<Answer>,
}

impl<'a> Asking<'a> {
    async fn new(app: &'a App, subject: &Subject, wanted: Wanted) -> Result<Self, Problem> {
        let workspace = subject.workspace();
        let is_labelled = wanted.group_by.contains(&By::Tag) || is_by_tag(&wanted.selection);
        let labels = match (workspace, subject) {
            (Some(workspace), Subject::Tag(..)) => Some(links::labels(app, workspace).await?),
            (Some(workspace), _) if is_labelled => Some(links::labels(app, workspace).await?),
            _ => None,
        };
        let mut filters = filters(&wanted.selection, labels.as_ref());
        filters.extend(filters_of(app, subject, labels.as_ref()).await?);
        Ok(Self { app, workspace, filters, labels: labels.map(Arc::new), wanted })
    }

    fn question(&self, period: Period, group_by: Vec<Dimension>) -> Question {
        Question {
            kind: Kind::Click,
            workspace: self.workspace,
            from_ms: period.from_ms,
            until_ms: period.until_ms,
            filters: self.filters.clone(),
            robots: self.wanted.selection.robots,
            group_by,
            measures: MEASURES.to_vec(),
            order: Order::Group,
            limit: Question::LIMIT_MAX,
            wants_total: false,
        }
    }

    async fn count(&self, period: Period, unit: TimeUnit, limit: usize) -> Result<Count, Problem> {
        let parts = self.wanted.parts;
        let (mut series, mut total) = (None, None);
        if parts.summary || parts.series {
            let interval = Interval { unit, zone: self.wanted.zone.name.clone() };
            let starts = if parts.series { starts(&interval, period)? } else { Vec::new() };
            let by_time = parts.series.then_some(Dimension::Time(interval));
            let question = Question {
                wants_total: parts.summary,
                ..self.question(period, by_time.into_iter().collect())
            };
            let answer = events::ask(self.app, question).await?;
            total = answer.total;
            series = parts.series.then_some(Counted { starts, groups: answer.groups });
        }
        let figures = match total {
            Some(total) if parts.summary => Some(self.figures(period, total).await?),
            _ => None,
        };
        let breakdown = if parts.breakdown { Some(self.breakdown(period, unit, limit).await?) } else { None };
        Ok(Count { figures, series, breakdown })
    }

    async fn figures(&self, period: Period, total: Measured) -> Result<Figures, Problem> {
        let mut question = self.question(period, Vec::new());
        question.measures = vec![Measure::Count];
        question.wants_total = true;
        question.filters.push(scanned());
        let scans = events::ask(self.app, question).await?;
        Ok(Figures { numbers: total.into(), qr_scans: scans.total.unwrap_or_default().count })
    }

    async fn breakdown(&self, period: Period, unit: TimeUnit, limit: usize) -> Result<Answer, Problem> {
        let labels = || Dimension::Label(self.labels.clone().unwrap_or_default());
        let zone = &self.wanted.zone.name;
        let group_by = self.wanted.group_by.iter().map(|by| by.dimension(unit, zone).unwrap_or_else(labels));
        let question = self.question(period, group_by.collect());
        events::ask(self.app, Question { order: self.wanted.order, limit, ..question }).await
    }

    /// The start of the month of the first click there is, whoever or whatever it was by.
    async fn first_ms(&self) -> Result<Option<i64>, Problem> {
        let month = Interval { unit: TimeUnit::Month, zone: self.wanted.zone.name.clone() };
        let always = Period { from_ms: 0, until_ms: i64::MAX };
        let question = self.question(always, vec![Dimension::Time(month)]);
        let question =
            Question { robots: Robots::Include, measures: vec![Measure::Count], limit: 1, ..question };
        let answer = events::ask(self.app, question).await?;
        Ok(answer.groups.first().and_then(|group| match group.by.first() {
            Some(Value::Time(start)) => Some(*start),
            _ => None,
        }))
    }
}

fn starts(interval: &Interval, period: Period) -> Result<Vec<i64>, Problem> {
    let starts = tessera_events::buckets(interval, period.from_ms, period.until_ms).ok();
    starts.filter(|starts| starts.len() <= BUCKETS_MAX).ok_or_else(|| {
        let words = format!("at most {BUCKETS_MAX} intervals: take a longer interval, or a shorter range");
        Problem::field("interval", "range", words)
    })
}

/// The subject of the report for a QR code: of what came to its link, the scans.
///
/// # Errors
/// `not_found` for a code that the workspace does not have, and for one that no link can count: a static one.
async fn scans_of(app: &App, workspace: WorkspaceId, which: qr::Which) -> Result<Subject, Problem> {
    let id = qr::identify(app, workspace, which, None).await?;
    match links::link_of_code(app, workspace, id).await? {
        Some(link) => Ok(Subject::Scans(workspace, link.id)),
        // A code without a link is a static one, if it is there at all.
        None => Err(qr::read(app, workspace, id)
            .await
            .map_or_else(|problem| problem, |_| Problem::new(Code::Conflict, STATIC_CODE))),
    }
}

fn scanned() -> Filter {
    let values = vec![FilterValue::Text(Trigger::Qr.as_str().to_owned())];
    Filter { dimension: Dimension::Trigger, values, is_negated: false }
}

async fn filters_of(app: &App, subject: &Subject, labels: Option<&Labels>) -> Result<Vec<Filter>, Problem> {
    Ok(match subject {
        Subject::Workspace(_) | Subject::Deployment => Vec::new(),
        Subject::Link(workspace, id) | Subject::Scans(workspace, id) => {
            if links::faces(app, *workspace, &[*id]).await?.is_empty() {
                return Err(Problem::not_found());
            }
            let values = vec![FilterValue::Id(id.uuid())];
            let link = Filter { dimension: Dimension::Link, values, is_negated: false };
            let scanned = matches!(subject, Subject::Scans(..)).then(scanned);
            std::iter::once(link).chain(scanned).collect()
        }
        Subject::Domain(_, name) => {
            let host = links::domain(app, name).ok_or_else(Problem::not_found)?;
            let values = vec![FilterValue::Text(host)];
            vec![Filter { dimension: Dimension::Domain, values, is_negated: false }]
        }
        Subject::Tag(_, tag) => {
            let labels = labels.filter(|labels| labels.names.contains(tag)).ok_or_else(Problem::not_found)?;
            vec![tagged(labels, &[Some(tag.clone())], false)]
        }
    })
}

fn is_by_tag(selection: &Selection) -> bool {
    selection.filters.iter().any(|chosen| chosen.by == By::Tag)
}

fn filters(selection: &Selection, labels: Option<&Labels>) -> Vec<Filter> {
    let nobody = Labels::default();
    let filter = |chosen: &Chosen| match chosen.by.dimension(TimeUnit::Day, "UTC") {
        None => tagged(labels.unwrap_or(&nobody), &chosen.values, chosen.is_negated),
        Some(dimension) => {
            let value = |value: &Option<String>| match (&dimension, value) {
                (Dimension::Link, Some(id)) => {
                    let id = id.parse::<LinkId>().map(|id| id.uuid()).unwrap_or_default();
                    FilterValue::Id(id)
                }
                (_, value) => FilterValue::Text(value.clone().unwrap_or_default()),
            };
            let values = chosen.values.iter().map(value).collect();
            Filter { dimension, values, is_negated: chosen.is_negated }
        }
    };
    selection.filters.iter().map(filter).collect()
}

/// Clicks of links that carry one of these tags; `None` stands for links without any.
fn tagged(labels: &Labels, tags: &[Option<String>], is_negated: bool) -> Filter {
    let wants_untagged = tags.contains(&None);
    let place = |tag: &str| labels.names.iter().position(|name| name == tag);
    let wanted: Vec<usize> = tags.iter().flatten().filter_map(|tag| place(tag)).collect();
    let carries = |places: &[u32]| places.iter().any(|place| wanted.contains(&(*place as usize)));
    // Links without tags are not listed anywhere: they are all but the tagged ones.
    let values = labels
        .of_link
        .iter()
        .filter(|(_, places)| !places.is_empty() && carries(places) != wants_untagged)
        .map(|(id, _)| FilterValue::Id(id.uuid()))
        .collect();
    Filter { dimension: Dimension::Link, values, is_negated: is_negated != wants_untagged }
}

async fn faces(app: &App, workspace: WorkspaceId, ids: &[LinkId]) -> Result<HashMap<LinkId, Face>, Problem> {
    let found = links::faces(app, workspace, ids).await?;
    Ok(found
        .into_iter()
        .map(|face| (face.id, Face { title: face.title, short_url: face.short_url }))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(number: u128) -> LinkId {
        LinkId::from_uuid(uuid::Uuid::from_u128(number))
    }

    /// Link 1 carries a and b, link 2 carries b, link 3 lost its tags, link 4 never had any.
    fn labels() -> Labels {
        let of_link = [(link(1), vec![0, 1]), (link(2), vec![1]), (link(3), vec![])].into();
        Labels { names: vec!["a".into(), "b".into()], of_link }
    }

    fn passing(tags: &[Option<&str>], is_negated: bool) -> Vec<u128> {
        let tags: Vec<Option<String>> = tags.iter().map(|tag| tag.map(str::to_owned)).collect();
        let filter = tagged(&labels(), &tags, is_negated);
        (1..=4)
            .filter(|number| {
                filter.values.contains(&FilterValue::Id(link(*number).uuid())) != filter.is_negated
            })
            .collect()
    }

    #[test]
    fn a_tag_is_asked_for_by_its_links_and_none_by_all_others() {
        assert_eq!(passing(&[Some("a")], false), [1]);
        assert_eq!(passing(&[Some("a"), Some("b")], false), [1, 2]);
        assert_eq!(passing(&[Some("a")], true), [2, 3, 4]);
        assert_eq!(passing(&[None], false), [3, 4]);
        assert_eq!(passing(&[None], true), [1, 2]);
        assert_eq!(passing(&[Some("a"), None], false), [1, 3, 4]);
        assert_eq!(passing(&[Some("a"), None], true), [2]);
        assert_eq!(passing(&[Some("unknown")], false), Vec::<u128>::new());
        assert_eq!(passing(&[Some("unknown")], true), [1, 2, 3, 4]);
    }
}

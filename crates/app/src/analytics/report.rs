//! A report as it is sent: a summary, a series without holes, a breakdown; each number beside the one it is compared
//! with. No I/O.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::Value as Json;
use tessera_events::{Answer, Group, Measured, Value};
use tessera_types::{LinkId, WorkspaceId};
use utoipa::ToSchema;

use super::dimension::By;
use super::range::Zone;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnalyticsReport)]
pub(super) struct Report {
    pub(super) range: Span,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) summary: Option<Summary>,
    /// Every interval of the range, also those in which nothing happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) series: Option<Vec<Point>>,
    /// Only with `group_by`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) breakdown: Option<Breakdown>,
}

/// What the numbers are about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnalyticsRange)]
pub(super) struct Span {
    /// RFC 3339 with the zone's offset.
    #[schema(examples("2026-02-09T00:00:00+01:00"))]
    pub(super) from: String,
    /// Up to, and without, this moment.
    #[schema(examples("2026-02-15T11:30:01+01:00"))]
    pub(super) to: String,
    #[schema(examples("Europe/Berlin"))]
    pub(super) timezone: String,
    /// Of the series.
    #[schema(examples("day"))]
    pub(super) interval: &'static str,
    /// The range that `previous` numbers are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) compared_from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) compared_to: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AnalyticsNumbers)]
pub(super) struct Numbers {
    /// By people, unless `robots` says otherwise.
    #[schema(examples(1024))]
    pub(super) clicks: u64,
    /// Told apart within one day: somebody who comes back tomorrow is another one.
    #[schema(examples(873))]
    pub(super) unique_visitors: u64,
    /// Whether `unique_visitors` is estimated, within 1 %: large numbers are.
    pub(super) unique_visitors_is_estimate: bool,
    /// Clicks by robots, previews and prefetches, whether or not they are among `clicks`.
    #[schema(examples(31))]
    pub(super) robots: u64,
}

/// By how much a number differs from its previous one, in percent; null where that was 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(as = AnalyticsChange)]
pub(super) struct Change {
    #[schema(examples(12.5))]
    pub(super) clicks: Option<f64>,
    pub(super) unique_visitors: Option<f64>,
    pub(super) robots: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnalyticsSummary)]
pub(super) struct Summary {
    #[serde(flatten)]
    pub(super) figures: Figures,
    /// Only with `compare`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous: Option<Figures>,
    /// Only with `compare`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) change_pct: Option<SummaryChange>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = AnalyticsFigures)]
pub(super) struct Figures {
    #[serde(flatten)]
    pub(super) numbers: Numbers,
    /// Those of the clicks that came by a QR code.
    #[schema(examples(310))]
    pub(super) qr_scans: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnalyticsSummaryChange)]
pub(super) struct SummaryChange {
    #[serde(flatten)]
    change: Change,
    qr_scans: Option<f64>,
}

/// One interval.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnalyticsPoint)]
pub(super) struct Point {
    /// When the interval begins: RFC 3339 with the zone's offset. The first may begin before the range does.
    #[schema(examples("2026-02-15T00:00:00+01:00"))]
    pub(super) start: String,
    #[serde(flatten)]
    pub(super) numbers: Numbers,
    /// The interval at the same place of the range compared with, if it has one there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous: Option<PreviousPoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) change_pct: Option<Change>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnalyticsPreviousPoint)]
pub(super) struct PreviousPoint {
    start: String,
    #[serde(flatten)]
    numbers: Numbers,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnalyticsBreakdown)]
pub(super) struct Breakdown {
    #[schema(examples(json!(["country"])))]
    pub(super) group_by: Vec<&'static str>,
    /// How many groups there are; `limit` says how many of them are listed.
    #[schema(examples(42))]
    pub(super) groups_found: usize,
    pub(super) rows: Vec<Row>,
}

/// What one group adds up to. A click counts for each tag of its link.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnalyticsRow)]
pub(super) struct Row {
    /// One value for each word of `group_by`: text, or a number for `weekday` (Monday is 1) and `hour`; null where
    /// nothing is known.
    #[schema(value_type = Object, examples(json!({"country": "DE"})))]
    pub(super) group: BTreeMap<&'static str, Json>,
    /// Of the link, where `group_by` names it; null once it is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Face>)]
    pub(super) link: Option<Option<Face>>,
    #[serde(flatten)]
    pub(super) numbers: Numbers,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous: Option<Numbers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) change_pct: Option<Change>,
}

/// What people know a link by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LinkFace)]
pub(super) struct Face {
    pub(super) title: Option<String>,
    #[schema(examples("https://go.example.com/spring"))]
    pub(super) short_url: String,
}

impl From<Measured> for Numbers {
    fn from(measured: Measured) -> Self {
        Self {
            clicks: measured.count,
            unique_visitors: measured.visitors.count,
            unique_visitors_is_estimate: measured.visitors.is_estimate,
            robots: measured.robots,
        }
    }
}

/// In percent, to one decimal.
fn change_pct(now: u64, before: u64) -> Option<f64> {
    (before > 0).then(|| ((now as f64 - before as f64) / before as f64 * 1_000.0).round() / 10.0)
}

impl Numbers {
    fn against(self, before: Self) -> Change {
        Change {
            clicks: change_pct(self.clicks, before.clicks),
            unique_visitors: change_pct(self.unique_visitors, before.unique_visitors),
            robots: change_pct(self.robots, before.robots),
        }
    }
}

impl Summary {
    pub(super) fn new(figures: Figures, previous: Option<Figures>) -> Self {
        let change_pct = previous.map(|before| SummaryChange {
            change: figures.numbers.against(before.numbers),
            qr_scans: change_pct(figures.qr_scans, before.qr_scans),
        });
        Self { figures, previous, change_pct }
    }
}

/// The intervals of a period with what was counted in them.
#[derive(Debug)]
pub(super) struct Counted {
    /// When each begins, one after the other.
    pub(super) starts: Vec<i64>,
    pub(super) groups: Vec<Group>,
}

impl Counted {
    /// Each interval with its numbers, zero where nothing was counted.
    fn filled(&self) -> impl Iterator<Item = (i64, Numbers)> {
        let found: HashMap<i64, Measured> = self
            .groups
            .iter()
            .filter_map(|group| match group.by.first() {
                Some(Value::Time(start)) => Some((*start, group.measured)),
                _ => None,
            })
            .collect();
        self.starts.iter().map(move |start| (*start, found.get(start).copied().unwrap_or_default().into()))
    }
}

/// A series without holes. What it is compared with stands at the same place of its own range.
pub(super) fn series(counted: &Counted, previous: Option<&Counted>, zone: &Zone) -> Vec<Point> {
    let mut before = previous.into_iter().flat_map(Counted::filled);
    counted
        .filled()
        .map(|(start, numbers)| {
            let before = before.next();
            Point {
                start: zone.shown(start),
                numbers,
                change_pct: before.map(|(_, before)| numbers.against(before)),
                previous: before.map(|(start, numbers)| PreviousPoint { start: zone.shown(start), numbers }),
            }
        })
        .collect()
}

/// The links that an answer names.
pub(super) fn links_of(answer: &Answer, group_by: &[By]) -> Vec<LinkId> {
    let Some(place) = group_by.iter().position(|by| *by == By::Link) else { return Vec::new() };
    let ids = answer.groups.iter().filter_map(|group| match group.by.get(place) {
        Some(Value::Id(id)) => Some(LinkId::from_uuid(*id)),
        _ => None,
    });
    let mut ids: Vec<LinkId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// `faces` are those of links that still exist; `None` where links are not shown with theirs.
pub(super) fn breakdown(
    answer: Answer,
    previous: Option<&Answer>,
    group_by: &[By],
    faces: Option<&HashMap<LinkId, Face>>,
    zone: &Zone,
) -> Breakdown {
    let before: Option<HashMap<&[Value], Measured>> = previous
        .map(|answer| answer.groups.iter().map(|group| (group.by.as_slice(), group.measured)).collect());
    // Where the comparison has more groups than it could list, one that is not listed is not known to be empty.
    let is_whole = previous.is_some_and(|answer| answer.groups_found == answer.groups.len());
    let row = |group: Group| {
        let numbers = Numbers::from(group.measured);
        let before = before.as_ref().and_then(|before| {
            let found = before.get(group.by.as_slice()).copied();
            found.or_else(|| is_whole.then(Measured::default)).map(Numbers::from)
        });
        let link = faces.and_then(|faces| {
            let place = group_by.iter().position(|by| *by == By::Link)?;
            match group.by.get(place)? {
                Value::Id(id) => Some(faces.get(&LinkId::from_uuid(*id)).cloned()),
                _ => None,
            }
        });
        let values = group_by.iter().zip(group.by);
        Row {
            group: values.map(|(by, value)| (by.name(), shown(*by, value, zone))).collect(),
            link,
            numbers,
            change_pct: before.map(|before| numbers.against(before)),
            previous: before,
        }
    };
    Breakdown {
        group_by: group_by.iter().map(|by| by.name()).collect(),
        groups_found: answer.groups_found,
        rows: answer.groups.into_iter().map(row).collect(),
    }
}

fn shown(by: By, value: Value, zone: &Zone) -> Json {
    match value {
        Value::Time(start) => zone.shown(start).into(),
        Value::Number(number) => number.into(),
        Value::Id(id) if by == By::Workspace => WorkspaceId::from_uuid(id).to_string().into(),
        Value::Id(id) => LinkId::from_uuid(id).to_string().into(),
        Value::Text(text) if text.is_empty() => Json::Null,
        Value::Text(text) => text.into(),
    }
}

const NUMBERS: [&str; 4] = ["clicks", "unique_visitors", "unique_visitors_is_estimate", "robots"];
const PREVIOUS: [&str; 3] = ["previous_clicks", "previous_unique_visitors", "previous_robots"];

fn cells(numbers: &Numbers) -> impl Iterator<Item = String> {
    let Numbers { clicks, unique_visitors, unique_visitors_is_estimate, robots } = *numbers;
    [
        clicks.to_string(),
        unique_visitors.to_string(),
        unique_visitors_is_estimate.to_string(),
        robots.to_string(),
    ]
    .into_iter()
}

fn previous_cells(numbers: Option<&Numbers>) -> impl Iterator<Item = String> {
    let cell =
        |number: fn(&Numbers) -> u64| numbers.map_or_else(String::new, |numbers| number(numbers).to_string());
    [cell(|numbers| numbers.clicks), cell(|numbers| numbers.unique_visitors), cell(|numbers| numbers.robots)]
        .into_iter()
}

/// A table: the names of its columns, and its rows.
pub(super) type Table = (Vec<&'static str>, Vec<Vec<String>>);

impl Report {
    /// The breakdown as a table, or without one the series.
    pub(super) fn table(&self) -> Table {
        let is_compared = self.range.compared_from.is_some();
        let mut head: Vec<&'static str> = Vec::new();
        let finish = |head: &mut Vec<&'static str>| {
            head.extend(NUMBERS);
            if is_compared {
                head.extend(PREVIOUS);
            }
        };
        let numbers = |cells_before: Vec<String>, now: &Numbers, before: Option<&Numbers>| {
            let previous = is_compared.then(|| previous_cells(before)).into_iter().flatten();
            cells_before.into_iter().chain(cells(now)).chain(previous).collect::<Vec<String>>()
        };
        let Some(breakdown) = &self.breakdown else {
            head.push("start");
            finish(&mut head);
            let points = self.series.iter().flatten();
            let row = |point: &Point| {
                let before = point.previous.as_ref().map(|previous| &previous.numbers);
                numbers(vec![point.start.clone()], &point.numbers, before)
            };
            return (head, points.map(row).collect());
        };
        head.extend(&breakdown.group_by);
        let has_faces = breakdown.group_by.contains(&By::Link.name());
        if has_faces {
            head.extend(["link_title", "link_short_url"]);
        }
        finish(&mut head);
        let row = |row: &Row| {
            let mut first: Vec<String> =
                breakdown.group_by.iter().map(|name| cell(row.group.get(name))).collect();
            if has_faces {
                let face = row.link.clone().flatten();
                let (title, url) = face.map_or_else(Default::default, |face| (face.title, face.short_url));
                first.extend([title.unwrap_or_default(), url]);
            }
            numbers(first, &row.numbers, row.previous.as_ref())
        };
        (head, breakdown.rows.iter().map(row).collect())
    }
}

fn cell(value: Option<&Json>) -> String {
    match value {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_in_percent_of_what_was_and_unknown_where_nothing_was() {
        assert_eq!(change_pct(9, 8), Some(12.5));
        assert_eq!(change_pct(2, 3), Some(-33.3));
        assert_eq!(change_pct(0, 5), Some(-100.0));
        assert_eq!(change_pct(5, 5), Some(0.0));
        assert_eq!(change_pct(5, 0), None);
    }

    fn measured(count: u64) -> Measured {
        Measured { count, ..Measured::default() }
    }

    fn counted(starts: &[i64], counts: &[(i64, u64)]) -> Counted {
        let group =
            |(start, count): &(i64, u64)| Group { by: vec![Value::Time(*start)], measured: measured(*count) };
        Counted { starts: starts.to_vec(), groups: counts.iter().map(group).collect() }
    }

    #[test]
    fn a_series_has_no_holes_and_is_compared_place_by_place() {
        let (now, before) = (counted(&[10, 20, 30], &[(20, 4)]), counted(&[0, 5], &[(0, 1), (5, 2)]));
        let utc = Zone::parse("UTC").unwrap();
        let points = series(&now, Some(&before), &utc);
        let seen: Vec<_> = points
            .iter()
            .map(|point| {
                (point.numbers.clicks, point.previous.as_ref().map(|previous| previous.numbers.clicks))
            })
            .collect();
        assert_eq!(seen, [(0, Some(1)), (4, Some(2)), (0, None)]);
        assert_eq!(points[1].change_pct.unwrap().clicks, Some(100.0));
        assert_eq!(points[1].start, "1970-01-01T00:00:00.02Z");
    }

    fn answer(counts: &[(&str, u64)], groups_found: usize) -> Answer {
        let group = |(name, count): &(&str, u64)| Group {
            by: vec![Value::Text((*name).to_owned())],
            measured: measured(*count),
        };
        Answer { groups: counts.iter().map(group).collect(), total: None, groups_found, rows_scanned: 0 }
    }

    #[test]
    fn a_group_that_was_not_there_before_is_compared_with_zero_unless_the_list_was_cut() {
        let utc = Zone::parse("UTC").unwrap();
        let previous = |groups_found| answer(&[("DE", 4)], groups_found);
        let made = |groups_found| {
            let now = answer(&[("DE", 5), ("", 2)], 2);
            let made = breakdown(now, Some(&previous(groups_found)), &[By::Country], None, &utc);
            made.rows
                .into_iter()
                .map(|row| (row.group["country"].clone(), row.previous.map(|n| n.clicks)))
                .collect::<Vec<_>>()
        };
        assert_eq!(made(1), [("DE".into(), Some(4)), (Json::Null, Some(0))]);
        assert_eq!(made(9), [("DE".into(), Some(4)), (Json::Null, None)]);
    }
}

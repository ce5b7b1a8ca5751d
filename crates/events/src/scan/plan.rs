//! A question, checked and turned into what the scan needs to know of it.
//!
//! Everything that depends on the question alone is worked out here, once; what depends on the values of a part (which
//! of its codes pass a filter, which group a code belongs to) is worked out once per part.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;
use tessera_types::{LinkId, from_millis};
use uuid::Uuid;

use super::error::{self, AskError};
use super::place::continent;
use super::time::{self, BUCKETS_MAX};
use crate::store::{Field, Run, Runs, Values, layout};
use crate::{
    Dimension, Filter, FilterValue, Kind, Labels, Measure, Order, Question, Robots, TimeUnit, Value,
};

/// Hours or days that weekdays and hours of the day are told apart by: a century of hours.
const CLOCK_BUCKETS_MAX: usize = 1_000_000;
/// Bits of a group's key for each thing it is grouped by.
pub(super) const CODE_BITS: u32 = 21;

pub(super) struct Plan<'q> {
    pub(super) question: &'q Question,
    /// The part of the asked range in which there are events.
    pub(super) range: Range<i64>,
    pub(super) choice: Choice,
    pub(super) dims: Vec<Dim>,
    pub(super) robots: Robots,
    pub(super) wants: Wants,
}

/// What has to be worked out for every row that counts.
#[derive(Clone, Copy)]
pub(super) struct Wants {
    pub(super) robots: bool,
    pub(super) visitors: bool,
    pub(super) errors: bool,
    pub(super) latency: bool,
    pub(super) total: bool,
}

impl<'q> Plan<'q> {
    /// `held` is the range in which there are events at all.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the question.
    pub(super) fn new(question: &'q Question, held: Range<i64>) -> Result<Self, AskError> {
        if question.group_by.len() > Question::GROUP_BY_MAX {
            return Err(AskError::GroupBys);
        }
        if question.limit == 0 || question.limit > Question::LIMIT_MAX {
            return Err(AskError::Limit);
        }
        if question.from_ms > question.until_ms {
            return Err(AskError::Range);
        }
        measures(question)?;
        let kind = question.kind;
        let choice = Choice::new(kind, question.workspace.map(|id| id.uuid()), &question.filters)?;
        let asked = question.from_ms..question.until_ms;
        let range = asked.start.max(held.start)..asked.end.min(held.end);
        let dims = question.group_by.iter().map(|by| Dim::new(by, kind, &range)).collect::<Result<_, _>>()?;
        let has = |measure| question.measures.contains(&measure);
        let wants = Wants {
            robots: has(Measure::Robots),
            visitors: has(Measure::Visitors),
            errors: has(Measure::Errors),
            latency: has(Measure::Latency),
            total: question.wants_total || question.group_by.is_empty(),
        };
        // A request is nobody's robot.
        let robots = match (kind, question.robots) {
            (Kind::Request, Robots::Exclude | Robots::Include) => Robots::Include,
            (_, robots) => robots,
        };
        Ok(Self { question, range, choice, dims, robots, wants })
    }

    /// Whether a row's moment decides about its group.
    pub(super) fn is_by_time(&self) -> bool {
        self.dims.iter().any(|dim| matches!(dim, Dim::Time(_)))
    }
}

fn measures(question: &Question) -> Result<(), AskError> {
    let allowed = error::measures_of(question.kind);
    if let Some(strange) = question.measures.iter().find(|measure| !allowed.contains(measure)) {
        return Err(AskError::Measure {
            measure: error::measure_name(*strange),
            kind: question.kind,
            allowed: allowed.iter().map(|measure| error::measure_name(*measure)).collect(),
        });
    }
    match question.order {
        Order::Largest(measure) | Order::Smallest(measure) if !question.measures.contains(&measure) => {
            Err(AskError::Order(error::measure_name(measure)))
        }
        _ => Ok(()),
    }
}

/// Which rows are looked at, apart from robots and time.
pub(super) struct Choice {
    pub(super) workspace: Option<Uuid>,
    workspaces: Vec<Ids>,
    owners: Vec<Ids>,
    pub(super) checks: Vec<Check>,
}

struct Ids {
    ids: HashSet<Uuid>,
    is_negated: bool,
}

impl Ids {
    fn pass(&self, id: &Uuid) -> bool {
        self.ids.contains(id) != self.is_negated
    }
}

/// A filter on a column with codes.
pub(super) struct Check {
    pub(super) field: Field,
    is_continent: bool,
    values: HashSet<FilterValue>,
    is_negated: bool,
}

impl Choice {
    pub(super) fn new(kind: Kind, workspace: Option<Uuid>, filters: &[Filter]) -> Result<Self, AskError> {
        if filters.len() > Question::FILTERS_MAX {
            return Err(AskError::Filters);
        }
        let mut choice = Self { workspace, workspaces: Vec::new(), owners: Vec::new(), checks: Vec::new() };
        for filter in filters {
            choice.add(kind, filter)?;
        }
        Ok(choice)
    }

    fn add(&mut self, kind: Kind, filter: &Filter) -> Result<(), AskError> {
        let dimension = &filter.dimension;
        let name = error::name(dimension);
        let allowed = error::filters_of(kind);
        let field = Field::of(dimension).filter(|_| allowed.contains(&name));
        let Some(field) = field else {
            return Err(AskError::Filter { dimension: name, kind, allowed });
        };
        if filter.values.len() > Question::FILTER_VALUES_MAX {
            return Err(AskError::FilterValues);
        }
        if !filter.values.iter().all(|value| error::is_expected(dimension, value)) {
            return Err(AskError::FilterValue { dimension: name, expected: error::expected(dimension) });
        }
        let is_negated = filter.is_negated;
        if field == Field::Sort {
            let ids = filter.values.iter().filter_map(|value| match value {
                FilterValue::Id(id) => Some(*id),
                FilterValue::Text(_) | FilterValue::Number(_) => None,
            });
            let ids = Ids { ids: ids.collect(), is_negated };
            let list =
                if *dimension == Dimension::Workspace { &mut self.workspaces } else { &mut self.owners };
            list.push(ids);
        } else {
            let is_continent = *dimension == Dimension::Continent;
            let values = filter.values.iter().cloned().collect();
            self.checks.push(Check { field, is_continent, values, is_negated });
        }
        Ok(())
    }

    pub(super) fn passes(&self, run: &Run) -> bool {
        self.workspaces.iter().all(|ids| ids.pass(&run.workspace))
            && self.owners.iter().all(|ids| ids.pass(&run.owner))
    }

    /// The runs that may pass.
    pub(super) fn runs(&self, runs: &Runs) -> Range<usize> {
        self.workspace.map_or(0..runs.list().len(), |workspace| runs.of_workspace(workspace))
    }

    /// Whether every run passes.
    pub(super) fn is_everything(&self) -> bool {
        self.workspace.is_none() && self.workspaces.is_empty() && self.owners.is_empty()
    }
}

impl Check {
    /// For each code of a part, whether rows with it pass.
    pub(super) fn passing(&self, values: &Values) -> Vec<bool> {
        let has = |value: FilterValue| self.values.contains(&value) != self.is_negated;
        match values {
            Values::Text(texts) if self.is_continent => {
                texts.iter().map(|text| has(FilterValue::Text(continent(text).to_owned()))).collect()
            }
            Values::Text(texts) => {
                texts.iter().map(|text| has(FilterValue::Text((**text).to_owned()))).collect()
            }
            Values::Ids(ids) => ids.iter().map(|id| has(FilterValue::Id(*id))).collect(),
            Values::Numbers(numbers) => {
                numbers.iter().map(|number| has(FilterValue::Number(*number))).collect()
            }
        }
    }
}

/// One of the things an answer is grouped by.
pub(super) enum Dim {
    Time(Times),
    Workspace(Codebook),
    Owner(Codebook),
    Label(Arc<Labels>),
    Coded { field: Field, is_continent: bool, book: Codebook },
}

/// Intervals, and what each is shown as.
pub(super) struct Times {
    pub(super) starts: Vec<i64>,
    pub(super) values: Vec<Value>,
    /// The place in `values` of each interval.
    pub(super) codes: Vec<u32>,
}

impl Dim {
    fn new(by: &Dimension, kind: Kind, range: &Range<i64>) -> Result<Self, AskError> {
        let name = error::name(by);
        let allowed = error::groups_of(kind);
        if !allowed.contains(&name) {
            return Err(AskError::GroupBy { dimension: name, kind, allowed });
        }
        Ok(match by {
            Dimension::Time(interval) => {
                let zone = time::zone(&interval.zone)?;
                let starts = time::starts(interval.unit, &zone, range.start, range.end, BUCKETS_MAX)?;
                Self::Time(Times::new(starts, Value::Time))
            }
            Dimension::Weekday(zone) => Self::clock(TimeUnit::Day, zone, range, |zone, at| {
                zone.to_datetime(from_millis(at)).weekday().to_monday_one_offset()
            })?,
            Dimension::HourOfDay(zone) => {
                Self::clock(TimeUnit::Hour, zone, range, |zone, at| zone.to_datetime(from_millis(at)).hour())?
            }
            Dimension::Workspace => Self::Workspace(Codebook::default()),
            Dimension::Link | Dimension::Key => Self::Owner(Codebook::default()),
            Dimension::Label(labels) => Self::Label(Arc::clone(labels)),
            coded => {
                let field = Field::of(coded).filter(|field| layout(kind).contains(field));
                let Some(field) = field else {
                    return Err(AskError::GroupBy { dimension: name, kind, allowed });
                };
                let is_continent = *coded == Dimension::Continent;
                Self::Coded { field, is_continent, book: Codebook::default() }
            }
        })
    }

    fn clock(
        unit: TimeUnit,
        zone: &str,
        range: &Range<i64>,
        shown: fn(&TimeZone, i64) -> i8,
    ) -> Result<Self, AskError> {
        let zone = time::zone(zone)?;
        let starts = time::starts(unit, &zone, range.start, range.end, CLOCK_BUCKETS_MAX)?;
        Ok(Self::Time(Times::new(starts, |start| {
            Value::Number(u64::try_from(shown(&zone, start)).unwrap_or(0))
        })))
    }

    /// The value that a code stands for.
    pub(super) fn values(&self) -> Vec<Value> {
        match self {
            Self::Time(times) => times.values.clone(),
            Self::Workspace(book) | Self::Owner(book) | Self::Coded { book, .. } => book.values(),
            Self::Label(labels) => {
                let none = std::iter::once(Value::Text(String::new()));
                none.chain(labels.names.iter().map(|name| Value::Text(name.clone()))).collect()
            }
        }
    }
}

impl Times {
    fn new(starts: Vec<i64>, shown: impl Fn(i64) -> Value) -> Self {
        let (mut values, mut places) = (Vec::new(), HashMap::new());
        let code = |start: &i64| {
            let value = shown(*start);
            *places.entry(value.clone()).or_insert_with(|| {
                values.push(value);
                values.len() as u32 - 1
            })
        };
        let codes = starts.iter().map(code).collect();
        Self { starts, values, codes }
    }

    /// The interval that a moment of the range falls into.
    pub(super) fn place(&self, at_ms: i64) -> usize {
        self.starts.partition_point(|start| *start <= at_ms).saturating_sub(1)
    }
}

/// Codes of the links' labels; 0 is none.
pub(super) fn label_codes(labels: &Labels, link: Uuid) -> Vec<u32> {
    match labels.of_link.get(&LinkId::from_uuid(link)) {
        Some(places) if !places.is_empty() => {
            let mut codes: Vec<u32> = places.iter().map(|place| place + 1).collect();
            codes.sort_unstable();
            codes.dedup();
            codes
        }
        _ => vec![0],
    }
}

/// Values as they are met, numbered. Shared by the threads of one question, which ask once per part.
#[derive(Default)]
pub(super) struct Codebook(Mutex<Known>);

#[derive(Default)]
struct Known {
    texts: HashMap<Arc<str>, u32>,
    ids: HashMap<Uuid, u32>,
    numbers: HashMap<u64, u32>,
    values: Vec<Value>,
}

impl Codebook {
    /// The number of each code of a part.
    ///
    /// # Errors
    ///
    /// [`AskError::Groups`] once there are too many different ones.
    pub(super) fn numbers(&self, values: &Values, is_continent: bool) -> Result<Vec<u32>, AskError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let numbers = match values {
            Values::Text(texts) if is_continent => {
                texts.iter().map(|text| known.text(&Arc::from(continent(text)))).collect()
            }
            Values::Text(texts) => texts.iter().map(|text| known.text(text)).collect(),
            Values::Ids(ids) => ids.iter().map(|id| known.id(*id)).collect(),
            Values::Numbers(numbers) => numbers.iter().map(|number| known.number(*number)).collect(),
        };
        known.checked(numbers)
    }

    /// The number of each id.
    ///
    /// # Errors
    ///
    /// [`AskError::Groups`] once there are too many different ones.
    pub(super) fn ids(&self, ids: impl Iterator<Item = Uuid>) -> Result<Vec<u32>, AskError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let numbers = ids.map(|id| known.id(id)).collect();
        known.checked(numbers)
    }

    fn values(&self) -> Vec<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values.clone()
    }
}

impl Known {
    fn text(&mut self, text: &Arc<str>) -> u32 {
        if let Some(number) = self.texts.get(text) {
            return *number;
        }
        self.values.push(Value::Text(text.to_string()));
        *self.texts.entry(Arc::clone(text)).or_insert(self.values.len() as u32 - 1)
    }

    fn id(&mut self, id: Uuid) -> u32 {
        *self.ids.entry(id).or_insert_with(|| {
            self.values.push(Value::Id(id));
            self.values.len() as u32 - 1
        })
    }

    fn number(&mut self, number: u64) -> u32 {
        *self.numbers.entry(number).or_insert_with(|| {
            self.values.push(Value::Number(number));
            self.values.len() as u32 - 1
        })
    }

    fn checked(&self, numbers: Vec<u32>) -> Result<Vec<u32>, AskError> {
        if self.values.len() > 1 << CODE_BITS { Err(AskError::Groups) } else { Ok(numbers) }
    }
}

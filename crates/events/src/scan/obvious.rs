//! The slow, obvious evaluation of a question: one row after the other, as plain values.
//!
//! It shares nothing with the scan but the types of questions and answers and the table of continents. Zones it knows by their rules for the
//! days in question, written down here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tessera_types::LinkId;
use uuid::Uuid;

use super::place::continent;
use crate::*;

/// 2025-10-25 12:00 UTC: the clock in Berlin is put back 13 hours later.
pub(super) const NOON_MS: i64 = 1_761_393_600_000;
pub(super) const CHANGE_MS: i64 = NOON_MS + 13 * 3_600_000;
pub(super) const DAY_MS: i64 = 86_400_000;

/// What both kinds of rows come down to.
pub(super) struct Plain {
    at_ms: i64,
    workspace: Uuid,
    owner: Uuid,
    is_robot: bool,
    visitor: u64,
    status: u64,
    latency_us: u32,
    texts: HashMap<&'static str, &'static str>,
}

pub(super) fn plain_click(row: &ClickRow<&'static str>) -> Plain {
    Plain {
        at_ms: row.at_ms,
        workspace: row.workspace.uuid(),
        owner: row.link.uuid(),
        is_robot: row.is_robot,
        visitor: row.visitor,
        status: 0,
        latency_us: 0,
        texts: HashMap::from([
            ("trigger", row.trigger.as_str()),
            ("domain", row.domain),
            ("country", row.country),
            ("continent", continent(row.country)),
            ("region", row.region),
            ("city", row.city),
            ("device", row.device),
            ("browser", row.browser),
            ("os", row.os),
            ("language", row.language),
            ("referrer", row.referrer),
            ("channel", row.channel),
            ("utm_source", row.utm.source),
            ("utm_medium", row.utm.medium),
            ("utm_campaign", row.utm.campaign),
            ("utm_term", row.utm.term),
            ("utm_content", row.utm.content),
        ]),
    }
}

pub(super) fn plain_request(row: &RequestRow<&'static str>) -> Plain {
    Plain {
        at_ms: row.at_ms,
        workspace: row.workspace.uuid(),
        owner: row.key.uuid(),
        is_robot: false,
        visitor: 0,
        status: u64::from(row.status),
        latency_us: row.latency_us,
        texts: HashMap::from([
            ("route", row.route),
            ("method", row.method.as_str()),
            ("country", row.country),
            ("continent", continent(row.country)),
        ]),
    }
}

/// The clock on the wall in Berlin around the change, as milliseconds.
fn wall_ms(at_ms: i64) -> i64 {
    at_ms + if at_ms < CHANGE_MS { 2 * 3_600_000 } else { 3_600_000 }
}

/// 2025-10-01 00:00 in Berlin, which all events here come after; November does not come.
const OCTOBER_MS: i64 = NOON_MS - 24 * DAY_MS - 14 * 3_600_000;

fn values(row: &Plain, dimension: &Dimension) -> Vec<Value> {
    let one = |value| vec![value];
    match dimension {
        Dimension::Time(interval) => one(Value::Time(match interval.unit {
            TimeUnit::Hour => row.at_ms - row.at_ms % 3_600_000,
            TimeUnit::Day => {
                let midnight = wall_ms(row.at_ms) - wall_ms(row.at_ms) % DAY_MS;
                let summer = midnight - 2 * 3_600_000;
                if summer < CHANGE_MS { summer } else { midnight - 3_600_000 }
            }
            _ => OCTOBER_MS,
        })),
        // 1970-01-01 was a Thursday.
        Dimension::Weekday(_) => one(Value::Number((wall_ms(row.at_ms) / DAY_MS + 3) as u64 % 7 + 1)),
        Dimension::HourOfDay(_) => one(Value::Number((wall_ms(row.at_ms) % DAY_MS / 3_600_000) as u64)),
        Dimension::Workspace => one(Value::Id(row.workspace)),
        Dimension::Link | Dimension::Key => one(Value::Id(row.owner)),
        Dimension::Label(labels) => match labels.of_link.get(&LinkId::from_uuid(row.owner)) {
            Some(of) if !of.is_empty() => {
                of.iter().map(|name| Value::Text(labels.names[*name as usize].clone())).collect()
            }
            _ => one(Value::Text(String::new())),
        },
        Dimension::Status => one(Value::Number(row.status)),
        text => one(Value::Text(row.texts[super::error::name(text)].to_owned())),
    }
}

pub(super) fn passes(row: &Plain, filter: &Filter) -> bool {
    let value = match values(row, &filter.dimension).remove(0) {
        Value::Text(text) => FilterValue::Text(text),
        Value::Id(id) => FilterValue::Id(id),
        Value::Number(number) => FilterValue::Number(number),
        Value::Time(_) => unreachable!(),
    };
    filter.values.contains(&value) != filter.is_negated
}

#[derive(Default)]
struct Sum {
    count: u64,
    robots: u64,
    errors: u64,
    visitors: BTreeSet<u64>,
    latencies: Vec<u32>,
}

impl Sum {
    fn add(&mut self, row: &Plain, is_counted: bool) {
        self.robots += u64::from(row.is_robot);
        if is_counted {
            self.count += 1;
            self.errors += u64::from(row.status >= 400);
            self.visitors.extend((row.visitor != 0).then_some(row.visitor));
            self.latencies.push(row.latency_us);
        }
    }

    fn measured(&self, measures: &[Measure]) -> Measured {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let percentile = |percent: usize| match sorted.len() {
            0 => 0,
            len => sorted[(len * percent).div_ceil(100) - 1],
        };
        let mut found = Measured::default();
        for measure in measures {
            match measure {
                Measure::Count => found.count = self.count,
                Measure::Robots => found.robots = self.robots,
                Measure::Visitors => {
                    found.visitors = Uniques { count: self.visitors.len() as u64, is_estimate: false };
                }
                Measure::Errors => found.errors = self.errors,
                Measure::Latency => {
                    found.latency_us_p50 = percentile(50);
                    found.latency_us_p95 = percentile(95);
                    found.latency_us_p99 = percentile(99);
                }
            }
        }
        found
    }
}

/// Groups by their values, and the total.
fn obvious(question: &Question, rows: &[Plain]) -> (BTreeMap<Vec<Value>, Measured>, Measured) {
    let (mut groups, mut total) = (BTreeMap::<Vec<Value>, Sum>::new(), Sum::default());
    for row in rows {
        let is_here = question.workspace.is_none_or(|id| id.uuid() == row.workspace)
            && (question.from_ms..question.until_ms).contains(&row.at_ms)
            && question.filters.iter().all(|filter| passes(row, filter));
        let is_counted = match question.robots {
            Robots::Exclude => !row.is_robot,
            Robots::Include => true,
            Robots::Only => row.is_robot,
        };
        if !is_here || !(is_counted || row.is_robot && question.measures.contains(&Measure::Robots)) {
            continue;
        }
        total.add(row, is_counted);
        let mut keys = vec![Vec::new()];
        for dimension in &question.group_by {
            let with = |key: &Vec<Value>| {
                let key = key.clone();
                values(row, dimension).into_iter().map(move |value| [key.clone(), vec![value]].concat())
            };
            keys = keys.iter().flat_map(with).collect();
        }
        for key in keys {
            groups.entry(key).or_default().add(row, is_counted);
        }
    }
    let measured = |sum: &Sum| sum.measured(&question.measures);
    (groups.iter().map(|(key, sum)| (key.clone(), measured(sum))).collect(), measured(&total))
}

fn is_close(found: u32, expected: u32) -> bool {
    (f64::from(found) - f64::from(expected)).abs() <= f64::from(expected) / 128.0
}

fn agree(found: &Measured, expected: &Measured) -> bool {
    let strip = |measured: &Measured| Measured {
        latency_us_p50: 0,
        latency_us_p95: 0,
        latency_us_p99: 0,
        ..*measured
    };
    strip(found) == strip(expected)
        && is_close(found.latency_us_p50, expected.latency_us_p50)
        && is_close(found.latency_us_p95, expected.latency_us_p95)
        && is_close(found.latency_us_p99, expected.latency_us_p99)
}

fn number(measured: &Measured, measure: Measure) -> u64 {
    match measure {
        Measure::Count => measured.count,
        Measure::Robots => measured.robots,
        Measure::Visitors => measured.visitors.count,
        Measure::Errors => measured.errors,
        Measure::Latency => u64::from(measured.latency_us_p95),
    }
}

pub(super) fn check(question: &Question, rows: &[Plain], answer: &Answer) {
    let (groups, total) = obvious(question, rows);
    assert_eq!(answer.total.is_some(), question.wants_total || question.group_by.is_empty());
    if let Some(found) = &answer.total {
        assert!(agree(found, &total), "total {found:?}, expected {total:?}");
    }
    if question.group_by.is_empty() {
        assert_eq!((answer.groups.len(), answer.groups_found), (0, 0));
        return;
    }
    assert_eq!((answer.groups_found, answer.groups.len()), (groups.len(), groups.len().min(question.limit)));
    for group in &answer.groups {
        let expected = groups.get(&group.by).unwrap_or_else(|| panic!("no group {:?}", group.by));
        assert!(agree(&group.measured, expected), "{group:?}, expected {expected:?}");
    }
    let is_ordered = |a: &Group, b: &Group| {
        let by = match question.order {
            Order::Largest(measure) => number(&b.measured, measure).cmp(&number(&a.measured, measure)),
            Order::Smallest(measure) => number(&a.measured, measure).cmp(&number(&b.measured, measure)),
            Order::Group => std::cmp::Ordering::Equal,
        };
        by.then_with(|| a.by.cmp(&b.by)).is_lt()
    };
    assert!(answer.groups.is_sorted_by(is_ordered), "{:?}", answer.groups);
    // Latencies may be rounded across a tie, so what is behind the limit is compared for exact measures only.
    let is_exact =
        !matches!(question.order, Order::Largest(Measure::Latency) | Order::Smallest(Measure::Latency));
    if let Some(last) = answer.groups.last().filter(|_| is_exact) {
        let given: BTreeSet<&Vec<Value>> = answer.groups.iter().map(|group| &group.by).collect();
        for (by, measured) in groups.iter().filter(|(by, _)| !given.contains(by)) {
            let left_out = Group { by: by.clone(), measured: *measured };
            assert!(is_ordered(last, &left_out), "{left_out:?} belongs before {last:?}");
        }
    }
}

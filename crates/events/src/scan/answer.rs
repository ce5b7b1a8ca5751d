//! From tallies to an answer: values for codes, the order, the limit.

use std::cmp::Ordering;

use super::count::{Tally, Worker};
use super::plan::{CODE_BITS, Plan, Wants};
use crate::{Answer, Group, Measure, Measured, Order, Value};

/// The answer to the planned question.
pub(super) fn answer(plan: &Plan<'_>, counted: Worker<'_>) -> Answer {
    let wants_count = plan.question.measures.contains(&Measure::Count);
    let total = plan.wants.total.then(|| measured(&counted.total, plan.wants, wants_count));
    let groups_found = counted.keys.len();
    let books: Vec<Book> = plan.dims.iter().map(|dim| Book::new(dim.values())).collect();

    let mut found: Vec<Found> = counted
        .keys
        .iter()
        .zip(&counted.tallies)
        .map(|(key, tally)| Found {
            key: *key,
            rank: rank(&books, *key),
            measured: measured(tally, plan.wants, wants_count),
        })
        .collect();
    let order = |a: &Found, b: &Found| ordering(plan.question.order, a, b).then_with(|| a.rank.cmp(&b.rank));
    let limit = plan.question.limit;
    if found.len() > limit {
        found.select_nth_unstable_by(limit, order);
        found.truncate(limit);
    }
    found.sort_unstable_by(order);
    let groups = found
        .into_iter()
        .map(|found| Group {
            by: books.iter().enumerate().map(|(at, book)| book.values[code(found.key, at)].clone()).collect(),
            measured: found.measured,
        })
        .collect();
    Answer { groups, total, groups_found, rows_scanned: counted.rows_scanned }
}

struct Found {
    key: u64,
    /// The key with its codes replaced by the places of their values in order, so that keys compare as values do.
    rank: u64,
    measured: Measured,
}

/// The values of a dimension, and the place of each in the order of all.
struct Book {
    values: Vec<Value>,
    ranks: Vec<u32>,
}

impl Book {
    fn new(values: Vec<Value>) -> Self {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_unstable_by(|a, b| values[*a].cmp(&values[*b]));
        let mut ranks = vec![0; values.len()];
        let mut rank = 0;
        for (at, place) in order.iter().enumerate() {
            rank += u32::from(at > 0 && values[*place] != values[order[at - 1]]);
            ranks[*place] = rank;
        }
        Self { values, ranks }
    }
}

fn code(key: u64, at: usize) -> usize {
    (key >> (at as u32 * CODE_BITS)) as usize & ((1 << CODE_BITS) - 1)
}

fn rank(books: &[Book], key: u64) -> u64 {
    books
        .iter()
        .enumerate()
        .fold(0, |rank, (at, book)| rank << CODE_BITS | u64::from(book.ranks[code(key, at)]))
}

fn ordering(order: Order, a: &Found, b: &Found) -> Ordering {
    match order {
        Order::Largest(measure) => number(&b.measured, measure).cmp(&number(&a.measured, measure)),
        Order::Smallest(measure) => number(&a.measured, measure).cmp(&number(&b.measured, measure)),
        Order::Group => Ordering::Equal,
    }
}

/// What groups are ordered by; of latency it is the 95th percentile.
fn number(measured: &Measured, measure: Measure) -> u64 {
    match measure {
        Measure::Count => measured.count,
        Measure::Robots => measured.robots,
        Measure::Visitors => measured.visitors.count,
        Measure::Errors => measured.errors,
        Measure::Latency => u64::from(measured.latency_us_p95),
    }
}

fn measured(tally: &Tally, wants: Wants, wants_count: bool) -> Measured {
    let mut measured = Measured { robots: tally.robots, errors: tally.errors, ..Measured::default() };
    if wants_count {
        measured.count = tally.count;
    }
    if wants.visitors {
        measured.visitors = tally.visitors.uniques();
    }
    if wants.latency {
        measured.latency_us_p50 = tally.latencies.percentile_us(50);
        measured.latency_us_p95 = tally.latencies.percentile_us(95);
        measured.latency_us_p99 = tally.latencies.percentile_us(99);
    }
    measured
}

//! The scan against a slow, obvious evaluation: random events, random questions, rows wherever they can be.
//!
//! Parts are tiny in tests, so a hundred rows are spread over many parts, segments and row groups.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use tessera_types::{ApiKeyId, LinkId, RequestId, SecretId, WorkspaceId};
use uuid::Uuid;

use super::obvious::*;
use crate::*;

type Clicks = Vec<ClickRow<&'static str>>;
type Requests = Vec<RequestRow<&'static str>>;

fn workspace(number: u128) -> WorkspaceId {
    WorkspaceId::from_uuid(Uuid::from_u128(number))
}

fn link(number: u128) -> LinkId {
    LinkId::from_uuid(Uuid::from_u128(number))
}

fn at_ms() -> impl Strategy<Value = i64> {
    prop_oneof![NOON_MS..NOON_MS + 3 * DAY_MS, CHANGE_MS - 5..CHANGE_MS + 5, Just(NOON_MS)]
}

fn click() -> impl Strategy<Value = ClickRow<&'static str>> {
    let who = (1u128..4, 1u128..6, 0u64..20, prop::bool::weighted(0.2), prop::bool::ANY);
    let place = select(vec![
        ("", "", ""),
        ("DE", "DE-BE", "Berlin, DE"),
        ("US", "", ""),
        ("US", "US-NY", "New York, US"),
    ]);
    let device =
        select(vec![("mobile", "Safari", "iOS"), ("desktop", "Chrome", "Windows"), ("robot", "", "")]);
    let from = select(vec![("", "direct"), ("news.example", "referral"), ("search.example", "search")]);
    let words =
        select(vec![("de", "", "a.example"), ("pt-BR", "spring", "b.example"), ("", "autumn", "a.example")]);
    (at_ms(), who, place, device, from, words).prop_map(|(at_ms, who, place, device, from, words)| ClickRow {
        at_ms,
        workspace: workspace(who.0),
        link: link(who.1),
        visitor: who.2,
        is_robot: who.3,
        trigger: if who.4 { Trigger::Qr } else { Trigger::Link },
        domain: words.2,
        country: place.0,
        region: place.1,
        city: place.2,
        device: device.0,
        browser: device.1,
        os: device.2,
        language: words.0,
        referrer: from.0,
        channel: from.1,
        utm: Utm { source: "", medium: words.1, campaign: words.1, term: "", content: from.1 },
        address: "",
    })
}

fn request() -> impl Strategy<Value = RequestRow<&'static str>> {
    let what =
        (select(&Method::ALL[..]), select(&CallClass::ALL[..]), select(vec![200u16, 201, 404, 429, 500]));
    let route = select(vec!["/v1/links", "/v1/links/{id}", "/v1/me"]);
    (at_ms(), 1u128..4, 1u128..6, any::<u64>(), what, 0u32..5_000_000, route).prop_map(
        |(at_ms, of, key, id, (method, class, status), latency_us, route)| RequestRow {
            at_ms,
            workspace: workspace(of),
            key: ApiKeyId::from_uuid(Uuid::from_u128(key)),
            secret: SecretId::from_uuid(Uuid::from_u128(key + 100)),
            id: RequestId::from_uuid(Uuid::from_u128(u128::from(id))),
            method,
            class,
            status,
            latency_us,
            route,
            address: "192.0.2.1",
            country: if key == 1 { "DE" } else { "" },
            user_agent: "curl/8",
        },
    )
}

fn labels() -> Arc<Labels> {
    let of_link = HashMap::from([(link(1), vec![0, 1]), (link(2), vec![1]), (link(3), vec![])]);
    Arc::new(Labels { names: vec!["spring".to_owned(), "autumn".to_owned()], of_link })
}

fn berlin() -> String {
    "Europe/Berlin".to_owned()
}

fn dimensions(kind: Kind) -> Vec<Dimension> {
    let interval = |unit| Dimension::Time(Interval { unit, zone: berlin() });
    let mut all = vec![
        interval(TimeUnit::Hour),
        interval(TimeUnit::Day),
        interval(TimeUnit::Month),
        Dimension::Weekday(berlin()),
        Dimension::HourOfDay(berlin()),
    ];
    all.extend(filterable(kind));
    if kind == Kind::Click {
        all.push(Dimension::Label(labels()));
    }
    all
}

fn filterable(kind: Kind) -> Vec<Dimension> {
    use Dimension::*;
    match kind {
        Kind::Click => vec![
            Workspace,
            Link,
            Domain,
            Trigger,
            Country,
            Region,
            City,
            Continent,
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
        ],
        Kind::Request => vec![Workspace, Key, Route, Method, Status, Country, Continent],
    }
}

fn value_of(dimension: &Dimension) -> BoxedStrategy<FilterValue> {
    let text = |text: &str| FilterValue::Text(text.to_owned());
    match dimension {
        Dimension::Workspace | Dimension::Link | Dimension::Key => {
            (0u128..7).prop_map(|id| FilterValue::Id(Uuid::from_u128(id))).boxed()
        }
        Dimension::Status => select(vec![200u64, 404, 500, 999]).prop_map(FilterValue::Number).boxed(),
        _ => select(vec![
            text(""),
            text("DE"),
            text("US"),
            text("EU"),
            text("NA"),
            text("mobile"),
            text("qr"),
            text("direct"),
            text("news.example"),
            text("/v1/me"),
            text("GET"),
            text("spring"),
            text("Berlin, DE"),
            text("nowhere"),
        ])
        .boxed(),
    }
}

fn filter(kind: Kind) -> impl Strategy<Value = Filter> {
    (select(filterable(kind)), prop::bool::ANY).prop_flat_map(|(dimension, is_negated)| {
        prop::collection::vec(value_of(&dimension), 0..5).prop_map(move |values| Filter {
            dimension: dimension.clone(),
            values,
            is_negated,
        })
    })
}

fn question(kind: Kind) -> impl Strategy<Value = Question> {
    let measures = match kind {
        Kind::Click => vec![Measure::Count, Measure::Robots, Measure::Visitors],
        Kind::Request => vec![Measure::Count, Measure::Errors, Measure::Latency],
    };
    let range =
        prop_oneof![Just((i64::MIN, i64::MAX)), (at_ms(), at_ms()).prop_map(|(a, b)| (a.min(b), a.max(b))),];
    (
        prop::option::of((1u128..5).prop_map(workspace)),
        range,
        prop::collection::vec(filter(kind), 0..3),
        select(vec![Robots::Exclude, Robots::Include, Robots::Only]),
        subsequence(dimensions(kind), 0..=3),
        subsequence(measures, 1..=3),
        (0usize..7, prop_oneof![Just(10_000usize), 1usize..4], prop::bool::ANY),
    )
        .prop_map(
            move |(workspace, range, filters, robots, group_by, measures, (order, limit, wants_total))| {
                let measure = measures[order % measures.len()];
                let order = [Order::Group, Order::Largest(measure), Order::Smallest(measure)][order % 3];
                Question {
                    kind,
                    workspace,
                    from_ms: range.0,
                    until_ms: range.1,
                    filters,
                    robots,
                    group_by,
                    measures,
                    order,
                    limit,
                    wants_total,
                }
            },
        )
}

/// How the rows lie: pushed one after the other, and after some of them something happens.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// What there is is set apart and stays so.
    Freeze,
    /// What there is becomes segments.
    Seal,
    /// All segments are merged.
    Compact,
}

struct Place {
    _folder: tempfile::TempDir,
    store: Store,
    next: u128,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options =
            StoreOptions { directory: folder.path().to_owned(), cache_bytes_max: 20_000, threads: 2 };
        let store = Store::open(options, &[], &[]).unwrap();
        Self { _folder: folder, store, next: 0 }
    }

    fn take(&mut self, step: Step) {
        let next = &mut self.next;
        let mut new_id = || {
            *next += 1;
            Uuid::from_u128(*next)
        };
        match step {
            Step::Freeze => drop(self.store.freeze()),
            Step::Seal => {
                if let Some(frozen) = self.store.freeze() {
                    let written = self.store.write(&frozen, &mut new_id).unwrap();
                    self.store.adopt(frozen, &written);
                }
            }
            Step::Compact => {
                for kind in [Kind::Click, Kind::Request] {
                    let of_kind = self.store.segments().into_iter().filter(|meta| meta.kind == kind);
                    let compaction = Compaction { kind, segments: of_kind.map(|meta| meta.id).collect() };
                    let merged = self.store.merge(&compaction, &mut new_id).unwrap();
                    self.store.replace(&compaction.segments, &merged);
                }
            }
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<(prop::sample::Index, Step)>> {
    let step = select(vec![Step::Freeze, Step::Seal, Step::Seal, Step::Seal, Step::Compact]);
    prop::collection::vec((any::<prop::sample::Index>(), step), 0..6)
}

/// Pushes rows and takes each step behind the row it belongs to.
fn placed<R>(rows: &[R], steps: &[(prop::sample::Index, Step)], push: impl Fn(&Store, &R)) -> Place {
    let mut place = Place::new();
    for (at, row) in rows.iter().enumerate() {
        push(&place.store, row);
        for (_, step) in steps.iter().filter(|(index, _)| index.index(rows.len()) == at) {
            place.take(*step);
        }
    }
    place
}

/// All rows, page by page.
fn pages<R>(question: &RowsQuestion, ask: impl Fn(&RowsQuestion) -> Rows<R>) -> Vec<R> {
    let (mut question, mut all) = (question.clone(), Vec::new());
    loop {
        let page = ask(&question);
        assert!(
            page.rows.len() <= question.limit && (page.next.is_none() || page.rows.len() == question.limit)
        );
        all.extend(page.rows);
        match page.next {
            Some(next) => question.after = Some(next),
            None => return all,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn questions_about_clicks_are_answered_as_the_obvious_evaluation_does(
        rows in prop::collection::vec(click(), 1..120),
        questions in prop::collection::vec(question(Kind::Click), 8),
        steps in steps(),
    ) {
        let place = placed::<ClickRow<&'static str>>(&rows, &steps, |store, row| store.push_click(row));
        let plain: Vec<Plain> = rows.iter().map(plain_click).collect();
        for question in &questions {
            let answer = place.store.ask(question, &Cancel::default()).unwrap();
            check(question, &plain, &answer);
        }
    }

    #[test]
    fn questions_about_requests_are_answered_as_the_obvious_evaluation_does(
        rows in prop::collection::vec(request(), 1..120),
        questions in prop::collection::vec(question(Kind::Request), 8),
        steps in steps(),
    ) {
        let place = placed::<RequestRow<&'static str>>(&rows, &steps, |store, row| store.push_request(row));
        let plain: Vec<Plain> = rows.iter().map(plain_request).collect();
        for question in &questions {
            let answer = place.store.ask(question, &Cancel::default()).unwrap();
            check(question, &plain, &answer);
        }
    }

    #[test]
    fn every_row_comes_back_once_newest_first_while_rows_move(
        clicks in prop::collection::vec(click(), 1..60),
        requests in prop::collection::vec(request(), 1..60),
        filters in prop::collection::vec(filter(Kind::Click), 0..2),
        robots in select(vec![Robots::Exclude, Robots::Include, Robots::Only]),
        limit in 1usize..7,
        steps in steps(),
        moves in prop::collection::vec(select(vec![Step::Seal, Step::Compact]), 1..4),
    ) {
        let (clicks, requests): (Clicks, Requests) = (clicks, requests);
        let mut place = placed(&clicks, &steps, |store, row| store.push_click(row));
        requests.iter().for_each(|row| place.store.push_request(row));
        let question = RowsQuestion {
            workspace: workspace(1), from_ms: NOON_MS, until_ms: NOON_MS + 2 * DAY_MS, filters, robots, after: None, limit,
        };
        let place = std::cell::RefCell::new(&mut place);
        let turn = std::cell::Cell::new(0);
        let found = pages(&question, |question| {
            turn.set(turn.get() + 1);
            place.borrow_mut().take(moves[turn.get() % moves.len()]);
            place.borrow().store.clicks(question, &Cancel::default()).unwrap()
        });
        let is_here = |at_ms: i64| (question.from_ms..question.until_ms).contains(&at_ms);
        let is_wanted = |row: &&ClickRow<&'static str>| {
            let plain = plain_click(row);
            let is_counted = match robots { Robots::Exclude => !row.is_robot, Robots::Include => true, Robots::Only => row.is_robot };
            row.workspace == workspace(1) && is_here(row.at_ms) && is_counted
                && question.filters.iter().all(|filter| passes(&plain, filter))
        };
        prop_assert!(found.is_sorted_by_key(|row| -row.at_ms));
        prop_assert_eq!(sorted(found.iter().map(|row| format!("{row:?}"))), sorted(clicks.iter().filter(is_wanted).map(|row| format!("{row:?}"))));
        let found = pages(&RowsQuestion { filters: Vec::new(), robots: Robots::Include, ..question.clone() }, |question| {
            place.borrow().store.requests(question, &Cancel::default()).unwrap()
        });
        let wanted = requests.iter().filter(|row| row.workspace == workspace(1) && is_here(row.at_ms));
        prop_assert_eq!(sorted(found.iter().map(|row| format!("{row:?}"))), sorted(wanted.map(|row| format!("{row:?}"))));
    }
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts
}

//! Questions that cannot be asked, answers at their limits, and questions while rows move.

use std::sync::atomic::{AtomicBool, Ordering};

use tessera_types::{LinkId, WorkspaceId};
use uuid::Uuid;

use crate::*;

fn workspace(number: u128) -> WorkspaceId {
    WorkspaceId::from_uuid(Uuid::from_u128(number))
}

fn click(at_ms: i64, link: u128, visitor: u64) -> ClickRow<&'static str> {
    ClickRow {
        at_ms,
        workspace: workspace(1),
        link: LinkId::from_uuid(Uuid::from_u128(link)),
        visitor,
        is_robot: false,
        trigger: Trigger::Link,
        domain: "go.example",
        country: "DE",
        region: "",
        city: "",
        device: "mobile",
        browser: "",
        os: "",
        language: "",
        referrer: "",
        channel: "direct",
        utm: Utm::default(),
        address: "",
    }
}

fn question() -> Question {
    Question {
        kind: Kind::Click,
        workspace: Some(workspace(1)),
        from_ms: 0,
        until_ms: i64::MAX,
        filters: Vec::new(),
        robots: Robots::Exclude,
        group_by: vec![Dimension::Country],
        measures: vec![Measure::Count],
        order: Order::Largest(Measure::Count),
        limit: 10,
        wants_total: true,
    }
}

fn open(folder: &tempfile::TempDir) -> Store {
    let options = StoreOptions { directory: folder.path().to_owned(), cache_bytes_max: 1 << 20, threads: 2 };
    Store::open(options, &[], &[]).unwrap()
}

fn refused(question: &Question) -> String {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    store.push_click(&click(1, 1, 1));
    let error = store.ask(question, &Cancel::default()).unwrap_err();
    assert!(error.is_question());
    error.to_string()
}

fn filter(dimension: Dimension, value: FilterValue) -> Filter {
    Filter { dimension, values: vec![value], is_negated: false }
}

#[test]
fn what_a_kind_of_event_does_not_have_is_refused_with_what_it_has() {
    let by = |kind, dimension| Question { kind, group_by: vec![dimension], ..question() };
    assert_eq!(
        refused(&by(Kind::Request, Dimension::Browser)),
        "requests cannot be grouped by browser: expected one of time, weekday, hour_of_day, workspace, key, route, \
         method, status, country, continent"
    );
    assert!(
        refused(&by(Kind::Click, Dimension::Key))
            .starts_with("clicks cannot be grouped by key: expected one of")
    );
    let with = |filter| Question { filters: vec![filter], ..question() };
    let text = |text: &str| FilterValue::Text(text.to_owned());
    assert!(
        refused(&with(filter(Dimension::Weekday("UTC".to_owned()), FilterValue::Number(1))))
            .starts_with("clicks cannot be filtered by weekday: expected one of workspace, link, domain")
    );
    assert_eq!(refused(&with(filter(Dimension::Link, text("x")))), "a filter on link takes ids");
    assert_eq!(
        refused(&with(filter(Dimension::Country, FilterValue::Number(1)))),
        "a filter on country takes texts"
    );
    let measures = Question { measures: vec![Measure::Count, Measure::Latency], ..question() };
    assert_eq!(refused(&measures), "clicks have no latency: expected one of count, robots, visitors");
    let order = Question { order: Order::Largest(Measure::Visitors), ..question() };
    assert_eq!(refused(&order), "the order is by visitors, which is not asked for");
}

#[test]
fn limits_hold_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    store.push_click(&click(1, 1, 1));
    let allowed = |question: &Question| store.ask(question, &Cancel::default()).unwrap().groups.len();
    let by = |count| Question { group_by: vec![Dimension::Country; count], ..question() };
    assert_eq!(allowed(&by(3)), 1);
    assert_eq!(refused(&by(4)), "at most 3 things to group by");
    let filters = |count| Question {
        filters: vec![filter(Dimension::Country, FilterValue::Text("DE".to_owned())); count],
        ..question()
    };
    assert_eq!(allowed(&filters(20)), 1);
    assert_eq!(refused(&filters(21)), "at most 20 filters");
    let values = |count: u128| Question {
        filters: vec![Filter {
            dimension: Dimension::Link,
            values: (1..=count).map(|id| FilterValue::Id(Uuid::from_u128(id))).collect(),
            is_negated: false,
        }],
        ..question()
    };
    assert_eq!(allowed(&values(100_000)), 1);
    assert_eq!(refused(&values(100_001)), "at most 100000 values in a filter");
    assert_eq!(allowed(&Question { limit: 10_000, ..question() }), 1);
    for limit in [0, 10_001] {
        assert_eq!(refused(&Question { limit, ..question() }), "the limit is from 1 to 10000");
    }
    assert_eq!(
        refused(&Question { from_ms: 2, until_ms: 1, ..question() }),
        "the range ends before it begins"
    );
    let nowhere = Dimension::HourOfDay("Mars/Olympus".to_owned());
    assert_eq!(
        refused(&Question { group_by: vec![nowhere], ..question() }),
        "there is no time zone `Mars/Olympus`: expected an IANA name like `Europe/Berlin`"
    );
}

#[test]
fn a_question_for_one_group_too_many_is_refused_and_one_for_as_many_as_allowed_answered() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    // Links and hours, as many groups as rows; 2,000 are allowed in tests.
    let row = |n: i64| click(n / 40 * 3_600_000 + 1, (n % 40) as u128, 1);
    let mut next = 0;
    let mut new_id = || {
        next += 1;
        Uuid::from_u128(next)
    };
    let written = store.load_clicks((0..2_000).map(row), &mut new_id).unwrap();
    store.replace(&[], &written);
    let hour = Dimension::Time(Interval { unit: TimeUnit::Hour, zone: "UTC".to_owned() });
    let question = Question { group_by: vec![hour, Dimension::Link], ..question() };
    let answer = store.ask(&question, &Cancel::default()).unwrap();
    assert_eq!((answer.groups_found, answer.groups.len(), answer.rows_scanned), (2_000, 10, 2_000));
    store.push_click(&row(2_000));
    let error = store.ask(&question, &Cancel::default()).unwrap_err();
    assert_eq!(error.to_string(), "more than 1000000 groups: narrow the range, or group by less");
}

#[test]
fn visitors_of_one_group_are_estimated_beyond_the_bound_and_others_stay_exact() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let many = VISITORS_EXACT_MAX as u64 + 20_000;
    let rows = (1..=many)
        .map(|visitor| click(1, 1, visitor * 7))
        .chain((1..=50).map(|visitor| click(2, 2, visitor)));
    let mut id = 0;
    let mut new_id = || {
        id += 1;
        Uuid::from_u128(id)
    };
    let written = store.load_clicks(rows, &mut new_id).unwrap();
    store.replace(&[], &written);
    let question = Question {
        group_by: vec![Dimension::Link],
        measures: vec![Measure::Visitors],
        order: Order::Group,
        ..question()
    };
    let answer = store.ask(&question, &Cancel::default()).unwrap();
    let visitors: Vec<Uniques> = answer.groups.iter().map(|group| group.measured.visitors).collect();
    assert!(visitors[0].is_estimate && visitors[0].count.abs_diff(many) * 100 <= many, "{visitors:?}");
    assert_eq!(visitors[1], Uniques { count: 50, is_estimate: false });
}

#[test]
fn a_question_that_was_cancelled_is_not_answered() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    (0..100).for_each(|n| store.push_click(&click(n, 1, 1)));
    let cancel = Cancel::default();
    cancel.cancel();
    let error = store.ask(&question(), &cancel).unwrap_err();
    assert!(matches!(error, AskError::Cancelled) && !error.is_question());
}

/// The threads of a question do the same work, so one look is enough; what is exchanged meanwhile shows neither twice nor
/// not at all.
#[test]
fn a_question_never_sees_a_row_twice_or_misses_one_while_rows_move() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    (0..500).for_each(|n| store.push_click(&click(n, n as u128 % 5, 1)));
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let mover = scope.spawn(|| {
            let mut next = 0;
            let mut new_id = || {
                next += 1;
                Uuid::from_u128(next)
            };
            for _ in 0..30 {
                // One more row that does not count, so that there is always something to set apart.
                store.push_click(&ClickRow { is_robot: true, ..click(1, 1, 1) });
                let frozen = store.freeze().unwrap();
                let written = store.write(&frozen, &mut new_id).unwrap();
                store.adopt(frozen, &written);
                let compaction = Compaction {
                    kind: Kind::Click,
                    segments: store.segments().iter().map(|meta| meta.id).collect(),
                };
                let merged = store.merge(&compaction, &mut new_id).unwrap();
                store.replace(&compaction.segments, &merged);
            }
            is_over.store(true, Ordering::Release);
        });
        while !is_over.load(Ordering::Acquire) && !mover.is_finished() {
            let answer = store.ask(&question(), &Cancel::default()).unwrap();
            assert_eq!(answer.total.unwrap().count, 500);
        }
        mover.join().unwrap();
    });
    assert_eq!(store.segments().iter().map(|meta| meta.rows).sum::<u64>(), 530);
}

#[test]
fn an_export_is_a_parquet_file_of_the_rows_asked_for() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    for n in 0..60 {
        store.push_click(&ClickRow {
            country: if n % 3 == 0 { "US" } else { "DE" },
            ..click(n, n as u128 % 4 + 1, 1)
        });
        store.push_click(&ClickRow { workspace: workspace(2), ..click(n, 9, 1) });
    }
    let wanted = RowsQuestion {
        workspace: workspace(1),
        from_ms: 30,
        until_ms: 60,
        filters: vec![filter(Dimension::Country, FilterValue::Text("US".to_owned()))],
        robots: Robots::Exclude,
        after: None,
        limit: 1,
    };
    let mut bytes = Vec::new();
    assert_eq!(store.export_parquet(Kind::Click, &wanted, &mut bytes, &Cancel::default()).unwrap(), 10);
    let file = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let rows: Vec<String> = file.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
    assert_eq!(rows.len(), 10);
    // Link 1 comes first, with 36 and 48 of the multiples of 12 in the range.
    assert!(rows[0].contains("workspace_id: \"ws_00000000000000000000000001\""), "{}", rows[0]);
    assert!(rows[0].contains("link_id: \"link_00000000000000000000000001\""), "{}", rows[0]);
    assert!(
        rows[0].contains("1970-01-01 00:00:00.036 +00:00") && rows[0].contains("country: \"US\""),
        "{}",
        rows[0]
    );
    assert!(!rows[0].contains("utm_source"), "a column that is empty throughout is left out: {}", rows[0]);
}

//! The life of rows: tail, set apart, segments, merged segments; and what happens when files are not as they should be.

use std::fs;

use tessera_types::{LinkId, WorkspaceId};

use super::*;
use crate::{Measure, Order, Robots, Trigger, Utm};

fn click(at_ms: i64, link: u128, visitor: u64) -> ClickRow<&'static str> {
    ClickRow {
        at_ms,
        workspace: WorkspaceId::from_uuid(Uuid::from_u128(1)),
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

fn options(folder: &std::path::Path) -> StoreOptions {
    StoreOptions { directory: folder.join("events"), cache_bytes_max: 1 << 20, threads: 2 }
}

fn ids() -> impl FnMut() -> Uuid {
    let mut next = 0;
    move || {
        next += 1;
        Uuid::from_u128(next)
    }
}

fn count(store: &Store) -> u64 {
    let question = Question {
        kind: Kind::Click,
        workspace: None,
        from_ms: i64::MIN,
        until_ms: i64::MAX,
        filters: Vec::new(),
        robots: Robots::Exclude,
        group_by: Vec::new(),
        measures: vec![Measure::Count],
        order: Order::Group,
        limit: 1,
        wants_total: true,
    };
    store.ask(&question, &Cancel::default()).unwrap().total.unwrap().count
}

#[test]
fn a_row_is_counted_once_from_its_push_to_its_merged_segment_and_after_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut new_id = ids();
    let store = Store::open(options(folder.path()), &[], &[]).unwrap();
    assert_eq!((count(&store), store.freeze().is_none()), (0, true));
    let mut pushed = 0;
    for round in 0..4 {
        for n in 0..100 {
            store.push_click(&click(round * 1_000 + n, n as u128 % 7, 1));
            pushed += 1;
            assert_eq!(count(&store), pushed);
        }
        let frozen = store.freeze().unwrap();
        assert_eq!((frozen.rows(), store.tail_rows(), count(&store)), (100, 0, pushed));
        store.push_click(&click(5, 5, 5));
        pushed += 1;
        let written = store.write(&frozen, &mut new_id).unwrap();
        assert_eq!((written.len(), written[0].rows, count(&store)), (1, 100, pushed));
        store.adopt(frozen, &written);
        assert_eq!(count(&store), pushed);
        let frozen = store.freeze().unwrap();
        let written = store.write(&frozen, &mut new_id).unwrap();
        store.adopt(frozen, &written);
    }
    let compaction = store.compaction().unwrap();
    assert_eq!(compaction.segments.len(), 8);
    let merged = store.merge(&compaction, &mut new_id).unwrap();
    assert_eq!((merged.len(), merged[0].rows, count(&store)), (1, 404, 404));
    store.replace(&compaction.segments, &merged);
    assert_eq!((count(&store), store.segments(), store.compaction()), (404, merged.clone(), None));
    drop(store);
    let store = Store::open(options(folder.path()), &merged, &[]).unwrap();
    assert_eq!(count(&store), 404);
    assert_eq!(fs::read_dir(folder.path().join("events")).unwrap().count(), 1);
}

#[test]
fn a_segment_that_is_missing_cut_short_or_another_one_refuses_the_start_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut new_id = ids();
    let store = Store::open(options(folder.path()), &[], &[]).unwrap();
    store.push_click(&click(1, 1, 1));
    let written = store.write(&store.freeze().unwrap(), &mut new_id).unwrap();
    let file = folder.path().join(format!("events/{}.parquet", written[0].id));
    let bytes = fs::read(&file).unwrap();
    let refused = |metas: &[SegmentMeta]| {
        let error = Store::open(options(folder.path()), metas, &[]).unwrap_err();
        assert!(error.to_string().contains(&file.display().to_string()), "{error}");
        error
    };
    fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    assert!(matches!(refused(&written), StoreError::Damaged { .. }));
    fs::write(&file, &bytes).unwrap();
    let other = SegmentMeta { rows: 2, ..written[0] };
    assert!(matches!(refused(&[other]), StoreError::Damaged { .. }));
    let other = SegmentMeta { kind: Kind::Request, ..written[0] };
    assert!(matches!(refused(&[other]), StoreError::Damaged { .. }));
    assert!(Store::open(options(folder.path()), &written, &[]).is_ok());
    fs::remove_file(&file).unwrap();
    assert!(matches!(refused(&written), StoreError::Io { .. }));
}

#[test]
fn what_nobody_names_is_set_aside_and_what_is_half_written_or_retired_goes() {
    let folder = tempfile::tempdir().unwrap();
    let mut new_id = ids();
    let store = Store::open(options(folder.path()), &[], &[]).unwrap();
    let mut metas = Vec::new();
    for link in 0..3 {
        store.push_click(&click(1, link, 1));
        metas.extend(store.write(&store.freeze().unwrap(), &mut new_id).unwrap());
    }
    drop(store);
    let events = folder.path().join("events");
    fs::write(events.join("half.tmp"), "half").unwrap();
    let store = Store::open(options(folder.path()), &metas[..1], &[metas[1].id]).unwrap();
    assert_eq!(count(&store), 1);
    let mut left: Vec<String> = fs::read_dir(&events)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, [format!("{}.parquet", metas[0].id), "unclaimed".to_owned()]);
    assert!(events.join(format!("unclaimed/{}.parquet", metas[2].id)).exists());
}

#[test]
fn a_write_that_fails_leaves_the_rows_where_they_are_and_can_be_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut new_id = ids();
    let store = Store::open(options(folder.path()), &[], &[]).unwrap();
    store.push_click(&click(1, 1, 1));
    let frozen = store.freeze().unwrap();
    let events = folder.path().join("events");
    fs::remove_dir(&events).unwrap();
    assert!(matches!(store.write(&frozen, &mut new_id), Err(StoreError::Io { .. })));
    assert_eq!(count(&store), 1);
    fs::create_dir(&events).unwrap();
    let written = store.write(&frozen, &mut new_id).unwrap();
    store.adopt(frozen, &written);
    assert_eq!((count(&store), store.tail_rows()), (1, 0));
}

#[test]
fn what_is_erased_is_gone_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut new_id = ids();
    let store = Store::open(options(folder.path()), &[], &[]).unwrap();
    let workspace = WorkspaceId::from_uuid(Uuid::from_u128(1));
    for n in 0..1_000 {
        store.push_click(&click(n, n as u128 % 10, n as u64 % 50 + 1));
        let other = WorkspaceId::from_uuid(Uuid::from_u128(2));
        store.push_click(&ClickRow { workspace: other, ..click(n, n as u128 % 10, n as u64 % 50 + 1) });
    }
    let frozen = store.freeze().unwrap();
    let written = store.write(&frozen, &mut new_id).unwrap();
    store.adopt(frozen, &written);
    let mut erase = |removal: Removal| {
        let rewritten = store.rewrite(&removal, &mut new_id).unwrap();
        store.replace(&rewritten.old, &rewritten.new);
        (rewritten.rows_removed, count(&store))
    };
    // Visitor 7 has 20 of 1,000 rows, all on link 6.
    assert_eq!(erase(Removal::Visitor { workspace, visitor: 7 }), (20, 1_980));
    let link = |link: u128| LinkId::from_uuid(Uuid::from_u128(link));
    assert_eq!(erase(Removal::Link { workspace, link: link(6) }), (80, 1_900));
    assert_eq!(erase(Removal::Link { workspace, link: link(77) }), (0, 1_900));
    // Of 0..500: 450 here, as link 6 is gone, and 500 there.
    let before = Removal::Before { kind: Kind::Click, cutoff_ms: 500 };
    assert_eq!(erase(before.clone()), (950, 950));
    assert_eq!(erase(before), (0, 950));
    assert_eq!(store.segments().iter().map(|meta| meta.rows).sum::<u64>(), 950);
    assert_eq!(fs::read_dir(folder.path().join("events")).unwrap().count(), 1);
}

//! The log against crashes, damage, a full disk and many threads.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom};

use tessera_types::{LinkId, WorkspaceId};
use uuid::Uuid;

use super::*;
use crate::{Click, Trigger, Utm};

fn options(directory: &Path) -> LogOptions {
    LogOptions {
        directory: directory.to_owned(),
        durability: Durability::Process,
        // Tests sync when they want to.
        sync_interval_ms: 3_600_000,
        file_bytes_max: 1 << 20,
        log_bytes_max: 0,
        held_bytes_max: 1 << 20,
    }
}

fn open(directory: &Path) -> Log {
    Log::open(options(directory), 0).unwrap()
}

fn click(number: i64) -> Event<'static> {
    Event::Click(Click {
        at_ms: number,
        workspace: WorkspaceId::from_uuid(Uuid::from_u128(1)),
        link: LinkId::from_uuid(Uuid::from_u128(2)),
        is_robot: false,
        trigger: Trigger::Link,
        domain: "go.example.com",
        address: None,
        user_agent: "Mozilla/5.0",
        referrer: "",
        languages: "",
        utm: Utm::default(),
        is_untracked: false,
    })
}

fn append(log: &Log, numbers: std::ops::Range<i64>) {
    for number in numbers {
        log.append(&click(number)).unwrap();
    }
}

/// The numbers of the clicks from a position on.
fn read(log: &Log, from: Position) -> Vec<i64> {
    let mut reader = log.reader(from);
    let mut numbers = Vec::new();
    while reader.read(log, |_, event| numbers.push(event.at_ms())).unwrap() {}
    assert_eq!(reader.position(), log.end());
    numbers
}

fn only_file(directory: &Path) -> PathBuf {
    let mut files = recover::list(directory).unwrap();
    assert_eq!(files.len(), 1);
    files.remove(0).1
}

fn overwrite(path: &Path, offset: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(offset)).unwrap();
    file.write_all(bytes).unwrap();
}

/// The bytes of one of the clicks above, head and payload.
fn click_bytes() -> u64 {
    let mut payload = Vec::new();
    codec::encode(&click(0), &mut payload);
    (frame::FRAME_HEAD_BYTES + payload.len()) as u64
}

#[test]
fn events_come_back_in_order_through_many_files_and_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    let small = LogOptions { file_bytes_max: 1_000, ..options(directory.path()) };
    let log = Log::open(small.clone(), 0).unwrap();
    append(&log, 0..100);
    assert!(recover::list(directory.path()).unwrap().len() > 5);
    assert_eq!(read(&log, 0), (0..100).collect::<Vec<_>>());
    drop(log);
    let log = Log::open(small, 0).unwrap();
    append(&log, 100..150);
    assert_eq!(read(&log, 0), (0..150).collect::<Vec<_>>());
}

#[test]
fn a_reader_goes_on_where_it_stopped_and_what_is_read_can_be_forgotten() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    append(&log, 0..10);
    let until = log.end();
    log.roll().unwrap();
    append(&log, 10..20);
    log.forget(until).unwrap();
    assert_eq!(recover::list(directory.path()).unwrap().len(), 1);
    assert_eq!(read(&log, until), (10..20).collect::<Vec<_>>());
    drop(log);
    let log = Log::open(options(directory.path()), until).unwrap();
    assert_eq!(read(&log, until), (10..20).collect::<Vec<_>>());
}

#[test]
fn wherever_the_last_write_was_cut_the_events_before_it_are_there_and_new_ones_follow() {
    let template = tempfile::tempdir().unwrap();
    let log = open(template.path());
    append(&log, 0..3);
    drop(log);
    // The end of the process synced, and a mark of 17 bytes tells so; a crash leaves none.
    let bytes = fs::read(only_file(template.path())).unwrap();
    let bytes = &bytes[..bytes.len() - 17];
    for cut in 0..=bytes.len() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(recover::path_of(directory.path(), 0), &bytes[..cut]).unwrap();
        let log = open(directory.path());
        let whole = (cut as u64).saturating_sub(frame::HEADER_BYTES as u64) / click_bytes();
        let mut expected: Vec<i64> = (0..whole as i64).collect();
        assert_eq!(read(&log, 0), expected, "cut at {cut}");
        append(&log, 7..8);
        expected.push(7);
        assert_eq!(read(&log, 0), expected, "cut at {cut}, then appended");
    }
}

#[test]
fn after_a_power_failure_anything_behind_the_last_sync_may_be_cut_and_nothing_before() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    append(&log, 0..5);
    log.sync().unwrap();
    let synced = log.end();
    append(&log, 5..10);
    drop(log);
    let path = only_file(directory.path());
    // Without the mark of the closing sync: as if the power had failed. Event 6 was never written, 7 to 9 were.
    let length = fs::metadata(&path).unwrap().len() - 17;
    OpenOptions::new().write(true).open(&path).unwrap().set_len(length).unwrap();
    overwrite(&path, synced + click_bytes(), &vec![0; click_bytes() as usize]);
    assert_eq!(read(&open(directory.path()), 0), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn damage_before_the_last_sync_refuses_the_start_and_names_file_and_offset() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    append(&log, 0..5);
    drop(log);
    let path = only_file(directory.path());
    let second = frame::HEADER_BYTES as u64 + click_bytes();
    overwrite(&path, second + 12, b"!");
    let Err(LogError::Damaged { path: named, offset }) = Log::open(options(directory.path()), 0) else {
        panic!("it starts");
    };
    assert_eq!((named, offset), (path, second));
}

#[test]
fn repair_keeps_what_is_sound_in_its_place_and_a_copy_of_the_rest() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    append(&log, 0..5);
    let middle = log.end();
    append(&log, 5..10);
    let end = log.end();
    drop(log);
    let path = only_file(directory.path());
    let third = frame::HEADER_BYTES as u64 + 2 * click_bytes();
    overwrite(&path, third, &vec![0x5a; click_bytes() as usize + 3]);
    let repaired = repair(directory.path()).unwrap();
    let lost = Lost { path: path.clone(), offset: third, bytes: 2 * click_bytes() };
    // Eight clicks and the mark of the closing sync.
    assert_eq!(repaired, Repaired { files: 1, kept: 9, lost: vec![lost] });
    assert!(path.with_extension("damaged").exists());
    let log = open(directory.path());
    assert_eq!(log.end(), end + 17);
    assert_eq!(read(&log, 0), [0, 1, 4, 5, 6, 7, 8, 9]);
    assert_eq!(read(&log, middle), [5, 6, 7, 8, 9]);
    drop(log);
    assert_eq!(repair(directory.path()).unwrap().lost, []);
}

#[test]
fn a_missing_file_refuses_the_start_and_repair_fills_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let small = LogOptions { file_bytes_max: 200, ..options(directory.path()) };
    let log = Log::open(small.clone(), 0).unwrap();
    append(&log, 0..12);
    drop(log);
    let files = recover::list(directory.path()).unwrap();
    fs::remove_file(&files[1].1).unwrap();
    let Err(LogError::Gap { expected, .. }) = Log::open(small.clone(), 0) else { panic!("it starts") };
    assert_eq!(expected, files[1].0);
    assert_eq!(repair(directory.path()).unwrap().lost.len(), 1);
    let log = Log::open(small, 0).unwrap();
    let left = read(&log, 0);
    assert!(left.len() < 12 && left.first() == Some(&0) && left.last() == Some(&11), "{left:?}");
}

#[test]
fn a_full_log_holds_events_then_refuses_them_and_writes_the_held_when_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let room = frame::HEADER_BYTES as u64 + 5 * click_bytes();
    let full = LogOptions {
        log_bytes_max: room,
        held_bytes_max: 3 * click_bytes() as usize,
        file_bytes_max: 5 * click_bytes(),
        ..options(directory.path())
    };
    let log = Log::open(full, 0).unwrap();
    append(&log, 0..8);
    assert_eq!(read(&log, 0), [0, 1, 2, 3, 4], "what is held is not written");
    assert_eq!(log.append(&click(8)), Err(Full));
    let held_bytes = 3 * click_bytes() as usize;
    assert_eq!(log.condition(), Condition { held_bytes, refused: 1, is_unsynced: false });
    let folded = log.end();
    log.roll().unwrap();
    log.forget(folded).unwrap();
    log.shared.release();
    assert_eq!(log.condition(), Condition { held_bytes: 0, refused: 1, is_unsynced: false });
    append(&log, 9..10);
    assert_eq!(read(&log, folded), [5, 6, 7, 9]);
}

#[test]
fn a_log_that_ends_too_early_keeps_what_it_has_and_goes_on_behind_what_was_counted() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    append(&log, 0..3);
    drop(log);
    let log = Log::open(options(directory.path()), 10_000).unwrap();
    assert_eq!(log.end(), 10_000);
    append(&log, 5..6);
    assert_eq!(read(&log, 10_000), [5]);
    assert_eq!(read(&log, 0), [0, 1, 2, 5]);
}

#[test]
fn a_log_that_is_gone_begins_behind_what_was_counted() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::open(options(directory.path()), 10_000).unwrap();
    assert_eq!((log.oldest(), log.end()), (10_000, 10_000 + frame::HEADER_BYTES as u64));
    append(&log, 5..6);
    assert_eq!(read(&log, 10_000), [5]);
}

#[tokio::test]
async fn with_durability_disk_waiting_for_the_sync_returns_once_it_reached_the_event() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::open(LogOptions { durability: Durability::Disk, ..options(directory.path()) }, 0).unwrap();
    for number in 0..20 {
        let position = log.append(&click(number)).unwrap();
        log.synced(position).await;
        assert!(*log.shared.synced.subscribe().borrow() >= position);
    }
    assert_eq!(read(&log, 0).len(), 20);
}

#[test]
fn threads_that_append_at_once_lose_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::open(LogOptions { sync_interval_ms: 1, ..options(directory.path()) }, 0).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let log = &log;
            scope.spawn(move || append(log, thread * 1_000..(thread + 1) * 1_000));
        }
    });
    let mut numbers = read(&log, 0);
    numbers.sort_unstable();
    assert_eq!(numbers, (0..4_000).collect::<Vec<_>>());
}

//! The program under `make bench-analytics`: loads the workload's clicks into a store, and asks it the six questions.
//!
//! `load CLICKS.parquet FOLDER` writes segments and a manifest; `ask FOLDER` answers from them and prints one line per time
//! and per row of an answer; `ingest CLICKS.parquet FOLDER ROWS` takes the way of live events, push by push. Each is a
//! process of its own, so that the memory of loading is not counted as that of asking.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads its arguments and the clock")]
#![allow(clippy::print_stdout, reason = "its output is what it is for")]
#![allow(clippy::unwrap_used, reason = "whatever goes wrong ends it")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Instant;

use parquet::column::reader::{ColumnReader, get_typed_column_reader};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use tessera_events::{
    Cancel, ClickRow, Dimension, Interval, Kind, Measure, Order, Question, Robots, SegmentMeta, Store,
    StoreOptions, TimeUnit, Trigger, Utm, Value,
};
use tessera_types::{LinkId, WorkspaceId};
use uuid::Uuid;

/// As in the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const START_MS: i64 = 1_750_000_000_000;
const DAY_MS: i64 = 86_400_000;
const CACHE_BYTES: usize = 640 << 20;
const ROUNDS: usize = 7;
/// Rows that are in memory before they become a segment, when events come in live: `events.memory_rows_max`.
const SEALED_ROWS: usize = 262_144;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["load", clicks, folder] => load(Path::new(clicks), Path::new(folder)),
        ["ask", folder] => ask(Path::new(folder)),
        ["ingest", clicks, folder, rows] => {
            ingest(Path::new(clicks), Path::new(folder), rows.parse().unwrap());
        }
        _ => panic!("load CLICKS.parquet FOLDER, ask FOLDER, or ingest CLICKS.parquet FOLDER ROWS"),
    }
}

fn open(folder: &Path, live: &[SegmentMeta]) -> Store {
    let options = StoreOptions { directory: folder.to_owned(), cache_bytes_max: CACHE_BYTES, threads: 2 };
    Store::open(options, live, &[]).unwrap()
}

/// An id as the product would draw it: a time in front, the rest scattered.
fn id(number: i32) -> Uuid {
    let mut mixed = u64::from(number.cast_unsigned()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^= mixed >> 29;
    let time = (START_MS as u128 + u128::from(number.cast_unsigned())) << 80;
    Uuid::from_u128(time | 7 << 76 | 2 << 62 | u128::from(mixed >> 4))
}

/// The columns of one row group of the workload.
struct Clicks {
    times: Vec<i64>,
    workspaces: Vec<i32>,
    links: Vec<i32>,
    visitors: Vec<i64>,
    texts: [Vec<ByteArray>; 7],
    robots: Vec<bool>,
}

const TEXTS: [&str; 7] = ["country", "city", "device", "browser", "os", "referrer", "trigger"];

impl Clicks {
    fn read(group: &dyn RowGroupReader) -> Self {
        let rows = usize::try_from(group.metadata().num_rows()).unwrap();
        let texts = TEXTS.map(|name| column::<ByteArrayType>(group, name, rows));
        Self {
            times: column::<Int64Type>(group, "ts", rows),
            workspaces: column::<Int32Type>(group, "workspace_id", rows),
            links: column::<Int32Type>(group, "link_id", rows),
            visitors: column::<Int64Type>(group, "visitor", rows),
            texts,
            robots: column::<BoolType>(group, "bot", rows),
        }
    }

    fn row(&self, at: usize) -> ClickRow<&str> {
        let text = |column: usize| std::str::from_utf8(self.texts[column][at].data()).unwrap();
        ClickRow {
            at_ms: self.times[at],
            workspace: WorkspaceId::from_uuid(id(self.workspaces[at])),
            link: LinkId::from_uuid(id(self.links[at])),
            visitor: self.visitors[at].cast_unsigned(),
            is_robot: self.robots[at],
            trigger: if text(6) == "qr" { Trigger::Qr } else { Trigger::Link },
            domain: "",
            country: text(0),
            region: "",
            city: text(1),
            device: text(2),
            browser: text(3),
            os: text(4),
            language: "",
            referrer: text(5),
            channel: "",
            utm: Utm::default(),
            address: "",
        }
    }
}

fn column<T: DataType>(group: &dyn RowGroupReader, name: &str, rows: usize) -> Vec<T::T> {
    let columns = group.metadata().columns();
    let at = columns.iter().position(|column| column.column_descr().name() == name).unwrap();
    let reader: ColumnReader = group.get_column_reader(at).unwrap();
    let (mut values, mut levels) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    let mut reader = get_typed_column_reader::<T>(reader);
    while values.len() < rows {
        let (read, ..) = reader.read_records(rows, Some(&mut levels), None, &mut values).unwrap();
        assert!(read > 0, "{name} has {} values for {rows} rows", values.len());
    }
    values
}

fn new_id() -> impl FnMut() -> Uuid {
    let mut next = 0;
    move || {
        next += 1;
        Uuid::from_u128(next)
    }
}

fn load(clicks: &Path, folder: &Path) {
    let file = SerializedFileReader::new(File::open(clicks).unwrap()).unwrap();
    let store = open(folder, &[]);
    let began = Instant::now();
    let mut new_id = new_id();
    let mut rows = 0;
    for group in 0..file.num_row_groups() {
        let clicks = Clicks::read(&*file.get_row_group(group).unwrap());
        rows += clicks.times.len() as u64;
        let list = (0..clicks.times.len()).map(|at| clicks.row(at));
        let written = store.load_clicks(list, &mut new_id).unwrap();
        store.replace(&[], &written);
        compact(&store, &mut new_id);
    }
    // A merge of all is what compaction comes to in the end; the peer's rows are sorted as one, too.
    let all = store.segments().iter().map(|meta| meta.id).collect();
    let compaction = tessera_events::Compaction { kind: Kind::Click, segments: all };
    let merged = store.merge(&compaction, &mut new_id).unwrap();
    store.replace(&compaction.segments, &merged);
    let seconds = began.elapsed().as_secs_f64();
    let bytes: u64 = merged.iter().map(|meta| meta.bytes).sum();
    println!("loaded\t{rows}\t{seconds:.1}\t{:.3}\t{}", bytes as f64 / rows as f64, merged.len());
    write_manifest(folder, &merged);
}

fn compact(store: &Store, new_id: &mut dyn FnMut() -> Uuid) {
    while let Some(compaction) = store.compaction() {
        let merged = store.merge(&compaction, new_id).unwrap();
        store.replace(&compaction.segments, &merged);
    }
}

fn ingest(clicks: &Path, folder: &Path, rows_max: usize) {
    let file = SerializedFileReader::new(File::open(clicks).unwrap()).unwrap();
    let store = open(folder, &[]);
    let mut new_id = new_id();
    let (mut rows, mut seconds) = (0, 0.0);
    for group in 0..file.num_row_groups() {
        let clicks = Clicks::read(&*file.get_row_group(group).unwrap());
        let list: Vec<ClickRow<&str>> = (0..clicks.times.len()).map(|at| clicks.row(at)).collect();
        let began = Instant::now();
        for row in &list {
            store.push_click(row);
            if store.tail_rows() >= SEALED_ROWS {
                seal(&store, &mut new_id);
            }
        }
        seconds += began.elapsed().as_secs_f64();
        rows += list.len();
        if rows >= rows_max {
            break;
        }
    }
    let began = Instant::now();
    seal(&store, &mut new_id);
    seconds += began.elapsed().as_secs_f64();
    println!("ingested\t{rows}\t{seconds:.2}\t{:.0}\t{}", rows as f64 / seconds, store.segments().len());
}

fn seal(store: &Store, new_id: &mut dyn FnMut() -> Uuid) {
    if let Some(frozen) = store.freeze() {
        let written = store.write(&frozen, new_id).unwrap();
        store.adopt(frozen, &written);
        compact(store, new_id);
    }
}

fn manifest(folder: &Path) -> PathBuf {
    folder.join("manifest")
}

fn write_manifest(folder: &Path, segments: &[SegmentMeta]) {
    let line = |meta: &SegmentMeta| {
        format!("{} {} {} {} {}\n", meta.id.as_u128(), meta.rows, meta.first_ms, meta.last_ms, meta.bytes)
    };
    fs::write(manifest(folder), segments.iter().map(line).collect::<String>()).unwrap();
}

fn read_manifest(folder: &Path) -> Vec<SegmentMeta> {
    let text = fs::read_to_string(manifest(folder)).unwrap();
    let meta = |line: &str| {
        let numbers: Vec<u64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
        SegmentMeta {
            id: Uuid::from_u128(u128::from(numbers[0])),
            kind: Kind::Click,
            rows: numbers[1],
            first_ms: numbers[2].cast_signed(),
            last_ms: numbers[3].cast_signed(),
            bytes: numbers[4],
        }
    };
    text.lines().map(meta).collect()
}

fn questions() -> Vec<(&'static str, Question)> {
    let end = START_MS + 90 * DAY_MS;
    // The midnights that the peer's questions name.
    let (days_7, days_30) = (1_757_116_800_000, 1_755_129_600_000);
    let workspace = |number| Some(WorkspaceId::from_uuid(id(number)));
    let by = |unit| Dimension::Time(Interval { unit, zone: "UTC".to_owned() });
    let all = Question {
        kind: Kind::Click,
        workspace: None,
        from_ms: START_MS,
        until_ms: end,
        filters: Vec::new(),
        robots: Robots::Exclude,
        group_by: Vec::new(),
        measures: vec![Measure::Count],
        order: Order::Group,
        limit: Question::LIMIT_MAX,
        wants_total: false,
    };
    let of_link = tessera_events::Filter {
        dimension: Dimension::Link,
        values: vec![tessera_events::FilterValue::Id(id(3_000))],
        is_negated: false,
    };
    let largest = |limit, question| Question { order: Order::Largest(Measure::Count), limit, ..question };
    vec![
        (
            "workspace by day, 90 days",
            Question { workspace: workspace(3), group_by: vec![by(TimeUnit::Day)], ..all.clone() },
        ),
        (
            "one link by hour, 7 days",
            Question {
                workspace: workspace(3),
                from_ms: days_7,
                filters: vec![of_link],
                group_by: vec![by(TimeUnit::Hour)],
                ..all.clone()
            },
        ),
        (
            "top countries, 30 days",
            largest(
                10,
                Question {
                    workspace: workspace(3),
                    from_ms: days_30,
                    group_by: vec![Dimension::Country],
                    ..all.clone()
                },
            ),
        ),
        (
            "unique visitors, 30 days",
            Question {
                workspace: workspace(3),
                from_ms: days_30,
                measures: vec![Measure::Visitors],
                ..all.clone()
            },
        ),
        (
            "top links with uniques, biggest workspace, 90 days",
            largest(
                10,
                Question {
                    workspace: workspace(0),
                    group_by: vec![Dimension::Link],
                    measures: vec![Measure::Count, Measure::Visitors],
                    ..all.clone()
                },
            ),
        ),
        (
            "whole instance, referrer x device",
            largest(20, Question { group_by: vec![Dimension::Referrer, Dimension::Device], ..all }),
        ),
    ]
}

fn ask(folder: &Path) {
    let began = Instant::now();
    let store = open(folder, &read_manifest(folder));
    println!("opened\t{:.1}", began.elapsed().as_secs_f64() * 1_000.0);
    let numbers: std::collections::HashMap<Uuid, i32> =
        (0..200_000).map(|number| (id(number), number)).collect();
    for (name, question) in questions() {
        let timed = || {
            let began = Instant::now();
            let answer = store.ask(&question, &Cancel::default()).unwrap();
            (began.elapsed().as_secs_f64() * 1_000.0, answer)
        };
        store.clear_cache();
        let (cold_ms, answer) = timed();
        let mut warm: Vec<f64> = (0..ROUNDS).map(|_| timed().0).collect();
        warm.sort_by(f64::total_cmp);
        println!("time\t{name}\t{cold_ms:.3}\t{:.3}\t{:.3}", warm[ROUNDS / 2], warm[0]);
        let total = answer.total.map(|total| (Vec::new(), total));
        let groups = answer.groups.iter().map(|group| (group.by.clone(), group.measured));
        for (by, measured) in groups.chain(total) {
            let shown = |value: &Value| match value {
                Value::Time(at) => at.to_string(),
                Value::Number(number) => number.to_string(),
                Value::Id(id) => numbers.get(id).map_or_else(|| id.to_string(), i32::to_string),
                Value::Text(text) => text.clone(),
            };
            let by: Vec<String> = by.iter().map(shown).collect();
            let visitors = measured.visitors.count;
            println!("answer\t{name}\t{}\t{}\t{visitors}", by.join("|"), measured.count);
        }
    }
    for (_, question) in questions() {
        store.ask(&question, &Cancel::default()).unwrap();
    }
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak_kib: f64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    println!("memory\t{:.0}\t{:.0}", peak_kib / 1_024.0, store.cache_bytes() as f64 / 1_048_576.0);
}

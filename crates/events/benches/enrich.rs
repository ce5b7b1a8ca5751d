//! What enrichment costs: `cargo bench -p tessera-events --bench enrich`.
//!
//! Places come from MaxMind's test file; another is taken with `PLACE_FILE=…`. What the patterns take in memory is
//! printed before the benchmarks.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a command line program: it reads the environment and speaks to a person"
)]

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher, black_box};
use mimalloc::MiMalloc;
use tessera_events::{Click, EnrichOptions, Enricher, PlaceFile, RobotList, Trigger, Utm};
use tessera_types::{LinkId, SeededChance, WorkspaceId, from_millis};

const BROWSERS: &str = include_str!("../tests/data/isbot/browsers.yml");
const NOW_MS: i64 = 1_760_000_000_000;
/// Clicks that are told apart; of each, a browser and a referrer come back, as they do in life.
const CLICKS: usize = 10_000;

/// The server's, which gives back what is let go; its calls are counted.
#[global_allocator]
static ALLOCATOR: AllocProfiler<MiMalloc> = AllocProfiler::new(MiMalloc);

fn main() {
    memory();
    divan::main();
}

/// Resident memory around the first click of a new enricher.
fn memory() {
    let before = resident_kib();
    let started = Instant::now();
    let robots = RobotList::new(&SeededChance::new(1));
    black_box(robots.is_robot(browsers()[0]));
    println!("first verdict: {:?}, {} KiB", started.elapsed(), resident_kib() - before);

    let before = resident_kib();
    let (mut enricher, clicks) = (enricher(), clicks());
    println!("enricher opened: {} KiB, with {CLICKS} clicks to give it", resident_kib() - before);
    let (before, started) = (resident_kib(), Instant::now());
    black_box(enricher.click(&clicks[0]).visitor);
    println!("first click: {:?}, {} KiB", started.elapsed(), resident_kib() - before);
    for click in &clicks {
        black_box(enricher.click(click).visitor);
    }
    println!("{CLICKS} clicks later: {} KiB", resident_kib() - before);
    for minute in 0..12 {
        enricher.refresh(NOW_MS + minute * 60_000);
    }
    // The allocator gives back a while after, when it is asked for something else.
    for _ in 0..5 {
        std::thread::sleep(Duration::from_millis(300));
        black_box((1..100).map(|at| vec![0_u8; at * 100]).collect::<Vec<_>>());
    }
    println!("12 idle minutes later: {} KiB", resident_kib() - before);
}

fn resident_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}

fn browsers() -> Vec<&'static str> {
    BROWSERS.lines().filter_map(|line| line.strip_prefix("  - ")).collect()
}

fn enricher() -> Enricher {
    let bundled = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/mmdb/GeoIP2-Country-Test.mmdb");
    let options = EnrichOptions {
        place_file: Arc::new(PlaceFile::new(Some(
            std::env::var_os("PLACE_FILE").map_or(bundled, PathBuf::from),
        ))),
        keeps_addresses: false,
        salts_directory: std::env::temp_dir().join("tessera-bench-salts"),
    };
    Enricher::open(options, Arc::new(SeededChance::new(1)))
}

fn clicks() -> Vec<Click<'static>> {
    let (chance, browsers) = (SeededChance::new(2), browsers());
    let workspace = WorkspaceId::new(from_millis(NOW_MS), &chance);
    let link = LinkId::new(from_millis(NOW_MS), &chance);
    let referrers =
        ["", "https://www.google.com/", "https://l.facebook.com/", "https://news.example.com/a/b"];
    let languages = ["de-DE,de;q=0.9,en;q=0.8", "en-US,en;q=0.5", "pt-BR,pt;q=0.9"];
    let click = |at: usize| Click {
        at_ms: NOW_MS,
        workspace,
        link,
        is_robot: false,
        trigger: Trigger::Link,
        domain: "go.example.com",
        // Spread over all of IPv4, by an odd multiplier.
        address: Some(IpAddr::V4(Ipv4Addr::from((at as u32).wrapping_mul(2_654_435_761)))),
        user_agent: browsers[at % browsers.len()],
        referrer: referrers[at % referrers.len()],
        languages: languages[at % languages.len()],
        utm: Utm { source: if at.is_multiple_of(5) { "newsletter" } else { "" }, ..Utm::default() },
        is_untracked: false,
    };
    (0..CLICKS).map(click).collect()
}

/// Target: 2 µs each, that is 500,000 a second.
#[divan::bench]
fn warm_clicks(bencher: Bencher) {
    let (mut enricher, clicks) = (enricher(), clicks());
    bencher.counter(ItemsCount::new(CLICKS)).bench_local(|| {
        for click in &clicks {
            black_box(enricher.click(black_box(click)));
        }
    });
}

/// Target: 100 ns each, that is 10,000,000 a second.
#[divan::bench]
fn warm_robot_verdicts(bencher: Bencher) {
    let (robots, browsers) = (RobotList::new(&SeededChance::new(1)), browsers());
    for browser in &browsers {
        black_box(robots.is_robot(browser));
    }
    bencher.counter(ItemsCount::new(browsers.len())).bench_local(|| {
        for browser in &browsers {
            black_box(robots.is_robot(black_box(browser)));
        }
    });
}

#[divan::bench]
fn cold_robot_verdict(bencher: Bencher) {
    let robots = RobotList::new(&SeededChance::new(1));
    let mut number = 0_u64;
    bencher
        .with_inputs(|| {
            number += 1;
            format!("Mozilla/5.0 (X11; Linux x86_64; rv:{number}.0) Gecko/20100101 Firefox/{number}.0")
        })
        .bench_local_refs(|user_agent| robots.is_robot(user_agent));
}

#[divan::bench]
fn cold_user_agent(bencher: Bencher) {
    let (mut enricher, clicks) = (enricher(), clicks());
    black_box(enricher.click(&clicks[0]));
    let mut number = 0_u64;
    bencher
        .with_inputs(|| {
            number += 1;
            format!("Mozilla/5.0 (X11; Linux x86_64; rv:{number}.0) Gecko/20100101 Firefox/{number}.0")
        })
        .bench_local_refs(|user_agent| enricher.click(&Click { user_agent, ..clicks[0].clone() }).visitor);
}

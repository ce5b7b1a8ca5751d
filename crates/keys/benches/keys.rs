//! What one keyed request costs before the database: `cargo bench -p tessera-keys`.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use tessera_keys::{Decision, Gcra, Keyring, PlainKey, Presented, find_keys};
use tessera_types::SeededChance;

fn main() {
    divan::main();
}

fn key() -> String {
    PlainKey::mint(&"tsr_live_".parse().expect("a prefix"), &SeededChance::new(1)).expose().to_owned()
}

/// Target: 200 ns.
#[divan::bench]
fn parse_and_checksum(bencher: Bencher) {
    let key = key();
    bencher.bench(|| Presented::parse(black_box(&key)).is_ok());
}

#[divan::bench]
fn parse_another_brands_key(bencher: Bencher) {
    let key = key().replace("tsr", "abc");
    bencher.bench(|| Presented::parse(black_box(&key)).is_ok());
}

/// Target: about 1 µs.
#[divan::bench]
fn digest(bencher: Bencher) {
    let (key, keyring) = (key(), Keyring::generate(&SeededChance::new(1)));
    bencher.bench(|| keyring.digest_current(black_box(&key)));
}

#[divan::bench]
fn parse_digest_and_compare(bencher: Bencher) {
    let (key, keyring) = (key(), Keyring::generate(&SeededChance::new(1)));
    let stored = keyring.digest_current(&key);
    bencher.bench(|| {
        let presented = Presented::parse(black_box(&key));
        presented.is_ok_and(|presented| keyring.digest_current(presented.text()).matches(&stored))
    });
}

#[divan::bench]
fn limit(bencher: Bencher) {
    let gcra = Gcra { period_ns: 100_000_000, burst: 600 };
    bencher.bench(|| matches!(gcra.check(black_box(Some(5)), black_box(7), 1), Decision::Allowed { .. }));
}

#[divan::bench]
fn scan_one_mebibyte_of_source(bencher: Bencher) {
    let source = include_bytes!("../src/scan.rs");
    let text: Vec<u8> = source.iter().copied().cycle().take(1 << 20).collect();
    bencher.counter(BytesCount::of_slice(&text)).bench(|| find_keys(black_box(&text), None).count());
}

//! Places against MaxMind's test databases: good ones answer as their source says, damaged ones do no harm.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

use super::super::IDLE_REFRESHES_MAX;
use super::*;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mmdb").join(name)
}

fn places_of(path: Option<PathBuf>) -> Places {
    Places::new(Arc::new(PlaceFile::new(path)))
}

fn place(places: &mut Places, address: &str) -> (String, String, String) {
    let at = places.find(Some(address.parse().expect("an address")));
    let place = places.at(at);
    (place.country.to_string(), place.region.to_string(), place.city.to_string())
}

fn texts(country: &str, region: &str, city: &str) -> (String, String, String) {
    (country.to_owned(), region.to_owned(), city.to_owned())
}

/// What a row of the source says, by the fields' names.
fn expected(record: &Value) -> (String, String, String) {
    let text = |pointer| record.pointer(pointer).and_then(Value::as_str);
    let Some(country) = text("/country/iso_code") else { return texts("", "", "") };
    let region = text("/subdivisions/0/iso_code").map(|code| format!("{country}-{code}"));
    let city = text("/city/names/en").map(|city| format!("{city}, {country}"));
    (country.to_owned(), region.unwrap_or_default(), city.unwrap_or_default())
}

/// The first address of a network, as a client would have it.
fn first_address(network: &str) -> IpAddr {
    let (address, _) = network.split_once('/').expect("a network");
    match address.parse().expect("an address") {
        // The source writes IPv4 as `::1.2.3.4`, which is how the tree stores it.
        IpAddr::V6(six) if six.segments()[..6] == [0; 6] => six.to_ipv4().map_or(six.into(), IpAddr::V4),
        address => address,
    }
}

#[test]
fn every_network_of_the_city_file_answers_as_its_source_says() {
    let source = std::fs::read_to_string(data("GeoIP2-City-Test.json")).expect("the source");
    let rows: Vec<BTreeMap<String, Value>> = serde_json::from_str(&source).expect("json");
    let mut places = places_of(Some(data("GeoIP2-City-Test.mmdb")));
    let mut with_city = 0;
    for (network, record) in rows.iter().flatten() {
        let found = place(&mut places, &first_address(network).to_string());
        assert_eq!(found, expected(record), "{network}");
        with_city += usize::from(!found.2.is_empty());
    }
    assert_eq!((rows.len(), with_city), (251, 15));
}

#[test]
fn a_country_file_knows_countries_and_another_makers_city_file_cities() {
    let mut places = places_of(Some(data("GeoIP2-Country-Test.mmdb")));
    assert_eq!(place(&mut places, "81.2.69.160"), texts("GB", "", ""));
    assert_eq!(place(&mut places, "::ffff:81.2.69.160"), texts("GB", "", ""));
    assert_eq!(place(&mut places, "127.0.0.1"), texts("", "", ""));
    let mut places = places_of(Some(data("GeoLite2-City-Test.mmdb")));
    assert_eq!(place(&mut places, "89.160.20.112"), texts("SE", "SE-E", "Linköping, SE"));
}

#[test]
fn a_country_alone_is_asked_of_the_same_file() {
    let file = Arc::new(PlaceFile::new(Some(data("GeoIP2-City-Test.mmdb"))));
    let country = |address: &str| file.country(address.parse().expect("an address"));
    assert!(!file.is_in_memory());
    assert_eq!(country("81.2.69.160").as_deref(), Some("GB"));
    assert!(file.is_in_memory());
    assert_eq!(country("::ffff:89.160.20.112").as_deref(), Some("SE"));
    assert_eq!(country("127.0.0.1"), None);
    // Both look into one copy of it.
    let mut places = Places::new(Arc::clone(&file));
    assert_eq!(place(&mut places, "89.160.20.112").0, "SE");
    assert!(Arc::ptr_eq(&file.reader().expect("a reader"), places.reader.as_ref().expect("a reader")));
    // Who asks for countries keeps it in memory, too.
    for _ in 0..=2 * IDLE_REFRESHES_MAX {
        places.refresh();
        assert_eq!(country("81.2.69.160").as_deref(), Some("GB"));
    }
    (0..=IDLE_REFRESHES_MAX).for_each(|_| places.refresh());
    assert!(!file.is_in_memory());
    let nothing = PlaceFile::new(None);
    assert!(nothing.is_in_memory() && !nothing.is_chosen());
}

#[test]
fn without_a_file_or_an_address_every_place_is_unknown() {
    for path in [None, Some(data("there-is-none.mmdb")), Some(data(""))] {
        assert_eq!(place(&mut places_of(path), "81.2.69.160"), texts("", "", ""));
    }
    let mut places = places_of(Some(data("GeoIP2-City-Test.mmdb")));
    assert_eq!(places.find(None), None);
}

#[test]
fn damaged_files_neither_fail_nor_hang() {
    let mut files: Vec<_> = std::fs::read_dir(data("damaged"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let addresses = || {
        let four = (0..=u8::MAX).flat_map(|first| {
            [[first, 0, 0, 0], [first, 1, 1, 1], [first, 255, 255, 255]]
                .map(|octets| IpAddr::from(Ipv4Addr::from(octets)))
        });
        let six = (0..128).map(|bit| IpAddr::from(Ipv6Addr::from(1_u128 << bit)));
        four.chain(six)
    };
    // A thread with a quarter of the usual stack: whatever nests must not be followed down.
    let looked = std::thread::Builder::new().stack_size(512 << 10).spawn(move || {
        for file in &files {
            let mut places = places_of(Some(file.clone()));
            for address in addresses() {
                let at = places.find(Some(address));
                let place = places.at(at);
                assert!(matches!(place.country.len(), 0 | 2), "{}", file.display());
            }
        }
        files.len()
    });
    assert_eq!(looked.expect("a thread").join().expect("no panic"), 24);
}

#[test]
fn a_file_cut_anywhere_is_a_file_that_cannot_be_read_or_one_that_knows_less() {
    let whole = std::fs::read(data("GeoIP2-Country-Test.mmdb")).expect("the file");
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("place.mmdb");
    for length in (0..whole.len()).step_by(997) {
        std::fs::write(&path, &whole[..length]).expect("written");
        let (country, ..) = place(&mut places_of(Some(path.clone())), "81.2.69.160");
        assert!(matches!(country.as_str(), "" | "GB"), "{length}: {country}");
    }
}

#[test]
fn a_new_file_is_read_and_a_bad_one_leaves_the_last_in_force() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("place.mmdb");
    let mut places = places_of(Some(path.clone()));
    assert_eq!(place(&mut places, "81.2.69.160"), texts("", "", ""));

    std::fs::copy(data("GeoIP2-Country-Test.mmdb"), &path).expect("copied");
    assert_eq!(place(&mut places, "81.2.69.160"), texts("", "", ""));
    places.refresh();
    assert_eq!(place(&mut places, "81.2.69.160"), texts("GB", "", ""));

    std::fs::copy(data("GeoIP2-City-Test.mmdb"), &path).expect("copied");
    places.refresh();
    assert_eq!(place(&mut places, "81.2.69.160"), texts("GB", "GB-ENG", "London, GB"));

    std::fs::copy(data("damaged/cyclic-data-structure.mmdb"), &path).expect("copied");
    std::fs::write(&path, "half a fi").expect("written");
    places.refresh();
    assert_eq!(place(&mut places, "81.2.69.160"), texts("GB", "GB-ENG", "London, GB"));

    std::fs::remove_file(&path).expect("removed");
    places.refresh();
    assert_eq!(place(&mut places, "81.2.69.160"), texts("GB", "GB-ENG", "London, GB"));
}

#[test]
fn a_file_that_nobody_needs_is_let_go_and_one_that_could_not_be_read_again_is_not() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("place.mmdb");
    std::fs::copy(data("GeoIP2-Country-Test.mmdb"), &path).expect("copied");
    let mut places = places_of(Some(path.clone()));
    for _ in 0..2 {
        assert_eq!(place(&mut places, "81.2.69.160"), texts("GB", "", ""));
        (0..IDLE_REFRESHES_MAX).for_each(|_| places.refresh());
        assert!(places.file.is_in_memory());
        places.refresh();
        assert!(!places.file.is_in_memory() && places.reader.is_none());
    }
    assert_eq!(place(&mut places, "81.2.69.160"), texts("GB", "", ""));
    std::fs::write(&path, "half a fi").expect("written");
    (0..=IDLE_REFRESHES_MAX).for_each(|_| places.refresh());
    assert_eq!(place(&mut places, "81.2.69.160"), texts("GB", "", ""));
}

#[test]
fn a_file_of_the_same_size_is_read_again_when_its_time_is_another() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("place.mmdb");
    let whole = std::fs::read(data("GeoIP2-Country-Test.mmdb")).expect("the file");
    std::fs::write(&path, &whole).expect("written");
    let mut places = places_of(Some(path.clone()));
    assert_eq!(place(&mut places, "81.2.69.160"), texts("GB", "", ""));

    let at = whole.windows(2).position(|pair| pair == b"GB").expect("a GB");
    let mut other = whole.clone();
    other[at..at + 2].copy_from_slice(b"ie");
    std::fs::write(&path, &other).expect("written");
    let file = File::options().write(true).open(&path).expect("the file");
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1)).expect("a time");
    places.refresh();
    assert_eq!(place(&mut places, "81.2.69.160"), texts("IE", "", ""));
}

#[test]
fn a_code_is_two_letters_and_a_region_up_to_three() {
    let code = |text: &str| country_code(text.to_owned());
    assert_eq!((code("de"), code("GB")), (Some("DE".to_owned()), Some("GB".to_owned())));
    for wrong in ["", "D", "DEU", "ZZ", "xx", "D\u{0}", "1A", "ü"] {
        assert_eq!(code(wrong), None, "{wrong:?}");
    }
    assert!(is_region_code("BE") && is_region_code("13") && is_region_code("ENG"));
    assert!(!is_region_code("") && !is_region_code("Berlin") && !is_region_code("B-"));
}

/// The smallest MMDB (version 2.0 of the format): a tree of one node, both sides of which are `record`.
fn file_of(record: &[u8]) -> Vec<u8> {
    let text = |text: &str| [&[0x40 | text.len() as u8][..], text.as_bytes()].concat();
    let number = |key: &str, value: u8| [text(key), vec![0xa1, value]].concat();
    let data = [0, 0, 1 + 16];
    let metadata = [
        vec![0xe9],
        [text("node_count"), vec![0xc1, 1]].concat(),
        number("record_size", 24),
        number("ip_version", 4),
        number("binary_format_major_version", 2),
        number("binary_format_minor_version", 0),
        [text("database_type"), text("Test")].concat(),
        [text("build_epoch"), vec![0x01, 0x02, 1]].concat(),
        [text("languages"), vec![0x00, 0x04]].concat(),
        [text("description"), vec![0xe0]].concat(),
    ];
    [&data[..], &data, &[0; 16], record, b"\xab\xcd\xefMaxMind.com", &metadata.concat()].concat()
}

/// A record of texts: `country_code` → `DE`.
fn flat(fields: &[(&str, &str)]) -> Vec<u8> {
    let text = |text: &str| [&[0x40 | text.len() as u8][..], text.as_bytes()].concat();
    let pairs = fields.iter().flat_map(|(key, value)| [text(key), text(value)].concat());
    std::iter::once(0xe0 | fields.len() as u8).chain(pairs).collect()
}

#[test]
fn flat_records_are_understood_too() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("place.mmdb");
    let found = |record: &[u8]| {
        std::fs::write(&path, file_of(record)).expect("written");
        place(&mut places_of(Some(path.clone())), "192.0.2.1")
    };
    assert_eq!(found(&flat(&[("country_code", "DE")])), texts("DE", "", ""));
    assert_eq!(
        found(&flat(&[("city", "Berlin"), ("country_code", "de"), ("state1", "Land Berlin")])),
        texts("DE", "", "Berlin, DE")
    );
    assert_eq!(
        found(&flat(&[("country", "US"), ("city", "New\u{0} York")])),
        texts("US", "", "New York, US")
    );
    assert_eq!(found(&flat(&[("country", "United States")])), texts("", "", ""));
    assert_eq!(found(&flat(&[("country_code", "ZZ"), ("city", "Atlantis")])), texts("", "", ""));
    assert_eq!(found(&[0xc2, 1, 2]), texts("", "", ""));
}

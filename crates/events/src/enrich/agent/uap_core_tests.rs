//! uap-core's own test cases (Apache-2.0), all of them, against the patterns as we compile them.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::GzDecoder;
use ua_parser::Extractor;

use super::{device, patterns};

static PATTERNS: LazyLock<Extractor<'static>> = LazyLock::new(|| patterns::compile().expect("patterns"));

/// One case: the fields that stand there, in order, without those that are empty.
type Case = Vec<(String, String)>;

/// Reads the plain YAML of the test files: flat maps, values in single or double quotes, comments on their own lines.
fn cases(yaml: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in yaml.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line == "test_cases:" {
            continue;
        }
        let (key, value) = line.split_once(':').unwrap_or_else(|| panic!("{line}"));
        if let Some(key) = key.strip_prefix("- ") {
            assert_eq!(key, "user_agent_string");
            cases.push(Vec::new());
        }
        let key = key.trim_start_matches("- ").to_owned();
        if !value.trim().is_empty() {
            cases.last_mut().expect("a case").push((key, unquoted(value.trim())));
        }
    }
    cases
}

fn unquoted(value: &str) -> String {
    let inner = |quote| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
    match (inner('\''), inner('"')) {
        (Some(single), _) => single.replace("''", "'"),
        (_, Some(double)) => double.replace("\\\"", "\"").replace("\\\\", "\\"),
        _ => panic!("neither in single nor in double quotes: {value}"),
    }
}

fn field<'a>(case: &'a Case, name: &str) -> Option<&'a str> {
    case.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// How many there were, and those that came out wrong.
fn run(yaml: &str, fields: &[&str], found: impl Fn(&str) -> Vec<Option<String>>) -> (usize, Vec<String>) {
    let cases = cases(yaml);
    let wrong = cases.iter().filter_map(|case| {
        let user_agent = field(case, "user_agent_string").expect("a user agent");
        let wanted: Vec<_> = fields.iter().map(|name| field(case, name).map(str::to_owned)).collect();
        let found = found(user_agent);
        (found != wanted).then(|| format!("{user_agent}\n  wanted {wanted:?}\n  found  {found:?}"))
    });
    (cases.len(), wrong.collect())
}

fn assert_all(count: usize, (cases, wrong): (usize, Vec<String>)) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(cases, count);
}

#[test]
fn every_browser_of_uap_core_comes_out_as_it_says() {
    let yaml = include_str!("../../../tests/data/uap-core/test_ua.yaml");
    let fields = ["family", "major", "minor", "patch"];
    assert_all(
        1601,
        run(yaml, &fields, |user_agent| match PATTERNS.ua.extract(user_agent) {
            None => vec![Some("Other".to_owned()), None, None, None],
            Some(found) => {
                let found = found.into_owned();
                vec![Some(found.family), found.major, found.minor, found.patch]
            }
        }),
    );
}

#[test]
fn every_system_of_uap_core_comes_out_as_it_says() {
    let yaml = include_str!("../../../tests/data/uap-core/test_os.yaml");
    let fields = ["family", "major", "minor", "patch", "patch_minor"];
    assert_all(
        483,
        run(yaml, &fields, |user_agent| match PATTERNS.os.extract(user_agent) {
            None => vec![Some("Other".to_owned()), None, None, None, None],
            Some(found) => {
                let found = found.into_owned();
                vec![Some(found.os), found.major, found.minor, found.patch, found.patch_minor]
            }
        }),
    );
}

fn devices() -> String {
    let mut yaml = String::new();
    let packed = &include_bytes!("../../../tests/data/uap-core/test_device.yaml.gz")[..];
    GzDecoder::new(packed).read_to_string(&mut yaml).expect("gzip");
    yaml
}

#[test]
fn every_device_of_uap_core_comes_out_as_it_says() {
    let fields = ["family", "brand", "model"];
    assert_all(
        16129,
        run(&devices(), &fields, |user_agent| match PATTERNS.dev.extract(user_agent) {
            None => vec![Some("Other".to_owned()), None, None],
            Some(found) => {
                let found = found.into_owned();
                vec![Some(found.device), found.brand, found.model]
            }
        }),
    );
}

#[test]
fn devices_fall_into_classes() {
    for (user_agent, os, family, class) in [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
            "Windows",
            "Other",
            "desktop",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
            "Mac OS X",
            "Mac",
            "desktop",
        ),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Tablet PC 2.0)", "Windows", "Other", "desktop"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1",
            "iOS",
            "iPhone",
            "mobile",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) Chrome/139.0.0.0 Mobile Safari/537.36",
            "Android",
            "K",
            "mobile",
        ),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/139.0.0.0 Safari/537.36", "Android", "K", "tablet"),
        (
            "Mozilla/5.0 (Android 13; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0",
            "Android",
            "Generic Tablet",
            "tablet",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
            "iOS",
            "iPad",
            "tablet",
        ),
        (
            "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 Version/7.0 TV Safari/537.36",
            "Tizen",
            "Samsung SMART-TV",
            "tv",
        ),
        (
            "Mozilla/5.0 (Linux; Android 9; AFTKA) AppleWebKit/537.36 Silk/120 Safari/537.36",
            "Android",
            "AFTKA",
            "tv",
        ),
        (
            "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15",
            "",
            "PlayStation 5",
            "console",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) Edge/44.18363.8131",
            "Windows",
            "Xbox One",
            "console",
        ),
        ("atc/1.0 watchOS/5.2 model/Watch4,4 hwp/t8006 build/16T225", "WatchOS", "Apple Watch", "wearable"),
        ("Nokia6100/1.0 (04.01) Profile/MIDP-1.0", "", "Nokia 6100", "mobile"),
        ("ALCATEL-OT510A/382 ObigoInternetBrowser/Q05A", "", "Alcatel OT510A", "mobile"),
        ("something", "", "", ""),
    ] {
        assert_eq!(device::class(user_agent, os, family), class, "{user_agent}");
    }
}

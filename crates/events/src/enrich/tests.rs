//! Whole events through enrichment.

use std::path::Path;

use tempfile::TempDir;
use tessera_types::{ApiKeyId, LinkId, RequestId, SecretId, SeededChance, WorkspaceId, from_millis};

use super::*;
use crate::{CallClass, Method, Trigger};

const NOW_MS: i64 = 1_760_000_000_000;
const CHROME: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36";

struct House {
    directory: TempDir,
    chance: Arc<SeededChance>,
}

impl House {
    fn new() -> Self {
        Self { directory: TempDir::new().expect("a directory"), chance: Arc::new(SeededChance::new(9)) }
    }

    fn enricher(&self, keeps_addresses: bool) -> Enricher {
        let place_file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mmdb/GeoIP2-City-Test.mmdb");
        let options = EnrichOptions {
            place_file: Arc::new(PlaceFile::new(Some(place_file))),
            keeps_addresses,
            salts_directory: self.directory.path().to_owned(),
        };
        Enricher::open(options, self.chance.clone())
    }

    fn click<'a>(&self) -> Click<'a> {
        let now = from_millis(NOW_MS);
        Click {
            at_ms: NOW_MS,
            workspace: WorkspaceId::new(now, &*self.chance),
            link: LinkId::new(now, &*self.chance),
            is_robot: false,
            trigger: Trigger::Link,
            domain: "go.example.com",
            address: "::ffff:81.2.69.160".parse().ok(),
            user_agent: CHROME,
            referrer: "https://www.google.co.uk/search?q=private",
            languages: "en-GB,en;q=0.8",
            utm: Utm::default(),
            is_untracked: false,
        }
    }
}

#[test]
fn a_click_becomes_a_row() {
    let house = House::new();
    let (mut enricher, click) = (house.enricher(false), house.click());
    let row = enricher.click(&click);
    let expected = ClickRow {
        at_ms: NOW_MS,
        workspace: click.workspace,
        link: click.link,
        visitor: row.visitor,
        is_robot: false,
        trigger: Trigger::Link,
        domain: "go.example.com",
        country: "GB",
        region: "GB-ENG",
        city: "London, GB",
        device: "mobile",
        browser: "Chrome Mobile",
        os: "Android",
        language: "en-GB",
        referrer: "google.co.uk",
        channel: "search",
        utm: Utm::default(),
        address: "",
    };
    assert_ne!(row.visitor, 0);
    assert_eq!(row, expected);
}

#[test]
fn a_row_takes_nothing_from_the_one_before() {
    let house = House::new();
    let mut enricher = house.enricher(true);
    let full = Click {
        utm: Utm { source: "news\u{7}letter", medium: "email", campaign: "spring", term: "a", content: "b" },
        ..house.click()
    };
    assert_eq!(enricher.click(&full).utm.source, "newsletter");
    assert_eq!(enricher.click(&full).channel, "email");
    let empty =
        Click { address: None, user_agent: "", referrer: "", languages: "", domain: "", ..house.click() };
    let row = enricher.click(&empty);
    let texts = [
        row.domain,
        row.country,
        row.region,
        row.city,
        row.device,
        row.browser,
        row.os,
        row.language,
        row.referrer,
        row.address,
        row.utm.source,
        row.utm.medium,
        row.utm.campaign,
        row.utm.term,
        row.utm.content,
    ];
    assert_eq!((texts, row.channel), ([""; 15], "direct"));
}

#[test]
fn robots_are_rows_with_a_device_of_their_own() {
    let house = House::new();
    let mut enricher = house.enricher(false);
    let click =
        Click { is_robot: true, user_agent: "Mozilla/5.0 (compatible; Googlebot/2.1)", ..house.click() };
    let row = enricher.click(&click);
    assert_eq!((row.is_robot, row.device, row.browser, row.country), (true, "robot", "Googlebot", "GB"));
}

#[test]
fn who_asks_not_to_be_tracked_has_no_visitor_and_no_address() {
    let house = House::new();
    let mut enricher = house.enricher(true);
    let tracked = house.click();
    let row = enricher.click(&tracked);
    assert_eq!((row.visitor == 0, row.address), (false, "81.2.69.160"));
    let untracked = Click { is_untracked: true, ..house.click() };
    let row = enricher.click(&untracked);
    assert_eq!((row.visitor, row.address, row.country), (0, "", "GB"));
}

#[test]
fn an_address_is_kept_only_where_it_was_asked_for() {
    let house = House::new();
    let click = house.click();
    assert_eq!(house.enricher(false).click(&click).address, "");
    assert_eq!(house.enricher(true).click(&click).address, "81.2.69.160");
}

#[test]
fn an_ipv4_address_inside_ipv6_is_the_same_visitor() {
    let house = House::new();
    let mut enricher = house.enricher(false);
    let (mapped, plain) = (house.click(), Click { address: "81.2.69.160".parse().ok(), ..house.click() });
    let plain = Click { workspace: mapped.workspace, ..plain };
    let visitor = enricher.click(&mapped).visitor;
    assert_eq!(enricher.click(&plain).visitor, visitor);
}

#[test]
fn whatever_is_sent_a_row_has_its_bounds() {
    let house = House::new();
    let mut enricher = house.enricher(true);
    let long = "ü\u{0}x,;=/:".repeat(4_000);
    let text = long.as_str();
    let click = Click {
        domain: text,
        user_agent: text,
        referrer: text,
        languages: text,
        utm: Utm { source: text, medium: text, campaign: text, term: text, content: text },
        ..house.click()
    };
    let row = enricher.click(&click);
    assert!(row.domain.len() <= HOST_BYTES_MAX && row.referrer.len() <= HOST_BYTES_MAX);
    assert!(row.browser.len() <= text::NAME_BYTES_MAX && row.os.len() <= text::NAME_BYTES_MAX);
    assert_eq!((row.language, row.channel), ("", "campaign"));
    for utm in [row.utm.source, row.utm.medium, row.utm.campaign, row.utm.term, row.utm.content] {
        assert_eq!(utm.len(), UTM_BYTES_MAX);
        assert!(!utm.contains(char::is_control));
    }
}

#[test]
fn a_request_becomes_a_row_with_its_address_and_country() {
    let house = House::new();
    let now = from_millis(NOW_MS);
    let request = Request {
        at_ms: NOW_MS,
        workspace: WorkspaceId::new(now, &*house.chance),
        key: ApiKeyId::new(now, &*house.chance),
        secret: SecretId::new(now, &*house.chance),
        id: RequestId::new(now, &*house.chance),
        method: Method::Post,
        class: CallClass::Write,
        status: 201,
        latency_us: 1_234,
        route: "/v1/links",
        address: "89.160.20.112".parse().ok(),
        user_agent: "curl/8\u{1b}[31m",
    };
    let mut enricher = house.enricher(false);
    let row = enricher.request(&request);
    assert_eq!(
        (row.route, row.address, row.country, row.user_agent),
        ("/v1/links", "89.160.20.112", "SE", "curl/8[31m")
    );
    assert_eq!(
        (row.key, row.secret, row.id, row.status, row.latency_us),
        (request.key, request.secret, request.id, 201, 1_234)
    );
}

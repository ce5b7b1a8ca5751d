//! The real program under load, killed at any moment: what was answered is counted, once.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{self, PASSWORD, Server};

/// `make test-crash` asks for more.
const ROUNDS_DEFAULT: u64 = 6;
const LOADS: usize = 4;
/// Logs would fill the pipe that nobody reads; counts are written all the time, so that kills meet it.
const SETTINGS: [(&str, &str); 6] = [
    // Rows are brought to segments, and segments merged, several times a round.
    ("TESSERA_EVENTS__MEMORY_ROWS_MAX", "200"),
    // Every round listens on another port.
    ("TESSERA_SERVER__PUBLIC_URL", "http://go.example.com"),
    ("TESSERA_LOG__LEVEL", "error"),
    ("TESSERA_EVENTS__COUNT_INTERVAL_MS", "15"),
    ("TESSERA_EVENTS__SYNC_INTERVAL_MS", "5"),
    ("TESSERA_EVENTS__LOG_FILE_BYTES_MAX", "1048576"),
];

/// Requests of one kind, over all rounds.
#[derive(Default)]
struct Tally {
    sent: AtomicU64,
    answered: AtomicU64,
}

impl Tally {
    /// What the server says it counted: everything that was answered, and nothing that was not sent.
    fn check(&self, counted: u64, what: &str, round: u64) {
        let (sent, answered) = (self.sent.load(Ordering::SeqCst), self.answered.load(Ordering::SeqCst));
        assert!(
            (answered..=sent).contains(&counted),
            "round {round}: {counted} {what} counted, {answered} answered, {sent} sent"
        );
        // From here on, what was sent and not answered is known to be counted or not.
        self.sent.store(counted, Ordering::SeqCst);
        self.answered.store(counted, Ordering::SeqCst);
    }
}

#[test]
fn whatever_is_answered_is_counted_once_however_the_process_ends() {
    let directory = tempfile::tempdir().unwrap();
    let made = program::bootstrap(directory.path());
    let key = made["api_key"]["key"].as_str().or(made["api_key"].as_str()).unwrap().to_owned();
    let (clicks, requests) = (Tally::default(), Tally::default());
    let mut link = None;
    for round in 0..=rounds() {
        let server = Server::start_with(directory.path(), &SETTINGS);
        let token = log_in(&server);
        let link = link.get_or_insert_with(|| make_link(&server, &token)).clone();
        let key_path = format!("/v1/api-keys/{}", key_id(&server, &token));
        clicks.check(number(&server, &token, &format!("/v1/links/{link}"), "clicks"), "clicks", round);
        requests.check(number(&server, &token, &key_path, "request_count"), "requests", round);
        // The rows say the same as the counts: no event is in a segment and in the log, and none in neither.
        let report =
            call(&server, "GET", &format!("/v1/analytics/links/{link}?range=all"), &token, &Value::Null);
        clicks.check(report["summary"]["clicks"].as_u64().unwrap(), "clicks in rows", round);
        let usage = call(&server, "GET", &format!("{key_path}/usage"), &token, &Value::Null);
        requests.check(usage["summary"]["requests"].as_u64().unwrap(), "requests in rows", round);
        if round < rounds() {
            load_until_killed(server, &key, &clicks, &requests, round);
        }
    }
    let answered = clicks.answered.load(Ordering::SeqCst);
    assert!(answered > rounds() * 10, "only {answered} clicks: this was no load");
}

/// Four visitors and callers at once; the kill comes when it comes.
fn load_until_killed(server: Server, key: &str, clicks: &Tally, requests: &Tally, round: u64) {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for load in 0..LOADS {
            let (address, is_over) = (server.address.clone(), &is_over);
            scope.spawn(move || {
                let (path, headers, expected, tally) = match load % 2 {
                    0 => ("/crash", String::new(), "HTTP/1.1 302", clicks),
                    _ => ("/v1/me", format!("authorization: Bearer {key}\r\n"), "HTTP/1.1 200", requests),
                };
                let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36\r\n{headers}\r\n");
                let Ok(stream) = TcpStream::connect(&address) else { return };
                let mut stream = BufReader::new(stream);
                while !is_over.load(Ordering::Relaxed) {
                    tally.sent.fetch_add(1, Ordering::SeqCst);
                    if stream.get_mut().write_all(request.as_bytes()).is_err() || !is_answered(&mut stream, expected) {
                        return;
                    }
                    tally.answered.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        // Not a wait for a condition: the moment is the point. Spread over the phases of a write and its count.
        std::thread::sleep(Duration::from_micros(20_000 + round.wrapping_mul(2_654_435_761) % 280_000));
        server.signal("KILL");
        is_over.store(true, Ordering::Relaxed);
    });
}

/// Reads one whole answer; `false` if it was cut off.
fn is_answered(stream: &mut BufReader<TcpStream>, expected: &str) -> bool {
    let mut length = 0;
    let mut line = String::new();
    for number in 0.. {
        line.clear();
        match stream.read_line(&mut line) {
            Ok(read) if read > 0 && line.ends_with('\n') => {}
            _ => return false,
        }
        assert!(number > 0 || line.starts_with(expected), "{line}");
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).is_ok()
}

#[allow(clippy::disallowed_methods, reason = "a test run is told how long it may take")]
fn rounds() -> u64 {
    std::env::var("TESSERA_TEST_CRASH_ROUNDS").ok().map_or(ROUNDS_DEFAULT, |rounds| rounds.parse().unwrap())
}

fn call(server: &Server, method: &str, path: &str, token: &str, body: &Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = server.exchange(format!(
        "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        server.address, body.len()
    ));
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer}"));
    assert!(head.starts_with("HTTP/1.1 20"), "{answer}");
    serde_json::from_str(body).unwrap()
}

fn log_in(server: &Server) -> String {
    let body = json!({ "email": "owner@example.com", "password": PASSWORD }).to_string();
    let answer = server.exchange(format!(
        "POST /v1/auth/login HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        server.address, body.len()
    ));
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str::<Value>(body).unwrap()["access_token"].as_str().unwrap().to_owned()
}

fn make_link(server: &Server, token: &str) -> String {
    let wish = json!({ "destination_url": "https://example.com/", "alias": "crash" });
    call(server, "POST", "/v1/links", token, &wish)["id"].as_str().unwrap().to_owned()
}

fn key_id(server: &Server, token: &str) -> String {
    call(server, "GET", "/v1/api-keys", token, &Value::Null)["data"][0]["id"].as_str().unwrap().to_owned()
}

fn number(server: &Server, token: &str, path: &str, field: &str) -> u64 {
    call(server, "GET", path, token, &Value::Null)[field].as_u64().unwrap()
}

/// The longest a log may be torn is one write.
#[test]
fn a_damaged_log_stops_the_start_names_the_place_and_is_repaired() {
    let directory = tempfile::tempdir().unwrap();
    program::bootstrap(directory.path());
    let settings = [
        ("TESSERA_EVENTS__COUNT_INTERVAL_MS", "3600000"),
        ("TESSERA_SERVER__PUBLIC_URL", "http://go.example.com"),
    ];
    let server = Server::start_with(directory.path(), &settings);
    let token = log_in(&server);
    let link = make_link(&server, &token);
    for _ in 0..5 {
        assert!(
            server
                .get(
                    "/crash",
                    "user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0\r\n"
                )
                .starts_with("HTTP/1.1 302")
        );
    }
    // Killed after its syncs, so that a mark stands behind the clicks.
    std::thread::sleep(Duration::from_millis(300));
    server.signal("KILL");
    drop(server);
    let file = damage(&directory.path().join("events/log"));
    let data = directory.path().to_str().unwrap();
    let (code, _, err) = program::run(&["serve", "--listen", "127.0.0.1:0", "--data", data]);
    assert_eq!(code, 1);
    assert!(
        err.contains(&file) && err.contains("offset 20") && err.contains("tessera events repair"),
        "{err}"
    );
    let (code, out, _) = program::run(&["events", "repair", "--data", data, "--json"]);
    let repaired: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &repaired["lost"][0]["offset"]), (3, &json!(20)));
    let server = Server::start(directory.path());
    let token = log_in(&server);
    assert_eq!(number(&server, &token, &format!("/v1/links/{link}"), "clicks"), 4);
}

/// Flips a bit in the first event.
fn damage(directory: &Path) -> String {
    let path = std::fs::read_dir(directory).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

//! What a connection may be and do: HTTP/1.1, HTTP/2, TLS, too much, too odd, at the wrong moment.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};

use super::program::{Server, rest};

#[test]
fn a_request_is_answered_with_its_id_which_is_in_the_log() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    let answer = server.get("/healthz", "");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(
        answer.ends_with(&format!("{{\"status\":\"ok\",\"version\":\"{}\"}}", env!("CARGO_PKG_VERSION")))
    );
    let id = answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap();
    assert!(server.get("/readyz", "").starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(server.stop().2.contains(id));
}

#[test]
fn a_log_for_machines_is_json_line_by_line() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("TESSERA_LOG__FORMAT", "json")]);
    server.get("/healthz?api_key=s3cret", "x-api-key: s3cret\r\n");
    let (_, _, err) = server.stop();
    let lines: Vec<serde_json::Value> = err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["route"] == "/healthz"), "{err}");
    assert!(!err.contains("s3cret"));
}

#[test]
fn http_2_works_without_tls() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    block_on(async {
        let stream = tokio::net::TcpStream::connect(&server.address).await.unwrap();
        assert_eq!(status_over_http2(stream, &server.address).await, 200);
    });
}

#[test]
fn tls_speaks_both_versions_of_http() {
    let data = tempfile::tempdir().unwrap();
    let fixture = |name: &str| format!("{}/tests/it/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    let (certificate, key) = (fixture("tls-certificate.pem"), fixture("tls-key.pem"));
    let environment = [
        ("TESSERA_SERVER__TLS_CERTIFICATE_FILE", certificate.as_str()),
        ("TESSERA_SERVER__TLS_KEY_FILE", &key),
    ];
    let server = Server::start_with(data.path(), &environment);
    assert_eq!(server.scheme, "https");

    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&certificate).unwrap()).unwrap();
    block_on(async {
        for protocol in [&b"h2"[..], b"http/1.1"] {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let mut config = rustls::ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots.clone())
                .with_no_client_auth();
            config.alpn_protocols = vec![protocol.to_vec()];
            let stream = tokio::net::TcpStream::connect(&server.address).await.unwrap();
            let name = ServerName::try_from("localhost").unwrap();
            let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
            let stream = connector.connect(name, stream).await.unwrap();
            assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol));
            if protocol == b"h2" {
                assert_eq!(status_over_http2(stream, "localhost").await, 200);
            }
        }
    });
}

#[test]
fn too_much_head_is_431_and_nonsense_is_400() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    let fits = format!("x-padding: {}\r\n", "a".repeat(30_000));
    assert!(server.get("/healthz", &fits).starts_with("HTTP/1.1 200 "));
    let too_long = format!("x-padding: {}\r\n", "a".repeat(40_000));
    assert!(server.get("/healthz", &too_long).starts_with("HTTP/1.1 431 "));
    let too_many = "a: b\r\n".repeat(200);
    assert!(server.get("/healthz", &too_many).starts_with("HTTP/1.1 431 "));
    for nonsense in [
        "GET\r\n\r\n",
        "GET / HTTP/1.1\r\nbad header: x\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
    ] {
        let answer = server.exchange(nonsense);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{nonsense:?}: {answer:?}");
    }
    assert!(server.get("/healthz", "").starts_with("HTTP/1.1 200 "));
}

#[test]
fn too_much_body_is_a_problem_413() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("TESSERA_SERVER__BODY_BYTES_MAX", "1000")]);
    let login = |length: usize| {
        let body = format!("{{\"email\":\"{}\"}}", "a".repeat(length - 12));
        let head = "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n";
        server.exchange(format!("{head}content-length: {length}\r\n\r\n{body}"))
    };
    let answer = login(1001);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("content-type: application/problem+json\r\n"), "{answer}");
    assert!(answer.contains("\"code\":\"body_too_large\""), "{answer}");
    assert!(login(1000).starts_with("HTTP/1.1 400 "));
}

#[test]
fn a_body_that_does_not_come_is_408() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("TESSERA_SERVER__REQUEST_SECONDS_MAX", "1")]);
    let answer = server.exchange(
        "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"code\":\"request_timeout\""), "{answer}");
}

#[test]
fn a_request_in_flight_is_finished_and_no_new_one_is_taken() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    let mut idle = server.connect();
    let mut busy = server.connect();
    let head =
        "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n";
    // The server says `100 Continue` when the handler asks for the body: then it is in flight for certain.
    write!(busy, "{head}expect: 100-continue\r\n\r\n").unwrap();
    let mut go_on = [0; 25];
    busy.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");

    server.signal("TERM");
    while TcpStream::connect(&server.address).is_ok() {}
    assert_eq!(rest(&mut idle), "");
    busy.write_all(b"{}").unwrap();
    let answer = rest(&mut busy);
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("\"code\":\"invalid_request\""), "{answer}");
    let (code, _, err) = server.wait();
    assert_eq!(code, 0, "{err}");
    assert!(!err.contains("cut off"), "{err}");
}

#[test]
fn a_request_that_does_not_end_is_cut_off_in_time() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("TESSERA_SERVER__SHUTDOWN_SECONDS_MAX", "1")]);
    let mut stuck = server.connect();
    stuck
        .write_all(
            b"POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n",
        )
        .unwrap();
    stuck.read_exact(&mut [0; 25]).unwrap();
    let (code, _, err) = server.stop();
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("cut off: server.shutdown_seconds_max is over"), "{err}");
}

#[test]
fn a_second_signal_ends_the_waiting_but_not_when_it_is_an_echo_of_the_first() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    let mut stuck = server.connect();
    stuck
        .write_all(
            b"POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n",
        )
        .unwrap();
    stuck.read_exact(&mut [0; 25]).unwrap();
    server.signal("TERM");
    server.signal("INT");
    // The echo did not end it: the request is still waited for, until somebody asks again.
    stuck.set_read_timeout(Some(std::time::Duration::from_millis(1500))).unwrap();
    stuck.read(&mut [0; 1]).unwrap_err();
    let (code, _, err) = server.stop();
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("asked twice"), "{err}");
}

#[test]
fn connections_above_the_limit_wait_and_are_served() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("TESSERA_SERVER__CONNECTIONS_MAX", "1")]);
    let mut first = server.connect();
    write!(first, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    first.read_exact(&mut [0; 12]).unwrap();
    let mut second = server.connect();
    write!(second, "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    second.set_read_timeout(Some(std::time::Duration::from_millis(300))).unwrap();
    second.read(&mut [0; 1]).unwrap_err();
    drop(first);
    assert!(rest(&mut second).starts_with("HTTP/1.1 200 "));
}

#[test]
fn metrics_are_off_or_behind_a_token_or_on_a_listener_of_their_own() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    assert!(server.get("/metrics", "").starts_with("HTTP/1.1 404 "));
    server.stop();

    let server = Server::start_with(data.path(), &[("TESSERA_METRICS__TOKEN", "t0ken")]);
    assert!(server.get("/metrics", "").starts_with("HTTP/1.1 401 "));
    let answer = server.get("/metrics", "authorization: Bearer t0ken\r\n");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("tessera_http_requests"), "{answer}");
    server.stop();

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut server = Server::start_with(data.path(), &[("TESSERA_METRICS__LISTEN", &free)]);
    assert!(server.get("/metrics", "").starts_with("HTTP/1.1 404 "));
    server.address = free;
    assert!(server.get("/metrics", "").contains("tessera_http_requests"));
    assert!(server.get("/healthz", "").starts_with("HTTP/1.1 404 "));
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn status_over_http2(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, host: &str) -> u16 {
    let (mut send, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request =
        http::Request::get(format!("https://{host}/healthz")).body(Full::<Bytes>::default()).unwrap();
    let answer = send.send_request(request).await.unwrap();
    assert_eq!(answer.version(), http::Version::HTTP_2);
    let status = answer.status().as_u16();
    answer.into_body().collect().await.unwrap();
    status
}

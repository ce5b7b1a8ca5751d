//! The dashboard as the shell serves it, with files that are made up: caching, encodings, the page's policy.

use std::borrow::Cow;
use std::net::SocketAddr;

use axum::body::Body;
use http::{Request, Response};
use http_body_util::BodyExt;
use tessera_app::http::{Asset, Dashboard, Front};
use tessera_testkit::{TestApp, both};

fn find(path: &str) -> Option<Asset> {
    let bytes: &'static [u8] = match path {
        "index.html" => b"<meta content=\"{nonce}\"><script src=\"/app/assets/a-1.js\"></script>",
        "assets/a-1.js" => b"plain",
        "assets/a-1.js.br" => b"brotli",
        "assets/a-1.js.gz" => b"gzip",
        "theme.js" => b"theme",
        _ => return None,
    };
    let mut sha256 = [0; 32];
    sha256[..bytes.len().min(16)].copy_from_slice(&bytes[..bytes.len().min(16)]);
    Some(Asset { bytes: Cow::Borrowed(bytes), sha256 })
}

struct Seen {
    response: Response<()>,
    body: Vec<u8>,
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        self.response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn status(&self) -> u16 {
        self.response.status().as_u16()
    }
}

async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Seen {
    let front = Front::with_dashboard(app.app.clone(), Dashboard::new(find));
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let peer: SocketAddr = "203.0.113.9:4711".parse().unwrap();
    let (parts, body) = front.answer(request.body(Body::empty()).unwrap(), peer).await.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Seen { response: Response::from_parts(parts, ()), body }
}

both! {
    async fn every_page_of_the_dashboard_is_one_page_with_a_nonce_of_its_own(app: TestApp) {
        let mut nonces = Vec::new();
        for path in ["/app", "/app/", "/app/links", "/app/settings/api-keys/key_01"] {
            let page = get(&app, path, &[]).await;
            assert_eq!((page.status(), page.header("cache-control")), (200, "no-store"), "{path}");
            let policy = page.header("content-security-policy").to_owned();
            assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
            let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
            assert_eq!(nonce.len(), 32);
            let text = String::from_utf8(page.body).unwrap();
            assert!(text.contains(&format!("content=\"{nonce}\"")) && !text.contains("{nonce}"), "{text}");
            nonces.push(nonce);
        }
        nonces.sort();
        nonces.dedup();
        assert_eq!(nonces.len(), 4);
    }

    async fn a_file_with_a_hash_in_its_name_is_kept_for_ever_and_travels_packed(app: TestApp) {
        let path = "/app/assets/a-1.js";
        let cases: [(&str, &str, &[u8]); 6] = [
            ("", "", b"plain"),
            ("gzip, deflate, br", "br", b"brotli"),
            ("gzip", "gzip", b"gzip"),
            ("br;q=0, gzip", "gzip", b"gzip"),
            ("zstd", "", b"plain"),
            ("BR", "br", b"brotli"),
        ];
        for (accepted, encoding, bytes) in cases {
            let file = get(&app, path, &[("accept-encoding", accepted)]).await;
            assert_eq!((file.header("content-encoding"), &file.body[..]), (encoding, bytes), "{accepted:?}");
            assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(file.header("content-type"), "text/javascript; charset=utf-8");
            assert!(file.header("vary").contains("accept-encoding"));
        }
        let etag = get(&app, path, &[]).await.header("etag").to_owned();
        assert_eq!(etag, "W/\"706c61696e0000000000000000000000\"");
        let known = get(&app, path, &[("if-none-match", &etag)]).await;
        assert_eq!((known.status(), known.body.len()), (304, 0));
        assert_eq!(get(&app, "/app/theme.js", &[]).await.header("cache-control"), "no-cache");
    }

    async fn what_looks_like_a_file_and_is_none_is_404_and_no_page(app: TestApp) {
        for path in ["/app/assets/gone-2.js", "/app/gone.css", "/app/index.html", "/assets/a-1.js"] {
            let missing = get(&app, path, &[]).await;
            assert_eq!(missing.status(), 404, "{path}");
            assert_eq!(missing.header("content-type"), "application/problem+json", "{path}");
        }
    }

    async fn where_people_look_for_it_they_are_sent_to_it(app: TestApp) {
        let keys = "/app/settings/api-keys";
        for (path, to) in [("/apikeys", keys), ("/account/api-keys", keys), ("/dashboard", "/app"), ("/login", "/app/login")] {
            let moved = get(&app, path, &[]).await;
            assert_eq!((moved.status(), moved.header("location")), (307, to), "{path}");
        }
        let home = String::from_utf8(get(&app, "/", &[]).await.body).unwrap();
        assert!(home.contains("<a class=\"go\" href=\"/app\">Open the dashboard</a>"), "{home}");
    }

    async fn a_build_without_it_says_what_is_missing_and_the_command(app: TestApp) {
        let page = app.get("/app/links").send().await.expect(404);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(page.text().contains("Node 20.19") && page.text().contains("<code>make run</code>"), "{}", page.text());
        assert!(!app.get("/").send().await.expect(200).text().contains("Open the dashboard"));
    }
}

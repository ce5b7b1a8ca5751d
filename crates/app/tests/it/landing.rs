//! Links of QR codes: the pages they show, what is counted, and what a printed address keeps.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tessera_testkit::{Backend, Reply, TestApp, both};

use crate::links::{act, all_key, id, make, patch, read};
use crate::support::other_workspace;

const CODE: &str = "qr_01jd8qd4vkf4ktabjqvqxgqzne";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 \
    Mobile/15E148 Safari/604.1";
const ANDROID: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";
const DESK: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
const ROBOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

fn contact() -> Value {
    json!({"type": "vcard", "first_name": "Mira", "last_name": "Lindqvist", "phones": [{"number": "+46 70 123 45 67"}]})
}

fn event() -> Value {
    json!({"type": "event", "title": "Opening", "starts_at": "2026-05-01T18:00:00+02:00", "timezone": "Europe/Stockholm"})
}

/// Gives the link to the code, as the code's own creation does.
async fn own(app: &TestApp, alias: &str, landing: Option<&Value>, more: &str) {
    let code: tessera_types::QrCodeId = CODE.parse().unwrap();
    let hex = code.uuid().simple().to_string();
    let code = match app.db.backend() {
        Backend::Sqlite => format!("x'{hex}'"),
        Backend::Postgres => format!("'{hex}'"),
    };
    let landing = landing.map_or_else(String::new, |payload| {
        let text = payload.to_string().replace('\'', "''");
        format!(", landing = '{text}', destination_url = ''")
    });
    app.by_hand(&format!("update links set qr_code_id = {code}{landing}{more} where alias = '{alias}'"))
        .await;
}

/// A link that shows a page, with more.
async fn page(app: &TestApp, key: &str, payload: Value, more: Value) -> Value {
    let mut link = json!({"destination_url": "https://example.com/to", "alias": "card"});
    link.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = make(app, key, link).await;
    own(app, "card", Some(&payload), "").await;
    made
}

async fn scan(app: &TestApp, status: u16) -> Reply {
    app.get("/card?qr=1").send().await.expect(status)
}

/// The address under which the page offers its file.
fn file_of(page: &Reply) -> String {
    let text = page.text();
    let query = text
        .split("href=\"?file=")
        .nth(1)
        .expect("the page offers a file")
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    format!("/card?file={query}")
}

async fn counts(app: &TestApp, key: &str, link: &Value) -> (u64, u64) {
    let link = read(app, key, link).await;
    (link["clicks"].as_u64().unwrap(), link["scans"].as_u64().unwrap())
}

both! {
    async fn a_scan_shows_a_contact_from_memory_and_its_file_is_not_counted_again(app: TestApp) {
        let key = all_key(&app).await;
        let made = page(&app, &key, contact(), json!({})).await;
        let seen = read(&app, &key, &made).await;
        assert_eq!((&seen["landing"], &seen["destination_url"], &seen["qr_code_id"]), (&json!("vcard"), &json!(null), &json!(CODE)));
        let mut bytes = Vec::new();
        // The first is read from the database, the second shown from memory.
        for _ in 0..2 {
            let reply = scan(&app, 200).await;
            assert!(reply.text().contains("Mira Lindqvist") && reply.text().contains("href=\"tel:+46701234567\""));
            for (name, value) in [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store"), ("x-robots-tag", "noindex"),
                ("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff")] {
                assert_eq!(reply.header(name), value);
            }
            let policy = reply.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
            bytes.push(reply.bytes);
        }
        assert_eq!(bytes[0], bytes[1]);
        let file = app.get("/card?file=1").send().await.expect(200);
        assert_eq!(file.header("content-type"), "text/vcard; charset=utf-8");
        assert_eq!(file.header("content-disposition"), "inline; filename=\"mira-lindqvist.vcf\"");
        assert!(file.text().starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\n"), "{}", file.text());
        assert_eq!(counts(&app, &key, &made).await, (2, 2));
        app.app.db.clone().close().await;
        scan(&app, 200).await;
        app.get("/card?file=1").send().await.expect(200);
    }

    async fn every_kind_of_page_says_what_it_is_about_and_only_two_have_a_file(app: TestApp) {
        let key = all_key(&app).await;
        let wifi = json!({"type": "wifi", "ssid": "Mosaic Guest", "password": "nine tiles"});
        let apps = json!({"type": "app", "ios_url": "https://apps.apple.com/app/id1"});
        for (alias, payload, words, file) in [("p/vcard", contact(), "Add to contacts", Some("BEGIN:VCARD")), ("p/wifi", wifi, "nine tiles", None),
            ("p/event", event(), "Friday, 1 May 2026", Some("BEGIN:VCALENDAR")), ("p/app", apps, "Get the app", None)] {
            make(&app, &key, json!({"destination_url": "https://example.com/to", "alias": alias})).await;
            app.by_hand("update links set qr_code_id = null").await;
            own(&app, alias, Some(&payload), "").await;
            let shown = app.get(&format!("/{alias}")).header("user-agent", DESK).send().await.expect(200);
            assert!(shown.text().contains(words), "{alias}");
            let reply = app.get(&format!("/{alias}?file=1")).header("user-agent", DESK).send().await.expect(200).text();
            match file {
                Some(begin) => assert!(reply.starts_with(begin), "{reply}"),
                None => assert!(reply.contains(words), "{reply}"),
            }
        }
    }

    async fn scans_are_exact_at_once_and_after_the_flush_and_after_a_crash(app: TestApp) {
        let key = all_key(&app).await;
        let made = page(&app, &key, contact(), json!({})).await;
        for (path, seen) in [("/card?qr=1", (1, 1)), ("/card", (2, 1)), ("/card?a=1&qr=1", (3, 2)), ("/card?qr=2", (4, 2))] {
            app.get(path).send().await.expect(200);
            assert_eq!(counts(&app, &key, &made).await, seen, "{path}");
        }
        app.app.flush().await.unwrap();
        assert_eq!(counts(&app, &key, &made).await, (4, 2));
        scan(&app, 200).await;
        let listed = app.get("/v1/links?has_qr_code=true").bearer(&key).send().await.expect(200).json();
        assert_eq!((&listed["data"][0]["clicks"], &listed["data"][0]["scans"]), (&json!(5), &json!(3)));
        let app = app.restart().await;
        assert_eq!(counts(&app, &key, &made).await, (5, 3));
        scan(&app, 200).await;
        assert_eq!(counts(&app, &key, &made).await, (6, 4));
    }

    async fn the_last_scan_is_told_from_the_last_click_at_once_and_after_a_crash(app: TestApp) {
        let key = all_key(&app).await;
        let code = crate::qr_codes::make(&app, &key, json!({"name": "Menu", "destination_url": "https://example.com/", "alias": "menu"})).await;
        let times = async |app: &TestApp| {
            let code = app.get(&crate::qr_codes::path(&code)).bearer(&key).send().await.expect(200).json();
            let link = app.get(&format!("/v1/links/{}", code["link_id"].as_str().unwrap())).bearer(&key).send().await.expect(200).json();
            assert_eq!((&code["last_scanned_at"], &code["last_clicked_at"]), (&link["last_scanned_at"], &link["last_clicked_at"]));
            (code["last_scanned_at"].clone(), code["last_clicked_at"].clone())
        };
        assert_eq!(times(&app).await, (Value::Null, Value::Null));
        app.get("/menu").send().await.expect(302);
        assert_eq!(times(&app).await, (Value::Null, json!("2026-02-15T10:30:00Z")));
        app.clock.advance(Duration::from_secs(60));
        app.get("/menu?qr=1").header("user-agent", ROBOT).send().await.expect(302);
        app.get("/menu?qr=1").send().await.expect(302);
        app.clock.advance(Duration::from_secs(60));
        app.get("/menu").send().await.expect(302);
        let expected = (json!("2026-02-15T10:31:00Z"), json!("2026-02-15T10:32:00Z"));
        assert_eq!(times(&app).await, expected);
        let app = app.restart().await;
        assert_eq!(times(&app).await, expected, "counted again from the log");
        app.app.flush().await.unwrap();
        app.clock.advance(Duration::from_secs(60));
        app.get("/menu").send().await.expect(302);
        app.app.flush().await.unwrap();
        let app = app.restart().await;
        assert_eq!(times(&app).await, (expected.0, json!("2026-02-15T10:33:00Z")), "a click that is no scan leaves it");
    }

    async fn a_look_and_a_robot_see_the_page_and_are_not_counted(app: TestApp) {
        let key = all_key(&app).await;
        let made = page(&app, &key, contact(), json!({"max_clicks": 1})).await;
        let head = app.request(Method::HEAD, "/card?qr=1").send().await.expect(200);
        assert_eq!((head.bytes.len(), head.header("cache-control").as_str()), (0, "no-store"));
        app.get("/card?qr=1").header("user-agent", ROBOT).send().await.expect(200);
        assert_eq!(counts(&app, &key, &made).await, (0, 0));
        let report = app.get(&format!("/v1/analytics/links/{}?robots=only", id(&made))).bearer(&key).send().await.expect(200).json();
        assert_eq!(report["summary"]["robots"], 2, "{report}");
    }

    async fn phones_go_to_their_store_and_others_to_the_page_or_where_it_says(app: TestApp) {
        let key = all_key(&app).await;
        let stores = |more: Value| {
            let mut app = json!({"type": "app", "ios_url": "https://apps.apple.com/app/id1", "android_url": "https://play.google.com/store/apps/details?id=x"});
            app.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            app
        };
        let made = page(&app, &key, stores(json!({})), json!({"redirect_status": 308, "utm_source": "poster"})).await;
        let visit = async |path: &str, agent: &str, status: u16| app.get(path).header("user-agent", agent).send().await.expect(status);
        assert_eq!(visit("/card?qr=1", IPHONE, 302).await.header("location"), "https://apps.apple.com/app/id1?utm_source=poster");
        let store = "https://play.google.com/store/apps/details?id=x&utm_source=poster";
        assert_eq!(visit("/card", ANDROID, 302).await.header("location"), store);
        let both = visit("/card", DESK, 200).await.text();
        assert!(both.contains("iPhone: App Store") && both.contains("Android: Google Play"), "{both}");
        assert_eq!(counts(&app, &key, &made).await, (3, 1));
        make(&app, &key, json!({"destination_url": "https://example.com/to", "alias": "both"})).await;
        app.by_hand("update links set qr_code_id = null").await;
        own(&app, "both", Some(&stores(json!({"fallback_url": "https://example.com/app"}))), "").await;
        assert_eq!(visit("/both", DESK, 302).await.header("location"), "https://example.com/app");
        assert_eq!(visit("/both", IPHONE, 302).await.header("location"), "https://apps.apple.com/app/id1");
    }

    async fn the_rules_of_links_hold_for_pages_and_their_files(app: TestApp) {
        let key = all_key(&app).await;
        let made = page(&app, &key, contact(), json!({})).await;
        let rules = async |change: Value, status: u16| {
            patch(&app, &key, &made, change).await.expect(200);
            for path in ["/card", "/card?file=1"] {
                app.get(path).send().await.expect(status);
            }
        };
        rules(json!({"title": "Mira"}), 200).await;
        rules(json!({"starts_at": "2027-01-01T00:00:00Z"}), 404).await;
        rules(json!({"starts_at": null, "expires_at": "2026-02-15T10:30:00Z"}), 410).await;
        rules(json!({"expires_at": null}), 200).await;
        act(&app, &key, &made, "pause").await.expect(200);
        rules(json!({}), 410).await;
        act(&app, &key, &made, "resume").await.expect(200);
        rules(json!({"expired_url": "https://example.com/over", "expires_at": "2026-02-15T10:30:00Z"}), 302).await;
    }

    async fn the_last_visitor_let_in_still_gets_the_file_and_nobody_else_does(app: TestApp) {
        let key = all_key(&app).await;
        let made = page(&app, &key, contact(), json!({"max_clicks": 1})).await;
        // Asking for the file is no way around being counted.
        let shown = app.get("/card?file=1").send().await.expect(200);
        assert_eq!(shown.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(counts(&app, &key, &made).await, (1, 0));
        app.get("/card").send().await.expect(410);
        app.get("/card?file=1").send().await.expect(410);
        let file = file_of(&shown);
        assert!(app.get(&file).send().await.expect(200).text().starts_with("BEGIN:VCARD"));
        let forged = format!("{}{}", &file[..file.len() - 1], if file.ends_with('0') { '1' } else { '0' });
        for path in [forged.as_str(), "/card?file=", "/card?file=ffffffffff.00000000000000000000000000000000", "/card?file=é"] {
            app.get(path).send().await.expect(410);
        }
        assert_eq!(counts(&app, &key, &made).await, (1, 0));
        app.clock.advance(Duration::from_secs(3_599));
        app.get(&file).send().await.expect(200);
        app.clock.advance(Duration::from_secs(1));
        app.get(&file).send().await.expect(410);
        act(&app, &key, &made, "pause").await.expect(200);
    }

    async fn whoever_knows_the_password_gets_the_page_and_its_file(app: TestApp) {
        let key = all_key(&app).await;
        let made = page(&app, &key, contact(), json!({"password": "mosaic"})).await;
        let form = |body: &str| app.post("/card?qr=1").header("content-type", "application/x-www-form-urlencoded").body(body.to_owned());
        for path in ["/card", "/card?file=1"] {
            let asked = app.get(path).send().await.expect(200).text();
            assert!(asked.contains("type=\"password\"") && !asked.contains("Mira"), "{path}");
        }
        assert!(!form("password=tiles").send().await.expect(403).text().contains("Mira"));
        let shown = form("password=mosaic").send().await.expect(200);
        assert!(shown.text().contains("Mira Lindqvist"));
        assert_eq!(counts(&app, &key, &made).await, (1, 1));
        let file = app.get(&file_of(&shown)).send().await.expect(200);
        assert!(file.text().starts_with("BEGIN:VCARD"));
        assert_eq!(counts(&app, &key, &made).await, (1, 1));
    }

    async fn a_pass_for_a_file_ends_with_the_password_that_it_was_given_for(app: TestApp) {
        let key = all_key(&app).await;
        let made = page(&app, &key, contact(), json!({"password": "mosaic"})).await;
        let form = |body: &str| app.post("/card?qr=1").header("content-type", "application/x-www-form-urlencoded").body(body.to_owned());
        let old = file_of(&form("password=mosaic").send().await.expect(200));
        assert!(app.get(&old).send().await.expect(200).text().starts_with("BEGIN:VCARD"));
        patch(&app, &key, &made, json!({"password": "tesserae"})).await.expect(200);
        let asked = app.get(&old).send().await.expect(200);
        assert_eq!(asked.header("content-type"), "text/html; charset=utf-8");
        assert!(asked.text().contains("type=\"password\"") && !asked.text().contains("Mira"));
        let new = file_of(&form("password=tesserae").send().await.expect(200));
        assert!(app.get(&new).send().await.expect(200).text().starts_with("BEGIN:VCARD"));
        // The same password again is another hash, and ends the pass as well.
        patch(&app, &key, &made, json!({"password": "tesserae"})).await.expect(200);
        assert!(!app.get(&new).send().await.expect(200).text().contains("Mira"));
    }

    async fn what_only_the_code_can_do_is_refused_and_names_the_code(app: TestApp) {
        let key = all_key(&app).await;
        let made = page(&app, &key, contact(), json!({})).await;
        let refused = |reply: Reply| {
            let problem = reply.expect(409).json();
            assert_eq!(problem["code"], "conflict");
            assert!(problem["detail"].as_str().unwrap().contains(CODE), "{problem}");
            problem
        };
        for verb in ["archive", "unarchive", "duplicate"] {
            refused(act(&app, &key, &made, verb).await);
        }
        refused(app.delete(&format!("/v1/links/{}", id(&made))).bearer(&key).send().await);
        let problem = refused(patch(&app, &key, &made, json!({"alias": "other", "destination_url": "https://example.com/x"})).await);
        let fields: Vec<&str> = problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["alias", "destination_url"]);
        scan(&app, 200).await;
        let same = patch(&app, &key, &made, json!({"alias": "card", "title": "Mira"})).await.expect(200).json();
        assert_eq!((&same["title"], &same["landing"]), (&json!("Mira"), &json!("vcard")));
    }

    async fn s118_after_a_new_destination_the_unchanged_code_leads_to_it(app: TestApp) {
        let key = all_key(&app).await;
        let made = make(&app, &key, json!({"destination_url": "https://example.com/old", "alias": "card"})).await;
        own(&app, "card", None, "").await;
        assert_eq!(scan(&app, 302).await.header("location"), "https://example.com/old");
        let put = app.request(Method::PUT, &format!("/v1/links/{}", id(&made))).bearer(&key).json(json!({"destination_url": "https://example.com/new"}));
        put.send().await.expect(200);
        assert_eq!(scan(&app, 302).await.header("location"), "https://example.com/new");
        assert_eq!(counts(&app, &key, &made).await, (2, 2));
        // A copy of the link is a link of its own.
        let copy = act(&app, &key, &made, "duplicate").await.expect(201).json();
        assert_eq!((&copy["qr_code_id"], &copy["scans"]), (&json!(null), &json!(0)));
    }

    async fn an_archived_code_answers_410_and_its_alias_stays_taken(app: TestApp) {
        let key = all_key(&app).await;
        make(&app, &key, json!({"destination_url": "https://example.com/to", "alias": "card"})).await;
        own(&app, "card", Some(&contact()), ", archived_at = 1771151400000").await;
        for path in ["/card?qr=1", "/card?file=1"] {
            for _ in 0..2 {
                assert!(app.get(path).send().await.expect(410).text().contains("This QR code is no longer in use"));
            }
        }
        let taken = app.post("/v1/links").bearer(&key).json(json!({"destination_url": "https://example.com", "alias": "card"}));
        let taken = taken.send().await.expect(409).json();
        assert_eq!((&taken["code"], &taken["suggestion"]), (&json!("alias_taken"), &json!("card-2")));
        // A suggestion passes over what is printed too.
        make(&app, &key, json!({"destination_url": "https://example.com", "alias": "card-2"})).await;
        app.by_hand("update links set qr_code_id = null, archived_at = 1771151400000 where alias = 'card'").await;
        own(&app, "card-2", None, ", archived_at = 1771151400000").await;
        make(&app, &key, json!({"destination_url": "https://example.com", "alias": "card"})).await;
        let taken = app.post("/v1/links").bearer(&key).json(json!({"destination_url": "https://example.com", "alias": "card"}));
        assert_eq!(taken.send().await.expect(409).json()["suggestion"], "card-3");
    }

    async fn links_of_codes_are_listed_or_left_out(app: TestApp) {
        let key = all_key(&app).await;
        page(&app, &key, contact(), json!({})).await;
        make(&app, &key, json!({"destination_url": "https://example.com/to", "alias": "plain"})).await;
        for (query, found) in [("", vec!["card", "plain"]), ("&has_qr_code=true", vec!["card"]), ("&has_qr_code=false", vec!["plain"])] {
            let list = app.get(&format!("/v1/links?sort=alias{query}")).bearer(&key).send().await.expect(200).json();
            let aliases: Vec<&str> = list["data"].as_array().unwrap().iter().map(|link| link["alias"].as_str().unwrap()).collect();
            assert_eq!(aliases, found);
        }
        let csv = app.get("/v1/links?format=csv&has_qr_code=true").bearer(&key).send().await.expect(200).text();
        assert!(csv.lines().next().unwrap().ends_with(",landing,qr_code_id,scans"), "{csv}");
        assert!(csv.lines().nth(1).unwrap().ends_with(&format!(",vcard,{CODE},0")), "{csv}");
    }

    async fn s096_s119_the_analytics_of_a_code_are_its_scans(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["all"])).await.key;
        let made = page(&app, &key, contact(), json!({})).await;
        for (path, agent) in [("/card?qr=1", IPHONE), ("/card?qr=1", ANDROID), ("/card", DESK), ("/card?qr=1", ROBOT)] {
            app.get(path).header("user-agent", agent).send().await.expect(200);
        }
        let path = format!("/v1/qr-codes/{CODE}/analytics?range=7d");
        let get = |path: &str| app.get(path).bearer(&key).send();
        let report = get(&format!("{path}&group_by=os")).await.expect(200).json();
        let summary = &report["summary"];
        assert_eq!((&summary["clicks"], &summary["qr_scans"], &summary["robots"]), (&json!(2), &json!(2), &json!(1)));
        let rows = report["breakdown"]["rows"].as_array().unwrap();
        // The robot's row has no clicks.
        let rows = rows.iter().filter(|row| row["clicks"] != 0);
        let mut systems: Vec<(&str, &Value)> = rows.map(|row| (row["group"]["os"].as_str().unwrap(), &row["clicks"])).collect();
        systems.sort_unstable_by_key(|(system, _)| *system);
        assert_eq!(systems, [("Android", &json!(1)), ("iOS", &json!(1))]);
        let of_link = get(&format!("/v1/analytics/links/{}?range=7d", id(&made))).await.expect(200).json();
        assert_eq!((&of_link["summary"]["clicks"], &of_link["summary"]["qr_scans"]), (&json!(3), &json!(2)));
        let csv = get(&format!("{path}&group_by=os&format=csv")).await.expect(200);
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        // What is fixed cannot be chosen.
        assert_eq!(get(&format!("{path}&trigger=link")).await.expect(400).json()["errors"][0]["field"], "trigger");
        let elsewhere = other_workspace(&app, &owner).await;
        for (bearer, code) in [(&elsewhere.token, CODE), (&key, "qr_01jd8qd4vkf4ktabjqvqxgqznf"), (&key, "nonsense")] {
            let reply = app.get(&format!("/v1/qr-codes/{code}/analytics")).bearer(bearer).send().await.expect(404);
            assert_eq!(reply.code(), "not_found");
        }
    }

    async fn what_is_written_into_a_payload_stays_text_on_its_page(app: TestApp) {
        let key = all_key(&app).await;
        let evil = "</title><script>alert(1)</script>";
        page(&app, &key, json!({"type": "vcard", "first_name": evil, "organization": evil, "websites": ["javascript:alert(1)"]}), json!({})).await;
        let shown = scan(&app, 200).await.text();
        assert!(shown.contains("&lt;script&gt;") && !shown.contains("<script") && !shown.contains("href=\"javascript"), "{shown}");
    }
}

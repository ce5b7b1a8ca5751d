//! QR codes through the API: their life by key, what is refused, and what is drawn.

use serde_json::{Value, json};
use tessera_testkit::{Reply, TestApp, both};

use crate::links::all_key;
use crate::support::other_workspace;

pub async fn make(app: &TestApp, key: &str, code: Value) -> Value {
    app.post("/v1/qr-codes").bearer(key).json(code).send().await.expect(201).json()
}

pub fn path(code: &Value) -> String {
    format!("/v1/qr-codes/{}", code["id"].as_str().expect("a code has an id"))
}

async fn patch(app: &TestApp, key: &str, code: &Value, change: Value) -> Reply {
    app.patch(&path(code)).bearer(key).json(change).send().await
}

fn fields(reply: &Reply) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let errors = reply.json()["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error| (text(&error["field"]), text(&error["code"]))).collect()
}

fn menu() -> Value {
    json!({"name": "Menu", "destination_url": "https://example.com/old", "alias": "menu", "tags": ["print"]})
}

both! {
    async fn s029_s091_s092_s093_s094_s163_s167_s168_s169_s170_a_code_lives_its_life_by_key(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read_write"])).await.key;
        let made = app.post("/v1/qr-codes").bearer(&key).json(menu()).send().await.expect(201);
        let code = made.json();
        assert_eq!(made.header("location"), path(&code));
        assert_eq!(made.header("etag"), "\"v1\"");
        assert_eq!((&code["kind"], &code["status"]), (&json!("dynamic"), &json!("active")));
        assert_eq!((&code["data"], &code["short_url"]), (&json!("http://localhost:8080/menu?qr=1"), &json!("http://localhost:8080/menu")));
        assert_eq!(code["payload"], json!({"type": "url", "url": "https://example.com/old"}));
        assert_eq!((&code["verdict"]["verdict"], &code["scans"]), (&json!("good"), &json!(0)));
        let image = app.get(&format!("{}/image.svg", path(&code))).bearer(&key).send().await.expect(200);

        // By its id and by its alias; in the list.
        for name in [code["id"].as_str().unwrap(), "menu", "MENU"] {
            let read = app.get(&format!("/v1/qr-codes/{name}")).bearer(&key).send().await.expect(200).json();
            assert_eq!(read["id"], code["id"], "{name}");
        }
        let list = app.get("/v1/qr-codes").bearer(&key).send().await.expect(200).json();
        assert_eq!((&list["data"][0]["id"], &list["meta"]["total"]), (&code["id"], &json!(1)));

        // s118: what is printed stays, where it leads changes.
        assert_eq!(app.get("/menu?qr=1").send().await.expect(302).header("location"), "https://example.com/old");
        let change = json!({"destination_url": "https://example.com/new", "name": "Menu of the week", "tags": ["print", "spring"]});
        let changed = app.request("PUT".parse().unwrap(), &path(&code)).bearer(&key).header("if-match", "\"v1\"").json(change);
        let changed = changed.send().await.expect(200);
        assert_eq!(changed.header("etag"), "\"v2\"");
        assert_eq!((&changed.json()["name"], &changed.json()["destination_url"]), (&json!("Menu of the week"), &json!("https://example.com/new")));
        assert_eq!(app.get("/menu?qr=1").send().await.expect(302).header("location"), "https://example.com/new");
        let again = app.get(&format!("{}/image.svg", path(&code))).bearer(&key).send().await.expect(200);
        assert_eq!(again.bytes, image.bytes, "the printed code is the same");
        let link = app.get(&format!("/v1/links/{}", code["link_id"].as_str().unwrap())).bearer(&key).send().await.expect(200).json();
        assert_eq!((&link["title"], &link["tags"]), (&json!("Menu of the week"), &json!(["print", "spring"])));

        // s119: scans count, at once.
        let read = app.get(&path(&code)).bearer(&key).send().await.expect(200).json();
        assert_eq!((&read["scans"], &read["clicks"]), (&json!(2), &json!(2)));
        app.get("/menu").send().await.expect(302);
        let read = app.get(&path(&code)).bearer(&key).send().await.expect(200).json();
        assert_eq!((&read["scans"], &read["clicks"]), (&json!(2), &json!(3)));
        assert_eq!(patch(&app, &key, &code, json!({"name": "late"})).await.header("etag"), "\"v3\"");
        let late = app.patch(&path(&code)).bearer(&key).header("if-match", "\"v2\"").json(json!({"name": "x"}));
        assert_eq!(late.send().await.expect(412).code(), "precondition_failed");
    }

    async fn s174_a_code_is_archived_and_comes_back_and_its_alias_stays_its_own(app: TestApp) {
        let key = all_key(&app).await;
        let code = make(&app, &key, menu()).await;
        let verb = async |verb: &str| app.post(&format!("{}/{verb}", path(&code))).bearer(&key).send().await;
        let archived = verb("archive").await.expect(200).json();
        assert_eq!((&archived["status"], &archived["link_status"]), (&json!("archived"), &json!("archived")));
        app.get("/menu?qr=1").send().await.expect(410);
        assert_eq!(app.get(&format!("{}/image.png", path(&code))).bearer(&key).send().await.expect(410).code(), "gone");
        assert_eq!(patch(&app, &key, &code, json!({"name": "x"})).await.expect(409).code(), "resource_archived");
        let taken = app.post("/v1/links").bearer(&key).json(json!({"destination_url": "https://example.org/", "alias": "menu"}));
        assert_eq!(taken.send().await.expect(409).code(), "alias_taken");
        assert_eq!(app.get("/v1/qr-codes").bearer(&key).send().await.expect(200).json()["meta"]["total"], 0);
        assert_eq!(app.get("/v1/qr-codes?status=archived").bearer(&key).send().await.expect(200).json()["meta"]["total"], 1);
        assert_eq!(verb("unarchive").await.expect(200).json()["status"], "active");
        app.get("/menu?qr=1").send().await.expect(302);
        // A copy has an alias of its own and leads to the same place.
        let copy = verb("duplicate").await.expect(201).json();
        assert_ne!(copy["alias"], "menu");
        assert_eq!((&copy["destination_url"], &copy["scans"]), (&json!("https://example.com/old"), &json!(0)));
        let gone = app.request("GET".parse().unwrap(), &format!("/v1/audit?target={}", code["id"].as_str().unwrap())).bearer(&key);
        let actions: Vec<_> = gone.send().await.expect(200).json()["data"].as_array().unwrap().iter().map(|row| row["action"].clone()).collect();
        assert_eq!(actions, [json!("qr_code.unarchived"), json!("qr_code.archived"), json!("qr_code.created")]);
    }

    async fn s095_deleting_a_code_ends_its_scans_and_takes_its_own_scope(app: TestApp) {
        let owner = app.owner().await;
        let editor = app.key(&owner, json!(["qr.read", "qr.create", "qr.update"])).await.key;
        let code = make(&app, &editor, menu()).await;
        assert_eq!(app.delete(&path(&code)).bearer(&editor).send().await.expect(403).code(), "insufficient_scope");
        let link = format!("/v1/links/{}", code["link_id"].as_str().unwrap());
        assert_eq!(app.delete(&link).bearer(&owner.token).send().await.expect(409).code(), "conflict");
        app.delete(&path(&code)).bearer(&owner.token).send().await.expect(204);
        app.get("/menu?qr=1").send().await.expect(404);
        app.get(&path(&code)).bearer(&owner.token).send().await.expect(404);
        app.get(&link).bearer(&owner.token).send().await.expect(404);
        // The alias is free again.
        make(&app, &owner.token, menu()).await;
    }

    async fn a_static_code_holds_its_payload_and_has_no_link(app: TestApp) {
        let key = all_key(&app).await;
        let code = make(&app, &key, json!({"name": "Guests", "kind": "static", "payload": {"type": "text", "text": "Room 12"}})).await;
        assert_eq!((&code["data"], &code["link_id"], &code["scans"]), (&json!("Room 12"), &Value::Null, &Value::Null));
        let changed = patch(&app, &key, &code, json!({"payload": {"type": "text", "text": "Room 13"}})).await.expect(200).json();
        assert_eq!(changed["data"], "Room 13");
        let wifi = json!({"name": "WiFi", "kind": "static", "payload": {"type": "wifi", "ssid": "Tiles", "password": "mosaic-pass", "security": "wpa2"}});
        make(&app, &key, wifi).await;
        let audit = app.get("/v1/audit").bearer(&key).send().await.expect(200).text();
        assert!(!audit.contains("mosaic-pass"), "no password in the log of changes");
    }

    async fn everything_wrong_with_a_new_code_is_said_at_once(app: TestApp) {
        let key = all_key(&app).await;
        let table = [
            (json!({}), vec![("name", "required")]),
            (json!({"name": "x"}), vec![("payload", "required")]),
            (json!({"name": "x", "payload": {"type": "text", "text": "a"}}), vec![("kind", "choice")]),
            (json!({"name": "x", "kind": "static", "payload": {"type": "text", "text": "a"}, "alias": "a", "max_clicks": 3}), vec![("alias", "conflict"), ("max_clicks", "conflict")]),
            (json!({"name": "x", "destination_url": "https://example.com/", "payload": {"type": "url", "url": "https://example.com/"}}), vec![("destination_url", "conflict")]),
            (json!({"name": " ", "destination_url": "javascript:alert(1)", "tags": ["a,b"], "style": {"dotsOptions": {"color": "blurple"}}}),
                vec![("destination_url", "scheme"), ("name", "length"), ("style.dotsOptions.color", "format"), ("tags[0]", "format")]),
            (json!({"name": "x", "destination_url": "https://example.com/", "style": {"image": "logo_01jd8qd4vkf4ktabjqvqxgqzne"}}), vec![("style.image", "not_found")]),
            (json!({"name": "x", "destination_url": "https://example.com/", "template_id": "tpl_01jd8qd4vkf4ktabjqvqxgqzne"}), vec![("template_id", "not_found")]),
        ];
        for (body, expected) in table {
            let reply = app.post("/v1/qr-codes").bearer(&key).json(&body).send().await.expect(400);
            let mut got = fields(&reply);
            got.sort();
            let expected: Vec<_> = expected.into_iter().map(|(field, code)| (field.to_owned(), code.to_owned())).collect();
            assert_eq!(got, expected, "{body}");
        }
        assert_eq!(app.get("/v1/qr-codes").bearer(&key).send().await.expect(200).json()["meta"]["total"], 0);
        assert_eq!(app.get("/v1/links").bearer(&key).send().await.expect(200).json()["meta"]["total"], 0, "nothing half-done");
    }

    async fn what_would_not_scan_is_refused_unless_somebody_insists(app: TestApp) {
        let key = all_key(&app).await;
        let white = json!({"dotsOptions": {"color": "#fff"}, "cornersSquareOptions": {"color": "#fff"}, "cornersDotOptions": {"color": "#fff"}});
        let mut order = menu();
        order["style"] = white.clone();
        let refused = app.post("/v1/qr-codes").bearer(&key).json(&order).send().await.expect(400);
        assert_eq!(refused.code(), "unscannable");
        assert!(fields(&refused).iter().any(|(field, _)| field == "style"), "{}", refused.text());
        order["allow_unscannable"] = true.into();
        let made = make(&app, &key, order).await;
        assert_eq!(made["verdict"]["verdict"], "fails");
        let plain = patch(&app, &key, &made, json!({"style": null})).await.expect(200).json();
        assert_eq!((&plain["verdict"]["verdict"], &plain["style"]), (&json!("good"), &json!({})));
        assert_eq!(patch(&app, &key, &made, json!({"style": white})).await.expect(400).code(), "unscannable");
        let fresh = app.get(&format!("{}/verdict", path(&made))).bearer(&key).send().await.expect(200).json();
        assert_eq!(fresh, plain["verdict"]);
    }

    async fn what_is_printed_cannot_be_changed(app: TestApp) {
        let key = all_key(&app).await;
        let code = make(&app, &key, menu()).await;
        let reply = patch(&app, &key, &code, json!({"alias": "other", "domain": "localhost:8080", "kind": "static"})).await.expect(400);
        let expected = ["alias", "domain", "kind"].map(|field| (field.to_owned(), "conflict".to_owned()));
        assert_eq!(fields(&reply), expected);
    }

    async fn images_come_in_every_format_and_only_once(app: TestApp) {
        let key = all_key(&app).await;
        let code = make(&app, &key, menu()).await;
        for (format, kind, head) in [
            ("svg", "image/svg+xml", b"<svg".as_slice()), ("png", "image/png", b"\x89PNG"), ("pdf", "application/pdf", b"%PDF"),
            ("eps", "application/postscript", b"%!PS"), ("webp", "image/webp", b"RIFF"), ("jpeg", "image/jpeg", b"\xff\xd8\xff"),
        ] {
            let image = app.get(&format!("{}/image.{format}?size=300", path(&code))).bearer(&key).send().await.expect(200);
            assert_eq!(image.header("content-type"), kind);
            assert!(image.bytes.starts_with(head), "{format}");
            let known = app.get(&format!("{}/image.{format}?size=300", path(&code))).bearer(&key).header("if-none-match", image.header("etag"));
            assert_eq!(known.send().await.expect(304).bytes.len(), 0);
            let again = app.get(&format!("/v1/qr-codes/menu/image.{format}?size=300&download=true")).bearer(&key).send().await.expect(200);
            assert_eq!(again.bytes, image.bytes, "{format}: the same code gives the same bytes");
            assert_eq!(again.header("content-disposition"), format!("attachment; filename=\"menu.{format}\""));
        }
        for query in ["size=31", "size=10001", "margin=-1", "margin=41", "size=x", "colour=red"] {
            app.get(&format!("{}/image.png?{query}", path(&code))).bearer(&key).send().await.expect(400);
        }
        let huge = app.get(&format!("{}/image.png?size=10000", path(&code))).bearer(&key).send().await.expect(400);
        assert_eq!(huge.code(), "invalid_request");
    }

    async fn a_design_is_drawn_and_judged_without_being_kept(app: TestApp) {
        let key = all_key(&app).await;
        let order = json!({"data": "https://example.com/", "format": "svg", "width": 300, "style": {"dotsOptions": {"type": "rounded", "color": "#123456"}}});
        let render = async |order: &Value| app.post("/v1/qr-codes/render").bearer(&key).json(order).send().await;
        let first = render(&order).await.expect(200);
        assert_eq!(first.header("content-type"), "image/svg+xml");
        assert!(first.text().contains("#123456"), "{}", first.text());
        assert_eq!(render(&order).await.expect(200).bytes, first.bytes);
        assert_eq!(fields(&render(&json!({"format": "gif", "width": 5})).await.expect(400)).len(), 3);
        let judged = app.post("/v1/qr-codes/verdict").bearer(&key).json(json!({"payload": {"type": "text", "text": "a"}})).send().await.expect(200).json();
        assert_eq!(judged["verdict"], "good");
        assert_eq!(app.get("/v1/qr-codes").bearer(&key).send().await.expect(200).json()["meta"]["total"], 0);
    }

    async fn a_code_is_mended_in_the_ways_its_owner_allows_and_a_good_one_stays(app: TestApp) {
        let key = all_key(&app).await;
        let bare = json!({"quietZone": 0});
        let mut order = json!({"name": "Bare", "destination_url": "https://example.com/", "style": bare, "allow_unscannable": true});
        let made = make(&app, &key, order.clone()).await;
        assert_eq!((&made["verdict"]["verdict"] == "good", &made["style"]), (false, &bare));
        order["fix"] = json!(["quiet_zone"]);
        let mended = make(&app, &key, order.clone()).await;
        assert_eq!((&mended["verdict"]["verdict"], &mended["style"]), (&json!("good"), &json!({"quietZone": 4})));
        // 33 modules and 8 around are 41 of 12 px, and 20 px of 512 are left: 4 + 10 / 12.
        assert_eq!(mended["verdict"]["measured"]["quiet_zone_modules"], 4.8);
        // The other way is no way to mend this.
        order["fix"] = json!(["shrink_logo"]);
        assert_eq!(make(&app, &key, order).await["style"], bare);
        // A change mends what is there; what is good already stays, with its version.
        let fixed = patch(&app, &key, &made, json!({"fix": ["raise_level", "shrink_logo", "quiet_zone"]})).await;
        assert_eq!((fixed.header("etag"), &fixed.json()["verdict"]["verdict"]), ("\"v2\"".to_owned(), &json!("good")));
        let again = patch(&app, &key, &made, json!({"fix": ["raise_level", "shrink_logo", "quiet_zone"]})).await.expect(200);
        assert_eq!((again.header("etag"), &again.json()["style"]), ("\"v2\"".to_owned(), &fixed.json()["style"]));
        // What no fix helps is refused as ever.
        let white = json!({"dotsOptions": {"color": "#fff"}});
        let lost = json!({"name": "White", "destination_url": "https://example.com/", "style": white, "fix": ["raise_level", "quiet_zone"]});
        assert_eq!(app.post("/v1/qr-codes").bearer(&key).json(lost).send().await.expect(400).code(), "unscannable");
        let strange = json!({"name": "x", "destination_url": "https://example.com/", "fix": ["magic"]});
        let strange = app.post("/v1/qr-codes").bearer(&key).json(strange).send().await.expect(400);
        assert!(fields(&strange)[0].0.starts_with("fix"), "{}", strange.text());

        let judge = async |body: Value| app.post("/v1/qr-codes/verdict").bearer(&key).json(body).send().await.expect(200).json();
        let judged = judge(json!({"data": "https://example.com/", "style": bare, "fix": ["quiet_zone"]})).await;
        assert_eq!((&judged["verdict"], &judged["mended_style"]), (&json!("good"), &json!({"quietZone": 4})));
        let judged = judge(json!({"data": "https://example.com/", "fix": ["raise_level", "quiet_zone"]})).await;
        assert_eq!((&judged["verdict"], &judged["mended_style"]), (&json!("good"), &Value::Null));
        let badge = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='9' height='9'/></svg>";
        let large = json!({"image": badge, "imageOptions": {"imageSize": 1}, "qrOptions": {"errorCorrectionLevel": "H"}});
        let large = json!({"data": "https://example.com/an/address/with/room/for/a/logo", "style": large, "fix": ["shrink_logo"]});
        let judged = judge(large).await;
        assert_eq!(judged["verdict"], "good", "{judged}");
        let size = judged["mended_style"]["imageOptions"]["imageSize"].as_f64().unwrap();
        assert!([0.9, 0.75, 0.6, 0.5, 0.4, 0.25].contains(&size), "{size}");
    }

    async fn a_code_is_shown_on_a_terminal_dark_or_light(app: TestApp) {
        let key = all_key(&app).await;
        let code = make(&app, &key, menu()).await;
        let at = format!("{}/image.txt", path(&code));
        let get = async |path: &str| app.get(path).bearer(&key).send().await;
        let dark = get(&at).await.expect(200);
        assert_eq!(dark.header("content-type"), "text/plain; charset=utf-8");
        // 31 bytes at level Q: version 3, 29 modules and 4 of quiet zone on every side, two modules in a line.
        let lines: Vec<usize> = dark.text().lines().map(|line| line.chars().count()).collect();
        assert_eq!(lines, [37; 19]);
        assert_eq!(get(&format!("{at}?terminal=dark")).await.expect(200).bytes, dark.bytes);
        let light = get(&format!("{at}?terminal=light")).await.expect(200).text();
        let turned = |letter: char| match letter { '█' => ' ', ' ' => '█', '▀' => '▄', '▄' => '▀', other => other };
        assert_eq!(light, dark.text().chars().map(turned).collect::<String>());
        let saved = get("/v1/qr-codes/menu/image.txt?download=true").await.expect(200);
        assert_eq!(saved.header("content-disposition"), "attachment; filename=\"menu.txt\"");
        let known = app.get(&at).bearer(&key).header("if-none-match", dark.header("etag")).send().await.expect(304);
        assert_eq!(known.bytes.len(), 0);
        for query in ["terminal=grey", "size=300", "margin=0"] {
            get(&format!("{at}?{query}")).await.expect(400);
        }
        // The same of a link, at level M, and of a design.
        let link = get(&format!("/v1/links/{}/qr.txt?terminal=light", code["link_id"].as_str().unwrap())).await.expect(200);
        assert_eq!((link.header("content-type"), link.text().lines().count()), ("text/plain; charset=utf-8".to_owned(), 19));
        let render = async |body: Value| app.post("/v1/qr-codes/render").bearer(&key).json(body).send().await;
        let drawn = render(json!({"data": code["data"], "format": "text", "terminal": "light"})).await.expect(200);
        assert_eq!(drawn.text(), light);
        let refused = render(json!({"data": "a", "format": "svg", "terminal": "light"})).await.expect(400);
        assert_eq!(fields(&refused), [("terminal".to_owned(), "conflict".to_owned())]);
        app.post(&format!("{}/archive", path(&code))).bearer(&key).send().await.expect(200);
        assert_eq!(get(&at).await.expect(410).code(), "gone");
    }

    async fn a_code_is_changed_judged_and_archived_by_its_alias_too(app: TestApp) {
        let key = all_key(&app).await;
        let code = make(&app, &key, menu()).await;
        let at = "/v1/qr-codes/menu";
        let changed = app.patch(&format!("{at}?domain=localhost:8080")).bearer(&key).json(json!({"name": "Carte"})).send().await.expect(200).json();
        assert_eq!((&changed["id"], &changed["name"]), (&code["id"], &json!("Carte")));
        let judged = app.get(&format!("{at}/verdict")).bearer(&key).send().await.expect(200).json();
        assert_eq!(judged, code["verdict"]);
        app.get("/menu?qr=1").send().await.expect(302);
        let report = app.get(&format!("{at}/analytics")).bearer(&key).send().await.expect(200).json();
        assert_eq!(report["summary"]["clicks"], 1);
        for (verb, status) in [("archive", "archived"), ("unarchive", "active")] {
            let done = app.post(&format!("{at}/{verb}")).bearer(&key).send().await.expect(200).json();
            assert_eq!((&done["id"], &done["status"]), (&code["id"], &json!(status)));
        }
        app.patch("/v1/qr-codes/none").bearer(&key).json(json!({"name": "x"})).send().await.expect(404);
        let strange = app.post(&format!("{at}/archive?domain=x.example")).bearer(&key).send().await.expect(400);
        assert_eq!(fields(&strange)[0].0, "domain");
    }

    async fn a_code_is_copied_and_deleted_by_its_alias_too(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["all"])).await.key;
        let code = make(&app, &key, menu()).await;
        let copy = app.post("/v1/qr-codes/menu/duplicate?domain=localhost:8080").bearer(&key).send().await.expect(201).json();
        assert_eq!((&copy["name"], copy["id"] == code["id"]), (&json!("Menu"), false));
        let late = app.delete("/v1/qr-codes/menu").bearer(&key).header("if-match", "\"v7\"").send().await.expect(412);
        assert_eq!(late.code(), "precondition_failed");
        let strange = app.delete("/v1/qr-codes/menu?domain=x.example").bearer(&key).send().await.expect(400);
        assert_eq!(fields(&strange)[0].0, "domain");
        app.delete("/v1/qr-codes/menu").bearer(&key).header("if-match", "\"v1\"").send().await.expect(204);
        app.get(&path(&code)).bearer(&key).send().await.expect(404);
        app.get(&path(&copy)).bearer(&key).send().await.expect(200);
        // An alias that no code has; also not a link's that is no code's.
        crate::links::make(&app, &key, json!({"destination_url": "https://example.com/", "alias": "plain"})).await;
        for alias in ["menu", "plain"] {
            app.delete(&format!("/v1/qr-codes/{alias}")).bearer(&key).send().await.expect(404);
            app.post(&format!("/v1/qr-codes/{alias}/duplicate")).bearer(&key).send().await.expect(404);
        }
        let elsewhere = other_workspace(&app, &owner).await;
        let alias = copy["alias"].as_str().unwrap();
        app.delete(&format!("/v1/qr-codes/{alias}")).bearer(&elsewhere.token).send().await.expect(404);
        app.get(&path(&copy)).bearer(&key).send().await.expect(200);
    }

    async fn a_code_is_found_by_the_destination_that_its_link_was_given_since(app: TestApp) {
        let key = all_key(&app).await;
        let code = make(&app, &key, menu()).await;
        make(&app, &key, json!({"name": "Other", "destination_url": "https://example.com/other"})).await;
        let found = async |words: &str| -> Vec<Value> {
            let list = app.get(&format!("/v1/qr-codes?search={words}")).bearer(&key).send().await.expect(200).json();
            assert_eq!(list["meta"]["total"].as_u64().unwrap(), list["data"].as_array().unwrap().len() as u64);
            list["data"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
        };
        assert_eq!(found("COM/OLD").await, [code["id"].clone()]);
        let link = format!("/v1/links/{}", code["link_id"].as_str().unwrap());
        let change = json!({"destination_url": "https://example.org/autumn"});
        app.patch(&link).bearer(&key).json(change).send().await.expect(200);
        assert_eq!(found("org/Autumn").await, [code["id"].clone()]);
        assert_eq!(found("com/old").await, Vec::<Value>::new(), "where it led is not where it leads");
        assert_eq!(found("menu").await, [code["id"].clone()]);
    }

    async fn the_images_of_a_link_are_gone_while_its_code_is_archived(app: TestApp) {
        let key = all_key(&app).await;
        let code = make(&app, &key, menu()).await;
        let link = code["link_id"].as_str().unwrap();
        let images = ["svg", "png", "pdf", "eps", "webp", "jpeg", "txt"].map(|kind| format!("/v1/links/{link}/qr.{kind}"));
        for (verb, status) in [("archive", 410), ("unarchive", 200)] {
            app.post(&format!("{}/{verb}", path(&code))).bearer(&key).send().await.expect(200);
            for image in &images {
                let reply = app.get(image).bearer(&key).send().await.expect(status);
                assert_eq!(reply.code(), if status == 410 { "gone" } else { "" }, "{image}");
            }
        }
    }

    async fn of_a_hundred_faults_in_a_payload_fifty_are_named(app: TestApp) {
        let key = all_key(&app).await;
        let refused = async |payload: Value| app.post("/v1/qr-codes").bearer(&key).json(json!({"name": "Card", "payload": payload})).send().await.expect(400);
        let blank = vec![json!({"number": ""}); 100];
        let mut strange = json!({"type": "vcard", "first_name": "Mira"});
        (0..100).for_each(|number| strange[format!("field_{number}")] = json!(1));
        for payload in [json!({"type": "vcard", "first_name": "Mira", "phones": blank}), strange] {
            let refused = refused(payload).await;
            assert_eq!((refused.code().as_str(), fields(&refused).len()), ("invalid_request", 50));
        }
    }

    async fn a_drawing_and_a_verdict_are_made_anew_under_the_same_idempotency_key(app: TestApp) {
        let key = all_key(&app).await;
        for (path, more) in [("render", json!({"format": "svg"})), ("verdict", json!({}))] {
            let mut answers = Vec::new();
            for said in ["one", "one", "another"] {
                let mut body = json!({"data": said});
                body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                let reply = app.post(&format!("/v1/qr-codes/{path}")).bearer(&key).header("idempotency-key", "same").json(body).send().await.expect(200);
                assert_eq!(reply.header("idempotent-replayed"), "", "{path}");
                answers.push(reply.bytes);
            }
            assert_eq!(answers[0], answers[1], "{path}");
        }
    }

    async fn nobody_sees_the_scans_of_a_static_code(app: TestApp) {
        let key = all_key(&app).await;
        let code = make(&app, &key, json!({"name": "Guests", "kind": "static", "payload": {"type": "text", "text": "Room 12"}})).await;
        let reply = app.get(&format!("{}/analytics", path(&code))).bearer(&key).send().await.expect(409);
        assert_eq!(reply.code(), "conflict");
        let words = "This QR code is static: it holds its payload itself, so nobody sees its scans. Make a dynamic one to count them.";
        assert_eq!(reply.json()["detail"], words);
    }

    async fn t20_the_password_of_a_network_is_in_no_row_of_the_audit_log(app: TestApp) {
        let key = all_key(&app).await;
        let network = |password: &str| json!({"type": "wifi", "ssid": "Tiles", "password": password, "security": "wpa2"});
        let code = make(&app, &key, json!({"name": "WiFi", "payload": network("mosaic-one"), "alias": "wifi"})).await;
        patch(&app, &key, &code, json!({"payload": network("mosaic-two")})).await.expect(200);
        app.post(&format!("{}/duplicate", path(&code))).bearer(&key).send().await.expect(201);
        app.delete(&path(&code)).bearer(&key).send().await.expect(204);
        let audit = app.get("/v1/audit?limit=100").bearer(&key).send().await.expect(200);
        assert!(!audit.text().contains("mosaic-"), "{}", audit.text());
        let rows = audit.json()["data"].as_array().unwrap().clone();
        let change = rows.iter().find(|row| row["action"] == "qr_code.updated").expect("the change is in the log");
        assert_eq!((&change["change"]["before"]["password"], &change["change"]["after"]["password"]), (&json!("the one before"), &json!("another one")));
        let found = app.get("/v1/qr-codes?search=mosaic-two").bearer(&key).send().await.expect(200).json();
        assert_eq!(found["meta"]["total"], 0, "nor is it searched");
    }

    async fn a_file_is_named_as_its_code_in_any_script(app: TestApp) {
        let key = all_key(&app).await;
        for (name, file) in [
            ("Bäckerei Müller", "attachment; filename=\"qr-code.svg\"; filename*=UTF-8''b%C3%A4ckerei-m%C3%BCller.svg"),
            ("../../etc/passwd\"", "attachment; filename=\"etc-passwd.svg\""),
            ("日本", "attachment; filename=\"qr-code.svg\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.svg"),
            ("“”", "attachment; filename=\"qr-code.svg\""),
        ] {
            let code = make(&app, &key, json!({"name": name, "destination_url": "https://example.com/"})).await;
            let image = app.get(&format!("{}/image.svg?download=true", path(&code))).bearer(&key).send().await.expect(200);
            assert_eq!(image.header("content-disposition"), file);
        }
        let bakery = json!({"name": "Card", "alias": "bakery", "payload": {"type": "vcard", "organization": "Bäckerei Müller"}});
        make(&app, &key, bakery).await;
        let file = app.get("/bakery?file=1").send().await.expect(200);
        assert_eq!(file.header("content-disposition"), "inline; filename=\"contact.vcf\"; filename*=UTF-8''b%C3%A4ckerei-m%C3%BCller.vcf");
    }

    async fn a_list_is_filtered_sorted_and_given_as_csv(app: TestApp) {
        let key = all_key(&app).await;
        make(&app, &key, menu()).await;
        app.clock.advance(std::time::Duration::from_secs(1));
        make(&app, &key, json!({"name": "=Guests", "kind": "static", "payload": {"type": "text", "text": "Room 12"}})).await;
        let total = async |query: &str| {
            app.get(&format!("/v1/qr-codes?{query}")).bearer(&key).send().await.expect(200).json()["meta"]["total"].as_u64().unwrap()
        };
        for (query, expected) in [
            ("", 2), ("kind=static", 1), ("type=url", 1), ("type=url,text", 2), ("tags=print", 1), ("tags=none", 0), ("search=ROOM", 1), ("search=menu", 1),
            ("verdict=good", 2), ("verdict=fails", 0), ("domain=localhost:8080", 1), ("status=active,archived", 2), ("created_after=2026-02-15T10:30:00Z", 1),
        ] {
            assert_eq!(total(query).await, expected, "{query}");
        }
        let page = app.get("/v1/qr-codes?sort=name&limit=1").bearer(&key).send().await.expect(200).json();
        assert_eq!(page["data"][0]["name"], "=Guests");
        let next = page["meta"]["next_cursor"].as_str().unwrap();
        let page = app.get(&format!("/v1/qr-codes?sort=name&limit=1&cursor={next}")).bearer(&key).send().await.expect(200).json();
        assert_eq!((&page["data"][0]["name"], &page["meta"]["next_cursor"]), (&json!("Menu"), &Value::Null));
        let csv = app.get("/v1/qr-codes?format=csv").bearer(&key).send().await.expect(200).text();
        assert_eq!(csv.lines().count(), 3);
        assert!(csv.contains("'=Guests"), "{csv}");
        for query in ["sort=scans", "kind=x", "type=x", "status=paused", "domain=x.example", "limit=0", "unknown=1"] {
            app.get(&format!("/v1/qr-codes?{query}")).bearer(&key).send().await.expect(400);
        }
    }

    async fn of_two_codes_with_one_alias_at_once_one_is_made(app: TestApp) {
        let key = all_key(&app).await;
        let order = || app.post("/v1/qr-codes").bearer(&key).json(menu()).send();
        let (one, other) = tokio::join!(order(), order());
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        assert_eq!(app.get("/v1/qr-codes").bearer(&key).send().await.expect(200).json()["meta"]["total"], 1);
    }

    async fn s014_another_workspaces_code_is_not_there(app: TestApp) {
        let owner = app.owner().await;
        let elsewhere = other_workspace(&app, &owner).await;
        let code = make(&app, &elsewhere.token, menu()).await;
        app.get(&path(&code)).bearer(&owner.token).send().await.expect(404);
        app.get("/v1/qr-codes/menu").bearer(&owner.token).send().await.expect(404);
        app.get(&format!("{}/image.svg", path(&code))).bearer(&owner.token).send().await.expect(404);
    }
}

both! {
    |settings| settings.plans.tiers.get_mut("standard").expect("the plan that ships").qr_codes_max = 1;

    async fn a_plan_holds_as_many_codes_as_it_says(app: TestApp) {
        let key = all_key(&app).await;
        let code = make(&app, &key, menu()).await;
        let order = json!({"name": "More", "destination_url": "https://example.com/"});
        assert_eq!(app.post("/v1/qr-codes").bearer(&key).json(&order).send().await.expect(403).code(), "plan_required");
        assert_eq!(app.get("/v1/links").bearer(&key).send().await.expect(200).json()["meta"]["total"], 1, "nor is its link made");
        app.post(&format!("{}/archive", path(&code))).bearer(&key).send().await.expect(200);
        make(&app, &key, order).await;
        assert_eq!(app.post(&format!("{}/unarchive", path(&code))).bearer(&key).send().await.expect(403).code(), "plan_required");
    }
}

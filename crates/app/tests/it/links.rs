//! Links through the API: what acceptance statements 49 to 65 and 82 to 84 promise, and every state a link has.

use serde_json::{Value, json};
use tessera_testkit::{Reply, TestApp, both};

use crate::support::other_workspace;

/// A key that may do everything, of a fresh owner.
pub async fn all_key(app: &TestApp) -> String {
    let owner = app.owner().await;
    app.key(&owner, json!(["all"])).await.key
}

pub async fn make(app: &TestApp, key: &str, link: Value) -> Value {
    app.post("/v1/links").bearer(key).json(link).send().await.expect(201).json()
}

pub fn id(link: &Value) -> &str {
    link["id"].as_str().expect("a link has an id")
}

/// `POST /v1/links/{id}/{verb}`
pub async fn act(app: &TestApp, key: &str, link: &Value, verb: &str) -> Reply {
    app.post(&format!("/v1/links/{}/{verb}", id(link))).bearer(key).send().await
}

pub async fn patch(app: &TestApp, key: &str, link: &Value, change: Value) -> Reply {
    app.patch(&format!("/v1/links/{}", id(link))).bearer(key).json(change).send().await
}

pub async fn read(app: &TestApp, key: &str, link: &Value) -> Value {
    app.get(&format!("/v1/links/{}", id(link))).bearer(key).send().await.expect(200).json()
}

both! {
    async fn s049_s050_s051_s053_s054_s055_a_list_has_data_and_meta_and_links_have_their_fields(app: TestApp) {
        let key = all_key(&app).await;
        make(&app, &key, json!({"destination_url": "https://example.com/demo", "alias": "demo"})).await;
        let answer = app.get("/v1/links").bearer(&key).send().await.expect(200).json();
        assert_eq!(answer["meta"], json!({"total": 1, "page": 1, "limit": 20, "next_cursor": null}));
        let link = &answer["data"][0];
        assert!(id(link).starts_with("link_") && id(link).len() == 31, "{link}");
        assert_eq!(link["short_url"], "http://localhost:8080/demo");
        assert_eq!(link["destination_url"], "https://example.com/demo");
        assert_eq!(link["clicks"], 0);
        assert_eq!(link["created_at"], "2026-02-15T10:30:00Z");
        assert_eq!(link["status"], "active");
        assert!(link["created_by"].as_str().unwrap().starts_with("key_"));
    }

    async fn s056_s057_limit_and_page_select_a_part_and_total_tells_the_whole(app: TestApp) {
        let key = all_key(&app).await;
        for number in 0..3 {
            app.clock.advance(std::time::Duration::from_secs(1));
            make(&app, &key, json!({"destination_url": "https://example.com", "alias": format!("n{number}")})).await;
        }
        let page = async |path: &str| app.get(path).bearer(&key).send().await.expect(200).json();
        let first = page("/v1/links?limit=1").await;
        assert_eq!((&first["meta"]["total"], &first["meta"]["page"], &first["meta"]["limit"]), (&json!(3), &json!(1), &json!(1)));
        assert_eq!(first["data"].as_array().unwrap().len(), 1);
        assert_eq!(first["data"][0]["alias"], "n2");
        assert_eq!(page("/v1/links?limit=1&page=3").await["data"][0]["alias"], "n0");
        assert_eq!(page("/v1/links?limit=1&page=4").await["data"], json!([]));
    }

    async fn s058_s059_s063_a_link_is_made_with_all_that_growqr_sends(app: TestApp) {
        let key = all_key(&app).await;
        let order = json!({
            "destination_url": "https://example.com/post", "alias": "Post-1", "domain": "localhost:8080",
            "tags": ["source:cms", "News", " source:cms "], "utm_source": "cms", "utm_medium": "web",
            "utm_campaign": "launch",
        });
        let reply = app.post("/v1/links").bearer(&key).json(order).send().await.expect(201);
        let link = reply.json();
        assert_eq!(link["short_url"], "http://localhost:8080/Post-1");
        assert_eq!(link["tags"], json!(["source:cms", "News"]));
        assert_eq!((&link["utm_source"], &link["utm_medium"], &link["utm_campaign"]), (&json!("cms"), &json!("web"), &json!("launch")));
        assert_eq!(reply.header("location"), format!("/v1/links/{}", id(&link)));
        assert_eq!(reply.header("etag"), "\"v1\"");
        assert_eq!(read(&app, &key, &link).await, link);
    }

    async fn an_alias_that_is_not_given_is_drawn(app: TestApp) {
        let key = all_key(&app).await;
        let link = make(&app, &key, json!({"destination_url": "https://example.com"})).await;
        let alias = link["alias"].as_str().unwrap();
        assert_eq!(alias.len(), 7);
        assert!(alias.bytes().all(|letter| b"23456789abcdefghjkmnpqrstuvwxyz".contains(&letter)), "{alias}");
        assert_eq!(app.get(&format!("/{alias}")).send().await.expect(302).header("location"), "https://example.com");
    }

    async fn s082_a_cms_makes_a_link_for_a_post_and_finds_it_by_its_tags(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read_write"])).await.key;
        let post = json!({"destination_url": "https://blog.example.com/2026/tiles", "tags": ["source:cms", "mosaics"]});
        let short_url = make(&app, &key, post).await["short_url"].as_str().unwrap().to_owned();
        let path = short_url.strip_prefix("http://localhost:8080").unwrap();
        assert_eq!(app.get(path).send().await.expect(302).header("location"), "https://blog.example.com/2026/tiles");
        let found = app.get("/v1/links?tags=source:cms").bearer(&key).send().await.expect(200).json();
        assert_eq!(found["data"][0]["tags"], json!(["source:cms", "mosaics"]));
    }

    async fn s084_a_pipeline_finds_the_one_link_that_fails(app: TestApp) {
        let owner = app.owner().await;
        let (writer, reader) = (all(&app, &owner).await, app.key(&owner, json!(["read"])).await.key);
        for alias in ["good", "better", "bad"] {
            let link = json!({"destination_url": "https://example.com", "alias": alias, "tags": ["production"]});
            let link = make(&app, &writer, link).await;
            if alias == "bad" {
                act(&app, &writer, &link, "pause").await.expect(200);
            }
        }
        let links = app.get("/v1/links?tags=production&sort=alias").bearer(&reader).send().await.expect(200).json();
        let mut healths = Vec::new();
        for link in links["data"].as_array().unwrap() {
            let path = link["short_url"].as_str().unwrap().strip_prefix("http://localhost:8080").unwrap();
            healths.push((link["alias"].clone(), app.request("HEAD".parse().unwrap(), path).send().await.status));
        }
        assert_eq!(healths, [(json!("bad"), 410), (json!("better"), 302), (json!("good"), 302)]);
    }

    async fn s139_s140_s141_pausing_and_archiving_come_and_go_and_twice_is_once(app: TestApp) {
        let key = all_key(&app).await;
        let link = make(&app, &key, json!({"destination_url": "https://example.com", "alias": "demo"})).await;
        // verb, status afterwards, version afterwards, what a visitor meets
        let steps = [
            ("pause", "paused", 2, 410), ("pause", "paused", 2, 410), ("resume", "active", 3, 302), ("resume", "active", 3, 302),
            ("archive", "archived", 4, 410), ("archive", "archived", 4, 410), ("unarchive", "active", 5, 302),
        ];
        for (verb, status, version, visit) in steps {
            let reply = act(&app, &key, &link, verb).await.expect(200);
            assert_eq!(reply.json()["status"], status, "{verb}");
            assert_eq!(reply.header("etag"), format!("\"v{version}\""), "{verb}");
            app.get("/demo").send().await.expect(visit);
        }
    }

    async fn an_archived_link_takes_no_change_but_can_be_deleted(app: TestApp) {
        let key = all_key(&app).await;
        let link = make(&app, &key, json!({"destination_url": "https://example.com", "alias": "demo"})).await;
        act(&app, &key, &link, "archive").await.expect(200);
        assert_eq!(patch(&app, &key, &link, json!({"title": "x"})).await.expect(409).code(), "conflict");
        for verb in ["pause", "resume"] {
            assert_eq!(act(&app, &key, &link, verb).await.expect(409).code(), "conflict", "{verb}");
        }
        let listed = app.get("/v1/links").bearer(&key).send().await.expect(200).json();
        assert_eq!(listed["meta"]["total"], 0);
        app.delete(&format!("/v1/links/{}", id(&link))).bearer(&key).send().await.expect(204);
        app.get("/demo").send().await.expect(404);
        app.get(&format!("/v1/links/{}", id(&link))).bearer(&key).send().await.expect(404);
        app.delete(&format!("/v1/links/{}", id(&link))).bearer(&key).send().await.expect(404);
    }

    async fn archiving_frees_the_alias_and_unarchiving_needs_it_back(app: TestApp) {
        let key = all_key(&app).await;
        let old = make(&app, &key, json!({"destination_url": "https://example.com/old", "alias": "demo"})).await;
        act(&app, &key, &old, "archive").await.expect(200);
        app.get("/demo").send().await.expect(410);
        let new = make(&app, &key, json!({"destination_url": "https://example.com/new", "alias": "demo"})).await;
        assert_eq!(app.get("/demo").send().await.expect(302).header("location"), "https://example.com/new");
        let refused = act(&app, &key, &old, "unarchive").await.expect(409);
        assert_eq!((refused.code().as_str(), &refused.json()["suggestion"]), ("alias_taken", &json!("demo-2")));
        act(&app, &key, &new, "archive").await.expect(200);
        act(&app, &key, &old, "unarchive").await.expect(200);
        assert_eq!(app.get("/demo").send().await.expect(302).header("location"), "https://example.com/old");
    }

    async fn a_taken_alias_is_answered_with_a_free_one(app: TestApp) {
        let key = all_key(&app).await;
        for alias in ["demo", "demo-2"] {
            make(&app, &key, json!({"destination_url": "https://example.com", "alias": alias})).await;
        }
        let order = json!({"destination_url": "https://example.com", "alias": "DEMO"});
        let refused = app.post("/v1/links").bearer(&key).json(order).send().await.expect(409);
        assert_eq!((refused.code().as_str(), &refused.json()["suggestion"]), ("alias_taken", &json!("DEMO-3")));
        let other = make(&app, &key, json!({"destination_url": "https://example.com", "alias": "other"})).await;
        assert_eq!(patch(&app, &key, &other, json!({"alias": "demo"})).await.expect(409).code(), "alias_taken");
        assert_eq!(read(&app, &key, &other).await["alias"], "other");
    }

    async fn of_two_links_with_the_same_alias_at_once_one_is_made(app: TestApp) {
        let key = all_key(&app).await;
        for round in 0..20 {
            let order = || {
                let link = json!({"destination_url": "https://example.com", "alias": format!("race-{round}")});
                app.post("/v1/links").bearer(&key).json(link).send()
            };
            let (one, other) = tokio::join!(order(), order());
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [201, 409]);
        }
    }

    async fn a_copy_has_an_alias_of_its_own_and_no_clicks(app: TestApp) {
        let key = all_key(&app).await;
        let order = json!({"destination_url": "https://example.com", "alias": "demo", "tags": ["b", "a"], "title": "T",
            "metadata": {"n": 1}, "max_clicks": 5});
        let link = make(&app, &key, order).await;
        app.get("/demo").send().await.expect(302);
        act(&app, &key, &link, "pause").await.expect(200);
        let reply = act(&app, &key, &link, "duplicate").await.expect(201);
        let copy = reply.json();
        assert_eq!(reply.header("location"), format!("/v1/links/{}", id(&copy)));
        assert_ne!(copy["alias"], "demo");
        for (field, value) in [("tags", json!(["b", "a"])), ("title", json!("T")), ("metadata", json!({"n": 1})),
            ("max_clicks", json!(5)), ("clicks", json!(0)), ("status", json!("active"))] {
            assert_eq!(copy[field], value, "{field}");
        }
    }

    async fn a_lost_update_is_a_412(app: TestApp) {
        let key = all_key(&app).await;
        let link = make(&app, &key, json!({"destination_url": "https://example.com"})).await;
        let path = format!("/v1/links/{}", id(&link));
        let change = |tag: &str| app.patch(&path).bearer(&key).header("if-match", tag).json(json!({"title": tag})).send();
        assert_eq!(change("\"v1\"").await.expect(200).header("etag"), "\"v2\"");
        assert_eq!(change("\"v1\"").await.expect(412).code(), "precondition_failed");
        change("*").await.expect(200);
        app.delete(&path).bearer(&key).header("if-match", "\"v1\"").send().await.expect(412);
        app.delete(&path).bearer(&key).header("if-match", "\"v3\"").send().await.expect(204);
    }

    async fn put_does_what_patch_does_and_an_empty_change_changes_nothing(app: TestApp) {
        let key = all_key(&app).await;
        let link = make(&app, &key, json!({"destination_url": "https://example.com", "title": "T", "notes": "N"})).await;
        let put = app.request("PUT".parse().unwrap(), &format!("/v1/links/{}", id(&link)));
        let changed = put.bearer(&key).json(json!({"title": null})).send().await.expect(200);
        assert_eq!((&changed.json()["title"], &changed.json()["notes"]), (&Value::Null, &json!("N")));
        assert_eq!(patch(&app, &key, &link, json!({})).await.expect(200).header("etag"), "\"v2\"");
    }

    async fn t19_another_workspaces_link_is_not_there(app: TestApp) {
        let owner = app.owner().await;
        let key = all(&app, &owner).await;
        let link = make(&app, &key, json!({"destination_url": "https://example.com", "alias": "demo", "tags": ["mine"]})).await;
        let stranger = all(&app, &other_workspace(&app, &owner).await).await;
        let path = format!("/v1/links/{}", id(&link));
        let missing = app.get("/v1/links/link_01jd8qd4vkf4ktabjqvqxgqzne").bearer(&stranger).send().await.expect(404).json();
        let foreign = app.get(&path).bearer(&stranger).send().await.expect(404).json();
        assert_eq!((&foreign["code"], &foreign["detail"]), (&missing["code"], &missing["detail"]));
        app.get(&format!("{path}/qr.svg")).bearer(&stranger).send().await.expect(404);
        app.patch(&path).bearer(&stranger).json(json!({"title": "x"})).send().await.expect(404);
        app.delete(&path).bearer(&stranger).send().await.expect(404);
        for verb in ["pause", "resume", "archive", "unarchive", "duplicate"] {
            act(&app, &stranger, &link, verb).await.expect(404);
        }
        let none = app.get("/v1/links?tags=mine&status=active").bearer(&stranger).send().await.expect(200).json();
        assert_eq!(none["meta"]["total"], 0);
        assert_eq!(app.get("/v1/tags").bearer(&stranger).send().await.expect(200).json(), json!({"data": []}));
        // The alias is taken for everybody: a domain is shared.
        let order = json!({"destination_url": "https://example.com", "alias": "demo"});
        app.post("/v1/links").bearer(&stranger).json(order).send().await.expect(409);
    }

    async fn every_change_is_in_the_audit_log_and_no_password_is(app: TestApp) {
        let key = all_key(&app).await;
        let order = json!({"destination_url": "https://example.com", "password": "canary-password-1"});
        let link = make(&app, &key, order).await;
        patch(&app, &key, &link, json!({"title": "T", "password": "canary-password-2"})).await.expect(200);
        for verb in ["pause", "resume", "archive", "unarchive", "duplicate"] {
            let reply = act(&app, &key, &link, verb).await;
            assert!(!reply.text().contains("canary") && !reply.text().contains("argon2"), "{verb}");
        }
        app.delete(&format!("/v1/links/{}", id(&link))).bearer(&key).send().await.expect(204);
        let log = app.get("/v1/audit?limit=100").bearer(&key).send().await.expect(200).json();
        let actions: Vec<&str> = log["data"].as_array().unwrap().iter().rev().map(|row| row["action"].as_str().unwrap())
            .filter(|action| action.starts_with("link.")).collect();
        assert_eq!(actions, ["link.created", "link.updated", "link.paused", "link.resumed", "link.archived",
            "link.unarchived", "link.duplicated", "link.deleted"]);
        assert!(!log.to_string().contains("canary"));
        let dump = app.db.dump().await;
        assert!(!dump.windows(6).any(|window| window == b"canary"));
        assert!(!app.logs().contains("canary-password"));
    }

    async fn tags_are_listed_with_how_many_links_carry_them(app: TestApp) {
        let key = all_key(&app).await;
        for tags in [json!(["a", "b"]), json!(["b"]), json!(["c"])] {
            let link = make(&app, &key, json!({"destination_url": "https://example.com", "tags": tags})).await;
            if tags == json!(["c"]) {
                act(&app, &key, &link, "archive").await.expect(200);
            }
        }
        let tags = app.get("/v1/tags").bearer(&key).send().await.expect(200).json();
        assert_eq!(tags, json!({"data": [{"tag": "b", "links": 2}, {"tag": "a", "links": 1}]}));
    }

    async fn a_qr_code_is_an_image_with_an_etag(app: TestApp) {
        let key = all_key(&app).await;
        let link = make(&app, &key, json!({"destination_url": "https://example.com", "alias": "demo"})).await;
        let path = format!("/v1/links/{}/qr", id(&link));
        let svg = app.get(&format!("{path}.svg")).bearer(&key).send().await.expect(200);
        assert_eq!(svg.header("content-type"), "image/svg+xml");
        assert!(svg.text().starts_with("<svg") && svg.text().contains("width=\"512\""), "{}", svg.text());
        let png = app.get(&format!("{path}.png?size=256&margin=2")).bearer(&key).send().await.expect(200);
        assert_eq!(png.header("content-type"), "image/png");
        assert_eq!(&png.bytes[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(png.bytes[16..24], [0, 0, 1, 0, 0, 0, 1, 0]);
        let again = app.get(&format!("{path}.svg")).bearer(&key).header("if-none-match", svg.header("etag")).send().await;
        assert_eq!(again.expect(304).bytes.len(), 0);
        patch(&app, &key, &link, json!({"alias": "other"})).await.expect(200);
        let moved = app.get(&format!("{path}.svg")).bearer(&key).header("if-none-match", svg.header("etag")).send().await;
        moved.expect(200);
        for query in ["size=31", "size=10001", "margin=-1", "margin=41", "size=x"] {
            app.get(&format!("{path}.png?{query}")).bearer(&key).send().await.expect(400);
        }
    }
}

async fn all(app: &TestApp, person: &tessera_testkit::Person) -> String {
    app.key(person, json!(["all"])).await.key
}

both! {
    |settings| settings.server.public_url = "https://go.yourcompany.com".to_owned();

    async fn s052_a_short_url_is_a_full_https_url_on_the_links_domain(app: TestApp) {
        let key = all_key(&app).await;
        let link = make(&app, &key, json!({"destination_url": "https://example.com", "alias": "demo"})).await;
        assert_eq!(link["short_url"], "https://go.yourcompany.com/demo");
        assert_eq!(link["qr_url"], format!("https://go.yourcompany.com/v1/links/{}/qr.svg", id(&link)));
    }
}

both! {
    |settings| settings.plans.tiers.get_mut("standard").expect("the plan that ships").links_max = 3;

    async fn a_full_plan_refuses_and_many_at_once_do_not_get_past_it(app: TestApp) {
        let key = all_key(&app).await;
        let order = || app.post("/v1/links").bearer(&key).json(json!({"destination_url": "https://example.com"})).send();
        let (a, b, c, d, e) = tokio::join!(order(), order(), order(), order(), order());
        let mut statuses = [&a, &b, &c, &d, &e].map(|reply| reply.status);
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 201, 201, 403, 403]);
        let listed = app.get("/v1/links").bearer(&key).send().await.expect(200).json();
        assert_eq!(listed["meta"]["total"], 3);
        let first = &listed["data"][0];
        assert_eq!(act(&app, &key, first, "duplicate").await.expect(403).code(), "plan_required");
        act(&app, &key, first, "archive").await.expect(200);
        order().await.expect(201);
        assert_eq!(act(&app, &key, first, "unarchive").await.expect(403).code(), "plan_required");
        // Four links, of which the archived one does not count.
        let limits = app.get("/v1/limits").bearer(&key).send().await.expect(200).json();
        let unlimited = |used: u64| json!({"used": used, "max": null});
        assert_eq!(limits["resources"], json!({"links": {"used": 3, "max": 3}, "qr_codes": unlimited(0), "api_keys": unlimited(1),
            "members": unlimited(1)}));
    }
}

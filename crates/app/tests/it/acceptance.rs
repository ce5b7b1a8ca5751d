//! What the described services promise their users, told as their users would try it.

use std::path::Path;

use serde_json::json;
use tessera_testkit::{TestApp, both};

use crate::support::operations;

fn document(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .to_lowercase()
}

both! {
    async fn s003_s004_s005_s085_s086_s088_s125_s126_s127_s156_a_key_alone_says_who_asks_and_what_is_allowed(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["links.read"])).await;
        let me = app.get("/v1/me").bearer(&key.key).send().await.expect(200).json();
        assert_eq!((me["type"].as_str(), me["api_key_id"].as_str()), (Some("api_key"), Some(key.id.as_str())));
        assert_eq!((me["workspace_id"].as_str(), &me["scopes"]), (Some(owner.workspace_id.as_str()), &json!(["links.read"])));
        let list = app.get("/v1/links").bearer(&key.key).send().await.expect(200);
        assert!(list.headers.get("set-cookie").is_none(), "no session, no cookie");
        let order = json!({"destination_url": "https://example.org/"});
        assert_eq!(app.post("/v1/links").bearer(&key.key).json(order).send().await.expect(403).code(), "insufficient_scope");
    }

    async fn s006_s007_s070_s077_s115_s179_s181_s209_s211_keys_are_rotated_and_revoked_by_the_api_itself(app: TestApp) {
        let owner = app.owner().await;
        let robot = app.key(&owner, json!(["all"])).await;
        let old = app.post("/v1/api-keys").bearer(&robot.key).json(json!({"name": "nightly", "scopes": ["read"]})).send().await.expect(201).json();
        let path = format!("/v1/api-keys/{}", old["id"].as_str().unwrap());
        let new = app.post(&format!("{path}/rotate")).bearer(&robot.key).json(json!({"grace_seconds": 0})).send().await.expect(200).json();
        assert_eq!((new["name"].as_str(), &new["id"]), (Some("nightly"), &old["id"]));
        let secret = new["key"].as_str().unwrap();
        assert_ne!(new["key"], old["key"]);
        app.get("/v1/me").bearer(secret).send().await.expect(200);
        let read = app.get(&path).bearer(&robot.key).send().await.expect(200);
        assert!(!read.text().contains(secret), "shown once, at the rotation");
        app.post(&format!("{path}/revoke")).bearer(&robot.key).send().await.expect(200);
        app.get("/v1/me").bearer(secret).send().await.expect(401);
    }

    async fn s009_hundreds_of_links_are_made_by_a_key(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read_write"])).await.key;
        for number in 0..300 {
            let order = json!({"destination_url": format!("https://example.org/{number}"), "alias": format!("post-{number}")});
            app.post("/v1/links").bearer(&key).json(order).send().await.expect(201);
        }
        let list = app.get("/v1/links?limit=1").bearer(&key).send().await.expect(200).json();
        assert_eq!(list["meta"], json!({"total": 300, "page": 1, "limit": 1, "next_cursor": list["meta"]["next_cursor"]}));
        assert_eq!(app.get("/post-299").send().await.expect(302).header("location"), "https://example.org/299");
    }

    async fn s012_s045_s132_s133_s199_s208_s230_only_a_digest_and_a_mask_of_a_key_are_kept(app: TestApp) {
        let owner = app.owner().await;
        let made = app.key(&owner, json!(["read"])).await;
        app.get("/v1/me").bearer(&made.key).send().await.expect(200);
        let dump = app.db.dump().await;
        let dump = String::from_utf8_lossy(&dump);
        // Prefix, 8 and 4 characters are shown; what lies between is nowhere.
        assert!(!dump.contains(&made.key[17..made.key.len() - 4]), "the middle of a key is in the database");
        assert!(dump.contains(&made.key[9..17]), "the mask is");
        let view = app.get(&format!("/v1/api-keys/{}", made.id)).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(view["preview"], format!("{}...{}", &made.key[..17], &made.key[made.key.len() - 4..]));
        assert!(view.get("key").is_none());
    }

    async fn s026_s097_s100_s101_s102_s103_s117_s118_s136_s137_s138_a_link_lives_its_life_by_key(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["links.read", "links.create", "links.update", "links.delete"])).await.key;
        let made = app.post("/v1/links").bearer(&key).json(json!({"destination_url": "https://example.org/old", "alias": "menu"})).send().await.expect(201);
        let path = made.header("location");
        assert_eq!(made.json()["short_url"], "http://localhost:8080/menu");
        let image = app.get(&format!("{path}/qr.svg")).bearer(&key).send().await.expect(200).text();
        app.get("/menu").send().await.expect(302);
        let changed = app.request("PUT".parse().unwrap(), &path).bearer(&key).json(json!({"destination_url": "https://example.org/new"}));
        assert_eq!(changed.send().await.expect(200).json()["destination_url"], "https://example.org/new");
        assert_eq!(app.get("/menu").send().await.expect(302).header("location"), "https://example.org/new");
        assert_eq!(app.get(&format!("{path}/qr.svg")).bearer(&key).send().await.expect(200).text(), image, "the printed code is the same");
        let copy = app.post(&format!("{path}/duplicate")).bearer(&key).send().await.expect(201).json();
        assert_ne!(copy["alias"], "menu");
        let list = app.get("/v1/links?limit=1&sort=created_at").bearer(&key).send().await.expect(200).json();
        assert_eq!((list["data"].as_array().map(Vec::len), &list["meta"]["total"]), (Some(1), &json!(2)));
        app.delete(&path).bearer(&key).send().await.expect(204);
        assert_eq!(app.get(&path).bearer(&key).send().await.expect(404).code(), "not_found");
        app.get("/menu").send().await.expect(404);
    }

    async fn s104_s105_s107_s113_s188_a_refusal_carries_a_code_and_what_would_be_right(app: TestApp) {
        let owner = app.owner().await;
        let bad = app.post("/v1/links").bearer(&owner.token).json(json!({"destination": "https://example.org/"})).send().await.expect(400).json();
        assert_eq!(bad["code"], "invalid_request");
        let unknown = bad["errors"].as_array().unwrap().iter().find(|error| error["field"] == "destination").unwrap();
        assert_eq!(unknown["message"], "there is no such field; did you mean destination_url?");
        for (path, credential, status, code) in [
            ("/v1/links", "nobody", 401, "unauthorized"),
            ("/v1/links/link_01jd8qd4vkf4ktabjqvqxgqzne", &owner.token, 404, "not_found"),
            ("/v1/nothing", &owner.token, 404, "not_found"),
        ] {
            let reply = app.get(path).bearer(credential).send().await.expect(status);
            let body = reply.json();
            assert_eq!((body["code"].as_str(), body["status"].as_u64()), (Some(code), Some(u64::from(status))), "{path}");
            assert_eq!(reply.header("content-type"), "application/problem+json");
            assert_eq!(body["request_id"], reply.header("x-request-id"));
        }
    }

    async fn s075_s114_s215_s216_s231_several_keys_live_side_by_side_and_are_told_apart(app: TestApp) {
        let owner = app.owner().await;
        let (old, new) = (app.key(&owner, json!(["read"])).await, app.key(&owner, json!(["read"])).await);
        for key in [&old, &new, &new, &new] {
            app.get("/v1/links").bearer(&key.key).send().await.expect(200);
        }
        for (key, count) in [(&old, 1), (&new, 3)] {
            let view = app.get(&format!("/v1/api-keys/{}", key.id)).bearer(&owner.token).send().await.expect(200).json();
            assert_eq!(view["request_count"], count);
        }
        app.delete(&format!("/v1/api-keys/{}", old.id)).bearer(&owner.token).send().await.expect(204);
        app.get("/v1/links").bearer(&old.key).send().await.expect(401);
        app.get("/v1/links").bearer(&new.key).send().await.expect(200);
    }

    async fn s205_s224_a_key_works_from_anywhere_and_reads_its_account(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["account.read"])).await.key;
        for address in ["203.0.113.9", "198.51.100.1", "2001:db8::1", "::ffff:192.0.2.7"] {
            let account = app.get("/v1/workspace").bearer(&key).from(address).send().await.expect(200).json();
            assert_eq!(account["id"], owner.workspace_id);
        }
    }

    async fn s219_every_change_leaves_a_record_of_who_and_what(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["all"])).await;
        let link = app.post("/v1/links").bearer(&key.key).json(json!({"destination_url": "https://example.org/a"})).send().await.expect(201).json();
        let path = format!("/v1/links/{}", link["id"].as_str().unwrap());
        app.patch(&path).bearer(&key.key).from("203.0.113.9").json(json!({"destination_url": "https://example.org/b"})).send().await.expect(200);
        let target = format!("/v1/audit?target={}", link["id"].as_str().unwrap());
        let row = &app.get(&target).bearer(&owner.token).send().await.expect(200).json()["data"][0];
        assert_eq!((row["action"].as_str(), row["actor"]["id"].as_str(), row["address"].as_str()), (Some("link.updated"), Some(key.id.as_str()), Some("203.0.113.9")));
        assert_eq!((&row["change"]["before"]["destination_url"], &row["change"]["after"]["destination_url"]), (&json!("https://example.org/a"), &json!("https://example.org/b")));
    }

    async fn s120_s206_the_reference_is_served_whole_and_from_here_alone(app: TestApp) {
        let page = app.get("/api-docs").send().await.expect(200);
        let (text, policy) = (page.text(), page.header("content-security-policy"));
        assert!(!text.contains("://"), "the page names no other host");
        assert!(policy.contains("script-src 'self';") && policy.contains("connect-src 'self'"), "{policy}");
        for source in text.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(app.get(source).send().await.expect(200).bytes.len() > 100, "{source}");
        }
        let served = app.get("/openapi.json").send().await.expect(200).json();
        assert_eq!(served["paths"].as_object().map(serde_json::Map::len), tessera_app::http::document()["paths"].as_object().map(serde_json::Map::len));
    }
}

#[test]
fn s035_s037_the_contract_recommends_the_header_and_lies_under_v1() {
    let schemes = &tessera_app::http::document()["components"]["securitySchemes"];
    let words = |scheme: &str| schemes[scheme]["description"].as_str().unwrap_or_default().to_owned();
    assert!(words("bearer").contains("recommended"));
    assert!(words("apiKeyQuery").contains("for trying things out"));
    for (method, path, operation) in operations() {
        let is_public = operation["x-needs"].is_null();
        assert!(is_public || path.starts_with("/v1/"), "{method} {path}");
    }
}

#[test]
fn s081_s121_s122_s124_s155_s189_s223_s228_the_guides_say_how_to_keep_keys_safe() {
    let keys = document("guides/api-keys.md");
    for rule in [
        "secrets manager",
        "environment variable",
        "90 days",
        "expiry",
        "query",
        "screenshot",
        "repositor",
        "chat",
    ] {
        assert!(keys.contains(rule), "guides/api-keys.md does not speak of {rule:?}");
    }
    assert!(document("guides/api-quickstart-non-developers.md").contains("api key"));
    assert!(document("guides/enterprise-authentication.md").contains("pepper"));
    assert!(document("API.md").contains("429"));
    let limits = document("guides/rate-limits.md");
    for word in [
        "minute",
        "day",
        "month",
        "429",
        "retry-after",
        "rate_limit_minute",
        "rate_limit_day",
        "rate_limit_month",
    ] {
        assert!(limits.contains(word), "guides/rate-limits.md does not speak of {word:?}");
    }
}

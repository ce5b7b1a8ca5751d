//! What can be read of a key's past: figures over time, and the requests themselves.
//!
//! Tests begin at 2026-02-15T10:30:00Z, a Sunday.

use std::time::Duration;

use serde_json::{Value, json};
use tessera_testkit::{Person, TestApp, both};

use crate::support::{again, member, other_workspace};

const DAY: Duration = Duration::from_secs(86_400);

async fn read(app: &TestApp, person: &Person, key: &str, what: &str) -> Value {
    app.get(&format!("/v1/api-keys/{key}/{what}")).bearer(&person.token).send().await.expect(200).json()
}

/// Of each row, these fields.
fn column(list: &Value, fields: &[&str]) -> Vec<Vec<Value>> {
    let rows = list.as_array().unwrap();
    rows.iter().map(|row| fields.iter().map(|field| row[*field].clone()).collect()).collect()
}

both! {
    async fn s075_s114_s215_usage_tells_each_keys_requests_by_day_route_and_status(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["links.read", "links.create"])).await;
        let other = app.key(&owner, json!(["all"])).await;
        let get = |path: &'static str| app.get(path).bearer(&key.key).send();
        get("/v1/me").await.expect(200);
        get("/v1/links").await.expect(200);
        get("/v1/links?limit=0").await.expect(400);
        // Refused at the door: told, and not counted.
        get("/v1/audit").await.expect(403);
        app.get("/v1/me").bearer(&other.key).send().await.expect(200);
        app.clock.advance(2 * DAY);
        let order = json!({"destination_url": "https://example.org/"});
        app.post("/v1/links").bearer(&key.key).json(order).send().await.expect(201);
        let owner = again(&app, &owner).await;

        let usage = read(&app, &owner, &key.id, "usage").await;
        assert_eq!((&usage["summary"]["requests"], &usage["summary"]["errors"], &usage["refused"]), (&json!(4), &json!(1), &json!(1)));
        assert_eq!((&usage["from"], &usage["to"]), (&json!("2026-01-19T00:00:00Z"), &json!("2026-02-17T10:30:01Z")));
        let series = column(&usage["series"], &["start", "requests", "errors"]);
        assert_eq!(series.len(), 30);
        assert_eq!(series[26..], [
            vec![json!("2026-02-14T00:00:00Z"), json!(0), json!(0)],
            vec![json!("2026-02-15T00:00:00Z"), json!(3), json!(1)],
            vec![json!("2026-02-16T00:00:00Z"), json!(0), json!(0)],
            vec![json!("2026-02-17T00:00:00Z"), json!(1), json!(0)],
        ]);
        let mut routes = column(&usage["routes"], &["method", "route", "requests", "errors"]);
        routes.sort_by_key(|row| format!("{row:?}"));
        assert_eq!(routes, [
            vec![json!("GET"), json!("/v1/links"), json!(2), json!(1)],
            vec![json!("GET"), json!("/v1/me"), json!(1), json!(0)],
            vec![json!("POST"), json!("/v1/links"), json!(1), json!(0)],
        ]);
        let mut statuses = column(&usage["statuses"], &["status", "requests"]);
        statuses.sort_by_key(|row| format!("{row:?}"));
        assert_eq!(statuses, [
            vec![json!(200), json!(2)], vec![json!(201), json!(1)], vec![json!(400), json!(1)], vec![json!(403), json!(1)],
        ]);
        // The count of the key, the figures and the windows say the same; the other key has its own.
        let view = app.get(&format!("/v1/api-keys/{}", key.id)).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!((&view["request_count"], &usage["current"]["month"]["requests"]), (&json!(4), &json!(4)));
        assert_eq!(usage["current"]["day"]["writes"], 1);
        assert_eq!(read(&app, &owner, &other.id, "usage").await["summary"]["requests"], 1);
    }

    async fn usage_is_read_in_any_zone_interval_and_range(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read"])).await;
        app.get("/v1/me").bearer(&key.key).send().await.expect(200);
        // In Auckland the fifteenth is long over.
        let usage = read(&app, &owner, &key.id, "usage?timezone=Pacific/Auckland&from=2026-02-14T11:00:00Z").await;
        assert_eq!(usage["timezone"], "Pacific/Auckland");
        assert_eq!(column(&usage["series"], &["start", "requests"]), [
            vec![json!("2026-02-14T11:00:00Z"), json!(1)],
        ]);
        let usage = read(&app, &owner, &key.id, "usage?interval=hour&from=2026-02-15T09:10:00Z&to=2026-02-15T11:00:00Z").await;
        assert_eq!(column(&usage["series"], &["start", "requests"]), [
            vec![json!("2026-02-15T09:00:00Z"), json!(0)], vec![json!("2026-02-15T10:00:00Z"), json!(1)],
        ]);
        let before = read(&app, &owner, &key.id, "usage?interval=month&from=2025-12-01T00:00:00Z&to=2026-02-15T10:30:00Z").await;
        assert_eq!((before["series"].as_array().unwrap().len(), &before["summary"]["requests"]), (3, &json!(0)));
        for (query, field) in [
            ("interval=minute", "interval"), ("timezone=Mars/Olympus", "timezone"), ("from=2026-02-16T00:00:00Z", "from"),
            ("from=2026-02-15T00:00:00Z&to=2026-02-15T00:00:00Z", "from"), ("interval=hour&from=2025-01-01T00:00:00Z", "interval"),
            ("from=yesterday", "from"), ("range=7d", "range"),
        ] {
            let refused = app.get(&format!("/v1/api-keys/{}/usage?{query}", key.id)).bearer(&owner.token).send().await.expect(400).json();
            assert_eq!(refused["errors"][0]["field"], field, "{query}: {refused}");
        }
    }

    async fn s218_the_requests_of_a_key_can_be_reviewed(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["links.read", "links.create"])).await;
        let mut ids = Vec::new();
        for (method, path, from, status) in [
            ("GET", "/v1/links", "203.0.113.7", 200), ("GET", "/v1/links?limit=0", "203.0.113.7", 400),
            ("POST", "/v1/links", "203.0.113.8", 400), ("GET", "/v1/audit", "203.0.113.9", 403),
            ("GET", "/v1/links/link_01jd8qd4vkf4ktabjqvqxgqzne", "203.0.113.9", 404),
        ] {
            app.clock.advance(Duration::from_secs(1));
            let request = crate::support::ask(&app, method, path).from(from).bearer(&key.key).header("user-agent", "=curl/8.5.0");
            ids.push(request.send().await.expect(status).header("x-request-id"));
        }
        let list = read(&app, &owner, &key.id, "requests").await;
        ids.reverse();
        assert_eq!(column(&list["data"], &["id"]).concat(), ids);
        assert_eq!((&list["meta"]["total"], &list["meta"]["next_cursor"]), (&json!(5), &Value::Null));
        let newest = &list["data"][0];
        assert_eq!(newest["at"], "2026-02-15T10:30:05Z");
        assert_eq!((&newest["method"], &newest["route"], &newest["class"]), (&json!("GET"), &json!("/v1/links/{id}"), &json!("read")));
        assert_eq!((&newest["status"], &newest["address"], &newest["user_agent"]), (&json!(404), &json!("203.0.113.9"), &json!("=curl/8.5.0")));
        assert!(newest["secret_id"].as_str().unwrap().starts_with("sec_"));
        for (query, statuses) in [
            ("status=404", vec![404]), ("status=4xx", vec![404, 403, 400, 400]), ("status=200,403", vec![403, 200]), ("status=5xx", vec![]),
            ("method=post", vec![400]), ("route=/v1/links", vec![400, 400, 200]), ("route=/v1/links&method=GET&status=2xx", vec![200]),
            ("from=2026-02-15T10:30:03Z&to=2026-02-15T10:30:05Z", vec![403, 400]),
        ] {
            let found = read(&app, &owner, &key.id, &format!("requests?{query}")).await;
            assert_eq!(column(&found["data"], &["status"]).concat(), statuses, "{query}");
            assert_eq!(found["meta"]["total"], statuses.len(), "{query}");
        }
        // Page by page, while new ones come in.
        let mut seen = Vec::new();
        let mut cursor = String::new();
        for _ in 0..3 {
            let page = read(&app, &owner, &key.id, &format!("requests?limit=2{cursor}")).await;
            seen.extend(column(&page["data"], &["id"]).concat());
            cursor = format!("&cursor={}", page["meta"]["next_cursor"].as_str().unwrap_or_default());
            app.get("/v1/me").bearer(&key.key).send().await.expect(200);
        }
        assert_eq!(seen, ids);
        assert_eq!(cursor, "&cursor=");
        let csv = app.get(&format!("/v1/api-keys/{}/requests?format=csv&status=404", key.id)).bearer(&owner.token).send().await.expect(200);
        let text = csv.text();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains(&ids[0]) && text.contains(",'=curl/8.5.0,"), "{text}");
        for (query, field) in [("status=99", "status"), ("status=xx", "status"), ("method=FETCH", "method"), ("cursor=x", "cursor"), ("limit=101", "limit"), ("page=2", "page")] {
            let refused = app.get(&format!("/v1/api-keys/{}/requests?{query}", key.id)).bearer(&owner.token).send().await.expect(400).json();
            assert_eq!(refused["errors"][0]["field"], field, "{query}: {refused}");
        }
    }

    async fn t19_what_a_key_did_is_seen_by_those_who_see_the_key(app: TestApp) {
        let owner = app.owner().await;
        let admin = member(&app, &owner, "admin").await;
        let personal = json!({"name": "Mine", "scopes": ["read"], "owner": "personal"});
        let personal = app.post("/v1/api-keys").bearer(&admin.token).json(personal).send().await.expect(201).json();
        let (id, key) = (personal["id"].as_str().unwrap(), personal["key"].as_str().unwrap());
        app.get("/v1/me").bearer(key).send().await.expect(200);
        let shared = app.key(&owner, json!(["all"])).await;
        let foreign = app.key(&other_workspace(&app, &owner).await, json!(["all"])).await;
        for what in ["usage", "requests", "limits"] {
            let path = format!("/v1/api-keys/{id}/{what}");
            app.get(&path).bearer(&owner.token).send().await.expect(200);
            for stranger in [&shared.key, &foreign.key] {
                assert_eq!(app.get(&path).bearer(stranger).send().await.expect(404).code(), "not_found");
            }
        }
    }
}

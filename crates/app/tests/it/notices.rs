//! What is told about keys: once, at the right moment, to those who may see the key.

use std::time::Duration;

use serde_json::{Value, json};
use tessera_app::Settings;
use tessera_app::settings::Limits;
use tessera_testkit::{Person, TestApp, both};

use crate::support::{again, member, other_workspace};

const DAY: Duration = Duration::from_secs(86_400);

fn two_a_day(settings: &mut Settings) {
    settings.plans.tiers.get_mut("standard").unwrap().requests = Limits { per_day: 2, ..Limits::NONE };
}

async fn told(app: &TestApp, owner: &Person, query: &str) -> Vec<Value> {
    let reply = app.get(&format!("/v1/notices{query}")).bearer(&owner.token).send().await.expect(200).json();
    assert_eq!(reply["meta"]["total"], reply["data"].as_array().unwrap().len());
    reply["data"].as_array().unwrap().clone()
}

both! {
    |settings| super::two_a_day(settings);

    async fn a_reached_limit_is_told_once_a_day(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read"])).await;
        let me = || async { app.get("/v1/me").bearer(&key.key).send().await.status };
        assert_eq!((me().await, me().await), (200, 200));
        app.app.flush().await.unwrap();
        assert_eq!(told(&app, &owner, "").await, Vec::<Value>::new());
        for _ in 0..5 {
            assert_eq!(me().await, 429);
            app.app.flush().await.unwrap();
        }
        let notices = told(&app, &owner, "?kind=api_key.limit_reached").await;
        assert_eq!(notices.len(), 1);
        assert_eq!((&notices[0]["api_key_id"], &notices[0]["api_key_name"]), (&json!(key.id), &json!("A key of this test")));
        assert_eq!(notices[0]["at"], "2026-02-15T10:30:00Z");
        assert_eq!(notices[0]["detail"], json!({"window": "day", "quota": 2, "limit_of": "plan", "class": null}));
        // A restart does not tell it again; the next day does.
        let app = app.restart().await;
        assert_eq!(app.get("/v1/me").bearer(&key.key).send().await.status, 429);
        app.app.flush().await.unwrap();
        assert_eq!(told(&app, &owner, "").await.len(), 1);
        app.clock.advance(DAY);
        for _ in 0..3 {
            app.get("/v1/me").bearer(&key.key).send().await;
        }
        app.app.flush().await.unwrap();
        let owner = again(&app, &owner).await;
        assert_eq!(told(&app, &owner, "?kind=api_key.limit_reached").await.len(), 2);
    }
}

both! {
    async fn s217_a_key_that_nobody_uses_is_flagged_and_told_of_once(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read"])).await;
        let view = |owner: Person| {
            let request = app.get(&format!("/v1/api-keys/{}", key.id)).bearer(&owner.token);
            async move { request.send().await.expect(200).json() }
        };
        let fresh = view(owner.clone()).await;
        assert_eq!((&fresh["last_used_at"], &fresh["is_unused"]), (&Value::Null, &json!(false)));
        app.clock.advance(30 * DAY - Duration::from_millis(1));
        app.app.sweep().await.unwrap();
        let owner = again(&app, &owner).await;
        assert_eq!(view(owner.clone()).await["is_unused"], false);
        assert_eq!(told(&app, &owner, "").await, Vec::<Value>::new());
        app.clock.advance(Duration::from_millis(1));
        for _ in 0..2 {
            app.app.sweep().await.unwrap();
        }
        assert_eq!(view(owner.clone()).await["is_unused"], true);
        let notices = told(&app, &owner, "").await;
        assert_eq!((notices.len(), &notices[0]["kind"], &notices[0]["detail"]), (1, &json!("api_key.unused"), &json!({"last_used_at": null})));
        // Used again, it is no longer unused, and thirty days later it is told of anew.
        app.get("/v1/me").bearer(&key.key).send().await.expect(200);
        assert_eq!(view(owner.clone()).await["is_unused"], false);
        app.clock.advance(30 * DAY);
        app.app.sweep().await.unwrap();
        let owner = again(&app, &owner).await;
        let notices = told(&app, &owner, &format!("?kind=api_key.unused&api_key_id={}", key.id)).await;
        assert_eq!((notices.len(), &notices[0]["detail"]), (2, &json!({"last_used_at": "2026-03-17T10:30:00Z"})));
    }

    async fn a_key_that_ends_within_a_week_is_told_of_once(app: TestApp) {
        let owner = app.owner().await;
        let expiring = json!({"name": "Short", "scopes": ["read"], "expires_at": "2026-02-22T10:30:01Z"});
        let made = app.post("/v1/api-keys").bearer(&owner.token).json(expiring).send().await.expect(201).json();
        app.app.sweep().await.unwrap();
        assert_eq!(told(&app, &owner, "").await, Vec::<Value>::new());
        app.clock.advance(Duration::from_secs(1));
        for _ in 0..2 {
            app.app.sweep().await.unwrap();
        }
        let notices = told(&app, &owner, "?kind=api_key.expiring").await;
        assert_eq!((notices.len(), &notices[0]["detail"]), (1, &json!({"expires_at": "2026-02-22T10:30:01Z"})));
        assert_eq!(notices[0]["api_key_id"], made["id"]);
        // A later end is another end.
        let path = format!("/v1/api-keys/{}", made["id"].as_str().unwrap());
        app.patch(&path).bearer(&owner.token).json(json!({"expires_at": "2026-02-20T00:00:00Z"})).send().await.expect(200);
        app.app.sweep().await.unwrap();
        assert_eq!(told(&app, &owner, "").await.len(), 2);
        // After ninety days it is forgotten, and the key is long past its end.
        app.clock.advance(90 * DAY + Duration::from_secs(1));
        app.app.sweep().await.unwrap();
        let owner = again(&app, &owner).await;
        assert_eq!(told(&app, &owner, "").await, Vec::<Value>::new());
    }

    async fn notices_are_seen_by_those_who_see_the_key(app: TestApp) {
        let owner = app.owner().await;
        let editor = member(&app, &owner, "admin").await;
        let personal = json!({"name": "Mine", "scopes": ["read"], "owner": "personal"});
        app.post("/v1/api-keys").bearer(&editor.token).json(personal).send().await.expect(201);
        let shared = app.key(&owner, json!(["all"])).await;
        let elsewhere = other_workspace(&app, &owner).await;
        let foreign = app.key(&elsewhere, json!(["all"])).await;
        app.clock.advance(30 * DAY);
        app.app.sweep().await.unwrap();
        let owner = again(&app, &owner).await;
        let names = |notices: &[Value]| notices.iter().map(|notice| notice["api_key_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let mut seen = names(&told(&app, &owner, "").await);
        seen.sort();
        assert_eq!(seen, ["A key of this test", "Mine"]);
        // A key sees the workspace's keys, and no member's; another workspace sees its own.
        for (key, id) in [(&shared.key, &shared.id), (&foreign.key, &foreign.id)] {
            let reply = app.get("/v1/notices").bearer(key).send().await.expect(200).json();
            assert_eq!((&reply["meta"]["total"], &reply["data"][0]["api_key_id"]), (&json!(1), &json!(id)));
        }
        let csv = app.get("/v1/notices?format=csv").bearer(&shared.key).send().await.expect(200).text();
        assert_eq!(csv.lines().count(), 2);
        assert!(csv.starts_with("id,at,kind,api_key_id,api_key_name,detail\r\nntc_"), "{csv}");
        for (query, field) in [("kind=api_key.lost", "kind"), ("api_key_id=link_1", "api_key_id"), ("limit=101", "limit"), ("cursor=x", "cursor")] {
            let refused = app.get(&format!("/v1/notices?{query}")).bearer(&shared.key).send().await.expect(400).json();
            assert_eq!(refused["errors"][0]["field"], field);
        }
        let first = app.get("/v1/notices?limit=1").bearer(&owner.token).send().await.expect(200).json();
        let cursor = first["meta"]["next_cursor"].as_str().unwrap();
        let second = app.get(&format!("/v1/notices?limit=1&cursor={cursor}")).bearer(&owner.token).send().await.expect(200).json();
        assert_ne!(first["data"][0]["id"], second["data"][0]["id"]);
        assert_eq!(second["meta"]["next_cursor"], Value::Null);
    }
}

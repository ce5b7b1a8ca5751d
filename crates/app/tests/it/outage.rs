//! When the database is gone or locked: what is in memory goes on, the rest says so, nothing is half-done.

use serde_json::json;
use tessera_testkit::{TestApp, both};

both! {
    |settings| settings.database.wait_ms_max = 300;

    async fn t14_a_database_that_is_gone_stops_writes_and_no_warm_redirect(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["all"])).await.key;
        let made = app.post("/v1/links").bearer(&key).json(json!({"destination_url": "https://example.org/warm", "alias": "warm"}));
        made.send().await.expect(201);
        app.get("/warm").send().await.expect(302);
        app.get("/v1/me").bearer(&key).send().await.expect(200);
        app.app.db.clone().close().await;

        for _ in 0..3 {
            assert_eq!(app.get("/warm").send().await.expect(302).header("location"), "https://example.org/warm");
        }
        app.get("/cold").send().await.expect(503);
        app.get("/v1/me").bearer(&key).send().await.expect(200);
        app.get("/healthz").send().await.expect(200);
        for (method, path, body) in [
            ("POST", "/v1/links", json!({"destination_url": "https://example.org/"})),
            ("GET", "/v1/links", json!(null)),
            ("POST", "/v1/api-keys", json!({"name": "x", "scopes": ["read"]})),
            ("POST", "/v1/auth/login", json!({"email": owner.email, "password": owner.password})),
            ("GET", "/readyz", json!(null)),
        ] {
            let request = app.request(method.parse().unwrap(), path).bearer(&key);
            let request = if body.is_null() { request } else { request.json(body) };
            let reply = request.send().await.expect(503);
            assert_eq!((reply.code().as_str(), reply.header("retry-after").as_str()), ("unavailable", "1"), "{method} {path}");
            assert!(!reply.text().to_lowercase().contains("sql"), "a cause left the server");
        }
    }
}

both! {
    |settings| settings.database.wait_ms_max = 300;

    async fn clicks_and_uses_wait_out_a_locked_database(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["all"])).await;
        app.post("/v1/links").bearer(&key.key).json(json!({"destination_url": "https://example.org/", "alias": "hold"})).send().await.expect(201);
        app.get("/hold").send().await.expect(302);
        app.app.flush().await.unwrap();
        let lock = app.app.db.begin().await.unwrap();
        for _ in 0..5 {
            app.get("/hold").send().await.expect(302);
        }
        if app.db.backend() == tessera_testkit::Backend::Sqlite {
            assert!(app.app.flush().await.is_err(), "the writer's place is taken");
        }
        drop(lock);
        app.app.flush().await.unwrap();
        let app = app.restart().await;
        let link = app.get("/v1/links?search=hold").bearer(&key.key).send().await.expect(200).json();
        assert_eq!(link["data"][0]["clicks"], 6);
    }
}

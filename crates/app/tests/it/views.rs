//! Saved views of analytics through the API.

use serde_json::{Value, json};
use tessera_testkit::{TestApp, both};

use crate::links::all_key;
use crate::support::{member, other_workspace};

async fn save(app: &TestApp, token: &str, name: &str, query: &str) -> Value {
    let view = app.post("/v1/views").bearer(token).json(json!({"name": name, "query": query}));
    view.send().await.expect(201).json()
}

async fn names(app: &TestApp, token: &str, parameters: &str) -> (Value, Value) {
    let list = app.get(&format!("/v1/views{parameters}")).bearer(token).send().await.expect(200).json();
    let names = list["data"].as_array().unwrap().iter().map(|view| view["name"].clone()).collect();
    (names, list["meta"].clone())
}

both! {
    async fn a_view_is_saved_read_changed_and_deleted(app: TestApp) {
        let owner = app.owner().await;
        let order = json!({"name": "  Scans in Germany ", "query": "range=30d&country=DE&trigger=qr"});
        let made = app.post("/v1/views").bearer(&owner.token).json(order).send().await.expect(201);
        let view = made.json();
        let at = made.header("location");
        assert_eq!(at, format!("/v1/views/{}", view["id"].as_str().unwrap()));
        assert_eq!(made.header("etag"), "\"v1\"");
        assert!(view["id"].as_str().unwrap().starts_with("view_"));
        assert_eq!(view["name"], "Scans in Germany");
        assert_eq!(view["query"], "range=30d&country=DE&trigger=qr");
        assert_eq!(view["created_by"], owner.user_id);
        assert_eq!(view["created_at"], view["updated_at"]);
        assert_eq!(app.get(&at).bearer(&owner.token).send().await.expect(200).json(), view);

        app.clock.advance(std::time::Duration::from_secs(60));
        let changed = app.patch(&at).bearer(&owner.token).json(json!({"query": "range=7d"})).send().await.expect(200);
        assert_eq!((changed.header("etag").as_str(), &changed.json()["query"]), ("\"v2\"", &json!("range=7d")));
        assert_eq!(changed.json()["name"], "Scans in Germany");
        assert_ne!(changed.json()["updated_at"], view["updated_at"]);
        // The same again is no change.
        let same = app.patch(&at).bearer(&owner.token).json(json!({"query": "range=7d"})).send().await.expect(200);
        assert_eq!(same.header("etag"), "\"v2\"");

        let late = || app.patch(&at).bearer(&owner.token).header("if-match", "\"v1\"").json(json!({"name": "Late"}));
        assert_eq!(late().send().await.expect(412).code(), "precondition_failed");
        assert_eq!(app.delete(&at).bearer(&owner.token).header("if-match", "\"v1\"").send().await.expect(412).code(), "precondition_failed");
        let put = app.request(http::Method::PUT, &at).bearer(&owner.token).header("if-match", "\"v2\"");
        assert_eq!(put.json(json!({"name": "Week"})).send().await.expect(200).header("etag"), "\"v3\"");
        app.delete(&at).bearer(&owner.token).header("if-match", "\"v3\"").send().await.expect(204);
        app.get(&at).bearer(&owner.token).send().await.expect(404);
        app.delete(&at).bearer(&owner.token).send().await.expect(404);

        let audit = app.get(&format!("/v1/audit?target={}", view["id"].as_str().unwrap())).bearer(&owner.token).send().await.expect(200).json();
        let rows = audit["data"].as_array().unwrap();
        let actions: Vec<_> = rows.iter().map(|row| row["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["view.deleted", "view.updated", "view.updated", "view.created"]);
        assert_eq!(rows[2]["change"]["before"], json!({"query": "range=30d&country=DE&trigger=qr"}));
        assert_eq!(rows[2]["change"]["after"], json!({"query": "range=7d"}));
    }

    async fn a_name_is_given_once_in_a_workspace_whatever_its_case(app: TestApp) {
        let owner = app.owner().await;
        save(&app, &owner.token, "Über alles", "").await;
        let second = save(&app, &owner.token, "Second", "").await;
        let again = json!({"name": "ÜBER ALLES", "query": "range=7d"});
        let taken = app.post("/v1/views").bearer(&owner.token).json(again.clone()).send().await.expect(409).json();
        assert_eq!((&taken["code"], &taken["errors"][0]["field"], &taken["errors"][0]["code"]), (&json!("conflict"), &json!("name"), &json!("taken")));
        let at = format!("/v1/views/{}", second["id"].as_str().unwrap());
        assert_eq!(app.patch(&at).bearer(&owner.token).json(json!({"name": "über Alles"})).send().await.expect(409).code(), "conflict");
        // A view may change the case of its own name, and another workspace has names of its own.
        app.patch(&at).bearer(&owner.token).json(json!({"name": "SECOND"})).send().await.expect(200);
        let elsewhere = other_workspace(&app, &owner).await;
        app.post("/v1/views").bearer(&elsewhere.token).json(again).send().await.expect(201);
        assert_eq!(names(&app, &elsewhere.token, "").await.0, json!(["ÜBER ALLES"]));
    }

    async fn what_is_wrong_with_a_view_is_said_at_once(app: TestApp) {
        let owner = app.owner().await;
        let ask = |body: Value| app.post("/v1/views").bearer(&owner.token).json(body);
        let fields = |problem: &Value| -> Vec<(String, String)> {
            let of = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
            problem["errors"].as_array().unwrap().iter().map(|error| (of(error, "field"), of(error, "code"))).collect()
        };
        let refused = ask(json!({"name": " ", "query": "?range=7d"})).send().await.expect(400).json();
        assert_eq!(fields(&refused), [("name".into(), "length".into()), ("query".into(), "format".into())]);
        let refused = ask(json!({"name": "a".repeat(65), "query": "a".repeat(2_049)})).send().await.expect(400).json();
        assert_eq!(fields(&refused), [("name".into(), "length".into()), ("query".into(), "length".into())]);
        let refused = ask(json!({"name": "a\nb", "query": "range=7d#x"})).send().await.expect(400).json();
        assert_eq!(fields(&refused), [("name".into(), "format".into()), ("query".into(), "format".into())]);
        assert_eq!(fields(&ask(json!({"name": "x"})).send().await.expect(400).json()), [("query".into(), "required".into())]);
        let longest = json!({"name": "ü".repeat(64), "query": "a".repeat(2_048)});
        let at = ask(longest).send().await.expect(201).header("location");
        let refused = app.patch(&at).bearer(&owner.token).json(json!({"name": null, "query": null})).send().await.expect(400).json();
        assert_eq!(fields(&refused), [("name".into(), "required".into()), ("query".into(), "required".into())]);
    }

    async fn views_come_by_name_and_a_cursor_goes_on_where_a_page_ended(app: TestApp) {
        let owner = app.owner().await;
        for name in ["delta", "Alpha", "charlie", "Bravo", "echo"] {
            save(&app, &owner.token, name, "").await;
        }
        let (first, meta) = names(&app, &owner.token, "?limit=2").await;
        assert_eq!((first, &meta["total"], &meta["page"]), (json!(["Alpha", "Bravo"]), &json!(5), &json!(1)));
        let cursor = meta["next_cursor"].as_str().unwrap().to_owned();
        save(&app, &owner.token, "Aardvark", "").await;
        let (second, meta) = names(&app, &owner.token, &format!("?limit=2&cursor={cursor}")).await;
        assert_eq!(second, json!(["charlie", "delta"]));
        let cursor = meta["next_cursor"].as_str().unwrap().to_owned();
        let (third, meta) = names(&app, &owner.token, &format!("?limit=2&cursor={cursor}")).await;
        assert_eq!((third, &meta["next_cursor"]), (json!(["echo"]), &Value::Null));
        assert_eq!(names(&app, &owner.token, "?limit=4&page=2").await.0, json!(["delta", "echo"]));
        assert_eq!(app.get("/v1/views?limit=101").bearer(&owner.token).send().await.expect(400).json()["errors"][0]["field"], "limit");
    }

    async fn everybody_opens_a_view_and_who_may_write_keeps_one(app: TestApp) {
        let owner = app.owner().await;
        let viewer = member(&app, &owner, "viewer").await;
        let editor = member(&app, &owner, "editor").await;
        let view = save(&app, &editor.token, "Week", "range=7d").await;
        let at = format!("/v1/views/{}", view["id"].as_str().unwrap());
        app.get(&at).bearer(&viewer.token).send().await.expect(200);
        for refused in [
            app.post("/v1/views").bearer(&viewer.token).json(json!({"name": "Mine", "query": ""})).send().await.expect(403),
            app.patch(&at).bearer(&viewer.token).json(json!({"name": "Mine"})).send().await.expect(403),
            app.delete(&at).bearer(&viewer.token).send().await.expect(403),
        ] {
            assert_eq!(refused.code(), "insufficient_scope");
            assert_eq!(refused.json()["detail"], "The role viewer does not include analytics.write.");
        }
        let key = app.key(&owner, json!(["analytics.write"])).await;
        assert_eq!(save(&app, &key.key, "By a program", "").await["created_by"], key.id);
        app.get("/v1/views").bearer(&key.key).send().await.expect(403);
    }

    async fn a_view_that_is_sent_twice_is_saved_once(app: TestApp) {
        let key = all_key(&app).await;
        let order = || app.post("/v1/views").bearer(&key).header("idempotency-key", "week").json(json!({"name": "Week", "query": "range=7d"}));
        let first = order().send().await.expect(201);
        let second = order().send().await.expect(201);
        assert_eq!(second.header("idempotent-replayed"), "true");
        assert_eq!((first.json(), first.header("location")), (second.json(), second.header("location")));
        assert_eq!(names(&app, &key, "").await.1["total"], 1);
    }

    async fn a_workspace_holds_two_hundred_views_also_when_asked_at_once(app: TestApp) {
        let owner = app.owner().await;
        for number in 0..196 {
            save(&app, &owner.token, &format!("View {number:03}"), "").await;
        }
        let app = std::sync::Arc::new(app);
        let saves: Vec<_> = (0..8).map(|number| {
            let (app, token) = (std::sync::Arc::clone(&app), owner.token.clone());
            let order = json!({"name": format!("At once {number}"), "query": ""});
            tokio::spawn(async move { app.post("/v1/views").bearer(&token).json(order).send().await })
        }).collect();
        let mut statuses = Vec::new();
        for save in saves {
            statuses.push(save.await.unwrap().status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 201, 201, 201, 409, 409, 409, 409]);
        assert_eq!(names(&app, &owner.token, "?limit=1").await.1["total"], 200);
    }
}

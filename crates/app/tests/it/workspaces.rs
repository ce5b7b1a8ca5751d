//! Workspaces: made, read, changed.

use serde_json::json;
use tessera_testkit::{Reply, TestApp, both};

use crate::support::{member, other_workspace};

fn fields(reply: &Reply) -> Vec<String> {
    reply.json()["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| error["field"].as_str().unwrap().to_owned())
        .collect()
}

both! {
    async fn a_workspace_is_read_and_changed_by_version(app: TestApp) {
        let owner = app.owner().await;
        let read = app.get("/v1/workspace").bearer(&owner.token).send().await.expect(200);
        assert_eq!(read.header("etag"), "\"v1\"");
        assert_eq!(read.json(), json!({"id": owner.workspace_id, "name": "Mosaic Works", "plan": "standard", "timezone": "UTC",
            "refuse_query_keys": false, "key_prefix": null, "created_at": "2026-02-15T10:30:00Z", "updated_at": "2026-02-15T10:30:00Z"}));
        let change = json!({"name": " Mosaics ", "timezone": "europe/berlin", "refuse_query_keys": true, "key_prefix": "mosaic_live_"});
        let changed = app.patch("/v1/workspace").bearer(&owner.token).header("if-match", "\"v1\"").json(change).send().await.expect(200);
        assert_eq!(changed.header("etag"), "\"v2\"");
        let body = changed.json();
        assert_eq!((body["name"].as_str(), body["timezone"].as_str()), (Some("Mosaics"), Some("Europe/Berlin")));
        assert_eq!((body["refuse_query_keys"].as_bool(), body["key_prefix"].as_str()), (Some(true), Some("mosaic_live_")));
        let stale = app.patch("/v1/workspace").bearer(&owner.token).header("if-match", "\"v1\"").json(json!({"name": "x"}));
        assert_eq!(stale.send().await.expect(412).code(), "precondition_failed");
        let same = app.patch("/v1/workspace").bearer(&owner.token).json(json!({"name": "Mosaics"})).send().await.expect(200);
        assert_eq!(same.header("etag"), "\"v2\"");
        let cleared = app.request(http::Method::PUT, "/v1/workspace").bearer(&owner.token).json(json!({"key_prefix": null}));
        assert_eq!(cleared.send().await.expect(200).json()["key_prefix"], json!(null));
    }

    async fn a_prefix_and_a_refusal_of_query_keys_act_on_the_next_request(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read"])).await;
        app.get(&format!("/v1/workspace?api_key={}", key.key)).send().await.expect(200);
        let change = json!({"refuse_query_keys": true, "key_prefix": "mosaic_live_"});
        app.patch("/v1/workspace").bearer(&owner.token).json(change).send().await.expect(200);
        app.get(&format!("/v1/workspace?api_key={}", key.key)).send().await.expect(401);
        app.get("/v1/workspace").bearer(&key.key).send().await.expect(200);
        assert!(app.key(&owner, json!(["read"])).await.key.starts_with("mosaic_live_"));
    }

    async fn everything_wrong_with_a_change_is_said_at_once_and_nothing_is_changed(app: TestApp) {
        let owner = app.owner().await;
        let change = json!({"name": "", "timezone": "Mars/Olympus", "key_prefix": "No Prefix", "refuse_query_keys": false});
        let reply = app.patch("/v1/workspace").bearer(&owner.token).json(change).send().await.expect(400);
        assert_eq!(fields(&reply), ["name", "timezone", "key_prefix"]);
        let reply = app.patch("/v1/workspace").bearer(&owner.token).json(json!({"nam": "x", "timezone": 5})).send().await.expect(400);
        let mut wrong = fields(&reply);
        wrong.sort();
        assert_eq!(wrong, ["nam", "timezone"]);
        assert_eq!(app.get("/v1/workspace").bearer(&owner.token).send().await.expect(200).header("etag"), "\"v1\"");
    }

    async fn a_person_makes_another_workspace_and_lists_their_own_only(app: TestApp) {
        let owner = app.owner().await;
        let editor = member(&app, &owner, "editor").await;
        app.clock.advance(std::time::Duration::from_secs(1));
        let made = app.post("/v1/workspaces").bearer(&editor.token).json(json!({"name": "Side Project"})).send().await.expect(201);
        assert_eq!(made.header("etag"), "\"v1\"");
        let id = made.json()["id"].clone();
        let list = app.get("/v1/workspaces").bearer(&editor.token).send().await.expect(200).json();
        assert_eq!(list, json!({"data": [
            {"id": owner.workspace_id, "name": "Mosaic Works", "role": "editor"},
            {"id": id, "name": "Side Project", "role": "owner"},
        ], "meta": {"total": 2, "page": 1, "limit": 20, "next_cursor": null}}));
        let second = app.get("/v1/workspaces?page=2&limit=1").bearer(&editor.token).send().await.expect(200).json();
        assert_eq!(second["data"], json!([{"id": id, "name": "Side Project", "role": "owner"}]));
        let owners = app.get("/v1/workspaces").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(owners["meta"]["total"], 1);
        assert_eq!(fields(&app.post("/v1/workspaces").bearer(&owner.token).json(json!({"name": " "})).send().await.expect(400)), ["name"]);
    }

    async fn changes_of_a_workspace_stand_in_its_own_chain(app: TestApp) {
        let owner = app.owner().await;
        let elsewhere = other_workspace(&app, &owner).await;
        app.patch("/v1/workspace").bearer(&elsewhere.token).json(json!({"name": "Far Away"})).send().await.expect(200);
        let actions = async |token: &str| {
            let list = app.get("/v1/audit").bearer(token).send().await.expect(200).json();
            let rows = list["data"].as_array().unwrap().clone();
            rows.iter().map(|row| row["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(actions(&elsewhere.token).await, ["workspace.updated", "workspace.created"]);
        assert_eq!(actions(&owner.token).await, ["workspace.created"]);
        assert_eq!(tessera_app::audit::verify(&app.app).await.unwrap().faults, []);
    }
}

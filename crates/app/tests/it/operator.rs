//! What who runs the deployment decides about workspaces acts on the next request.

use serde_json::{Value, json};
use tessera_testkit::{Person, Reply, TestApp, both};

use crate::support::{member, other_workspace};

async fn decide(app: &TestApp, operator: &Person, workspace: &Person, terms: Value) -> Reply {
    let path = format!("/v1/operator/workspaces/{}", workspace.workspace_id);
    app.patch(&path).bearer(&operator.token).json(terms).send().await
}

both! {
    |settings| settings.plans.tiers.insert("bare".to_owned(), tessera_app::settings::Plan::default());

    async fn s186_t22_a_lowered_plan_acts_on_the_next_request_of_a_key(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read"])).await.key;
        app.get("/v1/me").bearer(&key).send().await.expect(200);
        let lowered = decide(&app, &owner, &owner, json!({"plan": "bare"})).await.expect(200).json();
        assert_eq!((&lowered["plan"], &lowered["members"]), (&json!("bare"), &json!(1)));
        assert_eq!(app.get("/v1/me").bearer(&key).send().await.expect(403).code(), "plan_required");
        decide(&app, &owner, &owner, json!({"plan": "standard"})).await.expect(200);
        app.get("/v1/me").bearer(&key).send().await.expect(200);
    }

    async fn t22_a_suspension_acts_on_the_next_request_of_keys_and_people(app: TestApp) {
        let owner = app.owner().await;
        let viewer = member(&app, &owner, "viewer").await;
        let key = app.key(&owner, json!(["read"])).await.key;
        let all = [&owner.token, &viewer.token, &key];
        for credential in all {
            app.get("/v1/me").bearer(credential).send().await.expect(200);
        }
        let suspended = decide(&app, &owner, &owner, json!({"suspended": true})).await.expect(200).json();
        assert_eq!(suspended["suspended_at"], "2026-02-15T10:30:00Z");
        for credential in all {
            assert_eq!(app.get("/v1/me").bearer(credential).send().await.expect(403).code(), "workspace_suspended");
        }
        let resumed = decide(&app, &owner, &owner, json!({"suspended": false})).await.expect(200).json();
        assert_eq!(resumed["suspended_at"], json!(null));
        for credential in all {
            app.get("/v1/me").bearer(credential).send().await.expect(200);
        }
        let rows = app.get("/v1/audit").bearer(&owner.token).send().await.expect(200).json();
        let actions = rows["data"].as_array().unwrap().iter().filter(|row| row["action"] == "workspace.terms_changed");
        assert_eq!(actions.count(), 2);
    }

    async fn an_operator_finds_every_workspace_and_nobody_else_does(app: TestApp) {
        let owner = app.owner().await;
        let elsewhere = other_workspace(&app, &owner).await;
        let viewer = member(&app, &owner, "viewer").await;
        let list = async |query: &str| {
            let path = format!("/v1/operator/workspaces{query}");
            app.get(&path).bearer(&owner.token).send().await.expect(200).json()
        };
        let all = list("").await;
        assert_eq!((&all["meta"]["total"], &all["data"][0]["name"]), (&json!(2), &json!("Elsewhere")));
        assert_eq!(all["data"][1], json!({"id": owner.workspace_id, "name": "Mosaic Works", "plan": "standard",
            "suspended_at": null, "members": 2, "created_at": "2026-02-15T10:30:00Z"}));
        let first = list("?limit=1").await;
        let rest = list(&format!("?limit=1&cursor={}", first["meta"]["next_cursor"].as_str().unwrap())).await;
        assert_eq!((&rest["data"][0]["id"], &rest["meta"]["next_cursor"]), (&json!(owner.workspace_id), &json!(null)));
        let found = list("?search=ELSE").await;
        assert_eq!((&found["meta"]["total"], &found["data"][0]["id"]), (&json!(1), &json!(elsewhere.workspace_id)));
        assert_eq!(list("?search=%25").await["meta"]["total"], 0);
        let refused = app.get("/v1/operator/workspaces").bearer(&viewer.token).send().await.expect(403);
        assert_eq!(refused.code(), "insufficient_scope");
    }

    async fn a_plan_that_the_settings_do_not_name_is_refused_with_those_they_do(app: TestApp) {
        let owner = app.owner().await;
        let reply = decide(&app, &owner, &owner, json!({"plan": "gold"})).await.expect(400).json();
        assert_eq!(reply["errors"][0]["field"], "plan");
        assert!(reply["errors"][0]["message"].as_str().unwrap().contains("bare, standard"), "{reply}");
    }
}

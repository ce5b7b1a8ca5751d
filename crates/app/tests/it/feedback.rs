//! What readers say of the guides, through the API.

use serde_json::{Value, json};
use tessera_testkit::{TestApp, both};

use crate::support::{member, other_workspace};

async fn give(app: &TestApp, token: &str, body: Value) {
    let reply = app.post("/v1/feedback").bearer(token).json(body).send().await.expect(204);
    assert_eq!(reply.text(), "");
}

async fn list(app: &TestApp, token: &str, parameters: &str) -> Value {
    app.get(&format!("/v1/feedback{parameters}")).bearer(token).send().await.expect(200).json()
}

both! {
    async fn what_a_person_says_last_of_an_article_counts(app: TestApp) {
        let owner = app.owner().await;
        let viewer = member(&app, &owner, "viewer").await;
        give(&app, &owner.token, json!({"article": "api-keys", "is_helpful": false, "comment": " Too short\nfor me "})).await;
        app.clock.advance(std::time::Duration::from_secs(1));
        give(&app, &viewer.token, json!({"article": "api-keys", "is_helpful": true, "comment": "Fine"})).await;
        give(&app, &viewer.token, json!({"article": "bulk", "is_helpful": true})).await;
        let told = list(&app, &owner.token, "").await;
        assert_eq!(told["meta"]["total"], 2);
        let of_keys = &told["data"][0];
        assert_eq!((&of_keys["article"], &of_keys["helpful"], &of_keys["unhelpful"]), (&json!("api-keys"), &json!(1), &json!(1)));
        let comments: Vec<_> = of_keys["comments"].as_array().unwrap().iter().map(|one| (one["comment"].as_str().unwrap(), one["is_helpful"].as_bool().unwrap())).collect();
        assert_eq!(comments, [("Fine", true), ("Too short\nfor me", false)]);
        assert_eq!(told["data"][1], json!({"article": "bulk", "helpful": 1, "unhelpful": 0, "comments": []}));

        // Said again, without a comment this time.
        give(&app, &owner.token, json!({"article": "api-keys", "is_helpful": true, "comment": "  "})).await;
        let told = list(&app, &owner.token, "").await;
        assert_eq!((&told["data"][0]["helpful"], &told["data"][0]["unhelpful"]), (&json!(2), &json!(0)));
        assert_eq!(told["data"][0]["comments"].as_array().map(Vec::len), Some(1));
        let audit = app.get("/v1/audit?action=feedback.given").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!((&audit["meta"]["total"], &audit["data"][0]["target"]), (&json!(4), &json!("api-keys")));
        assert_eq!(audit["data"][0]["change"]["after"], json!({"is_helpful": true}), "a comment can be taken back, an audit row cannot");
    }

    async fn a_personal_key_speaks_for_its_owner_and_any_other_for_itself(app: TestApp) {
        let owner = app.owner().await;
        let order = json!({"name": "mine", "scopes": ["links.read"], "owner": "personal"});
        let mine = app.post("/v1/api-keys").bearer(&owner.token).json(order).send().await.expect(201).json();
        let shared = app.key(&owner, json!(["links.read"])).await;
        for token in [&owner.token, mine["key"].as_str().unwrap(), &shared.key] {
            give(&app, token, json!({"article": "bulk", "is_helpful": true, "comment": "Good"})).await;
        }
        let told = list(&app, &owner.token, "").await;
        assert_eq!(told["data"][0]["helpful"], 2);
        let mut by: Vec<_> = told["data"][0]["comments"].as_array().unwrap().iter().map(|one| one["created_by"].as_str().unwrap().to_owned()).collect();
        by.sort_unstable();
        assert_eq!(by, [shared.id, owner.user_id]);
    }

    async fn feedback_is_read_by_admins_of_its_own_workspace(app: TestApp) {
        let owner = app.owner().await;
        let editor = member(&app, &owner, "editor").await;
        let admin = member(&app, &owner, "admin").await;
        give(&app, &editor.token, json!({"article": "bulk", "is_helpful": true})).await;
        assert_eq!(app.get("/v1/feedback").bearer(&editor.token).send().await.expect(403).code(), "insufficient_scope");
        let key = app.key(&owner, json!(["all"])).await.key;
        assert_eq!(app.get("/v1/feedback").bearer(&key).send().await.expect(403).code(), "person_required");
        assert_eq!(list(&app, &admin.token, "").await["meta"]["total"], 1);
        let elsewhere = other_workspace(&app, &owner).await;
        assert_eq!(list(&app, &elsewhere.token, "").await["meta"]["total"], 0);
    }

    async fn the_latest_five_comments_of_each_article_are_shown_and_pages_go_on(app: TestApp) {
        let owner = app.owner().await;
        for number in 0..7 {
            let key = app.key(&owner, json!(["links.read"])).await.key;
            app.clock.advance(std::time::Duration::from_secs(1));
            give(&app, &key, json!({"article": "bulk", "is_helpful": number > 2, "comment": format!("Number {number}")})).await;
        }
        for article in ["analytics", "operating", "privacy"] {
            give(&app, &owner.token, json!({"article": article, "is_helpful": true})).await;
        }
        let told = list(&app, &owner.token, "?limit=2").await;
        assert_eq!((&told["meta"]["total"], &told["data"][0]["article"]), (&json!(4), &json!("analytics")));
        assert_eq!((&told["data"][1]["helpful"], &told["data"][1]["unhelpful"]), (&json!(4), &json!(3)));
        let comments: Vec<_> = told["data"][1]["comments"].as_array().unwrap().iter().map(|one| one["comment"].as_str().unwrap()).collect();
        assert_eq!(comments, ["Number 6", "Number 5", "Number 4", "Number 3", "Number 2"]);
        let cursor = told["meta"]["next_cursor"].as_str().unwrap();
        let rest = list(&app, &owner.token, &format!("?limit=2&cursor={cursor}")).await;
        let articles: Vec<_> = rest["data"].as_array().unwrap().iter().map(|one| one["article"].as_str().unwrap()).collect();
        assert_eq!((articles, &rest["meta"]["next_cursor"]), (vec!["operating", "privacy"], &Value::Null));
    }

    async fn feedback_on_what_is_no_article_is_refused_by_field(app: TestApp) {
        let owner = app.owner().await;
        let wrong = json!({"article": "API keys", "is_helpful": true, "comment": "ü".repeat(1_001)});
        let refused = app.post("/v1/feedback").bearer(&owner.token).json(wrong).send().await.expect(400).json();
        let fields: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| (error["field"].as_str().unwrap(), error["code"].as_str().unwrap())).collect();
        assert_eq!(fields, [("article", "format"), ("comment", "length")]);
        let refused = app.post("/v1/feedback").bearer(&owner.token).json(json!({"article": "bulk"})).send().await.expect(400).json();
        assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("is_helpful"), &json!("required")));
        app.post("/v1/feedback").json(json!({"article": "bulk", "is_helpful": true})).send().await.expect(401);
        give(&app, &owner.token, json!({"article": "bulk", "is_helpful": true, "comment": "ü".repeat(1_000)})).await;
        assert_eq!(list(&app, &owner.token, "").await["meta"]["total"], 1);
    }
}

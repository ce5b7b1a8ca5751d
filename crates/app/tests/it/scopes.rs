//! Who may hand on what, and what becomes of a key when its ground shifts.

use serde_json::{Value, json};
use tessera_keys::{Grant, Preset, Scope, ScopeSet};
use tessera_testkit::{TestApp, both};
use tessera_types::{Chance, SeededChance, Stream};

use crate::support::{again, member};

/// A set of scopes by chance, always with those that minting itself takes.
fn some_scopes(chance: &SeededChance) -> ScopeSet {
    let mut coins = vec![0u8; Scope::ALL.len()];
    chance.fill(Stream::Salt, &mut coins);
    let minting = [Scope::ApiKeysCreate, Scope::ApiKeysUpdate, Scope::ApiKeysRead];
    Scope::ALL
        .iter()
        .zip(coins)
        .filter(|(_, coin)| coin % 3 == 0)
        .map(|(scope, _)| *scope)
        .chain(minting)
        .collect()
}

fn names(scopes: ScopeSet) -> Value {
    json!(scopes.iter().map(Scope::as_str).collect::<Vec<_>>())
}

/// What a key can do, asked of the server with the key itself.
async fn effective(app: &TestApp, key: &str) -> ScopeSet {
    let me = app.get("/v1/me").bearer(key).send().await.expect(200).json();
    me["scopes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().parse::<Scope>().unwrap())
        .collect()
}

both! {
    async fn t01_no_key_mints_imports_changes_or_rotates_beyond_itself(app: TestApp) {
        let owner = app.owner().await;
        let chance = SeededChance::new(11);
        let strong = app.key(&owner, json!(["all"])).await;
        for _ in 0..12 {
            let minter_scopes = some_scopes(&chance);
            let minter = app.key(&owner, names(minter_scopes)).await;
            let own = app.key(&owner, names(minter_scopes)).await;
            let half: ScopeSet = minter_scopes.iter().step_by(2).collect();
            let requests = [
                json!([]), Value::Null, json!(["*"]), json!(["links.*"]), json!([""]), json!(["ALL"]), json!(["all"]), json!(["read_write"]),
                json!(["read"]), json!(["all", "all"]), names(some_scopes(&chance)), names(half), names(minter_scopes), json!("all"), json!([null]), json!({}),
            ];
            for request in requests.into_iter().map(Some).chain([None]) {
                let mut body = json!({"name": "child"});
                if let Some(scopes) = &request {
                    body["scopes"] = scopes.clone();
                }
                let reply = app.post("/v1/api-keys").bearer(&minter.key).json(&body).send().await;
                match reply.status {
                    201 => {
                        let child = effective(&app, reply.json()["key"].as_str().unwrap()).await;
                        assert!(child.is_subset(minter_scopes), "{request:?} gave {child} to a child of {minter_scopes}");
                    }
                    status => assert!([400, 403].contains(&status), "{request:?}: {}", reply.text()),
                }
                // The same words in a change of a key within reach.
                if request.is_some() {
                    let path = format!("/v1/api-keys/{}", own.id);
                    let reply = app.patch(&path).bearer(&minter.key).json(json!({"scopes": body["scopes"]})).send().await;
                    assert!([200, 400, 403].contains(&reply.status), "{}", reply.text());
                    assert!(effective(&app, &own.key).await.is_subset(minter_scopes));
                }
            }
            // A stronger key's secret is out of reach, and so is waking or widening it.
            if minter_scopes != ScopeSet::all() {
                let path = format!("/v1/api-keys/{}", strong.id);
                for reply in [
                    app.post(&format!("{path}/rotate")).bearer(&minter.key).json(json!({})).send().await,
                    app.patch(&path).bearer(&minter.key).json(json!({"is_active": true})).send().await,
                    app.patch(&path).bearer(&minter.key).json(json!({"expires_at": null})).send().await,
                ] {
                    assert_eq!(reply.expect(403).code(), "insufficient_scope");
                }
            }
            app.delete(&format!("/v1/api-keys/{}", own.id)).bearer(&owner.token).send().await.expect(204);
        }
    }

    async fn t01_a_list_never_hands_on_a_preset_that_would_grow(app: TestApp) {
        let owner = app.owner().await;
        let minter = app.key(&owner, names(ScopeSet::all())).await;
        let child = app.post("/v1/api-keys").bearer(&minter.key).json(json!({"name": "child", "scopes": ["all"]}));
        let child = child.send().await.expect(201).json();
        assert_eq!(child["scopes"].as_array().map(Vec::len), Some(Scope::ALL.len()), "stored as today's list, not as the preset");
        let preset = app.key(&owner, json!(["all"])).await;
        let grandchild = app.post("/v1/api-keys").bearer(&preset.key).json(json!({"name": "child", "scopes": ["read"]}));
        assert_eq!(grandchild.send().await.expect(201).json()["scopes"], json!(["read"]));
    }

    async fn s019_s020_s025_s135_the_presets_are_what_they_say(app: TestApp) {
        let owner = app.owner().await;
        for preset in [Preset::Read, Preset::ReadWrite, Preset::All] {
            let key = app.key(&owner, json!([preset.as_str()])).await;
            assert_eq!(effective(&app, &key.key).await, Grant::Preset(preset).scopes());
        }
    }

    async fn s157_s166_t22_a_personal_key_shrinks_and_dies_with_its_member(app: TestApp) {
        let owner = app.owner().await;
        let admin = member(&app, &owner, "admin").await;
        let body = json!({"name": "mine", "scopes": ["all"], "owner": "personal"});
        let mine = app.post("/v1/api-keys").bearer(&admin.token).json(body.clone()).send().await.expect(201).json();
        let key = mine["key"].as_str().unwrap();
        assert_eq!(mine["owner"], "personal");
        assert_eq!(effective(&app, key).await, ScopeSet::all());
        // No key makes a personal key, and another key neither sees nor ends this one.
        let other = app.key(&owner, json!(["all"])).await;
        assert_eq!(app.post("/v1/api-keys").bearer(&other.key).json(body).send().await.expect(403).code(), "person_required");
        let path = format!("/v1/api-keys/{}", mine["id"].as_str().unwrap());
        app.get(&path).bearer(&other.key).send().await.expect(404);
        app.delete(&path).bearer(&other.key).send().await.expect(404);
        app.post(&format!("{path}/revoke")).bearer(&other.key).send().await.expect(404);
        let list = app.get("/v1/api-keys").bearer(&other.key).send().await.expect(200);
        assert!(!list.text().contains(mine["id"].as_str().unwrap()));

        // The role sinks: so does the key, on its next request.
        let me = app.get("/v1/members").bearer(&owner.token).send().await.expect(200).json();
        let user = me["data"].as_array().unwrap().iter().find(|row| row["role"] == "admin").unwrap()["user_id"].as_str().unwrap().to_owned();
        let role = |role: &str| app.patch(&format!("/v1/members/{user}")).bearer(&owner.token).json(json!({"role": role}));
        role("viewer").send().await.expect(200);
        assert_eq!(effective(&app, key).await, Preset::Read.scopes());
        role("admin").send().await.expect(200);
        assert_eq!(effective(&app, key).await, ScopeSet::all());
        // The member goes: so does the key, for good.
        app.delete(&format!("/v1/members/{user}")).bearer(&owner.token).send().await.expect(204);
        assert_eq!(app.get("/v1/me").bearer(key).send().await.expect(401).code(), "api_key_inactive");
        assert_eq!(app.get("/v1/me").bearer(&admin.token).send().await.status, 401);
    }

    async fn s235_a_workspace_has_a_prefix_of_its_own_and_may_refuse_keys_in_the_query(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read"])).await.key;
        app.get(&format!("/v1/me?api_key={key}")).send().await.expect(200);
        app.patch("/v1/workspace").bearer(&owner.token).json(json!({"refuse_query_keys": true})).send().await.expect(200);
        app.get(&format!("/v1/me?api_key={key}")).send().await.expect(401);
        app.get("/v1/me").bearer(&key).send().await.expect(200);
        // A prefix of its own: for new keys only.
        app.patch("/v1/workspace").bearer(&owner.token).json(json!({"key_prefix": "growqr_live_"})).send().await.expect(200);
        assert!(app.key(&owner, json!(["read"])).await.key.starts_with("growqr_live_"));
        app.get("/v1/me").bearer(&key).send().await.expect(200);
        let owner = again(&app, &owner).await;
        for wrong in ["growqr", "Growqr_", "_".repeat(25).as_str(), ""] {
            let reply = app.patch("/v1/workspace").bearer(&owner.token).json(json!({"key_prefix": wrong})).send().await.expect(400);
            assert_eq!(reply.json()["errors"][0]["field"], "key_prefix", "{wrong:?}");
        }
    }
}

both! {
    |settings| settings.plans.tiers.get_mut("standard").expect("the example's tier").keys_max = 3;

    async fn s187_a_plan_holds_as_many_keys_as_it_says_also_when_asked_at_once(app: TestApp) {
        let owner = app.owner().await;
        let app = std::sync::Arc::new(app);
        let mints: Vec<_> = (0..8).map(|_| {
            let (app, token) = (std::sync::Arc::clone(&app), owner.token.clone());
            tokio::spawn(async move { app.post("/v1/api-keys").bearer(&token).json(json!({"name": "k", "scopes": ["read"]})).send().await })
        }).collect();
        let mut statuses = Vec::new();
        for mint in mints {
            statuses.push(mint.await.unwrap().status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 201, 201, 403, 403, 403, 403, 403]);
    }
}

both! {
    |settings| settings.plans.tiers.get_mut("standard").expect("the example's tier").api_access = false;

    async fn s089_s090_s106_a_plan_without_api_access_refuses_keys_and_not_people(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["all"])).await.key;
        assert_eq!(app.get("/v1/me").bearer(&key).send().await.expect(403).code(), "plan_required");
        app.get("/v1/me").bearer(&owner.token).send().await.expect(200);
    }
}

both! {
    |settings| settings.keys.query_parameter = tessera_app::settings::QueryParameter::Refuse;

    async fn a_deployment_may_refuse_keys_in_the_query(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read"])).await.key;
        app.get(&format!("/v1/me?api_key={key}")).send().await.expect(401);
        app.get("/v1/me").bearer(&key).send().await.expect(200);
    }
}

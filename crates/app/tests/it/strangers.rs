//! The strangers' test: every operation of the OpenAPI document, asked by those who may not.
//!
//! Nothing here names an operation. One that is added is tested the day it is added, and one that forgets to
//! say what it needs fails.

use serde_json::{Value, json};
use tessera_keys::{Role, Scope, ScopeSet};
use tessera_testkit::{Person, TestApp, both};

use crate::support::{ask, member, operations, other_workspace};

/// The only operations that anybody may call.
const PUBLIC: [&str; 11] = [
    "acceptInvitation",
    "healthz",
    "logIn",
    "metrics",
    "readyz",
    "refresh",
    "reportSecrets",
    "resetPassword",
    "revokeCredentials",
    "setUp",
    "signUp",
];

fn needs(operation: &Value) -> &str {
    operation["x-needs"].as_str().unwrap_or("public")
}

/// The path with ids in it: those given by kind, else ids that nothing has.
fn filled(template: &str, ids: &[(&str, &str)]) -> String {
    let mut path = template.to_owned();
    let parameter = |path: &str| {
        path.find('{').map(|start| (start, path[start..].find('}').map_or(path.len(), |end| start + end + 1)))
    };
    while let Some((start, end)) = parameter(&path) {
        let (_, id) = ids
            .iter()
            .find(|(place, _)| template.starts_with(place))
            .unwrap_or(&("", "none_01jd8qd4vkf4ktabjqvqxgqzne"));
        path.replace_range(start..end, id);
    }
    path
}

async fn key_with(app: &TestApp, owner: &Person, scopes: ScopeSet) -> String {
    let names: Vec<&str> = scopes.iter().map(Scope::as_str).collect();
    app.key(owner, json!(names)).await.key
}

both! {
    async fn s011_s016_t03_every_operation_refuses_a_stranger_whoever_they_say_they_are(app: TestApp) {
        let unknown = tessera_keys::PlainKey::mint(&"tsr_live_".parse().unwrap(), &tessera_types::SeededChance::new(3));
        for (index, (method, path, operation)) in operations().into_iter().enumerate() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            if needs(&operation) == "public" {
                assert!(PUBLIC.contains(&id), "{method} {path} ({id}) says nobody needs a credential for it");
                continue;
            }
            let from = format!("198.51.100.{}", index % 250);
            let bare = ask(&app, &method, &filled(&path, &[])).from(&from);
            // t03: a body or a header that names somebody makes nobody of them.
            let claim = json!({"user_id": "usr_01jd8qd4vkf4ktabjqvqxgqzne", "userId": "1", "workspace_id": "ws_01jd8qd4vkf4ktabjqvqxgqzne"});
            let bare = if ["GET", "DELETE"].contains(&method.as_str()) { bare } else { bare.json(claim) };
            let bare = bare.header("x-user-id", "1").send().await.expect(401);
            assert_eq!((bare.code().as_str(), bare.header("www-authenticate").as_str()), ("unauthorized", "Bearer"), "{method} {path}");
            for text in [unknown.expose(), "nonsense", "eyJhbGciOiJub25lIn0.e30."] {
                let reply = ask(&app, &method, &filled(&path, &[])).from(&from).bearer(text).send().await.expect(401);
                assert!(["unauthorized", "session_ended"].contains(&reply.code().as_str()), "{method} {path} {text}");
            }
        }
    }

    async fn s013_s031_s146_s147_every_operation_wants_its_own_scope_and_no_other_will_do(app: TestApp) {
        let owner = app.owner().await;
        let mut asked = 0;
        for (method, path, operation) in operations() {
            let Ok(scope) = needs(&operation).parse::<Scope>() else { continue };
            let lacking = key_with(&app, &owner, ScopeSet::all().difference([scope].into_iter().collect())).await;
            let reply = ask(&app, &method, &filled(&path, &[])).bearer(&lacking).send().await.expect(403);
            assert_eq!(reply.code(), "insufficient_scope", "{method} {path}");
            assert_eq!(reply.json()["detail"], format!("This API key lacks the scope {}.", scope.as_str()));
            let having = key_with(&app, &owner, [scope].into_iter().collect()).await;
            let reply = ask(&app, &method, &filled(&path, &[])).bearer(&having).send().await;
            assert!(![401, 403, 405, 500, 503].contains(&reply.status), "{method} {path} with {}: {}", scope.as_str(), reply.text());
            asked += 1;
        }
        assert!(asked >= 25, "only {asked} operations name a scope");
    }

    async fn s015_s018_s225_s226_s227_every_role_may_do_what_its_scopes_say_and_nothing_else(app: TestApp) {
        let owner = app.owner().await;
        for role in [Role::Viewer, Role::Editor, Role::Admin, Role::Owner] {
            let person = if role == Role::Owner { owner.clone() } else { member(&app, &owner, role.as_str()).await };
            for (method, path, operation) in operations() {
                let need = needs(&operation);
                let allowed = match (need.parse::<Scope>(), need.strip_prefix("role:")) {
                    (Ok(scope), _) => role.scopes().contains(scope),
                    (_, Some(least)) => role >= least.parse().unwrap(),
                    // The owner of these tests has set the deployment up; nobody else runs it.
                    _ if need == "operator" => role == Role::Owner,
                    _ => continue,
                };
                let reply = ask(&app, &method, &filled(&path, &[])).bearer(&person.token).send().await;
                if allowed {
                    assert!(![401, 403, 405, 500, 503].contains(&reply.status), "{} {method} {path}: {}", role.as_str(), reply.text());
                } else {
                    assert_eq!((reply.status, reply.code().as_str()), (403, "insufficient_scope"), "{} {method} {path}", role.as_str());
                }
            }
        }
    }

    async fn s173_s175_s176_t02_no_key_does_what_only_people_may(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["all"])).await.key;
        let mut asked = 0;
        for (method, path, operation) in operations() {
            if ["person", "operator"].contains(&needs(&operation)) || needs(&operation).starts_with("role:") {
                let reply = ask(&app, &method, &filled(&path, &[])).bearer(&key).send().await.expect(403);
                assert_eq!(reply.code(), "person_required", "{method} {path}");
                asked += 1;
            }
        }
        assert!(asked >= 8, "only {asked} operations are for people");
    }

    async fn s014_t19_what_is_foreign_and_what_is_not_there_look_the_same(app: TestApp) {
        let owner = app.owner().await;
        let elsewhere = other_workspace(&app, &owner).await;
        let link = app.post("/v1/links").bearer(&elsewhere.token).json(json!({"destination_url": "https://example.org/"}));
        let link = link.send().await.expect(201).json()["id"].as_str().unwrap().to_owned();
        let key = app.key(&elsewhere, json!(["read"])).await;
        let invitation = app.post("/v1/invitations").bearer(&elsewhere.token).json(json!({"role": "viewer"}));
        let invitation = invitation.send().await.expect(201).json()["id"].as_str().unwrap().to_owned();
        let code = crate::qr_codes::make(&app, &elsewhere.token, json!({"name": "Menu", "destination_url": "https://example.org/"})).await;
        let code = code["id"].as_str().unwrap().to_owned();
        let template = app.post("/v1/templates").bearer(&elsewhere.token).json(json!({"name": "Spring", "style": {}}));
        let template = template.send().await.expect(201).json()["id"].as_str().unwrap().to_owned();
        let view = app.post("/v1/views").bearer(&elsewhere.token).json(json!({"name": "Week", "query": "range=7d"}));
        let view = view.send().await.expect(201).json()["id"].as_str().unwrap().to_owned();
        let foreign = [("/v1/views", view.as_str()), ("/v1/qr-codes", code.as_str()), ("/v1/templates", template.as_str()), ("/v1/links", link.as_str()), ("/v1/analytics/links", link.as_str()), ("/v1/api-keys", key.id.as_str()), ("/v1/invitations", invitation.as_str())];
        let absent = [
            ("/v1/views", "view_01jd8qd4vkf4ktabjqvqxgqzne"),
            ("/v1/qr-codes", "qr_01jd8qd4vkf4ktabjqvqxgqzne"), ("/v1/templates", "tpl_01jd8qd4vkf4ktabjqvqxgqzne"),
            ("/v1/links", "link_01jd8qd4vkf4ktabjqvqxgqzne"), ("/v1/analytics/links", "link_01jd8qd4vkf4ktabjqvqxgqzne"), ("/v1/api-keys", "key_01jd8qd4vkf4ktabjqvqxgqzne"),
            ("/v1/invitations", "inv_01jd8qd4vkf4ktabjqvqxgqzne"),
        ];
        let own_key = app.key(&owner, json!(["all"])).await.key;
        let mut asked = 0;
        for (method, path, operation) in operations() {
            if !foreign.iter().any(|(place, _)| path.starts_with(place) && path.contains('{')) {
                continue;
            }
            let credentials = if needs(&operation).starts_with("role:") { vec![&owner.token] } else { vec![&owner.token, &own_key] };
            for credential in credentials {
                let mut bodies = Vec::new();
                for ids in [&foreign, &absent] {
                    let request = ask(&app, &method, &filled(&path, ids)).bearer(credential);
                    let request = if ["GET", "DELETE"].contains(&method.as_str()) { request } else { request.json(json!({})) };
                    let mut body = request.send().await.expect(404).json();
                    body.as_object_mut().unwrap().remove("request_id");
                    bodies.push(body);
                }
                assert_eq!(bodies[0], bodies[1], "{method} {path}");
                assert_eq!(bodies[0]["code"], "not_found");
                asked += 1;
            }
        }
        assert!(asked >= 30, "only {asked} asked");
        // Nothing of it was touched.
        app.get("/v1/me").bearer(&key.key).send().await.expect(200);
        app.get(&format!("/v1/links/{link}")).bearer(&elsewhere.token).send().await.expect(200);
        for list in ["/v1/links", "/v1/api-keys?search=test", "/v1/audit"] {
            let text = app.get(list).bearer(&owner.token).send().await.expect(200).text();
            assert!(!text.contains(&link) && !text.contains(&key.id), "{list}");
        }
    }

    async fn s116_a_wrong_method_is_refused_with_the_right_ones(app: TestApp) {
        let mut paths: Vec<_> = operations().into_iter().map(|(_, path, _)| path).collect();
        paths.dedup();
        for path in paths {
            let reply = ask(&app, "TRACE", &filled(&path, &[])).send().await.expect(405);
            assert_eq!(reply.code(), "method_not_allowed", "{path}");
            assert!(!reply.header("allow").is_empty(), "{path}");
        }
    }

    async fn every_operation_is_documented_whole(app: TestApp) {
        let _ = app;
        for (method, path, operation) in operations() {
            let name = format!("{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 5), "{name} has no summary");
            assert!(operation["operationId"].is_string(), "{name} has no operation id");
            assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name} is in no one group");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2') || status.starts_with('3')), "{name} never succeeds");
            for status in ["400", "500", "503"] {
                assert!(responses.contains_key(status), "{name} does not name {status}");
            }
        }
    }
}

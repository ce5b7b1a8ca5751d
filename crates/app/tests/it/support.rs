//! Short ways to people and places that many tests need.

use serde_json::{Value, json};
use tessera_testkit::{PASSWORD, Person, TestApp};

/// A member of the owner's workspace in this role, invited and logged in.
pub async fn member(app: &TestApp, owner: &Person, role: &str) -> Person {
    let invitation = app.post("/v1/invitations").bearer(&owner.token).json(json!({"role": role}));
    let invitation = invitation.send().await.expect(201).json();
    let url = invitation["invite_url"].as_str().expect("an invitation shows its link once");
    let token = url.split_once("token=").expect("the link carries a token").1;
    let email = format!("{role}@example.com");
    let accept = json!({"token": token, "email": email, "password": PASSWORD});
    app.post("/v1/auth/accept-invitation").json(accept).send().await.expect(201);
    let token = app.log_in(&email, PASSWORD).await;
    Person { email, token, ..owner.clone() }
}

/// A second workspace, seen by its owner.
pub async fn other_workspace(app: &TestApp, owner: &Person) -> Person {
    // Later than the first, so that a login without a wish still goes to the first.
    app.clock.advance(std::time::Duration::from_secs(1));
    let made = app.post("/v1/workspaces").bearer(&owner.token).json(json!({"name": "Elsewhere"}));
    let workspace_id = made.send().await.expect(201).json()["id"].as_str().expect("an id").to_owned();
    let login = json!({"email": owner.email, "password": owner.password, "workspace_id": workspace_id});
    let answer = app.post("/v1/auth/login").json(login).send().await.expect(200).json();
    let token = answer["access_token"].as_str().expect("a token").to_owned();
    Person { workspace_id, token, ..owner.clone() }
}

/// Every operation of the contract: method, path template, the operation.
pub fn operations() -> Vec<(String, String, Value)> {
    let paths = tessera_app::http::document()["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods =
                item.as_object().into_iter().flatten().filter(|(_, operation)| operation.is_object());
            methods.map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
        })
        .collect()
}

/// The same person, logged in anew.
pub async fn again(app: &TestApp, person: &Person) -> Person {
    Person { token: app.log_in(&person.email, &person.password).await, ..person.clone() }
}

/// A request by the names the contract uses.
pub fn ask(app: &TestApp, method: &str, path: &str) -> tessera_testkit::Request {
    app.request(method.parse().expect("a method"), path)
}

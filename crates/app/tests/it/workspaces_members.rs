//! Members: invited, promoted, removed, and what each role may do to the others.

use std::time::Duration;

use serde_json::{Value, json};
use tessera_testkit::{PASSWORD, Person, Reply, TestApp, both};

use crate::support::{again, member, other_workspace};

/// A member with their own id.
async fn real_member(app: &TestApp, owner: &Person, role: &str) -> Person {
    let person = member(app, owner, role).await;
    let me = app.get("/v1/auth/user").bearer(&person.token).send().await.expect(200).json();
    Person { user_id: me["id"].as_str().unwrap().to_owned(), ..person }
}

async fn set_role(app: &TestApp, by: &Person, whom: &Person, role: &str) -> Reply {
    let path = format!("/v1/members/{}", whom.user_id);
    app.patch(&path).bearer(&by.token).json(json!({"role": role})).send().await
}

async fn remove(app: &TestApp, by: &Person, whom: &Person) -> Reply {
    app.delete(&format!("/v1/members/{}", whom.user_id)).bearer(&by.token).send().await
}

async fn invite(app: &TestApp, by: &Person, order: Value) -> Reply {
    app.post("/v1/invitations").bearer(&by.token).json(order).send().await
}

fn token_of(reply: &Reply) -> String {
    reply.json()["invite_url"].as_str().unwrap().split_once("token=").unwrap().1.to_owned()
}

async fn join(app: &TestApp, token: &str, email: &str) -> Reply {
    let form = json!({"token": token, "email": email, "password": PASSWORD, "name": "Grace"});
    app.post("/v1/auth/accept-invitation").json(form).send().await
}

both! {
    async fn an_invitation_is_shown_once_and_followed_once(app: TestApp) {
        let owner = app.owner().await;
        let made = invite(&app, &owner, json!({"role": "editor", "email": "Grace@example.com"})).await.expect(201);
        let body = made.json();
        let token = token_of(&made);
        assert!(token.starts_with("tsr_invite_"));
        assert_eq!(body, json!({"id": body["id"], "role": "editor", "email": "grace@example.com", "created_by": owner.user_id,
            "created_at": "2026-02-15T10:30:00Z", "expires_at": "2026-02-22T10:30:00Z",
            "invite_url": format!("http://localhost:8080/invite?token={token}")}));
        let list = app.get("/v1/invitations").bearer(&owner.token).send().await.expect(200);
        assert!(!list.text().contains("invite_url") && !list.text().contains(&token));
        assert_eq!(list.json()["data"][0]["id"], body["id"]);

        app.clock.advance(Duration::from_secs(1));
        let other = join(&app, &token, "mallory@example.com").await.expect(400);
        assert_eq!(other.json()["errors"][0]["field"], "email");
        let joined = join(&app, &token, "grace@example.com").await.expect(201).json();
        assert_eq!(joined["workspace"], json!({"id": owner.workspace_id, "name": "Mosaic Works", "role": "editor"}));
        assert_eq!(joined["user"]["name"], "Grace");
        assert_eq!(join(&app, &token, "grace@example.com").await.expect(404).code(), "invalid_ticket");
        let list = app.get("/v1/invitations").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(list["meta"]["total"], 0);
        let members = app.get("/v1/members").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(members["data"][1], json!({"user_id": joined["user"]["id"], "email": "grace@example.com", "name": "Grace",
            "role": "editor", "joined_at": "2026-02-15T10:30:01Z"}));
    }

    async fn an_invitation_dies_of_age_and_of_being_taken_back(app: TestApp) {
        let owner = app.owner().await;
        let made = invite(&app, &owner, json!({"role": "viewer"})).await.expect(201);
        let path = format!("/v1/invitations/{}", made.json()["id"].as_str().unwrap());
        app.delete(&path).bearer(&owner.token).send().await.expect(204);
        app.delete(&path).bearer(&owner.token).send().await.expect(404);
        assert_eq!(join(&app, &token_of(&made), "g@example.com").await.expect(404).code(), "invalid_ticket");
        let made = invite(&app, &owner, json!({"role": "viewer"})).await.expect(201);
        app.clock.advance(Duration::from_secs(168 * 3600));
        assert_eq!(join(&app, &token_of(&made), "g@example.com").await.expect(404).code(), "invalid_ticket");
    }

    async fn of_two_who_follow_one_invitation_at_once_one_gets_in(app: TestApp) {
        let owner = app.owner().await;
        let token = token_of(&invite(&app, &owner, json!({"role": "viewer"})).await.expect(201));
        let (one, other) = tokio::join!(join(&app, &token, "a@example.com"), join(&app, &token, "b@example.com"));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 404]);
        let members = app.get("/v1/members").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(members["meta"]["total"], 2);
    }

    async fn a_person_who_is_here_joins_another_workspace(app: TestApp) {
        let owner = app.owner().await;
        let editor = real_member(&app, &owner, "editor").await;
        let elsewhere = other_workspace(&app, &owner).await;
        let accept = async |person: &Person, token: &str| {
            app.post("/v1/invitations/accept").bearer(&person.token).json(json!({"token": token})).send().await
        };
        let token = token_of(&invite(&app, &elsewhere, json!({"role": "admin"})).await.expect(201));
        assert_eq!(accept(&elsewhere, &token).await.expect(409).code(), "conflict");
        let joined = accept(&editor, &token).await.expect(200).json();
        assert_eq!(joined, json!({"id": elsewhere.workspace_id, "name": "Elsewhere", "role": "admin"}));
        assert_eq!(accept(&editor, &token).await.expect(404).code(), "invalid_ticket");
        let named = token_of(&invite(&app, &elsewhere, json!({"role": "viewer", "email": "x@example.com"})).await.expect(201));
        assert_eq!(accept(&editor, &named).await.expect(409).code(), "conflict");
    }

    async fn t22_a_role_acts_on_the_next_request(app: TestApp) {
        let owner = app.owner().await;
        let editor = real_member(&app, &owner, "editor").await;
        let link = || app.post("/v1/links").bearer(&editor.token).json(json!({"destination_url": "https://example.com/"})).send();
        link().await.expect(201);
        let changed = set_role(&app, &owner, &editor, "viewer").await.expect(200).json();
        assert_eq!((changed["user_id"].as_str(), changed["role"].as_str()), (Some(editor.user_id.as_str()), Some("viewer")));
        assert_eq!(link().await.expect(403).code(), "insufficient_scope");
        set_role(&app, &owner, &editor, "editor").await.expect(200);
        link().await.expect(201);
    }

    async fn t22_a_removed_member_is_out_at_once_and_keeps_their_account(app: TestApp) {
        let owner = app.owner().await;
        let editor = real_member(&app, &owner, "editor").await;
        app.get("/v1/me").bearer(&editor.token).send().await.expect(200);
        remove(&app, &owner, &editor).await.expect(204);
        assert_eq!(app.get("/v1/me").bearer(&editor.token).send().await.expect(401).code(), "unauthorized");
        assert_eq!(remove(&app, &owner, &editor).await.expect(404).code(), "not_found");
        let list = app.get("/v1/workspaces").bearer(&editor.token).send().await.expect(200).json();
        assert_eq!(list["data"], json!([]));
        let login = json!({"email": editor.email, "password": PASSWORD});
        let login = app.post("/v1/auth/login").json(login).send().await.expect(200).json();
        assert_eq!(login["workspace"], Value::Null);
        let nowhere = login["access_token"].as_str().unwrap();
        assert_eq!(app.get("/v1/me").bearer(nowhere).send().await.expect(403).code(), "insufficient_scope");
        app.post("/v1/workspaces").bearer(nowhere).json(json!({"name": "Own"})).send().await.expect(201);
    }

    async fn the_role_matrix_of_changing_members(app: TestApp) {
        let owner = app.owner().await;
        let admin = real_member(&app, &owner, "admin").await;
        let editor = real_member(&app, &owner, "editor").await;
        let viewer = real_member(&app, &owner, "viewer").await;
        // by, whom, to what, answer
        let table = [
            (&viewer, &editor, "viewer", 403),
            (&editor, &viewer, "editor", 403),
            (&editor, &editor, "admin", 403),
            (&admin, &viewer, "owner", 403),
            (&admin, &admin, "owner", 403),
            (&admin, &owner, "admin", 403),
            (&admin, &viewer, "editor", 200),
            (&admin, &viewer, "viewer", 200),
            (&owner, &owner, "admin", 409),
            (&owner, &admin, "owner", 200),
            (&admin, &owner, "editor", 200),
            (&admin, &owner, "owner", 200),
            (&owner, &admin, "admin", 200),
        ];
        for (by, whom, role, status) in table {
            let reply = set_role(&app, by, whom, role).await;
            assert_eq!(reply.status, status, "{} makes {} {role}: {}", by.email, whom.email, reply.text());
        }
        for by in [&editor, &viewer] {
            assert_eq!(remove(&app, by, &admin).await.expect(403).code(), "insufficient_scope");
            assert_eq!(invite(&app, by, json!({"role": "viewer"})).await.expect(403).code(), "insufficient_scope");
            app.get("/v1/members").bearer(&by.token).send().await.expect(200);
        }
        assert_eq!(remove(&app, &admin, &owner).await.expect(403).code(), "insufficient_scope");
        assert_eq!(invite(&app, &admin, json!({"role": "owner"})).await.expect(403).code(), "insufficient_scope");
        invite(&app, &owner, json!({"role": "owner"})).await.expect(201);
        remove(&app, &viewer, &viewer).await.expect(204);
        remove(&app, &admin, &editor).await.expect(204);
        assert_eq!(remove(&app, &owner, &owner).await.expect(409).code(), "last_owner");
    }

    async fn of_two_last_owners_who_leave_at_once_one_stays(app: TestApp) {
        let first = app.owner().await;
        for round in 0..10 {
            let workspace = app.post("/v1/workspaces").bearer(&first.token).json(json!({"name": format!("Round {round}")}));
            let workspace = workspace.send().await.expect(201).json()["id"].as_str().unwrap().to_owned();
            let there = json!({"email": first.email, "password": PASSWORD, "workspace_id": workspace});
            let login = app.post("/v1/auth/login").json(there).send().await.expect(200).json();
            let one = Person { token: login["access_token"].as_str().unwrap().to_owned(), ..first.clone() };
            let token = token_of(&invite(&app, &one, json!({"role": "owner"})).await.expect(201));
            let joined = join(&app, &token, &format!("second{round}@example.com")).await.expect(201).json();
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let other = Person { token: text(&joined["access_token"]), user_id: text(&joined["user"]["id"]), ..first.clone() };
            let leave = |who: &Person| app.delete(&format!("/v1/members/{}", who.user_id)).bearer(&who.token).send();
            let (left, right) = tokio::join!(tokio::spawn(leave(&one)), tokio::spawn(leave(&other)));
            let (left, right) = (left.unwrap(), right.unwrap());
            let mut statuses = [left.status, right.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [204, 409], "{} {}", left.text(), right.text());
            let stayed = if left.status == 409 { &one } else { &other };
            let members = app.get("/v1/members").bearer(&stayed.token).send().await.expect(200).json();
            assert_eq!((members["meta"]["total"].as_u64(), members["data"][0]["role"].as_str()), (Some(1), Some("owner")));
        }
    }

    async fn two_owners_who_demote_each_other_at_once_leave_one(app: TestApp) {
        let owner = app.owner().await;
        let other = real_member(&app, &owner, "admin").await;
        set_role(&app, &owner, &other, "owner").await.expect(200);
        let (one, two) = tokio::join!(set_role(&app, &owner, &other, "viewer"), set_role(&app, &other, &owner, "viewer"));
        let done = [one.status, two.status];
        assert!(done.contains(&200) && (done.contains(&409) || done.contains(&403)), "{done:?}");
        let members = app.get("/v1/members").bearer(&owner.token).send().await.expect(200).json();
        let owners = members["data"].as_array().unwrap().iter().filter(|member| member["role"] == "owner").count();
        assert_eq!(owners, 1);
    }

    async fn t19_members_of_elsewhere_and_nobody_look_the_same(app: TestApp) {
        let owner = app.owner().await;
        let elsewhere = other_workspace(&app, &owner).await;
        let stranger = real_member(&app, &owner, "editor").await;
        let absent = "usr_01jd8qd4vkf4ktabjqvqxgqzne";
        for (method, suffix, body) in [("PATCH", "", Some(json!({"role": "viewer"}))), ("DELETE", "", None), ("POST", "/reset-link", None)] {
            let mut answers = Vec::new();
            for id in [stranger.user_id.as_str(), absent] {
                let request = crate::support::ask(&app, method, &format!("/v1/members/{id}{suffix}")).bearer(&elsewhere.token);
                let reply = match &body {
                    Some(body) => request.json(body).send().await,
                    None => request.send().await,
                }
                .expect(404);
                let mut body = reply.json();
                body.as_object_mut().unwrap().remove("request_id");
                answers.push(body);
            }
            assert_eq!(answers[0], answers[1], "{method}{suffix}");
        }
    }

    async fn an_admin_makes_a_reset_link_for_those_not_above_them(app: TestApp) {
        let owner = app.owner().await;
        let admin = real_member(&app, &owner, "admin").await;
        let editor = real_member(&app, &owner, "editor").await;
        let link = async |by: &Person, whom: &Person| {
            app.post(&format!("/v1/members/{}/reset-link", whom.user_id)).bearer(&by.token).send().await
        };
        assert_eq!(link(&editor, &editor).await.expect(403).code(), "insufficient_scope");
        assert_eq!(link(&admin, &owner).await.expect(403).code(), "insufficient_scope");
        let made = link(&admin, &editor).await.expect(201).json();
        assert_eq!(made["expires_at"], "2026-02-16T10:30:00Z");
        let token = made["reset_url"].as_str().unwrap().strip_prefix("http://localhost:8080/reset?token=").unwrap();
        let reset = json!({"token": token, "new_password": "mosaic-of-ten-tiles"});
        app.post("/v1/auth/password/reset").json(reset).send().await.expect(204);
        assert_eq!(app.get("/v1/me").bearer(&editor.token).send().await.expect(401).code(), "session_ended");
        app.log_in(&editor.email, "mosaic-of-ten-tiles").await;
    }

    async fn a_reset_link_never_opens_another_workspace(app: TestApp) {
        let owner = app.owner().await;
        let editor = real_member(&app, &owner, "editor").await;
        let path = format!("/v1/members/{}/reset-link", editor.user_id);
        let made = app.post(&path).bearer(&owner.token).send().await.expect(201).json();
        let elsewhere = other_workspace(&app, &owner).await;
        let token = token_of(&invite(&app, &elsewhere, json!({"role": "viewer"})).await.expect(201));
        app.post("/v1/invitations/accept").bearer(&editor.token).json(json!({"token": token})).send().await.expect(200);
        let token = made["reset_url"].as_str().unwrap().split_once("token=").unwrap().1;
        let reset = app.post("/v1/auth/password/reset").json(json!({"token": token, "new_password": "mosaic-of-ten-tiles"}));
        assert_eq!(reset.send().await.expect(404).code(), "invalid_ticket");
        assert_eq!(app.post(&path).bearer(&owner.token).send().await.expect(409).code(), "conflict");
    }

    async fn a_reset_link_never_opens_a_workspace_that_its_person_made_later(app: TestApp) {
        let owner = app.owner().await;
        let editor = real_member(&app, &owner, "editor").await;
        let path = format!("/v1/members/{}/reset-link", editor.user_id);
        let made = app.post(&path).bearer(&owner.token).send().await.expect(201).json();
        app.post("/v1/workspaces").bearer(&editor.token).json(json!({"name": "My own"})).send().await.expect(201);
        let token = made["reset_url"].as_str().unwrap().split_once("token=").unwrap().1;
        let reset = app.post("/v1/auth/password/reset").json(json!({"token": token, "new_password": "mosaic-of-ten-tiles"}));
        assert_eq!(reset.send().await.expect(404).code(), "invalid_ticket");
        assert_eq!(app.post(&path).bearer(&owner.token).send().await.expect(409).code(), "conflict");
    }

    async fn what_happens_to_members_stands_in_the_audit_log(app: TestApp) {
        let owner = app.owner().await;
        let editor = real_member(&app, &owner, "editor").await;
        set_role(&app, &owner, &editor, "viewer").await.expect(200);
        remove(&app, &again(&app, &owner).await, &editor).await.expect(204);
        let log = app.get("/v1/audit").bearer(&owner.token).send().await.expect(200).json();
        let rows = log["data"].as_array().unwrap();
        let actions: Vec<&str> = rows.iter().map(|row| row["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["member.removed", "member.role_changed", "invitation.accepted", "member.added", "invitation.created", "workspace.created"]);
        assert!(!log.to_string().contains("tsr_invite_"));
        assert_eq!(tessera_app::audit::verify(&app.app).await.unwrap().faults, []);
    }
}

mod with_room_for_two {
    use super::*;

    both! {
        |settings| settings.plans.tiers.values_mut().for_each(|plan| plan.members_max = 2);

        async fn the_plan_limits_members_also_for_two_who_join_at_once(app: TestApp) {
            let owner = app.owner().await;
            let one = token_of(&invite(&app, &owner, json!({"role": "viewer"})).await.expect(201));
            let other = token_of(&invite(&app, &owner, json!({"role": "viewer"})).await.expect(201));
            let (one, other) = tokio::join!(join(&app, &one, "a@example.com"), join(&app, &other, "b@example.com"));
            let mut codes = [(one.status, one.code()), (other.status, other.code())];
            codes.sort();
            assert_eq!(codes, [(201, String::new()), (403, "plan_required".to_owned())]);
            assert_eq!(invite(&app, &owner, json!({"role": "viewer"})).await.expect(403).code(), "plan_required");
        }
    }
}

mod where_sign_up_is_closed {
    use super::*;

    both! {
        |settings| settings.accounts.sign_up = tessera_app::settings::SignUp::Closed;

        async fn an_invitation_makes_no_account(app: TestApp) {
            let owner = app.owner().await;
            let token = token_of(&invite(&app, &owner, json!({"role": "viewer"})).await.expect(201));
            assert_eq!(join(&app, &token, "a@example.com").await.expect(403).code(), "sign_up_closed");
        }
    }
}

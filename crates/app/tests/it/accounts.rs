//! Accounts come to be, log in, change, and keep strangers out.

use std::time::Duration;

use serde_json::{Value, json};
use tessera_app::accounts::{self, BootstrapError};
use tessera_testkit::{PASSWORD, Person, Reply, TestApp, both};

const NEW_PASSWORD: &str = "mosaic-of-ten-tiles";

fn login(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password})
}

async fn set_up_token(app: &TestApp) -> String {
    let link = accounts::setup_link(&app.app).await.unwrap().expect("nobody has an account yet");
    link.strip_prefix("http://localhost:8080/setup?token=").expect("the link leads to the page").to_owned()
}

async fn attempt(app: &TestApp, email: &str, password: &str, from: &str) -> Reply {
    app.post("/v1/auth/login").from(from).json(login(email, password)).send().await
}

fn fields(reply: &Reply) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let body = reply.json();
    body["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| (text(&error["field"]), text(&error["code"])))
        .collect()
}

both! {
    async fn the_first_owner_sets_up_with_the_link_and_is_logged_in(app: TestApp) {
        let token = set_up_token(&app).await;
        let form = json!({"token": token, "email": "Ada@Example.com", "password": PASSWORD, "name": "Ada", "workspace_name": "Engines"});
        let reply = app.post("/v1/auth/setup").json(form.clone()).send().await.expect(201);
        let body = reply.json();
        assert_eq!(body["token_type"], "Bearer");
        assert_eq!(body["expires_in"], 900);
        let user = &body["user"];
        assert_eq!(*user, json!({"id": user["id"], "email": "ada@example.com", "name": "Ada", "is_operator": true,
            "created_at": "2026-02-15T10:30:00Z", "updated_at": "2026-02-15T10:30:00Z"}));
        assert_eq!(body["workspace"], json!({"id": body["workspace"]["id"], "name": "Engines", "role": "owner"}));
        assert_eq!(body["workspaces"], json!([body["workspace"]]));
        assert_eq!(body.as_object().unwrap().len(), 6);
        let cookie = reply.header("set-cookie");
        assert!(cookie.starts_with("tessera_refresh=tsr_refresh_"), "{cookie}");
        assert!(cookie.ends_with("; Max-Age=2592000; Path=/v1/auth; HttpOnly; SameSite=Strict"), "{cookie}");
        let access = body["access_token"].as_str().unwrap();
        let me = app.get("/v1/auth/user").bearer(access).send().await.expect(200).json();
        assert_eq!(me, body["user"]);
        let again = app.post("/v1/auth/setup").json(form).send().await.expect(404);
        assert_eq!(again.code(), "invalid_ticket");
        assert_eq!(accounts::setup_link(&app.app).await.unwrap(), None);
    }

    async fn a_new_start_replaces_the_setup_link_and_a_wrong_form_does_not_use_it_up(app: TestApp) {
        let old = set_up_token(&app).await;
        let token = set_up_token(&app).await;
        let form = |token: &str, password: &str| json!({"token": token, "email": "ada@example.com", "password": password});
        assert_eq!(app.post("/v1/auth/setup").json(form(&old, PASSWORD)).send().await.expect(404).code(), "invalid_ticket");
        let short = app.post("/v1/auth/setup").json(form(&token, "short")).send().await.expect(400);
        assert_eq!(fields(&short), [("password".to_owned(), "length".to_owned())]);
        app.clock.advance(Duration::from_secs(72 * 3600));
        assert_eq!(app.post("/v1/auth/setup").json(form(&token, PASSWORD)).send().await.expect(404).code(), "invalid_ticket");
        let token = set_up_token(&app).await;
        app.post("/v1/auth/setup").json(form(&token, PASSWORD)).send().await.expect(201);
    }

    async fn of_two_first_owners_at_once_one_gets_in(app: TestApp) {
        let token = set_up_token(&app).await;
        let set_up = |email: &str| {
            app.post("/v1/auth/setup").json(json!({"token": token, "email": email, "password": PASSWORD})).send()
        };
        let by_command = accounts::bootstrap(&app.app, "cleo@example.com", PASSWORD, None, None);
        let (one, other, command) = tokio::join!(set_up("ada@example.com"), set_up("bob@example.com"), by_command);
        let made = [one.status == 201, other.status == 201, command.is_ok()];
        assert_eq!(made.iter().filter(|made| **made).count(), 1, "{made:?} {} {}", one.text(), other.text());
        for late in [one, other].iter().filter(|reply| reply.status != 201) {
            assert_eq!((late.status, late.code().as_str()), (404, "invalid_ticket"));
        }
        let later = accounts::bootstrap(&app.app, "dan@example.com", PASSWORD, None, None).await;
        assert!(matches!(later, Err(BootstrapError::NotFirst)));
    }

    async fn bootstrap_says_everything_that_is_wrong(app: TestApp) {
        let refused = accounts::bootstrap(&app.app, "ada", "password123", Some(""), Some("W")).await.unwrap_err();
        assert_eq!(refused.to_string(), "email: an e-mail address, like ada@example.com; \
            password: this is among the passwords that are guessed first; choose another; name: 1 to 80 characters");
    }

    async fn s017_a_login_answers_with_a_token_that_every_endpoint_takes(app: TestApp) {
        let owner = app.owner().await;
        let reply = attempt(&app, " OWNER@example.com", PASSWORD, "192.0.2.1").await.expect(200);
        let token = reply.json()["access_token"].as_str().unwrap().to_owned();
        let me = app.get("/v1/me").bearer(&token).send().await.expect(200).json();
        assert_eq!(me["workspace_id"], owner.workspace_id);
        assert_eq!(reply.header("cache-control"), "no-store");
    }

    async fn a_login_into_a_workspace_of_others_is_the_same_404_as_into_none(app: TestApp) {
        let owner = app.owner().await;
        let mut bodies = Vec::new();
        for id in ["ws_01jd8qd4vkf4ktabjqvqxgqzne", "ws_01jd8qd4vkf4ktabjqvqxgqznf"] {
            let wanted = json!({"email": owner.email, "password": PASSWORD, "workspace_id": id});
            let reply = app.post("/v1/auth/login").json(wanted).send().await.expect(404);
            let mut body = reply.json();
            body.as_object_mut().unwrap().remove("request_id");
            bodies.push(body);
        }
        assert_eq!(bodies[0], bodies[1]);
    }

    async fn t18_an_unknown_address_and_a_wrong_password_get_the_same_answer(app: TestApp) {
        let owner = app.owner().await;
        let mut answers = Vec::new();
        for (email, password) in [(owner.email.as_str(), "not-the-password"), ("nobody@example.com", PASSWORD), ("", ""), ("no address", PASSWORD)] {
            let reply = attempt(&app, email, password, "192.0.2.9").await.expect(401);
            let mut body = reply.json();
            body.as_object_mut().unwrap().remove("request_id");
            answers.push((body, reply.header("www-authenticate"), reply.header("set-cookie")));
        }
        assert_eq!(answers[0].0["code"], "invalid_login");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    }

    async fn failed_logins_are_limited_per_account_from_wherever_they_come(app: TestApp) {
        let owner = app.owner().await;
        for n in 0..10 {
            attempt(&app, &owner.email, "not-the-password", &format!("198.51.100.{n}")).await.expect(401);
        }
        let refused = attempt(&app, &owner.email, PASSWORD, "203.0.113.7").await.expect(429);
        assert_eq!((refused.code().as_str(), refused.header("retry-after").as_str()), ("too_many_attempts", "60"));
        app.clock.advance(Duration::from_secs(60));
        attempt(&app, &owner.email, PASSWORD, "203.0.113.7").await.expect(200);
        for _ in 0..30 {
            attempt(&app, &owner.email, PASSWORD, "203.0.113.7").await.expect(200);
        }
    }

    async fn failed_logins_are_limited_per_network_and_a_right_one_does_not_clear_the_way(app: TestApp) {
        let owner = app.owner().await;
        for n in 0..50 {
            attempt(&app, &format!("p{n}@example.com"), "guess-guess", &format!("2001:db8::{n:x}")).await.expect(401);
            if n == 40 {
                attempt(&app, &owner.email, PASSWORD, "2001:db8::ffff").await.expect(200);
            }
        }
        let refused = attempt(&app, "q@example.com", "guess-guess", "2001:db8::fffe").await.expect(429);
        assert_eq!(refused.header("retry-after"), "60");
        attempt(&app, "q@example.com", "guess-guess", "2001:db8:0:1::1").await.expect(401);
    }

    async fn of_forty_guesses_at_once_ten_are_looked_at(app: TestApp) {
        let owner = app.owner().await;
        let guesses = (0..40).map(|n| {
            let request = app.post("/v1/auth/login").json(login(&owner.email, "not-the-password"));
            tokio::spawn(request.from(&format!("198.51.100.{n}")).send())
        });
        let mut statuses = Vec::new();
        for guess in guesses.collect::<Vec<_>>() {
            statuses.push(guess.await.unwrap().status);
        }
        assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 10, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 30, "{statuses:?}");
    }

    async fn everything_wrong_with_an_application_is_said_at_once(app: TestApp) {
        let token = set_up_token(&app).await;
        let form = json!({"token": token, "email": "ada@", "password": "qwertyuiop", "name": "a\nb", "workspace_name": " "});
        let reply = app.post("/v1/auth/setup").json(form).send().await.expect(400);
        let expected = [("email", "format"), ("password", "too_common"), ("name", "format"), ("workspace_name", "length")];
        assert_eq!(fields(&reply), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
        assert!(!reply.text().contains("qwertyuiop"));
        let reply = app.post("/v1/auth/login").json(json!({"mail": "x", "password": 5})).send().await.expect(400);
        let mut wrong = fields(&reply);
        wrong.sort();
        let expected = [("email", "required"), ("mail", "unknown"), ("password", "type")];
        assert_eq!(wrong, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    }

    async fn sign_up_is_closed_unless_the_settings_open_it(app: TestApp) {
        let form = json!({"email": "ada@example.com", "password": PASSWORD});
        assert_eq!(app.post("/v1/auth/signup").json(form).send().await.expect(403).code(), "sign_up_closed");
    }

    async fn a_person_reads_and_changes_themselves(app: TestApp) {
        let owner = app.owner().await;
        let read = app.get("/v1/auth/user").bearer(&owner.token).send().await.expect(200);
        let etag = read.header("etag");
        app.clock.advance(Duration::from_secs(1));
        let change = app.patch("/v1/auth/user").bearer(&owner.token).header("if-match", &etag).json(json!({"name": "Olive"}));
        let changed = change.send().await.expect(200).json();
        assert_eq!((changed["name"].as_str(), changed["updated_at"].as_str()), (Some("Olive"), Some("2026-02-15T10:30:01Z")));
        let stale = app.patch("/v1/auth/user").bearer(&owner.token).header("if-match", &etag).json(json!({"name": "O"}));
        assert_eq!(stale.send().await.expect(412).code(), "precondition_failed");
        let bare = app.patch("/v1/auth/user").bearer(&owner.token).json(json!({"email": "o@example.com"}));
        assert_eq!(fields(&bare.send().await.expect(400)), [("current_password".to_owned(), "required".to_owned())]);
        let wrong = json!({"email": "o@example.com", "current_password": "not-the-password"});
        let wrong = app.patch("/v1/auth/user").bearer(&owner.token).json(wrong).send().await.expect(400);
        assert_eq!(fields(&wrong), [("current_password".to_owned(), "wrong".to_owned())]);
        let moved = json!({"email": "O@example.com", "current_password": PASSWORD});
        let put = app.request(http::Method::PUT, "/v1/auth/user").bearer(&owner.token).json(moved);
        assert_eq!(put.send().await.expect(200).json()["email"], "o@example.com");
        let me = app.get("/v1/me").bearer(&owner.token).send().await.expect(200).text();
        assert!(me.contains("o@example.com") && !me.contains("owner@example.com"), "{me}");
        attempt(&app, "o@example.com", PASSWORD, "192.0.2.1").await.expect(200);
        attempt(&app, "owner@example.com", PASSWORD, "192.0.2.1").await.expect(401);
    }

    async fn a_new_password_ends_the_other_sessions_and_reset_links(app: TestApp) {
        let owner = app.owner().await;
        let other = app.log_in(&owner.email, PASSWORD).await;
        let link = accounts::reset_link(&app.app, &owner.email).await.unwrap().expect("a link");
        app.get("/v1/me").bearer(&other).send().await.expect(200);
        let change = |current: &str, new: &str| {
            let body = json!({"current_password": current, "new_password": new});
            app.post("/v1/auth/password").bearer(&owner.token).json(body).send()
        };
        assert_eq!(fields(&change("not-the-password", NEW_PASSWORD).await.expect(400)), [("current_password".to_owned(), "wrong".to_owned())]);
        assert_eq!(fields(&change(PASSWORD, "1234567890").await.expect(400)), [("new_password".to_owned(), "too_common".to_owned())]);
        app.get("/v1/me").bearer(&other).send().await.expect(200);
        change(PASSWORD, NEW_PASSWORD).await.expect(204);
        assert_eq!(app.get("/v1/me").bearer(&other).send().await.expect(401).code(), "session_ended");
        app.get("/v1/me").bearer(&owner.token).send().await.expect(200);
        attempt(&app, &owner.email, PASSWORD, "192.0.2.1").await.expect(401);
        attempt(&app, &owner.email, NEW_PASSWORD, "192.0.2.1").await.expect(200);
        let token = link.split_once("token=").unwrap().1;
        let reset = app.post("/v1/auth/password/reset").json(json!({"token": token, "new_password": PASSWORD}));
        assert_eq!(reset.send().await.expect(404).code(), "invalid_ticket");
    }

    async fn a_reset_link_works_once_and_ends_every_session(app: TestApp) {
        let owner = app.owner().await;
        assert_eq!(accounts::reset_link(&app.app, "nobody@example.com").await.unwrap(), None);
        let older = accounts::reset_link(&app.app, &owner.email).await.unwrap().expect("a link");
        let link = accounts::reset_link(&app.app, "OWNER@example.com").await.unwrap().expect("a link");
        let reset = |link: &str, password: &str| {
            let token = link.strip_prefix("http://localhost:8080/reset?token=").unwrap().to_owned();
            app.post("/v1/auth/password/reset").json(json!({"token": token, "new_password": password})).send()
        };
        assert_eq!(reset(&older, NEW_PASSWORD).await.expect(404).code(), "invalid_ticket");
        assert_eq!(fields(&reset(&link, "my-owner-password").await.expect(400)), [("new_password".to_owned(), "too_close".to_owned())]);
        let (one, other) = tokio::join!(reset(&link, NEW_PASSWORD), reset(&link, "mosaic-of-six-tiles"));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 404]);
        assert_eq!(app.get("/v1/me").bearer(&owner.token).send().await.expect(401).code(), "session_ended");
        let won = if one.status == 204 { NEW_PASSWORD } else { "mosaic-of-six-tiles" };
        attempt(&app, &owner.email, won, "192.0.2.1").await.expect(200);
        let late = accounts::reset_link(&app.app, &owner.email).await.unwrap().expect("a link");
        app.clock.advance(Duration::from_secs(24 * 3600));
        assert_eq!(reset(&late, NEW_PASSWORD).await.expect(404).code(), "invalid_ticket");
    }

    async fn what_people_do_to_their_accounts_stands_in_the_deployments_audit_chain(app: TestApp) {
        let owner = app.owner().await;
        let change = json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD});
        app.post("/v1/auth/password").bearer(&owner.token).json(change).send().await.expect(204);
        let verdict = tessera_app::audit::verify(&app.app).await.unwrap();
        assert_eq!(verdict.faults, []);
        let stored = String::from_utf8_lossy(&app.db.dump().await).into_owned();
        for action in ["user.created", "workspace.created", "password.changed"] {
            assert!(stored.contains(action), "{action}");
        }
    }

    async fn t20_no_password_and_no_one_time_token_is_stored_or_logged(app: TestApp) {
        let token = set_up_token(&app).await;
        let form = json!({"token": token, "email": "ada@example.com", "password": PASSWORD});
        let reply = app.post("/v1/auth/setup").json(form).send().await.expect(201);
        let cookie = reply.header("set-cookie");
        let refresh = cookie.split_once('=').unwrap().1.split(';').next().unwrap().to_owned();
        let access = reply.json()["access_token"].as_str().unwrap().to_owned();
        let reset = accounts::reset_link(&app.app, "ada@example.com").await.unwrap().unwrap();
        let reset = reset.split_once("token=").unwrap().1.to_owned();
        let bad = json!({"token": reset, "new_password": "canary-ada-canary", "x": 1});
        app.post("/v1/auth/password/reset").json(bad).send().await.expect(400);
        let stored = String::from_utf8_lossy(&app.db.dump().await).into_owned();
        for secret in [PASSWORD, &token, &refresh, &access, &reset, "canary-ada-canary"] {
            assert!(!stored.contains(secret), "{secret} is stored");
            assert!(!app.logs().contains(secret), "{secret} is logged");
        }
    }
}

mod where_sign_up_is_open {
    use super::*;

    both! {
        |settings| settings.accounts.sign_up = tessera_app::settings::SignUp::Open;

        async fn anybody_gets_an_account_and_a_workspace_of_their_own(app: TestApp) {
            let form = json!({"email": "ada@example.com", "password": PASSWORD});
            let body = app.post("/v1/auth/signup").json(form.clone()).send().await.expect(201).json();
            assert_eq!(body["user"]["name"], "ada");
            assert_eq!(body["user"]["is_operator"], false);
            assert_eq!(body["workspace"]["name"], "ada's workspace");
            assert_eq!(body["workspace"]["role"], "owner");
            assert_eq!(app.post("/v1/auth/signup").json(form).send().await.expect(409).code(), "email_taken");
        }

        async fn of_two_with_one_address_at_once_one_gets_it(app: TestApp) {
            let sign_up = || app.post("/v1/auth/signup").json(json!({"email": "ada@example.com", "password": PASSWORD})).send();
            let (one, other) = tokio::join!(sign_up(), sign_up());
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [201, 409]);
        }

        async fn an_address_of_somebody_else_cannot_be_taken_over(app: TestApp) {
            let sign_up = |email: &str| app.post("/v1/auth/signup").json(json!({"email": email, "password": PASSWORD})).send();
            sign_up("ada@example.com").await.expect(201);
            let bob = sign_up("bob@example.com").await.expect(201).json();
            let token = bob["access_token"].as_str().unwrap();
            let change = json!({"email": "ada@example.com", "current_password": PASSWORD});
            assert_eq!(app.patch("/v1/auth/user").bearer(token).json(change).send().await.expect(409).code(), "email_taken");
        }

        async fn accounts_per_network_are_limited(app: TestApp) {
            for n in 0..50 {
                let form = json!({"email": format!("p{n}@example.com"), "password": PASSWORD});
                app.post("/v1/auth/signup").json(form).send().await.expect(201);
            }
            let form = json!({"email": "late@example.com", "password": PASSWORD});
            assert_eq!(app.post("/v1/auth/signup").json(form).send().await.expect(429).code(), "too_many_attempts");
        }
    }
}

mod over_https {
    use super::*;

    both! {
        |settings| settings.server.public_url = "https://go.example.com".to_owned();

        async fn the_refresh_cookie_never_travels_in_the_clear(app: TestApp) {
            let owner: Person = app.owner().await;
            let reply = attempt(&app, &owner.email, PASSWORD, "192.0.2.1").await.expect(200);
            assert!(reply.header("set-cookie").ends_with("; Path=/v1/auth; HttpOnly; SameSite=Strict; Secure"));
        }
    }
}

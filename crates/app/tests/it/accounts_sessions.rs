//! Sessions: refreshed, listed, stolen, ended.

use std::time::Duration;

use serde_json::{Value, json};
use tessera_testkit::{PASSWORD, Person, Reply, Request, TestApp, both};

use crate::support::{member, other_workspace};

/// The value of the refresh cookie that an answer sets.
fn cookie(reply: &Reply) -> String {
    let line = reply.header("set-cookie");
    let rest =
        line.strip_prefix("tessera_refresh=").unwrap_or_else(|| panic!("no refresh cookie in {line:?}"));
    rest.split(';').next().unwrap().to_owned()
}

fn access(reply: &Reply) -> String {
    reply.json()["access_token"].as_str().expect("an access token").to_owned()
}

async fn log_in(app: &TestApp, person: &Person) -> Reply {
    let body = json!({"email": person.email, "password": person.password});
    app.post("/v1/auth/login").json(body).send().await.expect(200)
}

fn refresh(app: &TestApp, cookie: &str) -> Request {
    app.post("/v1/auth/refresh").header("cookie", format!("other=1; tessera_refresh={cookie}"))
}

async fn admitted(app: &TestApp, token: &str) -> u16 {
    app.get("/v1/me").bearer(token).send().await.status
}

both! {
    async fn a_refresh_replaces_both_tokens_and_lengthens_the_login(app: TestApp) {
        let owner = app.owner().await;
        let first = log_in(&app, &owner).await;
        app.clock.advance(Duration::from_secs(900));
        let expired = app.get("/v1/me").bearer(&access(&first)).send().await.expect(401);
        assert_eq!((expired.code().as_str(), expired.header("www-authenticate").as_str()), ("unauthorized", "Bearer error=\"invalid_token\""));
        let second = refresh(&app, &cookie(&first)).send().await.expect(200);
        assert_ne!(cookie(&second), cookie(&first));
        assert_eq!(second.json()["workspace"]["id"], owner.workspace_id);
        assert_eq!(admitted(&app, &access(&second)).await, 200);
        app.clock.advance(Duration::from_secs(29 * 86_400));
        let third = refresh(&app, &cookie(&second)).send().await.expect(200);
        app.clock.advance(Duration::from_secs(30 * 86_400));
        assert_eq!(refresh(&app, &cookie(&third)).send().await.expect(401).code(), "session_ended");
    }

    async fn a_stolen_token_that_comes_back_ends_the_session(app: TestApp) {
        let owner = app.owner().await;
        let first = log_in(&app, &owner).await;
        let second = refresh(&app, &cookie(&first)).send().await.expect(200);
        app.clock.advance(Duration::from_secs(10));
        assert_eq!(refresh(&app, &cookie(&first)).send().await.expect(401).code(), "session_ended");
        assert_eq!(refresh(&app, &cookie(&second)).send().await.expect(401).code(), "session_ended");
        for reply in [&first, &second] {
            assert_eq!(app.get("/v1/me").bearer(&access(reply)).send().await.expect(401).code(), "session_ended");
        }
        assert_eq!(admitted(&app, &owner.token).await, 200);
        assert!(String::from_utf8_lossy(&app.db.dump().await).contains("session.reuse_detected"));
    }

    async fn a_thief_who_refreshes_twice_is_found_out_all_the_same(app: TestApp) {
        let owner = app.owner().await;
        let stolen = cookie(&log_in(&app, &owner).await);
        let thief = refresh(&app, &stolen).send().await.expect(200);
        app.clock.advance(Duration::from_secs(1));
        let thief = refresh(&app, &cookie(&thief)).send().await.expect(200);
        assert_eq!(refresh(&app, &stolen).send().await.expect(401).code(), "session_ended");
        assert_eq!(admitted(&app, &access(&thief)).await, 401);
    }

    async fn two_tabs_that_refresh_at_once_lose_nothing(app: TestApp) {
        let owner = app.owner().await;
        let first = cookie(&log_in(&app, &owner).await);
        let (one, other) = tokio::join!(refresh(&app, &first).send(), refresh(&app, &first).send());
        let (won, lost) = if one.status == 200 { (one, other) } else { (other, one) };
        assert_eq!((won.status, lost.status, lost.code().as_str()), (200, 401, "unauthorized"));
        assert_eq!(lost.header("set-cookie"), "");
        app.clock.advance(Duration::from_secs(9));
        assert_eq!(refresh(&app, &first).send().await.expect(401).code(), "unauthorized");
        refresh(&app, &cookie(&won)).send().await.expect(200);
    }

    async fn what_was_never_a_refresh_token_ends_nothing(app: TestApp) {
        let owner = app.owner().await;
        let login = log_in(&app, &owner).await;
        let real = cookie(&login);
        let mut forged = real.clone();
        forged.replace_range(40..44, if &real[40..44] == "AAAA" { "BBBB" } else { "AAAA" });
        for wrong in [forged.as_str(), "", "x", "tsr_refresh_", &real[..50], &access(&login)] {
            assert_eq!(refresh(&app, wrong).send().await.expect(401).code(), "session_ended", "{wrong}");
        }
        assert_eq!(app.post("/v1/auth/refresh").send().await.expect(401).code(), "unauthorized");
        refresh(&app, &real).send().await.expect(200);
    }

    async fn t33_the_cookie_is_taken_from_our_own_pages_only(app: TestApp) {
        let owner = app.owner().await;
        let mut kept = cookie(&log_in(&app, &owner).await);
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "http://localhost:8081"),
            ("origin", "https://localhost:8080"),
            ("origin", "http://localhost:8080.evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let reply = refresh(&app, &kept).header(name, value).send().await.expect(403);
            assert_eq!(reply.code(), "foreign_origin", "{name}: {value}");
            let reply = app.post("/v1/auth/logout").header("cookie", format!("tessera_refresh={kept}")).header(name, value);
            assert_eq!(reply.send().await.expect(403).code(), "foreign_origin", "{name}: {value}");
        }
        let twice = refresh(&app, &kept).header("cookie", format!("tessera_refresh={kept}")).send().await.expect(400);
        assert_eq!(twice.code(), "multiple_credentials");
        for (name, value) in [("origin", "http://localhost:8080"), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none")] {
            kept = cookie(&refresh(&app, &kept).header(name, value).send().await.expect(200));
        }
    }

    async fn t33_the_cookie_alone_makes_no_key(app: TestApp) {
        let owner = app.owner().await;
        let kept = cookie(&log_in(&app, &owner).await);
        let order = json!({"name": "by cookie", "scopes": ["all"]});
        let reply = app.post("/v1/api-keys").header("cookie", format!("tessera_refresh={kept}")).json(order).send().await;
        assert_eq!((reply.status, reply.code().as_str()), (401, "unauthorized"));
    }

    async fn after_a_log_out_no_request_of_the_session_is_admitted(app: TestApp) {
        let owner = app.owner().await;
        let login = log_in(&app, &owner).await;
        assert_eq!(admitted(&app, &access(&login)).await, 200);
        let out = app.post("/v1/auth/logout").bearer(&access(&login)).send().await.expect(204);
        assert_eq!(out.header("set-cookie"), "tessera_refresh=; Max-Age=0; Path=/v1/auth; HttpOnly; SameSite=Strict");
        assert_eq!(app.get("/v1/me").bearer(&access(&login)).send().await.expect(401).code(), "session_ended");
        assert_eq!(refresh(&app, &cookie(&login)).send().await.expect(401).code(), "session_ended");
        let login = log_in(&app, &owner).await;
        app.post("/v1/auth/logout").header("cookie", format!("tessera_refresh={}", cookie(&login))).send().await.expect(204);
        assert_eq!(admitted(&app, &access(&login)).await, 401);
        assert_eq!(app.post("/v1/auth/logout").send().await.expect(401).code(), "unauthorized");
        assert_eq!(admitted(&app, &owner.token).await, 200);
    }

    async fn a_log_out_with_an_expired_token_still_ends_the_session_of_the_cookie(app: TestApp) {
        let owner = app.owner().await;
        let login = log_in(&app, &owner).await;
        app.clock.advance(Duration::from_secs(2 * 60 * 60));
        let expired = || app.post("/v1/auth/logout").bearer(&access(&login));
        assert_eq!(expired().send().await.expect(401).code(), "unauthorized");
        expired().header("cookie", format!("tessera_refresh={}", cookie(&login))).send().await.expect(204);
        assert_eq!(refresh(&app, &cookie(&login)).send().await.expect(401).code(), "session_ended");
    }

    async fn of_two_sessions_that_change_the_password_at_once_one_does(app: TestApp) {
        let owner = app.owner().await;
        let other = access(&log_in(&app, &owner).await);
        let change = |token: &str, new: &str| {
            let body = json!({"current_password": PASSWORD, "new_password": new});
            tokio::spawn(app.post("/v1/auth/password").bearer(token).json(body).send())
        };
        let (first, second) = (change(&owner.token, "mosaic-of-ten-tiles"), change(&other, "mosaic-of-six-tiles"));
        let mut statuses = [first.await.unwrap().status, second.await.unwrap().status];
        statuses.sort_unstable();
        // The proof of the slower one was about a password that is no more, from a session that has ended.
        assert_eq!(statuses, [204, 401]);
    }

    async fn log_out_everywhere_ends_all_of_ones_own_sessions(app: TestApp) {
        let owner = app.owner().await;
        let editor = member(&app, &owner, "editor").await;
        let other = log_in(&app, &owner).await;
        assert_eq!(admitted(&app, &access(&other)).await, 200);
        app.post("/v1/auth/logout-everywhere").bearer(&owner.token).send().await.expect(204);
        for token in [&owner.token, &access(&other)] {
            assert_eq!(app.get("/v1/me").bearer(token).send().await.expect(401).code(), "session_ended");
        }
        assert_eq!(refresh(&app, &cookie(&other)).send().await.expect(401).code(), "session_ended");
        assert_eq!(admitted(&app, &editor.token).await, 200);
    }

    async fn a_person_sees_and_ends_their_own_sessions_and_nobody_elses(app: TestApp) {
        let owner = app.owner().await;
        let editor = member(&app, &owner, "editor").await;
        app.clock.advance(Duration::from_secs(60));
        let login = json!({"email": owner.email, "password": PASSWORD});
        let login = app.post("/v1/auth/login").from("203.0.113.7").header("user-agent", "Loom/1.0").json(login).send().await.expect(200);
        let list = app.get("/v1/auth/sessions").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(list["meta"], json!({"total": 2, "page": 1, "limit": 20, "next_cursor": null}));
        let newest = &list["data"][0];
        assert_eq!(*newest, json!({"id": newest["id"], "is_current": false, "created_at": "2026-02-15T10:31:00Z",
            "last_seen_at": "2026-02-15T10:31:00Z", "expires_at": "2026-03-17T10:31:00Z", "address": "203.0.113.7", "user_agent": "Loom/1.0"}));
        assert_eq!(list["data"][1]["is_current"], true);
        let path = format!("/v1/auth/sessions/{}", newest["id"].as_str().unwrap());
        let foreign = app.delete(&path).bearer(&editor.token).send().await.expect(404);
        assert_eq!(foreign.code(), "not_found");
        assert_eq!(admitted(&app, &access(&login)).await, 200);
        app.delete(&path).bearer(&owner.token).send().await.expect(204);
        assert_eq!(admitted(&app, &access(&login)).await, 401);
        app.delete(&path).bearer(&owner.token).send().await.expect(404);
        let page = app.get("/v1/auth/sessions?limit=1").bearer(&editor.token).send().await.expect(200).json();
        let cursor = page["meta"]["next_cursor"].as_str().expect("the editor logged in twice");
        let rest = app.get(&format!("/v1/auth/sessions?limit=1&cursor={cursor}")).bearer(&editor.token).send().await.expect(200).json();
        assert_ne!(rest["data"][0]["id"], page["data"][0]["id"]);
        assert_eq!(rest["meta"]["next_cursor"], Value::Null);
    }

    async fn t02_a_token_is_bound_to_its_workspace_and_a_refresh_moves_it(app: TestApp) {
        let owner = app.owner().await;
        let elsewhere = other_workspace(&app, &owner).await;
        let workspace_of = async |token: &str| app.get("/v1/workspace").bearer(token).send().await.expect(200).json()["id"].clone();
        assert_eq!(workspace_of(&elsewhere.token).await, elsewhere.workspace_id);
        let login = log_in(&app, &owner).await;
        assert_eq!(workspace_of(&access(&login)).await, owner.workspace_id);
        let moved = refresh(&app, &cookie(&login)).json(json!({"workspace_id": elsewhere.workspace_id})).send().await.expect(200);
        assert_eq!(workspace_of(&access(&moved)).await, elsewhere.workspace_id);
        let foreign = refresh(&app, &cookie(&moved)).json(json!({"workspace_id": "ws_01jd8qd4vkf4ktabjqvqxgqzne"}));
        assert_eq!(foreign.send().await.expect(404).code(), "not_found");
        refresh(&app, &cookie(&moved)).send().await.expect(200);
    }

    async fn sessions_survive_a_restart_and_so_does_their_end(app: TestApp) {
        let owner = app.owner().await;
        let ended = log_in(&app, &owner).await;
        app.post("/v1/auth/logout").bearer(&access(&ended)).send().await.expect(204);
        let app = app.restart().await;
        assert_eq!(admitted(&app, &owner.token).await, 200);
        assert_eq!(admitted(&app, &access(&ended)).await, 401);
        app.app.sweep().await.unwrap();
        assert_eq!(app.get("/v1/me").bearer(&access(&ended)).send().await.expect(401).code(), "session_ended");
        assert_eq!(admitted(&app, &owner.token).await, 200);
    }

    async fn t05_a_hundred_log_outs_raced_by_their_own_tokens_admit_nothing_afterwards(app: TestApp) {
        let owner = app.owner().await;
        for _ in 0..100 {
            let token = access(&log_in(&app, &owner).await);
            let busy: Vec<_> = (0..8).map(|_| tokio::spawn(app.get("/v1/me").bearer(&token).send())).collect();
            app.post("/v1/auth/logout").bearer(&token).send().await.expect(204);
            assert_eq!(admitted(&app, &token).await, 401);
            for request in busy {
                request.await.unwrap();
            }
            assert_eq!(admitted(&app, &token).await, 401);
        }
    }
}

//! What must hold when two things happen at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use serde_json::json;
use tessera_testkit::{TestApp, both};
use tokio::sync::Notify;

use crate::links::{act, all_key, make};

const ROUNDS: usize = 1_000;
const TILE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40"><path fill="#123456" d="M4 4h32v32H4z"/></svg>"##;

both! {
    async fn t04_s073_after_the_answer_to_a_revoke_no_request_is_admitted(app: TestApp) {
        let owner = app.owner().await;
        let app = Arc::new(app);
        for round in 0..ROUNDS {
            let made = app.key(&owner, json!(["read"])).await;
            let revoked = Arc::new(AtomicBool::new(false));
            let user = {
                let (app, key, revoked) = (Arc::clone(&app), made.key.clone(), Arc::clone(&revoked));
                tokio::spawn(async move {
                    loop {
                        // Only what was sent after the answer counts: read the flag before sending.
                        let is_after = revoked.load(Ordering::SeqCst);
                        let status = app.get("/v1/me").bearer(&key).send().await.status;
                        if is_after {
                            return status;
                        }
                    }
                })
            };
            for _ in 0..round % 5 {
                tokio::task::yield_now().await;
            }
            app.post(&format!("/v1/api-keys/{}/revoke", made.id)).bearer(&owner.token).send().await.expect(200);
            revoked.store(true, Ordering::SeqCst);
            assert_eq!(user.await.unwrap(), 401, "round {round}");
        }
    }

    async fn t05_a_record_read_before_a_revoke_is_not_kept_after_it(app: TestApp) {
        let owner = app.owner().await;
        let app = Arc::new(app);
        let (reached, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let armed = Arc::new(AtomicBool::new(false));
        {
            let (reached, go_on, armed) = (Arc::clone(&reached), Arc::clone(&go_on), Arc::clone(&armed));
            app.app.pause_before_key_fill(move || {
                let (reached, go_on, armed) = (Arc::clone(&reached), Arc::clone(&go_on), Arc::clone(&armed));
                Box::pin(async move {
                    if armed.swap(false, Ordering::SeqCst) {
                        reached.notify_one();
                        go_on.notified().await;
                    }
                })
            });
        }
        for ending in ["revoke", "deactivate", "rotate", "delete"] {
            let made = app.key(&owner, json!(["read"])).await;
            armed.store(true, Ordering::SeqCst);
            let (other, key) = (Arc::clone(&app), made.key.clone());
            let early = tokio::spawn(async move { other.get("/v1/me").bearer(&key).send().await.status });
            // The early request holds a live record in its hands and is stopped there.
            reached.notified().await;
            let path = format!("/v1/api-keys/{}", made.id);
            let ended = match ending {
                "revoke" => app.post(&format!("{path}/revoke")),
                "rotate" => app.post(&format!("{path}/rotate")).json(json!({"grace_seconds": 0})),
                "deactivate" => app.patch(&path).json(json!({"is_active": false})),
                _ => app.delete(&path),
            };
            let status = ended.bearer(&owner.token).send().await.status;
            assert!(status == 200 || status == 204, "{ending}: {status}");
            go_on.notify_one();
            assert_eq!(early.await.unwrap(), 200, "it arrived before");
            app.get("/v1/me").bearer(&made.key).send().await.expect(401);
        }
    }

    async fn two_rotations_at_once_leave_two_live_secrets_and_no_third(app: TestApp) {
        let owner = app.owner().await;
        let app = Arc::new(app);
        for _ in 0..20 {
            let made = app.key(&owner, json!(["read"])).await;
            let turns = [(); 2].map(|()| {
                let (app, token, path) = (Arc::clone(&app), owner.token.clone(), format!("/v1/api-keys/{}/rotate", made.id));
                tokio::spawn(async move { app.post(&path).bearer(&token).json(json!({})).send().await })
            });
            let mut secrets = vec![made.key.clone()];
            for turn in turns {
                secrets.push(turn.await.unwrap().expect(200).json()["key"].as_str().unwrap().to_owned());
            }
            let mut live = 0;
            for secret in &secrets {
                live += u32::from(app.get("/v1/me").bearer(secret).send().await.status == 200);
            }
            assert_eq!(live, 2);
            assert_eq!(app.get("/v1/me").bearer(&made.key).send().await.status, 401, "the oldest is the one that died");
        }
    }

    async fn t28_one_idempotency_key_acts_once_however_often_it_is_sent(app: TestApp) {
        let owner = app.owner().await;
        let app = Arc::new(app);
        let key = app.key(&owner, json!(["links.create", "links.read"])).await.key;
        let body = json!({"destination_url": "https://example.org/once"});
        let statuses = Arc::new([const { AtomicU32::new(0) }; 2]);
        let sends: Vec<_> = (0..10).map(|_| {
            let (app, key, body, statuses) = (Arc::clone(&app), key.clone(), body.clone(), Arc::clone(&statuses));
            tokio::spawn(async move {
                let reply = app.post("/v1/links").bearer(&key).header("idempotency-key", "one").json(body).send().await;
                assert!([201, 409].contains(&reply.status), "{}", reply.text());
                statuses[usize::from(reply.status == 409)].fetch_add(1, Ordering::SeqCst);
            })
        }).collect();
        for send in sends {
            send.await.unwrap();
        }
        assert!(statuses[0].load(Ordering::SeqCst) >= 1);
        let links = app.get("/v1/links").bearer(&key).send().await.expect(200).json();
        assert_eq!(links["meta"]["total"], 1);

        let replay = app.post("/v1/links").bearer(&key).header("idempotency-key", "one").json(body.clone()).send().await.expect(201);
        assert_eq!(replay.header("idempotent-replayed"), "true");
        assert_eq!(replay.json()["id"], links["data"][0]["id"]);
        let other = app.post("/v1/links").bearer(&key).header("idempotency-key", "one").json(json!({"destination_url": "https://example.org/other"}));
        assert_eq!(other.send().await.expect(422).code(), "idempotency_key_reused");
        // Another caller's key of the same name is another key.
        let stranger = app.key(&owner, json!(["links.create"])).await.key;
        app.post("/v1/links").bearer(&stranger).header("idempotency-key", "one").json(body.clone()).send().await.expect(201);
        // A refused call may be tried again with the same key.
        for (body, status) in [(json!({}), 400), (json!({"destination_url": "https://example.org/right"}), 201)] {
            app.post("/v1/links").bearer(&key).header("idempotency-key", "two").json(body).send().await.expect(status);
        }
        // After a day the key is forgotten.
        app.clock.advance(std::time::Duration::from_secs(86_401));
        app.post("/v1/links").bearer(&key).header("idempotency-key", "one").json(body).send().await.expect(201);
    }

    async fn t28_a_secret_is_never_replayed(app: TestApp) {
        let owner = app.owner().await;
        let made = app.key(&owner, json!(["read"])).await;
        let rotate = format!("/v1/api-keys/{}/rotate", made.id);
        for (path, body, status) in [("/v1/api-keys", json!({"name": "once", "scopes": ["read"]}), 201), (rotate.as_str(), json!({}), 200)] {
            let send = || app.post(path).bearer(&owner.token).header("idempotency-key", path).json(body.clone());
            let first = send().send().await.expect(status);
            let secret = first.json()["key"].as_str().unwrap().to_owned();
            let replay = send().send().await.expect(409);
            assert_eq!(replay.code(), "secret_already_shown");
            assert!(!replay.text().contains(&secret));
            assert!(!String::from_utf8_lossy(&app.db.dump().await).contains(&secret));
        }
    }

    async fn t28_a_call_that_was_cut_off_is_never_run_again(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["links.create", "links.read"])).await.key;
        let send = || app.post("/v1/links").bearer(&key).header("idempotency-key", "cut").json(json!({"destination_url": "https://example.org/"}));
        send().send().await.expect(201);
        // As a crash between the change and the keeping of its answer leaves it.
        app.app.forget_idempotent_answers().await.unwrap();
        assert_eq!(send().send().await.expect(409).code(), "request_in_progress");
        app.clock.advance(std::time::Duration::from_secs(61));
        assert_eq!(send().send().await.expect(409).code(), "conflict");
        let links = app.get("/v1/links").bearer(&key).send().await.expect(200).json();
        assert_eq!(links["meta"]["total"], 1, "it ran once");
    }

    async fn t28_a_person_in_no_workspace_makes_one_and_not_two(app: TestApp) {
        let owner = app.owner().await;
        let guest = crate::support::member(&app, &owner, "viewer").await;
        let me = app.get("/v1/me").bearer(&guest.token).send().await.expect(200).json();
        let path = format!("/v1/members/{}", me["user_id"].as_str().unwrap());
        app.delete(&path).bearer(&owner.token).send().await.expect(204);
        let token = app.log_in(&guest.email, &guest.password).await;
        for replayed in ["", "true"] {
            let made = app.post("/v1/workspaces").bearer(&token).header("idempotency-key", "mine").json(json!({"name": "Mine"}));
            let reply = made.send().await.expect(201);
            assert_eq!(reply.headers.get("idempotent-replayed").map_or("", |value| value.to_str().unwrap()), replayed);
        }
        let list = app.get("/v1/workspaces").bearer(&token).send().await.expect(200).json();
        assert_eq!(list["meta"]["total"], 1);
    }

    async fn links_made_and_links_unarchived_at_once_do_not_wait_for_each_other_in_a_circle(app: TestApp) {
        let key = all_key(&app).await;
        let app = Arc::new(app);
        let mut archived = Vec::new();
        for _ in 0..40 {
            let link = make(&app, &key, json!({"destination_url": "https://example.com"})).await;
            act(&app, &key, &link, "archive").await.expect(200);
            archived.push(link);
        }
        let mut turns = tokio::task::JoinSet::new();
        for link in archived {
            let (one, other) = (Arc::clone(&app), Arc::clone(&app));
            let (key, same_key) = (key.clone(), key.clone());
            turns.spawn(async move { act(&one, &key, &link, "unarchive").await.expect(200) });
            turns.spawn(async move {
                let order = json!({"destination_url": "https://example.com"});
                other.post("/v1/links").bearer(&same_key).json(order).send().await.expect(201)
            });
        }
        while let Some(turn) = turns.join_next().await {
            turn.unwrap();
        }
        let links = app.get("/v1/links").bearer(&key).send().await.expect(200).json();
        assert_eq!(links["meta"]["total"], 80);
    }

    async fn codes_that_are_restyled_changed_and_lose_their_logo_at_once_do_not_wait_in_a_circle(app: TestApp) {
        let key = all_key(&app).await;
        let app = Arc::new(app);
        let logo = app.post("/v1/logos").bearer(&key).header("content-type", "image/svg+xml").body(TILE).send().await.expect(201).json();
        let logo = logo["id"].as_str().unwrap().to_owned();
        let mut templates = Vec::new();
        for style in [json!({"image": logo, "qrOptions": {"errorCorrectionLevel": "H"}}), json!({"dotsOptions": {"color": "#123456"}})] {
            let template = app.post("/v1/templates").bearer(&key).json(json!({"name": "Race", "style": style})).send().await.expect(201).json();
            templates.push(template["id"].as_str().unwrap().to_owned());
        }
        let mut codes = Vec::new();
        for number in 0..3 {
            let order = json!({"name": format!("Code {number}"), "destination_url": "https://example.com/"});
            codes.push(crate::qr_codes::make(&app, &key, order).await["id"].as_str().unwrap().to_owned());
        }
        for round in 0..16 {
            let mut turns = tokio::task::JoinSet::new();
            // All of them dressed, in both orders; each renamed, which reaches its link and the audit log, and dressed; and the
            // logo taken away.
            for (place, template) in templates.iter().enumerate() {
                let mut ids = codes.clone();
                if place == 1 {
                    ids.reverse();
                }
                let apply = app.post(&format!("/v1/templates/{template}/apply")).bearer(&key).json(json!({"qr_code_ids": ids, "allow_unscannable": true}));
                turns.spawn(async move { apply.send().await });
            }
            for (place, code) in codes.iter().enumerate() {
                let style = if (round + place) % 2 == 0 { json!({"image": logo}) } else { json!({}) };
                let change = json!({"name": format!("Code {place}, round {round}"), "style": style, "allow_unscannable": true});
                let change = app.patch(&format!("/v1/qr-codes/{code}")).bearer(&key).json(change);
                turns.spawn(async move { change.send().await });
            }
            let delete = app.delete(&format!("/v1/logos/{logo}")).bearer(&key);
            turns.spawn(async move { delete.send().await });
            while let Some(turn) = turns.join_next().await {
                let reply = turn.unwrap();
                // A code that others change all the time is a conflict, and so is a logo that is in use.
                assert!([200, 409].contains(&reply.status), "round {round}: {} {}", reply.request, reply.text());
            }
        }
        // A template keeps the logo, so it is still there.
        app.get(&format!("/v1/logos/{logo}")).bearer(&key).send().await.expect(200);
    }
}

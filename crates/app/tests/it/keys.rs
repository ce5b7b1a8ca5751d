//! API keys from birth to death, at the HTTP boundary.

use std::time::Duration;

use serde_json::{Value, json};
use tessera_testkit::{Person, TestApp, both};

use crate::support::again;

const DAY: Duration = Duration::from_secs(86_400);

async fn create(app: &TestApp, owner: &Person, body: Value) -> Value {
    app.post("/v1/api-keys").bearer(&owner.token).json(body).send().await.expect(201).json()
}

async fn status_of(app: &TestApp, key: &str) -> (u16, String) {
    let reply = app.get("/v1/me").bearer(key).send().await;
    (reply.status, if reply.status == 200 { String::new() } else { reply.code() })
}

fn admitted() -> (u16, String) {
    (200, String::new())
}

fn refused(code: &str) -> (u16, String) {
    (401, code.to_owned())
}

both! {
    async fn s010_s044_s047_s229_a_new_key_is_shown_once_and_never_again(app: TestApp) {
        let owner = app.owner().await;
        let made = create(&app, &owner, json!({"name": "CI/CD Pipeline", "scopes": ["read"]})).await;
        let key = made["key"].as_str().unwrap();
        assert!(key.starts_with("tsr_live_"));
        assert_eq!(key.len(), "tsr_live_".len() + 32);
        assert_eq!(made["name"], "CI/CD Pipeline");
        assert_eq!(made["scopes"], json!(["read"]));
        assert_eq!(made["expires_at"], Value::Null);
        assert_eq!(made["created_at"], "2026-02-15T10:30:00Z");
        let preview = format!("{}...{}", &key[..17], &key[key.len() - 4..]);
        assert_eq!(made["preview"], preview);

        let id = made["id"].as_str().unwrap();
        for path in ["/v1/api-keys".to_owned(), format!("/v1/api-keys/{id}"), "/v1/audit".to_owned(), "/v1/api-keys?format=csv".to_owned()] {
            let reply = app.get(&path).bearer(&owner.token).send().await.expect(200);
            assert!(!reply.text().contains(key), "{path} shows the key");
        }
    }

    async fn s008_s032_s033_s034_s098_s162_s200_t21_each_carrier_alone_opens_and_two_together_are_refused(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read"])).await.key;
        app.get("/v1/me").bearer(&key).send().await.expect(200);
        app.get("/v1/me").header("x-api-key", &key).send().await.expect(200);
        let query = app.get(&format!("/v1/me?api_key={key}")).send().await.expect(200);
        assert_eq!(query.header("cache-control"), "no-store");
        assert_eq!(query.header("referrer-policy"), "no-referrer");

        // t21: two credentials are never "first wins", also when they are the same or one is nonsense.
        let bearer = format!("Bearer {key}");
        let pairs: [(&str, &[(&str, &str)]); 5] = [
            ("/v1/me", &[("authorization", &bearer), ("x-api-key", &key)]),
            ("/v1/me", &[("authorization", &bearer), ("authorization", &bearer)]),
            ("/v1/me", &[("x-api-key", &key), ("x-api-key", "other")]),
            ("/v1/me?api_key=x", &[("authorization", &bearer)]),
            ("/v1/me?api_key=x&api_key=y", &[]),
        ];
        for (path, headers) in pairs {
            let request = headers.iter().fold(app.get(path), |request, (name, value)| request.header(name, value));
            assert_eq!(request.send().await.expect(400).code(), "multiple_credentials", "{path} {headers:?}");
        }
    }

    async fn s011_s099_s164_without_a_known_key_nothing_opens(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read"])).await.key;
        let none = app.get("/v1/links").send().await.expect(401);
        assert_eq!(none.code(), "unauthorized");
        assert_eq!(none.header("www-authenticate"), "Bearer");

        let mut wrong_secret = key.clone().into_bytes();
        wrong_secret[12] = if wrong_secret[12] == b'a' { b'b' } else { b'a' };
        let unknown = tessera_keys::PlainKey::mint(&"tsr_live_".parse().unwrap(), &tessera_types::SeededChance::new(99));
        for text in ["x", "tsr_live_", &key[1..], &key[..key.len() - 1], std::str::from_utf8(&wrong_secret).unwrap(), unknown.expose()] {
            let reply = app.get("/v1/links").bearer(text).send().await.expect(401);
            assert_eq!(reply.code(), "unauthorized", "{text}");
            assert_eq!(reply.json()["detail"], "API key not found or inactive", "{text}");
        }
        for header in ["Basic abc", "Bearer", "Bearer ", "bearer", key.as_str()] {
            assert_eq!(app.get("/v1/links").header("authorization", header).send().await.expect(401).code(), "unauthorized");
        }
    }

    async fn s073_s074_s182_s183_a_revoked_key_answers_api_key_inactive_from_then_on(app: TestApp) {
        let owner = app.owner().await;
        let (doomed, other) = (app.key(&owner, json!(["read"])).await, app.key(&owner, json!(["read"])).await);
        assert_eq!(status_of(&app, &doomed.key).await, admitted());
        let revoke = format!("/v1/api-keys/{}/revoke", doomed.id);
        let view = app.post(&revoke).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!((view["status"].as_str(), view["secrets"].as_array().map(Vec::len)), (Some("revoked"), Some(0)));
        assert_eq!(status_of(&app, &doomed.key).await, refused("api_key_inactive"));
        // s074: the others go on. s182: it cannot be taken back.
        assert_eq!(status_of(&app, &other.key).await, admitted());
        let change = app.patch(&format!("/v1/api-keys/{}", doomed.id)).bearer(&owner.token).json(json!({"is_active": true}));
        assert_eq!(change.send().await.expect(409).code(), "conflict");
        app.post(&revoke).bearer(&owner.token).send().await.expect(200);
        assert_eq!(status_of(&app, &doomed.key).await, refused("api_key_inactive"));
    }

    async fn s151_s153_a_deactivated_key_is_dead_until_it_is_activated_again(app: TestApp) {
        let owner = app.owner().await;
        let made = app.key(&owner, json!(["read"])).await;
        let path = format!("/v1/api-keys/{}", made.id);
        for _ in 0..3 {
            app.patch(&path).bearer(&owner.token).json(json!({"is_active": false})).send().await.expect(200);
            assert_eq!(status_of(&app, &made.key).await, refused("api_key_inactive"));
            app.patch(&path).bearer(&owner.token).json(json!({"is_active": true})).send().await.expect(200);
            assert_eq!(status_of(&app, &made.key).await, admitted());
        }
    }

    async fn s152_s154_s214_a_deleted_key_is_unknown_and_its_story_stays(app: TestApp) {
        let owner = app.owner().await;
        let made = app.key(&owner, json!(["read"])).await;
        assert_eq!(status_of(&app, &made.key).await, admitted());
        let path = format!("/v1/api-keys/{}", made.id);
        app.delete(&path).bearer(&owner.token).send().await.expect(204);
        assert_eq!(status_of(&app, &made.key).await, refused("unauthorized"));
        assert_eq!(app.get(&path).bearer(&owner.token).send().await.expect(404).code(), "not_found");
        app.delete(&path).bearer(&owner.token).send().await.expect(404);
        let list = app.get("/v1/api-keys").bearer(&owner.token).send().await.expect(200).json();
        assert!(list["data"].as_array().unwrap().iter().all(|key| key["id"] != made.id.as_str()));
        let story = app.get(&format!("/v1/audit?target={}", made.id)).bearer(&owner.token).send().await.expect(200).json();
        let actions: Vec<_> = story["data"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["api_key.deleted", "api_key.created"]);
    }

    async fn s042_s076_t08_a_key_expires_to_the_instant_also_when_it_is_in_memory(app: TestApp) {
        let owner = app.owner().await;
        let until = app.app.now() + 14 * DAY;
        let made = create(&app, &owner, json!({"name": "fortnight", "scopes": ["read"], "expires_at": until.to_string()})).await;
        let key = made["key"].as_str().unwrap();
        assert_eq!(status_of(&app, key).await, admitted());
        app.clock.set(until - Duration::from_millis(1));
        assert_eq!(status_of(&app, key).await, admitted());
        app.clock.set(until);
        assert_eq!(status_of(&app, key).await, refused("api_key_expired"));
        let owner = again(&app, &owner).await;
        let path = format!("/v1/api-keys/{}", made["id"].as_str().unwrap());
        assert_eq!(app.get(&path).bearer(&owner.token).send().await.expect(200).json()["status"], "expired");
        app.patch(&path).bearer(&owner.token).json(json!({"expires_at": null})).send().await.expect(200);
        assert_eq!(status_of(&app, key).await, admitted());
    }

    async fn s067_s068_s069_s071_a_rotated_key_keeps_its_identity_and_the_old_secret_24_hours(app: TestApp) {
        let owner = app.owner().await;
        let made = app.key(&owner, json!(["links.read"])).await;
        let rotate = format!("/v1/api-keys/{}/rotate", made.id);
        app.clock.advance(Duration::from_secs(100));
        let turned = app.post(&rotate).bearer(&owner.token).json(json!({})).send().await.expect(200).json();
        let new = turned["key"].as_str().unwrap();
        assert_ne!(new, made.key);
        assert_eq!((turned["id"].as_str(), &turned["scopes"]), (Some(made.id.as_str()), &json!(["links.read"])));
        assert_eq!(turned["secrets"].as_array().map(Vec::len), Some(2));

        let old = app.get("/v1/me").bearer(&made.key).send().await.expect(200);
        assert_eq!(old.header("deprecation"), format!("@{}", app.app.now().as_second()));
        assert_eq!(old.header("sunset"), "Mon, 16 Feb 2026 10:31:40 GMT");
        assert_eq!(old.json()["api_key_id"], made.id.as_str());
        let fresh = app.get("/v1/me").bearer(new).send().await.expect(200);
        assert!(fresh.headers.get("sunset").is_none());

        app.clock.advance(DAY - Duration::from_millis(1));
        assert_eq!(status_of(&app, &made.key).await, admitted());
        app.clock.advance(Duration::from_millis(1));
        assert_eq!(status_of(&app, &made.key).await, refused("unauthorized"));
        assert_eq!(status_of(&app, new).await, admitted());
    }

    async fn s178_s180_s212_s233_rotated_without_grace_the_old_secret_is_unknown_at_once(app: TestApp) {
        let owner = app.owner().await;
        let made = app.key(&owner, json!(["read"])).await;
        assert_eq!(status_of(&app, &made.key).await, admitted());
        let rotate = app.post(&format!("/v1/api-keys/{}/rotate", made.id)).bearer(&owner.token);
        let turned = rotate.json(json!({"grace_seconds": 0})).send().await.expect(200).json();
        let reply = app.get("/v1/me").bearer(&made.key).send().await.expect(401);
        assert_eq!((reply.code().as_str(), reply.json()["detail"].as_str()), ("unauthorized", Some("API key not found or inactive")));
        assert_eq!(status_of(&app, turned["key"].as_str().unwrap()).await, admitted());
    }

    async fn t09_rotating_never_lengthens_a_life_and_leaves_at_most_two_secrets(app: TestApp) {
        let owner = app.owner().await;
        let until = app.app.now() + Duration::from_secs(3_600);
        let made = create(&app, &owner, json!({"name": "short", "scopes": ["read"], "expires_at": until.to_string()})).await;
        let first = made["key"].as_str().unwrap().to_owned();
        let rotate = format!("/v1/api-keys/{}/rotate", made["id"].as_str().unwrap());
        let later = (app.app.now() + 30 * DAY).to_string();
        let second = app.post(&rotate).bearer(&owner.token).json(json!({"grace_seconds": 604_800, "expires_at": later})).send().await.expect(200).json();
        assert_eq!(second["secrets"][1]["valid_until"], until.to_string());
        let third = app.post(&rotate).bearer(&owner.token).json(json!({"grace_seconds": 604_800})).send().await.expect(200).json();
        assert_eq!(third["secrets"].as_array().map(Vec::len), Some(2));
        assert_eq!(status_of(&app, &first).await, refused("unauthorized"));
        assert_eq!(status_of(&app, second["key"].as_str().unwrap()).await, admitted());
        assert_eq!(status_of(&app, third["key"].as_str().unwrap()).await, admitted());
        for grace in [json!(604_801), json!(-1), json!("1"), json!(1.5), json!(u64::MAX)] {
            let reply = app.post(&rotate).bearer(&owner.token).json(json!({"grace_seconds": grace})).send().await.expect(400);
            assert_eq!(reply.json()["errors"][0]["field"], "grace_seconds");
        }
        // s074: revoking ends every secret, also the one in its grace.
        app.post(&rotate.replace("/rotate", "/revoke")).bearer(&owner.token).send().await.expect(200);
        for dead in [&second, &third] {
            assert_eq!(status_of(&app, dead["key"].as_str().unwrap()).await, refused("api_key_inactive"));
        }
        let again = app.post(&rotate).bearer(&owner.token).json(json!({})).send().await.expect(409);
        assert_eq!(again.code(), "conflict");
    }

    async fn s078_s079_s195_s217_uses_are_counted_and_told(app: TestApp) {
        let owner = app.owner().await;
        let made = app.key(&owner, json!(["links.read"])).await;
        let path = format!("/v1/api-keys/{}", made.id);
        let fresh = app.get(&path).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!((fresh["request_count"].as_u64(), &fresh["last_used_at"]), (Some(0), &Value::Null));
        app.clock.advance(Duration::from_secs(60));
        for _ in 0..3 {
            app.get("/v1/links").bearer(&made.key).header("user-agent", "curl/8").from("203.0.113.9").send().await.expect(200);
        }
        app.get("/v1/links/link_01jd8qd4vkf4ktabjqvqxgqzne").bearer(&made.key).header("user-agent", "curl/8").from("203.0.113.9").send().await.expect(404);
        // Refused at the door: not counted.
        app.get("/v1/api-keys").bearer(&made.key).send().await.expect(403);
        for flushed in [false, true] {
            let used = app.get(&path).bearer(&owner.token).send().await.expect(200).json();
            assert_eq!(used["request_count"], 4, "flushed: {flushed}");
            assert_eq!(used["last_used_at"], "2026-02-15T10:31:00Z");
            assert_eq!((used["last_used_ip"].as_str(), used["last_used_user_agent"].as_str()), (Some("203.0.113.9"), Some("curl/8")));
            app.app.flush().await.unwrap();
        }
        // s080: a key not used for 30 days can be told.
        app.clock.advance(30 * DAY);
        let owner = again(&app, &owner).await;
        let idle = app.get(&path).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(idle["unused_days"], 30);
        assert_eq!(idle["needs_rotation"], false);
        app.clock.advance(61 * DAY);
        let owner = again(&app, &owner).await;
        let old = app.get(&path).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(old["needs_rotation"], true);
    }

    async fn s149_s150_a_name_and_scopes_change_and_act_on_the_next_request(app: TestApp) {
        let owner = app.owner().await;
        let made = app.key(&owner, json!(["links.read"])).await;
        let path = format!("/v1/api-keys/{}", made.id);
        app.get("/v1/links").bearer(&made.key).send().await.expect(200);
        let read = app.get(&path).bearer(&owner.token).send().await.expect(200);
        let changed = app.patch(&path).bearer(&owner.token).header("if-match", read.header("etag"))
            .json(json!({"name": "renamed", "scopes": ["audit.read"]})).send().await.expect(200);
        assert_eq!((changed.json()["name"].as_str(), &changed.json()["scopes"]), (Some("renamed"), &json!(["audit.read"])));
        let reply = app.get("/v1/links").bearer(&made.key).send().await.expect(403);
        assert_eq!((reply.code().as_str(), reply.json()["detail"].as_str()), ("insufficient_scope", Some("This API key lacks the scope links.read.")));
        app.get("/v1/audit").bearer(&made.key).send().await.expect(200);
        // The version moved on: a change that was made from the old one is refused.
        let lost = app.patch(&path).bearer(&owner.token).header("if-match", read.header("etag")).json(json!({"name": "lost"})).send().await.expect(412);
        assert_eq!(lost.code(), "precondition_failed");
    }

    async fn t17_an_allow_list_is_enforced_on_every_form_of_an_address(app: TestApp) {
        let owner = app.owner().await;
        let body = json!({"name": "office", "scopes": ["read"], "ip_allow": ["203.0.113.0/24", "2001:db8::/32"], "ip_allow_mode": "enforce"});
        let made = create(&app, &owner, body).await;
        let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
        for (address, status) in [
            ("203.0.113.9", 200), ("::ffff:203.0.113.9", 200), ("2001:db8::1", 200),
            ("203.0.114.1", 403), ("::ffff:203.0.114.1", 403), ("2001:db9::1", 403), ("::1", 403),
        ] {
            let reply = app.get("/v1/me").bearer(key).from(address).send().await.expect(status);
            if status == 403 {
                assert_eq!(reply.code(), "ip_not_allowed", "{address}");
            }
        }
        let path = format!("/v1/api-keys/{id}");
        app.patch(&path).bearer(&owner.token).json(json!({"ip_allow_mode": "report_only"})).send().await.expect(200);
        app.get("/v1/me").bearer(key).from("198.51.100.1").send().await.expect(200);
        let empty = app.patch(&path).bearer(&owner.token).json(json!({"ip_allow": [], "ip_allow_mode": "enforce"})).send().await.expect(400);
        assert_eq!(empty.json()["errors"][0]["field"], "ip_allow");
    }

    async fn keys_of_another_system_open_by_their_digests(app: TestApp) {
        use sha2::{Digest, Sha256, Sha512};
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let owner = app.owner().await;
        let (one, two) = ("sk_live_legacy-0001", "0f8fad5b.d9cb469f");
        assert_eq!(status_of(&app, one).await, refused("unauthorized"));
        let body = json!({"keys": [
            {"name": "one", "scopes": ["read"], "digest_kind": "sha256-hex", "digest": hex(&Sha256::digest(one)), "prefix": "sk_live_", "last4": "0001"},
            {"name": "two", "scopes": ["links.read"], "digest_kind": "sha512-hex", "digest": hex(&Sha512::digest(two))},
        ]});
        let ids = app.post("/v1/api-keys/import").bearer(&owner.token).json(body.clone()).send().await.expect(201).json();
        assert_eq!(app.post("/v1/api-keys/import").bearer(&owner.token).json(body).send().await.expect(409).code(), "conflict");
        // Twice each: from the database, then from memory.
        for _ in 0..2 {
            for (index, key) in [one, two].into_iter().enumerate() {
                let me = app.get("/v1/me").bearer(key).send().await.expect(200).json();
                assert_eq!(me["api_key_id"], ids["ids"][index]);
            }
        }
        let app = app.restart().await;
        assert_eq!(status_of(&app, one).await, admitted());
        let wrong = json!({"keys": [{"name": "", "scopes": ["nope"], "digest_kind": "sha256-hex", "digest": "abc"}]});
        let owner = again(&app, &owner).await;
        let reply = app.post("/v1/api-keys/import").bearer(&owner.token).json(wrong).send().await.expect(400).json();
        let fields: Vec<_> = reply["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["keys[0].name", "keys[0].scopes", "keys[0].digest"]);
    }

    async fn another_service_verifies_keys_of_its_own_workspace(app: TestApp) {
        let owner = app.owner().await;
        let (service, client) = (app.key(&owner, json!(["api_keys.read"])).await, app.key(&owner, json!(["links.read"])).await);
        let verify = async |body: Value| app.post("/v1/api-keys/verify").bearer(&service.key).json(body).send().await.expect(200).json();
        let valid = verify(json!({"key": client.key, "scopes": ["links.read"]})).await;
        assert_eq!((valid["valid"].as_bool(), valid["api_key_id"].as_str()), (Some(true), Some(client.id.as_str())));
        assert_eq!(valid["scopes"], json!(["links.read"]));
        let lacking = verify(json!({"key": client.key, "scopes": ["links.create"]})).await;
        assert_eq!((lacking["valid"].as_bool(), lacking["code"].as_str()), (Some(false), Some("insufficient_scope")));
        let garbage = verify(json!({"key": "garbage"})).await;
        assert_eq!((garbage["valid"].as_bool(), garbage["code"].as_str()), (Some(false), Some("unauthorized")));
        app.post(&format!("/v1/api-keys/{}/revoke", client.id)).bearer(&owner.token).send().await.expect(200);
        assert_eq!(verify(json!({"key": client.key})).await["code"], "api_key_inactive");
    }

    async fn t26_a_leaked_key_is_ended_by_whoever_holds_it_and_guesses_are_limited(app: TestApp) {
        let owner = app.owner().await;
        let made = app.key(&owner, json!(["read"])).await;
        let send = async |key: &str| app.post("/v1/credentials/revoke").json(json!({"credentials": [key]})).from("198.51.100.7").send().await;
        assert_eq!(send(&made.key[..made.key.len() - 1]).await.status, 202, "a part of a key");
        assert_eq!(status_of(&app, &made.key).await, admitted());
        let live = send(&made.key).await.expect(202);
        assert_eq!(status_of(&app, &made.key).await, refused("api_key_inactive"));
        assert_eq!((live.text(), send(&made.key).await.text()), (String::new(), String::new()), "the same answer for live and dead");
        let mut limited = 0;
        for _ in 0..80 {
            limited += u32::from(send("guess").await.status == 429);
        }
        assert_eq!(limited, 80 - 59, "60 guesses a network, one was used above");
    }

    async fn t24_a_flood_of_unknown_keys_limits_its_network_and_no_known_key(app: TestApp) {
        let owner = app.owner().await;
        let good = app.key(&owner, json!(["read"])).await.key;
        app.get("/v1/me").bearer(&good).from("198.51.100.7").send().await.expect(200);
        let chance = tessera_types::SeededChance::new(5);
        let mut statuses = [0u32; 2];
        for _ in 0..200 {
            let guess = tessera_keys::PlainKey::mint(&"tsr_live_".parse().unwrap(), &chance);
            let reply = app.get("/v1/me").bearer(guess.expose()).from("198.51.100.7").send().await;
            statuses[usize::from(reply.status == 429)] += 1;
        }
        assert_eq!(statuses, [60, 140]);
        app.get("/v1/me").bearer(&good).from("198.51.100.7").send().await.expect(200);
        let limited = app.get("/v1/me").bearer(tessera_keys::PlainKey::mint(&"tsr_live_".parse().unwrap(), &chance).expose()).from("198.51.100.7").send().await;
        assert_eq!((limited.code().as_str(), limited.header("retry-after").as_str()), ("too_many_attempts", "1"));
    }

    async fn t07_the_right_prefix_with_another_secret_is_not_the_key(app: TestApp) {
        let owner = app.owner().await;
        let made = app.key(&owner, json!(["read"])).await;
        app.get("/v1/me").bearer(&made.key).send().await.expect(200);
        let body = &made.key[..made.key.len() - 6];
        let twisted = format!("{}{}", &body[..body.len() - 1], if body.ends_with('a') { 'b' } else { 'a' });
        let checksum = tessera_keys::PlainKey::mint(&"tsr_live_".parse().unwrap(), &tessera_types::SeededChance::new(77));
        for text in [format!("{twisted}{}", &made.key[made.key.len() - 6..]), checksum.expose().to_owned()] {
            assert_eq!(status_of(&app, &text).await, refused("unauthorized"));
        }
    }

    async fn bad_input_is_refused_field_by_field(app: TestApp) {
        let owner = app.owner().await;
        let long = "x".repeat(101);
        let table = [
            (json!({}), vec![("name", "required")]),
            (json!({"name": "x"}), vec![("scopes", "required")]),
            (json!({"name": " ", "scopes": [], "ip_allow": ["300.1.1.1"], "expires_at": "2020-01-01T00:00:00Z"}),
             vec![("name", "range"), ("scopes", "required"), ("expires_at", "range"), ("ip_allow", "format")]),
            (json!({"name": long, "scopes": ["links.read", "links.read"]}), vec![("name", "range"), ("scopes", "duplicate")]),
            (json!({"name": "x", "scopes": ["links.*"]}), vec![("scopes", "unknown")]),
            (json!({"name": "x", "scopes": ["all", "links.read"]}), vec![("scopes", "unknown")]),
            (json!({"name": "x", "scopes": "all"}), vec![("scopes", "type")]),
            (json!({"name": "x", "scopes": ["read"], "userId": "usr_1"}), vec![("userId", "unknown")]),
            (json!({"name": "x", "scopes": ["read"], "workspace_id": "ws_1"}), vec![("workspace_id", "unknown")]),
            (json!({"name": "x", "scopes": ["read"], "expires_at": "tomorrow"}), vec![("expires_at", "format")]),
        ];
        for (body, expected) in table {
            let reply = app.post("/v1/api-keys").bearer(&owner.token).json(body.clone()).send().await.expect(400).json();
            let errors: Vec<_> = reply["errors"].as_array().unwrap().iter()
                .map(|error| (error["field"].as_str().unwrap(), error["code"].as_str().unwrap())).collect();
            assert_eq!(errors, expected, "{body}");
        }
    }

    async fn a_list_comes_as_csv_compressed_or_not_and_of_any_length(app: TestApp) {
        let owner = app.owner().await;
        for number in 0..205 {
            create(&app, &owner, json!({"name": format!("={number}"), "scopes": ["read"]})).await;
        }
        let plain = app.get("/v1/api-keys?format=csv").bearer(&owner.token).send().await.expect(200);
        assert_eq!(plain.header("content-type"), "text/csv; charset=utf-8");
        let text = plain.text();
        assert_eq!(text.lines().count(), 1 + 205, "a head and every key, over three reads");
        assert!(text.contains(",'=204,"), "a name that looks like a formula is disarmed");
        let audit = || app.get("/v1/audit").header("accept", "text/csv").bearer(&owner.token);
        let length = audit().send().await.expect(200).bytes.len();
        for _ in 0..20 {
            let packed = audit().header("accept-encoding", "gzip").send().await.expect(200);
            assert_eq!(packed.header("content-encoding"), "gzip");
            // A gzip member ends in the length of what it holds (RFC 1952).
            let told = packed.bytes.last_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes) as usize);
            assert_eq!(told, Some(length));
        }
    }

    async fn the_audit_chain_shows_every_hand_that_was_laid_on_it(app: TestApp) {
        let owner = app.owner().await;
        for _ in 0..4 {
            app.key(&owner, json!(["read"])).await;
        }
        let sound = tessera_app::audit::verify(&app.app).await.unwrap();
        assert!(sound.faults.is_empty() && sound.chains == 2 && sound.rows >= 6, "{sound:?}");
        app.by_hand("update audit_rows set action = 'api_key.gone' where seq = 3").await;
        let altered = tessera_app::audit::verify(&app.app).await.unwrap();
        assert_eq!(altered.faults.first().map(|fault| (fault.seq, fault.what)), Some((3, "the row was altered")));
        app.by_hand("delete from audit_rows where seq = 2").await;
        let removed = tessera_app::audit::verify(&app.app).await.unwrap();
        assert!(removed.faults.iter().any(|fault| (fault.seq, fault.what) == (2, "a row is missing")), "{removed:?}");
    }

    async fn the_audit_log_is_narrowed_to_what_one_of_them_did(app: TestApp) {
        let owner = app.owner().await;
        let (one, other) = (app.key(&owner, json!(["all"])).await, app.key(&owner, json!(["all"])).await);
        for (key, alias) in [(&one, "one"), (&other, "other"), (&other, "third")] {
            // Nobody is found by what they are called, whatever that looks like.
            let link = json!({"destination_url": "https://example.com/", "alias": alias, "title": format!("\"id\":\"{}\"", one.id)});
            app.post("/v1/links").bearer(&key.key).json(link).send().await.expect(201);
        }
        let found = async |actor: &str| {
            let log = app.get(&format!("/v1/audit?actor={actor}")).bearer(&owner.token).send().await.expect(200).json();
            log["meta"]["total"].as_u64().unwrap()
        };
        assert_eq!((found(&one.id).await, found(&other.id).await, found(&format!("{},{}", one.id, other.id)).await), (1, 2, 3));
        assert_eq!((found("key_").await, found("all").await), (0, 0));
        // Their keys were made by a person, the workspace on the server or at the set-up page.
        let everything = app.get("/v1/audit?limit=1").bearer(&owner.token).send().await.expect(200).json();
        let by_owner = found(&owner.user_id).await;
        assert_eq!(everything["meta"]["total"].as_u64().unwrap(), 3 + by_owner + found("visitor").await + found("operator").await);
        assert!(by_owner >= 2, "{by_owner}");
    }

    async fn the_end_of_an_audit_chain_cannot_be_cut_off_unseen(app: TestApp) {
        let owner = app.owner().await;
        for _ in 0..4 {
            app.key(&owner, json!(["read"])).await;
        }
        app.by_hand("delete from audit_rows where seq > 3").await;
        let cut = tessera_app::audit::verify(&app.app).await.unwrap();
        assert!(cut.faults.iter().any(|fault| (fault.seq, fault.what) == (4, "the chain's end is missing")), "{cut:?}");
        // Also not by setting the head back to the last row left, hash and all.
        app.by_hand(
            "update audit_heads set seq = 3, hash = (select hash from audit_rows where seq = 3 and chain_id = audit_heads.chain_id) \
             where seq > 3",
        ).await;
        let moved = tessera_app::audit::verify(&app.app).await.unwrap();
        assert!(moved.faults.iter().any(|fault| fault.what == "the chain's head was altered"), "{moved:?}");
    }

    async fn another_members_personal_key_is_out_of_everybodys_hands(app: TestApp) {
        let owner = app.owner().await;
        let admin = crate::support::member(&app, &owner, "admin").await;
        let body = json!({"name": "Über", "scopes": ["read"], "owner": "personal"});
        let mine = app.post("/v1/api-keys").bearer(&admin.token).json(body).send().await.expect(201).json();
        let path = format!("/v1/api-keys/{}", mine["id"].as_str().unwrap());
        assert_eq!(app.post(&format!("{path}/rotate")).bearer(&owner.token).json(json!({})).send().await.expect(403).code(), "insufficient_scope");
        app.post(&format!("{path}/rotate")).bearer(&admin.token).json(json!({})).send().await.expect(200);
        let found = app.get("/v1/api-keys?search=%C3%9CBER").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(found["meta"]["total"], 1, "a name is found in any case, also beyond ASCII");
        app.post(&format!("{path}/revoke")).bearer(&owner.token).send().await.expect(200);
    }

    async fn s161_t34_a_key_of_another_brand_or_environment_is_unknown(app: TestApp) {
        let owner = app.owner().await;
        let live = app.key(&owner, json!(["read"])).await.key;
        let chance = tessera_types::SeededChance::new(34);
        for prefix in ["tsr_test_", "tsr_dev_", "sk_live_", "growqr_live_"] {
            let foreign = tessera_keys::PlainKey::mint(&prefix.parse().unwrap(), &chance);
            let renamed = live.replace("tsr_live_", prefix);
            for text in [foreign.expose(), &renamed] {
                assert_eq!(status_of(&app, text).await, refused("unauthorized"), "{prefix}");
            }
        }
        assert_eq!(status_of(&app, &live).await, admitted());
    }

    async fn t23_uses_are_written_together_and_not_one_by_one(app: TestApp) {
        let owner = app.owner().await;
        let made = app.key(&owner, json!(["read"])).await;
        let use_it = async |app: &TestApp| {
            for _ in 0..200 {
                app.get("/v1/me").bearer(&made.key).send().await.expect(200);
            }
        };
        let count = async |app: &TestApp| {
            let owner = again(app, &owner).await;
            let view = app.get(&format!("/v1/api-keys/{}", made.id)).bearer(&owner.token).send().await.expect(200).json();
            view["request_count"].as_u64()
        };
        use_it(&app).await;
        // None of them was a write of its own, and a crash before the flush loses none of them.
        app.by_hand("update api_keys set request_count = request_count + 1000").await;
        let app = app.restart().await;
        assert_eq!(count(&app).await, Some(1_200));
        use_it(&app).await;
        app.app.flush().await.unwrap();
        let app = app.restart().await;
        assert_eq!(count(&app).await, Some(1_400));
    }
}

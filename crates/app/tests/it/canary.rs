//! t20: secrets are sent through every door and into every wall, and then looked for everywhere.

use serde_json::json;
use tessera_testkit::{PASSWORD, TestApp, both};

use crate::support::{ask, operations};

both! {
    async fn s036_t20_no_secret_is_found_anywhere_it_should_not_be(app: TestApp) {
        let owner = app.owner().await;
        let mut made = Vec::new();
        for (scopes, grace) in [(json!(["all"]), 3_600), (json!(["links.read"]), 0)] {
            let key = app.key(&owner, scopes).await;
            let turned = app.post(&format!("/v1/api-keys/{}/rotate", key.id)).bearer(&owner.token).json(json!({"grace_seconds": grace}));
            made.push(key.key);
            made.push(turned.send().await.expect(200).json()["key"].as_str().unwrap().to_owned());
        }
        let mut answers = String::new();
        let mut keep = |text: String| answers.push_str(&text);
        for secret in made.iter().map(String::as_str).chain([PASSWORD]) {
            for (method, path, _) in operations() {
                let plain = path.replace("{id}", "key_01jd8qd4vkf4ktabjqvqxgqzne");
                let hostile = path.replace("{id}", secret);
                let body = json!({"name": secret, secret: secret, "tags": [secret, 7], "destination_url": secret, "password": secret});
                let requests = [
                    ask(&app, &method, &plain).bearer(secret),
                    ask(&app, &method, &plain).header("x-api-key", secret).bearer(secret),
                    ask(&app, &method, &plain).header("authorization", format!("Basic {secret}")),
                    ask(&app, &method, &format!("{plain}?api_key={secret}")).header("referer", format!("https://x/?api_key={secret}")),
                    ask(&app, &method, &hostile).bearer(&owner.token),
                    ask(&app, &method, &plain).bearer("nobody").header("if-match", secret).header("idempotency-key", secret),
                ];
                // Logging everybody out, or ending the key under test, would end the search early.
                if path.contains("logout") || path.contains("credentials/revoke") {
                    continue;
                }
                for request in requests {
                    let reply = request.send().await;
                    // What a caller sent is theirs to read back in the message about it; the key it came with is not.
                    keep(format!("{:?}", reply.headers));
                    keep(reply.text());
                }
                if method != "GET" && method != "DELETE" && !path.contains("/links") {
                    let _ = ask(&app, &method, &plain).bearer("nobody").json(&body).send().await;
                }
            }
            let gone = app.get(&format!("/{secret}")).send().await;
            keep(format!("{:?}", gone.headers));
        }
        app.app.flush().await.unwrap();
        let dump = String::from_utf8_lossy(&app.db.dump().await).into_owned();
        let audit = app.get("/v1/audit?format=csv").bearer(&owner.token).send().await.expect(200).text();
        let metrics = app.app.metrics.text();
        let logs = app.logs();
        assert!(logs.contains("request"), "the log was captured");
        assert!(dump.contains("api_key.rotated"), "the dump holds the database");
        for secret in made.iter().map(String::as_str).chain([PASSWORD, owner.token.as_str()]) {
            // The random part alone would do as well.
            let heart = &secret[secret.len().saturating_sub(20)..];
            for (place, text) in [("log", &logs), ("database", &dump), ("audit rows", &audit), ("metrics", &metrics)] {
                assert!(!text.contains(heart), "a secret ({}…) is in the {place}", &secret[..6]);
            }
            if made.iter().any(|key| key == secret) {
                assert!(!answers.contains(heart), "a key is in an answer that did not make it");
            }
        }
        let pepper = app.app.keyring.to_text();
        for line in pepper.lines().filter(|line| !line.starts_with('#')) {
            let secret = line.split_whitespace().nth(1).unwrap_or_default();
            assert!(secret.len() == 64 && !dump.contains(secret) && !logs.contains(secret));
        }
    }
}

//! What links refuse: every field, with the code that is answered for it.

use serde_json::{Value, json};
use tessera_testkit::{TestApp, both};

use crate::links::{all_key, make, patch};

/// What is wrong with the body, as `field code`.
fn errors(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    errors
        .iter()
        .map(|error| {
            format!(
                "{} {}",
                error["field"].as_str().unwrap_or_default(),
                error["code"].as_str().unwrap_or_default()
            )
        })
        .collect()
}

/// Each with the one error it causes.
fn wrong_fields() -> Vec<(Value, &'static str)> {
    let long = |chars: usize| "x".repeat(chars);
    let many =
        |entries: usize| (0..entries).map(|n| (n.to_string(), json!(n))).collect::<serde_json::Map<_, _>>();
    vec![
        (json!({"destination_url": "example.com"}), "destination_url format"),
        (json!({"destination_url": "javascript:alert(1)"}), "destination_url scheme"),
        (json!({"destination_url": "http://localhost:8080/demo"}), "destination_url loop"),
        (json!({"destination_url": "https://me:secret@example.com"}), "destination_url credentials"),
        (
            json!({"destination_url": format!("https://example.com/{}", long(8_200))}),
            "destination_url length",
        ),
        (json!({"destination_url": 5}), "destination_url type"),
        (json!({"destination_url": null}), "destination_url type"),
        (json!({"alias": ""}), "alias length"),
        (json!({"alias": long(191)}), "alias length"),
        (json!({"alias": "a b"}), "alias format"),
        (json!({"alias": "/a"}), "alias format"),
        (json!({"alias": "a//b"}), "alias format"),
        (json!({"alias": "a/../b"}), "alias format"),
        (json!({"alias": "V1"}), "alias reserved"),
        (json!({"domain": "elsewhere.example"}), "domain choice"),
        (json!({"title": long(201)}), "title length"),
        (json!({"title": "a\nb"}), "title format"),
        (json!({"notes": long(4_001)}), "notes length"),
        (json!({"metadata": []}), "metadata type"),
        (json!({"metadata": many(51)}), "metadata length"),
        (json!({"metadata": {"a": {}}}), "metadata type"),
        (json!({"metadata": {long(41): 1}}), "metadata length"),
        (json!({"metadata": {"a": long(501)}}), "metadata length"),
        (json!({"tags": ["ok", "a,b"]}), "tags[1] format"),
        (json!({"tags": [" "]}), "tags[0] length"),
        (json!({"tags": [long(65)]}), "tags[0] length"),
        (json!({"tags": ["ok", 5]}), "tags[1] type"),
        (json!({"tags": (0..51).map(|n| n.to_string()).collect::<Vec<_>>()}), "tags length"),
        (json!({"utm_source": long(201)}), "utm_source length"),
        (json!({"utm_content": "a\tb"}), "utm_content format"),
        (json!({"redirect_status": 303}), "redirect_status choice"),
        (json!({"redirect_status": "302"}), "redirect_status type"),
        (json!({"forward_query": "yes"}), "forward_query type"),
        (json!({"starts_at": "tomorrow"}), "starts_at format"),
        (json!({"expires_at": "2026-02-15"}), "expires_at format"),
        (
            json!({"starts_at": "2026-03-01T00:00:00Z", "expires_at": "2026-03-01T00:00:00Z"}),
            "expires_at range",
        ),
        (json!({"expired_url": "data:text/html,x"}), "expired_url scheme"),
        (json!({"max_clicks": 0}), "max_clicks range"),
        (json!({"max_clicks": 1_000_000_001}), "max_clicks range"),
        (json!({"max_clicks": 1.5}), "max_clicks type"),
        (json!({"password": "abc"}), "password length"),
        (json!({"password": long(129)}), "password length"),
        (json!({"destination": "https://example.com"}), "destination unknown"),
    ]
}

both! {
    async fn each_wrong_field_is_named_when_a_link_is_made_and_when_it_is_changed(app: TestApp) {
        let key = all_key(&app).await;
        let link = make(&app, &key, json!({"destination_url": "https://example.com"})).await;
        for (wrong, expected) in wrong_fields() {
            let mut order = json!({"destination_url": "https://example.com"});
            order.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
            let made = app.post("/v1/links").bearer(&key).json(&order).send().await.expect(400).json();
            assert_eq!((&made["code"], errors(&made)), (&json!("invalid_request"), vec![expected.to_owned()]), "{order:.200}");
            let changed = patch(&app, &key, &link, wrong.clone()).await.expect(400).json();
            let expected = if wrong == json!({"destination_url": null}) { "destination_url required" } else { expected };
            assert_eq!(errors(&changed), [expected.to_owned()], "{wrong:.200}");
        }
    }

    async fn everything_wrong_is_said_at_once_and_nothing_is_made(app: TestApp) {
        let key = all_key(&app).await;
        let order = json!({"destination_url": "ftp://example.com", "alias": "a b", "tags": ["a,b"], "max_clicks": 0});
        let refused = app.post("/v1/links").bearer(&key).json(order).send().await.expect(400).json();
        assert_eq!(errors(&refused), ["destination_url scheme", "alias format", "tags[0] format", "max_clicks range"]);
        let empty = app.post("/v1/links").bearer(&key).json(json!({})).send().await.expect(400).json();
        assert_eq!(errors(&empty), ["destination_url required"]);
        let listed = app.get("/v1/links").bearer(&key).send().await.expect(200).json();
        assert_eq!(listed["meta"]["total"], 0);
    }

    async fn a_change_is_held_against_what_the_link_has(app: TestApp) {
        let key = all_key(&app).await;
        let link = make(&app, &key, json!({"destination_url": "https://example.com", "starts_at": "2026-03-01T00:00:00Z"})).await;
        let refused = patch(&app, &key, &link, json!({"expires_at": "2026-02-20T00:00:00Z"})).await.expect(400).json();
        assert_eq!(errors(&refused), ["expires_at range"]);
        for field in ["alias", "domain"] {
            let refused = patch(&app, &key, &link, json!({field: null})).await.expect(400).json();
            assert_eq!(errors(&refused), [format!("{field} required")]);
        }
    }

    async fn null_clears_and_limits_are_inclusive(app: TestApp) {
        let key = all_key(&app).await;
        let long = |chars: usize| "\u{fc}".repeat(chars);
        let order = json!({
            "destination_url": "https://example.com", "title": long(200), "notes": long(4_000), "tags": [long(64)],
            "metadata": {long(40): long(500), "n": 1.5, "t": true, "z": null}, "utm_term": long(200), "redirect_status": 308,
            "forward_query": true, "starts_at": "2026-02-01T00:00:00+01:00", "expires_at": "2027-01-01T00:00:00Z",
            "expired_url": "https://example.com/over", "max_clicks": 1_000_000_000, "password": long(128),
        });
        let link = make(&app, &key, order.clone()).await;
        for field in ["title", "notes", "tags", "metadata", "utm_term", "redirect_status", "forward_query", "max_clicks"] {
            assert_eq!(link[field], order[field], "{field}");
        }
        assert_eq!((&link["starts_at"], &link["has_password"]), (&json!("2026-01-31T23:00:00Z"), &json!(true)));
        assert_eq!(link.get("password"), None);
        let nothing: serde_json::Map<_, _> = order.as_object().unwrap().keys()
            .filter(|field| *field != "destination_url").map(|field| (field.clone(), Value::Null)).collect();
        let cleared = patch(&app, &key, &link, Value::Object(nothing)).await.expect(200).json();
        for (field, value) in [("title", Value::Null), ("tags", json!([])), ("metadata", json!({})), ("redirect_status", json!(302)),
            ("forward_query", json!(false)), ("starts_at", Value::Null), ("max_clicks", Value::Null), ("has_password", json!(false))] {
            assert_eq!(cleared[field], value, "{field}");
        }
    }

    async fn a_destination_in_another_script_is_shown_in_both_forms(app: TestApp) {
        let key = all_key(&app).await;
        let link = make(&app, &key, json!({"destination_url": "https://b\u{fc}cher.example/\u{fc}"})).await;
        assert_eq!(link["destination_url"], "https://xn--bcher-kva.example/%C3%BC");
        assert_eq!(link["destination_host_unicode"], "b\u{fc}cher.example");
        let found = app.get("/v1/links?search=B%C3%9CCHER").bearer(&key).send().await.expect(200).json();
        assert_eq!(found["meta"]["total"], 1);
    }
}

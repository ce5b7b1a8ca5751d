//! Following short links: who is sent where, what is counted, and what people read when a link does not lead on.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tessera_testkit::{Reply, TestApp, both};

use crate::links::{act, all_key, id, make, patch, read};

async fn head(app: &TestApp, path: &str) -> Reply {
    app.request(Method::HEAD, path).send().await
}

/// A link to `https://example.com/to`, with more.
async fn link(app: &TestApp, key: &str, alias: &str, more: Value) -> Value {
    let mut link = json!({"destination_url": "https://example.com/to", "alias": alias});
    link.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    make(app, key, link).await
}

fn form(app: &TestApp, path: &str, body: &str) -> tessera_testkit::Request {
    app.post(path).header("content-type", "application/x-www-form-urlencoded").body(body.to_owned())
}

both! {
    async fn s061_a_visit_is_sent_to_the_destination_and_nobody_may_remember_it(app: TestApp) {
        let key = all_key(&app).await;
        for status in [301, 302, 307, 308] {
            link(&app, &key, &format!("r{status}"), json!({"redirect_status": status})).await;
            // The first is read from the database, the second from memory.
            for _ in 0..2 {
                let reply = app.get(&format!("/r{status}")).send().await.expect(status);
                assert_eq!(reply.header("location"), "https://example.com/to");
                assert_eq!(reply.header("cache-control"), "no-store");
                assert_eq!(reply.bytes.len(), 0);
            }
        }
    }

    async fn s064_head_answers_like_get_and_counts_nothing(app: TestApp) {
        let key = all_key(&app).await;
        let made = link(&app, &key, "demo", json!({})).await;
        for _ in 0..3 {
            assert_eq!(head(&app, "/demo").await.expect(302).header("location"), "https://example.com/to");
        }
        assert_eq!(read(&app, &key, &made).await["clicks"], 0);
        assert_eq!(head(&app, "/nothing").await.expect(404).bytes.len(), 0);
    }

    async fn a_head_request_is_answered_without_a_body_from_memory_and_by_the_api_too(app: TestApp) {
        let key = all_key(&app).await;
        let paused = link(&app, &key, "paused", json!({})).await;
        act(&app, &key, &paused, "pause").await.expect(200);
        link(&app, &key, "scheduled", json!({"starts_at": "2027-01-01T00:00:00Z"})).await;
        link(&app, &key, "expired", json!({"expires_at": "2026-01-01T00:00:00Z"})).await;
        link(&app, &key, "locked", json!({"password": "mosaic"})).await;
        for (path, status) in [("/paused", 410), ("/scheduled", 404), ("/expired", 410), ("/locked", 200), ("/healthz", 200),
            ("/v1/links", 401)] {
            // The first link is read from the database, the second from memory.
            for _ in 0..2 {
                assert!(!app.get(path).send().await.expect(status).bytes.is_empty(), "{path}");
                assert_eq!(head(&app, path).await.expect(status).bytes.len(), 0, "{path}");
            }
        }
    }

    async fn s065_what_does_not_exist_or_was_deleted_is_a_404_page(app: TestApp) {
        let key = all_key(&app).await;
        let made = link(&app, &key, "demo", json!({})).await;
        app.get("/demo").send().await.expect(302);
        app.delete(&format!("/v1/links/{}", id(&made))).bearer(&key).send().await.expect(204);
        for path in ["/demo", "/never", "/%ff", "/caf%C3%A9", "//demo", "/demo/x", "/a%00b"] {
            let reply = app.get(path).send().await.expect(404);
            assert_eq!(reply.header("content-type"), "text/html; charset=utf-8", "{path}");
            assert!(reply.text().contains("There is no such link"), "{path}");
        }
    }

    async fn s060_utm_fields_and_a_forwarded_query_meet_in_the_destination(app: TestApp) {
        let key = all_key(&app).await;
        let order = json!({"destination_url": "https://example.com/to?a=1&utm_source=old", "alias": "utm", "utm_source": "cms",
            "utm_medium": "web", "utm_campaign": "launch"});
        make(&app, &key, order).await;
        let merged = "https://example.com/to?a=1&utm_source=cms&utm_medium=web&utm_campaign=launch";
        assert_eq!(app.get("/utm?b=2").send().await.expect(302).header("location"), merged);
        link(&app, &key, "fwd", json!({"forward_query": true, "utm_source": "cms"})).await;
        assert_eq!(app.get("/fwd").send().await.expect(302).header("location"), "https://example.com/to?utm_source=cms");
        let forwarded = app.get("/fwd?b=2&utm_source=evil").send().await.expect(302);
        assert_eq!(forwarded.header("location"), "https://example.com/to?utm_source=cms&b=2");
    }

    async fn s053_a_click_is_seen_at_once_and_after_the_flush_and_after_a_crash(app: TestApp) {
        let key = all_key(&app).await;
        let made = link(&app, &key, "demo", json!({})).await;
        app.clock.advance(Duration::from_secs(5));
        for visits in 1..=3 {
            app.get("/demo").send().await.expect(302);
            let seen = read(&app, &key, &made).await;
            assert_eq!((&seen["clicks"], &seen["last_clicked_at"]), (&json!(visits), &json!("2026-02-15T10:30:05Z")));
        }
        app.app.flush().await.unwrap();
        assert_eq!(read(&app, &key, &made).await["clicks"], 3);
        app.app.flush().await.unwrap();
        app.get("/demo").send().await.expect(302);
        let listed = app.get("/v1/links").bearer(&key).send().await.expect(200).json();
        assert_eq!(listed["data"][0]["clicks"], 4);
        let app = app.restart().await;
        assert_eq!(read(&app, &key, &made).await["clicks"], 4);
        app.get("/demo").send().await.expect(302);
        assert_eq!(read(&app, &key, &made).await["clicks"], 5);
    }

    async fn an_edit_loses_no_click(app: TestApp) {
        let key = all_key(&app).await;
        let made = link(&app, &key, "demo", json!({})).await;
        for round in 0..10 {
            app.get("/demo").send().await.expect(302);
            patch(&app, &key, &made, json!({"title": format!("T{round}")})).await.expect(200);
            if round % 3 == 0 {
                app.app.flush().await.unwrap();
            }
        }
        assert_eq!(read(&app, &key, &made).await["clicks"], 10);
        assert_eq!(read(&app.restart().await, &key, &made).await["clicks"], 10);
    }

    async fn a_pause_and_a_new_destination_act_on_the_next_visit(app: TestApp) {
        let key = all_key(&app).await;
        let made = link(&app, &key, "demo", json!({"redirect_status": 301})).await;
        for round in 0..100 {
            app.get("/demo").send().await.expect(301);
            act(&app, &key, &made, "pause").await.expect(200);
            app.get("/demo").send().await.expect(410);
            act(&app, &key, &made, "resume").await.expect(200);
            let to = format!("https://example.com/{round}");
            patch(&app, &key, &made, json!({"destination_url": to})).await.expect(200);
            assert_eq!(app.get("/demo").send().await.expect(301).header("location"), to);
        }
        assert_eq!(read(&app, &key, &made).await["clicks"], 200);
    }

    async fn a_new_alias_frees_the_old_one_at_once(app: TestApp) {
        let key = all_key(&app).await;
        let made = link(&app, &key, "old", json!({})).await;
        app.get("/old").send().await.expect(302);
        patch(&app, &key, &made, json!({"alias": "New/Place"})).await.expect(200);
        app.get("/old").send().await.expect(404);
        app.get("/new/place").send().await.expect(302);
        link(&app, &key, "old", json!({"destination_url": "https://example.com/second"})).await;
        assert_eq!(app.get("/OLD").send().await.expect(302).header("location"), "https://example.com/second");
    }

    async fn a_schedule_begins_and_ends_to_the_second(app: TestApp) {
        let key = all_key(&app).await;
        let times = json!({"starts_at": "2026-02-15T10:30:10Z", "expires_at": "2026-02-15T10:30:20Z"});
        let made = link(&app, &key, "demo", times.clone()).await;
        let mut elsewhere = times;
        elsewhere["expired_url"] = json!("https://example.com/over");
        link(&app, &key, "elsewhere", elsewhere).await;
        // seconds after the start, what a visit meets, what it meets where there is an expired_url
        for (second, status, other) in [(0, 404, 404), (9, 404, 404), (10, 302, 302), (19, 302, 302), (20, 410, 302), (60, 410, 302)] {
            let passed = app.app.now().as_second() - tessera_testkit::START.as_second();
            app.clock.advance(Duration::from_secs(second - u64::try_from(passed).unwrap()));
            app.get("/demo").send().await.expect(status);
            assert_eq!(head(&app, "/demo").await.status, status);
            app.get("/elsewhere").send().await.expect(other);
        }
        assert_eq!(app.get("/elsewhere").send().await.header("location"), "https://example.com/over");
        assert_eq!(read(&app, &key, &made).await["clicks"], 2);
        let found = app.get("/v1/links?search=elsewhere").bearer(&key).send().await.expect(200).json();
        assert_eq!(found["data"][0]["clicks"], 2);
    }

    async fn of_two_hundred_visitors_at_once_exactly_as_many_as_allowed_get_through(app: TestApp) {
        let key = all_key(&app).await;
        let made = link(&app, &key, "demo", json!({"max_clicks": 37})).await;
        let mut visits = tokio::task::JoinSet::new();
        for _ in 0..200 {
            visits.spawn(app.get("/demo").send());
        }
        let statuses: Vec<u16> = visits.join_all().await.iter().map(|reply| reply.status).collect();
        let count = |status| statuses.iter().filter(|seen| **seen == status).count();
        assert_eq!((count(302), count(410)), (37, 163));
        let seen = read(&app, &key, &made).await;
        assert_eq!((&seen["clicks"], &seen["status"]), (&json!(37), &json!("used_up")));
        assert_eq!(head(&app, "/demo").await.status, 410);
        patch(&app, &key, &made, json!({"max_clicks": 38})).await.expect(200);
        app.get("/demo").send().await.expect(302);
        app.get("/demo").send().await.expect(410);
        app.app.flush().await.unwrap();
        let app = app.restart().await;
        app.get("/demo").send().await.expect(410);
        assert_eq!(read(&app, &key, &made).await["clicks"], 38);
    }

    async fn a_password_lets_in_who_knows_it_and_tires_who_guesses(app: TestApp) {
        let key = all_key(&app).await;
        let made = link(&app, &key, "demo", json!({"password": "mosaic & tiles", "forward_query": true})).await;
        let page = app.get("/demo").send().await.expect(200);
        assert!(page.text().contains("<form method=\"post\">") && page.text().contains("type=\"password\""));
        assert!(!page.header("content-security-policy").contains("form-action"));
        assert_eq!(head(&app, "/demo").await.status, 200);
        let wrong = form(&app, "/demo", "password=Mosaic").send().await.expect(403);
        assert!(wrong.text().contains("That is not the password."));
        assert_eq!(read(&app, &key, &made).await["clicks"], 0);
        let right = form(&app, "/demo?b=2", "password=mosaic+%26+tiles").send().await.expect(303);
        assert_eq!(right.header("location"), "https://example.com/to?b=2");
        assert_eq!(right.header("cache-control"), "no-store");
        assert_eq!(right.header("referrer-policy"), "no-referrer");
        assert_eq!(read(&app, &key, &made).await["clicks"], 1);
        // Ten guesses from one network, then a pause of half a minute for each; other networks are not hindered.
        for _ in 0..10 {
            form(&app, "/demo", "password=guess").send().await.expect(403);
        }
        let tired = form(&app, "/demo", "password=mosaic+%26+tiles").send().await.expect(429);
        assert_eq!(tired.header("retry-after"), "30");
        form(&app, "/demo", "password=mosaic+%26+tiles").from("198.51.100.7").send().await.expect(303);
        app.clock.advance(Duration::from_secs(30));
        form(&app, "/demo", "password=mosaic+%26+tiles").send().await.expect(303);
        form(&app, "/demo", &"x".repeat(5_000)).send().await.expect(403);
    }

    async fn more_passwords_than_can_be_checked_are_sent_away_and_cost_no_guess(app: TestApp) {
        let key = all_key(&app).await;
        link(&app, &key, "demo", json!({"password": "mosaic"})).await;
        let mut visitors = tokio::task::JoinSet::new();
        for number in 0..100 {
            let address = format!("198.51.100.{number}");
            let visit = form(&app, "/demo", "password=mosaic").from(&address);
            visitors.spawn(async move { (address, visit.send().await) });
        }
        let mut sent_away = Vec::new();
        while let Some(visitor) = visitors.join_next().await {
            let (address, reply) = visitor.unwrap();
            if reply.status != 303 {
                let reply = reply.expect(503);
                assert_eq!(reply.header("retry-after"), "1");
                assert!(reply.text().contains("Please try again in a moment"));
                sent_away.push(address);
            }
        }
        let address = sent_away.first().expect("a hundred are more than the queue takes");
        for _ in 0..10 {
            form(&app, "/demo", "password=guess").from(address).send().await.expect(403);
        }
        form(&app, "/demo", "password=mosaic").from(address).send().await.expect(429);
    }

    async fn a_password_does_not_open_what_is_closed(app: TestApp) {
        let key = all_key(&app).await;
        let made = link(&app, &key, "demo", json!({"password": "mosaic", "max_clicks": 1})).await;
        form(&app, "/demo", "password=mosaic").send().await.expect(303);
        form(&app, "/demo", "password=mosaic").send().await.expect(410);
        app.get("/demo").send().await.expect(410);
        patch(&app, &key, &made, json!({"max_clicks": null})).await.expect(200);
        act(&app, &key, &made, "pause").await.expect(200);
        form(&app, "/demo", "password=mosaic").send().await.expect(410);
        act(&app, &key, &made, "resume").await.expect(200);
        patch(&app, &key, &made, json!({"password": null})).await.expect(200);
        app.get("/demo").send().await.expect(302);
        form(&app, "/demo", "password=mosaic").send().await.expect(405);
    }

    async fn a_link_can_only_be_followed(app: TestApp) {
        let key = all_key(&app).await;
        link(&app, &key, "demo", json!({})).await;
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            let reply = app.request(method.parse().unwrap(), "/demo").send().await.expect(405);
            assert_eq!(reply.header("allow"), "GET, HEAD", "{method}");
        }
        assert_eq!(app.get("/demo").send().await.status, 302);
    }

    async fn each_page_says_what_happened(app: TestApp) {
        let key = all_key(&app).await;
        let paused = link(&app, &key, "paused", json!({})).await;
        act(&app, &key, &paused, "pause").await.expect(200);
        let archived = link(&app, &key, "archived", json!({})).await;
        act(&app, &key, &archived, "archive").await.expect(200);
        link(&app, &key, "scheduled", json!({"starts_at": "2027-01-01T00:00:00Z"})).await;
        link(&app, &key, "expired", json!({"expires_at": "2026-01-01T00:00:00Z"})).await;
        link(&app, &key, "used-up", json!({"max_clicks": 1})).await;
        app.get("/used-up").send().await.expect(302);
        for (path, status, words) in [("/paused", 410, "This link is paused"), ("/archived", 410, "no longer in use"),
            ("/scheduled", 404, "not active yet"), ("/expired", 410, "has expired"), ("/used-up", 410, "has been used up")] {
            for _ in 0..2 {
                let reply = app.get(path).send().await.expect(status);
                assert!(reply.text().contains(words), "{path}");
                assert_eq!(reply.header("cache-control"), "no-store");
            }
        }
    }

    async fn without_a_database_known_links_go_on_and_others_ask_for_patience(app: TestApp) {
        let key = all_key(&app).await;
        link(&app, &key, "known", json!({})).await;
        link(&app, &key, "limited", json!({"max_clicks": 2})).await;
        link(&app, &key, "unknown", json!({})).await;
        app.get("/known").send().await.expect(302);
        app.get("/limited").send().await.expect(302);
        app.app.db.clone().close().await;
        app.get("/known").send().await.expect(302);
        app.get("/limited").send().await.expect(302);
        app.get("/limited").send().await.expect(410);
        let reply = app.get("/unknown").send().await.expect(503);
        assert_eq!(reply.header("retry-after"), "1");
        assert!(reply.text().contains("Please try again in a moment"));
        assert!(app.app.flush().await.is_err());
    }
}

both! {
    |settings| {
        let domain = |host: &str, alias_case| tessera_app::settings::Domain { host: host.to_owned(), alias_case };
        settings.links.domains = vec![
            domain("go.example.com", tessera_app::settings::AliasCase::Insensitive),
            domain("case.example", tessera_app::settings::AliasCase::Sensitive),
        ];
    };

    async fn each_domain_has_its_own_links_and_its_own_rule_of_case(app: TestApp) {
        let key = all_key(&app).await;
        for (domain, alias, to) in [("go.example.com", "Demo", "a"), ("case.example", "Demo", "b"), ("case.example", "demo", "c")] {
            let order = json!({"destination_url": format!("https://example.com/{to}"), "domain": domain, "alias": alias});
            let made = make(&app, &key, order).await;
            assert_eq!(made["short_url"], format!("http://{domain}/{alias}"));
        }
        let default = make(&app, &key, json!({"destination_url": "https://example.com"})).await;
        assert_eq!(default["domain"], "go.example.com");
        for (host, path, to) in [("go.example.com", "/demo", "a"), ("GO.example.com:80", "/DEMO", "a"), ("case.example", "/Demo", "b"),
            ("case.example:443", "/demo", "c"), ("unknown.example", "/demo", "a")] {
            for _ in 0..2 {
                let reply = app.get(path).header("host", host).send().await.expect(302);
                assert_eq!(reply.header("location"), format!("https://example.com/{to}"), "{host}{path}");
            }
        }
        app.get("/DEMO").header("host", "case.example").send().await.expect(404);
        let loops = json!({"destination_url": "https://case.example/demo"});
        app.post("/v1/links").bearer(&key).json(loops).send().await.expect(400);
        let wrong = json!({"destination_url": "https://example.com", "domain": "nope.example"});
        let refused = app.post("/v1/links").bearer(&key).json(wrong).send().await.expect(400).json();
        assert_eq!(refused["errors"][0]["message"], "expected one of go.example.com, case.example");
    }

    async fn a_link_can_move_to_another_domain(app: TestApp) {
        let key = all_key(&app).await;
        let made = make(&app, &key, json!({"destination_url": "https://example.com", "alias": "Demo"})).await;
        app.get("/demo").header("host", "go.example.com").send().await.expect(302);
        patch(&app, &key, &made, json!({"domain": "case.example"})).await.expect(200);
        app.get("/demo").header("host", "go.example.com").send().await.expect(404);
        app.get("/demo").header("host", "case.example").send().await.expect(404);
        app.get("/Demo").header("host", "case.example").send().await.expect(302);
    }
}

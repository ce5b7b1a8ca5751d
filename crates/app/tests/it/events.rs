//! From an answer to a count: what is written down, what counts, and what a full disk or a lost answer changes.

use std::time::Duration;

use serde_json::{Value, json};
use tessera_testkit::{TestApp, both};

async fn key(app: &TestApp) -> String {
    let owner = app.owner().await;
    app.key(&owner, json!(["all"])).await.key
}

async fn link(app: &TestApp, key: &str, more: Value) -> String {
    let mut wish = json!({"destination_url": "https://example.com/to", "alias": "demo"});
    wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = app.post("/v1/links").bearer(key).json(wish).send().await.expect(201).json();
    format!("/v1/links/{}", made["id"].as_str().unwrap())
}

async fn clicks(app: &TestApp, key: &str, path: &str) -> u64 {
    app.get(path).bearer(key).send().await.expect(200).json()["clicks"].as_u64().unwrap()
}

async fn visit(app: &TestApp, path: &str, status: u16) -> tessera_testkit::Reply {
    app.get(path).send().await.expect(status)
}

both! {
    async fn a_prefetch_a_preview_and_a_look_are_redirected_and_not_counted(app: TestApp) {
        let key = key(&app).await;
        let path = link(&app, &key, json!({"max_clicks": 1})).await;
        for (name, value) in [
            ("sec-purpose", "prefetch"), ("sec-purpose", "prefetch;prerender"), ("purpose", "preview"), ("x-moz", "prefetch"),
        ] {
            app.get("/demo").header(name, value).send().await.expect(302);
        }
        app.request(http::Method::HEAD, "/demo").send().await.expect(302);
        assert_eq!(clicks(&app, &key, &path).await, 0);
        visit(&app, "/demo", 302).await;
        assert_eq!(clicks(&app, &key, &path).await, 1);
        visit(&app, "/demo", 410).await;
        let app = app.restart().await;
        assert_eq!(clicks(&app, &key, &path).await, 1);
    }

    async fn what_tells_a_scan_from_a_click_never_reaches_the_destination(app: TestApp) {
        let key = key(&app).await;
        let path = link(&app, &key, json!({"forward_query": true})).await;
        let to = async |query: &str| visit(&app, &format!("/demo{query}"), 302).await.header("location").to_owned();
        assert_eq!(to("?qr=1").await, "https://example.com/to");
        assert_eq!(to("?a=1&qr=1&b=2").await, "https://example.com/to?a=1&b=2");
        assert_eq!(to("?qr=2").await, "https://example.com/to?qr=2");
        assert_eq!(clicks(&app, &key, &path).await, 3);
        let svg = app.get(&format!("{path}/qr.svg")).bearer(&key).send().await.expect(200).text();
        assert!(svg.contains("<svg"));
    }

    async fn a_log_that_lost_its_end_or_all_of_it_stops_no_start_and_no_later_click(app: TestApp) {
        let key = key(&app).await;
        let path = link(&app, &key, json!({})).await;
        for _ in 0..5 {
            visit(&app, "/demo", 302).await;
        }
        app.app.flush().await.unwrap();
        // As a power failure would, had the log not been synced before the counts.
        let app = app.restart_after(|events| {
            let log = std::fs::read_dir(events.join("log")).unwrap().next().unwrap().unwrap().path();
            let length = log.metadata().unwrap().len();
            std::fs::OpenOptions::new().write(true).open(log).unwrap().set_len(length - 40).unwrap();
        }).await;
        visit(&app, "/demo", 302).await;
        assert_eq!(clicks(&app, &key, &path).await, 6);
        app.app.seal().await.unwrap();
        let app = app.restart_after(|events| std::fs::remove_dir_all(events.join("log")).unwrap()).await;
        visit(&app, "/demo", 302).await;
        app.app.flush().await.unwrap();
        app.app.seal().await.unwrap();
        let app = app.restart().await;
        visit(&app, "/demo", 302).await;
        assert_eq!(clicks(&app, &key, &path).await, 8);
        let report = app.get("/v1/analytics/workspace?range=7d").bearer(&key).send().await.expect(200).json();
        // The last click before the cut is in the count and in no row.
        assert_eq!(report["summary"]["clicks"], 7);
    }

    async fn a_database_that_is_older_than_the_log_starts_and_goes_on(app: TestApp) {
        let key = key(&app).await;
        let path = link(&app, &key, json!({})).await;
        visit(&app, "/demo", 302).await;
        app.app.seal().await.unwrap();
        visit(&app, "/demo", 302).await;
        app.by_hand("update event_logs set counted = 0, stored = 0").await;
        let app = app.restart().await;
        visit(&app, "/demo", 302).await;
        app.app.flush().await.unwrap();
        let app = app.restart().await;
        assert_eq!(clicks(&app, &key, &path).await, 3);
    }

    async fn an_answer_of_the_database_that_was_lost_counts_nothing_twice(app: TestApp) {
        let key = key(&app).await;
        let path = link(&app, &key, json!({})).await;
        app.app.flush().await.unwrap();
        visit(&app, "/demo", 302).await;
        visit(&app, "/demo", 302).await;
        app.app.lose_next_commit_answer();
        assert!(app.app.flush().await.is_err());
        visit(&app, "/demo", 302).await;
        app.app.flush().await.unwrap();
        assert_eq!(clicks(&app, &key, &path).await, 3);
        let app = app.restart().await;
        assert_eq!(clicks(&app, &key, &path).await, 3);
    }
}

both! {
    |settings| {
        settings.events.log_bytes_max = 4_000;
        settings.events.held_bytes_max = 1_000;
    };

    async fn a_full_disk_stops_no_link_and_what_is_lost_is_not_counted(app: TestApp) {
        let key = key(&app).await;
        let path = link(&app, &key, json!({})).await;
        app.get("/readyz").send().await.expect(200);
        for _ in 0..60 {
            visit(&app, "/demo", 302).await;
        }
        let refused = app.get("/readyz").send().await.expect(503).json();
        assert_eq!(refused["code"], "unavailable");
        let condition = app.app.events.condition();
        assert!((500..=1_000).contains(&condition.held_bytes), "{condition:?}");
        assert!(condition.refused > 30, "{condition:?}");
        let counted = clicks(&app, &key, &path).await;
        // Every click was counted or refused; what else was refused are requests of the key.
        assert!(counted < 60 && counted + condition.refused >= 60, "{counted} {condition:?}");
    }
}

both! {
    |settings| {
        settings.events.log_bytes_max = 2_000;
        settings.events.held_bytes_max = 0;
        settings.events.when_full = tessera_app::settings::WhenFull::Refuse;
    };

    async fn a_deployment_that_would_rather_refuse_answers_503_and_counts_what_it_answered(app: TestApp) {
        let key = key(&app).await;
        let path = link(&app, &key, json!({"max_clicks": 1000})).await;
        let mut answered = 0;
        loop {
            let reply = app.get("/demo").send().await;
            if reply.status == 503 {
                assert_eq!(reply.header("retry-after"), "1");
                break;
            }
            assert_eq!(reply.status, 302);
            answered += 1;
        }
        assert!(answered > 2);
        assert_eq!(clicks(&app, &key, &path).await, answered);
        let app = app.restart().await;
        assert_eq!(clicks(&app, &key, &path).await, answered);
    }
}

both! {
    |settings| settings.events.durability = tessera_app::settings::Durability::Disk;

    async fn with_durability_disk_answers_wait_for_the_sync_and_count_the_same(app: TestApp) {
        let key = key(&app).await;
        let path = link(&app, &key, json!({})).await;
        app.clock.advance(Duration::from_secs(1));
        for _ in 0..5 {
            visit(&app, "/demo", 302).await;
        }
        let app = app.restart().await;
        assert_eq!(clicks(&app, &key, &path).await, 5);
    }
}

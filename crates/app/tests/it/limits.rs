//! Limits of API keys, at the HTTP boundary: the last request that fits, the first that does not, and what it is told.
//!
//! Tests begin at 2026-02-15T10:30:00Z: the UTC day ends in 48,600 seconds, the month in 1,171,800.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tessera_app::Settings;
use tessera_app::settings::{Limits, Plan};
use tessera_testkit::{KeyMade, Person, Reply, TestApp, both};

const DAY: Duration = Duration::from_secs(86_400);

// The default plan's limits on all requests.
const FIVE_A_MINUTE: Limits = Limits { per_minute: 5, ..Limits::NONE };
const THREE_A_DAY: Limits = Limits { per_day: 3, ..Limits::NONE };
const A_DAY_OF_37: Limits = Limits { per_day: 37, ..Limits::NONE };
const THREE_WINDOWS: Limits = Limits { per_minute: 2, burst: 0, per_day: 4, per_month: 5 };
const ROOM_FOR_KEYS: Limits = Limits { per_minute: 100, per_day: 1_000, ..Limits::NONE };

fn limited(settings: &mut Settings, requests: Limits) {
    standard(settings).requests = requests;
}

fn standard(settings: &mut Settings) -> &mut Plan {
    settings.plans.tiers.get_mut("standard").unwrap()
}

/// `standard` with 3 requests a month, `large` with 5, `free` without a limit.
fn three_plans(settings: &mut Settings) {
    for (name, per_month) in [("standard", 3), ("large", 5), ("free", 0)] {
        let requests = Limits { per_month, ..Limits::NONE };
        settings.plans.tiers.insert(name.to_owned(), Plan { api_access: true, requests, ..Plan::default() });
    }
}

fn limits_of_classes(settings: &mut Settings) {
    let plan = standard(settings);
    plan.requests.per_day = 7;
    plan.writes.per_day = 1;
    plan.reports.per_day = 1;
    plan.reads.per_minute = 3;
}

async fn all_key(app: &TestApp) -> (Person, KeyMade) {
    let owner = app.owner().await;
    let key = app.key(&owner, json!(["all"])).await;
    (owner, key)
}

async fn me(app: &TestApp, key: &str) -> Reply {
    app.get("/v1/me").bearer(key).send().await
}

/// How many of so many calls in a row are served.
async fn served(app: &TestApp, key: &str, calls: usize) -> usize {
    let mut served = 0;
    for _ in 0..calls {
        served += usize::from(me(app, key).await.status == 200);
    }
    served
}

async fn move_to_plan(app: &TestApp, owner: &Person, plan: &str) {
    let path = format!("/v1/operator/workspaces/{}", owner.workspace_id);
    app.patch(&path).bearer(&owner.token).json(json!({"plan": plan})).send().await.expect(200);
}

both! {
    |settings| super::limited(settings, super::FIVE_A_MINUTE);

    async fn s108_s110_s112_s184_s220_s222_the_sixth_request_of_a_minute_is_told_when_to_come_back(app: TestApp) {
        let (owner, key) = all_key(&app).await;
        // One comes back every 12 seconds: 60 / 5.
        for (left, full_in) in [(4, 12), (3, 24), (2, 36), (1, 48), (0, 60)] {
            let reply = me(&app, &key.key).await.expect(200);
            assert_eq!(reply.header("ratelimit-policy"), "\"minute\";q=5;w=60");
            assert_eq!(reply.header("ratelimit"), format!("\"minute\";r={left};t={full_in}"));
            assert_eq!(reply.header("retry-after"), "");
        }
        let refused = me(&app, &key.key).await.expect(429);
        assert_eq!((refused.code().as_str(), refused.header("retry-after").as_str()), ("rate_limit_minute", "12"));
        assert_eq!(refused.header("ratelimit"), "\"minute\";r=0;t=60");
        assert_eq!(refused.json()["detail"], "The workspace's plan allows 5 requests a minute.");
        // People are not limited, and neither the wait nor the minute is longer than told.
        app.get("/v1/me").bearer(&owner.token).send().await.expect(200);
        app.clock.advance(Duration::from_millis(11_999));
        assert_eq!(me(&app, &key.key).await.expect(429).header("retry-after"), "1");
        app.clock.advance(Duration::from_millis(1));
        me(&app, &key.key).await.expect(200);
        me(&app, &key.key).await.expect(429);
        app.clock.advance(Duration::from_secs(60));
        assert_eq!(served(&app, &key.key, 10).await, 5);
    }

    async fn s232_each_kind_of_no_has_its_own_status_and_code(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["links.read"])).await.key;
        let codes = |reply: Reply| (reply.status, reply.code());
        assert_eq!(codes(app.get("/v1/links").bearer("tsr_live_x").send().await), (401, "unauthorized".to_owned()));
        assert_eq!(codes(app.get("/v1/audit").bearer(&key).send().await), (403, "insufficient_scope".to_owned()));
        let absent = "/v1/links/link_01jd8qd4vkf4ktabjqvqxgqzne";
        assert_eq!(codes(app.get(absent).bearer(&key).send().await), (404, "not_found".to_owned()));
        served(&app, &key, 4).await;
        assert_eq!(codes(app.get(absent).bearer(&key).send().await), (429, "rate_limit_minute".to_owned()));
    }

    async fn refusals_at_the_door_cost_nothing(app: TestApp) {
        let (owner, key) = all_key(&app).await;
        let lacking = app.key(&owner, json!(["links.create"])).await;
        for _ in 0..8 {
            // 403: the scope is missing, and nobody but a person may do the other.
            let refused = app.get("/v1/links").bearer(&lacking.key).send().await.expect(403);
            assert_eq!(refused.code(), "insufficient_scope");
            assert_eq!(app.get("/v1/auth/user").bearer(&lacking.key).send().await.code(), "person_required");
            // 403 from the handler, after it was let in: nobody hands on more than they have.
            let order = json!({"name": "more", "scopes": ["all"]});
            let minter = app.post("/v1/api-keys").bearer(&lacking.key).json(order).send().await.expect(403);
            assert_eq!(minter.code(), "insufficient_scope");
        }
        // What is wrong in itself was served: it counts.
        app.get("/v1/links?limit=0").bearer(&key.key).send().await.expect(400);
        app.get("/v1/links/link_01jd8qd4vkf4ktabjqvqxgqzne").bearer(&key.key).send().await.expect(404);
        assert_eq!(served(&app, &key.key, 10).await, 3);
    }

    async fn a_handler_that_refuses_gives_the_place_back(app: TestApp) {
        let owner = app.owner().await;
        let minter = app.key(&owner, json!(["api_keys.create"])).await;
        let order = json!({"name": "more", "scopes": ["all"]});
        for _ in 0..8 {
            let refused = app.post("/v1/api-keys").bearer(&minter.key).json(order.clone()).send().await.expect(403);
            assert_eq!(refused.header("ratelimit"), "\"minute\";r=5;t=0");
        }
        assert_eq!(served(&app, &minter.key, 8).await, 5);
    }

    async fn replays_and_other_answers_without_a_handler_are_requests_too(app: TestApp) {
        let (_, key) = all_key(&app).await;
        let make = |body| app.post("/v1/links").bearer(&key.key).header("idempotency-key", "one").json(body);
        let order = json!({"destination_url": "https://example.org/"});
        make(order.clone()).send().await.expect(201);
        assert_eq!(make(order.clone()).send().await.expect(201).header("idempotent-replayed"), "true");
        assert_eq!(make(json!({})).send().await.expect(422).header("ratelimit"), "\"minute\";r=2;t=36");
        assert_eq!(served(&app, &key.key, 2).await, 2);
        assert_eq!(make(order).send().await.expect(429).code(), "rate_limit_minute");
        assert_eq!(make(json!({})).send().await.expect(429).code(), "rate_limit_minute");
    }

    async fn t12_steady_traffic_at_the_limit_is_never_refused(app: TestApp) {
        let (_, key) = all_key(&app).await;
        for _ in 0..50 {
            me(&app, &key.key).await.expect(200);
            app.clock.advance(Duration::from_secs(12));
        }
    }
}

both! {
    |settings| super::limited(settings, super::THREE_A_DAY);

    async fn s185_s221_the_day_ends_at_midnight_utc(app: TestApp) {
        let (_, key) = all_key(&app).await;
        let reply = me(&app, &key.key).await.expect(200);
        assert_eq!(reply.header("ratelimit-policy"), "\"day\";q=3;w=86400");
        assert_eq!(reply.header("ratelimit"), "\"day\";r=2;t=48600");
        assert_eq!(served(&app, &key.key, 5).await, 2);
        let refused = me(&app, &key.key).await.expect(429);
        assert_eq!((refused.code().as_str(), refused.header("retry-after").as_str()), ("rate_limit_day", "48600"));
        app.clock.advance(Duration::from_millis(48_599_999));
        assert_eq!(me(&app, &key.key).await.expect(429).header("retry-after"), "1");
        app.clock.advance(Duration::from_millis(1));
        assert_eq!(me(&app, &key.key).await.expect(200).header("ratelimit"), "\"day\";r=2;t=86400");
    }

    async fn a_clock_that_steps_back_opens_no_window_twice(app: TestApp) {
        let (_, key) = all_key(&app).await;
        assert_eq!(served(&app, &key.key, 4).await, 3);
        app.clock.set(tessera_testkit::START.checked_add(DAY).unwrap());
        assert_eq!(served(&app, &key.key, 4).await, 3);
        for back in [DAY, DAY / 2, Duration::ZERO] {
            app.clock.set(tessera_testkit::START.checked_add(back).unwrap());
            assert_eq!(me(&app, &key.key).await.expect(429).code(), "rate_limit_day");
        }
        app.clock.set(tessera_testkit::START.checked_add(2 * DAY).unwrap());
        assert_eq!(served(&app, &key.key, 4).await, 3);
    }

    async fn what_was_used_before_a_crash_stays_used(app: TestApp) {
        let (_, key) = all_key(&app).await;
        let other = || app.get("/v1/links").bearer(&key.key);
        other().send().await.expect(200);
        app.get("/v1/links?limit=0").bearer(&key.key).send().await.expect(400);
        let app = app.restart().await;
        assert_eq!(me(&app, &key.key).await.expect(200).header("ratelimit"), "\"day\";r=0;t=48600");
        assert_eq!(served(&app, &key.key, 4).await, 0);
        let app = app.restart().await;
        assert_eq!(served(&app, &key.key, 4).await, 0);
        app.clock.advance(Duration::from_secs(48_600));
        let app = app.restart().await;
        assert_eq!(served(&app, &key.key, 4).await, 3);
    }

    async fn memory_that_was_let_go_is_counted_again_from_the_log(app: TestApp) {
        let (_, key) = all_key(&app).await;
        assert_eq!(served(&app, &key.key, 2).await, 2);
        app.clock.advance(Duration::from_secs(3_600));
        // The record in memory still holds its counts: they stay.
        app.app.sweep().await.unwrap();
        assert_eq!(app.app.limiter.len(), 2);
        app.patch(&format!("/v1/api-keys/{}", key.id)).bearer(&key.key).json(json!({"name": "Renamed"})).send().await.expect(200);
        app.app.sweep().await.unwrap();
        assert_eq!(app.app.limiter.len(), 2, "used within the hour");
        app.clock.advance(Duration::from_secs(3_600));
        app.app.sweep().await.unwrap();
        assert_eq!(app.app.limiter.len(), 0);
        assert_eq!(served(&app, &key.key, 4).await, 0);
    }

    async fn what_was_used_two_months_ago_is_forgotten(app: TestApp) {
        let (_, key) = all_key(&app).await;
        let counts = || async {
            let connection = app.db.db.read();
            let sql = "select count(*) as days from daily_requests";
            let asked = Statement::from_string(connection.get_database_backend(), sql);
            connection.query_one_raw(asked).await.unwrap().unwrap().try_get::<i64>("", "days").unwrap()
        };
        assert_eq!(served(&app, &key.key, 1).await, 1);
        app.app.sweep().await.unwrap();
        // One day and class, of the key and of its workspace.
        assert_eq!(counts().await, 2);
        app.clock.advance(62 * DAY);
        app.app.sweep().await.unwrap();
        assert_eq!(counts().await, 2);
        app.clock.advance(DAY);
        app.app.sweep().await.unwrap();
        assert_eq!(counts().await, 0);
    }

    async fn a_verified_key_is_used_and_limited(app: TestApp) {
        let (owner, key) = all_key(&app).await;
        let verify = || app.post("/v1/api-keys/verify").bearer(&owner.token).json(json!({"key": key.key}));
        for _ in 0..3 {
            assert_eq!(verify().send().await.expect(200).json()["valid"], true);
        }
        let verdict = verify().send().await.expect(200).json();
        assert_eq!((verdict["valid"].as_bool(), verdict["code"].as_str()), (Some(false), Some("rate_limit_day")));
        let app = app.restart().await;
        assert_eq!(served(&app, &key.key, 1).await, 0);
        let view = app.get(&format!("/v1/api-keys/{}", key.id)).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(view["request_count"], 3);
    }

    async fn s165_s215_several_keys_share_one_plan(app: TestApp) {
        let (owner, key) = all_key(&app).await;
        let other = app.key(&owner, json!(["read"])).await;
        assert_eq!(served(&app, &key.key, 2).await, 2);
        assert_eq!(served(&app, &other.key, 5).await, 1);
        assert_eq!(me(&app, &key.key).await.expect(429).code(), "rate_limit_day");
        // A new key brings no new quota, and another workspace has its own.
        let third = app.key(&owner, json!(["read"])).await;
        assert_eq!(served(&app, &third.key, 1).await, 0);
        let elsewhere = crate::support::other_workspace(&app, &owner).await;
        let foreign = app.key(&elsewhere, json!(["read"])).await;
        assert_eq!(served(&app, &foreign.key, 5).await, 3);
    }

    async fn t09_both_secrets_of_a_rotated_key_draw_on_one_quota(app: TestApp) {
        let (owner, key) = all_key(&app).await;
        assert_eq!(served(&app, &key.key, 1).await, 1);
        let rotate = app.post(&format!("/v1/api-keys/{}/rotate", key.id)).bearer(&owner.token).json(json!({}));
        let new = rotate.send().await.expect(200).json()["key"].as_str().unwrap().to_owned();
        assert_eq!(served(&app, &key.key, 1).await, 1);
        assert_eq!(served(&app, &new, 3).await, 1);
        assert_eq!(served(&app, &key.key, 3).await, 0);
    }
}

both! {
    |settings| super::limited(settings, super::A_DAY_OF_37);

    async fn t13_of_two_hundred_requests_at_once_exactly_the_quota_is_served(app: TestApp) {
        let (owner, key) = all_key(&app).await;
        let other = app.key(&owner, json!(["read"])).await;
        let app = Arc::new(app);
        let mut calls = tokio::task::JoinSet::new();
        for call in 0..200 {
            let (app, key) = (Arc::clone(&app), if call % 2 == 0 { key.key.clone() } else { other.key.clone() });
            calls.spawn(async move { me(&app, &key).await.status });
        }
        let statuses = calls.join_all().await;
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 37);
        assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 163);
        assert_eq!(me(&app, &key.key).await.expect(429).header("ratelimit"), "\"day\";r=0;t=48600");
    }
}

both! {
    |settings| super::three_plans(settings);

    async fn s111_s112_s186_s236_a_plan_has_its_month_and_a_change_of_plan_acts_at_once(app: TestApp) {
        let (owner, key) = all_key(&app).await;
        assert_eq!(served(&app, &key.key, 5).await, 3);
        let refused = me(&app, &key.key).await.expect(429);
        assert_eq!((refused.code().as_str(), refused.header("retry-after").as_str()), ("rate_limit_month", "1171800"));
        assert_eq!(refused.header("ratelimit-policy"), "\"month\";q=3;w=2592000");
        // The same key under a larger plan: what was used stays used.
        move_to_plan(&app, &owner, "large").await;
        assert_eq!(me(&app, &key.key).await.expect(200).header("ratelimit"), "\"month\";r=1;t=1171800");
        assert_eq!(served(&app, &key.key, 5).await, 1);
        move_to_plan(&app, &owner, "standard").await;
        assert_eq!(me(&app, &key.key).await.expect(429).header("ratelimit"), "\"month\";r=0;t=1171800");
        app.clock.advance(Duration::from_secs(1_171_800));
        assert_eq!(served(&app, &key.key, 5).await, 3);
    }

    async fn what_was_served_without_a_limit_counts_once_there_is_one(app: TestApp) {
        let (owner, key) = all_key(&app).await;
        move_to_plan(&app, &owner, "free").await;
        for _ in 0..2 {
            let reply = me(&app, &key.key).await.expect(200);
            assert_eq!((reply.header("ratelimit"), reply.header("ratelimit-policy")), (String::new(), String::new()));
        }
        move_to_plan(&app, &owner, "standard").await;
        assert_eq!(served(&app, &key.key, 5).await, 1);
    }
}

both! {
    |settings| super::limited(settings, super::THREE_WINDOWS);

    async fn t10_a_request_is_admitted_by_all_windows_or_costs_nothing_in_any(app: TestApp) {
        let (_, key) = all_key(&app).await;
        let reply = me(&app, &key.key).await.expect(200);
        assert_eq!(reply.header("ratelimit-policy"), "\"minute\";q=2;w=60, \"day\";q=4;w=86400, \"month\";q=5;w=2592000");
        assert_eq!(reply.header("ratelimit"), "\"minute\";r=1;t=30, \"day\";r=3;t=48600, \"month\";r=4;t=1171800");
        me(&app, &key.key).await.expect(200);
        for _ in 0..20 {
            let refused = me(&app, &key.key).await.expect(429);
            assert_eq!(refused.code(), "rate_limit_minute");
            assert_eq!(refused.header("ratelimit"), "\"minute\";r=0;t=60, \"day\";r=2;t=48600, \"month\";r=3;t=1171800");
        }
        app.clock.advance(Duration::from_secs(60));
        assert_eq!(served(&app, &key.key, 5).await, 2);
        // Day and minute are both used up: the longer wait is told, and it takes no minute's tokens either.
        let refused = me(&app, &key.key).await.expect(429);
        assert_eq!((refused.code().as_str(), refused.header("retry-after").as_str()), ("rate_limit_day", "48540"));
        app.clock.advance(Duration::from_secs(48_540));
        assert_eq!(served(&app, &key.key, 5).await, 1);
        assert_eq!(me(&app, &key.key).await.expect(429).code(), "rate_limit_month");
    }
}

both! {
    |settings| super::limits_of_classes(settings);

    async fn s236_a_class_of_calls_has_limits_of_its_own_within_the_plans(app: TestApp) {
        let (_, key) = all_key(&app).await;
        let make = || app.post("/v1/links").bearer(&key.key).json(json!({"destination_url": "https://example.org/"}));
        let made = make().send().await.expect(201);
        assert_eq!(made.header("ratelimit"), "\"day\";r=0;t=48600");
        let refused = make().send().await.expect(429);
        assert_eq!((refused.code().as_str(), refused.header("ratelimit-policy").as_str()), ("rate_limit_day", "\"day\";q=1;w=86400"));
        assert_eq!(refused.json()["detail"], "The workspace's plan allows 1 write a day.");
        assert_eq!(served(&app, &key.key, 5).await, 3);
        let refused = me(&app, &key.key).await.expect(429);
        assert_eq!((refused.code().as_str(), refused.header("ratelimit").as_str()), ("rate_limit_minute", "\"minute\";r=0;t=60, \"day\";r=3;t=48600"));
        // Reading analytics is a report, by its scope.
        let report = || app.get("/v1/analytics/workspace").bearer(&key.key).send();
        report().await.expect(200);
        assert_eq!(report().await.expect(429).json()["detail"], "The workspace's plan allows 1 report a day.");
        // Deletes have no limit but the plan's: 1 write, 3 reads, 1 report and 2 deletes are its 7.
        let link = format!("/v1/links/{}", made.json()["id"].as_str().unwrap());
        app.delete(&link).bearer(&key.key).send().await.expect(204);
        app.delete(&link).bearer(&key.key).send().await.expect(404);
        assert_eq!(app.delete(&link).bearer(&key.key).send().await.expect(429).code(), "rate_limit_day");
    }
}

both! {
    |settings| super::limited(settings, super::ROOM_FOR_KEYS);

    async fn s087_s158_s165_a_key_has_limits_of_its_own_and_only_lower_than_the_plans(app: TestApp) {
        let owner = app.owner().await;
        let order = json!({"name": "Slow", "scopes": ["all"], "rate_limits": {"requests_per_day": 2}});
        let made = app.post("/v1/api-keys").bearer(&owner.token).json(order).send().await.expect(201).json();
        assert_eq!(made["rate_limits"], json!({"requests_per_minute": null, "requests_per_day": 2, "requests_per_month": null}));
        let (key, id) = (made["key"].as_str().unwrap().to_owned(), made["id"].as_str().unwrap().to_owned());
        let reply = me(&app, &key).await.expect(200);
        assert_eq!(reply.header("ratelimit-policy"), "\"minute\";q=100;w=60, \"day\";q=2;w=86400");
        assert_eq!(served(&app, &key, 5).await, 1);
        let refused = me(&app, &key).await.expect(429);
        assert_eq!(refused.json()["detail"], "This API key's own limit is 2 requests a day.");
        // The plan's other keys go on.
        let free = app.key(&owner, json!(["read"])).await;
        assert_eq!(served(&app, &free.key, 5).await, 5);

        let path = format!("/v1/api-keys/{id}");
        let change = |body| app.patch(&path).bearer(&owner.token).json(body);
        let wrong = change(json!({"rate_limits": {"requests_per_day": 1_001, "requests_per_minute": 101}})).send().await.expect(400);
        assert_eq!(wrong.json()["errors"], json!([
            {"field": "rate_limits.requests_per_minute", "code": "range", "message": "at most 100, which is what the plan allows"},
            {"field": "rate_limits.requests_per_day", "code": "range", "message": "at most 1000, which is what the plan allows"},
        ]));
        // A change acts at once, and keeps what was used.
        change(json!({"rate_limits": {"requests_per_day": 3}})).send().await.expect(200);
        assert_eq!(served(&app, &key, 5).await, 1);
        let view = change(json!({"rate_limits": null})).send().await.expect(200).json();
        assert_eq!(view["rate_limits"], serde_json::Value::Null);
        assert_eq!(served(&app, &key, 3).await, 3);
        let audit = app.get("/v1/audit").bearer(&owner.token).send().await.expect(200).text();
        assert!(audit.contains("\"requests_per_day\":3"), "{audit}");
    }

    async fn t01_a_limited_key_makes_no_key_that_is_limited_less(app: TestApp) {
        let owner = app.owner().await;
        let order = json!({"name": "Slow", "scopes": ["all"], "rate_limits": {"requests_per_minute": 10}});
        let made = app.post("/v1/api-keys").bearer(&owner.token).json(order).send().await.expect(201).json();
        let key = made["key"].as_str().unwrap();
        let mint = |body| app.post("/v1/api-keys").bearer(key).json(body);
        let heir = mint(json!({"name": "Heir", "scopes": ["read"]})).send().await.expect(201).json();
        assert_eq!(heir["rate_limits"]["requests_per_minute"], 10);
        let slower = mint(json!({"name": "Slower", "scopes": ["read"], "rate_limits": {"requests_per_minute": 4}}));
        assert_eq!(slower.send().await.expect(201).json()["rate_limits"]["requests_per_minute"], 4);
        let faster = mint(json!({"name": "Faster", "scopes": ["read"], "rate_limits": {"requests_per_minute": 11}}));
        let refused = faster.send().await.expect(400).json();
        assert_eq!(refused["errors"][0]["message"], "at most 10, which is your own key's limit");
        // Neither for itself.
        let path = format!("/v1/api-keys/{}", made["id"].as_str().unwrap());
        let freed = app.patch(&path).bearer(key).json(json!({"rate_limits": null})).send().await.expect(200).json();
        assert_eq!(freed["rate_limits"]["requests_per_minute"], 10);
    }

    async fn a_keys_limits_survive_rotation_restart_and_import(app: TestApp) {
        let owner = app.owner().await;
        let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let foreign = json!({"name": "Elsewhere", "scopes": ["read"], "digest_kind": "sha256-hex", "digest": digest, "rate_limits": {"requests_per_day": 2}});
        let import = app.post("/v1/api-keys/import").bearer(&owner.token).json(json!({"keys": [foreign]}));
        let id = import.send().await.expect(201).json()["ids"][0].as_str().unwrap().to_owned();
        assert_eq!(served(&app, "test", 5).await, 2);
        let rotate = app.post(&format!("/v1/api-keys/{id}/rotate")).bearer(&owner.token).json(json!({}));
        let rotated = rotate.send().await.expect(200).json();
        assert_eq!(rotated["rate_limits"]["requests_per_day"], 2);
        assert_eq!(served(&app, rotated["key"].as_str().unwrap(), 5).await, 0);
        // The next day, and still within the grace of the old secret.
        app.clock.advance(DAY - Duration::from_secs(1));
        assert_eq!(served(&app, "test", 1).await, 1);
        let app = app.restart().await;
        assert_eq!(served(&app, "test", 5).await, 1);
    }
}

both! {
    |settings| super::limits_of_classes(settings);

    async fn s165_what_a_key_has_used_and_may_still_do_can_be_read(app: TestApp) {
        let (owner, key) = all_key(&app).await;
        let other = app.key(&owner, json!(["read"])).await;
        let link = app.post("/v1/links").bearer(&key.key).json(json!({"destination_url": "https://example.org/"}));
        link.send().await.expect(201);
        me(&app, &other.key).await.expect(200);
        let change = app.patch(&format!("/v1/api-keys/{}", key.id)).bearer(&owner.token);
        change.json(json!({"rate_limits": {"requests_per_month": 50}})).send().await.expect(200);
        let limits = app.get(&format!("/v1/api-keys/{}/limits", key.id)).bearer(&owner.token).send().await.expect(200).json();
        let used = json!({"requests": 1, "reads": 0, "writes": 1, "deletes": 0, "reports": 0});
        assert_eq!((&limits["day"], &limits["month"]), (&used, &used));
        let limit = |window, limit_of, class: Option<&str>, quota: u32, remaining: u32, resets_at| {
            json!({"window": window, "limit_of": limit_of, "class": class, "quota": quota, "remaining": remaining, "resets_at": resets_at})
        };
        // The plan's day has both keys' requests, the rest only this key's; a read comes back in 20 seconds.
        assert_eq!(limits["limits"], json!([
            limit("day", "plan", None, 7, 5, "2026-02-16T00:00:00Z"),
            limit("minute", "plan", Some("read"), 3, 2, "2026-02-15T10:30:20Z"),
            limit("month", "api_key", None, 50, 49, "2026-03-01T00:00:00Z"),
            limit("day", "plan", Some("write"), 1, 0, "2026-02-16T00:00:00Z"),
            limit("day", "plan", Some("report"), 1, 1, "2026-02-16T00:00:00Z"),
        ]));
        // The workspace has what its keys have together, and its plan's limits alone.
        let limits = app.get("/v1/limits").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(limits["workspace_id"], owner.workspace_id);
        assert_eq!(limits["resources"]["members"], json!({"used": 1, "max": null}));
        assert_eq!(limits["month"], json!({"requests": 2, "reads": 1, "writes": 1, "deletes": 0, "reports": 0}));
        assert_eq!(limits["limits"], json!([
            limit("day", "plan", None, 7, 5, "2026-02-16T00:00:00Z"),
            limit("minute", "plan", Some("read"), 3, 2, "2026-02-15T10:30:20Z"),
            limit("day", "plan", Some("write"), 1, 0, "2026-02-16T00:00:00Z"),
            limit("day", "plan", Some("report"), 1, 1, "2026-02-16T00:00:00Z"),
        ]));
        let app = app.restart().await;
        let again = app.get("/v1/limits").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(again["month"], limits["month"]);
    }
}

//! What a test may rely on: a database of its own, time that stands still, a log that can be searched.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

use sea_orm::ConnectionTrait;
use tessera_testkit::{START, TestApp, both};
use tessera_types::Clock;

both! {
    async fn every_test_has_a_database_of_its_own(app: TestApp) {
        let insert = "insert into request_probe values (1)";
        app.db.db.read().execute_unprepared("create table request_probe (n integer primary key)").await.unwrap();
        app.db.db.read().execute_unprepared(insert).await.unwrap();
        let other = TestApp::start(app.db.backend()).await;
        other.db.db.read().execute_unprepared(insert).await.unwrap_err();
    }

    async fn a_dump_shows_what_is_stored(app: TestApp) {
        let db = app.db.db.read();
        db.execute_unprepared("create table probe (t text, b bytea)").await.unwrap();
        let bytes = if app.db.db.is_sqlite() { "x'63616e6172792d62'" } else { "'canary-b'" };
        db.execute_unprepared(&format!("insert into probe values ('canary-a', {bytes})")).await.unwrap();
        let dump = app.db.dump().await;
        let holds = |canary: &[u8]| dump.windows(canary.len()).any(|window| window == canary);
        assert!(holds(b"canary-a") && holds(b"canary-b"));
        assert!(!holds(b"canary-c"));
    }

    async fn time_stands_still_until_it_is_moved(app: TestApp) {
        assert_eq!(app.app.now(), START);
        assert_eq!(START.to_string(), "2026-02-15T10:30:00Z");
        let monotonic_ns = app.clock.monotonic_ns();
        app.clock.advance(std::time::Duration::from_secs(2));
        assert_eq!(app.app.now().to_string(), "2026-02-15T10:30:02Z");
        assert_eq!(app.clock.monotonic_ns() - monotonic_ns, 2_000_000_000);
    }

    async fn a_request_is_answered_and_logged(app: TestApp) {
        let reply = app.get("/healthz").header("user-agent", "probe/1").send().await.expect(200);
        assert_eq!(reply.json()["status"], "ok");
        assert!(app.logs().contains(&reply.header("x-request-id")));
        assert_eq!(app.get("/v1/nothing").send().await.expect(404).code(), "not_found");
    }
}

both! {
    |settings| settings.server.body_bytes_max = 5;

    async fn settings_can_be_changed_for_a_test(app: TestApp) {
        assert_eq!(app.restart().await.app.settings.server.body_bytes_max, 5);
    }

    #[should_panic(expected = "/healthz")]
    async fn an_unexpected_status_ends_the_test(app: TestApp) {
        app.get("/healthz").send().await.expect(500);
    }
}

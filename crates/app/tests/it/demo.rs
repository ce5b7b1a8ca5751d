//! The demonstration: the same year from the same seed, and one story told by database and event store.

use std::collections::BTreeMap;
use std::sync::Arc;

use sea_orm::{ConnectionTrait, Statement};
use tempfile::TempDir;
use tessera_app::demo::{self, DemoError, Filled, StoryChance, StoryClock, Wish};
use tessera_app::{App, Foundation};
use tessera_events::{
    Cancel, Dimension, Kind, Measure, Order, Question, Robots, SegmentMeta, Store, StoreOptions, Value,
};
use tessera_keys::Keyring;
use tessera_testkit::{SeededChance, TestApp, both, settings};
use tessera_types::Timestamp;
use uuid::Uuid;

const CLICKS: u64 = 20_000;

/// A stage over the test's empty database.
struct Stage {
    app: App,
    clock: Arc<StoryClock>,
    directory: TempDir,
    wish: Wish,
}

impl Stage {
    async fn over(test: &TestApp, seed: u64) -> Self {
        let until: Timestamp = "2026-11-21T15:30:00Z".parse().unwrap();
        let clock = Arc::new(StoryClock::before(until));
        // Secrets from another source, as in the program.
        let chance = Arc::new(StoryChance::new(seed, Arc::new(SeededChance::new(99))));
        let directory = tempfile::tempdir().unwrap();
        let foundation = Foundation {
            settings: settings(),
            db: test.db.db.clone(),
            keyring: Keyring::generate(&*chance),
            clock: clock.clone(),
            chance,
            events: Some(directory.path().join("events")),
            background: None,
            bulk: None,
        };
        let app = App::new(foundation).await.unwrap_or_else(|error| panic!("{error}"));
        Self { app, clock, directory, wish: Wish { clicks: CLICKS, seed, until } }
    }

    async fn fill(&self) -> Result<Filled, DemoError> {
        demo::fill(&self.app, &self.clock, &self.wish).await
    }
}

async fn rows<T>(test: &TestApp, sql: &str, read: impl Fn(&sea_orm::QueryResult) -> T) -> Vec<T> {
    let connection = test.db.db.read();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await.unwrap().iter().map(read).collect()
}

/// Clicks by people, as the database counts them.
async fn counted(test: &TestApp) -> BTreeMap<Uuid, u64> {
    let count = |row: &sea_orm::QueryResult| {
        (row.try_get("", "link_id").unwrap(), row.try_get::<i64>("", "clicks").unwrap() as u64)
    };
    rows(test, "select link_id, clicks from link_counts", count).await.into_iter().collect()
}

async fn segments(test: &TestApp) -> Vec<SegmentMeta> {
    let segment = |row: &sea_orm::QueryResult| SegmentMeta {
        id: row.try_get("", "id").unwrap(),
        kind: if row.try_get::<String>("", "kind").unwrap() == "click" { Kind::Click } else { Kind::Request },
        rows: row.try_get::<i64>("", "row_count").unwrap() as u64,
        first_ms: row.try_get("", "first_ms").unwrap(),
        last_ms: row.try_get("", "last_ms").unwrap(),
        bytes: row.try_get::<i64>("", "bytes").unwrap() as u64,
    };
    rows(test, "select * from event_segments", segment).await
}

fn question(kind: Kind, robots: Robots, group_by: Vec<Dimension>) -> Question {
    Question {
        kind,
        workspace: None,
        from_ms: 0,
        until_ms: i64::MAX,
        filters: Vec::new(),
        robots,
        group_by,
        measures: vec![Measure::Count],
        order: Order::Group,
        limit: 1_000,
        wants_total: true,
    }
}

both! {
    async fn a_demonstration_tells_one_story_by_its_seed(test: TestApp) {
        let stage = Stage::over(&test, 1).await;
        let filled = stage.fill().await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((filled.members, filled.links, filled.clicks, filled.requests), (6, 48, CLICKS, 1_000));
        assert_eq!((filled.qr_codes, filled.templates, filled.views), (14, 3, 2));
        assert_eq!(filled.robots, 1_612);
        let again = stage.fill().await;
        assert!(matches!(again, Err(DemoError::NotEmpty)), "{again:?}");

        let Stage { app, directory, .. } = stage;
        drop(app);
        let options = StoreOptions {
            directory: directory.path().join("events/segments"), cache_bytes_max: 1 << 26, threads: 1,
        };
        let store = Store::open(options, &segments(&test).await, &[]).unwrap();
        let ask = |question| store.ask(&question, &Cancel::default()).unwrap();
        let answer = ask(question(Kind::Click, Robots::Exclude, vec![Dimension::Link]));
        let by_link: BTreeMap<Uuid, u64> = answer.groups.iter().map(|group| match group.by[0] {
            Value::Id(link) => (link, group.measured.count),
            ref other => panic!("{other:?} is no link"),
        }).collect();
        let counted = counted(&test).await;
        assert_eq!((by_link.len(), &by_link), (48, &counted));
        assert_eq!(answer.total.unwrap().count, CLICKS - filled.robots);
        // Of one link the visitors met two variants, half of them each.
        let variants = ask(question(Kind::Click, Robots::Exclude, vec![Dimension::UtmContent]));
        let clicks_of = |label: &str| {
            let group = variants.groups.iter().find(|group| group.by[0] == Value::Text(label.into()));
            group.map_or(0, |group| group.measured.count)
        };
        assert_eq!((clicks_of("24-doors"), clicks_of("a-cup-a-day")), (57, 47));
        let all = ask(question(Kind::Click, Robots::Include, Vec::new()));
        assert_eq!(all.total.unwrap().count, CLICKS);
        let requests = ask(question(Kind::Request, Robots::Include, Vec::new()));
        assert_eq!(requests.total.unwrap().count, filled.requests);
    }

    async fn another_seed_tells_another_story(test: TestApp) {
        let filled = Stage::over(&test, 2).await.fill().await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((filled.links, filled.clicks, filled.robots), (48, CLICKS, 1_568));
    }

    async fn who_has_an_account_keeps_their_deployment(test: TestApp) {
        test.owner().await;
        let filled = Stage::over(&test, 1).await.fill().await;
        assert!(matches!(filled, Err(DemoError::NotEmpty)), "{filled:?}");
        assert_eq!((counted(&test).await.len(), segments(&test).await.len()), (0, 0));
    }
}

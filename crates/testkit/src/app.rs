//! The program under test, and the people in it.

use std::sync::Arc;

use http::Method;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tessera_app::http::Front;
use tessera_app::{App, Foundation, Settings};
use tessera_keys::Keyring;
use tessera_types::SeededChance;

use crate::{Backend, Logs, Request, TestClock, TestDb};

/// The password of everybody whom this crate makes.
pub const PASSWORD: &str = "mosaic-of-nine-tiles";

/// What ships, with the public address that tests speak to: `http://localhost:8080`.
pub fn settings() -> Settings {
    let mut settings: Settings = toml::from_str(include_str!("../../../tessera.example.toml"))
        .expect("tessera.example.toml fits the settings");
    settings.server.public_url = "http://localhost:8080".to_owned();
    settings
}

/// One running deployment over a database of its own.
pub struct TestApp {
    pub app: App,
    pub front: Front,
    pub clock: Arc<TestClock>,
    pub chance: Arc<SeededChance>,
    pub db: TestDb,
    /// Where its events are, and the files of its bulk jobs.
    pub directory: tempfile::TempDir,
    host: String,
}

/// A person who has logged in.
#[derive(Debug, Clone)]
pub struct Person {
    pub user_id: String,
    pub workspace_id: String,
    /// An access token, good for `Authorization: Bearer`.
    pub token: String,
    pub email: String,
    pub password: String,
}

/// A key just minted.
#[derive(Debug, Clone)]
pub struct KeyMade {
    pub id: String,
    /// The whole secret.
    pub key: String,
}

impl TestApp {
    pub async fn start(backend: Backend) -> Self {
        Self::with(backend, |_| {}).await
    }

    pub async fn with(backend: Backend, adjust: impl FnOnce(&mut Settings)) -> Self {
        Logs::capture();
        let mut settings = settings();
        adjust(&mut settings);
        assert_eq!(settings.problems(), Vec::<String>::new());
        let chance = Arc::new(SeededChance::new(1));
        let keyring = Keyring::generate(&*chance);
        let directory = tempfile::tempdir().expect("there is room for a directory");
        let clock = Arc::new(TestClock::default());
        Self::over(TestDb::new(backend).await, directory, settings, keyring, clock, chance).await
    }

    async fn over(
        db: TestDb,
        directory: tempfile::TempDir,
        settings: Settings,
        keyring: Keyring,
        clock: Arc<TestClock>,
        chance: Arc<SeededChance>,
    ) -> Self {
        let host =
            settings.public_url().split_once("://").map_or_else(String::new, |(_, host)| host.to_owned());
        let foundation = Foundation {
            settings,
            db: db.db.clone(),
            keyring,
            clock: clock.clone(),
            chance: chance.clone(),
            events: Some(directory.path().join("events")),
            background: None,
            bulk: Some(directory.path().join("bulk")),
        };
        let app =
            App::new(foundation).await.unwrap_or_else(|error| panic!("the program does not start: {error}"));
        Self { front: Front::new(app.clone()), app, clock, chance, db, directory, host }
    }

    /// The same deployment after a crash: what was in memory is gone, what was committed or logged is there.
    pub async fn restart(self) -> Self {
        self.restart_after(|_| {}).await
    }

    /// The same, after something happened to the directory of its events.
    pub async fn restart_after(self, meanwhile: impl FnOnce(&std::path::Path)) -> Self {
        let (settings, keyring) = (self.app.settings.clone(), self.app.keyring.clone());
        let Self { app, front, db, directory, clock, chance, .. } = self;
        // The log belongs to one process.
        drop((app, front));
        meanwhile(&directory.path().join("events"));
        Self::over(db, directory, settings, keyring, clock, chance).await
    }

    pub fn request(&self, method: Method, path: &str) -> Request {
        Request::new(self.front.clone(), &self.host, method, path)
    }

    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path)
    }

    pub fn patch(&self, path: &str) -> Request {
        self.request(Method::PATCH, path)
    }

    pub fn delete(&self, path: &str) -> Request {
        self.request(Method::DELETE, path)
    }

    /// Everything logged so far, see [`Logs`].
    pub fn logs(&self) -> String {
        Logs::text()
    }

    /// Runs SQL as somebody would who got at the database.
    pub async fn by_hand(&self, sql: &str) {
        let txn = self.app.db.begin().await.expect("the database answers");
        txn.execute_unprepared(sql).await.expect("the statement fits the schema");
        txn.commit().await.expect("the database takes it");
    }

    /// The first owner, with a workspace. Once per deployment.
    pub async fn owner(&self) -> Person {
        let email = "owner@example.com";
        let (user, workspace) = tessera_app::accounts::bootstrap(
            &self.app,
            email,
            PASSWORD,
            Some("Olivia Owner"),
            Some("Mosaic Works"),
        )
        .await
        .unwrap_or_else(|error| panic!("the first owner cannot be made: {error}"));
        Person {
            user_id: user.to_string(),
            workspace_id: workspace.to_string(),
            token: self.log_in(email, PASSWORD).await,
            email: email.to_owned(),
            password: PASSWORD.to_owned(),
        }
    }

    /// Logs in and returns the access token.
    pub async fn log_in(&self, email: &str, password: &str) -> String {
        let login = json!({ "email": email, "password": password });
        let reply = self.post("/v1/auth/login").json(login).send().await.expect(200).json();
        text(&reply, "access_token")
    }

    /// Mints a key as this person. `scopes` is what the API takes: `json!(["links.read"])`, `json!(["all"])`.
    pub async fn key(&self, person: &Person, scopes: impl Into<Value>) -> KeyMade {
        let order = json!({ "name": "A key of this test", "scopes": scopes.into() });
        let reply =
            self.post("/v1/api-keys").bearer(&person.token).json(order).send().await.expect(201).json();
        KeyMade { id: text(&reply, "id"), key: text(&reply, "key") }
    }
}

#[track_caller]
fn text(reply: &Value, field: &str) -> String {
    reply[field].as_str().unwrap_or_else(|| panic!("no {field} in {reply}")).to_owned()
}

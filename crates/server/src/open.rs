//! From settings and a data directory to a program that can be asked.

use std::sync::Arc;
use std::time::Duration;

use tessera_app::{App, Foundation, Settings, StartError};
use tessera_db::{Db, OpenOptions};
use tessera_keys::{Keyring, PepperVersion};
use tessera_types::{Chance, Clock};

use crate::background::Background;
use crate::cli::Place;
use crate::config::{self, Sources};
use crate::data::DataDirectory;
use crate::ending::Failure;
use crate::log;
use crate::system::{SystemChance, SystemClock};

/// The settings in force, flags included.
pub(crate) fn settings(
    place: &Place,
    flags: Vec<(&'static str, &'static str, String)>,
) -> Result<Settings, Failure> {
    config::load(&Sources::of_process(place.config.as_deref(), flags)).map_err(Failure::usage)
}

/// For a command that looks at, or changes, a deployment that exists. Makes nothing: a mistyped directory shall
/// not become a deployment.
pub(crate) async fn existing(place: &Place) -> Result<App, Failure> {
    let settings = settings(place, Vec::new())?;
    log::begin_quietly(&settings.log)?;
    let data = DataDirectory::existing(&place.data)?;
    if data.keyring()?.is_none() {
        return Err(Failure::failed(format!("there is no pepper file {}", data.pepper_path().display())));
    }
    app(settings, &data, Role::Command).await
}

/// What the program is opened for.
pub(crate) enum Role<'a> {
    /// Answers people, and writes down that it did. One at a time.
    Server(&'a Background),
    /// Looks at or changes a deployment, perhaps beside its server.
    Command,
}

/// Opens the database, migrated, and the peppers that belong to it.
///
/// A pepper is made only for a database without keys. A lost one is never replaced: that would turn every key
/// into a 401, for good.
pub(crate) async fn app(settings: Settings, data: &DataDirectory, role: Role<'_>) -> Result<App, Failure> {
    let (clock, chance) = (Arc::new(SystemClock::new()), Arc::new(SystemChance));
    build(settings, data, role, clock, chance).await
}

/// As [`app`] for a server, at another time and with other chances: the stage of a story.
pub(crate) async fn told(
    settings: Settings,
    data: &DataDirectory,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
) -> Result<App, Failure> {
    build(settings, data, Role::Server(&Background::begin()?), clock, chance).await
}

async fn build(
    settings: Settings,
    data: &DataDirectory,
    role: Role<'_>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
) -> Result<App, Failure> {
    let options = OpenOptions {
        url: data.database_url(&settings)?,
        connections_max: settings.database.connections_max,
        wait_max: Duration::from_millis(settings.database.wait_ms_max),
    };
    let db = Db::open(&options).await?;
    let keyring = match data.keyring()? {
        Some(keyring) => keyring,
        None => {
            tessera_app::keys::check_peppers(&db, &nothing()?)
                .await
                .map_err(|error| refusal(&error, data))?;
            data.keep_first(Keyring::generate(&SystemChance))?
        }
    };
    let background = match role {
        Role::Server(background) => background.handle(),
        Role::Command => None,
    };
    let of_server = |path| matches!(role, Role::Server(_)).then_some(path);
    let (events, bulk) = (of_server(data.events_path()), of_server(data.bulk_path()));
    let foundation = Foundation { settings, db, keyring, clock, chance, events, background, bulk };
    App::new(foundation).await.map_err(|error| refusal(&error, data))
}

/// A ring that fits no stored key: versions count from 1. A database that is content with it has no keys.
fn nothing() -> Result<Keyring, Failure> {
    Keyring::new(PepperVersion(0), [(PepperVersion(0), [0; 32])]).map_err(Failure::failed)
}

fn refusal(error: &StartError, data: &DataDirectory) -> Failure {
    match error {
        StartError::PepperMissing(_) => Failure::failed(format!("{}: {error}", data.pepper_path().display())),
        StartError::Db(_) | StartError::Events(_) | StartError::Counting(_) => Failure::failed(error),
    }
}

//! The data directory: what of a deployment is not in the database, or is the database.
//!
//! `pepper` holds the secret under which keys are stored; `tessera.db` is SQLite's file unless another database
//! is set; `events` is the event log and its segments; `bulk` holds the files of bulk jobs; `lock` keeps a second server out.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tessera_app::Settings;
use tessera_keys::Keyring;

use crate::ending::Failure;
use crate::output;

const PRIVATE_FILE: u32 = 0o600;
const PRIVATE_DIRECTORY: u32 = 0o700;
const READABLE_BY_OTHERS: u32 = 0o077;

pub(crate) struct DataDirectory {
    path: PathBuf,
}

/// Held for as long as a server runs; the kernel lets go of it however the process ends.
pub(crate) struct Lock {
    _file: File,
}

impl DataDirectory {
    /// Makes the directory if it is not there.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let directory = Self { path: path.to_owned() };
        let made = DirBuilder::new().recursive(true).mode(PRIVATE_DIRECTORY).create(path);
        made.map_err(|error| directory.failure("", &error))?;
        Ok(directory)
    }

    /// A directory that must exist: a mistyped name shall not be taken for an empty deployment.
    pub(crate) fn existing(path: &Path) -> Result<Self, Failure> {
        if !path.is_dir() {
            return Err(Failure::usage(format!("there is no data directory {}", path.display())));
        }
        Ok(Self { path: path.to_owned() })
    }

    /// Keeps other servers out of this directory.
    pub(crate) fn lock(&self) -> Result<Lock, Failure> {
        let path = self.path.join("lock");
        let options =
            OpenOptions::new().write(true).create(true).truncate(false).mode(PRIVATE_FILE).open(&path);
        let file = options.map_err(|error| self.failure("lock", &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(Failure::failed(format!("another Tessera is running on {}", self.path.display())))
            }
            Err(TryLockError::Error(error)) => Err(self.failure("lock", &error)),
        }
    }

    /// Where clicks and requests are kept.
    pub(crate) fn events_path(&self) -> PathBuf {
        self.path.join("events")
    }

    /// Where the files of bulk jobs are kept.
    pub(crate) fn bulk_path(&self) -> PathBuf {
        self.path.join("bulk")
    }

    /// Where the database is. SQLite's file is made here if need be, so that only its owner may read it.
    pub(crate) fn database_url(&self, settings: &Settings) -> Result<String, Failure> {
        if !settings.database.url.is_empty() {
            return Ok(settings.database.url.clone());
        }
        let path = self.path.join("tessera.db");
        let options = OpenOptions::new().append(true).create(true).mode(PRIVATE_FILE).open(&path);
        options.map_err(|error| self.failure("tessera.db", &error))?;
        Ok(format!("sqlite://{}", path.display()))
    }

    /// The peppers; `None` if there is no pepper file.
    pub(crate) fn keyring(&self) -> Result<Option<Keyring>, Failure> {
        let path = self.pepper_path();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failure("pepper", &error)),
        };
        let mode = path.metadata().map_err(|error| self.failure("pepper", &error))?.permissions().mode();
        if mode & READABLE_BY_OTHERS != 0 {
            output::complain(&format!(
                "WARNING: {} is open to other users of this machine (mode {:o}); run: chmod 600 {}",
                path.display(),
                mode & 0o777,
                path.display()
            ));
        }
        Keyring::parse(&text)
            .map(Some)
            .map_err(|error| Failure::failed(format!("{}: {error}", path.display())))
    }

    /// Writes the first pepper file, durably. If another process was faster, its file stays and is returned.
    pub(crate) fn keep_first(&self, keyring: Keyring) -> Result<Keyring, Failure> {
        let path = self.pepper_path();
        // Linked into place complete: whoever finds the name finds the whole text.
        let draft = self.draft(&keyring)?;
        let linked = std::fs::hard_link(&draft, &path);
        std::fs::remove_file(&draft).map_err(|error| self.failure("pepper", &error))?;
        match linked {
            Ok(()) => {
                self.sync()?;
                Ok(keyring)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.keyring()?.ok_or_else(|| self.failure("pepper", &error))
            }
            Err(error) => Err(self.failure("pepper", &error)),
        }
    }

    /// Replaces the pepper file at one blow: after a crash there is the old one or the new one.
    pub(crate) fn replace(&self, keyring: &Keyring) -> Result<(), Failure> {
        let draft = self.draft(keyring)?;
        std::fs::rename(&draft, self.pepper_path()).map_err(|error| self.failure("pepper", &error))?;
        self.sync()
    }

    /// The text in a private file of its own, durable.
    fn draft(&self, keyring: &Keyring) -> Result<PathBuf, Failure> {
        let name = format!("pepper.{}.new", std::process::id());
        let path = self.path.join(&name);
        let write = || {
            let mut file =
                OpenOptions::new().write(true).create(true).truncate(true).mode(PRIVATE_FILE).open(&path)?;
            file.write_all(keyring.to_text().as_bytes())?;
            file.sync_all()
        };
        write().map_err(|error| self.failure(&name, &error))?;
        Ok(path)
    }

    /// Makes names in the directory durable.
    fn sync(&self) -> Result<(), Failure> {
        File::open(&self.path)
            .and_then(|directory| directory.sync_all())
            .map_err(|error| self.failure("", &error))
    }

    pub(crate) fn pepper_path(&self) -> PathBuf {
        self.path.join("pepper")
    }

    fn failure(&self, name: &str, error: &io::Error) -> Failure {
        Failure::failed(format!("{}: {error}", self.path.join(name).display()))
    }
}

//! The MMDB file that says where addresses are, in memory once for all who ask.
//!
//! It is read whole, at first need, and again when its size or time of change is another; one that cannot be read leaves
//! the last good one in force, or the place unknown, and is complained about once. What nobody asks for ten minutes is
//! let go.

use std::fs::{self, File};
use std::io::{self, Read};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};
use std::time::SystemTime;

use maxminddb::{MaxMindDbError, Reader};

use super::IDLE_REFRESHES_MAX;
use super::place::country_of;

/// A larger file is not read: the largest city files have some 150 MiB.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// Where addresses are, by a file that the operator chose.
#[derive(Debug)]
pub struct PlaceFile {
    path: Option<PathBuf>,
    /// Whether somebody needed the file, so that it was read or could not be.
    was_needed: AtomicBool,
    idle_refreshes: AtomicU32,
    /// Counts what was read and let go.
    edition: AtomicU64,
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Of the file as it was when it was last looked at.
    stamp: Option<Stamp>,
    /// The last good one, which may be older than the file at `stamp`.
    reader: Option<Arc<Reader<Vec<u8>>>>,
    /// The reader has what the file at `stamp` had.
    is_current: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    changed: Option<SystemTime>,
}

#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Format(#[from] MaxMindDbError),
    #[error("it has more than {FILE_BYTES_MAX} bytes")]
    Large,
}

impl PlaceFile {
    /// Without a path, every place is unknown and nobody is told. A file that is not there is complained about now; one
    /// that is there is read at first need.
    pub fn new(path: Option<PathBuf>) -> Self {
        let missing = path.as_ref().and_then(|path| Some((path, stamp_of(path).err()?)));
        if let Some((path, error)) = &missing {
            tracing::warn!(file = %path.display(), %error, "the place file cannot be read; places are unknown");
        }
        Self {
            was_needed: AtomicBool::new(path.is_none() || missing.is_some()),
            path,
            idle_refreshes: AtomicU32::new(0),
            edition: AtomicU64::new(0),
            state: RwLock::default(),
        }
    }

    /// Whether there is a file to ask, be it readable or not.
    pub fn is_chosen(&self) -> bool {
        self.path.is_some()
    }

    /// Whether [`country`](Self::country) answers from memory. If not, the next call of it reads the file first, which may take a second.
    pub fn is_in_memory(&self) -> bool {
        self.was_needed.load(Ordering::Acquire)
    }

    /// Reads the file, if that was not done yet.
    pub fn bring_into_memory(&self) {
        self.needed();
    }

    /// The country of an address, as two capital letters (ISO 3166-1). `None`: not known.
    pub fn country(&self, address: IpAddr) -> Option<String> {
        self.idle_refreshes.store(0, Ordering::Relaxed);
        // Read at first need, and again if it was let go a moment ago.
        let reader = self.reader().or_else(|| {
            self.needed();
            self.reader()
        })?;
        country_of(&reader.lookup(address.to_canonical()).ok()?)
    }

    /// Reads the file if nobody needed it until now, and says which edition is in force.
    pub(super) fn needed(&self) -> u64 {
        if !self.is_in_memory() {
            let mut state = self.write();
            // Of several who need it first, one reads it.
            if !self.is_in_memory() {
                self.load(&mut state);
            }
        }
        self.idle_refreshes.store(0, Ordering::Relaxed);
        self.edition()
    }

    pub(super) fn edition(&self) -> u64 {
        self.edition.load(Ordering::Acquire)
    }

    pub(super) fn reader(&self) -> Option<Arc<Reader<Vec<u8>>>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).reader.clone()
    }

    /// Reads the file again if it is another one, and lets go of it if nobody asked for [`IDLE_REFRESHES_MAX`] refreshes.
    /// A file that nobody needs stays unread.
    pub(super) fn refresh(&self) {
        if !self.is_in_memory() {
            return;
        }
        let idle_refreshes = self.idle_refreshes.fetch_add(1, Ordering::Relaxed) + 1;
        let stamp = self.path.as_ref().and_then(|path| stamp_of(path).ok());
        let mut state = self.write();
        if stamp != state.stamp {
            self.load(&mut state);
        } else if state.is_current && idle_refreshes > IDLE_REFRESHES_MAX {
            state.reader = None;
            self.edition.fetch_add(1, Ordering::Release);
            self.was_needed.store(false, Ordering::Release);
        }
    }

    fn load(&self, state: &mut State) {
        if let Some(path) = &self.path {
            // Looked at before it is read: a change in between is seen the next time.
            state.stamp = stamp_of(path).ok();
            let read = read(path);
            state.is_current = read.is_ok();
            match read {
                Ok(reader) => {
                    let kind = &reader.metadata().database_type;
                    tracing::info!(file = %path.display(), %kind, "the place file was read");
                    state.reader = Some(Arc::new(reader));
                    self.edition.fetch_add(1, Ordering::Release);
                }
                Err(error) => {
                    let instead =
                        if state.reader.is_some() { "the one before stays" } else { "places are unknown" };
                    tracing::warn!(file = %path.display(), %error, "the place file cannot be read; {instead}");
                }
            }
        }
        self.was_needed.store(true, Ordering::Release);
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamp_of(path: &Path) -> io::Result<Stamp> {
    let metadata = fs::metadata(path)?;
    Ok(Stamp { bytes: metadata.len(), changed: metadata.modified().ok() })
}

fn read(path: &Path) -> Result<Reader<Vec<u8>>, Unreadable> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    if length > FILE_BYTES_MAX {
        return Err(Unreadable::Large);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(Reader::from_source(bytes)?)
}

//! The log: every event, in the order in which it was answered, before its answer leaves.
//!
//! When [`Log::append`] returns, the bytes are with the operating system: the event survives `kill -9`. It survives a
//! power failure once it is synced, which happens every `sync_interval_ms`, or before the answer with
//! [`Durability::Disk`]. A position counts bytes from the beginning of time, through all files; each file is named
//! after the position it begins at. A full disk stops nothing: events are held in memory up to a bound, written when
//! there is room again, and beyond the bound refused, counted and reported.

mod codec;
mod frame;
mod reader;
mod recover;
mod repair;

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::Event;

pub use self::reader::{ReadError, Reader};
pub use self::recover::LogError;
pub use self::repair::{Lost, Repaired, repair};

/// A place in the log, in bytes since the first event ever.
pub type Position = u64;

/// Addresses of visitors stand in the log until it is folded.
const PRIVATE_DIRECTORY: u32 = 0o700;
const PRIVATE_FILE: u32 = 0o600;

/// What an answered event survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// The end of the process at any instant. Power failures cost up to `sync_interval_ms`.
    Process,
    /// Power failures too: whoever appends waits with [`Log::synced`].
    Disk,
}

#[derive(Debug, Clone)]
pub struct LogOptions {
    pub directory: PathBuf,
    pub durability: Durability,
    pub sync_interval_ms: u64,
    /// A file that has grown beyond this is followed by a new one.
    pub file_bytes_max: u64,
    /// Room all files together may take; a full disk and this are treated alike. 0: what the disk has.
    pub log_bytes_max: u64,
    /// Memory for events that cannot be written at the moment.
    pub held_bytes_max: usize,
}

/// How the log is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    /// Bytes that wait in memory because they cannot be written. 0 is well.
    pub held_bytes: usize,
    /// Events refused since the start, because as much as may be was held already.
    pub refused: u64,
    /// A sync failed since the start; what it was about may not survive a power failure.
    pub is_unsynced: bool,
}

/// The event is nowhere: it could not be written, and no more may be held in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the event log is full")]
pub struct Full;

/// Appends from any thread; one [`Reader`] follows.
pub struct Log {
    shared: Arc<Shared>,
    syncing: Option<std::thread::JoinHandle<()>>,
}

struct Shared {
    options: LogOptions,
    writer: Mutex<Writer>,
    /// Everything before it is with the operating system.
    written: AtomicU64,
    synced: watch::Sender<Position>,
    held_bytes: AtomicUsize,
    refused: AtomicU64,
    is_unsynced: AtomicBool,
    is_stopping: Mutex<bool>,
    /// Wakes the syncing thread: something to sync ([`Durability::Disk`]), or the end.
    wake: Condvar,
}

struct Writer {
    file: Arc<File>,
    base: Position,
    /// Bytes in the file, its header included.
    length: u64,
    /// Where the oldest file begins.
    oldest: Position,
    /// Whole frames that wait for room.
    held: Vec<u8>,
    /// Whether events were written since the last sync.
    is_dirty: bool,
    /// Half a frame stands at the end of the file.
    is_torn: bool,
}

thread_local! {
    static FRAME: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Log {
    /// Opens the log and mends its end: what a crash left half-written is cut off, with a warning that says how much.
    /// `folded` is how far the log is known to have been read before; a log that ends earlier goes on from there.
    ///
    /// # Errors
    /// Names the file and the offset of damage that is not at the end.
    pub fn open(options: LogOptions, folded: Position) -> Result<Self, LogError> {
        let made = fs::DirBuilder::new().recursive(true).mode(PRIVATE_DIRECTORY).create(&options.directory);
        made.map_err(|error| LogError::io(&options.directory, error))?;
        let writer = recover::open(&options.directory, folded)?;
        let written = writer.position();
        let shared = Arc::new(Shared {
            writer: Mutex::new(writer),
            written: AtomicU64::new(written),
            synced: watch::Sender::new(written),
            held_bytes: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
            is_unsynced: AtomicBool::new(false),
            is_stopping: Mutex::new(false),
            wake: Condvar::new(),
            options,
        });
        let syncing = std::thread::Builder::new().name("event-log-sync".to_owned()).spawn({
            let shared = Arc::clone(&shared);
            move || shared.sync_until_stopped()
        });
        let syncing = syncing.map_err(|error| LogError::io(Path::new("event-log-sync"), error))?;
        Ok(Self { shared, syncing: Some(syncing) })
    }

    /// Writes the event down. When it returns `Ok`, the event survives the end of this process, or is held in memory
    /// because the disk is full; a crash then loses it, and [`Log::condition`] says so.
    ///
    /// # Errors
    /// If it cannot be held either. The event is lost, and counted as refused.
    pub fn append(&self, event: &Event<'_>) -> Result<Position, Full> {
        FRAME.with_borrow_mut(|buffer| {
            buffer.clear();
            frame::begin(buffer);
            codec::encode(event, buffer);
            frame::seal(buffer);
            self.shared.append(buffer)
        })
    }

    /// The position behind everything that was written so far.
    pub fn end(&self) -> Position {
        self.shared.written.load(Ordering::Acquire)
    }

    pub fn condition(&self) -> Condition {
        Condition {
            held_bytes: self.shared.held_bytes.load(Ordering::Relaxed),
            refused: self.shared.refused.load(Ordering::Relaxed),
            is_unsynced: self.shared.is_unsynced.load(Ordering::Relaxed),
        }
    }

    /// Whether whoever appends has to wait for [`Log::synced`] before it answers.
    pub fn is_durable_on_disk(&self) -> bool {
        self.shared.options.durability == Durability::Disk
    }

    /// Returns once everything before the position survives a power failure, or can never be synced.
    pub async fn synced(&self, position: Position) {
        let mut synced = self.shared.synced.subscribe();
        // An error means that the log was dropped: nobody is left to answer.
        let _ = synced.wait_for(|synced| *synced >= position).await;
    }

    /// Where the oldest file begins: nothing before it can be read.
    pub fn oldest(&self) -> Position {
        self.shared.writer().oldest
    }

    /// What all files take together.
    pub fn bytes(&self) -> u64 {
        let writer = self.shared.writer();
        writer.position() - writer.oldest
    }

    /// Syncs now. When it returns `Ok`, everything written before the call survives a power failure.
    pub fn sync(&self) -> io::Result<()> {
        self.shared.sync()
    }

    /// Goes on in a new file, so that [`Log::forget`] can delete everything up to here.
    pub fn roll(&self) -> io::Result<()> {
        let mut writer = self.shared.writer();
        if writer.length > frame::HEADER_BYTES as u64 {
            writer.roll(&self.shared.options.directory)?;
        }
        self.shared.written.store(writer.position(), Ordering::Release);
        Ok(())
    }

    /// Deletes the files that hold nothing behind the position. The caller has everything before it elsewhere.
    pub fn forget(&self, before: Position) -> io::Result<()> {
        let current = self.shared.writer().base;
        let files = recover::list(&self.shared.options.directory)?;
        for (index, (_, path)) in files.iter().enumerate() {
            let Some((next, _)) = files.get(index + 1) else { break };
            if *next > before || *next > current {
                break;
            }
            fs::remove_file(path)?;
            self.shared.writer().oldest = *next;
        }
        Ok(())
    }

    /// Reads from a position on; it must be where a frame begins.
    pub fn reader(&self, from: Position) -> Reader {
        Reader::new(self.shared.options.directory.clone(), from)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        *self.shared.is_stopping.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.wake.notify_all();
        if let Some(syncing) = self.syncing.take() {
            let _ = syncing.join();
        }
    }
}

impl Shared {
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append(&self, frame: &[u8]) -> Result<Position, Full> {
        let mut writer = self.writer();
        if writer.held.is_empty() {
            match writer.write(frame, &self.options) {
                Ok(()) => {
                    writer.is_dirty = true;
                    let position = writer.position();
                    self.written.store(position, Ordering::Release);
                    drop(writer);
                    if self.options.durability == Durability::Disk {
                        self.wake.notify_one();
                    }
                    return Ok(position);
                }
                Err(error) => {
                    tracing::error!(%error, "the event log cannot be written; events are held in memory");
                }
            }
        }
        if writer.held.len() + frame.len() > self.options.held_bytes_max {
            if self.refused.fetch_add(1, Ordering::Relaxed) == 0 {
                tracing::error!(held_bytes = writer.held.len(), "the event log is full; events are lost");
            }
            return Err(Full);
        }
        writer.held.extend_from_slice(frame);
        self.held_bytes.store(writer.held.len(), Ordering::Relaxed);
        Ok(writer.position())
    }

    /// Writes what was held, if there is room again.
    fn release(&self) {
        let mut writer = self.writer();
        if writer.held.is_empty() {
            return;
        }
        let held = std::mem::take(&mut writer.held);
        let mut done = 0;
        // Frame by frame: what fits is out of danger.
        while let Some(payload) = frame::payload(&held[done..], codec::PAYLOAD_BYTES_MAX) {
            let length = frame::FRAME_HEAD_BYTES + payload.len();
            if writer.write(&held[done..done + length], &self.options).is_err() {
                break;
            }
            writer.is_dirty = true;
            done += length;
        }
        writer.held = if done == 0 { held } else { held[done..].to_vec() };
        self.held_bytes.store(writer.held.len(), Ordering::Relaxed);
        self.written.store(writer.position(), Ordering::Release);
        if writer.held.is_empty() {
            tracing::info!(bytes = done, "the event log has room again; what was held is written");
        }
    }

    fn sync(&self) -> io::Result<()> {
        let (file, position) = {
            let mut writer = self.writer();
            if !std::mem::take(&mut writer.is_dirty) {
                let position = writer.position();
                drop(writer);
                self.tell_synced(position);
                return Ok(());
            }
            (Arc::clone(&writer.file), writer.position())
        };
        // Without the lock: appends go on meanwhile. An older file was synced before it was left.
        let synced = file.sync_data();
        let mut writer = self.writer();
        if let Err(error) = &synced {
            // Stays so until the next start: what the system gave up writing, a later sync does not bring back.
            self.is_unsynced.store(true, Ordering::Relaxed);
            writer.is_dirty = true;
            tracing::error!(%error, "the event log cannot be synced");
        } else if !self.is_unsynced.load(Ordering::Relaxed) {
            // Tells recovery that damage before this place is no torn end. Losing the mark itself does no harm.
            let _ = writer.write(&recover::mark(position), &self.options);
            self.written.store(writer.position(), Ordering::Release);
        }
        drop(writer);
        self.tell_synced(position);
        synced
    }

    fn tell_synced(&self, position: Position) {
        self.synced.send_if_modified(|synced| {
            let is_news = position > *synced;
            *synced = position.max(*synced);
            is_news
        });
    }

    fn sync_until_stopped(&self) {
        let interval = Duration::from_millis(self.options.sync_interval_ms.max(1));
        loop {
            let is_stopping = {
                let guard = self.is_stopping.lock().unwrap_or_else(PoisonError::into_inner);
                let is_waiting = |is_stopping: &mut bool| {
                    let is_urgent = self.options.durability == Durability::Disk && self.writer().is_dirty;
                    !*is_stopping && !is_urgent
                };
                let (guard, _) = self
                    .wake
                    .wait_timeout_while(guard, interval, is_waiting)
                    .unwrap_or_else(PoisonError::into_inner);
                *guard
            };
            self.release();
            // A failure stands in the condition and the log; the next round tries again.
            let _ = self.sync();
            if is_stopping {
                return;
            }
        }
    }
}

impl Writer {
    fn position(&self) -> Position {
        self.base + self.length
    }

    /// Writes one whole frame, or nothing.
    fn write(&mut self, frame: &[u8], options: &LogOptions) -> io::Result<()> {
        if options.log_bytes_max > 0
            && self.position() - self.oldest + frame.len() as u64 > options.log_bytes_max
        {
            return Err(io::Error::new(ErrorKind::StorageFull, "the log has as much room as it may take"));
        }
        if self.length >= options.file_bytes_max {
            self.roll(&options.directory)?;
        }
        if std::mem::take(&mut self.is_torn) {
            self.cut()?;
        }
        if let Err(error) = (&*self.file).write_all(frame) {
            self.cut()?;
            return Err(error);
        }
        self.length += frame.len() as u64;
        Ok(())
    }

    /// Half a frame must not be followed by a whole one. Appends go to the end, so cutting is enough; until that
    /// succeeded, nothing is written.
    fn cut(&mut self) -> io::Result<()> {
        let cut = self.file.set_len(self.length);
        self.is_torn = cut.is_err();
        cut
    }

    fn roll(&mut self, directory: &Path) -> io::Result<()> {
        self.file.sync_data()?;
        let next = recover::create(directory, self.position())?;
        self.base = self.position();
        self.length = frame::HEADER_BYTES as u64;
        self.file = Arc::new(next);
        Ok(())
    }
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;

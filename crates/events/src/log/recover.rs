//! Opening a log after whatever ended it.
//!
//! A crash leaves at most a torn end: the last frame half-written, or, after a power failure, anything behind the last
//! sync in any state. After each sync a mark says how far it reached, so damage before a mark was done by something
//! else. Such a log is not opened: cutting it there would lose events that were answered for.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::codec::PAYLOAD_BYTES_MAX;
use super::frame::{self, FRAME_HEAD_BYTES, HEADER_BYTES};
use super::{PRIVATE_FILE, Position, Writer, repair};

/// First byte of a payload that tells how far the last sync reached.
pub(super) const MARK: u8 = 0xff;
const MARK_PAYLOAD_BYTES: usize = 9;
/// A log that lacks more than this of what was counted is set aside, and a new one begun.
const FILLED_BYTES_MAX: u64 = 64 << 20;

/// Why a log cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error(
        "the event log is damaged: {} at offset {offset}. Stop, and run `tessera events repair`: it keeps a copy and \
         saves what is sound", path.display()
    )]
    Damaged { path: PathBuf, offset: u64 },
    #[error(
        "the event log lacks the file that begins at position {expected}, before {}. Bring it back from the backup, or \
         run `tessera events repair`", path.display()
    )]
    Gap { path: PathBuf, expected: Position },
}

impl LogError {
    pub(super) fn io(path: &Path, error: io::Error) -> Self {
        Self::Io { path: path.to_owned(), error }
    }
}

/// A frame that says: everything before the position is synced.
pub(super) fn mark(position: Position) -> Vec<u8> {
    let mut out = Vec::with_capacity(FRAME_HEAD_BYTES + MARK_PAYLOAD_BYTES);
    frame::begin(&mut out);
    out.push(MARK);
    out.extend_from_slice(&position.to_le_bytes());
    frame::seal(&mut out);
    out
}

fn read_mark(payload: &[u8]) -> Option<Position> {
    let (&MARK, position) = payload.split_first()? else { return None };
    Some(u64::from_le_bytes(position.try_into().ok()?))
}

/// The files of a log in order, with the position each begins at.
pub(super) fn list(directory: &Path) -> io::Result<Vec<(Position, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let base = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".log")?.parse().ok());
        files.extend(base.map(|base| (base, path)));
    }
    files.sort_unstable();
    Ok(files)
}

pub(super) fn path_of(directory: &Path, base: Position) -> PathBuf {
    // Twenty digits hold every position, and files sort by name as they do by position.
    directory.join(format!("{base:020}.log"))
}

/// A new, empty file of the log, itself durable.
pub(super) fn create(directory: &Path, base: Position) -> io::Result<File> {
    let path = path_of(directory, base);
    let created =
        OpenOptions::new().append(true).create(true).mode(PRIVATE_FILE).open(&path).and_then(|mut file| {
            file.set_len(0)?;
            file.write_all(&frame::header(base))?;
            file.sync_all()?;
            File::open(directory)?.sync_all()?;
            Ok(file)
        });
    if created.is_err() {
        // On a full disk an empty file may have been made; it is made again when there is room.
        let _ = fs::remove_file(&path);
    }
    created
}

pub(super) fn open(directory: &Path, folded: Position) -> Result<Writer, LogError> {
    let files = list(directory).map_err(|error| LogError::io(directory, error))?;
    let begin = |base| {
        let file = create(directory, base).map_err(|error| LogError::io(&path_of(directory, base), error))?;
        Ok((base, HEADER_BYTES as u64, file))
    };
    let oldest = files.first().map_or(folded, |(base, _)| *base);
    let mut expected = oldest;
    let mut last = None;
    for (index, (base, path)) in files.iter().enumerate() {
        if *base != expected {
            return Err(LogError::Gap { path: path.clone(), expected });
        }
        let bytes = fs::read(path).map_err(|error| LogError::io(path, error))?;
        let is_last = index + 1 == files.len();
        let length = check(&bytes, *base, path, is_last)?;
        expected = base + length;
        if is_last {
            last = Some(match length {
                0 => begin(*base)?,
                _ => {
                    let file = reopen(path, length, bytes.len() as u64);
                    (*base, length, file.map_err(|error| LogError::io(path, error))?)
                }
            });
        }
    }
    let (base, length, file) = match last {
        Some(last) if last.0 + last.1 >= folded => last,
        None => begin(folded)?,
        // Its counts are in the database, its events are not here: a log that was lost, or an older backup of it. What
        // is here stays, and what is missing is filled, so that no position moves.
        Some((base, length, file)) if folded - (base + length) <= FILLED_BYTES_MAX => {
            warn_of_gap(base + length, folded);
            let filled = fill_up(&file, folded - (base + length));
            (base, length + filled.map_err(|error| LogError::io(&path_of(directory, base), error))?, file)
        }
        Some((base, length, _)) => {
            warn_of_gap(base + length, folded);
            for (_, path) in &files {
                fs::rename(path, path.with_extension("outdated"))
                    .map_err(|error| LogError::io(path, error))?;
            }
            return open(directory, folded);
        }
    };
    let oldest = oldest.min(base);
    Ok(Writer {
        file: Arc::new(file),
        base,
        length,
        oldest,
        held: Vec::new(),
        is_dirty: false,
        is_torn: false,
    })
}

fn warn_of_gap(ends_at: Position, counted_to: Position) {
    tracing::warn!(
        ends_at,
        counted_to,
        "the event log ends before what was already counted; it goes on from there"
    );
}

/// Appends fillers of at least so many bytes; says how many.
fn fill_up(mut file: &File, bytes: u64) -> io::Result<u64> {
    let mut fillers = Vec::new();
    let wanted = usize::try_from(bytes).unwrap_or(usize::MAX).max(repair::SMALLEST);
    repair::fill(&mut fillers, wanted);
    file.write_all(&fillers)?;
    file.sync_all()?;
    Ok(fillers.len() as u64)
}

fn reopen(path: &Path, length: u64, found: u64) -> io::Result<File> {
    let file = OpenOptions::new().append(true).open(path)?;
    if length < found {
        tracing::warn!(
            file = %path.display(), offset = length, bytes = found - length,
            "the event log ended half-way through a write; the torn end was cut off"
        );
        file.set_len(length)?;
        file.sync_all()?;
    }
    Ok(file)
}

/// How much of the file is sound, from its start. 0: not even its header, and nothing is lost with it.
fn check(bytes: &[u8], base: Position, path: &Path, is_last: bool) -> Result<u64, LogError> {
    let damaged = |offset: usize| LogError::Damaged { path: path.to_owned(), offset: offset as u64 };
    if frame::read_header(bytes) != Some(base) {
        return if is_last && bytes.len() <= HEADER_BYTES { Ok(0) } else { Err(damaged(0)) };
    }
    let sound = sound_until(bytes, HEADER_BYTES);
    if sound == bytes.len() {
        return Ok(sound as u64);
    }
    // What is behind the damage tells whether it had been synced when it was done.
    let is_before_a_mark = marks_behind(bytes, sound).any(|synced| synced > base + sound as u64);
    if is_last && !is_before_a_mark { Ok(sound as u64) } else { Err(damaged(sound)) }
}

/// The offset up to which frames follow each other without a gap.
pub(super) fn sound_until(bytes: &[u8], mut offset: usize) -> usize {
    while let Some(payload) = frame::payload(&bytes[offset..], PAYLOAD_BYTES_MAX) {
        offset += FRAME_HEAD_BYTES + payload.len();
    }
    offset
}

/// The next offset at which a sound frame begins.
pub(super) fn next_sound(bytes: &[u8], from: usize) -> Option<usize> {
    (from..bytes.len()).find(|offset| frame::payload(&bytes[*offset..], PAYLOAD_BYTES_MAX).is_some())
}

fn marks_behind(bytes: &[u8], mut offset: usize) -> impl Iterator<Item = Position> {
    std::iter::from_fn(move || {
        loop {
            offset = next_sound(bytes, offset)?;
            let payload = frame::payload(&bytes[offset..], PAYLOAD_BYTES_MAX)?;
            offset += FRAME_HEAD_BYTES + payload.len();
            if let Some(position) = read_mark(payload) {
                return Some(position);
            }
        }
    })
}

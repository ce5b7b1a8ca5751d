//! Saving what is sound of a damaged log.
//!
//! Positions must not move, because the database remembers how far it has counted. So damage is not cut out: fillers
//! of the same length take its place, and only an end behind the last sound frame is cut. Every file that is changed
//! is kept beside the new one as `*.damaged`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::codec::{FILLER, PAYLOAD_BYTES_MAX};
use super::frame::{self, FRAME_HEAD_BYTES, HEADER_BYTES};
use super::{Position, recover};

/// Fillers are frames, so they are no shorter and no longer than frames may be.
pub(super) const SMALLEST: usize = FRAME_HEAD_BYTES + 1;
const LARGEST: usize = FRAME_HEAD_BYTES + PAYLOAD_BYTES_MAX;

/// What became of a log.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    pub files: usize,
    /// Sound frames, which is about as many events.
    pub kept: u64,
    pub lost: Vec<Lost>,
}

/// A stretch that could not be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Lost {
    pub path: PathBuf,
    pub offset: u64,
    pub bytes: u64,
}

/// Repairs the log in a directory, in place. Nobody else may have it open. What was sound is durable when it returns,
/// and the damaged files are kept.
///
/// # Errors
/// If a file cannot be read or written; files before it are done, and repairing again does no harm.
pub fn repair(directory: &Path) -> io::Result<Repaired> {
    let mut repaired = Repaired::default();
    let files = recover::list(directory)?;
    for (index, (base, path)) in files.iter().enumerate() {
        let bytes = fs::read(path)?;
        let next = files.get(index + 1).map(|(next, _)| *next);
        let sound = mend(&bytes, *base, next, path, &mut repaired);
        repaired.files += 1;
        if sound != bytes {
            replace(path, &sound)?;
        }
    }
    Ok(repaired)
}

/// The file as it should be: as long as the next one's position says, with fillers for what is damaged.
fn mend(
    bytes: &[u8],
    base: Position,
    next: Option<Position>,
    path: &Path,
    repaired: &mut Repaired,
) -> Vec<u8> {
    let mut lose = |offset: usize, until: usize| {
        let bytes = until.saturating_sub(offset) as u64;
        repaired.lost.push(Lost { path: path.to_owned(), offset: offset as u64, bytes });
    };
    let mut sound = frame::header(base).to_vec();
    if bytes.get(..HEADER_BYTES) != Some(sound.as_slice()) {
        lose(0, HEADER_BYTES);
    }
    while sound.len() < bytes.len() {
        let from = sound.len();
        let until = recover::sound_until(bytes, from);
        sound.extend_from_slice(&bytes[from..until]);
        repaired.kept += frames(&bytes[from..until]);
        if until == bytes.len() {
            break;
        }
        // A stretch too short for a filler cannot be: every frame is longer.
        let behind = recover::next_sound(bytes, until + SMALLEST);
        lose(until, behind.unwrap_or(bytes.len()));
        let Some(behind) = behind else { break };
        fill(&mut sound, behind);
    }
    if let Some(length) = next.and_then(|next| usize::try_from(next - base).ok())
        && sound.len() < length
    {
        if bytes.len() < length {
            lose(bytes.len(), length);
        }
        fill(&mut sound, length);
    }
    sound
}

fn frames(mut bytes: &[u8]) -> u64 {
    let mut count = 0;
    while let Some(payload) = frame::payload(bytes, PAYLOAD_BYTES_MAX) {
        bytes = &bytes[FRAME_HEAD_BYTES + payload.len()..];
        count += 1;
    }
    count
}

/// Appends fillers until the file has this length. A filler takes at least nine bytes, so the last two share.
pub(super) fn fill(sound: &mut Vec<u8>, until: usize) {
    while sound.len() < until {
        let left = until - sound.len();
        let length = match left {
            0..=LARGEST => left,
            _ if left - LARGEST < SMALLEST => left / 2,
            _ => LARGEST,
        };
        let mut filler = Vec::with_capacity(length);
        frame::begin(&mut filler);
        filler.resize(length.max(SMALLEST), FILLER);
        frame::seal(&mut filler);
        sound.extend_from_slice(&filler);
    }
}

fn replace(path: &Path, sound: &[u8]) -> io::Result<()> {
    let new = path.with_extension("repaired");
    let mut file = File::create(&new)?;
    file.write_all(sound)?;
    file.sync_all()?;
    fs::rename(path, path.with_extension("damaged"))?;
    fs::rename(&new, path)?;
    path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

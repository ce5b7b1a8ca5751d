//! Following the log from behind, in large pieces.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use super::codec::{self, PAYLOAD_BYTES_MAX};
use super::frame::{self, FRAME_HEAD_BYTES, HEADER_BYTES};
use super::recover::{self, MARK};
use super::{Log, Position};
use crate::Event;

/// What is read at once.
const CHUNK_BYTES: usize = 256 << 10;

/// Where somebody is in the log.
pub struct Reader {
    directory: PathBuf,
    position: Position,
    file: Option<(Position, File)>,
    buffer: Vec<u8>,
}

/// Why the log cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the event log cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("the event log is damaged at position {0}")]
    Damaged(Position),
}

impl Reader {
    pub(super) fn new(directory: PathBuf, position: Position) -> Self {
        Self { directory, position, file: None, buffer: Vec::new() }
    }

    /// Everything before it was handed out.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Hands out what was written since, each event with the position behind it, up to about a quarter of a megabyte; `false` if
    /// there is nothing.
    ///
    /// # Errors
    /// If the file cannot be read. The position stays behind the last event that was handed out.
    pub fn read(&mut self, log: &Log, mut each: impl FnMut(Position, &Event<'_>)) -> Result<bool, ReadError> {
        let end = log.end();
        if self.position >= end {
            return Ok(false);
        }
        let (base, file) = match self.file.take() {
            Some(open) => open,
            None => self.find()?,
        };
        let offset = (self.position - base).max(HEADER_BYTES as u64);
        let wanted =
            usize::try_from(end.saturating_sub(base + offset)).unwrap_or(usize::MAX).min(CHUNK_BYTES);
        self.buffer.resize(wanted, 0);
        let read = read_at(&file, &mut self.buffer, offset)?;
        self.position = base + offset;
        if read == 0 {
            // This file is read; the next one begins where it ends.
            return Ok(self.position < end);
        }
        let mut rest = &self.buffer[..read];
        while let Some(payload) = frame::payload(rest, PAYLOAD_BYTES_MAX) {
            let event = match payload[0] {
                MARK => None,
                _ => codec::decode(payload).map_err(|_| ReadError::Damaged(self.position))?,
            };
            let length = FRAME_HEAD_BYTES + payload.len();
            self.position += length as u64;
            rest = &rest[length..];
            if let Some(event) = event {
                each(self.position, &event);
            }
        }
        if rest.len() == read {
            return Err(ReadError::Damaged(self.position));
        }
        self.file = Some((base, file));
        Ok(true)
    }

    /// The file that holds the position, or begins at it.
    fn find(&self) -> Result<(Position, File), ReadError> {
        let files = recover::list(&self.directory)?;
        let holding = files.iter().rev().find(|(base, _)| *base <= self.position);
        let (base, path) = holding.ok_or(ReadError::Damaged(self.position))?;
        Ok((*base, File::open(path)?))
    }
}

fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match file.read_at(&mut buffer[done..], offset + done as u64) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

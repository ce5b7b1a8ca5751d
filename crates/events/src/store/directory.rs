//! The folder of segments: what is in it after a start, and how a file gets there whole or not at all.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::warn;
use uuid::Uuid;

use super::column::Part;
use super::segment::Segment;
use super::write::{Present, Writer};
use super::{SegmentMeta, StoreError};
use crate::Kind;

const UNCLAIMED: &str = "unclaimed";
const WRITE_BUFFER_BYTES: usize = 1 << 20;

#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Makes it if it is missing, and tidies it up: see [`super::Store::open`].
    pub(super) fn open(path: PathBuf, live: &[SegmentMeta], retired: &[Uuid]) -> Result<Self, StoreError> {
        let directory = Self { path };
        let io = |source| StoreError::Io { path: directory.path.clone(), source };
        private(&directory.path).map_err(io)?;
        let live: HashSet<PathBuf> = live.iter().map(|meta| directory.file(meta.id)).collect();
        let retired: HashSet<PathBuf> = retired.iter().map(|id| directory.file(*id)).collect();
        for entry in fs::read_dir(&directory.path).map_err(io)? {
            let path = entry.map_err(io)?.path();
            let has_ending = |ending: &str| path.extension().is_some_and(|found| found == ending);
            if has_ending("tmp") || retired.contains(&path) {
                fs::remove_file(&path).map_err(|source| StoreError::Io { path, source })?;
            } else if has_ending("parquet") && !live.contains(&path) {
                directory.set_aside(&path)?;
            }
        }
        Ok(directory)
    }

    /// Whatever it is, it was not committed; but it may be all that is left of something.
    fn set_aside(&self, path: &Path) -> Result<(), StoreError> {
        let aside = self.path.join(UNCLAIMED);
        let to = aside.join(path.file_name().unwrap_or_default());
        private(&aside)
            .and_then(|()| fs::rename(path, &to))
            .map_err(|source| StoreError::Io { path: path.to_owned(), source })?;
        warn!(file = %path.display(), to = %to.display(), "a segment that the manifest does not know was set aside");
        Ok(())
    }

    fn file(&self, id: Uuid) -> PathBuf {
        self.path.join(format!("{id}.parquet"))
    }

    pub(super) fn segment(&self, meta: SegmentMeta) -> Result<Arc<Segment>, StoreError> {
        Segment::open(self.file(meta.id), meta).map(Arc::new)
    }

    /// A file that gets its name only when it is whole.
    pub(super) fn begin(&self, id: Uuid, kind: Kind, present: Present) -> Result<Growing, StoreError> {
        let path = self.file(id);
        let half = path.with_extension("tmp");
        let writer = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&half)
            .map_err(Into::into)
            .and_then(|file| Writer::new(BufWriter::with_capacity(WRITE_BUFFER_BYTES, file), kind, present))
            .map_err(|error| failed(&half, error))?;
        let meta = SegmentMeta { id, kind, rows: 0, first_ms: i64::MAX, last_ms: i64::MIN, bytes: 0 };
        Ok(Growing { writer: Some(writer), meta, path, half })
    }
}

/// A folder for its owner alone.
fn private(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Deletes a file that nobody needs. What cannot be deleted is left for the next start.
pub(super) fn delete(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        warn!(file = %path.display(), %error, "a segment that is no longer needed could not be deleted");
    }
}

/// A segment being written. Dropped before it is finished, nothing of it stays.
pub(super) struct Growing {
    writer: Option<Writer<BufWriter<File>>>,
    meta: SegmentMeta,
    path: PathBuf,
    half: PathBuf,
}

impl Growing {
    pub(super) fn rows(&self) -> u64 {
        self.meta.rows
    }

    pub(super) fn write(&mut self, part: &Part) -> Result<(), StoreError> {
        if let Some(writer) = &mut self.writer {
            writer.write(part).map_err(|error| failed(&self.half, error))?;
            self.meta.rows += part.rows as u64;
            self.meta.first_ms = self.meta.first_ms.min(part.first_ms);
            self.meta.last_ms = self.meta.last_ms.max(part.last_ms);
        }
        Ok(())
    }

    /// When it returns, the file is on disk under its name.
    pub(super) fn finish(mut self) -> Result<Arc<Segment>, StoreError> {
        let io = |source| StoreError::Io { path: self.half.clone(), source };
        let Some(writer) = self.writer.take() else {
            return Err(io(io::Error::other("written twice")));
        };
        let file = writer.finish().map_err(|error| failed(&self.half, error))?;
        let file = file.into_inner().map_err(|error| io(error.into_error()))?;
        file.sync_all().map_err(io)?;
        self.meta.bytes = file.metadata().map_err(io)?.len();
        fs::rename(&self.half, &self.path).map_err(io)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        }
        Segment::open(self.path.clone(), self.meta).map(Arc::new)
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        if self.writer.take().is_some() || self.half.exists() {
            let _ = fs::remove_file(&self.half);
        }
    }
}

/// The library wraps errors of files; whoever reads ours wants to know that the disk is full.
fn failed(path: &Path, error: parquet::errors::ParquetError) -> StoreError {
    let source = match error {
        parquet::errors::ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    };
    StoreError::Io { path: path.to_owned(), source }
}

//! The files of bulk jobs: what was sent, the report of its validation, the result.
//!
//! Each job has a directory of its own, named by its id and open to the server alone: a file may hold passwords of links.
//! What was sent is deleted when its job ends, the rest when the job is.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tessera_types::BulkJobId;
use tokio::io::AsyncWriteExt;

use super::model::RowError;
use crate::http::csv;

const PRIVATE_FILE: u32 = 0o600;
const PRIVATE_DIRECTORY: u32 = 0o700;
const SOURCE: &str = "source.csv";
const REPORT: &str = "report.csv";
const RESULT: &str = "result.csv";

pub(super) const REPORT_HEAD: [&str; 4] = ["row", "field", "code", "reason"];
pub(super) const RESULT_HEAD: [&str; 7] = ["row", "name", "id", "short_url", "alias", "status", "reason"];

/// Why a file that is being sent is not kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum TakeError {
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    #[error("the file broke off")]
    BrokeOff,
    #[error("the file took longer than {0:?}")]
    TooSlow(Duration),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Where the files of one job are.
#[derive(Debug, Clone)]
pub(super) struct Spool(PathBuf);

impl Spool {
    pub(super) fn of(directory: &Path, id: BulkJobId) -> Self {
        Self(directory.join(id.to_string()))
    }

    /// Keeps what is sent; durable when it returns. Nothing stays of what breaks off.
    ///
    /// The time limit is kept here too: over HTTP/2 a file goes on arriving when its sender was answered already.
    ///
    /// # Errors
    /// A file that is too large or too slow or does not arrive whole, and those of the disk.
    pub(super) async fn take<E>(
        &self,
        chunks: impl Stream<Item = Result<Bytes, E>>,
        bytes_max: u64,
        time_max: Duration,
    ) -> Result<u64, TakeError> {
        let taken = tokio::time::timeout(time_max, self.write_source(chunks, bytes_max)).await;
        let taken = taken.unwrap_or(Err(TakeError::TooSlow(time_max)));
        if taken.is_err() {
            self.remove();
        }
        taken
    }

    async fn write_source<E>(
        &self,
        chunks: impl Stream<Item = Result<Bytes, E>>,
        bytes_max: u64,
    ) -> Result<u64, TakeError> {
        DirBuilder::new().recursive(true).mode(PRIVATE_DIRECTORY).create(&self.0)?;
        let mut file = tokio::io::BufWriter::new(tokio::fs::File::from_std(self.create(SOURCE)?));
        let mut bytes = 0;
        let mut chunks = std::pin::pin!(chunks);
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| TakeError::BrokeOff)?;
            bytes += chunk.len() as u64;
            if bytes > bytes_max {
                return Err(TakeError::TooLarge(bytes_max));
            }
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        file.into_inner().sync_all().await?;
        Ok(bytes)
    }

    pub(super) fn source(&self) -> io::Result<File> {
        File::open(self.0.join(SOURCE))
    }

    pub(super) fn report(&self) -> io::Result<File> {
        File::open(self.0.join(REPORT))
    }

    pub(super) fn result(&self) -> io::Result<File> {
        File::open(self.0.join(RESULT))
    }

    pub(super) fn write_report(&self, errors: &[RowError]) -> io::Result<()> {
        let mut file = BufWriter::new(self.create(REPORT)?);
        file.write_all(&csv::lines(&[REPORT_HEAD]))?;
        for error in errors {
            let cells = [&*error.row.to_string(), &error.field, &error.code, &error.message];
            file.write_all(&csv::lines(&[cells]))?;
        }
        file.flush()
    }

    /// Writes lines after what is whole of the result, and says how much is then. Durable when it returns: the database
    /// may vouch for it.
    pub(super) fn write_result(&self, whole_bytes: u64, lines: &[u8]) -> io::Result<u64> {
        let options = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(PRIVATE_FILE)
            .open(self.0.join(RESULT));
        let mut file = options?;
        // Lines of a batch whose transaction did not come through.
        file.set_len(whole_bytes)?;
        file.seek(SeekFrom::Start(whole_bytes))?;
        let mut written = whole_bytes;
        if whole_bytes == 0 {
            let head = csv::lines(&[RESULT_HEAD]);
            file.write_all(&head)?;
            written += head.len() as u64;
        }
        file.write_all(lines)?;
        file.sync_data()?;
        Ok(written + lines.len() as u64)
    }

    /// Deletes what was sent.
    pub(super) fn drop_source(&self) {
        self.tell(fs::remove_file(self.0.join(SOURCE)));
    }

    /// Deletes every file of the job.
    pub(super) fn remove(&self) {
        self.tell(fs::remove_dir_all(&self.0));
    }

    fn create(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().write(true).create(true).truncate(true).mode(PRIVATE_FILE).open(self.0.join(name))
    }

    fn tell(&self, deleted: io::Result<()>) {
        match deleted {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, directory = %self.0.display(), "files of a bulk job could not be deleted");
            }
            _ => {}
        }
    }
}

/// The jobs that have files.
pub(super) fn jobs(directory: &Path) -> Vec<BulkJobId> {
    // Where there is no directory yet, there are no jobs.
    let entries = fs::read_dir(directory).into_iter().flatten();
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter_map(|name| name.parse().ok()).collect()
}

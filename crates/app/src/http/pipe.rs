//! Answers that are sent while they are made: a file piece by piece, or what a thread writes.

use std::io::{self, Read, Write};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// An answer whose reader takes nothing for so long is given up.
const STALLED_MAX: Duration = Duration::from_secs(60);
const CHUNK_BYTES: usize = 64 * 1_024;
/// Chunks that wait to be sent.
const CHUNKS_MAX: usize = 4;

/// Sends what is written to it, and waits while nobody takes it. For threads of their own: nobody else may wait for one.
pub(crate) struct Pipe {
    chunks: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
    runtime: Handle,
}

/// A pipe, and its other end. To be called within the runtime.
pub(crate) fn pipe() -> (Pipe, mpsc::Receiver<io::Result<Bytes>>) {
    let (chunks, pieces) = mpsc::channel(CHUNKS_MAX);
    (Pipe { chunks, buffer: Vec::new(), runtime: Handle::current() }, pieces)
}

impl Pipe {
    /// Sends what has gathered.
    ///
    /// # Errors
    /// The reader has gone, or takes nothing.
    pub(crate) fn send(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = Bytes::from(std::mem::take(&mut self.buffer));
        let sent = self.runtime.block_on(tokio::time::timeout(STALLED_MAX, self.chunks.send(Ok(chunk))));
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the reader has gone")),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the reader takes nothing")),
        }
    }

    /// Where a failure is told, so that a cut answer is never taken for a whole one.
    pub(crate) fn failures(&self) -> mpsc::Sender<io::Result<Bytes>> {
        self.chunks.clone()
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK_BYTES {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What `write` writes on a thread of its own, piece by piece.
pub(crate) fn written(
    write: impl FnOnce(&mut Pipe) -> io::Result<()> + Send + 'static,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let (mut pipe, pieces) = pipe();
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write(&mut pipe).and_then(|()| pipe.send()) {
            tracing::warn!(%error, "an answer broke off");
            // Whoever reads has gone, or hears that the file is not whole.
            let _ = pipe.failures().blocking_send(Err(error));
        }
    });
    stream::unfold(pieces, |mut pieces| async move { Some((pieces.recv().await?, pieces)) })
}

/// The first bytes of a file, piece by piece. A shorter one ends in an error.
pub(crate) fn file(file: std::fs::File, bytes: u64) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    stream::try_unfold((file, bytes), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = move || {
            let mut chunk = vec![0; usize::try_from(left).unwrap_or(CHUNK_BYTES).min(CHUNK_BYTES)];
            file.read_exact(&mut chunk).map(|()| (Bytes::from(chunk), file))
        };
        let (chunk, file) = tokio::task::spawn_blocking(read).await.map_err(io::Error::other)??;
        let left = left - chunk.len() as u64;
        Ok(Some((chunk, (file, left))))
    })
}

/// An answer to be kept as a file.
pub(crate) fn download(
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    kind: &'static str,
    file_name: &str,
) -> Response {
    // Fused: whoever compresses a body may ask once more after its end.
    let mut response = Body::from_stream(pieces.fuse()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{file_name}\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}

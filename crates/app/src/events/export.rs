//! Clicks as one Parquet file that is sent while it is written.
//!
//! How long that takes is up to whoever reads, so an export takes no question's place and has a bound of its own.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, stream};
use tessera_events::{Cancel, Kind, RowsQuestion};

use super::ask::CancelOnDrop;
use super::blocking;
use crate::App;
use crate::http::pipe::pipe;
use crate::problem::{Code, Problem};

/// Exports that are written at once; each keeps a thread and a part of the store in memory. More wait their turn.
pub(super) const EXPORTS_AT_ONCE_MAX: usize = 2;

/// Everything that matches, as one Parquet file, piece by piece; those of this moment included. A file that breaks off
/// ends in an error, and without the footer that Parquet ends with.
///
/// # Errors
/// If the process is ending.
pub(crate) async fn export_clicks(
    app: &App,
    question: RowsQuestion,
) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>, Problem> {
    let ending = || Problem::plain(Code::Unavailable).retry_after(1);
    let exports = app.events.stream.as_ref().map(|stream| Arc::clone(&stream.exports)).ok_or_else(ending)?;
    let turn = exports.acquire_owned().await.map_err(|_| ending())?;
    let (mut pipe, pieces) = pipe();
    let cancel = Cancel::default();
    let stop = CancelOnDrop(cancel.clone());
    let app = app.clone();
    tokio::spawn(async move {
        let failure = pipe.failures();
        let written = blocking(&app, move |_, stream| {
            let _turn = turn;
            stream.catch_up().map_err(io::Error::other)?;
            let written = stream.store.export_parquet(Kind::Click, &question, &mut pipe, &cancel);
            written.map_err(io::Error::other)?;
            pipe.send()
        })
        .await;
        if let Err(error) = written.unwrap_or_else(|error| Err(io::Error::other(error))) {
            tracing::warn!(%error, "an export of clicks broke off");
            // Whoever reads has gone, or hears that the file is not whole.
            let _ = failure.send(Err(error)).await;
        }
    });
    Ok(stream::unfold((pieces, stop), |(mut pieces, stop)| async move {
        let piece = pieces.recv().await?;
        Some((piece, (pieces, stop)))
    }))
}

//! Connections: accepted up to a limit, spoken to in HTTP/1.1 or HTTP/2, ended with grace.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tessera_app::settings::Server;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Sleep;
use tokio_rustls::TlsAcceptor;

/// From accepted to the first bytes of a request, and to the end of a TLS handshake.
const OPENING_SECONDS_MAX: u64 = 10;
/// From the end of one answer to the end of the next request's head: also how long an idle connection is kept.
const HEAD_SECONDS_MAX: u64 = 30;
const HTTP2_STREAMS_MAX: u32 = 256;
/// HTTP/2 has no idle limit of its own: a peer that does not answer a ping in this time is gone.
const HTTP2_PING_SECONDS: u64 = 30;
/// After the operating system refused a connection, mostly for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Longer than what tells HTTP/2 from HTTP/1 (RFC 9113 §3.4).
const PREFACE_BYTES: usize = 24;

#[derive(Clone)]
pub(super) struct Door {
    http: Arc<auto::Builder<TokioExecutor>>,
    tls: Option<TlsAcceptor>,
    places: Arc<Semaphore>,
}

/// An open door.
pub(super) struct Opened {
    accepting: JoinHandle<()>,
    closing: oneshot::Sender<Duration>,
}

impl Door {
    pub(super) fn new(settings: &Server, tls: Option<TlsAcceptor>) -> Self {
        let mut http = auto::Builder::new(TokioExecutor::new());
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(HEAD_SECONDS_MAX))
            .max_buf_size(settings.header_bytes_max);
        http.http2()
            .timer(TokioTimer::new())
            .max_header_list_size(u32::try_from(settings.header_bytes_max).unwrap_or(u32::MAX))
            .max_concurrent_streams(HTTP2_STREAMS_MAX)
            .keep_alive_interval(Duration::from_secs(HTTP2_PING_SECONDS))
            .keep_alive_timeout(Duration::from_secs(HTTP2_PING_SECONDS));
        Self { http: Arc::new(http), tls, places: Arc::new(Semaphore::new(settings.connections_max)) }
    }

    /// Accepts until closed. A connection beyond the limit waits in the kernel's queue.
    pub(super) fn open<A, F>(self, listener: TcpListener, answer: A) -> Opened
    where
        A: Fn(Request<Incoming>, SocketAddr) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response> + Send + 'static,
    {
        let (closing, mut closed) = oneshot::channel();
        let accepting = tokio::spawn(async move {
            let graceful = GracefulShutdown::new();
            let patience = loop {
                let (stream, peer, place) = tokio::select! {
                    patience = &mut closed => break patience.unwrap_or_default(),
                    accepted = self.accept(&listener) => accepted,
                };
                let (door, answer, watcher) = (self.clone(), answer.clone(), graceful.watcher());
                tokio::spawn(async move {
                    door.admit(stream, peer, answer, watcher).await;
                    drop(place);
                });
            };
            drop(listener);
            if tokio::time::timeout(patience, graceful.shutdown()).await.is_err() {
                tracing::warn!("requests in flight were cut off: server.shutdown_seconds_max is over");
            }
        });
        Opened { accepting, closing }
    }

    async fn accept(&self, listener: &TcpListener) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
        loop {
            // The semaphore is never closed; were it, there would be no place.
            let Ok(place) = self.places.clone().acquire_owned().await else {
                std::future::pending::<()>().await;
                continue;
            };
            match listener.accept().await {
                Ok((stream, peer)) => return (stream, peer, place),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn admit<A, F>(self, stream: TcpStream, peer: SocketAddr, answer: A, watcher: Watcher)
    where
        A: Fn(Request<Incoming>, SocketAddr) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response> + Send + 'static,
    {
        // Small answers leave at once. A socket that refuses the option is as good as gone.
        let _ = stream.set_nodelay(true);
        let Some(tls) = &self.tls else {
            return self.speak(stream, peer, answer, watcher).await;
        };
        let opening = Duration::from_secs(OPENING_SECONDS_MAX);
        match tokio::time::timeout(opening, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.speak(stream, peer, answer, watcher).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS"),
            Err(_) => tracing::debug!(%peer, "no TLS in time"),
        }
    }

    async fn speak<S, A, F>(&self, stream: S, peer: SocketAddr, answer: A, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        A: Fn(Request<Incoming>, SocketAddr) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response> + Send + 'static,
    {
        let service = service_fn(move |request| {
            let answered = answer(request, peer);
            async move { Ok::<_, Infallible>(answered.await) }
        });
        let connection = self.http.serve_connection(TokioIo::new(Opening::new(stream)), service);
        // Peers hang up, time out and talk nonsense all day; nobody needs to act on it.
        if let Err(error) = watcher.watch(connection.into_owned()).await {
            tracing::debug!(%peer, %error, "connection ended");
        }
    }
}

impl Opened {
    /// Takes no more connections, and gives requests in flight `patience` to end.
    pub(super) async fn close(self, patience: Duration) {
        // Both fail only if accepting has ended already.
        let _ = self.closing.send(patience);
        let _ = self.accepting.await;
    }
}

/// A stream whose first bytes must come in time. Telling HTTP/2 from HTTP/1 has no time limit of its own, so
/// without this a silent connection would keep its place for ever.
struct Opening<S> {
    stream: S,
    /// `None` once enough has been read.
    deadline: Option<Pin<Box<Sleep>>>,
    bytes_left: usize,
}

impl<S> Opening<S> {
    fn new(stream: S) -> Self {
        let deadline = tokio::time::sleep(Duration::from_secs(OPENING_SECONDS_MAX));
        Self { stream, deadline: Some(Box::pin(deadline)), bytes_left: PREFACE_BYTES }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Opening<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, into);
        let Some(deadline) = &mut self.deadline else { return read };
        match read {
            Poll::Pending => deadline.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into())),
            Poll::Ready(_) => {
                self.bytes_left = self.bytes_left.saturating_sub(into.filled().len() - before);
                if self.bytes_left == 0 {
                    self.deadline = None;
                }
                read
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Opening<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

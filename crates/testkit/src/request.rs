//! Requests that reach the program without a socket, and what it answers.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use serde::Serialize;
use serde_json::Value;
use tessera_app::http::Front;
use tokio::sync::mpsc;

/// Where requests come from unless the test says otherwise (TEST-NET-1, RFC 5737).
pub const PEER: &str = "192.0.2.1";

/// What requests are sent with unless the test says otherwise.
pub const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36";

/// How long a test waits for something that ought to come at once.
const EVENT_WAIT_MAX: std::time::Duration = std::time::Duration::from_secs(20);

type AnswerBody = UnsyncBoxBody<Bytes, String>;

/// A request in the making; nothing happens before [`Request::send`].
#[must_use]
pub struct Request {
    front: Front,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
    peer: SocketAddr,
}

impl Request {
    pub(crate) fn new(front: Front, host: &str, method: Method, path: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().expect("the host of settings.server.public_url"));
        headers.insert(USER_AGENT, HeaderValue::from_static(BROWSER));
        let peer = SocketAddr::new(PEER.parse().expect("an address"), 50_000);
        Self { front, method, path: path.to_owned(), headers, body: Bytes::new(), peer }
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// Adds a header line; the same name twice makes two lines. `host` and `user-agent` replace what is there.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name: HeaderName = name.parse().unwrap_or_else(|_| panic!("{name:?} is no header name"));
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header value");
        match name == HOST || name == USER_AGENT {
            true => drop(self.headers.insert(name, value)),
            false => drop(self.headers.append(name, value)),
        }
        self
    }

    pub fn json(mut self, value: impl Serialize) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.body(serde_json::to_vec(&value).expect("a value that can be JSON"))
    }

    /// The body as it is. Give the `content-type` with [`Request::header`].
    pub fn body(mut self, bytes: impl Into<Bytes>) -> Self {
        self.body = bytes.into();
        self
    }

    /// The address of the other end of the connection.
    pub fn from(mut self, address: &str) -> Self {
        let address: IpAddr = address.parse().unwrap_or_else(|_| panic!("{address:?} is no address"));
        self.peer.set_ip(address);
        self
    }

    /// The whole answer. Of an event stream, which has no end, only its head.
    pub async fn send(mut self) -> Reply {
        let body = Full::new(std::mem::take(&mut self.body));
        self.send_with(body).await
    }

    /// The same, with a body that comes piece by piece, until the sender of the pieces is dropped.
    pub async fn send_pieces(self, pieces: mpsc::Receiver<Bytes>) -> Reply {
        self.send_with(Pieces(pieces)).await
    }

    async fn send_with<B>(self, body: B) -> Reply
    where
        B: http_body::Body<Data = Bytes, Error = Infallible> + Send + 'static,
    {
        let line = format!("{} {}", self.method, self.path);
        let (head, body) = self.answered(body).await;
        let is_endless = head.headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = match is_endless {
            true => Bytes::new(),
            false => {
                let body = body.collect().await;
                body.unwrap_or_else(|error| panic!("{line}: the body broke off: {error}")).to_bytes()
            }
        };
        Reply { request: line, status: head.status.as_u16(), headers: head.headers, bytes }
    }

    /// Opens an event stream and goes on listening to it.
    pub async fn listen(mut self) -> Listening {
        let line = format!("{} {}", self.method, self.path);
        let body = Full::new(std::mem::take(&mut self.body));
        let (head, body) = self.answered(body).await;
        assert_eq!(head.status.as_u16(), 200, "{line}");
        Listening { body, text: String::new() }
    }

    async fn answered<B>(self, body: B) -> (http::response::Parts, AnswerBody)
    where
        B: http_body::Body<Data = Bytes, Error = Infallible> + Send + 'static,
    {
        let mut request = http::Request::new(body);
        *request.method_mut() = self.method;
        *request.uri_mut() =
            self.path.parse().unwrap_or_else(|error| panic!("{:?} is no path: {error}", self.path));
        *request.headers_mut() = self.headers;
        let (head, body) = self.front.answer(request, self.peer).await.into_parts();
        (head, body.map_err(|error| error.to_string()).boxed_unsync())
    }
}

/// A body that somebody else makes.
struct Pieces(mpsc::Receiver<Bytes>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}

/// An event stream that is being listened to.
pub struct Listening {
    body: AnswerBody,
    text: String,
}

impl Listening {
    /// The next event, as its lines; `None` once the stream has ended.
    ///
    /// # Panics
    /// If nothing comes for a while.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let event = event.to_owned();
                self.text = rest.to_owned();
                return Some(event);
            }
            let frame = tokio::time::timeout(EVENT_WAIT_MAX, self.body.frame()).await;
            let frame = frame.unwrap_or_else(|_| panic!("nothing came within {EVENT_WAIT_MAX:?}"))?;
            let bytes = frame.ok().and_then(|frame| frame.into_data().ok()).unwrap_or_default();
            self.text += &String::from_utf8_lossy(&bytes);
        }
    }
}

/// An answer, complete.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Method and path it answers, for messages.
    pub request: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Reply {
    /// # Panics
    /// If the status is another; shows the whole answer.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {:#?}\n{}", self.request, self.headers, self.text());
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{}: no JSON ({error}): {}", self.request, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The `code` of a problem; empty if the answer is none.
    pub fn code(&self) -> String {
        let problem: Value = serde_json::from_slice(&self.bytes).unwrap_or_default();
        problem["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The header's value; empty if it is missing.
    pub fn header(&self, name: &str) -> String {
        self.headers
            .get(name)
            .map_or_else(String::new, |value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    }
}

//! Lists as CSV (RFC 4180): everything that matches, streamed, and harmless in a spreadsheet.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::problem::Problem;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Json,
    Csv,
}

/// `format=csv`, or `Accept: text/csv`; the parameter wins because a person typed it.
pub fn is_wanted(format: Option<Format>, headers: &HeaderMap) -> bool {
    match format {
        Some(format) => format == Format::Csv,
        None => headers
            .get(ACCEPT)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("text/csv")),
    }
}

/// Rows per database read while streaming.
pub const BATCH_ROWS: u32 = 100;

/// Streams `head`, then what `next` brings until it brings nothing. Each call of `next` gets the place where
/// the last one ended. A read that fails breaks the stream off, so a cut file is never taken for a whole one.
pub fn stream<H, C, F, Fut>(file_name: &str, head: H, next: F) -> Response
where
    H: AsRef<[&'static str]>,
    C: Send + 'static,
    F: Fn(Option<C>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<(Vec<Vec<String>>, Option<C>), Problem>> + Send,
{
    enum At<C> {
        Head(Vec<u8>),
        Rows(Option<C>),
        End,
    }
    let begin = At::Head(lines::<H, &'static str>(&[head]));
    let chunks = futures_util::stream::unfold((begin, next), move |(at, next)| async move {
        match at {
            At::Head(head) => Some((Ok(head), (At::Rows(None), next))),
            At::End => None,
            At::Rows(from) => match next(from).await {
                Ok((rows, on)) => {
                    let at = on.map_or(At::End, |on| At::Rows(Some(on)));
                    Some((Ok(lines(&rows)), (at, next)))
                }
                Err(problem) => {
                    Some((Err(std::io::Error::other(problem.detail.into_owned())), (At::End, next)))
                }
            },
        }
    });
    // Fused: whoever compresses a body may ask once more after its end.
    let mut response = Body::from_stream(chunks.fuse()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{file_name}\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// Rows as they are sent, for files that are written ahead.
pub fn lines<R: AsRef<[T]>, T: AsRef<str>>(rows: &[R]) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(Vec::new());
    for row in rows {
        // Writing into memory cannot fail.
        let _ = writer.write_record(row.as_ref().iter().map(|cell| harmless(cell.as_ref())));
    }
    writer.into_inner().unwrap_or_default()
}

/// A cell that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection).
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_commas_quoted() {
        let text = String::from_utf8(lines(&[["=1+1", "a,b"], ["@x", "say \"hi\""]])).unwrap();
        assert_eq!(text, "'=1+1,\"a,b\"\r\n'@x,\"say \"\"hi\"\"\"\r\n");
    }
}

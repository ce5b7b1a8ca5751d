//! Single clicks of a workspace, newest first: which of them, and where a list goes on.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use tessera_events::{Kind, Measure, Order, Question, RowCursor, RowsQuestion};
use tessera_types::WorkspaceId;

use super::parameters::{Format, OfRows, Parameters};
use crate::http::page::{LIMIT_DEFAULT, LIMIT_MAX};
use crate::problem::{Checks, Problem, Wrong};
use crate::{App, events, links};

/// What a list is to hold, and how it is sent.
pub(super) struct Wanted {
    pub(super) rows: RowsQuestion,
    pub(super) format: Option<Format>,
}

/// # Errors
/// Every parameter that is wrong.
pub(super) async fn wanted(
    app: &App,
    workspace: WorkspaceId,
    parameters: &Parameters<OfRows>,
) -> Result<Wanted, Problem> {
    let mut checks = Checks::default();
    let timezone = super::timezone(app, workspace).await?;
    let zone = parameters.zone(&mut checks, &timezone);
    let now = app.now();
    let wish = parameters.wish(&mut checks, zone.as_ref(), now);
    let selection = parameters.selection(&mut checks);
    let limit = parameters.number(&mut checks, "limit", (1, LIMIT_DEFAULT as usize, LIMIT_MAX as usize));
    let cursor = parameters.get("cursor").and_then(|text| checks.keep("cursor", cursor_from(text)));
    let known = [(Format::Json, "json"), (Format::Csv, "csv"), (Format::Parquet, "parquet")];
    let format = parameters.format(&mut checks, &known);
    checks.done()?;
    let (Some(zone), Some(wish)) = (zone, wish) else {
        return Err(Problem::internal("a parameter was refused without a word"));
    };
    let labels = match super::is_by_tag(&selection) {
        true => Some(links::labels(app, workspace).await?),
        false => None,
    };
    // A list needs no first interval, so everything begins where time does.
    let period = wish.period(&zone, now, Some(0));
    let rows = RowsQuestion {
        workspace,
        from_ms: period.from_ms,
        until_ms: period.until_ms,
        filters: super::filters(&selection, labels.as_ref()),
        robots: selection.robots,
        after: cursor,
        limit,
    };
    Ok(Wanted { rows, format })
}

/// How many clicks match, on all pages.
pub(super) async fn count(app: &App, rows: &RowsQuestion) -> Result<u64, Problem> {
    let question = Question {
        kind: Kind::Click,
        workspace: Some(rows.workspace),
        from_ms: rows.from_ms,
        until_ms: rows.until_ms,
        filters: rows.filters.clone(),
        robots: rows.robots,
        group_by: Vec::new(),
        measures: vec![Measure::Count],
        order: Order::Group,
        limit: 1,
        wants_total: true,
    };
    Ok(events::ask(app, question).await?.total.unwrap_or_default().count)
}

pub(super) fn cursor_text(cursor: &RowCursor) -> String {
    let RowCursor { at_ms, digest, given } = cursor;
    BASE64_URL_SAFE_NO_PAD.encode(format!("{at_ms} {digest} {given}"))
}

fn cursor_from(text: &str) -> Result<RowCursor, Wrong> {
    let read = || {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let mut parts = std::str::from_utf8(&bytes).ok()?.split(' ');
        let (at_ms, digest, given) = (parts.next()?, parts.next()?, parts.next()?);
        let cursor = RowCursor {
            at_ms: at_ms.parse().ok()?,
            digest: digest.parse().ok()?,
            given: given.parse().ok()?,
        };
        (parts.next().is_none() && cursor.given > 0).then_some(cursor)
    };
    read().ok_or_else(|| Wrong::new("format", "give meta.next_cursor of an earlier answer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_round_trip_and_made_up_ones_are_refused() {
        let cursor = RowCursor { at_ms: -5, digest: u64::MAX, given: 3 };
        assert_eq!(cursor_from(&cursor_text(&cursor)).unwrap(), cursor);
        let encoded = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        for wrong in
            ["", "!!", "AAAA", &encoded("1 2"), &encoded("1 2 0"), &encoded("1 2 3 4"), &encoded("1 -2 3")]
        {
            assert_eq!(cursor_from(wrong).unwrap_err().code, "format", "{wrong}");
        }
    }
}

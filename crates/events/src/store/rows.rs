//! Columns back into rows, for whoever wants to see single events or take them along.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use tessera_types::{ApiKeyId, LinkId, RequestId, SecretId, WorkspaceId};
use uuid::Uuid;

use super::block::{Block, Columns};
use super::column::{Column, Part, Values};
use super::merge::{self, Merge};
use super::schema::Field;
use super::write::Writer;
use super::{Store, StoreError};
use crate::scan::{self, Picker};
use crate::{
    AskError, CallClass, Cancel, ClickRow, Kind, Method, RequestRow, Rows, RowsQuestion, Trigger, Utm,
};

impl Store {
    /// Clicks of a workspace, newest first; those of one millisecond in an order of their own, always the same.
    ///
    /// # Errors
    ///
    /// See [`AskError`].
    pub fn clicks(
        &self,
        question: &RowsQuestion,
        cancel: &Cancel,
    ) -> Result<Rows<ClickRow<String>>, AskError> {
        scan::rows(question, self.blocks(Kind::Click), &self.columns(), click, cancel)
    }

    /// Requests of a workspace, newest first; those of one millisecond in an order of their own, always the same.
    ///
    /// # Errors
    ///
    /// See [`AskError`].
    pub fn requests(
        &self,
        question: &RowsQuestion,
        cancel: &Cancel,
    ) -> Result<Rows<RequestRow<String>>, AskError> {
        scan::rows(question, self.blocks(Kind::Request), &self.columns(), request, cancel)
    }

    /// Writes the rows asked for as one Parquet file, in the order of (link or key, time) and with the columns of our own
    /// segments. `limit` and `after` of the question are not looked at. Returns how many rows there were.
    ///
    /// # Errors
    ///
    /// See [`AskError`]; [`AskError::Store`] with the path `export` if `into` cannot be written to.
    pub fn export_parquet(
        &self,
        kind: Kind,
        question: &RowsQuestion,
        into: &mut (dyn Write + Send),
        cancel: &Cancel,
    ) -> Result<u64, AskError> {
        let picker = Picker::new(kind, &RowsQuestion { after: None, limit: 1, ..question.clone() })?;
        let mut sources: Vec<Vec<Block>> = Vec::new();
        for block in self.blocks(kind).into_iter().filter(|block| block.may_hold(question.workspace.uuid())) {
            match (sources.last_mut(), &block) {
                (Some(last), Block::Stored(segment, _)) if is_of(last, segment.number()) => last.push(block),
                _ => sources.push(vec![block]),
            }
        }
        let failed = |error: parquet::errors::ParquetError| {
            AskError::Store(StoreError::Io { path: PathBuf::from("export"), source: io::Error::other(error) })
        };
        let mut file =
            Writer::new(into, kind, merge::present(kind, sources.iter().flatten())).map_err(failed)?;
        let mut merge = Merge::new(kind, sources, &picker)?;
        let mut rows = 0;
        while let Some(part) = merge.next()? {
            if cancel.is_cancelled() {
                return Err(AskError::Cancelled);
            }
            rows += part.rows as u64;
            file.write(&part).map_err(failed)?;
        }
        file.finish().map_err(failed)?;
        Ok(rows)
    }
}

/// Blocks of one segment are one sorted source.
fn is_of(source: &[Block], segment: u64) -> bool {
    matches!(source.last(), Some(Block::Stored(last, _)) if last.number() == segment)
}

impl merge::Keep for Picker {
    fn kept(&self, part: &Arc<Part>) -> Result<Vec<std::ops::Range<usize>>, StoreError> {
        self.ranges(&Block::Memory(Arc::clone(part)))
    }
}

/// One row of a block, a value at a time.
struct Reader<'r> {
    block: &'r Block,
    columns: &'r Columns<'r>,
    row: usize,
}

impl Reader<'_> {
    fn column(&self, field: Field) -> Result<Arc<Column>, StoreError> {
        self.columns.get(self.block, field)
    }

    fn key(&self) -> Result<(Uuid, Uuid), StoreError> {
        Ok(match &*self.column(Field::Sort)? {
            Column::Sort(runs) => {
                let run = runs.list()[runs.run_of(self.row)];
                (run.workspace, run.owner)
            }
            _ => (Uuid::nil(), Uuid::nil()),
        })
    }

    fn at_ms(&self) -> Result<i64, StoreError> {
        Ok(if let Column::Times(times) = &*self.column(Field::Time)? { times[self.row] } else { 0 })
    }

    fn text(&self, field: Field) -> Result<String, StoreError> {
        Ok(match &*self.column(field)? {
            Column::Coded(codes, values) => values.text(codes.at(self.row)).to_owned(),
            _ => String::new(),
        })
    }

    fn number(&self, field: Field) -> Result<u64, StoreError> {
        Ok(match &*self.column(field)? {
            Column::Hashes(hashes) => hashes[self.row],
            Column::Flags(bits) => u64::from(bits.at(self.row)),
            Column::Numbers(numbers) => u64::from(numbers[self.row]),
            Column::Coded(codes, Values::Numbers(numbers)) => numbers[codes.at(self.row)],
            _ => 0,
        })
    }

    fn id(&self, field: Field) -> Result<Uuid, StoreError> {
        Ok(match &*self.column(field)? {
            Column::UniqueIds(ids) => ids[self.row],
            Column::Coded(codes, Values::Ids(ids)) => ids[codes.at(self.row)],
            _ => Uuid::nil(),
        })
    }
}

fn click(block: &Block, row: usize, columns: &Columns<'_>) -> Result<ClickRow<String>, AskError> {
    let reader = Reader { block, columns, row };
    let (workspace, link) = reader.key()?;
    let trigger = reader.text(Field::Trigger)?;
    Ok(ClickRow {
        at_ms: reader.at_ms()?,
        workspace: WorkspaceId::from_uuid(workspace),
        link: LinkId::from_uuid(link),
        visitor: reader.number(Field::Visitor)?,
        is_robot: reader.number(Field::IsRobot)? != 0,
        trigger: if trigger == Trigger::Qr.as_str() { Trigger::Qr } else { Trigger::Link },
        domain: reader.text(Field::Domain)?,
        country: reader.text(Field::Country)?,
        region: reader.text(Field::Region)?,
        city: reader.text(Field::City)?,
        device: reader.text(Field::Device)?,
        browser: reader.text(Field::Browser)?,
        os: reader.text(Field::Os)?,
        language: reader.text(Field::Language)?,
        referrer: reader.text(Field::Referrer)?,
        channel: reader.text(Field::Channel)?,
        utm: Utm {
            source: reader.text(Field::UtmSource)?,
            medium: reader.text(Field::UtmMedium)?,
            campaign: reader.text(Field::UtmCampaign)?,
            term: reader.text(Field::UtmTerm)?,
            content: reader.text(Field::UtmContent)?,
        },
        address: reader.text(Field::Address)?,
    })
}

fn request(block: &Block, row: usize, columns: &Columns<'_>) -> Result<RequestRow<String>, AskError> {
    let reader = Reader { block, columns, row };
    let (workspace, key) = reader.key()?;
    let method = reader.text(Field::Method)?;
    let class = reader.text(Field::Class)?;
    Ok(RequestRow {
        at_ms: reader.at_ms()?,
        workspace: WorkspaceId::from_uuid(workspace),
        key: ApiKeyId::from_uuid(key),
        secret: SecretId::from_uuid(reader.id(Field::Secret)?),
        id: RequestId::from_uuid(reader.id(Field::Request)?),
        method: Method::ALL.into_iter().find(|known| known.as_str() == method).unwrap_or(Method::Other),
        class: CallClass::ALL.into_iter().find(|known| known.as_str() == class).unwrap_or(CallClass::Read),
        status: u16::try_from(reader.number(Field::Status)?).unwrap_or(0),
        latency_us: u32::try_from(reader.number(Field::Latency)?).unwrap_or(u32::MAX),
        route: reader.text(Field::Route)?,
        address: reader.text(Field::Address)?,
        country: reader.text(Field::Country)?,
        user_agent: reader.text(Field::UserAgent)?,
    })
}

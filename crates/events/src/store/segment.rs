//! A Parquet segment: opened once, its columns read row group by row group.
//!
//! The file stays open while anybody may read it, so that it can be deleted while a question is under way. Reads name
//! their place in the file and share no position.

use std::fs::File;
use std::io;
use std::ops::RangeInclusive;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use parquet::column::reader::{ColumnReader, get_column_reader, get_typed_column_reader};
use parquet::data_type::{BoolType, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::file::statistics::Statistics;
use tessera_types::{ApiKeyId, IdError, LinkId, RequestId, SecretId, WorkspaceId};
use uuid::Uuid;

use super::block::nothing;
use super::column::{Bits, Codes, Column, PART_ROWS_MAX, Run, Runs, Values};
use super::pages::{self, Damage, Width};
use super::schema::{Field, Shape, layout, sort_names};
use super::write::FORMAT_VERSION;
use super::{SegmentMeta, StoreError};
use crate::Kind;

#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) meta: SegmentMeta,
    number: u64,
    path: PathBuf,
    file: Arc<Source>,
    footer: ParquetMetaData,
    groups: Vec<Rows>,
}

/// What is known of a row group without reading it.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) rows: usize,
    pub(crate) first_ms: i64,
    pub(crate) last_ms: i64,
    pub(crate) workspaces: RangeInclusive<Uuid>,
}

/// Distinguishes segments in the cache; ids could be given twice, by a restored backup for one.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);

impl Segment {
    /// Opens the file of a segment and looks whether it is what the manifest says.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] if it cannot be read, [`StoreError::Damaged`] if it is not as expected; both name the file.
    pub(crate) fn open(path: PathBuf, meta: SegmentMeta) -> Result<Self, StoreError> {
        let io = |source| StoreError::Io { path: path.clone(), source };
        let file = File::open(&path).map_err(io)?;
        let bytes = file.metadata().map_err(io)?.len();
        let damaged = |reason: String| StoreError::Damaged { path: path.clone(), reason };
        if bytes != meta.bytes {
            return Err(damaged(format!("{bytes} bytes instead of {}", meta.bytes)));
        }
        let file = Arc::new(Source { file, bytes });
        let footer = ParquetMetaDataReader::new().parse_and_finish(&*file);
        let footer = footer.map_err(|error| damaged(error.to_string()))?;
        check(&footer, &meta).map_err(damaged)?;
        let groups = footer.row_groups().iter().map(|group| Rows::of(group, meta.kind));
        let groups = groups.collect::<Result<Vec<Rows>, Damage>>().map_err(damaged)?;
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        Ok(Self { meta, number, path, file, footer, groups })
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn groups(&self) -> usize {
        self.groups.len()
    }

    pub(crate) fn group(&self, group: usize) -> &Rows {
        &self.groups[group]
    }

    /// Whether a column was left out because all its rows were empty.
    pub(crate) fn is_left_out(&self, field: Field) -> bool {
        self.leaf(field.name()).is_none()
    }

    /// Reads and decodes a column of a row group.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] if the file cannot be read there or holds something else.
    pub(crate) fn read(&self, group: usize, field: Field) -> Result<Column, StoreError> {
        self.decode(group, field).map_err(|reason| StoreError::Damaged {
            path: self.path.clone(),
            reason: format!("row group {group}, {}: {reason}", field.name()),
        })
    }

    fn decode(&self, group: usize, field: Field) -> Result<Column, Damage> {
        let rows = self.groups[group].rows;
        if field == Field::Sort {
            return self.runs(group, rows);
        }
        let Some(leaf) = self.leaf(field.name()) else { return Ok(nothing(field)) };
        Ok(match field.shape() {
            Shape::Time => Column::Times(self.longs(group, leaf, rows)?),
            Shape::Hash => {
                Column::Hashes(self.longs(group, leaf, rows)?.into_iter().map(i64::cast_unsigned).collect())
            }
            Shape::Flag => {
                let mut flags = Vec::with_capacity(rows);
                let mut reader = get_typed_column_reader::<BoolType>(self.reader(group, leaf)?);
                all(reader.read_records(rows, None, None, &mut flags), flags.len(), rows)?;
                Column::Flags(Bits::new(flags.into_iter()))
            }
            Shape::Microseconds => {
                let mut numbers = Vec::with_capacity(rows);
                let mut reader = get_typed_column_reader::<Int32Type>(self.reader(group, leaf)?);
                all(reader.read_records(rows, None, None, &mut numbers), numbers.len(), rows)?;
                Column::Numbers(numbers.into_iter().map(i32::cast_unsigned).collect())
            }
            Shape::UniqueId(_) => {
                let mut texts = Vec::with_capacity(rows);
                let mut reader = get_typed_column_reader::<ByteArrayType>(self.reader(group, leaf)?);
                all(reader.read_records(rows, None, None, &mut texts), texts.len(), rows)?;
                let ids = texts.iter().map(|text| id(text.data(), RequestId::from_str, RequestId::uuid));
                Column::UniqueIds(ids.collect::<Result<_, _>>()?)
            }
            Shape::Number => {
                let mut numbers = Vec::new();
                let codes = self.codes(group, leaf, rows, Width::Bytes(4), |bytes| {
                    let bytes: [u8; 4] =
                        bytes.try_into().map_err(|_| "a number that is cut off".to_owned())?;
                    numbers.push(u64::from(u32::from_le_bytes(bytes)));
                    Ok(())
                })?;
                Column::Coded(Codes::new(codes, numbers.len()), Values::Numbers(numbers))
            }
            Shape::Id(_) => {
                let (codes, ids) = self.ids(group, leaf, rows, SecretId::from_str, SecretId::uuid)?;
                Column::Coded(Codes::new(codes, ids.len()), Values::Ids(ids))
            }
            Shape::Text | Shape::Sort => {
                let mut texts = Vec::new();
                let codes = self.codes(group, leaf, rows, Width::Written, |bytes| {
                    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
                    texts.push(Arc::from(text));
                    Ok(())
                })?;
                Column::Coded(Codes::new(codes, texts.len()), Values::Text(texts))
            }
        })
    }

    fn runs(&self, group: usize, rows: usize) -> Result<Column, Damage> {
        let [(workspace, _), (owner, _)] = sort_names(self.meta.kind);
        let leaf = |name: &str| self.leaf(name).ok_or_else(|| format!("no column {name}"));
        let (codes, workspaces) =
            self.ids(group, leaf(workspace)?, rows, WorkspaceId::from_str, WorkspaceId::uuid)?;
        let (owner_codes, owners) = match self.meta.kind {
            Kind::Click => self.ids(group, leaf(owner)?, rows, LinkId::from_str, LinkId::uuid)?,
            Kind::Request => self.ids(group, leaf(owner)?, rows, ApiKeyId::from_str, ApiKeyId::uuid)?,
        };
        let (mut list, mut last) = (Vec::<Run>::new(), None);
        for (row, codes) in codes.into_iter().zip(owner_codes).enumerate() {
            if last != Some(codes) {
                last = Some(codes);
                let (workspace, owner) = (workspaces[usize::from(codes.0)], owners[usize::from(codes.1)]);
                list.push(Run { workspace, owner, start: row as u32 });
            }
        }
        if !list.is_sorted_by_key(|run| (run.workspace, run.owner)) {
            return Err("rows that are not sorted".to_owned());
        }
        Ok(Column::Sort(Runs::from_list(list, rows as u32)))
    }

    fn leaf(&self, name: &str) -> Option<usize> {
        let columns = self.footer.file_metadata().schema_descr().columns();
        columns.iter().position(|column| column.name() == name)
    }

    fn pages(&self, group: usize, leaf: usize) -> Result<SerializedPageReader<Source>, Damage> {
        let group = self.footer.row_group(group);
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        SerializedPageReader::new(Arc::clone(&self.file), group.column(leaf), rows, None).map_err(text)
    }

    fn reader(&self, group: usize, leaf: usize) -> Result<ColumnReader, Damage> {
        let column = self.footer.file_metadata().schema_descr().column(leaf);
        Ok(get_column_reader(column, Box::new(self.pages(group, leaf)?)))
    }

    fn longs(&self, group: usize, leaf: usize, rows: usize) -> Result<Vec<i64>, Damage> {
        let mut values = Vec::with_capacity(rows);
        let mut reader = get_typed_column_reader::<Int64Type>(self.reader(group, leaf)?);
        all(reader.read_records(rows, None, None, &mut values), values.len(), rows)?;
        Ok(values)
    }

    fn codes(
        &self,
        group: usize,
        leaf: usize,
        rows: usize,
        width: Width,
        value: impl FnMut(&[u8]) -> Result<(), Damage>,
    ) -> Result<Vec<u16>, Damage> {
        pages::read(self.pages(group, leaf)?, rows, value, width)
    }

    fn ids<I>(
        &self,
        group: usize,
        leaf: usize,
        rows: usize,
        parse: fn(&str) -> Result<I, IdError>,
        uuid: fn(I) -> Uuid,
    ) -> Result<(Vec<u16>, Vec<Uuid>), Damage> {
        let mut ids = Vec::new();
        let codes = self.codes(group, leaf, rows, Width::Written, |bytes| {
            ids.push(id(bytes, parse, uuid)?);
            Ok(())
        })?;
        Ok((codes, ids))
    }
}

fn check(footer: &ParquetMetaData, meta: &SegmentMeta) -> Result<(), Damage> {
    let found = footer.file_metadata();
    let rows = u64::try_from(found.num_rows()).unwrap_or(0);
    if rows != meta.rows {
        return Err(format!("{rows} rows instead of {}", meta.rows));
    }
    let entries = found.key_value_metadata().map_or(&[][..], Vec::as_slice);
    let value =
        |key: &str| entries.iter().find(|entry| entry.key == key).and_then(|entry| entry.value.as_deref());
    if value("tessera.format") != Some(FORMAT_VERSION) || value("tessera.kind") != Some(meta.kind.as_str()) {
        return Err(format!("not a segment of {} in format {FORMAT_VERSION}", meta.kind.as_str()));
    }
    let known = |name: &str| {
        layout(meta.kind).iter().any(|field| field.name() == name)
            || sort_names(meta.kind).iter().any(|(known, _)| *known == name)
    };
    let columns = found.schema_descr().columns();
    match columns.iter().find(|column| !known(column.name()) || column.max_def_level() > 0) {
        Some(strange) => Err(format!("unexpected column {}", strange.name())),
        None => Ok(()),
    }
}

impl Rows {
    fn of(group: &RowGroupMetaData, kind: Kind) -> Result<Self, Damage> {
        let statistics = |name: &str| {
            let column = group.columns().iter().find(|column| column.column_descr().name() == name);
            column.and_then(|column| column.statistics()).ok_or_else(|| format!("no statistics of {name}"))
        };
        let rows = usize::try_from(group.num_rows()).unwrap_or(usize::MAX);
        if rows > PART_ROWS_MAX {
            return Err(format!("a row group of {rows} rows"));
        }
        let Statistics::Int64(times) = statistics(Field::Time.name())? else {
            return Err("times of another type".into());
        };
        let [(workspace, _), _] = sort_names(kind);
        let workspaces = statistics(workspace)?;
        let bound =
            |bytes: Option<&[u8]>| id(bytes.unwrap_or_default(), WorkspaceId::from_str, WorkspaceId::uuid);
        let first = bound(workspaces.min_bytes_opt())?;
        let last = bound(workspaces.max_bytes_opt())?;
        match (times.min_opt(), times.max_opt()) {
            (Some(first_ms), Some(last_ms)) => {
                Ok(Self { rows, first_ms: *first_ms, last_ms: *last_ms, workspaces: first..=last })
            }
            _ => Err("no range of times".to_owned()),
        }
    }
}

fn id<I>(bytes: &[u8], parse: fn(&str) -> Result<I, IdError>, uuid: fn(I) -> Uuid) -> Result<Uuid, Damage> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    parse(text).map(uuid).map_err(|error| error.to_string())
}

fn all(read: ParquetResult<(usize, usize, usize)>, found: usize, rows: usize) -> Result<(), Damage> {
    read.map_err(text)?;
    if found == rows { Ok(()) } else { Err(format!("{found} values for {rows} rows")) }
}

fn text(error: ParquetError) -> Damage {
    error.to_string()
}

/// An open file that can be read at several places at once.
#[derive(Debug)]
pub(super) struct Source {
    file: File,
    bytes: u64,
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl ChunkReader for Source {
    type T = io::Cursor<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        // Only headers of pages are read this way, and they are short.
        const HEADER_BYTES_MAX: u64 = 4_096;
        let length = HEADER_BYTES_MAX.min(self.bytes.saturating_sub(start));
        Ok(io::Cursor::new(self.get_bytes(start, length as usize)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(bytes.into())
    }
}

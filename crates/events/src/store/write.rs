//! Parts into Parquet: one row group per part, ordinary columns that other tools read.
//!
//! Ids are written in the form people see (`link_01h…`); repeated, they cost next to nothing. No column is nullable:
//! empty text stands for none, and a text column that is empty throughout is left out.

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;
use tessera_types::{ApiKeyId, Kind as IdKind, LinkId, RequestId, SecretId, WorkspaceId};
use uuid::Uuid;

use super::column::{Codes, Column, PART_ROWS_MAX, Part, Values};
use super::schema::{Field, Shape, layout, sort_names};
use crate::Kind;

/// Of the files' layout, under `tessera.format`; a change that older programs cannot read raises it.
pub(super) const FORMAT_VERSION: &str = "1";
/// Level of zstd.
const ZSTD_LEVEL: i32 = 3;
/// A column of a row group is one page, whatever its values.
const PAGE_BYTES_MAX: usize = 256 << 20;

/// Which columns a file has: all but the texts that no row has.
#[derive(Debug, Clone)]
pub(super) struct Present(Vec<bool>);

impl Present {
    /// Nothing but what is always there.
    pub(super) fn new(kind: Kind) -> Self {
        Self(layout(kind).iter().map(|field| field.shape() != Shape::Text).collect())
    }

    pub(super) fn add(&mut self, place: usize) {
        self.0[place] = true;
    }

    pub(super) fn add_part(&mut self, part: &Part) {
        for (is_present, column) in self.0.iter_mut().zip(&part.columns) {
            *is_present |= match &**column {
                Column::Coded(_, Values::Text(texts)) => texts.iter().any(|text| !text.is_empty()),
                _ => true,
            };
        }
    }
}

/// A file being written.
pub(super) struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    kind: Kind,
    present: Present,
}

impl<W: Write + Send> Writer<W> {
    pub(super) fn new(into: W, kind: Kind, present: Present) -> ParquetResult<Self> {
        let schema = parse_message_type(&schema(kind, &present))?;
        let file = SerializedFileWriter::new(into, Arc::new(schema), Arc::new(properties(kind)?))?;
        Ok(Self { file, kind, present })
    }

    pub(super) fn write(&mut self, part: &Part) -> ParquetResult<()> {
        let mut group = self.file.next_row_group()?;
        for ((field, column), is_present) in layout(self.kind).iter().zip(&part.columns).zip(&self.present.0)
        {
            if !is_present {
                continue;
            }
            let missing = || ParquetError::General("fewer columns than the schema has".to_owned());
            if let Column::Sort(runs) = &**column {
                let ids = |owner: fn(&super::column::Run) -> Uuid| {
                    let list = runs.list().iter().enumerate();
                    list.map(move |(run, keys)| (owner(keys), runs.rows_of(run).len()))
                };
                let [(_, workspace), (_, owner)] = sort_names(self.kind);
                let mut writer = group.next_column()?.ok_or_else(missing)?;
                write_runs(&mut writer, workspace, ids(|run| run.workspace))?;
                writer.close()?;
                let mut writer = group.next_column()?.ok_or_else(missing)?;
                write_runs(&mut writer, owner, ids(|run| run.owner))?;
                writer.close()?;
            } else {
                let mut writer = group.next_column()?.ok_or_else(missing)?;
                write_column(&mut writer, *field, column, part.rows)?;
                writer.close()?;
            }
        }
        group.close()?;
        Ok(())
    }

    /// Writes the footer and gives back what was written to.
    pub(super) fn finish(self) -> ParquetResult<W> {
        self.file.into_inner()
    }
}

fn schema(kind: Kind, present: &Present) -> String {
    let mut text = format!("message {} {{\n", kind.as_str());
    let mut line = |name: &str, before: &str, after: &str| {
        text.push_str(&format!("  required {before} {name}{after};\n"));
    };
    for (field, is_present) in layout(kind).iter().zip(&present.0) {
        let name = field.name();
        match field.shape() {
            Shape::Sort => sort_names(kind).iter().for_each(|(name, _)| line(name, "binary", " (STRING)")),
            Shape::Time => line(name, "int64", " (TIMESTAMP(MILLIS,true))"),
            Shape::Flag => line(name, "boolean", ""),
            Shape::Hash => line(name, "int64", " (INTEGER(64,false))"),
            Shape::Number | Shape::Microseconds => line(name, "int32", " (INTEGER(32,false))"),
            Shape::Id(_) | Shape::UniqueId(_) => line(name, "binary", " (STRING)"),
            Shape::Text if *is_present => line(name, "binary", " (STRING)"),
            Shape::Text => {}
        }
    }
    text.push('}');
    text
}

fn properties(kind: Kind) -> ParquetResult<WriterProperties> {
    let entry = |key: &str, value: &str| KeyValue::new(key.to_owned(), value.to_owned());
    let sorting =
        (0..3).map(|column_idx| SortingColumn { column_idx, descending: false, nulls_first: false });
    let mut builder = WriterProperties::builder()
        .set_created_by(concat!("tessera ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(vec![
            entry("tessera.format", FORMAT_VERSION),
            entry("tessera.kind", kind.as_str()),
        ]))
        .set_sorting_columns(Some(sorting.collect()))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_max_row_group_row_count(Some(PART_ROWS_MAX))
        .set_data_page_row_count_limit(PART_ROWS_MAX)
        .set_data_page_size_limit(PAGE_BYTES_MAX)
        .set_dictionary_page_size_limit(PAGE_BYTES_MAX)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true);
    let column = |name: &str| ColumnPath::new(vec![name.to_owned()]);
    let [(workspace, _), (owner, _)] = sort_names(kind);
    for name in [workspace, owner, Field::Time.name()] {
        builder = builder.set_column_statistics_enabled(column(name), EnabledStatistics::Chunk);
    }
    for field in layout(kind) {
        let encoding = match field.shape() {
            Shape::Time | Shape::Microseconds => Encoding::DELTA_BINARY_PACKED,
            Shape::Hash => Encoding::PLAIN,
            Shape::UniqueId(_) => Encoding::DELTA_LENGTH_BYTE_ARRAY,
            Shape::Sort | Shape::Flag | Shape::Text | Shape::Id(_) | Shape::Number => continue,
        };
        let path = column(field.name());
        builder =
            builder.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding);
    }
    Ok(builder.build())
}

fn write_column(
    writer: &mut SerializedColumnWriter<'_>,
    field: Field,
    column: &Column,
    rows: usize,
) -> ParquetResult<()> {
    let written = match column {
        Column::Times(times) => writer.typed::<Int64Type>().write_batch(times, None, None)?,
        Column::Hashes(hashes) => {
            let hashes: Vec<i64> = hashes.iter().map(|hash| hash.cast_signed()).collect();
            writer.typed::<Int64Type>().write_batch(&hashes, None, None)?
        }
        Column::Flags(bits) => {
            let flags: Vec<bool> = (0..rows).map(|row| bits.at(row)).collect();
            writer.typed::<BoolType>().write_batch(&flags, None, None)?
        }
        Column::Numbers(numbers) => {
            let numbers: Vec<i32> = numbers.iter().map(|number| number.cast_signed()).collect();
            writer.typed::<Int32Type>().write_batch(&numbers, None, None)?
        }
        Column::UniqueIds(ids) => {
            let texts: Vec<ByteArray> = ids.iter().map(|id| shown(IdKind::Request, *id)).collect();
            writer.typed::<ByteArrayType>().write_batch(&texts, None, None)?
        }
        Column::Coded(codes, Values::Numbers(numbers)) => {
            let numbers: Vec<i32> =
                numbers.iter().map(|number| i32::try_from(*number).unwrap_or(i32::MAX)).collect();
            writer.typed::<Int32Type>().write_batch(&decoded(codes, &numbers, rows), None, None)?
        }
        Column::Coded(codes, Values::Text(texts)) => {
            let texts: Vec<ByteArray> = texts.iter().map(|text| bytes(text)).collect();
            writer.typed::<ByteArrayType>().write_batch(&decoded(codes, &texts, rows), None, None)?
        }
        Column::Coded(codes, Values::Ids(ids)) => {
            let kind = if let Shape::Id(kind) = field.shape() { kind } else { IdKind::Secret };
            let texts: Vec<ByteArray> = ids.iter().map(|id| shown(kind, *id)).collect();
            writer.typed::<ByteArrayType>().write_batch(&decoded(codes, &texts, rows), None, None)?
        }
        Column::Sort(_) => 0,
    };
    debug_assert_eq!(written, rows);
    Ok(())
}

fn write_runs(
    writer: &mut SerializedColumnWriter<'_>,
    kind: IdKind,
    runs: impl Iterator<Item = (Uuid, usize)>,
) -> ParquetResult<()> {
    let mut texts = Vec::new();
    let mut last: Option<(Uuid, ByteArray)> = None;
    for (id, rows) in runs {
        let text = match last.take() {
            Some((known, text)) if known == id => text,
            _ => shown(kind, id),
        };
        texts.extend(std::iter::repeat_n(text.clone(), rows));
        last = Some((id, text));
    }
    writer.typed::<ByteArrayType>().write_batch(&texts, None, None)?;
    Ok(())
}

fn decoded<V: Clone>(codes: &Codes, values: &[V], rows: usize) -> Vec<V> {
    (0..rows).map(|row| values[codes.at(row)].clone()).collect()
}

fn bytes(text: &str) -> ByteArray {
    ByteArray::from(Bytes::copy_from_slice(text.as_bytes()))
}

fn shown(kind: IdKind, id: Uuid) -> ByteArray {
    let text = match kind {
        IdKind::Workspace => WorkspaceId::from_uuid(id).to_string(),
        IdKind::Link => LinkId::from_uuid(id).to_string(),
        IdKind::ApiKey => ApiKeyId::from_uuid(id).to_string(),
        IdKind::Request => RequestId::from_uuid(id).to_string(),
        _ => SecretId::from_uuid(id).to_string(),
    };
    ByteArray::from(text.into_bytes())
}

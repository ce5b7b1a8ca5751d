//! Where an address is, by an MMDB file that the operator chose.
//!
//! The file is read into memory whole, at first need, and again when its size or time of change is another; one that
//! cannot be read leaves the last good one in force, or the place unknown, and is complained about once. Shapes of
//! records: MaxMind's and DB-IP's (`country.iso_code`, `subdivisions[0].iso_code`, `city.names.en`), and the flat ones of
//! ip-location-db (`country_code`, `city`). Only the fields that are wanted are decoded, by their path, so that a record
//! of any depth costs neither stack nor time; the reader bounds what it skips at 128 levels.

use std::fs::{self, File};
use std::io::{self, Read};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use maxminddb::{LookupResult, MaxMindDbError, PathElement, Reader};

use super::IDLE_REFRESHES_MAX;
use super::recent::Recent;
use super::text::{CITY_BYTES_MAX, NAME_BYTES_MAX, fit};

/// A larger file is not read: the largest city files have some 150 MiB.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Records kept decoded. A country file has 250, a city file some 100,000.
const RECORDS_MAX: usize = 1 << 14;

/// What is known of where an address is. Empty: not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) country: Box<str>,
    pub(super) region: Box<str>,
    pub(super) city: Box<str>,
}

pub(super) struct Places {
    path: Option<PathBuf>,
    /// Whether somebody needed the file, so that it was read or could not be.
    was_needed: bool,
    /// Of the file as it was when it was last looked at.
    stamp: Option<Stamp>,
    /// The last good one, which may be older than the file at `stamp`.
    reader: Option<Reader<Vec<u8>>>,
    /// The reader has what the file at `stamp` had.
    is_current: bool,
    idle_refreshes: u32,
    records: Recent<Place>,
    unknown: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    changed: Option<SystemTime>,
}

#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Format(#[from] MaxMindDbError),
    #[error("it has more than {FILE_BYTES_MAX} bytes")]
    Large,
}

impl Places {
    /// Without a path, every place is unknown and nobody is told. A file that is not there is complained about now.
    pub(super) fn new(path: Option<PathBuf>) -> Self {
        let missing = path.as_ref().and_then(|path| Some((path, stamp_of(path).err()?)));
        if let Some((path, error)) = &missing {
            tracing::warn!(file = %path.display(), %error, "the place file cannot be read; places are unknown");
        }
        Self {
            was_needed: missing.is_some(),
            path,
            stamp: None,
            reader: None,
            is_current: false,
            idle_refreshes: 0,
            records: Recent::new(RECORDS_MAX),
            unknown: Place::default(),
        }
    }

    /// Where the place of the address stands; good until the next call.
    pub(super) fn find(&mut self, address: Option<IpAddr>) -> Option<usize> {
        if !self.was_needed {
            self.load();
        }
        self.idle_refreshes = 0;
        let record = self.reader.as_ref()?.lookup(address?.to_canonical()).ok()?;
        // Many addresses share a record, and this is its place in the file.
        let key = record.offset()? as u64;
        if let Some(at) = self.records.find(key) {
            return Some(at);
        }
        let place = place_of(&record);
        Some(self.records.keep(key, place))
    }

    pub(super) fn at(&self, place: Option<usize>) -> &Place {
        place.map_or(&self.unknown, |at| self.records.at(at))
    }

    /// Reads the file again if it is another one, and lets go of it if nobody asked for [`IDLE_REFRESHES_MAX`] refreshes.
    /// A file that nobody needs stays unread.
    pub(super) fn refresh(&mut self) {
        if !self.was_needed {
            return;
        }
        self.idle_refreshes += 1;
        let stamp = self.path.as_ref().and_then(|path| stamp_of(path).ok());
        if stamp != self.stamp {
            self.load();
        } else if self.is_current && self.idle_refreshes > IDLE_REFRESHES_MAX {
            self.reader = None;
            self.records.clear();
            self.was_needed = false;
        }
    }

    fn load(&mut self) {
        self.was_needed = true;
        let Some(path) = &self.path else { return };
        // Looked at before it is read: a change in between is seen the next time.
        self.stamp = stamp_of(path).ok();
        let read = read(path);
        self.is_current = read.is_ok();
        match read {
            Ok(reader) => {
                let kind = &reader.metadata().database_type;
                tracing::info!(file = %path.display(), %kind, "the place file was read");
                self.reader = Some(reader);
                self.records.clear();
            }
            Err(error) => {
                let instead =
                    if self.reader.is_some() { "the one before stays" } else { "places are unknown" };
                tracing::warn!(file = %path.display(), %error, "the place file cannot be read; {instead}");
            }
        }
    }
}

fn stamp_of(path: &Path) -> io::Result<Stamp> {
    let metadata = fs::metadata(path)?;
    Ok(Stamp { bytes: metadata.len(), changed: metadata.modified().ok() })
}

fn read(path: &Path) -> Result<Reader<Vec<u8>>, Unreadable> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    if length > FILE_BYTES_MAX {
        return Err(Unreadable::Large);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(Reader::from_source(bytes)?)
}

type Record<'a> = LookupResult<'a, Vec<u8>>;

fn place_of(record: &Record<'_>) -> Place {
    use PathElement::{Index, Key};
    let text = |path: &[PathElement<'_>]| text_at(record, path);
    let country = [&[Key("country"), Key("iso_code")][..], &[Key("country_code")], &[Key("country")]];
    let Some(country) = country.iter().find_map(|path| text(path).and_then(country_code)) else {
        return Place::default();
    };
    let region = text(&[Key("subdivisions"), Index(0), Key("iso_code")]).filter(|code| is_region_code(code));
    let city = text(&[Key("city"), Key("names"), Key("en")]).or_else(|| text(&[Key("city")]));
    let city = city.map(|city| fit(&city, CITY_BYTES_MAX - ", XX".len())).filter(|city| !city.is_empty());
    Place {
        region: region.map(|code| fit(&format!("{country}-{code}"), NAME_BYTES_MAX)).unwrap_or_default(),
        city: city.map(|city| format!("{city}, {country}").into()).unwrap_or_default(),
        country: country.into(),
    }
}

/// A record that lacks the field, or has something else there, or is damaged, does not say.
fn text_at(record: &Record<'_>, path: &[PathElement<'_>]) -> Option<String> {
    record.decode_path::<String>(path).ok().flatten()
}

/// Two letters (ISO 3166-1). `ZZ` and `XX` are for "unknown" by custom.
fn country_code(text: String) -> Option<String> {
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let code = is_code.then(|| text.to_ascii_uppercase())?;
    (code != "ZZ" && code != "XX").then_some(code)
}

/// What follows the country in ISO 3166-2: up to three letters and digits.
fn is_region_code(code: &str) -> bool {
    matches!(code.len(), 1..=3) && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests;

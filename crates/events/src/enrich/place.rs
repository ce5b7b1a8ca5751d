//! Where an address is, as an event tells it: country, region and city of the place file's record.
//!
//! Shapes of records: MaxMind's and DB-IP's (`country.iso_code`, `subdivisions[0].iso_code`, `city.names.en`), and the
//! flat ones of ip-location-db (`country_code`, `city`). Only the fields that are wanted are decoded, by their path, so that
//! a record of any depth costs neither stack nor time; the reader bounds what it skips at 128 levels.

use std::net::IpAddr;
use std::sync::Arc;

use maxminddb::{LookupResult, PathElement, Reader};

use super::place_file::PlaceFile;
use super::recent::Recent;
use super::text::{CITY_BYTES_MAX, NAME_BYTES_MAX, fit};

/// Records kept decoded. A country file has 250, a city file some 100,000.
const RECORDS_MAX: usize = 1 << 14;

/// What is known of where an address is. Empty: not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) country: Box<str>,
    pub(super) region: Box<str>,
    pub(super) city: Box<str>,
}

/// Places of the file, the latest of them decoded.
pub(super) struct Places {
    file: Arc<PlaceFile>,
    /// Which of the file's contents `reader` and `records` are of.
    edition: u64,
    reader: Option<Arc<Reader<Vec<u8>>>>,
    records: Recent<Place>,
    unknown: Place,
}

impl Places {
    pub(super) fn new(file: Arc<PlaceFile>) -> Self {
        let records = Recent::new(RECORDS_MAX);
        Self { file, edition: 0, reader: None, records, unknown: Place::default() }
    }

    /// Where the place of the address stands; good until the next call.
    pub(super) fn find(&mut self, address: Option<IpAddr>) -> Option<usize> {
        let edition = self.file.needed();
        if edition != self.edition {
            self.records.clear();
            (self.edition, self.reader) = (edition, self.file.reader());
        }
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

    /// Looks whether the file is another one, and lets go of what stands for one that is not in force any more.
    pub(super) fn refresh(&mut self) {
        self.file.refresh();
        if self.file.edition() != self.edition {
            self.reader = None;
            self.records.clear();
        }
    }
}

pub(super) type Record<'a> = LookupResult<'a, Vec<u8>>;

fn place_of(record: &Record<'_>) -> Place {
    use PathElement::{Index, Key};
    let text = |path: &[PathElement<'_>]| text_at(record, path);
    let Some(country) = country_of(record) else { return Place::default() };
    let region = text(&[Key("subdivisions"), Index(0), Key("iso_code")]).filter(|code| is_region_code(code));
    let city = text(&[Key("city"), Key("names"), Key("en")]).or_else(|| text(&[Key("city")]));
    let city = city.map(|city| fit(&city, CITY_BYTES_MAX - ", XX".len())).filter(|city| !city.is_empty());
    Place {
        region: region.map(|code| fit(&format!("{country}-{code}"), NAME_BYTES_MAX)).unwrap_or_default(),
        city: city.map(|city| format!("{city}, {country}").into()).unwrap_or_default(),
        country: country.into(),
    }
}

pub(super) fn country_of(record: &Record<'_>) -> Option<String> {
    use PathElement::Key;
    let paths = [&[Key("country"), Key("iso_code")][..], &[Key("country_code")], &[Key("country")]];
    paths.iter().find_map(|path| text_at(record, path).and_then(country_code))
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

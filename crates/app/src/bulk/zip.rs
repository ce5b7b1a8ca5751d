//! ZIP archives that are sent while they are written (PKWARE APPNOTE 6.3.10).
//!
//! Every entry is whole in memory before it is written, so sizes and checksums stand in front of it and nothing has to be
//! sought back to. The same entries make the same bytes: no time is kept.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// 1980-01-01, the first day a ZIP can name.
const NO_TIME: u32 = 0x0021_0000;
const VERSION: u16 = 20;
const VERSION_64: u16 = 45;
/// Bit 11 of the flags.
const NAMES_ARE_UTF8: u16 = 1 << 11;
/// Made on Unix, where the upper half of the attributes is the mode.
const MADE_BY: u16 = 3 << 8 | VERSION_64;
const MODE: u32 = 0o100_644 << 16;
const MAX_16: u64 = 0xffff;
const MAX_32: u64 = 0xffff_ffff;

/// Whether an entry shrinks: images of pixels have been packed already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflated,
}

pub(super) struct Zip<W> {
    out: W,
    written: u64,
    directory: Vec<u8>,
    entries: u64,
}

impl<W: Write> Zip<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, written: 0, directory: Vec::new(), entries: 0 }
    }

    /// One file. `name` has no path.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8], method: Method) -> io::Result<()> {
        let packed;
        let (code, data) = match method {
            Method::Stored => (0_u16, bytes),
            Method::Deflated => {
                let mut encoder =
                    DeflateEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
                encoder.write_all(bytes)?;
                packed = encoder.finish()?;
                (8, packed.as_slice())
            }
        };
        let size = |length: usize| u32::try_from(length).map_err(io::Error::other);
        // What both headers say: version needed, flags, method, time, checksum, sizes, length of the name.
        let mut facts = Vec::new();
        facts.extend([VERSION, NAMES_ARE_UTF8, code].iter().flat_map(|value| value.to_le_bytes()));
        facts.extend(
            [NO_TIME, crc32fast::hash(bytes), size(data.len())?, size(bytes.len())?]
                .iter()
                .flat_map(|value| value.to_le_bytes()),
        );
        facts.extend(u16::try_from(name.len()).map_err(io::Error::other)?.to_le_bytes());

        let offset = self.written;
        self.write(b"PK\x03\x04")?;
        self.write(&facts)?;
        self.write(&0_u16.to_le_bytes())?;
        self.write(name.as_bytes())?;
        self.write(data)?;

        let is_far = offset >= MAX_32;
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(MADE_BY.to_le_bytes());
        self.directory.extend(&facts);
        let extra_bytes: u16 = if is_far { 12 } else { 0 };
        // Extra field, comment, disk, internal attributes.
        self.directory.extend([extra_bytes, 0, 0, 0].iter().flat_map(|value| value.to_le_bytes()));
        self.directory.extend(MODE.to_le_bytes());
        self.directory.extend((offset.min(MAX_32) as u32).to_le_bytes());
        self.directory.extend(name.as_bytes());
        if is_far {
            self.directory.extend([1_u16, 8].iter().flat_map(|value| value.to_le_bytes()));
            self.directory.extend(offset.to_le_bytes());
        }
        self.entries += 1;
        Ok(())
    }

    /// The directory, without which it is no archive.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let (begin, directory) = (self.written, std::mem::take(&mut self.directory));
        self.write(&directory)?;
        let bytes = directory.len() as u64;
        if self.entries >= MAX_16 || begin >= MAX_32 || bytes >= MAX_32 {
            let end = self.written;
            self.write(b"PK\x06\x06")?;
            self.write(&44_u64.to_le_bytes())?;
            self.write(&[MADE_BY, VERSION_64].map(u16::to_le_bytes).concat())?;
            self.write(&[0_u32; 2].map(u32::to_le_bytes).concat())?;
            self.write(&[self.entries, self.entries, bytes, begin].map(u64::to_le_bytes).concat())?;
            self.write(b"PK\x06\x07\0\0\0\0")?;
            self.write(&end.to_le_bytes())?;
            self.write(&1_u32.to_le_bytes())?;
        }
        let entries = (self.entries.min(MAX_16) as u16).to_le_bytes();
        self.write(b"PK\x05\x06\0\0\0\0")?;
        self.write(&[entries, entries].concat())?;
        self.write(&[bytes.min(MAX_32) as u32, begin.min(MAX_32) as u32].map(u32::to_le_bytes).concat())?;
        self.write(&0_u16.to_le_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    #[test]
    fn another_reader_finds_every_file_as_it_was_also_beyond_sixteen_bits() {
        for count in [0_u32, 3, 70_000] {
            let mut zip = Zip::new(Vec::new());
            for number in 0..count {
                let method = if number % 2 == 0 { Method::Stored } else { Method::Deflated };
                zip.add(&format!("{number:06}.svg"), number.to_string().repeat(9).as_bytes(), method)
                    .unwrap();
            }
            let mut archive = zip::ZipArchive::new(Cursor::new(zip.finish().unwrap())).unwrap();
            assert_eq!(archive.len(), count as usize);
            for number in (0..count).step_by(997) {
                let mut text = String::new();
                archive.by_name(&format!("{number:06}.svg")).unwrap().read_to_string(&mut text).unwrap();
                assert_eq!(text, number.to_string().repeat(9));
            }
        }
    }

    #[test]
    fn the_same_files_make_the_same_bytes() {
        let made = || {
            let mut zip = Zip::new(Vec::new());
            zip.add("tür.svg", b"<svg/>", Method::Deflated).unwrap();
            zip.finish().unwrap()
        };
        assert_eq!(made(), made());
        assert_eq!(zip::ZipArchive::new(Cursor::new(made())).unwrap().file_names().next(), Some("tür.svg"));
    }
}

//! Frames, the unit of the log, and the file they stand in.
//!
//! A file begins with a header of [`HEADER_BYTES`]: magic, version, the file's position, CRC32C of these. Then frames
//! follow without a gap: length of the payload (u32), CRC32C of length and payload (u32), payload; all little endian.

/// First bytes of a log file; the last one is the version of the format.
const MAGIC: &[u8; 8] = b"TSRLOG\0\x01";
pub(super) const HEADER_BYTES: usize = 20;
pub(super) const FRAME_HEAD_BYTES: usize = 8;

pub(super) fn header(base: u64) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..8].copy_from_slice(MAGIC);
    header[8..16].copy_from_slice(&base.to_le_bytes());
    let crc = crc32c::crc32c(&header[..16]);
    header[16..].copy_from_slice(&crc.to_le_bytes());
    header
}

/// The position a header names.
pub(super) fn read_header(bytes: &[u8]) -> Option<u64> {
    let base = u64::from_le_bytes(bytes.get(8..16)?.try_into().ok()?);
    (bytes.get(..HEADER_BYTES)? == header(base)).then_some(base)
}

/// Begins a frame in `out`; the payload is appended by the caller, then [`seal`] is called.
pub(super) fn begin(out: &mut Vec<u8>) {
    out.extend_from_slice(&[0; FRAME_HEAD_BYTES]);
}

/// Completes the one frame that `out` holds.
pub(super) fn seal(out: &mut [u8]) {
    let length = (out.len() - FRAME_HEAD_BYTES) as u32;
    out[..4].copy_from_slice(&length.to_le_bytes());
    let crc = crc32c::crc32c_append(crc32c::crc32c(&out[..4]), &out[FRAME_HEAD_BYTES..]);
    out[4..8].copy_from_slice(&crc.to_le_bytes());
}

/// The payload of the frame that `bytes` begin with.
///
/// `None` if they do not begin with a whole, sound frame of at most `payload_bytes_max`.
pub(super) fn payload(bytes: &[u8], payload_bytes_max: usize) -> Option<&[u8]> {
    let (head, rest) = bytes.split_at_checked(FRAME_HEAD_BYTES)?;
    let length = u32::from_le_bytes(head[..4].try_into().ok()?) as usize;
    if length == 0 || length > payload_bytes_max {
        return None;
    }
    let payload = rest.get(..length)?;
    let crc = crc32c::crc32c_append(crc32c::crc32c(&head[..4]), payload);
    (head[4..] == crc.to_le_bytes()).then_some(payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_and_no_flipped_bit_goes_unseen() {
        let mut frame = Vec::new();
        begin(&mut frame);
        frame.extend_from_slice(b"a click on a tile");
        seal(&mut frame);
        assert_eq!(payload(&frame, 100), Some(&b"a click on a tile"[..]));
        assert_eq!(payload(&frame, 16), None, "longer than anything we write");
        for bit in 0..frame.len() * 8 {
            let mut flipped = frame.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(payload(&flipped, 100), None, "bit {bit}");
        }
        for cut in 0..frame.len() {
            assert_eq!(payload(&frame[..cut], 100), None);
        }
    }

    #[test]
    fn zeros_are_no_frame() {
        assert_eq!(payload(&[0; 64], 100), None);
    }

    #[test]
    fn a_header_names_its_position_or_is_none() {
        let mut bytes = header(4_711);
        assert_eq!(read_header(&bytes), Some(4_711));
        bytes[9] ^= 1;
        assert_eq!(read_header(&bytes), None);
        assert_eq!(read_header(&header(7)[..19]), None);
    }
}

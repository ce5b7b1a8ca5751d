//! What a page hands to the visitor it let in, so that its file can be fetched as well.
//!
//! Where a link asks for a password, or lets only so many in, whoever saw the page may have its file for an hour without
//! being asked or counted again. A pass is good for one link; it is the time it ends and a MAC, nothing is stored.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tessera_types::Timestamp;

use super::record::Record;
use crate::App;

const LASTS_SECONDS: i64 = 3_600;
const LABEL: &str = "landing";
/// Hexadecimal digits of the MAC: 128 bits.
const MAC_DIGITS: usize = 32;

/// A pass for the file of this link.
pub(super) fn issue(app: &App, record: &Record, now: Timestamp) -> String {
    let until = now.as_second() + LASTS_SECONDS;
    format!("{until:x}.{}", mac(app, record, until).map(hex).unwrap_or_default())
}

/// Whether this is a pass for the file of this link, and still good.
pub(super) fn is_good(app: &App, record: &Record, pass: &str, now: Timestamp) -> bool {
    let Some((until, digits)) = pass.split_once('.') else { return false };
    let Ok(until) = i64::from_str_radix(until, 16) else { return false };
    let is_in_time = until > now.as_second() && until <= now.as_second() + LASTS_SECONDS;
    let expected = mac(app, record, until).map(hex);
    is_in_time
        && digits.len() == MAC_DIGITS
        && expected.is_some_and(|expected| {
            subtle::ConstantTimeEq::ct_eq(expected.as_bytes(), digits.as_bytes()).into()
        })
}

fn mac(app: &App, record: &Record, until: i64) -> Option<[u8; 32]> {
    let key = app.keyring.derive(app.keyring.current(), LABEL)?;
    let mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    let password = record.rare.as_ref().and_then(|rare| rare.password_hash.as_deref());
    // A new password ends every pass that the one before let in.
    let mac = mac
        .chain_update(record.link.uuid().as_bytes())
        .chain_update(until.to_be_bytes())
        .chain_update(password.unwrap_or_default());
    Some(mac.finalize().into_bytes().into())
}

fn hex(mac: [u8; 32]) -> String {
    mac[..MAC_DIGITS / 2].iter().map(|byte| format!("{byte:02x}")).collect()
}

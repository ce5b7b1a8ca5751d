//! What a page hands to the visitor it let in, so that its file can be fetched as well.
//!
//! Where a link asks for a password, or lets only so many in, whoever saw the page may have its file for an hour without
//! being asked or counted again. A pass is good for one link; it is the time it ends and a MAC, nothing is stored.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tessera_types::{LinkId, Timestamp};

use crate::App;

const LASTS_SECONDS: i64 = 3_600;
const LABEL: &str = "landing";
/// Hexadecimal digits of the MAC: 128 bits.
const MAC_DIGITS: usize = 32;

/// A pass for the file of this link.
pub(super) fn issue(app: &App, link: LinkId, now: Timestamp) -> String {
    let until = now.as_second() + LASTS_SECONDS;
    format!("{until:x}.{}", mac(app, link, until).map(hex).unwrap_or_default())
}

/// Whether this is a pass for the file of this link, and still good.
pub(super) fn is_good(app: &App, link: LinkId, pass: &str, now: Timestamp) -> bool {
    let Some((until, digits)) = pass.split_once('.') else { return false };
    let Ok(until) = i64::from_str_radix(until, 16) else { return false };
    let is_in_time = until > now.as_second() && until <= now.as_second() + LASTS_SECONDS;
    let expected = mac(app, link, until).map(hex);
    is_in_time
        && digits.len() == MAC_DIGITS
        && expected.is_some_and(|expected| {
            subtle::ConstantTimeEq::ct_eq(expected.as_bytes(), digits.as_bytes()).into()
        })
}

fn mac(app: &App, link: LinkId, until: i64) -> Option<[u8; 32]> {
    let key = app.keyring.derive(app.keyring.current(), LABEL)?;
    let mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    let mac = mac.chain_update(link.uuid().as_bytes()).chain_update(until.to_be_bytes());
    Some(mac.finalize().into_bytes().into())
}

fn hex(mac: [u8; 32]) -> String {
    mac[..MAC_DIGITS / 2].iter().map(|byte| format!("{byte:02x}")).collect()
}

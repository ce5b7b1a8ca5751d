//! A wireless network to join: `WIFI:T:WPA;S:…;P:…;;`.

use serde::{Deserialize, Serialize};

use super::field::{Found, given};

/// IEEE 802.11.
const SSID_BYTES_MAX: usize = 32;
const SAE_PASSWORD_BYTES_MAX: usize = 128;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadWifi)]
pub struct Wifi {
    /// 1–32 bytes.
    #[schema(required)]
    pub ssid: String,
    /// Required unless `security` is `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    pub security: Security,
    /// Whether the network does not say its name.
    pub hidden: bool,
}

/// How the network is locked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrPayloadWifiSecurity)]
pub enum Security {
    /// WPA or WPA2 with a pass phrase.
    #[default]
    Wpa2,
    /// WPA3 and WPA2 side by side, as most new routers do.
    Wpa2Wpa3,
    /// WPA3 alone. iPhones and Android 10 or newer.
    Wpa3,
    /// Broken; for old devices.
    Wep,
    /// Open to everybody.
    None,
}

impl Wifi {
    pub(super) fn check(&self, found: &mut Found) {
        if self.ssid.is_empty() {
            found.wrong("ssid", "required", "this is required");
        }
        found.line("ssid", Some(&self.ssid), SSID_BYTES_MAX);
        if self.ssid.len() > SSID_BYTES_MAX && self.ssid.chars().count() <= SSID_BYTES_MAX {
            let message = format!("at most {SSID_BYTES_MAX} bytes; this has {}", self.ssid.len());
            found.wrong("ssid", "length", message);
        }
        let password = self.password.as_deref().unwrap_or_default();
        if let Err((code, message)) = self.security.judge(password) {
            found.wrong("password", code, message);
        }
    }

    /// The fields in the order most programs write them. Special characters are escaped by a backslash; an SSID that
    /// could be read as hexadecimal digits is put in quotes, as the makers of the format ask.
    pub(super) fn written(&self) -> String {
        let mut text = format!("WIFI:T:{};S:", self.security.as_str());
        if self.ssid.bytes().all(|b| b.is_ascii_hexdigit()) {
            text.push('"');
            text.push_str(&self.ssid);
            text.push('"');
        } else {
            escape(&mut text, &self.ssid);
        }
        text.push(';');
        if self.security != Security::None {
            text.push_str("P:");
            escape(&mut text, given(&self.password).unwrap_or_default());
            text.push(';');
        }
        if self.hidden {
            text.push_str("H:true;");
        }
        text.push(';');
        text
    }
}

impl Security {
    /// The word after `T:`. Phones take `WPA` for WPA2, and join by WPA3 where both are offered; `SAE` is WPA3 alone.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Wpa2 | Self::Wpa2Wpa3 => "WPA",
            Self::Wpa3 => "SAE",
            Self::Wep => "WEP",
            Self::None => "nopass",
        }
    }

    fn judge(self, password: &str) -> Result<(), (&'static str, String)> {
        let bytes = password.len();
        let is_hex = password.bytes().all(|b| b.is_ascii_hexdigit());
        let is_printable = password.bytes().all(|b| (b' '..=b'~').contains(&b));
        if password.is_empty() {
            return match self {
                Self::None => Ok(()),
                _ => Err(("required", "this is required unless security is none".into())),
            };
        }
        match self {
            Self::None => Err(("unsupported", "an open network has no password; leave it out".into())),
            Self::Wpa2 | Self::Wpa2Wpa3 => match bytes {
                64 if is_hex => Ok(()),
                8..=63 if is_printable => Ok(()),
                8..=63 => Err(("format", "only the printable characters of ASCII".into())),
                _ => {
                    Err(("length", format!("8 to 63 characters, or 64 hexadecimal digits; this has {bytes}")))
                }
            },
            Self::Wpa3 if bytes > SAE_PASSWORD_BYTES_MAX => {
                Err(("length", format!("at most {SAE_PASSWORD_BYTES_MAX} bytes; this has {bytes}")))
            }
            Self::Wpa3 if password.chars().any(char::is_control) => {
                Err(("format", "must not contain a control character".into()))
            }
            Self::Wpa3 => Ok(()),
            Self::Wep => match bytes {
                5 | 13 if is_printable => Ok(()),
                10 | 26 if is_hex => Ok(()),
                _ => Err(("length", "5 or 13 characters, or 10 or 26 hexadecimal digits".into())),
            },
        }
    }
}

/// What has a meaning in `WIFI:` and `MECARD:` gets a backslash.
pub(super) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, '\\' | ';' | ',' | '"' | ':') {
            out.push('\\');
        }
        out.push(c);
    }
}

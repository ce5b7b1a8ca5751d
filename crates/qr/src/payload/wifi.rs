//! A wireless network to join: `WIFI:T:WPA;S:…;P:…;;`.
//!
//! The format is ZXing's (its wiki, "Barcode Contents"). A network with accounts is `T:WPA2-EAP` and has fields of its own.

use serde::{Deserialize, Serialize};

use super::field::{Found, given};

/// IEEE 802.11.
const SSID_BYTES_MAX: usize = 32;
const SAE_PASSWORD_BYTES_MAX: usize = 128;
/// Network access identifiers (RFC 7542) and MS-CHAPv2 (RFC 2759).
const IDENTITY_CHARS_MAX: usize = 253;
const EAP_PASSWORD_CHARS_MAX: usize = 256;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadWifi)]
pub struct Wifi {
    /// 1–32 bytes.
    #[schema(required)]
    pub ssid: String,
    /// Required unless `security` is `none` or `wpa2_enterprise`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    pub security: Security,
    /// Whether the network does not say its name.
    pub hidden: bool,
    /// Required for `wpa2_enterprise`; this field and the three below are for it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eap_method: Option<EapMethod>,
    /// What happens inside the tunnel of `peap` and `ttls`; absent, phone and network agree on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase2_method: Option<Phase2Method>,
    /// The account. Absent, everybody types their own, and their password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// What is said outside the tunnel of `peap` and `ttls`, like `anonymous@example.edu`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymous_identity: Option<String>,
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
    /// WPA2 or WPA3 with an account for each person (802.1X). For apps that know ZXing's format; do not count on the camera of
    /// a phone.
    Wpa2Enterprise,
    /// Broken; for old devices.
    Wep,
    /// Open to everybody.
    None,
}

/// How an account is proven. Methods that want a certificate or a SIM card have no place in a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrPayloadWifiEapMethod)]
pub enum EapMethod {
    Peap,
    Ttls,
    /// Without a tunnel.
    Pwd,
}

/// How an account is proven inside a tunnel. `peap` knows `mschapv2` and `gtc`, `ttls` all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrPayloadWifiPhase2Method)]
pub enum Phase2Method {
    Mschapv2,
    Mschap,
    Pap,
    Gtc,
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
        if let Err((code, message)) = self.security.judge(self.password().unwrap_or_default()) {
            found.wrong("password", code, message);
        }
        let inside = [
            ("phase2_method", self.phase2_method.is_some()),
            ("anonymous_identity", given(&self.anonymous_identity).is_some()),
        ];
        if self.security != Security::Wpa2Enterprise {
            let account =
                [("eap_method", self.eap_method.is_some()), ("identity", given(&self.identity).is_some())];
            let message = "only a network whose security is wpa2_enterprise has accounts";
            return refuse(account.into_iter().chain(inside), message, found);
        }
        match (self.eap_method, self.phase2_method) {
            (None, _) => found.wrong("eap_method", "required", "expected one of peap, ttls, pwd"),
            (Some(EapMethod::Pwd), _) => {
                refuse(inside, "pwd has no tunnel; that is for peap and ttls", found);
            }
            (Some(EapMethod::Peap), Some(Phase2Method::Mschap | Phase2Method::Pap)) => {
                found.wrong("phase2_method", "unsupported", "peap takes mschapv2 and gtc; this is for ttls");
            }
            _ => {}
        }
        found.line("identity", self.identity.as_ref(), IDENTITY_CHARS_MAX);
        found.line("anonymous_identity", self.anonymous_identity.as_ref(), IDENTITY_CHARS_MAX);
        if self.password().is_some() && given(&self.identity).is_none() {
            found.wrong(
                "identity",
                "required",
                "a password belongs to an account: name it, or leave both out",
            );
        }
    }

    /// Spaces alone are a password too.
    fn password(&self) -> Option<&str> {
        self.password.as_deref().filter(|password| !password.is_empty())
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
        let fields = [
            ("E", self.eap_method.map(EapMethod::as_str)),
            ("PH2", self.phase2_method.map(Phase2Method::as_str)),
            ("A", given(&self.anonymous_identity)),
            ("I", given(&self.identity)),
            ("P", self.password()),
        ];
        for (name, value) in fields {
            let Some(value) = value else { continue };
            text.push_str(name);
            text.push(':');
            escape(&mut text, value);
            text.push(';');
        }
        if self.hidden {
            text.push_str("H:true;");
        }
        text.push(';');
        text
    }
}

impl EapMethod {
    /// As Android's `WifiEnterpriseConfig.Eap` spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Peap => "PEAP",
            Self::Ttls => "TTLS",
            Self::Pwd => "PWD",
        }
    }
}

impl Phase2Method {
    /// As Android's `WifiEnterpriseConfig.Phase2` spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mschapv2 => "MSCHAPV2",
            Self::Mschap => "MSCHAP",
            Self::Pap => "PAP",
            Self::Gtc => "GTC",
        }
    }
}

impl Security {
    /// The word after `T:`. Phones take `WPA` for WPA2, and join by WPA3 where both are offered; `SAE` is WPA3 alone.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Wpa2 | Self::Wpa2Wpa3 => "WPA",
            Self::Wpa3 => "SAE",
            Self::Wpa2Enterprise => "WPA2-EAP",
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
                Self::None | Self::Wpa2Enterprise => Ok(()),
                _ => Err(("required", "this is required unless security is none or wpa2_enterprise".into())),
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
            Self::Wpa2Enterprise if password.chars().count() > EAP_PASSWORD_CHARS_MAX => {
                Err(("length", format!("at most {EAP_PASSWORD_CHARS_MAX} characters")))
            }
            Self::Wpa3 | Self::Wpa2Enterprise if password.chars().any(char::is_control) => {
                Err(("format", "must not contain a control character".into()))
            }
            Self::Wpa3 | Self::Wpa2Enterprise => Ok(()),
            Self::Wep => match bytes {
                5 | 13 if is_printable => Ok(()),
                10 | 26 if is_hex => Ok(()),
                _ => Err(("length", "5 or 13 characters, or 10 or 26 hexadecimal digits".into())),
            },
        }
    }
}

/// Notes the fields that are given and have no place here.
fn refuse(fields: impl IntoIterator<Item = (&'static str, bool)>, message: &'static str, found: &mut Found) {
    for (field, _) in fields.into_iter().filter(|(_, is_given)| *is_given) {
        found.wrong(field, "unsupported", message);
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

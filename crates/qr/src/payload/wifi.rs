//! A wireless network to join: `WIFI:T:WPA;S:…;P:…;;`.

use serde::{Deserialize, Serialize};

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

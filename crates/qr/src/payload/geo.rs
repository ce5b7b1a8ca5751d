//! A place on the map (RFC 5870).

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadGeo)]
pub struct Geo {
    /// Degrees north, −90 to 90 (WGS 84).
    #[schema(required, value_type = f64)]
    pub latitude: Option<f64>,
    /// Degrees east, −180 to 180.
    #[schema(required, value_type = f64)]
    pub longitude: Option<f64>,
    /// What to look for there. Android shows it; the standard does not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

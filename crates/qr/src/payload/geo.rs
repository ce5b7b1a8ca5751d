//! A place on the map (RFC 5870).

use serde::{Deserialize, Serialize};

use super::field::{Found, given, query};

const QUERY_CHARS_MAX: usize = 200;
/// Seven places are a centimetre.
const PLACES: usize = 7;

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

impl Geo {
    pub(super) fn check(&self, found: &mut Found) {
        for (name, degrees, most) in [("latitude", self.latitude, 90.0), ("longitude", self.longitude, 180.0)]
        {
            match degrees {
                None => found.wrong(name, "required", "this is required"),
                Some(degrees) if !(-most..=most).contains(&degrees) => {
                    found.wrong(name, "range", format!("from -{most} to {most} degrees"));
                }
                Some(_) => {}
            }
        }
        found.line("query", self.query.as_ref(), QUERY_CHARS_MAX);
    }

    pub(super) fn written(&self) -> String {
        let (latitude, longitude) = (degrees(self.latitude), degrees(self.longitude));
        format!("geo:{latitude},{longitude}{}", query(&[("q", given(&self.query))]))
    }
}

/// At most seven places, no exponent, no superfluous zeros, no negative zero.
fn degrees(degrees: Option<f64>) -> String {
    let text = format!("{:.PLACES$}", degrees.unwrap_or_default());
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

//! How a code looks: the option object of the npm package `qr-code-styling`, and what it lacks.

use serde::{Deserialize, Serialize};

use crate::Level;

/// As it travels and is stored. Everything is optional.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrStyle)]
pub struct Style {
    /// Pixels; 512 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<f64>,
    /// Pixels; as wide as high if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_options: Option<QrOptions>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrStyleQrOptions)]
pub struct QrOptions {
    /// Q if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_correction_level: Option<Level>,
}

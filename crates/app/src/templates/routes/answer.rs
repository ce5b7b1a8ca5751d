//! How a template is answered.

use axum::response::{IntoResponse, Response};

use crate::http::answer::{Created, Versioned};
use crate::templates::Template;
use crate::templates::view::TemplateView;

/// The template as it is now, with its version.
pub(super) fn versioned(template: Template) -> Response {
    Versioned(template.version, TemplateView::from(template)).into_response()
}

/// 201, with where it is.
pub(super) fn created(template: Template) -> Response {
    Created(format!("/v1/templates/{}", template.id), versioned(template)).into_response()
}

//! Links.
pub mod redirect;
pub mod routes;
use crate::settings::Settings;
use crate::{App, Change};
use tessera_db::DbError;
/// What people type: a domain and an alias as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    pub domain: String,
    pub alias_key: String,
}
pub struct Links;
impl Links {
    pub fn new(_: &Settings) -> Self {
        Self
    }
    pub(crate) fn end(&self, _change: &Change) {}
    pub(crate) fn cached(&self) -> usize {
        0
    }
    pub(crate) async fn flush(&self, _app: &App) -> Result<(), DbError> {
        Ok(())
    }
}

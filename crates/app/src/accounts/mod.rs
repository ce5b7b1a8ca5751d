//! People: how they prove who they are.

pub mod routes;
use crate::caller::Caller;
use crate::problem::{Code, Problem};
use crate::settings::Settings;
use crate::{App, Change};
use tessera_db::DbError;
use tessera_keys::Keyring;
pub struct Accounts;
impl Accounts {
    pub fn new(_settings: &Settings, _keyring: &Keyring) -> Self {
        Self
    }
    pub(crate) fn end(&self, _change: &Change) {}
}
pub async fn identify(_app: &App, _token: &str) -> Result<Caller, Problem> {
    Err(Problem::plain(Code::Unauthorized))
}
pub async fn sweep(_app: &App) -> Result<(), DbError> {
    Ok(())
}

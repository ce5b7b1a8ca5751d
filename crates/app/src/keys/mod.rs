//! Keys.
pub mod routes;
use crate::caller::Caller;
use crate::http::Sunset;
use crate::http::auth::Carrier;
use crate::problem::Problem;
use crate::settings::Settings;
use crate::{App, Change, StartError};
use std::net::IpAddr;
use tessera_db::{Db, DbError};
use tessera_keys::Keyring;
pub struct Keys;
pub struct Admitted {
    pub caller: Caller,
    pub sunset: Option<Sunset>,
}
impl Keys {
    pub fn new(_: &Settings) -> Self {
        Self
    }
    pub(crate) fn end(&self, _change: &Change) {}
    pub(crate) fn cached(&self) -> usize {
        0
    }
    pub(crate) async fn load(&self, _app: &App) -> Result<(), DbError> {
        Ok(())
    }
    pub(crate) async fn flush(&self, _app: &App) -> Result<(), DbError> {
        Ok(())
    }
}
pub async fn check_peppers(_: &Db, _: &Keyring) -> Result<(), StartError> {
    Ok(())
}
pub async fn admit(_: &App, _: &str, _: IpAddr, _: &str, _: Carrier) -> Result<Admitted, Problem> {
    Err(crate::http::auth::unknown())
}

//! What is known about one request: made by the shell, filled in on the way, read for log and audit.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use http::request::Parts;
use tessera_events::CallClass;
use tessera_types::{RequestId, Timestamp};

use crate::caller::Caller;
use crate::keys::Usage;
use crate::metering::{Metered, Reservation, Terms};
use crate::problem::Problem;

/// The facts of a request. Handlers take it as an argument.
#[derive(Clone)]
pub struct Facts(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub id: RequestId,
    pub address: IpAddr,
    pub user_agent: String,
    /// Who asks, found at most once per request.
    pub caller: OnceLock<Result<Caller, Problem>>,
    /// Where a served request with this key is counted.
    pub usage: OnceLock<Arc<Usage>>,
    /// Where the key's requests are counted, and against which limits.
    pub metered: OnceLock<(Metered, Terms)>,
    /// What kind of call this is, once its operation is known.
    pub class: OnceLock<CallClass>,
    /// The place taken in the windows of the limits; `None` once the answer is settled without one.
    pub reservation: OnceLock<Option<Reservation>>,
    /// When the presented secret dies, if it was rotated away and is in its grace.
    pub sunset: OnceLock<Sunset>,
}

/// The life left to a rotated-away secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sunset {
    pub since: Timestamp,
    pub until: Timestamp,
}

impl Facts {
    pub fn new(id: RequestId, address: IpAddr, user_agent: String) -> Self {
        Self(Arc::new(Inner {
            id,
            address,
            user_agent,
            caller: OnceLock::new(),
            usage: OnceLock::new(),
            metered: OnceLock::new(),
            class: OnceLock::new(),
            reservation: OnceLock::new(),
            sunset: OnceLock::new(),
        }))
    }

    pub fn id(&self) -> RequestId {
        self.0.id
    }

    /// The client, seen through the trusted proxies; an IPv4-mapped address is its IPv4 form.
    pub fn address(&self) -> IpAddr {
        self.0.address
    }

    /// As sent, cut to 400 characters.
    pub fn user_agent(&self) -> &str {
        &self.0.user_agent
    }
}

impl<S: Sync> FromRequestParts<S> for Facts {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Facts>().cloned().ok_or_else(|| Problem::internal("a route outside the shell"))
    }
}

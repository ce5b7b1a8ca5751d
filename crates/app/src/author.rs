//! Who acts, in which workspace and within which plan.
//!
//! Made from a proven permission, from a job that was begun with one, or on the server's command line, and from nothing
//! else: a function that takes an author needs no further proof.

use std::sync::Arc;

use tessera_types::WorkspaceId;

use crate::audit::Actor;
use crate::http::auth::{Can, Permission};
use crate::settings::Plan;

pub(crate) struct Author {
    pub(crate) workspace: WorkspaceId,
    pub(crate) actor: Actor,
    /// `usr_…` or `key_…`
    pub(crate) name: String,
    pub(crate) plan: Arc<Plan>,
}

impl<P: Permission> From<&Can<P>> for Author {
    fn from(can: &Can<P>) -> Self {
        Self { workspace: can.workspace(), actor: can.actor(), name: can.name(), plan: Arc::clone(&can.plan) }
    }
}

impl Author {
    pub(crate) fn new(workspace: WorkspaceId, actor: Actor, name: String, plan: Arc<Plan>) -> Self {
        Self { workspace, actor, name, plan }
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }
}

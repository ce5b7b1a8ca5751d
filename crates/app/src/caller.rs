//! Who is asking: a key or a person, in one workspace, with what it may do there.
//!
//! Both go through the same check, so a read key and a viewer are refused by the same line of code.

use std::sync::Arc;

use tessera_keys::{Grant, Preset, Role, Scope, ScopeSet};
use tessera_types::{ApiKeyId, SecretId, SessionId, UserId, WorkspaceId};

use crate::keys::RateLimits;
use crate::problem::{Code, Problem};
use crate::settings::Plan;

#[derive(Debug, Clone)]
pub struct Caller {
    pub workspace: WorkspaceId,
    pub principal: Principal,
    /// What it may do right now: stored scopes within the ceiling of role and plan.
    pub scopes: ScopeSet,
    pub plan: Arc<Plan>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    Key {
        id: ApiKeyId,
        secret: SecretId,
        name: String,
        /// The member this key belongs to, for personal keys.
        owner: Option<UserId>,
        /// As stored, before any ceiling.
        grant: Grant,
        /// The key's own, beside its plan's.
        rate_limits: RateLimits,
    },
    Person {
        user: UserId,
        session: SessionId,
        email: String,
        role: Role,
    },
}

/// What an operation asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Any credential of the workspace.
    Nothing,
    /// A key with this scope, or a person whose role includes it.
    Scope(Scope),
    /// A person of at least this role. Keys can never do this.
    Role(Role),
}

impl Need {
    /// As it stands in the OpenAPI document (`x-needs`) and in error details.
    pub fn name(self) -> String {
        match self {
            Need::Nothing => "credential".to_owned(),
            Need::Scope(scope) => scope.as_str().to_owned(),
            Need::Role(role) => format!("role:{}", role.as_str()),
        }
    }
}

impl Caller {
    /// # Errors
    /// Names the scope or role that is missing.
    pub fn may(&self, need: Need) -> Result<(), Problem> {
        match (need, &self.principal) {
            (Need::Nothing, _) => Ok(()),
            (Need::Scope(scope), _) if self.scopes.contains(scope) => Ok(()),
            (Need::Scope(scope), Principal::Key { .. }) => Err(Problem::new(
                Code::InsufficientScope,
                format!("This API key lacks the scope {}.", scope.as_str()),
            )),
            (Need::Scope(scope), Principal::Person { role, .. }) => Err(Problem::new(
                Code::InsufficientScope,
                format!("The role {} does not include {}.", role.as_str(), scope.as_str()),
            )),
            (Need::Role(_), Principal::Key { .. }) => Err(Problem::plain(Code::PersonRequired)),
            (Need::Role(least), Principal::Person { role, .. }) if *role >= least => Ok(()),
            (Need::Role(least), Principal::Person { .. }) => Err(Problem::new(
                Code::InsufficientScope,
                format!("This takes the role {} or higher.", least.as_str()),
            )),
        }
    }

    /// What it could hand on, as a grant: a preset handed on by a preset stays one.
    pub fn grant(&self) -> Grant {
        match &self.principal {
            Principal::Key { grant, .. } => *grant,
            Principal::Person { role: Role::Owner | Role::Admin, .. } => Grant::Preset(Preset::All),
            Principal::Person { role: Role::Editor, .. } => Grant::Preset(Preset::ReadWrite),
            Principal::Person { role: Role::Viewer, .. } => Grant::Preset(Preset::Read),
        }
    }

    /// Who this is, in one stable word: the owner of an idempotency key, the actor of an audit row.
    pub fn name(&self) -> String {
        match &self.principal {
            Principal::Key { id, .. } => id.to_string(),
            Principal::Person { user, .. } => user.to_string(),
        }
    }

    /// The member whose personal key this is.
    pub fn personal_of(&self) -> Option<UserId> {
        match &self.principal {
            Principal::Key { owner, .. } => *owner,
            Principal::Person { .. } => None,
        }
    }

    pub fn person(&self) -> Option<UserId> {
        match &self.principal {
            Principal::Person { user, .. } => Some(*user),
            Principal::Key { .. } => None,
        }
    }
}

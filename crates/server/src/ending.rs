//! How a command ends. The numbers are promised in `tessera --help`.

use std::fmt;

use tessera_app::accounts::BootstrapError;
use tessera_app::problem::{Code, Problem};

/// It did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Good,
    /// A check did its work and found something: leaked keys, a broken audit chain, a damaged log.
    Found,
}

/// It did not.
#[derive(Debug)]
pub(crate) enum Failure {
    Failed(String),
    /// Wrong usage or configuration: the same call will never work.
    Usage(String),
}

impl Failure {
    pub(crate) fn failed(why: impl fmt::Display) -> Self {
        Self::Failed(why.to_string())
    }

    pub(crate) fn usage(why: impl fmt::Display) -> Self {
        Self::Usage(why.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(why) | Self::Usage(why) => f.write_str(why),
        }
    }
}

impl From<tessera_db::DbError> for Failure {
    fn from(error: tessera_db::DbError) -> Self {
        Self::failed(error)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let fields = problem.errors.iter().map(|error| format!("\n  {}: {}", error.field, error.message));
        let why = format!("{}{}", problem.detail, fields.collect::<String>());
        match problem.code {
            Code::InvalidRequest => Self::Usage(why),
            _ => Self::Failed(why),
        }
    }
}

impl From<BootstrapError> for Failure {
    fn from(error: BootstrapError) -> Self {
        match error {
            BootstrapError::Refused(problem) => problem.into(),
            error => Self::failed(error),
        }
    }
}

pub(crate) fn code(ending: &Result<Ending, Failure>) -> u8 {
    match ending {
        Ok(Ending::Good) => 0,
        Err(Failure::Failed(_)) => 1,
        Err(Failure::Usage(_)) => 2,
        Ok(Ending::Found) => 3,
    }
}

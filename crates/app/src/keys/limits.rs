//! A key's own limits: each at most what the plan allows all keys together, and never more than its maker's own.

use serde::{Deserialize, Serialize};
use tessera_db::DbError;
use utoipa::ToSchema;

use crate::caller::{Caller, Principal};
use crate::problem::Checks;
use crate::settings::Limits;

/// Limits of this key alone, within the plan's. Null: none of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ApiKeyRateLimits)]
pub struct RateLimits {
    #[schema(minimum = 0, examples(60))]
    pub requests_per_minute: Option<u32>,
    /// Of a day in UTC.
    #[schema(minimum = 0, examples(5_000))]
    pub requests_per_day: Option<u64>,
    /// Of a calendar month in UTC.
    #[schema(minimum = 0, examples(100_000))]
    pub requests_per_month: Option<u64>,
}

impl RateLimits {
    /// Reads what a caller wishes for a key. 0 is none, as in a plan. A key that is limited itself makes no key that
    /// is limited less: where nothing is wished, the new one has its maker's limit.
    pub fn read(self, caller: &Caller, checks: &mut Checks) -> Self {
        let maker = match &caller.principal {
            Principal::Key { rate_limits, .. } => *rate_limits,
            Principal::Person { .. } => Self::default(),
        };
        let plan = caller.plan.requests;
        let per_minute = Window {
            field: "rate_limits.requests_per_minute",
            plan: plan.per_minute.into(),
            maker: maker.requests_per_minute.map(u64::from),
        };
        let per_day = Window {
            field: "rate_limits.requests_per_day",
            plan: plan.per_day,
            maker: maker.requests_per_day,
        };
        let per_month = Window {
            field: "rate_limits.requests_per_month",
            plan: plan.per_month,
            maker: maker.requests_per_month,
        };
        let minute = per_minute.read(self.requests_per_minute.map(u64::from), checks);
        Self {
            requests_per_minute: minute.and_then(|minute| u32::try_from(minute).ok()),
            requests_per_day: per_day.read(self.requests_per_day, checks),
            requests_per_month: per_month.read(self.requests_per_month, checks),
        }
    }

    pub fn limits(&self) -> Limits {
        Limits {
            per_minute: self.requests_per_minute.unwrap_or(0),
            burst: 0,
            per_day: self.requests_per_day.unwrap_or(0),
            per_month: self.requests_per_month.unwrap_or(0),
        }
    }

    /// `None` where there is no limit at all.
    pub fn shown(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }

    /// As stored.
    pub fn to_text(self) -> Option<String> {
        self.shown().and_then(|limits| serde_json::to_string(&limits).ok())
    }

    /// # Errors
    /// If it is no text of ours.
    pub fn from_text(text: Option<&str>) -> Result<Self, DbError> {
        text.map_or(Ok(Self::default()), |text| serde_json::from_str(text).map_err(DbError::unreadable))
    }
}

struct Window {
    field: &'static str,
    plan: u64,
    maker: Option<u64>,
}

impl Window {
    fn read(self, wished: Option<u64>, checks: &mut Checks) -> Option<u64> {
        let wished = wished.filter(|wished| *wished > 0).or(self.maker)?;
        if self.plan > 0 && wished > self.plan {
            checks.refuse(
                self.field,
                "range",
                format!("at most {}, which is what the plan allows", self.plan),
            );
        } else if self.maker.is_some_and(|maker| wished > maker) {
            let maker = self.maker.unwrap_or_default();
            checks.refuse(self.field, "range", format!("at most {maker}, which is your own key's limit"));
        }
        i64::try_from(wished).map_or_else(
            |_| {
                checks.refuse(self.field, "range", format!("at most {}", i64::MAX));
                None
            },
            |_| Some(wished),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_reads_back_and_no_limit_is_no_text() {
        let limits = RateLimits { requests_per_day: Some(5), ..RateLimits::default() };
        assert_eq!(RateLimits::from_text(limits.to_text().as_deref()).unwrap(), limits);
        assert_eq!(RateLimits::default().to_text(), None);
        assert_eq!(RateLimits::from_text(None).unwrap(), RateLimits::default());
        assert!(RateLimits::from_text(Some("{\"requests_per_hour\": 1}")).is_err());
    }
}

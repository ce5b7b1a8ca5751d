//! Counters and gauges for `/metrics`, in the Prometheus text format (OpenMetrics).

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Upper bounds in seconds.
const LATENCY_BUCKETS: [f64; 9] = [0.000_1, 0.000_5, 0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    pub method: &'static str,
    /// The route's template; never a path, which may hold anything.
    pub route: String,
    pub status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OutcomeLabels {
    pub outcome: &'static str,
}

pub struct Metrics {
    registry: Registry,
    pub requests: Family<RequestLabels, Counter>,
    pub request_seconds: Histogram,
    /// Warm redirects have a counter of their own: looking a label up costs more than the redirect.
    pub redirects: Counter<u64, AtomicU64>,
    pub redirects_cold: Family<OutcomeLabels, Counter>,
    pub key_admissions: Family<OutcomeLabels, Counter>,
    pub keys_cached: Gauge,
    pub links_cached: Gauge,
    pub flush_failures: Counter,
    pub events_held_bytes: Gauge,
    pub events_refused: Gauge,
}

impl Metrics {
    pub fn new() -> Self {
        let metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            request_seconds: Histogram::new(LATENCY_BUCKETS),
            redirects: Counter::default(),
            redirects_cold: Family::default(),
            key_admissions: Family::default(),
            keys_cached: Gauge::default(),
            links_cached: Gauge::default(),
            flush_failures: Counter::default(),
            events_held_bytes: Gauge::default(),
            events_refused: Gauge::default(),
        };
        let mut registry = Registry::with_prefix("tessera");
        registry.register("http_requests", "API requests by route and status", metrics.requests.clone());
        registry.register(
            "http_request_seconds",
            "Time from request to answer",
            metrics.request_seconds.clone(),
        );
        registry.register("redirects", "Redirects answered from memory", metrics.redirects.clone());
        registry.register(
            "redirects_cold",
            "Other answers on short links, by outcome",
            metrics.redirects_cold.clone(),
        );
        registry.register("key_admissions", "Presented API keys by outcome", metrics.key_admissions.clone());
        registry.register("keys_cached", "API keys in memory", metrics.keys_cached.clone());
        registry.register("links_cached", "Links in memory", metrics.links_cached.clone());
        registry.register(
            "flush_failures",
            "Failed writes of what the event log adds up to; retried",
            metrics.flush_failures.clone(),
        );
        registry.register(
            "events_held_bytes",
            "Events that cannot be written and wait in memory; 0 is well",
            metrics.events_held_bytes.clone(),
        );
        registry.register(
            "events_refused",
            "Events lost since the start because no more could be held",
            metrics.events_refused.clone(),
        );
        Self { registry, ..metrics }
    }

    /// The text of `/metrics`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = text::encode(&mut text, &self.registry);
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

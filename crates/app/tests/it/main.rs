//! The product at its HTTP boundary, on SQLite and PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that panics says where")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod acceptance;
mod accounts;
mod accounts_pages;
mod accounts_sessions;
mod analytics;
mod analytics_events;
mod bulk;
mod bulk_codes;
mod bulk_jobs;
mod bulk_uploads;
mod canary;
mod contract;
mod dashboard;
mod demo;
mod events;
mod feedback;
mod keys;
mod landing;
mod limits;
mod links;
mod links_input;
mod links_list;
mod links_rules;
mod notices;
mod operator;
mod outage;
mod qr_codes;
mod races;
mod redirect;
mod scopes;
mod strangers;
mod support;
mod templates;
mod usage;
mod views;
mod workspaces;
mod workspaces_members;

//! The REST interface, the panel's pages and its socket. A file for each resource; only this folder knows status codes.

pub mod account;
pub mod alert_life;
pub mod alerts;
pub mod audiences;
pub mod auth;
pub mod client_actions;
pub mod client_list;
pub mod clients;
mod connection_log;
mod csv_cell;
pub mod dialects;
pub mod dry_run;
pub mod emails;
pub mod enrolments;
mod event_history;
pub mod events;
pub mod extract;
mod group_file;
pub mod groups;
pub mod health;
pub mod history;
mod limits;
pub mod live;
pub mod logs;
pub mod messages;
pub mod monitor;
pub mod on_call;
pub mod open_sessions;
pub mod openapi;
pub mod peer;
pub mod phrases;
pub mod problem;
pub mod reasons;
pub mod receipts;
mod rules;
pub mod scheduled;
pub mod sessions;
pub mod settings;
pub mod shape;
pub mod silences;
pub mod statistics;
pub mod tokens;
pub mod totp;
pub mod transfer;
pub mod users;
pub mod watches;
pub mod web;
pub mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get};

use crate::hub::Hub;

/// Largest body of a request, bytes.
const BODY_BYTES: usize = 256 * 1024;

/// Everything that the hub answers over HTTP, but `/ws/client`.
pub fn router(hub: Arc<Hub>) -> Router {
    let (api, _) = openapi::routes().split_for_parts();
    api.route("/api/openapi.json", get(openapi::serve))
        .route("/ws/panel", any(live::open))
        // An unknown path of the interface is no page.
        .route("/api/{*rest}", any(problem::no_such_route))
        .merge(dialects::routes())
        .fallback(dialects::page_or_topic)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(hub)
}

//! Doors that speak the dialects of other tools, so that what people already run reports on day one.
//!
//! A file for each tool; each only translates: what it was sent into reports, and what came of it into the answer that its
//! tool expects. Reports take the one path of every event.

mod alertmanager;
mod apprise;
mod fields;
mod goalert;
mod gotify;
mod matcher;
mod ntfy;
mod proof;
mod report;
mod silences;
mod uptime_kuma;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use super::problem::Problem;
use super::web;
use crate::hub::Hub;

/// A group of alerts may be large; a tool that is refused for its size drops all of it.
const BODY_BYTES: usize = 2 * 1024 * 1024;

/// The doors with addresses of their own; those of ntfy are whatever path is no page.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/hooks/alertmanager", post(webhooks::alertmanager))
        .route("/hooks/grafana", post(webhooks::grafana))
        .route("/hooks/uptime-kuma", post(uptime_kuma::receive))
        .route("/hooks/apprise", post(apprise::receive))
        .route("/notify", post(apprise::notify))
        .route("/notify/{token}", post(apprise::notify_with))
        .route("/message", post(gotify::receive))
        .route("/version", get(gotify::version))
        .route("/api/v2/generic/incoming", post(goalert::receive))
        .route("/api/v2/heartbeat/{id}", post(goalert::heartbeat))
        .route("/api/v2/alerts", get(alertmanager::list).post(alertmanager::receive))
        .route("/api/v2/status", get(alertmanager::status))
        .route("/api/v2/silences", get(silences::list).post(silences::create))
        .route("/api/v2/silence/{id}", get(silences::show).delete(silences::end))
        .route("/api/v2/receivers", get(alertmanager::receivers))
        .route("/v1/health", get(ntfy::account::health))
        .route("/v1/account", get(ntfy::account::show))
        .route("/v1/account/token", post(ntfy::account::token))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}

pub use self::alertmanager::end_what_is_not_repeated;

/// The token that a request shows, wherever a tool puts it.
pub fn token_shown(headers: &HeaderMap, query: Option<&str>) -> Option<String> {
    proof::shown(headers, &fields::Fields::of_query(query))
}

/// A refusal in the way that the tool behind this path takes as one to try again.
pub fn refused(path: &str, problem: Problem) -> Response {
    match path.starts_with("/hooks/") || path.starts_with("/api/v2/") {
        true => webhooks::refused(problem),
        false => problem.into_response(),
    }
}

/// Whatever no route takes: a page or a file of the panel, else a topic of ntfy.
pub async fn page_or_topic(State(hub): State<Arc<Hub>>, request: Request) -> Response {
    match ntfy::door(request.method(), request.uri().path()) {
        Some(door) => ntfy::open(hub, door, request).await,
        None => web::serve(request.method().clone(), request.uri().clone(), request.headers().clone()).await,
    }
}

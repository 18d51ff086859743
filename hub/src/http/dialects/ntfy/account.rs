//! What programs ask an ntfy server about themselves before they publish.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use hub_core::access::Permission;
use serde_json::{Value, json};

use super::super::fields::Fields;
use super::super::proof;
use super::refused;
use crate::http::problem::Problem;
use crate::hub::Hub;

pub async fn health() -> Json<Value> {
    Json(json!({ "healthy": true }))
}

pub async fn show(State(hub): State<Arc<Hub>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    match owner(&hub, query, &headers).await {
        Ok((name, _)) => Json(json!({ "username": name, "role": "user" })).into_response(),
        Err(problem) => refused(problem),
    }
}

/// Home Assistant asks for a token of its own; it gets the one it has shown.
pub async fn token(State(hub): State<Arc<Hub>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    match owner(&hub, query, &headers).await {
        Ok((_, token)) => Json(json!({ "token": token, "expires": 0 })).into_response(),
        Err(problem) => refused(problem),
    }
}

async fn owner(hub: &Hub, query: Option<String>, headers: &HeaderMap) -> Result<(String, Option<String>), Problem> {
    let shown = proof::shown(headers, &Fields::of_query(query.as_deref()));
    let program = proof::program(hub, shown.clone(), Permission::ReportByNtfy).await?;
    Ok((program.name, shown))
}

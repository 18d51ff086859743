//! `/api/monitor/connections`: who came, left, and was not let in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::Timestamp;

use super::auth::Administrator;
use super::extract::Query;
use super::problem::Problem;
use super::shape;
use crate::hub::Hub;
use crate::store::{ConnectionEntry, ConnectionFilter, ConnectionKind, ConnectionPlace};

/// Longer words are cut: nobody searches for them.
const SEARCH_CHARS: usize = 100;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConnectionQuery {
    /// Of one kind alone.
    #[param(inline)]
    kind: Option<ConnectionKind>,
    /// Part of the name or the address, whatever its case.
    search: Option<String>,
    /// Entries of the page, 1 to 500; 50 if absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConnectionLog {
    pub connections: Vec<ConnectionEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// That match, on all pages.
    pub total: u64,
}

/// The log of connections.
#[utoipa::path(get, path = "/api/monitor/connections", tag = "monitor", params(ConnectionQuery),
    responses((status = 200, body = ConnectionLog), (status = 422, body = Problem)))]
pub async fn list(
    State(hub): State<Arc<Hub>>,
    Administrator(_): Administrator,
    Query(query): Query<ConnectionQuery>,
) -> Result<Json<ConnectionLog>, Problem> {
    let search = query.search.map(|search| shared::text::cut(search.trim(), SEARCH_CHARS).to_owned()).filter(|search| !search.is_empty());
    let before = query.cursor.as_deref().map(place).transpose()?;
    let filter = ConnectionFilter { kind: query.kind, search };
    let (connections, next, total) = hub.store.connection_log(filter, before, shape::limit(query.limit)).await?;
    let next_cursor = next.map(|ConnectionPlace { at, kind, id }| format!("{}.{kind}.{id}", at.as_millis()));
    Ok(Json(ConnectionLog { connections, next_cursor, total }))
}

fn place(cursor: &str) -> Result<ConnectionPlace, Problem> {
    let mut parts = cursor.split('.').map(str::parse::<i64>);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Ok(at)), Some(Ok(kind)), Some(Ok(id)), None) => Ok(ConnectionPlace { at: Timestamp::from_millis(at), kind, id }),
        _ => Err(Problem::field("cursor", "is not a `next_cursor` of this list")),
    }
}

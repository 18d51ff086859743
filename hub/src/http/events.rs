//! `/api/events` and `/api/stats`: what sensors said.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shared::Timestamp;

use super::auth::Reader;
use super::extract::Query;
use super::problem::Problem;
use super::shape::PageQuery;
use crate::hub::Hub;
use crate::store::Event;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EventList {
    pub events: Vec<Event>,
    /// Mail about events; this hub sends none.
    pub email_logs: Vec<EmailLog>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
}

/// An attempt to mail an event.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EmailLog {
    pub id: i64,
    pub event_id: i64,
    pub created_at: Timestamp,
    pub recipient: String,
    pub status: String,
    pub detail: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Statistics {
    pub total_events: u64,
    pub severity: BTreeMap<&'static str, u64>,
    pub channel: BTreeMap<String, u64>,
    pub email: EmailCounts,
}

#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub struct EmailCounts {
    pub sent: u64,
    pub failed: u64,
    pub skipped: u64,
}

/// Events, newest first.
#[utoipa::path(get, path = "/api/events", tag = "events", params(PageQuery), responses((status = 200, body = EventList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(page): Query<PageQuery>) -> Result<Json<EventList>, Problem> {
    let found = hub.store.events(page.number()?, page.limit()).await?;
    Ok(Json(EventList { events: found.items, email_logs: Vec::new(), next_cursor: found.next, total: found.total }))
}

/// How many events there are, by severity and by channel.
#[utoipa::path(get, path = "/api/stats", tag = "events", responses((status = 200, body = Statistics)))]
pub async fn statistics(State(hub): State<Arc<Hub>>, Reader(_): Reader) -> Result<Json<Statistics>, Problem> {
    let found = hub.store.event_statistics().await?;
    let severity = shared::Severity::ALL.iter().map(|severity| severity.as_str()).zip(found.by_severity).collect();
    let channel = found.by_channel.into_iter().collect();
    Ok(Json(Statistics { total_events: found.total, severity, channel, email: EmailCounts::default() }))
}

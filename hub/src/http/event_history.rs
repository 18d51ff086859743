//! Events over time, what happened to them, events from a file, and five for a demonstration.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hub_core::problem::FieldProblem;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;
use shared::wire::sensor::SensorEvent;
use shared::{Severity, Timestamp};

use super::auth::{Administrator, Reader, Reporter};
use super::extract::{Body, Query};
use super::problem::Problem;
use super::shape::{self, PageQuery};
use super::transfer;
use crate::hub::Hub;
use crate::publish::{DEMO, Incoming};
use crate::store::{Export, FORMAT, SeriesPoint, Trace, TracePlace, VERSION};

/// Largest file of events.
pub const FILE_BYTES: usize = 16 * 1024 * 1024;
const STEPS: i64 = 48;
const HOUR_MS: i64 = 60 * 60 * 1_000;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SeriesQuery {
    /// How far back, in hours: 1 to 8,760; 24 if absent.
    pub hours: Option<i64>,
}

/// How many events there were over time, oldest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Series {
    pub step_s: i64,
    pub points: Vec<SeriesPoint>,
}

/// Events of each severity over time, in 48 steps.
#[utoipa::path(get, path = "/api/stats/series", tag = "events", params(SeriesQuery), responses((status = 200, body = Series), (status = 422, body = Problem)))]
pub async fn series(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(query): Query<SeriesQuery>) -> Result<Json<Series>, Problem> {
    let hours = query.hours.unwrap_or(24);
    if !(1..=8_760).contains(&hours) {
        return Err(Problem::field("hours", "must be from 1 to 8760"));
    }
    let step = hours * HOUR_MS / STEPS;
    // Steps begin at whole steps of the clock, so that they stay the same while time goes on.
    let end = (hub.clock.now().as_millis().div_euclid(step) + 1) * step;
    let points = hub.store.event_series(Timestamp::from_millis(end - step * STEPS), step, STEPS).await?;
    Ok(Json(Series { step_s: step / 1_000, points }))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TraceList {
    pub traces: Vec<Trace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// What happened to events, newest first: raised, resolved, mailed.
#[utoipa::path(get, path = "/api/events/audit", tag = "events", params(PageQuery), responses((status = 200, body = TraceList)))]
pub async fn audit(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(page): Query<PageQuery>) -> Result<Json<TraceList>, Problem> {
    let before = match &page.cursor {
        Some(cursor) => place(cursor).ok_or_else(|| Problem::field("cursor", "is not a `next_cursor` of this list"))?,
        None => TracePlace::NEWEST,
    };
    let (traces, next) = hub.store.traces(before, shape::limit(page.limit)).await?;
    let next_cursor = next.map(|TracePlace { event, email, resolved: (at, seq) }| format!("{event}.{email}.{at}.{seq}"));
    Ok(Json(TraceList { traces, next_cursor }))
}

fn place(cursor: &str) -> Option<TracePlace> {
    let mut numbers = cursor.split('.').map(|number| number.parse::<i64>().ok());
    let mut next = || numbers.next().flatten();
    let place = TracePlace { event: next()?, email: next()?, resolved: (next()?, next()?) };
    numbers.next().is_none().then_some(place)
}

/// The numbers of the events.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DemoEvents {
    pub event_ids: Vec<i64>,
}

/// Record five events to look at, marked as a demonstration: they reach no screen and no mailbox.
#[utoipa::path(post, path = "/api/events/demo", tag = "events", responses((status = 201, body = DemoEvents), (status = 503, body = Problem)))]
pub async fn demo(State(hub): State<Arc<Hub>>, Reporter(author): Reporter) -> Result<(StatusCode, Json<DemoEvents>), Problem> {
    const EVENTS: [(&str, &str, &str); 5] = [
        ("router-core", "warning", "Latencia elevada en eth0"),
        ("camara-frio-2", "critical", "Temperatura de 9,4 °C, límite 8 °C"),
        ("backup", "error", "La copia de esta noche no terminó"),
        ("web-01", "info", "Despliegue 4.2.1 terminado"),
        ("sai-cpd", "warning", "Batería al 40 %"),
    ];
    let mut incoming = Vec::with_capacity(EVENTS.len());
    for (source, severity, message) in EVENTS {
        let line = json!({"source": source, "severity": severity, "message": message, "demo": true}).to_string();
        let event = SensorEvent::parse(line.as_bytes()).map_err(|err| Problem::bad_request(err.to_string()))?;
        incoming.push(Incoming { event, peer: author.name().to_owned(), channel: DEMO, audience: None, token: None });
    }
    let event_ids = hub.publisher.events(incoming).await?;
    let now = hub.clock.now();
    hub.store.record_action(now, &author.actor(), "event.demo", "recorded five events as a demonstration".to_owned()).await?;
    Ok((StatusCode::CREATED, Json(DemoEvents { event_ids })))
}

/// Events as an export holds them; whatever else it holds is left alone.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct EventFile {
    pub events: Vec<FileEvent>,
}

#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FileEvent {
    pub created_at: Timestamp,
    pub source: String,
    pub severity: Severity,
    pub message: String,
    pub channel: String,
    #[schema(value_type = Object)]
    pub raw_payload: Box<RawValue>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Only say what would be imported.
    #[serde(default)]
    pub dry_run: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ImportedEvents {
    pub imported: u64,
    pub dry_run: bool,
}

/// Bring events back from a file of the panel: what `POST /api/import` does with its section `events`, where they get new numbers.
/// All or none; they reach no screen and no mailbox.
#[utoipa::path(post, path = "/api/events/import", tag = "events", params(ImportQuery), request_body = EventFile,
    responses((status = 200, body = ImportedEvents), (status = 422, body = Problem)))]
pub async fn import(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Query(query): Query<ImportQuery>,
    Body(file): Body<EventFile>,
) -> Result<Json<ImportedEvents>, Problem> {
    let sections =
        BTreeMap::from([("events".to_owned(), serde_json::to_value(file.events).map_err(|err| Problem::bad_request(err.to_string()))?)]);
    let document = Export { format: FORMAT.to_owned(), version: VERSION, made_at: None, hub_version: None, sections };
    let changes = transfer::read(&hub, &caller.actor(), document, query.dry_run).await?.map_err(|faults| {
        let within = |fault: FieldProblem| FieldProblem { field: fault.field.replacen("sections.", "", 1), ..fault };
        Problem::invalid(faults.into_iter().map(within).collect::<Vec<_>>())
    })?;
    Ok(Json(ImportedEvents { imported: changes.iter().map(|change| change.added).sum(), dry_run: query.dry_run }))
}

//! `/api/events` and `/api/stats`: what sensors said, and a door for those that speak HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::Severity;
use shared::wire::limits::LINE_BYTES;
use shared::wire::sensor::SensorEvent;

use super::auth::{Reader, Reporter};
use super::extract::Query;
use super::problem::Problem;
use super::shape::PageQuery;
use crate::hub::Hub;
use crate::publish::Incoming;
use crate::store::{EmailCounts, EmailFilter, EmailLog, Event, EventFilter};

/// Most events of one request.
const EVENTS: usize = 500;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EventList {
    pub events: Vec<Event>,
    /// The latest attempts to mail, as many as `limit`; `/api/emails` has them all.
    pub email_logs: Vec<EmailLog>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Statistics {
    pub total_events: u64,
    pub severity: BTreeMap<&'static str, u64>,
    pub channel: BTreeMap<String, u64>,
    pub email: EmailCounts,
}

/// Which events are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    pub severity: Option<Severity>,
    pub channel: Option<String>,
    /// Part of source or message.
    pub search: Option<String>,
    /// Entries of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Events, newest first.
#[utoipa::path(get, path = "/api/events", tag = "events", params(EventQuery), responses((status = 200, body = EventList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(query): Query<EventQuery>) -> Result<Json<EventList>, Problem> {
    let EventQuery { severity, channel, search, limit, cursor } = query;
    let page = PageQuery { limit, cursor };
    let search = search.map(|words| words.trim().to_owned()).filter(|words| !words.is_empty());
    let found = hub.store.events(EventFilter { severity, channel, search }, page.number()?, page.limit()).await?;
    let emails = hub.store.emails(EmailFilter::default(), None, page.limit()).await?;
    Ok(Json(EventList { events: found.items, email_logs: emails.items, next_cursor: found.next, total: found.total }))
}

/// One event or a list of them, as sensors say them.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "describes the body; it is read like the line of a sensor")]
pub enum Report {
    One(Box<EventReport>),
    /// Up to 500.
    Several(Vec<EventReport>),
}

/// An event as a sensor says it; every field may be missing, and others are kept in the raw payload.
#[derive(Deserialize, utoipa::ToSchema)]
#[allow(dead_code, reason = "describes the body; it is read like the line of a sensor")]
pub struct EventReport {
    /// Cut at 80 characters; the name of the token or user if absent.
    source: Option<String>,
    severity: Option<Severity>,
    /// Cut at 300 characters.
    message: Option<String>,
    /// What the alert is called that it may raise; its source if absent.
    title: Option<String>,
    /// The whole text for screens, up to 4,000 characters; the message if absent.
    body: Option<String>,
    /// What rules may look at; texts, numbers and flags, up to 32.
    labels: Option<BTreeMap<String, String>>,
    /// Makes a retry harmless for 24 hours.
    id: Option<String>,
    /// Events with the same key are one incident.
    dedup_key: Option<String>,
    /// The incident of `dedup_key` is over.
    resolved: Option<bool>,
}

/// On disk, with everything that the events caused.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Reported {
    One { event_id: i64 },
    Several { event_ids: Vec<i64> },
}

/// Record an event, or up to 500 of them: all or none.
#[utoipa::path(post, path = "/api/events", tag = "events", request_body = Report,
    responses((status = 201, body = Reported), (status = 400, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 503, body = Problem)))]
pub async fn record(
    State(hub): State<Arc<Hub>>,
    Reporter(author): Reporter,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Reported>), Problem> {
    let body = body.map_err(|rejection| Problem::unreadable(rejection.status(), rejection.body_text()))?;
    let is_list = body.trim_ascii_start().first() == Some(&b'[');
    let events = if is_list { several(&body)? } else { vec![event(one(&body)?, "")?] };
    hub.rates.take_all(author.name(), events.iter().map(|event| event.source.as_deref().unwrap_or_default()))?;
    let incoming = events
        .into_iter()
        .map(|event| Incoming {
            event,
            peer: author.name().to_owned(),
            channel: "http_api",
            audience: author.audience(),
            token: author.token(),
        })
        .collect();
    let mut ids = hub.publisher.events(incoming).await?;
    let reported = match (is_list, ids.pop()) {
        (false, Some(event_id)) => Reported::One { event_id },
        (_, last) => Reported::Several { event_ids: ids.into_iter().chain(last).collect() },
    };
    Ok((StatusCode::CREATED, Json(reported)))
}

fn one(body: &[u8]) -> Result<&RawValue, Problem> {
    serde_json::from_slice(body).map_err(|err| Problem::bad_request(err.to_string()))
}

fn several(body: &[u8]) -> Result<Vec<SensorEvent>, Problem> {
    let items: Vec<&RawValue> = serde_json::from_slice(body).map_err(|err| Problem::bad_request(err.to_string()))?;
    if !(1..=EVENTS).contains(&items.len()) {
        return Err(Problem::field("body", format!("has {} events; 1 to {EVENTS} are allowed at once", items.len())));
    }
    items.into_iter().enumerate().map(|(index, item)| event(item, &format!("[{index}]"))).collect()
}

/// `place` is where in the body it stands.
fn event(json: &RawValue, place: &str) -> Result<SensorEvent, Problem> {
    let text = json.get();
    let whole = if place.is_empty() { "body" } else { place };
    if text.len() > LINE_BYTES {
        return Err(Problem::field(whole, format!("has {} bytes; an event has at most {LINE_BYTES}", text.len())));
    }
    SensorEvent::parse(text.as_bytes()).map_err(|err| {
        let field = match err.field() {
            Some(field) if place.is_empty() => field.to_owned(),
            Some(field) => format!("{place}.{field}"),
            None => whole.to_owned(),
        };
        Problem::field(&field, err.to_string().replace("a line must", "an event must"))
    })
}

/// How many events there are, by severity and by channel.
#[utoipa::path(get, path = "/api/stats", tag = "events", responses((status = 200, body = Statistics)))]
pub async fn statistics(State(hub): State<Arc<Hub>>, Reader(_): Reader) -> Result<Json<Statistics>, Problem> {
    let found = hub.store.event_statistics().await?;
    let severity = shared::Severity::ALL.iter().map(|severity| severity.as_str()).zip(found.by_severity).collect();
    let channel = found.by_channel.into_iter().collect();
    Ok(Json(Statistics { total_events: found.total, severity, channel, email: hub.store.email_counts().await? }))
}

//! GoAlert's generic endpoint and its heartbeats, for what already knows how to call them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use hub_core::access::Permission;
use serde_json::{Map, Value, json};
use shared::Severity;

use super::fields::{self, Fields};
use super::proof;
use super::report::{self, Report};
use crate::http::problem::Problem;
use crate::hub::Hub;
use crate::store::ApiToken;

const CHANNEL: &str = "goalert";

pub async fn receive(
    State(hub): State<Arc<Hub>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let query = Fields::of_query(query.as_deref());
    let token = caller(&hub, &headers, &query).await?;
    let alert = fields::of_body(&headers, body).await?;
    report::record(&hub, &token, CHANNEL, vec![translated(alert, &query)?]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody is alive; a rule notices when it no longer says so.
pub async fn heartbeat(
    State(hub): State<Arc<Hub>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let token = caller(&hub, &headers, &Fields::of_query(query.as_deref())).await?;
    let labels = BTreeMap::from([("heartbeat".to_owned(), id.clone())]);
    let raw = json!({ "heartbeat": id });
    let report = Report { word: "heartbeat".into(), title: id, body: "heartbeat".into(), labels, raw, ..Report::default() };
    report::record(&hub, &token, CHANNEL, vec![report]).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn caller(hub: &Hub, headers: &HeaderMap, query: &Fields) -> Result<ApiToken, Problem> {
    proof::program(hub, proof::shown(headers, query), Permission::Report).await
}

fn translated(alert: Map<String, Value>, query: &Fields) -> Result<Report, Problem> {
    let field = |name: &str| match fields::text(&alert, name) {
        text if text.is_empty() => query.first(&[name]).unwrap_or_default().to_owned(),
        text => text,
    };
    let (title, body, dedup) = (field("summary"), field("details"), field("dedup"));
    if title.trim().is_empty() {
        return Err(Problem::bad_request("`summary` is empty: say what has happened"));
    }
    // What says no key of its own is the same incident while its summary and details are the same.
    let incident = if dedup.is_empty() { format!("{title}\n{body}") } else { dedup };
    let resolved = field("action") == "close";
    let labels = meta(&alert, query);
    let raw = Value::Object(alert);
    Ok(Report {
        word: "alert".into(),
        usual: Severity::Error,
        title,
        body,
        incident: Some(incident),
        resolved,
        labels,
        raw,
        ..Report::default()
    })
}

/// `meta=key=value`, as often as there are keys; in JSON an object.
fn meta(alert: &Map<String, Value>, query: &Fields) -> BTreeMap<String, String> {
    let pair = |text: &str| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    match alert.get("meta") {
        Some(Value::Object(meta)) => meta.iter().map(|(name, value)| (name.clone(), fields::as_text(value))).collect(),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).filter_map(pair).collect(),
        Some(Value::String(text)) => pair(text).into_iter().collect(),
        _ => query.all("meta").filter_map(pair).collect(),
    }
}

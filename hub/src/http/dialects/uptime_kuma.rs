//! Uptime Kuma's webhook, as JSON or as a form with JSON in its field `data`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use hub_core::access::Permission;
use serde_json::{Map, Value, json};
use shared::Severity;

use super::fields::{self, Fields};
use super::proof;
use super::report::{self, Report};
use crate::http::problem::Problem;
use crate::hub::Hub;

const CHANNEL: &str = "uptime_kuma";
const UP: &str = "up";

pub async fn receive(
    State(hub): State<Arc<Hub>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let shown = proof::shown(&headers, &Fields::of_query(query.as_deref()));
    let token = proof::program(&hub, shown, Permission::Report).await?;
    let mut notification = fields::of_body(&headers, body).await?;
    if let Some(Value::String(data)) = notification.get("data") {
        notification = serde_json::from_str(data).map_err(|err| Problem::bad_request(format!("`data` is no JSON object: {err}")))?;
    }
    let ids = report::record(&hub, &token, CHANNEL, vec![translated(notification)]).await?;
    Ok(Json(json!({ "ok": true, "event_ids": ids })))
}

fn translated(notification: Map<String, Value>) -> Report {
    let part = |name: &str| notification.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
    let (heartbeat, monitor) = (part("heartbeat"), part("monitor"));
    let status = heartbeat.get("status").and_then(Value::as_i64);
    let (word, usual) = meaning(status);
    let said = fields::text(&heartbeat, "msg");
    let body = if said.is_empty() { fields::text(&notification, "msg") } else { said };
    let labels =
        [("monitor", "name"), ("url", "url"), ("type", "type")].map(|(label, field)| (label.to_owned(), fields::text(&monitor, field)));
    let mut labels: BTreeMap<_, _> = labels.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    labels.insert("status".to_owned(), word.to_owned());
    Report {
        word: word.to_owned(),
        usual,
        title: fields::text(&monitor, "name"),
        body,
        incident: Some(fields::text(&monitor, "id")).filter(|id| !id.is_empty()),
        resolved: word == UP && monitor.contains_key("id"),
        labels,
        raw: Value::Object(notification),
        ..Report::default()
    }
}

/// The word for a status; the button "Test" sends none.
fn meaning(status: Option<i64>) -> (&'static str, Severity) {
    match status {
        Some(0) => ("down", Severity::Error),
        Some(1) => (UP, Severity::Info),
        Some(2) => ("pending", Severity::Warning),
        Some(3) => ("maintenance", Severity::Info),
        _ => ("test", Severity::Info),
    }
}

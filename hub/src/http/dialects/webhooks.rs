//! The webhooks of Alertmanager (version 4) and Grafana (version 1): one shape, one parser.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hub_core::access::Permission;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::Severity;

use super::fields::{self, Fields};
use super::proof;
use super::report::{self, Report};
use crate::http::extract;
use crate::http::problem::Problem;
use crate::hub::Hub;

/// Most alerts of one notification.
const ALERTS: usize = 1_000;

#[derive(Deserialize)]
struct Notification {
    alerts: Vec<Map<String, Value>>,
    #[serde(default, rename = "truncatedAlerts")]
    truncated: u64,
    #[serde(default, rename = "groupKey")]
    group: String,
}

pub async fn alertmanager(state: State<Arc<Hub>>, query: RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    receive("alertmanager", state, query, headers, body).await
}

pub async fn grafana(state: State<Arc<Hub>>, query: RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    receive("grafana", state, query, headers, body).await
}

async fn receive(
    channel: &'static str,
    State(hub): State<Arc<Hub>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let shown = proof::shown(&headers, &Fields::of_query(query.as_deref()));
    match accept(&hub, channel, shown, &body).await {
        Ok(ids) => Json(json!({ "event_ids": ids })).into_response(),
        Err(problem) => refused(problem),
    }
}

/// Alertmanager tries again after a 5xx and drops for good on any other refusal, 429 included.
pub fn refused(mut problem: Problem) -> Response {
    if problem.status == StatusCode::TOO_MANY_REQUESTS.as_u16() {
        problem.status = StatusCode::SERVICE_UNAVAILABLE.as_u16();
    }
    problem.into_response()
}

async fn accept(hub: &Hub, channel: &'static str, shown: Option<String>, body: &[u8]) -> Result<Vec<i64>, Problem> {
    let token = proof::program(hub, shown, Permission::Report).await?;
    let notification: Notification = extract::json(body)?;
    if notification.alerts.len() > ALERTS {
        return Err(Problem::field("alerts", format!("has more than {ALERTS} entries; set max_alerts of the receiver")));
    }
    let mut reports: Vec<Report> = notification.alerts.into_iter().map(translated).collect();
    if notification.truncated > 0 {
        reports.push(left_out(notification.truncated, notification.group));
    }
    report::record(hub, &token, channel, reports).await
}

/// What the sender left out must not go unnoticed.
fn left_out(truncated: u64, group: String) -> Report {
    let body = format!("{truncated} more alerts of this group were left out by the sender (max_alerts): {group}");
    let raw = json!({ "truncatedAlerts": truncated, "groupKey": group });
    Report { word: "warning".into(), usual: Severity::Warning, title: "Alerts left out".into(), body, raw, ..Report::default() }
}

/// One alert, as a webhook or the API of Alertmanager says it.
pub fn translated(alert: Map<String, Value>) -> Report {
    let labels = texts(alert.get("labels"));
    let annotations = texts(alert.get("annotations"));
    let of = |texts: &BTreeMap<String, String>, names: &[&str]| {
        names.iter().filter_map(|name| texts.get(*name)).find(|text| !text.trim().is_empty()).cloned().unwrap_or_default()
    };
    let word = labels.get("severity").cloned().unwrap_or_default();
    let name = of(&labels, &["alertname"]);
    let summary = of(&annotations, &["summary", "title"]);
    let body = of(&annotations, &["description", "message"]);
    let fingerprint = match fields::text(&alert, "fingerprint") {
        said if said.is_empty() => serde_json::to_string(&labels).unwrap_or_default(),
        said => said,
    };
    Report {
        usual: severity(&word),
        word,
        title: if summary.is_empty() { name } else { summary },
        body,
        incident: Some(fingerprint),
        resolved: fields::text(&alert, "status") == "resolved",
        labels,
        raw: Value::Object(alert),
        ..Report::default()
    }
}

fn texts(object: Option<&Value>) -> BTreeMap<String, String> {
    let object = object.and_then(Value::as_object);
    object.into_iter().flatten().map(|(name, value)| (name.clone(), fields::as_text(value))).collect()
}

/// What the label `severity` usually means; an alert without one is a warning: somebody wrote a rule for it.
fn severity(word: &str) -> Severity {
    match word.to_lowercase().as_str() {
        "critical" | "page" | "disaster" => Severity::Critical,
        "error" | "high" => Severity::Error,
        "info" | "none" => Severity::Info,
        _ => Severity::Warning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(alert: Value) -> Report {
        translated(alert.as_object().expect("an object").clone())
    }

    #[test]
    fn what_an_alert_says_is_found_where_people_write_it() {
        let report = of(json!({
            "status": "firing", "fingerprint": "c0ffee",
            "labels": {"alertname": "FridgeWarm", "severity": "page", "instance": "sol:9100"},
            "annotations": {"summary": "Fridge of Sol is warm", "description": "11 °C for 5 min"},
            "startsAt": "2026-01-01T00:00:00Z", "endsAt": "0001-01-01T00:00:00Z"
        }));
        assert_eq!((report.title.as_str(), report.body.as_str()), ("Fridge of Sol is warm", "11 °C for 5 min"));
        assert_eq!((report.usual, report.resolved, report.incident.as_deref()), (Severity::Critical, false, Some("c0ffee")));
        assert_eq!(report.labels.get("instance").map(String::as_str), Some("sol:9100"));
    }

    #[test]
    fn an_alert_that_says_little_is_still_one_incident() {
        let report = of(json!({"status": "resolved", "labels": {"alertname": "X"}}));
        assert_eq!((report.title.as_str(), report.resolved, report.usual), ("X", true, Severity::Warning));
        assert_eq!(report.incident, of(json!({"status": "firing", "labels": {"alertname": "X"}})).incident);
    }
}

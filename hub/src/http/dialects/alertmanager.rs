//! Alertmanager's own interface, version 2: what Prometheus, vmalert and Grafana push to, what amtool and Nagstamon read.
//!
//! A sender repeats an alert until it is solved. Only its beginning and its end are events; the rest moves its end.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hub_core::access::Permission;
use hub_core::rule::Subject;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use shared::Timestamp;

use super::fields::{self, Fields};
use super::matcher::Filter;
use super::report::{self, Report};
use super::{proof, silences, webhooks};
use crate::http::extract;
use crate::http::problem::Problem;
use crate::hub::Hub;
use crate::store::{ApiToken, ReportedAlert};

pub const CHANNEL: &str = "alertmanager";
/// An alert without an end is over when it has not been repeated for so long.
const RESOLVE_MS: i64 = 5 * 60 * 1_000;
const ALERTS: usize = 5_000;

/// Alerts of a sender: the new ones and the solved ones become events.
pub async fn receive(State(hub): State<Arc<Hub>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    let shown = proof::shown(&headers, &Fields::of_query(query.as_deref()));
    match accept(&hub, shown, &body).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(problem) => webhooks::refused(problem),
    }
}

async fn accept(hub: &Hub, shown: Option<String>, body: &[u8]) -> Result<(), Problem> {
    let token = proof::program(hub, shown, Permission::Report).await?;
    let alerts: Vec<Map<String, Value>> = extract::json(body)?;
    if alerts.len() > ALERTS {
        return Err(Problem::field("body", format!("has more than {ALERTS} alerts; send fewer at a time")));
    }
    let now = hub.clock.now();
    let said: Vec<ReportedAlert> = alerts.into_iter().map(|alert| reported(alert, now)).collect::<Result<_, _>>()?;
    take(hub, &token, said).await
}

/// Records what is new or over, then remembers how things stand: a crash between the two repeats, and loses nothing.
async fn take(hub: &Hub, token: &ApiToken, said: Vec<ReportedAlert>) -> Result<(), Problem> {
    let now = hub.clock.now();
    let known = hub.store.reported_alerts(Some(token.id)).await?;
    let before = |alert: &ReportedAlert| known.iter().map(|(_, known)| known).find(|known| known.fingerprint == alert.fingerprint);
    let mut said = said;
    for alert in &mut said {
        alert.silenced_by = silenced(hub, token, alert, now);
    }
    let news = said.iter().filter_map(|alert| match before(alert) {
        None if alert.ends_at > now => Some(as_report(alert, now, None)),
        Some(_) if alert.ends_at <= now => Some(as_report(alert, now, None)),
        // Nobody was told, and now nothing keeps it silent.
        Some(ReportedAlert { silenced_by: Some(silence), .. }) if alert.silenced_by.is_none() => {
            Some(as_report(alert, now, Some(*silence)))
        }
        _ => None,
    });
    let news: Vec<Report> = news.collect();
    if !news.is_empty() {
        report::record(hub, token, CHANNEL, news).await?;
    }
    hub.store.keep_reported_alerts(now, token.id, said).await?;
    Ok(())
}

/// Ends what its sender no longer repeats; called again and again.
pub async fn end_what_is_not_repeated(hub: &Hub) -> Result<(), Problem> {
    let now = hub.clock.now();
    let over = hub.store.reported_alerts_over(now).await?;
    for (token, alert) in over {
        report::record(hub, &token, CHANNEL, vec![as_report(&alert, now, None)]).await?;
        hub.store.keep_reported_alerts(now, token.id, vec![alert]).await?;
    }
    Ok(())
}

fn reported(alert: Map<String, Value>, now: Timestamp) -> Result<ReportedAlert, Problem> {
    let labels = alert.get("labels").and_then(Value::as_object).filter(|labels| !labels.is_empty());
    let Some(labels) = labels else { return Err(Problem::field("labels", "an alert needs at least one label")) };
    let digest = Sha256::digest(Value::Object(labels.clone()).to_string().as_bytes());
    let fingerprint = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let time = |name: &str| Timestamp::parse(&fields::text(&alert, name)).ok().filter(|time| time.as_millis() > 0);
    let starts_at = time("startsAt").unwrap_or(now);
    let ends_at = time("endsAt").unwrap_or_else(|| now.plus_millis(RESOLVE_MS));
    Ok(ReportedAlert { fingerprint, alert: Value::Object(alert).to_string(), starts_at, ends_at, updated_at: now, silenced_by: None })
}

/// The silence that keeps an alert from raising anything now.
fn silenced(hub: &Hub, token: &ApiToken, alert: &ReportedAlert, now: Timestamp) -> Option<i64> {
    let event = report::event(token, CHANNEL, as_report(alert, now, None));
    let source = event.source.as_deref().unwrap_or_default();
    hub.rules.current().book.silence(&Subject { event: &event, source, channel: CHANNEL, token: Some(&token.name) }, now)
}

/// `after`: the silence that has just ended for it.
fn as_report(alert: &ReportedAlert, now: Timestamp, after: Option<i64>) -> Report {
    let is_over = alert.ends_at <= now;
    let said = serde_json::from_str::<Map<String, Value>>(&alert.alert).unwrap_or_default();
    let status = if is_over { "resolved" } else { "firing" };
    let after = after.map(|silence| format!("/after-{silence}")).unwrap_or_default();
    let retry = Some(format!("{}/{}/{status}{after}", alert.fingerprint, alert.starts_at.as_millis()));
    Report { incident: Some(alert.fingerprint.clone()), resolved: is_over, retry, ..webhooks::translated(said) }
}

/// What stands now, of all senders; what is silenced says by which silence.
pub async fn list(State(hub): State<Arc<Hub>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let query = Fields::of_query(query.as_deref());
    proof::either(&hub, proof::shown(&headers, &query)).await?;
    let filter = Filter::of(query.all("filter"))?;
    let wants = |name: &str| query.first(&[name]).is_none_or(|said| said != "false");
    let (active, suppressed) = (wants("active"), wants("silenced"));
    let now = hub.clock.now();
    let tokens = hub.store.tokens().await?;
    let standing = hub.store.reported_alerts(None).await?.into_iter().filter(|(_, alert)| alert.ends_at > now);
    let mut alerts = Vec::new();
    for (token, alert) in standing {
        let silence = tokens.iter().find(|known| known.id == token).and_then(|token| silenced(&hub, token, &alert, now));
        let is_wanted = if silence.is_some() { suppressed } else { active };
        let said = serde_json::from_str::<Map<String, Value>>(&alert.alert).unwrap_or_default();
        if is_wanted && said.get("labels").and_then(Value::as_object).is_some_and(|labels| filter.fits(labels)) {
            alerts.push(listed(&said, &alert, silence));
        }
    }
    Ok(Json(Value::Array(alerts)))
}

fn listed(said: &Map<String, Value>, alert: &ReportedAlert, silence: Option<i64>) -> Value {
    let part = |name: &str| said.get(name).cloned().unwrap_or_else(|| json!({}));
    let state = if silence.is_some() { "suppressed" } else { "active" };
    json!({
        "labels": part("labels"), "annotations": part("annotations"), "generatorURL": fields::text(said, "generatorURL"),
        "startsAt": alert.starts_at, "endsAt": alert.ends_at, "updatedAt": alert.updated_at, "fingerprint": alert.fingerprint,
        "receivers": [{ "name": "pregon" }],
        "status": { "state": state, "inhibitedBy": [], "silencedBy": silence.map(silences::uuid).into_iter().collect::<Vec<_>>(), "mutedBy": [] },
    })
}

/// Asked by amtool before anything else.
pub async fn status(State(hub): State<Arc<Hub>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    proof::either(&hub, proof::shown(&headers, &Fields::of_query(query.as_deref()))).await?;
    let version = env!("CARGO_PKG_VERSION");
    Ok(Json(json!({
        "cluster": { "status": "disabled", "peers": [] },
        "config": { "original": "# the rules of this hub are in its panel\n" },
        "uptime": hub.clock.now(),
        "versionInfo": { "version": version, "branch": "", "buildDate": "", "buildUser": "", "goVersion": "", "revision": "" },
    })))
}

pub async fn receivers() -> Json<Value> {
    Json(json!([{ "name": "pregon" }]))
}

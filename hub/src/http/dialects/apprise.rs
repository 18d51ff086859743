//! Apprise: its `json(s)://` notifications, and its own API as `apprise(s)://` calls it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use hub_core::access::Permission;
use serde_json::{Map, Value, json};
use shared::Severity;

use super::fields::{self, Fields};
use super::proof;
use super::report::{self, Report};
use crate::http::problem::Problem;
use crate::hub::Hub;

const CHANNEL: &str = "apprise";
/// Where `apprise://` of newer releases shows what others write into the path.
const TOKEN_HEADER: &str = "x-apprise-config-id";

/// `json(s)://:TOKEN@HUB/hooks/apprise`.
pub async fn receive(
    State(hub): State<Arc<Hub>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let shown = proof::shown(&headers, &Fields::of_query(query.as_deref()));
    accept(&hub, shown, &headers, body).await
}

/// `apprise(s)://HUB/TOKEN` of newer releases.
pub async fn notify(State(hub): State<Arc<Hub>>, headers: HeaderMap, body: Bytes) -> Result<Json<Value>, Problem> {
    let shown = headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    accept(&hub, shown.or_else(|| proof::shown(&headers, &Fields::default())), &headers, body).await
}

/// `apprise(s)://HUB/TOKEN` of older ones.
pub async fn notify_with(
    State(hub): State<Arc<Hub>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    accept(&hub, Some(token), &headers, body).await
}

async fn accept(hub: &Hub, shown: Option<String>, headers: &HeaderMap, body: Bytes) -> Result<Json<Value>, Problem> {
    let token = proof::program(hub, shown, Permission::Report).await?;
    let notification = fields::of_body(headers, body).await?;
    let ids = report::record(hub, &token, CHANNEL, vec![translated(notification)?]).await?;
    Ok(Json(json!({ "error": Value::Null, "event_ids": ids })))
}

fn translated(mut notification: Map<String, Value>) -> Result<Report, Problem> {
    let field =
        |names: [&str; 2]| names.iter().map(|name| fields::text(&notification, name)).find(|text| !text.is_empty()).unwrap_or_default();
    let (title, body, word) = (field(["title", "title"]), field(["message", "body"]), field(["type", "type"]));
    if title.trim().is_empty() && body.trim().is_empty() {
        return Err(Problem::bad_request("there is neither a title nor a message: say what has happened"));
    }
    let usual = match word.as_str() {
        "failure" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Info,
    };
    // Files are not kept: what an alert says must stand in its text.
    let files = notification.remove("attachments").and_then(|files| files.as_array().map(Vec::len)).unwrap_or_default();
    let mut labels = BTreeMap::from([("type".to_owned(), word.clone())]);
    if files > 0 {
        labels.insert("attachments_left_out".to_owned(), files.to_string());
    }
    Ok(Report { word, usual, title, body, labels, raw: Value::Object(notification), ..Report::default() })
}

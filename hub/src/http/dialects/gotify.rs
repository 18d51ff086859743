//! Gotify: `POST /message`, as its clients send it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hub_core::access::Permission;
use serde_json::{Map, Value, json};
use shared::Severity;

use super::fields::{self, Fields};
use super::proof;
use super::report::{self, Report};
use crate::http::problem::Problem;
use crate::hub::Hub;

const CHANNEL: &str = "gotify";
/// The interface of Gotify that is spoken here.
const VERSION: &str = "2.6.1";

pub async fn receive(State(hub): State<Arc<Hub>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    let query = Fields::of_query(query.as_deref());
    match accept(&hub, &headers, &query, body).await {
        Ok(answer) => Json(answer).into_response(),
        Err(problem) => refused(problem),
    }
}

/// What asks for it before it sends: only that somebody is there.
pub async fn version() -> Json<Value> {
    Json(json!({ "version": VERSION, "commit": "", "buildDate": "" }))
}

async fn accept(hub: &Hub, headers: &HeaderMap, query: &Fields, body: Bytes) -> Result<Value, Problem> {
    let token = proof::program(hub, proof::shown(headers, query), Permission::ReportByGotify).await?;
    let message = fields::of_body(headers, body).await?;
    let field = |name: &str| match fields::text(&message, name) {
        text if text.is_empty() => query.first(&[name]).unwrap_or_default().to_owned(),
        text => text,
    };
    let (title, text, priority) = (field("title"), field("message"), field("priority"));
    if text.trim().is_empty() {
        return Err(Problem::bad_request("`message` is empty: say what has happened"));
    }
    let priority = priority.trim().parse::<i64>().unwrap_or_default();
    let report = translated(message.clone(), title.clone(), text.clone(), priority);
    let id = report::record(hub, &token, CHANNEL, vec![report]).await?.pop();
    let title = if title.trim().is_empty() { token.name.clone() } else { title };
    let mut answer = json!({ "id": id, "appid": token.id, "message": text, "title": title, "priority": priority, "date": hub.clock.now() });
    if let (Some(extras), Some(answer)) = (message.get("extras"), answer.as_object_mut()) {
        answer.insert("extras".into(), extras.clone());
    }
    Ok(answer)
}

fn translated(raw: Map<String, Value>, title: String, body: String, priority: i64) -> Report {
    let labels = BTreeMap::from([("priority".to_owned(), priority.to_string())]);
    Report { word: priority.to_string(), usual: severity(priority), title, body, labels, raw: Value::Object(raw), ..Report::default() }
}

fn severity(priority: i64) -> Severity {
    match priority {
        9.. => Severity::Critical,
        7..=8 => Severity::Error,
        4..=6 => Severity::Warning,
        _ => Severity::Info,
    }
}

fn refused(problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let description = problem.detail.as_deref().unwrap_or(problem.title);
    let error = status.canonical_reason().unwrap_or_default();
    let body = json!({ "error": error, "errorCode": problem.status, "errorDescription": description });
    (status, problem.wait(), Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priorities_mean_what_the_table_says() {
        let table = [(10, Severity::Critical), (9, Severity::Critical), (8, Severity::Error), (4, Severity::Warning), (3, Severity::Info)];
        for (priority, expected) in table {
            assert_eq!(severity(priority), expected, "{priority}");
        }
        assert_eq!(severity(-1), Severity::Info);
    }
}

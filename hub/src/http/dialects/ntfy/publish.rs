//! Publishing: a message becomes an event, and is answered as ntfy answers.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hub_core::access::Permission;
use serde_json::{Map, Value, json};

use super::super::fields::{self, Fields};
use super::super::report::{self, Report};
use super::super::{BODY_BYTES, proof};
use super::message::Message;
use super::{CHANNEL, is_topic};
use crate::http::problem::Problem;
use crate::hub::Hub;
use crate::store::ApiToken;

/// How long ntfy would keep a message, seconds; said because programs expect it.
const KEPT_S: i64 = 12 * 60 * 60;

/// A request that showed a good token.
struct Opened {
    token: ApiToken,
    headers: HeaderMap,
    query: Fields,
    body: Body,
}

/// `POST /` with everything in JSON.
pub async fn of_json(hub: &Hub, request: Request) -> Result<Response, Problem> {
    let opened = opened(hub, request).await?;
    let body = bytes(opened.body).await?;
    let said: Map<String, Value> =
        serde_json::from_slice(&body).map_err(|err| Problem::bad_request(format!("the body is no JSON object: {err}")))?;
    let topic = fields::text(&said, "topic");
    if !is_topic(&topic) {
        return Err(Problem::field("topic", "must have 1 to 64 letters, digits, - or _"));
    }
    let message = Message::read(topic, &opened.headers, &opened.query, &said)?;
    record(hub, &opened.token, &message).await
}

/// `POST /TOPIC` with the text as body; with a file's name, the body is the file, and not kept.
pub async fn of_body(hub: &Hub, topic: String, request: Request) -> Result<Response, Problem> {
    let opened = opened(hub, request).await?;
    let body = bytes(opened.body).await?;
    let mut message = Message::read(topic, &opened.headers, &opened.query, &Map::new())?;
    if !message.is_file() && !body.trim_ascii().is_empty() {
        message.message = String::from_utf8_lossy(&body).into_owned();
    }
    record(hub, &opened.token, &message).await
}

/// `GET /TOPIC/publish?message=…`, for what can only open an address.
pub async fn of_address(hub: &Hub, topic: String, request: Request) -> Result<Response, Problem> {
    let opened = opened(hub, request).await?;
    let message = Message::read(topic, &opened.headers, &opened.query, &Map::new())?;
    record(hub, &opened.token, &message).await
}

/// `DELETE /TOPIC/SEQUENCE`: what was published under this sequence is over.
pub async fn delete(hub: &Hub, topic: String, sequence: String, request: Request) -> Result<Response, Problem> {
    let opened = opened(hub, request).await?;
    let raw = json!({ "event": "message_delete", "topic": topic, "sequence_id": sequence });
    let incident = Some(format!("{topic}/{sequence}"));
    let over = Report { body: "deleted".into(), title: topic.clone(), incident, resolved: true, raw: raw.clone(), ..Report::default() };
    report::record(hub, &opened.token, CHANNEL, vec![over]).await?;
    Ok(Json(raw).into_response())
}

async fn opened(hub: &Hub, request: Request) -> Result<Opened, Problem> {
    let query = Fields::of_query(request.uri().query());
    let (parts, body) = request.into_parts();
    // Before the body is read: a stranger costs a look-up, nothing more.
    let token = proof::program(hub, proof::shown(&parts.headers, &query), Permission::ReportByNtfy).await?;
    Ok(Opened { token, headers: parts.headers, query, body })
}

async fn bytes(body: Body) -> Result<Bytes, Problem> {
    let too_large = |err: axum::Error| Problem::unreadable(StatusCode::PAYLOAD_TOO_LARGE, err.to_string());
    axum::body::to_bytes(body, BODY_BYTES).await.map_err(too_large)
}

async fn record(hub: &Hub, token: &ApiToken, message: &Message) -> Result<Response, Problem> {
    let id = report::record(hub, token, CHANNEL, vec![message.report()]).await?.pop();
    let now = hub.clock.now().as_millis() / 1_000;
    let mut answer = json!({
        "id": format!("event{:07}", id.unwrap_or_default()), "time": now, "expires": now + KEPT_S, "event": "message",
        "topic": message.topic, "message": message.message,
    });
    if let Some(answer) = answer.as_object_mut() {
        message.add_to(answer);
    }
    Ok(Json(answer).into_response())
}

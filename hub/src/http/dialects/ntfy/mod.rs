//! ntfy: publishing at `/` and `/TOPIC`, receiving a group's alerts at `/TOPIC/json` and its sisters.

pub mod account;
mod message;
mod publish;
mod stream;
mod subscribe;

use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hub_core::access::Permission;
use serde_json::json;

use self::subscribe::Form;
use super::fields::Fields;
use super::proof;
use crate::http::problem::Problem;
use crate::http::web;
use crate::hub::Hub;

const CHANNEL: &str = "ntfy";
const TOPIC_CHARS: usize = 64;
const TOPICS: usize = 20;

/// First parts of paths that Pregón uses itself.
const RESERVED: [&str; 14] =
    ["admin", "api", "assets", "docs", "healthz", "hooks", "login", "message", "metrics", "notify", "readyz", "v1", "version", "ws"];

/// What a path asks of ntfy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// The body names the topic.
    Root,
    Publish(String),
    /// Everything is in the address.
    PublishByAddress(String),
    /// What was published under a sequence is over.
    Delete(String, String),
    Subscribe(Vec<String>, Form),
    Auth(String),
}

/// The door of ntfy that a request means; `None` is a page, or nothing at all.
pub fn door(method: &Method, path: &str) -> Option<Door> {
    let reads = method == Method::GET || method == Method::HEAD;
    let writes = method == Method::POST || method == Method::PUT;
    if reads && web::is_page(path) {
        return None;
    }
    let mut parts = path.strip_prefix('/')?.split('/');
    let (first, second, rest) = (parts.next()?, parts.next(), parts.next());
    if first.is_empty() {
        return (writes && second.is_none()).then_some(Door::Root);
    }
    if RESERVED.contains(&first) || rest.is_some() || !first.split(',').all(is_topic) {
        return None;
    }
    let topics: Vec<String> = first.split(',').take(TOPICS).map(str::to_owned).collect();
    match second {
        None => (writes && topics.len() == 1).then(|| Door::Publish(first.to_owned())),
        Some("publish" | "send" | "trigger") => (reads && topics.len() == 1).then(|| Door::PublishByAddress(first.to_owned())),
        Some("auth") => reads.then(|| Door::Auth(first.to_owned())),
        Some(sequence) if method == Method::DELETE => Some(Door::Delete(first.to_owned(), sequence.to_owned())),
        Some(form) => reads.then(|| Form::parse(form).map(|form| Door::Subscribe(topics, form)))?,
    }
}

fn is_topic(text: &str) -> bool {
    (1..=TOPIC_CHARS).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

pub async fn open(hub: Arc<Hub>, door: Door, request: Request) -> Response {
    let answer = match door {
        Door::Root => publish::of_json(&hub, request).await,
        Door::Publish(topic) => publish::of_body(&hub, topic, request).await,
        Door::PublishByAddress(topic) => publish::of_address(&hub, topic, request).await,
        Door::Delete(topic, sequence) => publish::delete(&hub, topic, sequence, request).await,
        Door::Subscribe(topics, form) => subscribe::open(hub, topics, form, request).await,
        Door::Auth(_) => auth(&hub, request).await,
    };
    answer.unwrap_or_else(refused)
}

/// Whether the token that is shown is good for a topic at all.
async fn auth(hub: &Hub, request: Request) -> Result<Response, Problem> {
    let shown = proof::shown(request.headers(), &Fields::of_query(request.uri().query()));
    proof::program(hub, shown, Permission::ReportByNtfy).await?;
    Ok(Json(json!({ "success": true })).into_response())
}

/// A refusal in ntfy's own numbers.
fn refused(problem: Problem) -> Response {
    let (status, code) = match problem.status {
        400 | 422 => (400, 40_024),
        401 => (401, 40_101),
        403 => (403, 40_301),
        404 => (404, 40_401),
        413 => (413, 41_301),
        429 => (429, 42_901),
        503 => (503, 50_301),
        other => (other, u32::from(other) * 100 + 1),
    };
    let said = problem.errors.first().map(|error| format!("{}: {}", error.field.as_deref().unwrap_or("body"), error.reason));
    let error = said.or_else(|| problem.detail.clone()).unwrap_or_else(|| problem.title.to_owned());
    let body = json!({ "code": code, "http": status, "error": error, "link": "https://ntfy.sh/docs/publish/" });
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, problem.wait(), Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_topic_only_where_it_is_no_page() {
        let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
        let topic = |name: &str| Some(Door::Publish(name.to_owned()));
        let table = [
            (&get, "/", None),
            (&post, "/", Some(Door::Root)),
            (&put, "/backups", topic("backups")),
            (&post, "/backups", topic("backups")),
            (&get, "/backups", None),
            (&post, "/api", None),
            (&post, "/assets", None),
            (&post, "/a b", None),
            (&post, "/a/b/c", None),
            (&post, "/a,b", None),
            (&get, "/assets/json", None),
            (&get, "/groups/json", None),
            (&get, "/backups/send", Some(Door::PublishByAddress("backups".into()))),
            (&get, "/a,b/json", Some(Door::Subscribe(vec!["a".into(), "b".into()], Form::Json))),
            (&get, "/backups/nonsense", None),
            (&delete, "/backups/42", Some(Door::Delete("backups".into(), "42".into()))),
        ];
        for (method, path, expected) in table {
            assert_eq!(door(method, path), expected, "{method} {path}");
        }
    }
}

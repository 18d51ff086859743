//! Fields that tools send in many ways: in the address, as a form, as several parts, as JSON.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Multipart};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Request};
use serde_json::{Map, Value};

use crate::http::problem::Problem;

/// Most fields that are looked at.
const FIELDS: usize = 100;

/// Names in small letters, in the order in which they came.
#[derive(Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    pub fn of_query(query: Option<&str>) -> Self {
        Self::of_form(query.unwrap_or_default().as_bytes())
    }

    fn of_form(form: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(form).take(FIELDS);
        Self(pairs.map(|(name, value)| (name.to_lowercase(), value.into_owned())).collect())
    }

    /// The first field that has one of these names, tried in their order.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.0.iter().find(|(known, _)| known == name)).map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The fields of a body, whatever its kind; JSON keeps its types, the others are texts.
pub async fn of_body(headers: &HeaderMap, body: Bytes) -> Result<Map<String, Value>, Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_lowercase();
    if kind.starts_with("multipart/") {
        return of_parts(headers, body).await;
    }
    if kind.starts_with("application/x-www-form-urlencoded") && body.first() != Some(&b'{') {
        return Ok(texts(Fields::of_form(&body)));
    }
    if body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(&body).map_err(|err| Problem::bad_request(format!("the body is no JSON object: {err}")))
}

fn texts(fields: Fields) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in fields.0 {
        // Several of one name: a list, as GoAlert's `meta`.
        match object.get_mut(&name) {
            None => drop(object.insert(name, Value::String(value))),
            Some(Value::Array(list)) => list.push(Value::String(value)),
            Some(first) => *first = Value::Array(vec![first.take(), Value::String(value)]),
        }
    }
    object
}

async fn of_parts(headers: &HeaderMap, body: Bytes) -> Result<Map<String, Value>, Problem> {
    let unreadable = |reason: String| Problem::bad_request(format!("the parts of the body cannot be read: {reason}"));
    let mut request = Request::new(Body::from(body));
    *request.headers_mut() = headers.clone();
    let mut parts = Multipart::from_request(request, &()).await.map_err(|err| unreadable(err.body_text()))?;
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|err| unreadable(err.body_text()))? {
        let (Some(name), false) = (part.name().map(str::to_lowercase), fields.len() >= FIELDS) else { continue };
        // An attached file is no text; its name is all that is said of it.
        let value = match part.file_name().map(str::to_owned) {
            Some(file) => file,
            None => part.text().await.map_err(|err| unreadable(err.body_text()))?,
        };
        fields.push((name, value));
    }
    Ok(texts(Fields(fields)))
}

/// A field as text: numbers and flags are written out, lists are joined.
pub fn text(object: &Map<String, Value>, name: &str) -> String {
    object.get(name).map(as_text).unwrap_or_default()
}

pub fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(list) => list.iter().map(as_text).collect::<Vec<_>>().join(","),
        Value::Null | Value::Object(_) => String::new(),
    }
}

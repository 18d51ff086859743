//! Bodies and queries whose errors name the field, as problem+json.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::StatusCode;
use shared::Name;

use super::problem::Problem;

/// A JSON body.
#[derive(Debug, FromRequest)]
#[from_request(via(axum::Json), rejection(Problem))]
pub struct Body<T>(pub T);

/// The query of the address.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub struct Query<T>(pub T);

/// A part of the path.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub struct Path<T>(pub T);

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        let text = rejection.body_text();
        match rejection.status() {
            // serde says which field, line and column.
            StatusCode::UNPROCESSABLE_ENTITY => Self::misread(message_of(&text)),
            StatusCode::BAD_REQUEST => Self::bad_request(text),
            status => Self::unreadable(status, text),
        }
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

impl Problem {
    /// What serde says of a body: the path of the field, then what is wrong with it.
    fn misread(message: &str) -> Self {
        let field = field_of(message);
        let reason = message.strip_prefix(&format!("{field}: ")).unwrap_or(message);
        Self::field(&field, reason)
    }
}

/// Reads JSON that a handler took as bytes.
pub fn json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|err| match err.classify() {
        serde_json::error::Category::Data => Problem::misread(&err.to_string()),
        _ => Problem::bad_request(err.to_string()),
    })
}

/// The words of serde, without those of the framework before them.
fn message_of(text: &str) -> &str {
    text.split_once("target type: ").map_or(text, |(_, message)| message)
}

/// The field that serde names: the path before its message, or the name in backticks of a missing one.
fn field_of(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("missing field `") {
        return rest.split('`').next().unwrap_or("body").to_owned();
    }
    match message.split_once(": ") {
        Some((path, _)) if !path.contains(' ') => path.to_owned(),
        _ => "body".to_owned(),
    }
}

/// A name that somebody typed; `field` is where.
pub fn name(field: &str, text: &str) -> Result<Name, Problem> {
    Name::parse(text).map_err(|reason| Problem::field(field, reason.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_found_in_what_serde_says() {
        let prefix = "Failed to deserialize the JSON body into the target type: ";
        let table = [
            ("severity: unknown variant `fatal`, expected one of `info` at line 1 column 9", "severity"),
            ("missing field `text` at line 1 column 2", "text"),
            ("audience[0].kind: invalid type: integer", "audience[0].kind"),
            ("invalid type: string \"x: y\", expected struct", "body"),
        ];
        for (message, field) in table {
            assert_eq!(field_of(message_of(&format!("{prefix}{message}"))), field);
        }
    }
}

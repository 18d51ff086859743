//! One request to the hub, before it is known whether a process or this one answers it.

use axum::http::Method;
use serde_json::Value;

/// A request to the REST interface.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
    /// Makes a repetition harmless.
    pub idempotency_key: Option<String>,
}

/// What came back: the status and its JSON, `Null` without a body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Ask {
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None, idempotency_key: None }
    }

    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: Method::POST, path: path.into(), body: Some(body), idempotency_key: None }
    }

    pub fn patch(path: impl Into<String>, body: Value) -> Self {
        Self { method: Method::PATCH, path: path.into(), body: Some(body), idempotency_key: None }
    }

    pub fn delete(path: impl Into<String>) -> Self {
        Self { method: Method::DELETE, path: path.into(), body: None, idempotency_key: None }
    }

    #[must_use]
    pub fn idempotent(self, key: String) -> Self {
        Self { idempotency_key: Some(key), ..self }
    }
}

/// A name as one part of a path.
pub fn segment(name: &str) -> String {
    name.bytes().fold(String::with_capacity(name.len()), |mut path, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' => path.push(char::from(byte)),
            // The dot too: a part of dots alone would be taken for a step in the path.
            _ => path.push_str(&format!("%{byte:02X}")),
        }
        path
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_part_of_the_path() {
        assert_eq!(segment("Peña/../1?x#y"), "Pe%C3%B1a%2F%2E%2E%2F1%3Fx%23y");
        assert_eq!(segment(".."), "%2E%2E");
    }
}

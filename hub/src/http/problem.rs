//! The only error that HTTP answers with: problem+json (RFC 9457).

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use hub_core::problem::FieldProblem;
use serde::Serialize;

use super::reasons::{ReasonCode, recognised};
use crate::security::attempts::TooEarly;
use crate::security::password::PasswordError;
use crate::security::rates::Exceeded;
use crate::security::requests::TooFast;
use crate::security::seal::Unreadable;
use crate::security::token::random_u128;
use crate::store::StoreError;

/// What went wrong, where, and what to do next.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Stable: programs may rely on it.
    pub r#type: &'static str,
    pub title: &'static str,
    pub status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What `detail` says, for whoever says it in another language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ReasonCode>,
    /// The values in `detail`, by name. Boxed: an error is returned from nearly every function here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    pub values: Option<Box<BTreeMap<&'static str, String>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Of a failure of the hub: its log has a line with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Box<str>>,
    #[serde(skip)]
    retry_after_s: Option<u32>,
}

/// A field, or a line of a file, that was not accepted.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    pub reason: String,
    /// What `reason` says, for whoever says it in another language; absent where there is no code for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ReasonCode>,
    /// The values in `reason`, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>)]
    pub values: BTreeMap<&'static str, String>,
}

impl FieldError {
    fn new(field: Option<String>, line: Option<u64>, reason: String) -> Self {
        let (code, values) = recognised(&reason).unzip();
        Self { field, line, reason, code, values: values.unwrap_or_default() }
    }
}

/// A line of a file that was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    pub line: u64,
    pub reason: String,
}

impl LineError {
    pub fn new(line: u64, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into() }
    }
}

impl Problem {
    fn new(status: StatusCode, r#type: &'static str, title: &'static str) -> Self {
        let status = status.as_u16();
        Self { r#type, title, status, detail: None, code: None, values: None, errors: Vec::new(), id: None, retry_after_s: None }
    }

    #[must_use]
    fn detail(mut self, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        if let Some((code, values)) = recognised(&detail) {
            self.code = Some(code);
            self.values = (!values.is_empty()).then(|| Box::new(values));
        }
        self.detail = Some(detail);
        self
    }

    /// When to try again, as a header, if that is known.
    pub fn wait(&self) -> AppendHeaders<Option<(HeaderName, HeaderValue)>> {
        AppendHeaders(self.retry_after_s.map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds))))
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "/problems/bad-request", "The request is malformed").detail(detail)
    }

    /// The body is larger than any request needs, or of a kind that is not understood.
    pub fn unreadable(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::new(status, "/problems/unreadable", "The body cannot be read").detail(detail)
    }

    pub fn invalid(errors: Vec<FieldProblem>) -> Self {
        let errors = errors.into_iter().map(|problem| FieldError::new(Some(problem.field), None, problem.reason)).collect();
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "/problems/invalid", "Some fields are not right") }
    }

    pub fn lines(faults: Vec<LineError>) -> Self {
        let errors = faults.into_iter().map(|fault| FieldError::new(None, Some(fault.line), fault.reason)).collect();
        Self {
            errors,
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "/problems/invalid-file", "Some lines are not right; nothing was imported")
        }
    }

    pub fn field(field: &str, reason: impl Into<String>) -> Self {
        Self::invalid(vec![FieldProblem::new(field, reason)])
    }

    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "/problems/unauthorized", "Log in first").detail("the token is missing, unknown or has run out")
    }

    /// The address that asks is kept out for now.
    pub fn banned() -> Self {
        Self::new(StatusCode::FORBIDDEN, "/problems/banned", "Your address is banned")
            .detail("too much from there looked like an attack; ask the administrator, or wait until the ban ends")
    }

    pub fn wrong_credentials() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "/problems/wrong-credentials", "User or password is wrong")
    }

    /// A field that this user may not set so.
    pub fn beyond(field: &str, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        let errors = vec![FieldError::new(Some(field.to_owned()), None, reason.clone())];
        Self { errors, ..Self::forbidden(&reason) }
    }

    /// The password was right; now the code of the second factor is wanted.
    pub fn totp_required() -> Self {
        let problem = Self::new(StatusCode::UNAUTHORIZED, "/problems/totp_required", "The code of the second factor is needed");
        problem.detail("send it, or a recovery code, as `totp`")
    }

    pub fn totp_wrong() -> Self {
        let problem = Self::new(StatusCode::UNAUTHORIZED, "/problems/totp_wrong", "The code is wrong");
        problem.detail("it is not the code of now, or it was used already")
    }

    /// The settings want a second factor of this role: until there is one, nothing else is possible.
    pub fn totp_setup_required() -> Self {
        let problem = Self::new(StatusCode::FORBIDDEN, "/problems/totp_setup_required", "Set up a second factor first");
        problem.detail("your role needs one: see /api/account/totp")
    }

    pub fn forbidden(detail: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "/problems/forbidden", "Your role does not allow this").detail(detail)
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "/problems/not-found", "Not found").detail(format!("{what} does not exist"))
    }

    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "/problems/conflict", "This cannot be done now").detail(detail)
    }

    /// Done a moment ago; once more only after so many milliseconds.
    pub fn too_soon(wait_ms: i64) -> Self {
        let seconds = u32::try_from(wait_ms.max(1).cast_unsigned().div_ceil(1_000)).unwrap_or(u32::MAX);
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "/problems/too-soon", "This was done a moment ago");
        Self { retry_after_s: Some(seconds), ..problem.detail(format!("once more in {seconds} s")) }
    }

    pub fn slow() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "/problems/slow", "The answer took too long").detail("try again in a moment")
    }

    fn unavailable(detail: String) -> Self {
        let title = "The hub cannot save now; nothing was accepted";
        Self { retry_after_s: Some(5), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "/problems/not-saved", title).detail(detail) }
    }
}

impl From<StoreError> for Problem {
    fn from(err: StoreError) -> Self {
        match err {
            StoreError::Missing(what) => Self::not_found(what),
            StoreError::Exists(_) | StoreError::Full(..) | StoreError::Refused(_) => Self::conflict(err.to_string()),
            StoreError::Overloaded(_) if err.is_disk_full() => {
                Self::unavailable(format!("{err}; make room where its data folder is, it goes on by itself"))
            }
            StoreError::Overloaded(_) | StoreError::Halted(_) => Self::unavailable(err.to_string()),
            StoreError::Database(detail) => {
                // What the database says may hold data: it goes to the log, not to the asker.
                let id = format!("{:08x}", random_u128() >> 96);
                tracing::error!(id, detail, "the database failed");
                let problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "/problems/internal", "The hub failed");
                Self { id: Some(id.into()), ..problem.detail("its log has a line with this id") }
            }
        }
    }
}

impl From<Exceeded> for Problem {
    fn from(exceeded: Exceeded) -> Self {
        let wait = match exceeded {
            Exceeded::Now { wait, .. } => wait,
            Exceeded::Ever { .. } => Duration::ZERO,
        };
        // Whole seconds, rounded up; 0 would be an invitation to try at once.
        let seconds = wait.as_millis().div_ceil(1_000).max(1);
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "/problems/rate-limited", "Too many events; none was recorded");
        Self { retry_after_s: Some(u32::try_from(seconds).unwrap_or(u32::MAX)), ..problem.detail(exceeded.to_string()) }
    }
}

impl From<TooFast> for Problem {
    fn from(TooFast(wait): TooFast) -> Self {
        let seconds = u32::try_from(wait.as_millis().div_ceil(1_000).max(1)).unwrap_or(u32::MAX);
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "/problems/rate-limited", "Too many requests");
        let detail = format!("your address asks faster than is answered; try again in {seconds} s");
        Self { retry_after_s: Some(seconds), ..problem.detail(detail) }
    }
}

impl From<TooEarly> for Problem {
    fn from(TooEarly(wait): TooEarly) -> Self {
        let seconds = u32::try_from(wait.as_millis().div_ceil(1_000).max(1)).unwrap_or(u32::MAX);
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "/problems/too-many-tries", "Too many wrong tries");
        Self { retry_after_s: Some(seconds), ..problem.detail(format!("try again in {seconds} s")) }
    }
}

impl From<Unreadable> for Problem {
    fn from(err: Unreadable) -> Self {
        Self::from(StoreError::Database(err.to_string()))
    }
}

impl From<PasswordError> for Problem {
    fn from(err: PasswordError) -> Self {
        tracing::warn!(%err, "a password could not be checked");
        Self { retry_after_s: Some(2), ..Self::slow() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after_s = self.retry_after_s;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Problem> for Response<Body> {
    fn from(problem: Problem) -> Self {
        problem.into_response()
    }
}

pub async fn no_such_route() -> Problem {
    Problem::not_found("this path of the interface")
}

pub async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "This path does not know this method")
}

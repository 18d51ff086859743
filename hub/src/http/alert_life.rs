//! `/api/alerts/{id}/amend` and `/remind`: what can be done to an alert that stands.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use hub_core::alert::{Draft, DraftInput};
use serde::{Deserialize, Serialize};
use shared::wire::limits;
use shared::{AlertId, Audience, Severity};

use super::alerts::{Accepted, accepted, parse_id};
use super::auth::Sender;
use super::extract::{Body, Path};
use super::problem::Problem;
use crate::hub::Hub;
use crate::store::{Alert, Correction, Reminder};

/// What is wrong in an alert that stands; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct AmendRequest {
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub severity: Option<Severity>,
    /// As long as the old one had, unless said.
    #[serde(default)]
    pub expires_in_s: Option<u64>,
    /// Why; stands in the timeline.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Who was reminded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Reminded {
    /// Recipients that are connected and have not seen the alert: it is brought up there again.
    pub reminded: usize,
    /// Recipients that have not seen it and are away: they get it when they come back.
    pub offline: usize,
}

/// Correct an alert: a new one takes its place on every screen, and who never saw the old one never will.
#[utoipa::path(post, path = "/api/alerts/{id}/amend", tag = "alerts", params(("id" = String, Path)), request_body = AmendRequest,
    responses((status = 201, body = Accepted), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn amend(
    State(hub): State<Arc<Hub>>,
    Sender(caller): Sender,
    Path(id): Path<String>,
    Body(request): Body<AmendRequest>,
) -> Result<(axum::http::StatusCode, Json<Accepted>), Problem> {
    let (old, _) = hub.store.alert(parse_id(&id)?).await?;
    let correction = correction(request, &old)?;
    super::limits::check(&hub, &caller, &old.audience, old.severity.max(correction.severity.unwrap_or(old.severity))).await?;
    let amended = hub.publisher.amend(&caller.actor(), old.id, correction).await?;
    Ok((axum::http::StatusCode::CREATED, Json(accepted(&hub, amended.recorded))))
}

/// Checked as a new alert would be.
fn correction(request: AmendRequest, old: &Alert) -> Result<Correction, Problem> {
    let reason = one_reason(request.reason)?;
    let draft = Draft::check(DraftInput {
        audience: vec![Audience::Global],
        severity: request.severity.unwrap_or(old.severity),
        title: request.title.unwrap_or_else(|| old.title.clone()),
        text: request.text.unwrap_or_else(|| old.text.clone()),
        expires_in_s: request.expires_in_s,
        ..DraftInput::default()
    })
    .map_err(Problem::invalid)?;
    let is_same = draft.title == old.title && draft.text == old.text && draft.severity == old.severity;
    if is_same && request.expires_in_s.is_none() {
        return Err(Problem::field("text", "is the same as before, and so are title and severity: there is nothing to correct"));
    }
    Ok(Correction {
        title: Some(draft.title),
        text: Some(draft.text),
        severity: Some(draft.severity),
        expires_in_ms: request.expires_in_s.and(draft.expires_in_ms),
        reason,
    })
}

/// A reason on one line; an empty one is none.
pub(super) fn one_reason(reason: Option<String>) -> Result<Option<String>, Problem> {
    let reason = reason.map(|reason| shared::text::one_line(&reason)).filter(|reason| !reason.is_empty());
    match reason {
        Some(reason) if reason.chars().count() > limits::REPLY_CHARS => {
            Err(Problem::field("reason", format!("has more than {} characters", limits::REPLY_CHARS)))
        }
        reason => Ok(reason),
    }
}

/// Bring an alert up again, with its sound, wherever nobody has seen it; at most once a minute.
#[utoipa::path(post, path = "/api/alerts/{id}/remind", tag = "alerts", params(("id" = String, Path)),
    responses((status = 200, body = Reminded), (status = 404, body = Problem), (status = 409, body = Problem), (status = 429, body = Problem)))]
pub async fn remind(State(hub): State<Arc<Hub>>, Sender(caller): Sender, Path(id): Path<String>) -> Result<Json<Reminded>, Problem> {
    let id: AlertId = parse_id(&id)?;
    let (alert, _) = hub.store.alert(id).await?;
    super::limits::check(&hub, &caller, &alert.audience, alert.severity).await?;
    match hub.publisher.remind(&caller.actor(), id).await? {
        Reminder::Sent { clients, away } => Ok(Json(Reminded { reminded: clients.len(), offline: away })),
        Reminder::TooSoon { wait_ms } => Err(Problem::too_soon(wait_ms)),
    }
}

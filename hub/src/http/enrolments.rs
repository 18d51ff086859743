//! `/api/enrolments`: one-time codes by which a PC becomes a client.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::Timestamp;

use super::auth::Administrator;
use super::extract::{self, Body, Path};
use super::problem::Problem;
use crate::hub::Hub;
use crate::security::token;
use crate::store::{Enrolment, NewEnrolment};

const DAY_S: u64 = 24 * 60 * 60;
const LONGEST_S: u64 = 90 * DAY_S;
const MOST_USES: u32 = 10_000;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct EnrolmentRequest {
    /// The only name it is for; such a code may also give an enrolled client a new key.
    pub name: Option<String>,
    /// How many PCs may use it; 1 if absent.
    pub uses: Option<u32>,
    /// 24 hours if absent.
    pub expires_in_s: Option<u64>,
}

/// The only time that the code is said.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EnrolmentCode {
    pub id: i64,
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub uses: u32,
    pub expires_at: Timestamp,
    /// SHA-256 of the hub's CA, for `pregon-tray enrol --ca-fingerprint`.
    pub ca_fingerprint: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EnrolmentList {
    pub enrolments: Vec<Enrolment>,
}

/// Make a code.
#[utoipa::path(post, path = "/api/enrolments", tag = "enrolments", request_body = EnrolmentRequest,
    responses((status = 201, body = EnrolmentCode), (status = 422, body = Problem)))]
pub async fn create(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<EnrolmentRequest>,
) -> Result<(StatusCode, Json<EnrolmentCode>), Problem> {
    let name = request.name.as_deref().map(|name| extract::name("name", name)).transpose()?;
    let uses = request.uses.unwrap_or(1);
    if !(1..=MOST_USES).contains(&uses) || (name.is_some() && uses > 1) {
        return Err(Problem::field("uses", format!("must be 1 to {MOST_USES}, and 1 for a code that is bound to a name")));
    }
    let seconds = request.expires_in_s.unwrap_or(DAY_S);
    if !(60..=LONGEST_S).contains(&seconds) {
        return Err(Problem::field("expires_in_s", format!("must be 60 to {LONGEST_S} seconds")));
    }
    let code = token::enrolment_code();
    // Invariant: a code that was just made can be read.
    let code_hash = token::code_hash(&code).unwrap_or_default();
    let now = hub.clock.now();
    let expires_at = now.plus_millis(seconds.cast_signed().saturating_mul(1_000));
    let shown = name.as_ref().map(ToString::to_string);
    let id = hub.store.add_enrolment(now, &caller.actor(), NewEnrolment { code_hash, name, uses, expires_at }).await?;
    let ca_fingerprint = hub.tls.ca_fingerprint();
    Ok((StatusCode::CREATED, Json(EnrolmentCode { id, code, name: shown, uses, expires_at, ca_fingerprint })))
}

/// Codes that can still be used.
#[utoipa::path(get, path = "/api/enrolments", tag = "enrolments", responses((status = 200, body = EnrolmentList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Administrator(_): Administrator) -> Result<Json<EnrolmentList>, Problem> {
    Ok(Json(EnrolmentList { enrolments: hub.store.enrolments(hub.clock.now()).await? }))
}

/// Make a code useless.
#[utoipa::path(delete, path = "/api/enrolments/{id}", tag = "enrolments", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn delete(State(hub): State<Arc<Hub>>, Administrator(caller): Administrator, Path(id): Path<i64>) -> Result<StatusCode, Problem> {
    hub.store.delete_enrolment(hub.clock.now(), &caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

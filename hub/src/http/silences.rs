//! `/api/silences`: events that are recorded and raise nothing, for a time or in a weekly window.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hub_core::rule::{Silence, check_silence};
use serde::Serialize;

use super::auth::{Reader, Technician};
use super::extract::{Body, Path};
use super::problem::Problem;
use crate::hub::Hub;
use crate::store::{Actor, KeptSilence, StoreError};

/// Silences that are shown; those that hold come first.
pub(super) const SHOWN: u32 = 200;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SilenceList {
    pub silences: Vec<SilenceRow>,
}

/// A silence, and whether it holds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SilenceRow {
    #[serde(flatten)]
    pub silence: KeptSilence,
    /// It holds at this moment.
    pub active: bool,
    /// It was ended, or its time is over.
    pub over: bool,
}

/// Silences that hold or will hold, then the newest of those that are over.
#[utoipa::path(get, path = "/api/silences", tag = "silences", responses((status = 200, body = SilenceList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Reader(_): Reader) -> Result<Json<SilenceList>, Problem> {
    let silences = hub.store.silences(SHOWN).await?;
    Ok(Json(SilenceList { silences: silences.into_iter().map(|silence| row(&hub, silence)).collect() }))
}

/// Silence events: technicians, too.
#[utoipa::path(post, path = "/api/silences", tag = "silences", request_body = Silence,
    responses((status = 201, body = SilenceRow), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(hub): State<Arc<Hub>>,
    Technician(caller): Technician,
    Body(silence): Body<Silence>,
) -> Result<(StatusCode, Json<SilenceRow>), Problem> {
    let silence = check_silence(silence, hub.clock.now()).map_err(Problem::invalid)?;
    let kept = begin(&hub, caller.actor(), silence).await?;
    Ok((StatusCode::CREATED, Json(row(&hub, kept))))
}

/// End a silence now.
#[utoipa::path(delete, path = "/api/silences/{id}", tag = "silences", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn end(State(hub): State<Arc<Hub>>, Technician(caller): Technician, Path(id): Path<i64>) -> Result<StatusCode, Problem> {
    stop(&hub, caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps a silence that was checked; it holds from now on, whatever becomes of whoever asked.
pub(super) async fn begin(hub: &Arc<Hub>, actor: Actor, silence: Silence) -> Result<KeptSilence, StoreError> {
    let owner = Arc::clone(hub);
    let work = async move {
        let now = owner.clock.now();
        let kept = owner.store.add_silence(now, &actor, silence).await?;
        owner.rules.reload(&owner.store, now).await?;
        Ok(kept)
    };
    hub.publisher.to_the_end(work).await
}

pub(super) async fn stop(hub: &Arc<Hub>, actor: Actor, id: i64) -> Result<(), StoreError> {
    let owner = Arc::clone(hub);
    let work = async move {
        let now = owner.clock.now();
        owner.store.end_silence(now, &actor, id).await?;
        owner.rules.reload(&owner.store, now).await
    };
    hub.publisher.to_the_end(work).await
}

fn row(hub: &Hub, silence: KeptSilence) -> SilenceRow {
    let now = hub.clock.now();
    let over = silence.ended_at.is_some() || silence.silence.ends_at.is_some_and(|end| end <= now);
    SilenceRow { active: !over && silence.silence.is_on(now), over, silence }
}

//! `/api/phrases`: quick texts for whoever writes alerts.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use hub_core::phrase;
use serde::{Deserialize, Serialize};

use super::auth::{Reader, Technician};
use super::extract::Body;
use super::problem::Problem;
use crate::hub::Hub;

/// Quick texts, in the order in which they are offered. A word in braces, like `{phone}`, is a blank to be filled.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Phrases {
    pub phrases: Vec<String>,
}

#[utoipa::path(get, path = "/api/phrases", tag = "phrases", responses((status = 200, body = Phrases)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(_): Reader) -> Result<Json<Phrases>, Problem> {
    Ok(Json(Phrases { phrases: hub.store.phrases().await? }))
}

/// Save the whole list; the answer is what is kept of it: no empty text, none twice.
#[utoipa::path(put, path = "/api/phrases", tag = "phrases", request_body = Phrases,
    responses((status = 200, body = Phrases), (status = 422, body = Problem)))]
pub async fn save(
    State(hub): State<Arc<Hub>>,
    Technician(caller): Technician,
    Body(request): Body<Phrases>,
) -> Result<Json<Phrases>, Problem> {
    let phrases = phrase::cleaned(&request.phrases).map_err(Problem::invalid)?;
    hub.store.set_phrases(hub.clock.now(), &caller.actor(), phrases.clone()).await?;
    Ok(Json(Phrases { phrases }))
}

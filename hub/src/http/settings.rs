//! `/api/settings`: what the administrator sets while the hub runs. What the file says is at `/api/config`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::auth::Administrator;
use super::extract::Body;
use super::problem::Problem;
use crate::hub::Hub;
use crate::store::{Oldest, Retention, Settings};

/// The settings, and how far back what is kept goes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SettingsView {
    pub retention: Retention,
    pub oldest: Oldest,
}

#[utoipa::path(get, path = "/api/settings", tag = "settings", responses((status = 200, body = SettingsView)))]
pub async fn show(State(hub): State<Arc<Hub>>, Administrator(_): Administrator) -> Result<Json<SettingsView>, Problem> {
    view(&hub).await
}

/// Set everything anew. What is older than what is said here is deleted within minutes, for ever.
#[utoipa::path(put, path = "/api/settings", tag = "settings", request_body = Settings,
    responses((status = 200, body = SettingsView), (status = 422, body = Problem)))]
pub async fn change(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(settings): Body<Settings>,
) -> Result<Json<SettingsView>, Problem> {
    let problems = settings.retention.problems("retention");
    if !problems.is_empty() {
        return Err(Problem::invalid(problems));
    }
    hub.store.set_settings(hub.clock.now(), &caller.actor(), settings).await?;
    view(&hub).await
}

async fn view(hub: &Hub) -> Result<Json<SettingsView>, Problem> {
    let Settings { retention } = hub.store.settings().await?;
    Ok(Json(SettingsView { retention, oldest: hub.store.oldest().await? }))
}

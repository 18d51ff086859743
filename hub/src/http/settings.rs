//! `/api/settings`: what the administrator sets while the hub runs. What the file says is at `/api/config`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use hub_core::problem::FieldProblem;
use serde::Serialize;

use super::auth::Administrator;
use super::extract::Body;
use super::problem::Problem;
use crate::hub::Hub;
use crate::store::{Oldest, Retention, Settings};

/// Days that anything may be kept: ten years and a little.
pub const MOST_DAYS: u32 = 4_000;

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
    let problems = problems(&settings.retention, "retention");
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

/// What is wrong with these spans; `path` is where they stand.
pub fn problems(retention: &Retention, path: &str) -> Vec<FieldProblem> {
    let spans = [
        ("events_days", retention.events_days),
        ("alerts_days", retention.alerts_days),
        ("connections_days", retention.connections_days),
        ("messages_days", retention.messages_days),
        ("actions_days", retention.actions_days),
    ];
    let is_wrong = |days: Option<u32>| days.is_some_and(|days| days == 0 || days > MOST_DAYS);
    let reason = format!("must be 1 to {MOST_DAYS} days, or null for ever");
    spans.into_iter().filter(|(_, days)| is_wrong(*days)).map(|(name, _)| FieldProblem::new(format!("{path}.{name}"), &*reason)).collect()
}

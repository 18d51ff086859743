//! `/api/watches`: switches for sources that must report.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use hub_core::rule::{Watch, check_watches};
use serde::{Deserialize, Serialize};
use shared::Timestamp;

use super::auth::{Administrator, Reader};
use super::extract::Body;
use super::problem::Problem;
use super::rules::{fresh_id, write};
use crate::hub::Hub;
use crate::store::RuleDocument;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Watches {
    pub watches: Vec<WatchRow>,
    /// Rises with every change.
    pub version: i64,
}

/// A switch, and how it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchRow {
    #[serde(flatten)]
    pub watch: Watch,
    /// The last sign of life since the hub started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent_since: Option<Timestamp>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WatchesChange {
    pub watches: Vec<Watch>,
    /// The version that was looked at: refused if somebody has changed it meanwhile.
    pub version: Option<i64>,
}

/// Switches, and how each is.
#[utoipa::path(get, path = "/api/watches", tag = "watches", responses((status = 200, body = Watches)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(_): Reader) -> Result<Json<Watches>, Problem> {
    Ok(Json(current(&hub).await?))
}

/// Write all switches anew.
#[utoipa::path(put, path = "/api/watches", tag = "watches", request_body = WatchesChange,
    responses((status = 200, body = Watches), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<WatchesChange>,
) -> Result<Json<Watches>, Problem> {
    let mut watches = check_watches(request.watches).map_err(Problem::invalid)?;
    watches.iter_mut().filter(|watch| watch.id.is_empty()).for_each(|watch| watch.id = fresh_id());
    let detail = format!("changed which sources must report: now {}", watches.len());
    write(&hub, &caller, RuleDocument::Watches, Some(watches), request.version, detail).await?;
    Ok(Json(current(&hub).await?))
}

async fn current(hub: &Hub) -> Result<Watches, Problem> {
    let edition = hub.store.rule_edition(RuleDocument::Watches).await?;
    let silent: HashMap<String, Timestamp> = hub.store.silent_watches().await?.into_iter().collect();
    let rows = hub.rules.switches().into_iter().map(|switch| WatchRow {
        silent_since: silent.get(&switch.watch.id).copied(),
        heard_at: switch.heard_at,
        watch: switch.watch,
    });
    Ok(Watches { watches: rows.collect(), version: edition.version })
}

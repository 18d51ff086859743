//! Whether the hub lives, and whether it can keep its promise; and what it listens on.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hub_core::access::Role;
use serde::Serialize;
use shared::Timestamp;

use super::auth::Reader;
use crate::config::keys::{self, Shown};
use crate::hub::Hub;
use crate::monitor::trouble::{self, Findings, Trouble};

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Health {
    pub ok: bool,
    /// What keeps the hub from its promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same and what soon will, one by one, the gravest first: each with its code and what to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Trouble>,
}

/// What the hub listens on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HubConfig {
    pub https: String,
    pub events: String,
    /// Absent: no sensors over TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events_tls: Option<String>,
    pub version: &'static str,
    /// For admin alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<ConfigDetails>,
}

/// Where the hub keeps what, how long its certificate holds, and what its file and environment say.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConfigDetails {
    /// The data folder.
    pub data: String,
    pub certificate_ends_at: Option<Timestamp>,
    /// Of the hub's own authority, hex SHA-256.
    pub ca_fingerprint: String,
    pub settings: Vec<ConfigSetting>,
}

/// A setting of the file or the environment; changed there, and read at the start.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConfigSetting {
    pub key: String,
    /// As in the file; a secret is shown as `…`.
    pub value: String,
    pub is_default: bool,
    pub about: &'static str,
}

/// The process lives.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()), responses((status = 200, body = Health)))]
pub async fn alive() -> Json<Health> {
    Json(Health { ok: true, reason: None, problems: Vec::new() })
}

/// The hub accepts alerts and can save them.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()), responses((status = 200, body = Health), (status = 503, body = Health)))]
pub async fn ready(State(hub): State<Arc<Hub>>) -> (StatusCode, Json<Health>) {
    let problems = troubles(&hub);
    let reason = broken(&problems);
    let status = if reason.is_none() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Health { ok: reason.is_none(), reason, problems }))
}

/// What keeps the hub from its promise, or soon will: as of the last look, with what a failed save has said since.
pub fn troubles(hub: &Hub) -> Vec<Trouble> {
    let known = hub.monitor.troubles();
    let fresh = Findings {
        halted: hub.store.halted(),
        saving: hub.store.trouble(),
        is_stopping: hub.tasks.stop().is_cancelled(),
        ..Findings::default()
    };
    let mut troubles = trouble::judge(&fresh, hub.clock.now());
    troubles.retain(|new| !known.iter().any(|old| old.key() == new.key()));
    troubles.extend(known);
    troubles
}

/// What the gravest of them says, if the promise does not hold.
pub fn broken(troubles: &[Trouble]) -> Option<String> {
    troubles.iter().find(|trouble| trouble.is_broken()).map(|trouble| trouble.detail.clone())
}

/// What the hub listens on.
#[utoipa::path(get, path = "/api/config", tag = "health", responses((status = 200, body = HubConfig)))]
pub async fn config(State(hub): State<Arc<Hub>>, Reader(caller): Reader) -> Json<HubConfig> {
    let listening = hub.listening();
    Json(HubConfig {
        https: listening.https.to_string(),
        events: listening.events.to_string(),
        events_tls: listening.events_tls.map(|address| address.to_string()),
        version: env!("CARGO_PKG_VERSION"),
        details: (caller.role == Role::Admin).then(|| details(&hub)),
    })
}

fn details(hub: &Hub) -> ConfigDetails {
    let settings = keys::shown(&hub.config).into_iter();
    ConfigDetails {
        data: hub.data().display().to_string(),
        certificate_ends_at: hub.tls.server_validity().ok().map(|validity| validity.not_after),
        ca_fingerprint: hub.tls.ca_fingerprint(),
        settings: settings.map(|Shown { key, value, is_default, about }| ConfigSetting { key, value, is_default, about }).collect(),
    }
}

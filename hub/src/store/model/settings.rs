//! What the administrator sets while the hub runs.

use serde::{Deserialize, Serialize};
use shared::Timestamp;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub retention: Retention,
}

/// For how many days what is over is kept; absent or null is for ever. What still stands or waits is kept in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Events with the audit of their mail.
    pub events_days: Option<u32>,
    /// Alerts with their deliveries.
    pub alerts_days: Option<u32>,
    pub connections_days: Option<u32>,
    /// What branches wrote.
    pub messages_days: Option<u32>,
    /// Rows of the action log in the database; the files in DATA/logs have their own 30 days.
    pub actions_days: Option<u32>,
}

/// Of when the oldest of each kind is, as far as there is one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Oldest {
    pub events: Option<Timestamp>,
    pub alerts: Option<Timestamp>,
    pub connections: Option<Timestamp>,
    pub messages: Option<Timestamp>,
    pub actions: Option<Timestamp>,
}

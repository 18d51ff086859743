//! Events over time, and what happened to them.

use serde::Serialize;
use shared::{AlertId, Severity, Timestamp};

/// Which events are asked for.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    pub severity: Option<Severity>,
    pub channel: Option<String>,
    /// Part of source or message.
    pub search: Option<String>,
}

/// How many events of each severity there were in one step of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SeriesPoint {
    /// When the step begins.
    pub at: Timestamp,
    pub info: u64,
    pub warning: u64,
    pub error: u64,
    pub critical: u64,
}

/// What happened to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TraceKind {
    /// It put an alert on screens.
    Raised,
    /// It belongs to an alert that stood already.
    Joined,
    /// A silence kept it from raising anything.
    Silenced,
    /// Its incident is over: the alert was withdrawn.
    Resolved,
    Mailed,
    /// An attempt to mail it failed.
    Failed,
    /// It was not mailed: the settings do not say how.
    Skipped,
}

/// Something that happened to an event.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Trace {
    pub at: Timestamp,
    pub kind: TraceKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_id: Option<AlertId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Source and message of the event, or the subject of the mail.
    pub about: String,
    /// Who was mailed and what the server answered, or why it was silenced.
    pub detail: String,
}

/// Where a page of traces ends, in each of the three tables that they come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TracePlace {
    pub event: i64,
    pub email: i64,
    /// Time of the withdrawal, then `seq` of the alert.
    pub resolved: (i64, i64),
}

impl TracePlace {
    pub const NEWEST: Self = Self { event: i64::MAX, email: i64::MAX, resolved: (i64::MAX, i64::MAX) };
}

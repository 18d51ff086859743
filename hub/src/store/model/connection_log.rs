//! Who came, left, and was not let in.

use serde::{Deserialize, Serialize};
use shared::Timestamp;

/// What happened to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConnectionKind {
    Connected,
    Left,
    Rejected,
}

/// One line of the log of connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ConnectionEntry {
    pub at: Timestamp,
    pub kind: ConnectionKind,
    /// As it is enrolled; of a rejected one as it said.
    pub client: String,
    /// Empty: several.
    pub address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Why it left or was rejected: `left`, `silent`, `slow`, `replaced`, `revoked`, `hub_stopped`, `hub_ended`, or a reason of `rejected`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How often within some seconds.
    pub count: u32,
}

/// Which lines.
#[derive(Debug, Clone, Default)]
pub struct ConnectionFilter {
    pub kind: Option<ConnectionKind>,
    /// Part of the name or the address.
    pub search: Option<String>,
}

/// Where a page of the log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionPlace {
    pub at: Timestamp,
    pub kind: i64,
    pub id: i64,
}

/// Somebody who was not let in, as often as it tried within some seconds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rejected {
    pub name: String,
    pub address: String,
    pub reason: &'static str,
}

//! What the guard noticed, whom it keeps out, whom it trusts.

use hub_core::guard::{Kind, Level};
use serde::Serialize;
use shared::Timestamp;

/// Something that the guard noticed, about to be kept.
#[derive(Debug, Clone)]
pub struct NewSecurity {
    pub at: Timestamp,
    pub kind: Kind,
    pub level: Level,
    pub address: String,
    pub client: Option<String>,
    pub detail: String,
    /// How many of the same kind it stands for.
    pub count: u32,
    /// Who is kept out from now on.
    pub ban: Option<Ban>,
    /// What is mailed about it.
    pub subject: Option<String>,
}

/// What the guard noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SecurityEvent {
    pub id: i64,
    pub created_at: Timestamp,
    pub kind: Kind,
    pub level: Level,
    /// An address, or the /64 of one.
    pub ip: String,
    /// The agent or the account that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// What and where; never what was typed into a field.
    pub detail: String,
    /// How many of the same kind this one stands for.
    pub count: u32,
}

/// Which security events are asked for; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct SecurityFilter {
    pub kind: Option<Kind>,
    pub level: Option<Level>,
    pub address: Option<String>,
    /// Part of address, name or detail.
    pub search: Option<String>,
    pub from: Option<Timestamp>,
    /// Up to, not including.
    pub to: Option<Timestamp>,
}

/// Who is kept out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ban {
    pub address: String,
    /// The name of an agent behind it; `None` for the address as a whole.
    pub client: Option<String>,
    pub since: Timestamp,
    pub until: Timestamp,
    pub reason: String,
}

/// A ban as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BanRow {
    /// An address, or the /64 of one.
    pub ip: String,
    /// Only this agent behind it is kept out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    pub since: Timestamp,
    pub until: Timestamp,
    pub reason: String,
    /// `guard`, or the administrator who did it.
    pub banned_by: String,
}

/// A network that is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Allowed {
    pub network: String,
    pub reason: String,
    pub created_at: Timestamp,
    pub created_by: String,
}

/// How many strikes there were, by level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SecurityCounts {
    pub low: u64,
    pub high: u64,
    pub critical: u64,
}

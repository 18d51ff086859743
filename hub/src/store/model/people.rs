//! Log-ins, second factors and the action log, as they go into the store and come out of it.

use serde::Serialize;
use shared::Timestamp;

/// Where a log-in comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

/// A log-in about to be kept.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub user: i64,
    pub token_hash: [u8; 32],
    pub ends_at: Timestamp,
    pub origin: Origin,
    /// Recovery codes that are left, if one of them was used.
    pub codes_left: Option<u32>,
}

/// A log-in in a list.
#[derive(Debug, Clone)]
pub struct ListedSession {
    pub token_hash: [u8; 32],
    pub user: super::User,
    pub started_at: Timestamp,
    pub used_at: Timestamp,
    pub ends_at: Timestamp,
    pub origin: Origin,
}

/// The second factor of a user.
#[derive(Debug, Clone)]
pub struct SecondFactor {
    /// Sealed.
    pub secret: Vec<u8>,
    /// None while it is being set up.
    pub confirmed_at: Option<Timestamp>,
    pub last_step: i64,
    pub codes_left: u32,
}

/// Which rows of the action log are asked for.
#[derive(Debug, Clone, Default)]
pub struct ActionFilter {
    pub from: Option<Timestamp>,
    /// This moment and what follows are left out.
    pub until: Option<Timestamp>,
    /// The whole name, whatever its case.
    pub user: Option<String>,
    /// Part of what was done.
    pub text: Option<String>,
    /// Only rows before this one.
    pub before: Option<i64>,
}

/// A page of the action log, newest first.
#[derive(Debug, Clone)]
pub struct ActionPage {
    pub actions: Vec<LoggedAction>,
    pub next: Option<i64>,
    pub total: u64,
}

/// A row of the action log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LoggedAction {
    pub seq: i64,
    pub at: Timestamp,
    /// Who did it; `?` for a log-in under a name that nobody has, `hub` for the hub itself, `cli` for its command line.
    pub user: String,
    /// What kind of thing, in a short stable word: `alert.send`, `session.login`, …
    pub action: String,
    pub detail: String,
}

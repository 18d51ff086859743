//! How far a client is with a new key.

use serde::Serialize;
use shared::Timestamp;

/// A new key for a client, from when it was asked for until the old one is void.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Rotation {
    pub state: RotationState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RotationState {
    /// No new key is wanted.
    #[default]
    None,
    /// The agent is to make one; it hears of it now, or when it connects.
    Asked,
    /// It has made one: the old and the new are both good until it uses the new one.
    Offered,
}

/// What became of a new key that an agent spoke of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    Kept,
    /// Nobody asked this client for a new key, or it offered another one.
    Unexpected,
}

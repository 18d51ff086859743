//! Whom an alert is for, as the sender said it.

use serde::{Deserialize, Serialize};

/// Whom an alert is for. Names are as the sender wrote them; the directory resolves them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Audience {
    /// Every enrolled client.
    Global,
    /// The members of a group.
    Group { name: String },
    /// One client.
    Private { name: String },
}

impl Audience {
    /// The word used on the wire.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Group { .. } => "group",
            Self::Private { .. } => "private",
        }
    }

    /// The group's or client's name; empty for everybody.
    pub fn name(&self) -> &str {
        match self {
            Self::Global => "",
            Self::Group { name } | Self::Private { name } => name,
        }
    }
}

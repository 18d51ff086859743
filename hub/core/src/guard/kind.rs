//! What the guard notices, and how grave it is.

use serde::{Deserialize, Serialize};
use shared::Severity;

/// What was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SecurityKind)]
pub enum Kind {
    SqlInjection,
    ScriptInjection,
    PathTraversal,
    /// A path, or a program's name, that only scanners ask with.
    Scanner,
    /// A password or a code of a second factor that was wrong.
    Login,
    /// An agent whose key or name is not known.
    WrongKey,
    /// An enrolment code that is not good.
    WrongCode,
    /// A sensor without a good token.
    WrongToken,
    /// No TLS, no HTTP or no frame of an agent where one is due.
    Malformed,
    /// Far more than any program of ours asks.
    Flood,
    /// Far more connections that begin something and never end it than a bad line explains.
    Slow,
    /// Enough is enough: the address, or a name there, is kept out.
    Ban,
}

/// How grave it is, as mails say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SecurityLevel)]
pub enum Level {
    /// From an address that is trusted.
    Low,
    High,
    /// A ban.
    Critical,
}

impl Kind {
    pub const ALL: [Self; 12] = [
        Self::SqlInjection,
        Self::ScriptInjection,
        Self::PathTraversal,
        Self::Scanner,
        Self::Login,
        Self::WrongKey,
        Self::WrongCode,
        Self::WrongToken,
        Self::Malformed,
        Self::Flood,
        Self::Slow,
        Self::Ban,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::SqlInjection => "sql_injection",
            Self::ScriptInjection => "script_injection",
            Self::PathTraversal => "path_traversal",
            Self::Scanner => "scanner",
            Self::Login => "login",
            Self::WrongKey => "wrong_key",
            Self::WrongCode => "wrong_code",
            Self::WrongToken => "wrong_token",
            Self::Malformed => "malformed",
            Self::Flood => "flood",
            Self::Slow => "slow",
            Self::Ban => "ban",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// A machine that is set up wrongly repeats itself for days: for its address, the same mistake counts once.
    pub(super) fn counts_once(self) -> bool {
        matches!(self, Self::WrongKey | Self::WrongToken)
    }

    /// What somebody behind the same address makes good who then proves to be no stranger.
    pub(super) fn is_clumsy(self) -> bool {
        matches!(self, Self::Malformed | Self::Flood | Self::Slow)
    }
}

impl Level {
    pub const ALL: [Self; 3] = [Self::Low, Self::High, Self::Critical];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }

    /// As the rest of the hub weighs it.
    pub fn severity(self) -> Severity {
        match self {
            Self::Low => Severity::Info,
            Self::High => Severity::Warning,
            Self::Critical => Severity::Critical,
        }
    }
}

//! The lines between the agent and its window's process: alerts go in, what people did comes out.

use serde::{Deserialize, Serialize};
use shared::AlertId;
use shared::wire::to_agent::Alert;

/// Agent → window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ToWindow {
    Alert {
        alert: Box<Alert>,
        /// It was on the screen before; it need not be reported again.
        seen: bool,
    },
    Withdraw {
        id: AlertId,
    },
    /// The hub wants this one looked at.
    Remind {
        id: AlertId,
    },
    /// A person asked to see the window.
    Front,
}

/// Window → agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum FromWindow {
    /// The window stands, whether anybody can see it or not.
    Drawn,
    /// It was drawn, and drawn again, on a screen that is not locked.
    Shown { id: AlertId },
    Dismissed {
        id: AlertId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<String>,
    },
}

/// One line, with its end.
pub fn line(message: &impl Serialize) -> String {
    // Invariant: the messages have text keys and no fallible serializer.
    serde_json::to_string(message).unwrap_or_default() + "\n"
}

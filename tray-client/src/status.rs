//! How the agent is: told to people by tray and `status`, to programs by `status.json`.

use serde::{Deserialize, Serialize};
use shared::Timestamp;

use crate::folder::Folder;
use crate::language::Language;
use crate::link::address::Address;
use crate::link::trouble::Failure;

const FILE: &str = "status.json";

/// What the agent knows about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub connected: bool,
    /// A sentence for people, in the language of whoever runs the agent.
    pub detail: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Since when it has been connected or not.
    pub since: Timestamp,
    /// Alerts that nobody has dismissed yet.
    pub pending: usize,
    /// Messages of the branch that the hub does not have yet.
    #[serde(default)]
    pub unsent: usize,
    pub pid: u32,
    pub version: String,
}

impl Status {
    /// An agent that has just started.
    pub fn starting(name: &str, language: Language, now: Timestamp) -> Self {
        Self {
            connected: false,
            detail: language.pick("conectando…", "connecting…").to_owned(),
            name: name.to_owned(),
            address: None,
            since: now,
            pending: 0,
            unsent: 0,
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    pub fn write(&self, folder: &Folder) -> std::io::Result<()> {
        folder.replace(FILE, format!("{}\n", serde_json::to_string(self)?).as_bytes())
    }

    /// What the last agent wrote; it may be dead.
    pub fn read(folder: &Folder) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(folder.file(FILE)).ok()?).ok()
    }
}

/// “connected with 10.0.0.5:8443”.
pub fn connected_words(address: &Address, language: Language) -> String {
    format!("{} {address}", language.pick("conectado con", "connected with"))
}

/// “2 messages wait to be sent”.
pub fn unsent_words(count: usize, language: Language) -> String {
    match (count, language) {
        (1, Language::Spanish) => "1 mensaje espera para enviarse".into(),
        (1, Language::English) => "1 message waits to be sent".into(),
        (count, Language::Spanish) => format!("{count} mensajes esperan para enviarse"),
        (count, Language::English) => format!("{count} messages wait to be sent"),
    }
}

/// “no connection with 10.0.0.5:8443: connection refused; next attempt in 12 s”.
pub fn failure_words(failures: &[Failure], retry_in: std::time::Duration, language: Language) -> String {
    let one = |failure: &Failure| match &failure.address {
        Some(address) => format!("{} {address}: {}", language.pick("con", "with"), failure.trouble.in_words(language)),
        None => failure.trouble.in_words(language),
    };
    let reasons = failures.iter().map(one).collect::<Vec<_>>().join(", ");
    let start = match failures.first() {
        Some(Failure { address: Some(_), .. }) => language.pick("sin conexión ", "no connection "),
        _ => language.pick("sin conexión: ", "no connection: "),
    };
    format!("{start}{reasons}; {}", retry_words(retry_in.as_millis().div_ceil(1_000), language))
}

fn retry_words(seconds: u128, language: Language) -> String {
    match (seconds, language) {
        (0, Language::Spanish) => "nuevo intento ahora".into(),
        (0, Language::English) => "trying again now".into(),
        (seconds, Language::Spanish) => format!("nuevo intento en {seconds} s"),
        (seconds, Language::English) => format!("next attempt in {seconds} s"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::link::trouble::Trouble;

    #[test]
    fn a_missing_link_is_said_with_address_reason_and_next_attempt() {
        let refused = Trouble::Unreachable(std::io::ErrorKind::ConnectionRefused, String::new());
        let failures = [Failure { address: Some(Address::parse("10.0.0.5").unwrap()), trouble: refused }];
        let wait = Duration::from_millis(11_200);
        assert_eq!(
            failure_words(&failures, wait, Language::English),
            "no connection with 10.0.0.5:8443: connection refused; next attempt in 12 s"
        );
        assert_eq!(
            failure_words(&failures, Duration::ZERO, Language::Spanish),
            "sin conexión con 10.0.0.5:8443: conexión rechazada; nuevo intento ahora"
        );
        let none = [Failure { address: None, trouble: Trouble::NoAddress }];
        assert_eq!(failure_words(&none, wait, Language::English), "no connection: ip.txt names no hub; next attempt in 12 s");
    }
}

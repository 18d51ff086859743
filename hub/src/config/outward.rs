//! Settings of what leaves the hub: mail, and calls of webhooks.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use zeroize::Zeroizing;

/// A text that no log and no message shows.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret")
    }
}

/// The mail server, and who is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Empty: nothing is mailed.
    pub host: String,
    pub port: usize,
    /// Empty: the server wants no log-in.
    pub user: String,
    pub pass: Secret,
    pub from: Option<Mailbox>,
    pub to: Vec<Mailbox>,
    /// `starttls`, `tls` or `none`.
    pub security: String,
    pub ca: Option<PathBuf>,
    /// `es` or `en`.
    pub language: String,
    pub timeout: Duration,
}

impl Smtp {
    pub fn is_configured(&self) -> bool {
        !self.host.is_empty()
    }

    /// Who is written to about events, one a line; `None`: nothing is mailed.
    pub fn operators(&self) -> Option<String> {
        let lines: Vec<String> = self.to.iter().map(|mailbox| mailbox.email.to_string()).collect();
        self.is_configured().then(|| lines.join("\n"))
    }
}

impl Default for Smtp {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 587,
            user: String::new(),
            pass: Secret::default(),
            from: None,
            to: Vec::new(),
            security: "starttls".to_owned(),
            ca: None,
            language: "es".to_owned(),
            timeout: Duration::from_secs(30),
        }
    }
}

/// How programs that want to be told are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhooks {
    pub ca: Option<PathBuf>,
    pub timeout: Duration,
}

impl Default for Webhooks {
    fn default() -> Self {
        Self { ca: None, timeout: Duration::from_secs(10) }
    }
}

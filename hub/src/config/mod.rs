//! The hub's settings: read from a TOML file and the environment, checked once, then never changed.
//!
//! `keys` is the one table of what may be set; `read` finds what was set and where; `check` turns it into [`Config`]
//! and collects every mistake before it says any. Nothing else of the hub reads settings or the environment.

mod check;
mod error;
pub mod keys;
mod outward;
mod read;
mod span;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use hub_core::access::Role;
use ipnet::IpNet;

pub use error::{ConfigError, ConfigErrors};
pub use outward::{Secret, Smtp, Webhooks};
pub use span::{InvalidSpan, parse_span};

/// Checked settings of a hub.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    pub https: Https,
    pub events: Events,
    pub limits: Limits,
    pub agents: Agents,
    pub auth: Auth,
    pub guard: Guard,
    pub smtp: Smtp,
    pub webhooks: Webhooks,
    pub log: Log,
}

/// The door of the panel, of the REST interface and of agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Https {
    pub listen: SocketAddr,
    /// Names and addresses the certificate is made for, besides the machine's own.
    pub names: Vec<String>,
    /// Only from these is `X-Forwarded-For` believed.
    pub trusted_proxies: Vec<IpNet>,
    /// An organisation's own certificate chain, PEM; set together with `key` or not at all.
    pub cert: Option<PathBuf>,
    pub key: Option<PathBuf>,
}

/// The doors of sensors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Events {
    pub listen: SocketAddr,
    /// `None`: no sensors over TLS.
    pub tls_listen: Option<SocketAddr>,
    /// Who may speak on the plain port; empty means this machine alone.
    pub allow: Vec<IpNet>,
}

/// How much is let in at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub connections: usize,
    pub handshakes: usize,
    /// Connections of one address that have not proved who they are.
    pub per_address: usize,
    pub sensor_connections: usize,
    /// Requests a second; 0 is no limit.
    pub requests_per_address: usize,
    /// Events a second; 0 is no limit.
    pub events_per_source: usize,
    pub events_total: usize,
    /// `free`: plain lines from this machine are under no limit.
    pub events_on_loopback: String,
}

/// How agents are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agents {
    pub heartbeat: Duration,
    /// Agents are asked for a new key when theirs is older than so many days; 0 is never.
    pub rotate_keys_days: usize,
}

/// How long a log-in to the panel holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth {
    pub idle: Duration,
    pub admin_idle: Duration,
    pub longest: Duration,
    /// Roles that must have a second factor.
    pub require_totp: Vec<String>,
}

/// Who is kept out, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// What comes from there is written down and never banned.
    pub trusted: Vec<IpNet>,
    /// So many strikes within `window` are a ban.
    pub strikes: usize,
    pub window: Duration,
    pub ban: Duration,
}

/// How much is written to the server's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    pub level: String,
}

impl Config {
    /// Reads `file` and the variables `PREGON_SECTION_KEY` of `env`, which win. Either all is right, or every mistake is told.
    pub fn load(file: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigErrors> {
        let mut found = read::Found::default();
        if let Some(path) = file {
            read::file(path, &mut found);
        }
        read::environment(env, &mut found);
        check::check(found)
    }
}

impl Default for Https {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8443)),
            names: Vec::new(),
            trusted_proxies: Vec::new(),
            cert: None,
            key: None,
        }
    }
}

impl Default for Events {
    fn default() -> Self {
        let tls_listen = Some(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 5091)));
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 5090)), tls_listen, allow: Vec::new() }
    }
}

impl Limits {
    pub fn is_loopback_limited(&self) -> bool {
        self.events_on_loopback == "limited"
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 12_000,
            handshakes: 256,
            per_address: 1_024,
            sensor_connections: 512,
            requests_per_address: 200,
            events_per_source: 200,
            events_total: 20_000,
            events_on_loopback: "free".to_owned(),
        }
    }
}

impl Default for Agents {
    fn default() -> Self {
        Self { heartbeat: Duration::from_secs(20), rotate_keys_days: 0 }
    }
}

impl Auth {
    pub fn requires_totp(&self, role: Role) -> bool {
        self.require_totp.iter().any(|required| required == role.as_str())
    }
}

impl Default for Auth {
    fn default() -> Self {
        let minutes = |count: u64| Duration::from_secs(count * 60);
        Self { idle: minutes(30), admin_idle: minutes(15), longest: minutes(12 * 60), require_totp: Vec::new() }
    }
}

impl Default for Guard {
    fn default() -> Self {
        let trusted =
            [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST), IpAddr::from(Ipv4Addr::LOCALHOST.to_ipv6_mapped())];
        let minutes = |count: u64| Duration::from_secs(count * 60);
        Self { trusted: trusted.map(IpNet::from).to_vec(), strikes: 10, window: minutes(10), ban: minutes(60) }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned() }
    }
}

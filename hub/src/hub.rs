//! The parts of a running hub that its entrances share. `app` wires them; nothing here starts anything.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::clock::Clock;
use crate::config::Config;
use crate::courier::Courier;
use crate::fanout::{Ledger, Panels, Registry};
use crate::monitor::Monitor;
use crate::publish::Publisher;
use crate::rules::Rules;
use crate::security::attempts::Attempts;
use crate::security::guard::Guard;
use crate::security::password::Passwords;
use crate::security::rates::Rates;
use crate::security::requests::Requests;
use crate::security::secrets::Secrets;
use crate::security::tls::Tls;
use crate::store::Store;
use crate::tasks::Tasks;

/// The account that is always there.
pub const ADMIN: &str = "admin";

/// What the hub listens on.
#[derive(Debug, Clone, Copy)]
pub struct Listening {
    pub https: SocketAddr,
    pub events: SocketAddr,
    /// `None`: no sensors over TLS.
    pub events_tls: Option<SocketAddr>,
}

/// The parts of a hub.
pub struct Hub {
    pub config: Config,
    pub clock: Clock,
    pub store: Store,
    pub secrets: Secrets,
    pub passwords: Passwords,
    pub tls: Tls,
    pub rates: Rates,
    pub requests: Requests,
    pub attempts: Attempts,
    pub guard: Guard,
    pub registry: Arc<Registry>,
    pub panels: Panels,
    pub ledger: Ledger,
    pub rules: Arc<Rules>,
    pub publisher: Publisher,
    pub courier: Courier,
    pub monitor: Monitor,
    pub tasks: Tasks,
    pub data: PathBuf,
    /// Set once every listener is bound.
    pub listening: OnceLock<Listening>,
}

impl Hub {
    /// What the hub listens on; what the configuration says as long as it does not.
    pub fn listening(&self) -> Listening {
        let events = &self.config.events;
        let configured = Listening { https: self.config.https.listen, events: events.listen, events_tls: events.tls_listen };
        self.listening.get().copied().unwrap_or(configured)
    }

    pub fn data(&self) -> &Path {
        &self.data
    }
}

//! The only place that wires: opens a data folder, starts every part, and stops them in order.

use std::fs::File;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hub_core::access::Role;
use hub_core::limits::Limits;
use shared::Name;
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use crate::chores;
use crate::clock::Clock;
use crate::config::{Config, keys};
use crate::courier::{self, Courier};
use crate::fanout::{Ledger, Panels, Registry};
use crate::hub::{ADMIN, Hub, Listening};
use crate::monitor::Monitor;
use crate::publish::Publisher;
use crate::rules::Rules;
use crate::security::attempts::Attempts;
use crate::security::guard::Guard;
use crate::security::password::{self, Passwords};
use crate::security::rates::Rates;
use crate::security::requests::Requests;
use crate::security::secrets::{Secrets, SecretsError};
use crate::security::tls::{Tls, TlsError};
use crate::security::token::Token;
use crate::store::{Actor, KeptSetting, Store, StoreError};
use crate::tasks::Tasks;

/// Everything must have ended this long after the hub was told to stop.
const FAREWELL: Duration = Duration::from_secs(8);
const BACKLOG: u32 = 4_096;
/// Folder within the data folder that is there only while a backup is put back.
pub const RESTORING: &str = "restore.new";
/// How long to wait for a data folder that somebody else uses.
const LOCK: Duration = Duration::from_secs(2);

/// Why a hub cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("cannot use the data folder {}: {reason}", path.display())]
    Data { path: PathBuf, reason: String },
    #[error("another hub uses {}; stop it first, or give this one a folder of its own with --data", .0.display())]
    InUse(PathBuf),
    #[error("putting a backup back into {} was interrupted; run `pregon-hub restore` again before anything else", .0.display())]
    HalfRestored(PathBuf),
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot listen on {key} = {address}: {reason}")]
    Listen { key: &'static str, address: SocketAddr, reason: String },
    #[error("PREGON_ADMIN_PASSWORD: {0}")]
    AdminPassword(String),
}

/// A hub that is wired, and holds its data folder.
pub struct App {
    pub hub: Arc<Hub>,
    /// Held as long as the hub lives: one hub a folder.
    _lock: File,
}

impl App {
    /// Opens a data folder with everything in it, without listening anywhere.
    pub async fn open(data: &Path, config: Config) -> Result<Self, AppError> {
        Self::open_at(data, config, Clock::default()).await
    }

    /// The same with a clock that the caller may move.
    pub async fn open_at(data: &Path, config: Config, clock: Clock) -> Result<Self, AppError> {
        let lock = lock(data)?;
        // Whoever started now would make a new authority and an empty database.
        if data.join(RESTORING).exists() {
            return Err(AppError::HalfRestored(data.to_owned()));
        }
        let secrets = Secrets::open(data)?;
        let own = config.https.cert.clone().zip(config.https.key.clone());
        let tls = Tls::open(data, &config.https.names, own, clock.now())?;
        let store = Store::open(data, Token::random().as_str())?;
        store.set_operators(config.smtp.operators()).await?;
        clock.remember(store.skipped_ms().await?);
        let tasks = Tasks::default();
        let registry = Arc::new(Registry::default());
        let (panels, gather) = Panels::new(tasks.stop().clone());
        tasks.spawn("panel-receipts", gather);
        let (ledger, save) = Ledger::new(store.clone(), tasks.stop().clone());
        tasks.spawn("sent-ledger", save);
        let key = secrets.signing_key().clone();
        let rules = Arc::new(Rules::load(&store, clock.now()).await?);
        let publisher =
            Publisher::new(store.clone(), Arc::clone(&registry), panels.clone(), clock.clone(), key, tasks.clone(), Arc::clone(&rules));
        let (guard, note) = Guard::open(&config, store.clone(), clock.clone(), panels.clone(), tasks.stop().clone()).await?;
        tasks.spawn("guard-notes", note);
        let passwords = Passwords::new(secrets.pepper());
        let rates = Rates::new(config.limits.events_per_source, config.limits.events_total);
        let requests = Requests::new(config.limits.requests_per_address);
        let hub = Hub {
            config,
            clock,
            store,
            secrets,
            passwords,
            tls,
            rates,
            requests,
            attempts: Attempts::default(),
            guard,
            registry,
            panels,
            ledger,
            rules,
            publisher,
            courier: Courier::default(),
            monitor: Monitor::default(),
            tasks,
            data: data.to_owned(),
            listening: OnceLock::new(),
        };
        Ok(Self { hub: Arc::new(hub), _lock: lock })
    }

    /// Makes the account `admin` on the first start. The password that was made up for it, if any.
    pub async fn ensure_admin(&self, wanted: Option<Zeroizing<String>>) -> Result<Option<Zeroizing<String>>, AppError> {
        let name = Name::parse(ADMIN).map_err(|err| AppError::AdminPassword(err.to_string()))?;
        if self.hub.store.user(&name).await?.is_some() {
            return Ok(None);
        }
        let made = wanted.is_none().then(password::generated);
        let Some(password) = wanted.or_else(|| made.clone()) else { return Ok(None) };
        password::check(&password, ADMIN).map_err(|unfit| AppError::AdminPassword(unfit.to_string()))?;
        let hash = self.hub.passwords.hash(password.to_string()).await.map_err(|err| AppError::AdminPassword(err.to_string()))?;
        self.hub.store.add_user(self.hub.clock.now(), &Actor::new("hub"), &name, Role::Admin, hash, Limits::default()).await?;
        Ok(made)
    }

    /// Opens every listener, then says so in `ready.json`.
    pub async fn start(&self) -> Result<Listening, AppError> {
        let https = bind("https.listen", self.hub.config.https.listen)?;
        let events = bind("events.listen", self.hub.config.events.listen)?;
        let tls_listen = self.hub.config.events.tls_listen;
        let events_tls = tls_listen.map(|address| bind("events.tls_listen", address)).transpose()?;
        let listening =
            Listening { https: local(&https)?, events: local(&events)?, events_tls: events_tls.as_ref().map(local).transpose()? };
        let _ = self.hub.listening.set(listening);
        let hub = &self.hub;
        let router = crate::http::router(Arc::clone(hub));
        hub.tasks.spawn("https", Box::pin(crate::session::accept::serve(Arc::clone(hub), https, router)));
        crate::ingest::start(hub, events, events_tls);
        chores::start(hub);
        self.note_settings().await?;
        courier::start(hub);
        self.write_ready(listening)?;
        Ok(listening)
    }

    /// What the operator changed since the last start is an action, too.
    async fn note_settings(&self) -> Result<(), AppError> {
        let kept = |value: String, is_secret: bool| match is_secret {
            true => self.hub.secrets.fingerprint(&value),
            false => value,
        };
        let settings = keys::values(&self.hub.config);
        let settings = settings.into_iter().map(|(path, value, is_secret)| (path, KeptSetting { kept: kept(value, is_secret), is_secret }));
        Ok(self.hub.store.note_settings(self.hub.clock.now(), &Actor::new("hub"), settings.collect()).await?)
    }

    /// Tells agents to come back, finishes what is in hand, closes the database.
    pub async fn stop(&self) {
        // Nobody is to be sent here any more.
        let _ = std::fs::remove_file(self.ready_path());
        if tokio::time::timeout(FAREWELL, self.hub.tasks.finish()).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
        let store = self.hub.store.clone();
        // Joins the writer's thread once its queue is committed.
        let _ = tokio::task::spawn_blocking(move || store.close()).await;
    }

    fn ready_path(&self) -> PathBuf {
        self.hub.data.join("ready.json")
    }

    /// Written beside and renamed: whoever reads it reads all of it.
    fn write_ready(&self, listening: Listening) -> Result<(), AppError> {
        let mut ready = serde_json::json!({
            "pid": std::process::id(),
            "https": reachable(listening.https).to_string(),
            "events": reachable(listening.events).to_string(),
            "ca": "tls/ca.pem",
        });
        if let (Some(address), Some(fields)) = (listening.events_tls, ready.as_object_mut()) {
            fields.insert("events_tls".to_owned(), reachable(address).to_string().into());
        }
        let path = self.ready_path();
        let beside = path.with_extension("json.new");
        let write = || {
            let mut file = File::create(&beside)?;
            writeln!(file, "{ready}")?;
            std::fs::rename(&beside, &path)
        };
        write().map_err(|err| AppError::Data { path: path.clone(), reason: err.to_string() })
    }
}

/// An address that a program on this machine can connect to.
fn reachable(address: SocketAddr) -> SocketAddr {
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

/// Holds a data folder; whoever has it is alone with it.
pub fn lock(data: &Path) -> Result<File, AppError> {
    let failed = |err: std::io::Error| AppError::Data { path: data.to_owned(), reason: err.to_string() };
    std::fs::create_dir_all(data).map_err(failed)?;
    let file = File::options().create(true).truncate(false).write(true).open(data.join("lock")).map_err(failed)?;
    // A command that acts without a hub holds the folder for a moment.
    let end = std::time::Instant::now() + LOCK;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::WouldBlock) if std::time::Instant::now() < end => std::thread::sleep(LOCK / 20),
            Err(std::fs::TryLockError::WouldBlock) => return Err(AppError::InUse(data.to_owned())),
            Err(std::fs::TryLockError::Error(err)) => return Err(failed(err)),
        }
    }
}

fn bind(key: &'static str, address: SocketAddr) -> Result<TcpListener, AppError> {
    let failed = |err: std::io::Error| AppError::Listen { key, address, reason: err.to_string() };
    let socket = match address {
        SocketAddr::V4(_) => tokio::net::TcpSocket::new_v4(),
        SocketAddr::V6(_) => tokio::net::TcpSocket::new_v6(),
    }
    .map_err(failed)?;
    // After a restart the port may still be in TIME_WAIT.
    #[cfg(unix)]
    socket.set_reuseaddr(true).map_err(failed)?;
    socket.bind(address).map_err(failed)?;
    socket.listen(BACKLOG).map_err(failed)
}

fn local(listener: &TcpListener) -> Result<SocketAddr, AppError> {
    let unknown = SocketAddr::from(([0, 0, 0, 0], 0));
    listener.local_addr().map_err(|err| AppError::Listen { key: "listen", address: unknown, reason: err.to_string() })
}

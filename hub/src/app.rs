//! The only place that wires: opens a data folder, starts every part, and stops them in order.

use std::fs::File;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hub_core::access::Role;
use shared::Name;
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::config::Config;
use crate::fanout::{Ledger, Panels, Registry};
use crate::publish::Publisher;
use crate::security::password::{self, Passwords};
use crate::security::secrets::{Secrets, SecretsError};
use crate::security::tls::{Tls, TlsError};
use crate::security::token::Token;
use crate::store::{Actor, Store, StoreError};
use crate::tasks::Tasks;

/// The account that is always there.
pub const ADMIN: &str = "admin";
/// How often the hub looks for alerts that have expired.
const SWEEP: Duration = Duration::from_secs(2);
const RENEWAL: Duration = Duration::from_secs(60 * 60);
/// Everything must have ended this long after the hub was told to stop.
const FAREWELL: Duration = Duration::from_secs(8);
const BACKLOG: u32 = 4_096;
/// How long to wait for a data folder that somebody else uses.
const LOCK: Duration = Duration::from_secs(2);

/// Why a hub cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("cannot use the data folder {}: {reason}", path.display())]
    Data { path: PathBuf, reason: String },
    #[error("another hub uses {}; stop it first, or give this one a folder of its own with --data", .0.display())]
    InUse(PathBuf),
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

/// What the hub listens on.
#[derive(Debug, Clone, Copy)]
pub struct Listening {
    pub https: SocketAddr,
    pub events: SocketAddr,
}

/// The parts of a hub.
pub struct App {
    pub config: Config,
    pub clock: Clock,
    pub store: Store,
    pub secrets: Secrets,
    pub passwords: Passwords,
    pub tls: Tls,
    pub registry: Arc<Registry>,
    pub panels: Panels,
    pub ledger: Ledger,
    pub publisher: Publisher,
    pub tasks: Tasks,
    data: PathBuf,
    listening: OnceLock<Listening>,
    /// Held as long as the hub lives: one hub a folder.
    _lock: File,
}

impl App {
    /// Opens a data folder with everything in it, without listening anywhere.
    pub async fn open(data: &Path, config: Config) -> Result<Arc<Self>, AppError> {
        Self::open_at(data, config, Clock::default()).await
    }

    /// The same with a clock that the caller may move.
    pub async fn open_at(data: &Path, config: Config, clock: Clock) -> Result<Arc<Self>, AppError> {
        let lock = lock(data)?;
        let secrets = Secrets::open(data)?;
        let own = config.https.cert.clone().zip(config.https.key.clone());
        let tls = Tls::open(data, &config.https.names, own, clock.now())?;
        let store = Store::open(data, Token::random().as_str())?;
        let tasks = Tasks::default();
        let registry = Arc::new(Registry::default());
        let (panels, gather) = Panels::new(tasks.stop().clone());
        tasks.spawn("panel-receipts", gather);
        let (ledger, save) = Ledger::new(store.clone(), tasks.stop().clone());
        tasks.spawn("sent-ledger", save);
        let key = secrets.signing_key().clone();
        let publisher = Publisher::new(store.clone(), Arc::clone(&registry), panels.clone(), clock.clone(), key, tasks.clone());
        let passwords = Passwords::new(secrets.pepper());
        Ok(Arc::new(Self {
            config,
            clock,
            store,
            secrets,
            passwords,
            tls,
            registry,
            panels,
            ledger,
            publisher,
            tasks,
            data: data.to_owned(),
            listening: OnceLock::new(),
            _lock: lock,
        }))
    }

    /// What the hub listens on; what the configuration says as long as it does not.
    pub fn listening(&self) -> Listening {
        let configured = Listening { https: self.config.https.listen, events: self.config.events.listen };
        self.listening.get().copied().unwrap_or(configured)
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Makes the account `admin` on the first start. The password that was made up for it, if any.
    pub async fn ensure_admin(&self, wanted: Option<Zeroizing<String>>) -> Result<Option<Zeroizing<String>>, AppError> {
        let name = Name::parse(ADMIN).map_err(|err| AppError::AdminPassword(err.to_string()))?;
        if self.store.user(&name).await?.is_some() {
            return Ok(None);
        }
        let made = wanted.is_none().then(password::generated);
        let Some(password) = wanted.or_else(|| made.clone()) else { return Ok(None) };
        password::check(&password, ADMIN).map_err(|unfit| AppError::AdminPassword(unfit.to_string()))?;
        let hash = self.passwords.hash(password.to_string()).await.map_err(|err| AppError::AdminPassword(err.to_string()))?;
        self.store.add_user(self.clock.now(), &Actor::new("hub"), &name, Role::Admin, hash).await?;
        Ok(made)
    }

    /// Opens every listener, then says so in `ready.json`.
    pub async fn start(self: &Arc<Self>) -> Result<Listening, AppError> {
        let https = bind("https.listen", self.config.https.listen)?;
        let events = bind("events.listen", self.config.events.listen)?;
        let listening = Listening { https: local(&https)?, events: local(&events)? };
        let _ = self.listening.set(listening);
        let router = crate::http::router(Arc::clone(self));
        self.tasks.spawn("https", Box::pin(crate::session::accept::serve(Arc::clone(self), https, router)));
        self.tasks.spawn("events", Box::pin(crate::ingest::listener::serve(Arc::clone(self), events)));
        self.tasks.spawn("sweep", Box::pin(sweep(Arc::clone(self))));
        self.tasks.spawn("renewal", Box::pin(renew(Arc::clone(self))));
        self.tasks.spawn("action-file", action_file(Arc::clone(self)));
        self.write_ready(listening)?;
        Ok(listening)
    }

    /// Tells agents to come back, finishes what is in hand, closes the database.
    pub async fn stop(self: &Arc<Self>) {
        // Nobody is to be sent here any more.
        let _ = std::fs::remove_file(self.ready_path());
        if tokio::time::timeout(FAREWELL, self.tasks.finish()).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
        let store = self.store.clone();
        // Joins the writer's thread once its queue is committed.
        let _ = tokio::task::spawn_blocking(move || store.close()).await;
    }

    fn ready_path(&self) -> PathBuf {
        self.data.join("ready.json")
    }

    /// Written beside and renamed: whoever reads it reads all of it.
    fn write_ready(&self, listening: Listening) -> Result<(), AppError> {
        let ready = serde_json::json!({
            "pid": std::process::id(),
            "https": reachable(listening.https).to_string(),
            "events": reachable(listening.events).to_string(),
            "ca": "tls/ca.pem",
        });
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

fn lock(data: &Path) -> Result<File, AppError> {
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

async fn sweep(app: Arc<App>) {
    let mut ticks = tokio::time::interval(SWEEP);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut forgotten = app.clock.now();
    loop {
        tokio::select! {
            () = app.tasks.stop().cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(err) = app.publisher.expire().await {
            tracing::warn!(%err, "could not end what has expired");
        }
        let now = app.clock.now();
        if now.millis_since(forgotten) > 60 * 60 * 1_000 {
            forgotten = now;
            if let Err(err) = app.store.forget_retries(now).await {
                tracing::warn!(%err, "could not forget old keys of retries");
            }
        }
    }
}

async fn action_file(app: Arc<App>) {
    crate::logs::follow::run(&app.data, app.store.clone(), app.clock.clone(), app.tasks.stop().clone()).await;
}

async fn renew(app: Arc<App>) {
    loop {
        tokio::select! {
            () = app.tasks.stop().cancelled() => return,
            () = tokio::time::sleep(RENEWAL) => {}
        }
        match app.tls.renew_if_due(app.clock.now()) {
            Ok(true) => tracing::info!("the server certificate was renewed"),
            Ok(false) => {}
            Err(err) => tracing::error!(%err, "the server certificate could not be renewed"),
        }
    }
}

//! `pregon-hub serve`: the hub as a process, from its first line on the terminal to its last.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::app::{App, AppError};
use crate::config::Config;
use crate::hub::{ADMIN, Hub, Listening};
use crate::logs::{self, LogError};

/// Why the hub did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("no runtime: {0}")]
    Runtime(std::io::Error),
    #[error("cannot wait for signals: {0}")]
    Signals(std::io::Error),
}

/// Runs the hub until SIGTERM or Ctrl+C.
pub fn run(data: &Path, config: Config) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Idle blocking threads keep megabytes each; the few that work are found again at once.
        .max_blocking_threads(16)
        .thread_keep_alive(std::time::Duration::from_secs(2))
        .build()
        .map_err(ServeError::Runtime)?;
    runtime.block_on(Box::pin(serve(data.to_owned(), config)))
}

async fn serve(data: PathBuf, config: Config) -> Result<(), ServeError> {
    let level = config.log.level.clone();
    let app = App::open(&data, config).await?;
    let _log = logs::init(&data, &level)?;
    let made = app.ensure_admin(wanted_password()).await?;
    let mut signals = Signals::new().map_err(ServeError::Signals)?;
    let listening = app.start().await?;
    tracing::info!(https = %listening.https, events = %listening.events, version = env!("CARGO_PKG_VERSION"), "the hub is ready");
    greet(&app.hub, listening, made.as_ref());
    signals.wait().await;
    tracing::info!("the hub stops");
    app.stop().await;
    Ok(())
}

fn wanted_password() -> Option<Zeroizing<String>> {
    std::env::var("PREGON_ADMIN_PASSWORD").ok().filter(|password| !password.is_empty()).map(Zeroizing::new)
}

/// The last line says where the panel is; a password that was made up is shown this once.
#[allow(clippy::print_stdout, reason = "this is what the terminal is for, and the password must not reach a log")]
fn greet(hub: &Hub, listening: Listening, made: Option<&Zeroizing<String>>) {
    let tls = listening.events_tls.map(|address| format!(" and {address} (TLS)")).unwrap_or_default();
    println!("Pregón {}: sensors on {}{tls}, data in {}", env!("CARGO_PKG_VERSION"), listening.events, hub.data.display());
    if let Some(password) = made {
        println!(
            "First start. User: {ADMIN}   Password: {}   (shown only now; change it with `pregon-hub user passwd {ADMIN}`)",
            **password
        );
    }
    println!("Panel: https://{}:{}/", host(listening), listening.https.port());
}

fn host(listening: Listening) -> String {
    if listening.https.ip().is_unspecified() || listening.https.ip().is_loopback() {
        return "localhost".into();
    }
    match listening.https {
        std::net::SocketAddr::V4(address) => address.ip().to_string(),
        std::net::SocketAddr::V6(address) => format!("[{}]", address.ip()),
    }
}

#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    /// The terminal was closed.
    hangup: tokio::signal::unix::Signal,
    /// A file would grow beyond its limit. Only listened to: else it would end the hub, which can say what is wrong.
    _file_size: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            _file_size: signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()))?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn wait(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

//! Who answers a subcommand: the hub that runs on this data folder, or the same code within this process.

mod offline;
mod ready;
mod running;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::ask::Ask;
use super::output::Failure;
use crate::config::Config;
use crate::security::secrets::SecretsError;
use crate::security::tls;
use offline::Offline;
use ready::Ready;
pub use ready::{Lock, lock_state};
use running::Running;

/// How long a hub that is starting or stopping is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);

/// Why there is nobody to ask.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{0}")]
    Secrets(#[from] SecretsError),
    #[error("the hub that uses {data} does not answer: {reason}; look into {data}/logs/server.log", data = data.display())]
    Silent { data: PathBuf, reason: String },
    #[error("the hub at {address} could not be asked: {reason}")]
    Link { address: SocketAddr, reason: String },
    #[error("{path} belongs to user {owner}; run this as that user (sudo -u '#{owner}' …), or the hub cannot use it afterwards", path = path.display())]
    Foreign { path: PathBuf, owner: u32 },
    #[error("another process keeps {} to itself", .0.display())]
    InUse(PathBuf),
    #[error("{0}")]
    Open(String),
    #[error("the hub's answer could not be read: {0}")]
    Answer(String),
}

/// Where requests go. Both ways end in the same router, so a subcommand behaves the same.
pub enum Backend {
    Running(Running),
    Offline(Offline),
}

impl Backend {
    /// The running hub if there is one, else the data folder itself.
    pub async fn connect(data: &Path, config: Config) -> Result<Self, BackendError> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(running) = running_hub(data).await? {
                return Ok(Self::Running(running));
            }
            match Offline::open(data, config.clone()).await {
                // A hub or another subcommand was quicker.
                Err(BackendError::InUse(_)) if Instant::now() < until => tokio::time::sleep(PAUSE).await,
                other => return other.map(Self::Offline),
            }
        }
    }

    /// The JSON of a successful answer; a refusal is a failure in the hub's words.
    pub async fn ask(&self, ask: Ask) -> Result<Value, Failure> {
        let answer = match self {
            Self::Running(running) => running.ask(ask).await,
            Self::Offline(offline) => offline.ask(ask).await,
        };
        let answer = answer?;
        if (200..300).contains(&answer.status) { Ok(answer.body) } else { Err(Failure::problem(answer.status, answer.body)) }
    }

    /// `HOST:PORT` as a branch PC would have to write it.
    pub async fn address_for_agents(&self, names: &[String]) -> Result<String, Failure> {
        let said = self.ask(Ask::get("/api/config")).await?;
        let listen = said.get("https").and_then(Value::as_str).and_then(|text| text.parse::<SocketAddr>().ok());
        let listen = listen.ok_or_else(|| Failure::running("the hub does not say where it listens"))?;
        Ok(address_for_agents(listen, names))
    }

    /// Ends what was opened; what was changed in the data folder is durable already.
    pub async fn close(self) {
        if let Self::Offline(offline) = self {
            offline.close().await;
        }
    }
}

/// The hub that holds the data folder, waited for while it starts or stops; `None` when no process holds it.
pub async fn running_hub(data: &Path) -> Result<Option<Running>, BackendError> {
    running_hub_within(PATIENCE, data).await
}

async fn running_hub_within(patience: Duration, data: &Path) -> Result<Option<Running>, BackendError> {
    let until = Instant::now() + patience;
    loop {
        let reason = match Ready::read(data) {
            Some(ready) => match Running::connect(data, &ready).await {
                Ok(running) => return Ok(Some(running)),
                Err(err) => err.to_string(),
            },
            None => "it has not said that it is ready".to_owned(),
        };
        // Left behind by a hub that was killed, a ready.json means nothing: the lock is the truth.
        if lock_state(data)? == Lock::Free {
            return Ok(None);
        }
        if Instant::now() >= until {
            return Err(BackendError::Silent { data: data.to_owned(), reason });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The first name of the settings, else the address listened on, else the machine's name.
fn address_for_agents(listen: SocketAddr, names: &[String]) -> String {
    let configured = names.iter().find(|name| !name.starts_with('*')).cloned();
    let bound = (!listen.ip().is_unspecified()).then(|| listen.ip().to_string());
    let host = configured.or(bound).or_else(tls::host_name).unwrap_or_else(|| "localhost".to_owned());
    if host.contains(':') { format!("[{host}]:{}", listen.port()) } else { format!("{host}:{}", listen.port()) }
}

impl From<BackendError> for Failure {
    fn from(err: BackendError) -> Self {
        Self::running(err.to_string())
    }
}

//! What the hub writes down for people and log shippers: `server.log` (what it does) and `actions.log` (who did what).
//!
//! Times are the machine's local time, as its other logs have them. No text ever makes a second line.

pub mod actions;
pub mod follow;
mod line;
mod local;
mod server;
pub mod tail;

use std::path::Path;

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub use line::escaped as one_line;
pub use local::{day_end, day_start, wall_clock};
pub use server::LogGuard;

/// Folder of the logs within the data folder.
pub const FOLDER: &str = "logs";

/// Why nothing can be logged.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("the log in {path} cannot be written: {source}")]
    Io { path: String, source: std::io::Error },
    #[error("{0:?} is no level; allowed: error, warn, info, debug, trace")]
    Level(String),
    #[error("logging was started twice")]
    Twice,
}

/// Starts logging for the whole process, to the terminal and to DATA/logs/server.log. What is queued is written when the
/// guard is dropped.
pub fn init(data: &Path, level: &str) -> Result<LogGuard, LogError> {
    let level: LevelFilter = level.parse().map_err(|_| LogError::Level(level.to_owned()))?;
    let folder = data.join(FOLDER);
    let (sink, guard) = server::start(&folder).map_err(|source| LogError::Io { path: folder.display().to_string(), source })?;
    // Libraries are held at info: their details are about themselves and can show what peers send.
    let filter = Targets::new().with_target("pregon_hub", level).with_default(level.min(LevelFilter::INFO));
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_timer(local::Clock).with_writer(sink).with_filter(filter);
    tracing_subscriber::registry().with(layer).try_init().map_err(|_| LogError::Twice)?;
    Ok(guard)
}

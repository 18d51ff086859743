//! A hub from the outside: starts the real binary, and speaks to it as agents, sensors, scripts and panels do.
//!
//! For tests and load runs. It shares the frames with the hub, never its code, and every wait has a deadline.

pub mod agent;
pub mod attack;
pub mod crowd;
pub mod fleet;
pub mod http;
pub mod hub;
pub mod panel;
pub mod sensor;
pub mod tls;

mod ws;

use std::time::Duration;

/// How long anything may take that a healthy hub does at once.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Runs a step of the conversation, at most for `deadline`; `what` names it in the error.
pub(crate) async fn within<T>(deadline: Duration, what: &str, step: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    match tokio::time::timeout(deadline, step).await {
        Ok(done) => done,
        Err(_) => Err(anyhow::anyhow!("{what}: nothing within {deadline:?}")),
    }
}

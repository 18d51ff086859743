//! The agent as a branch PC has it: the real program, against the real hub, a desktop of X and D-Bus, and a hub that lies.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may panic"
)]

mod agent;
mod crash;
mod desktop;
mod enrolment;
mod hub;
mod journey;
mod life;
mod popup;
mod rogue;
mod rotation;
mod tray;
mod trust;
mod write;

use std::time::Duration;

/// How long anything may take that happens at once on a machine with nothing else to do.
const PATIENCE: Duration = Duration::from_secs(20);

/// Looks again and again until something is there.
async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < end, "not within {PATIENCE:?}: {what}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

//! Sends planned alerts when their time comes.

use std::sync::Arc;
use std::time::Duration;

use crate::hub::Hub;

/// How often the hub looks for planned alerts that are due.
const LOOK: Duration = Duration::from_secs(1);

pub(super) async fn run(hub: Arc<Hub>) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(err) = hub.publisher.send_due().await {
            tracing::warn!(%err, "could not send what is planned; it is tried again");
        }
    }
}

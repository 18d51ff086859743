//! What follows when the machine's clock jumps: whatever is due moves with it, then the hub's clock follows.

use std::sync::Arc;
use std::time::Duration;

use shared::Severity;

use crate::hub::Hub;
use crate::notice::Notice;

const LOOK: Duration = Duration::from_secs(1);

pub(super) async fn run(hub: Arc<Hub>) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Some(by) = hub.clock.jumped() {
            follow(&hub, by).await;
        }
    }
}

/// Nothing may become due between the two steps: going forward what is due moves first, going back the clock does.
async fn follow(hub: &Hub, by_ms: i64) {
    let alone = hub.clock.move_alone().await;
    let before = hub.clock.now();
    if by_ms < 0 {
        hub.clock.follow(by_ms);
    }
    while let Err(err) = hub.store.move_due(before, by_ms).await {
        tracing::warn!(%err, "the machine's clock jumped, and what is due could not be moved; it is tried again");
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    hub.rules.move_clock(by_ms);
    if by_ms > 0 {
        hub.clock.follow(by_ms);
    }
    drop(alone);
    tracing::warn!(seconds = by_ms / 1_000, "the machine's clock jumped; what is due moved with it");
    let direction = if by_ms < 0 { "back" } else { "forward" };
    let hours = by_ms.unsigned_abs() / 3_600_000;
    let said = Notice::new(Severity::Warning, format!("the machine's clock jumped {direction} by {hours} h"));
    let said = said.code(if by_ms < 0 { "clock_back" } else { "clock_forward" }).value("count", hours);
    if let Err(err) = hub.publisher.notice(said).await {
        tracing::warn!(%err, "could not record that the clock jumped");
    }
}

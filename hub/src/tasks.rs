//! The only place that spawns: every task has a name, a panic of one is logged and harms no other,
//! and the hub knows when all have ended.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Tasks of one hub. Clones are the same group.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    pub fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(AssertUnwindSafe(work).catch_unwind().map(move |ended| {
            if ended.is_err() {
                tracing::error!(task = name, "a task panicked; this is a bug, please report it with the lines above");
            }
        }));
    }

    /// Cancelled once the hub is to stop.
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Tells every task to end and waits for all of them.
    pub async fn finish(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

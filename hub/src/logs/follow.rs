//! Copies the action log of the database into `logs/actions.log`, for people and log shippers.
//!
//! The database says how far the file is, so a crash repeats a line rather than losing one.

use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::actions::ActionsLog;
use crate::clock::Clock;
use crate::fanout::Panels;
use crate::fanout::panels::LogNews;
use crate::store::Store;

const EVERY: Duration = Duration::from_secs(1);
const BATCH: u32 = 500;

/// Follows until `stop`, then writes what is left.
pub async fn run(data: &Path, store: Store, clock: Clock, panels: Panels, stop: CancellationToken) {
    let log = match ActionsLog::open(&data.join(super::FOLDER)) {
        Ok(log) => log,
        Err(err) => {
            tracing::error!(%err, "logs/actions.log cannot be written; the database keeps the action log all the same");
            return;
        }
    };
    while tokio::time::timeout(EVERY, stop.cancelled()).await.is_err() {
        copy(&log, &store, &clock, &panels).await;
    }
    copy(&log, &store, &clock, &panels).await;
}

async fn copy(log: &ActionsLog, store: &Store, clock: &Clock, panels: &Panels) {
    if let Err(err) = log.rotate_if_due(clock.now()) {
        tracing::warn!(%err, "logs/actions.log could not be rotated");
    }
    let rows = match store.actions_for_file(BATCH).await {
        Ok(rows) => rows,
        Err(err) => return tracing::warn!(%err, "the action log could not be read"),
    };
    let Some(last) = rows.last().map(|row| row.seq) else { return };
    panels.say("log", &LogNews { newest: last });
    for row in &rows {
        if let Err(err) = log.append(row.at, &row.actor, &row.detail) {
            return tracing::warn!(%err, "logs/actions.log could not be written");
        }
    }
    if let Err(err) = store.set_action_file_position(last).await {
        tracing::warn!(%err, "could not note how far logs/actions.log is");
    }
}

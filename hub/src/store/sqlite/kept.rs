//! Settings that the administrator changes while the hub runs, as JSON by name.

use rusqlite::{Connection, OptionalExtension as _, params};
use shared::Timestamp;

use super::{Store, actions, row};
use crate::store::{Actor, Oldest, Retention, Settings, StoreError};

const READ: &str = "select value from settings where name = ?1";
const WRITE: &str = "insert into settings (name, value) values (?1, ?2) on conflict (name) do update set value = excluded.value";
const RETENTION: &str = "retention";
const EVENT: &str = "select created_at from events order by id limit 1";
const ALERT: &str = "select sent_at from alerts order by seq limit 1";
const CONNECTION: &str = "select connected_at from connections order by id limit 1";
const MESSAGE: &str = "select created_at from branch_messages order by id limit 1";
const ACTION: &str = "select at from action_log order by seq limit 1";

impl Store {
    pub async fn settings(&self) -> Result<Settings, StoreError> {
        self.read(read).await
    }

    pub async fn oldest(&self) -> Result<Oldest, StoreError> {
        self.read(|tx| {
            let first = |sql| tx.query_row(sql, [], |row| row::time(row, 0)).optional();
            Ok(Oldest {
                events: first(EVENT)?,
                alerts: first(ALERT)?,
                connections: first(CONNECTION)?,
                messages: first(MESSAGE)?,
                actions: first(ACTION)?,
            })
        })
        .await
    }

    pub async fn set_settings(&self, now: Timestamp, actor: &Actor, settings: Settings) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| write(tx, now, &actor, settings)).await
    }
}

pub(super) fn read(tx: &Connection) -> Result<Settings, StoreError> {
    let text: Option<String> = tx.prepare_cached(READ)?.query_row([RETENTION], |row| row.get(0)).optional()?;
    let broken = |err| StoreError::Database(format!("the settings are damaged: {err}"));
    let retention = text.map(|text| serde_json::from_str(&text).map_err(broken)).transpose()?.unwrap_or_default();
    Ok(Settings { retention })
}

/// Nothing is written, the log included, when nothing changes.
pub(super) fn write(tx: &Connection, now: Timestamp, actor: &Actor, settings: Settings) -> Result<(), StoreError> {
    if read(tx)? == settings {
        return Ok(());
    }
    let text = serde_json::to_string(&settings.retention).map_err(|err| StoreError::Database(err.to_string()))?;
    tx.prepare_cached(WRITE)?.execute(params![RETENTION, text])?;
    actions::append(tx, now, actor, "settings.change", &format!("changed what is kept: {}", words(settings.retention)))
}

fn words(kept: Retention) -> String {
    let span = |what: &str, days: Option<u32>| days.map_or_else(|| format!("{what} for ever"), |days| format!("{what} {days} days"));
    [
        span("events", kept.events_days),
        span("alerts", kept.alerts_days),
        span("connections", kept.connections_days),
        span("messages", kept.messages_days),
        span("action log", kept.actions_days),
    ]
    .join(", ")
}

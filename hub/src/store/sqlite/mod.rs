//! The store on embedded SQLite: one writer thread that commits in groups, a few readers.

mod actions;
mod alerts;
mod amend;
mod backlog;
mod bulk;
mod client_actions;
mod clients;
mod connection_log;
mod connections;
mod diagnose;
mod directory;
mod emails;
mod enrolments;
mod events;
mod factors;
mod feed;
mod groups;
mod history;
mod jump;
mod kept;
mod limits;
mod messages;
mod moments;
mod name_conflicts;
mod notices;
mod outgoing;
mod parcels;
mod phrases;
mod pool;
mod reading;
mod receipts;
mod remind;
mod reported;
mod retention;
mod rotation;
mod row;
mod rules;
mod scheduled;
mod security;
mod sessions;
mod settings;
mod statistics;
mod sweep;
mod timeline;
mod tokens;
mod transfer;
mod users;
mod watched;
mod webhooks;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension as _};
use rusqlite_migration::{M, Migrations};

use self::pool::Readers;
use self::writer::Writer;
use super::StoreError;

pub use self::actions::Verification;
pub use self::diagnose::{adopt, diagnose, snapshot, verify_actions};
pub use self::retention::{BATCH, CUT, Old};
pub use self::settings::KeptSetting;

const MIGRATIONS: &[M<'_>] = &[
    M::up(include_str!("../migrations/0001_first.sql")),
    M::up(include_str!("../migrations/0002_groups.sql")),
    M::up(include_str!("../migrations/0003_tokens.sql")),
    M::up(include_str!("../migrations/0004_life.sql")),
    M::up(include_str!("../migrations/0005_history.sql")),
    M::up(include_str!("../migrations/0007_people.sql")),
    M::up(include_str!("../migrations/0008_statistics.sql")),
    M::up(include_str!("../migrations/0009_rules.sql")),
    M::up(include_str!("../migrations/0010_mail.sql")),
    M::up(include_str!("../migrations/0010_webhooks.sql")),
    M::up(include_str!("../migrations/0010_timeline.sql")),
    M::up(include_str!("../migrations/0012_token_bindings.sql")),
    M::up(include_str!("../migrations/0013_clients.sql")),
    M::up(include_str!("../migrations/0014_rotation.sql")),
    M::up(include_str!("../migrations/0015_guard.sql")),
    M::up(include_str!("../migrations/0016_connection_log.sql")),
    M::up(include_str!("../migrations/0017_reported_silences.sql")),
    M::up(include_str!("../migrations/0017_silenced_events.sql")),
    M::up(include_str!("../migrations/0019_hub_events.sql")),
    M::up(include_str!("../migrations/0020_followed_alerts.sql")),
    M::up(include_str!("../migrations/0020_absence.sql")),
    M::up(include_str!("../migrations/0021_tallies.sql")),
];

/// The hub's database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    epoch: Arc<str>,
    incidents: Arc<rules::tallies::Memory>,
}

impl Store {
    /// Opens or makes `pregon.db` in a folder and brings its tables up to date.
    ///
    /// `fresh_epoch` is used when the database is new.
    pub fn open(data: &Path, fresh_epoch: &str) -> Result<Self, StoreError> {
        let path = data.join("pregon.db");
        let mut connection = writer::open(&path)?;
        check(&connection)?;
        Migrations::from_slice(MIGRATIONS).to_latest(&mut connection).map_err(|err| StoreError::Database(err.to_string()))?;
        let epoch = epoch(&connection, fresh_epoch)?;
        directory::fill_version_keys(&connection)?;
        // Whoever was connected when the hub ended is not any more.
        connections::close_all(&connection)?;
        let writer = Arc::new(Writer::start(connection)?);
        Ok(Self { writer, readers: Arc::new(Readers::new(path)), epoch: epoch.into(), incidents: Arc::default() })
    }

    /// Random id of this database; another one means that it was restored.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Why nothing can be saved any more, once that is so.
    pub fn halted(&self) -> Option<String> {
        self.writer.halted()
    }

    /// Why the last commit failed, until one succeeds.
    pub fn trouble(&self) -> Option<StoreError> {
        self.writer.trouble()
    }

    /// Commits that failed since the start.
    pub fn failed_commits(&self) -> u64 {
        self.writer.failed_commits()
    }

    /// Why the last failed one did.
    pub fn last_failure(&self) -> Option<StoreError> {
        self.writer.last_failure()
    }

    /// Saves what changes nothing.
    pub async fn try_saving(&self) -> Result<(), StoreError> {
        const SAME: &str = "update meta set value = value where key = 'epoch'";
        self.write(|tx| Ok(tx.prepare_cached(SAME)?.execute([]).map(drop)?)).await
    }

    /// How long the last commit took, its sync to disk included.
    pub fn last_commit(&self) -> std::time::Duration {
        self.writer.last_commit()
    }

    /// The slowest commit since [`Store::take_worst_commit`].
    pub fn worst_commit(&self) -> std::time::Duration {
        self.writer.worst_commit()
    }

    /// The slowest commit since this was asked before.
    pub fn take_worst_commit(&self) -> std::time::Duration {
        self.writer.take_worst_commit()
    }

    /// How many pieces of work wait for the writer.
    pub fn queue_depth(&self) -> usize {
        self.writer.queue_depth()
    }

    /// Ends the writer once everything in its queue is committed.
    pub fn close(&self) {
        self.writer.close();
    }

    /// One transaction; the answer comes after its commit is on disk.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.run(work).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers.run(work).await
    }
}

/// What a panic left behind is still whole: nothing is changed half under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A damaged file is refused here rather than met later, one alert at a time.
fn check(connection: &Connection) -> Result<(), StoreError> {
    let answer: String = connection.query_row("pragma quick_check(1)", [], |row| row.get(0))?;
    if answer == "ok" {
        return Ok(());
    }
    Err(StoreError::damaged(&answer))
}

fn epoch(connection: &Connection, fresh: &str) -> Result<String, StoreError> {
    const READ: &str = "select value from meta where key = 'epoch'";
    const WRITE: &str = "insert into meta (key, value) values ('epoch', ?1)";
    if let Some(epoch) = connection.query_row(READ, [], |row| row.get(0)).optional()? {
        return Ok(epoch);
    }
    connection.execute(WRITE, [fresh])?;
    Ok(fresh.to_owned())
}

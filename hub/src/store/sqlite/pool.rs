//! A few read-only connections, lent to one reader at a time.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::lock;
use crate::store::StoreError;

const CONNECTIONS: usize = 4;
/// How long a reader waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Readers {
    path: PathBuf,
    free: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, free: Arc::default(), permits: Arc::new(Semaphore::new(CONNECTIONS)) }
    }

    /// Runs `work` in one read transaction, off the runtime's threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let waiting = tokio::time::timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned()).await;
        let Ok(Ok(permit)) = waiting else { return Err(StoreError::Overloaded("too many are reading".into())) };
        let free = Arc::clone(&self.free);
        let path = self.path.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let taken = lock(&free).pop();
            let connection = taken.map_or_else(|| open(&path), Ok)?;
            let result = in_snapshot(&connection, work);
            lock(&free).push(connection);
            result
        });
        reading.await.unwrap_or_else(|err| Err(StoreError::Database(format!("a reader ended: {err}"))))
    }
}

fn in_snapshot<T>(connection: &Connection, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
    let snapshot = connection.unchecked_transaction()?;
    let result = work(&snapshot);
    // A read transaction has nothing to keep.
    let _ = snapshot.rollback();
    result
}

fn open(path: &std::path::Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch("pragma cache_size = -2000; pragma temp_store = memory;")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

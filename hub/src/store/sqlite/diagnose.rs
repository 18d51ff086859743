//! Handles a database without becoming its hub: checks it, copies it, adopts a copy.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use shared::Timestamp;

use super::{Verification, actions, check};
use crate::store::{Actor, StoreError};

/// Checks `pregon.db` of a data folder, while a hub uses it or not, and tells its size in bytes. `None` without one.
pub fn diagnose(data: &Path) -> Result<Option<u64>, StoreError> {
    let Some((path, connection)) = open(data)? else { return Ok(None) };
    let bytes = std::fs::metadata(&path).map_err(|err| StoreError::Database(format!("{}: {err}", path.display())))?.len();
    check(&connection)?;
    Ok(Some(bytes))
}

/// Walks the chain of the action log in a data folder from its first row. `None` without a database.
pub fn verify_actions(data: &Path) -> Result<Option<Verification>, StoreError> {
    let Some((_, connection)) = open(data)? else { return Ok(None) };
    actions::verify(&connection).map(Some)
}

/// Copies the database of a data folder as it stands this moment into a new file. Whether there was one.
pub fn snapshot(data: &Path, into: &Path) -> Result<bool, StoreError> {
    let Some((_, connection)) = open(data)? else { return Ok(false) };
    let into = into.to_str().ok_or_else(|| StoreError::Database("the file's name is not UTF-8".into()))?;
    connection.execute("vacuum into ?1", [into])?;
    std::fs::File::open(into).and_then(|file| file.sync_all()).map_err(|err| StoreError::Database(err.to_string()))?;
    Ok(true)
}

/// Makes a copy fit to be a hub's database again: a new epoch, and no log-in of then is valid.
pub fn adopt(path: &Path, now: Timestamp, epoch: &str) -> Result<(), StoreError> {
    const EPOCH: &str = "update meta set value = ?1 where key = 'epoch'";
    let mut connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    check(&connection)?;
    let tx = connection.transaction()?;
    if tx.execute(EPOCH, [epoch])? == 0 {
        return Err(StoreError::Database("the copy is no hub's database".into()));
    }
    tx.execute("delete from panel_sessions", [])?;
    actions::append(&tx, now, &Actor::new("cli"), "hub.restore", "restored the hub from a backup")?;
    Ok(tx.commit()?)
}

fn open(data: &Path) -> Result<Option<(PathBuf, Connection)>, StoreError> {
    let path = data.join("pregon.db");
    if !path.exists() {
        return Ok(None);
    }
    let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(Some((path, connection)))
}

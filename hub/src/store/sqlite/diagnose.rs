//! Looks at a database without becoming its hub: nothing is made, migrated or changed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::{Verification, actions, check};
use crate::store::StoreError;

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

fn open(data: &Path) -> Result<Option<(PathBuf, Connection)>, StoreError> {
    let path = data.join("pregon.db");
    if !path.exists() {
        return Ok(None);
    }
    let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(Some((path, connection)))
}

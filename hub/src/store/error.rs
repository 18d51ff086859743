//! Why the store could not do what it was asked.

/// Why the store refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("{0} does not exist")]
    Missing(&'static str),
    #[error("{0} exists already")]
    Exists(&'static str),
    #[error("there are {1} {0} already, the most that a hub keeps")]
    Full(&'static str, i64),
    /// What is asked for does not go together with how things stand.
    #[error("{0}")]
    Refused(String),
    /// Nothing was written, the next try may succeed: the disk is full, or too much is waiting.
    #[error("the hub cannot save now: {0}")]
    Overloaded(String),
    /// The writer has stopped: a commit failed and nothing that follows could be trusted.
    #[error("the hub has stopped saving: {0}")]
    Halted(String),
    #[error("the database answered: {0}")]
    Database(String),
}

const DISK_FULL: &str = "the disk is full";
/// Begins as [`DISK_FULL`] does: what helps is the same.
const NO_MORE: &str = "the disk is full, or its quota or the largest file that the hub may write is reached";

impl StoreError {
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Overloaded(reason) if reason.starts_with(DISK_FULL))
    }

    /// The file cannot be trusted; it is left as it is.
    pub(super) fn damaged(why: &str) -> Self {
        Self::Database(format!("pregon.db is damaged ({why}); restore a backup, the file is left as it is"))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(err: rusqlite::Error) -> Self {
        match err.sqlite_error_code() {
            _ if is_refused_write(&err) => Self::Overloaded(NO_MORE.into()),
            Some(rusqlite::ErrorCode::DiskFull) => Self::Overloaded(DISK_FULL.into()),
            Some(rusqlite::ErrorCode::DatabaseBusy) => Self::Overloaded("the database is busy".into()),
            // Never mended and never begun anew: whoever runs the hub decides.
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => Self::damaged(&err.to_string()),
            _ => Self::Database(err.to_string()),
        }
    }
}

/// SQLite knows a full disk by ENOSPC alone; a quota (EDQUOT) and a limit for files (EFBIG) are failed writes to it. What was
/// not written is not lost: unlike a failed sync it leaves nothing that only seems to be saved, and may be tried again.
fn is_refused_write(err: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE};
    err.sqlite_error().is_some_and(|err| matches!(err.extended_code, SQLITE_IOERR_WRITE | SQLITE_IOERR_SHMSIZE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_write_passes_and_a_failed_sync_does_not() {
        use rusqlite::ffi::{Error, SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE};
        let table = [(SQLITE_FULL, true), (SQLITE_IOERR_WRITE, true), (SQLITE_IOERR_SHMSIZE, true), (SQLITE_IOERR_FSYNC, false)];
        for (code, passes) in table {
            let err = StoreError::from(rusqlite::Error::SqliteFailure(Error::new(code), None));
            assert_eq!(err.is_disk_full(), passes, "{code}: {err}");
        }
    }
}

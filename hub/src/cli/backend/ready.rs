//! Whether a hub uses a data folder, and where it answers.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use serde::Deserialize;

use super::BackendError;

/// Of what a hub writes to DATA/ready.json once every listener accepts: its door for requests.
#[derive(Debug, Clone, Deserialize)]
pub struct Ready {
    pub https: SocketAddr,
}

/// Whether a process holds DATA/lock, as every hub does while it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Free,
    Held,
}

impl Ready {
    /// `None` without a file, or while it is being written.
    pub fn read(data: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(data.join("ready.json")).ok()?).ok()
    }
}

/// Looks at the lock without keeping it.
pub fn lock_state(data: &Path) -> Result<Lock, BackendError> {
    let path = data.join("lock");
    let failed = |source| BackendError::Io { path: path.clone(), source };
    let file: File = match OpenOptions::new().write(true).open(&path) {
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(Lock::Free),
        other => other.map_err(failed)?,
    };
    match file.try_lock() {
        Ok(()) => Ok(Lock::Free),
        Err(TryLockError::WouldBlock) => Ok(Lock::Held),
        Err(TryLockError::Error(err)) => Err(failed(err)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    #[test]
    fn a_lock_is_held_as_long_as_its_owner_lives() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(lock_state(data.path()).unwrap(), Lock::Free);
        let owner = File::create(data.path().join("lock")).unwrap();
        owner.try_lock().unwrap();
        assert_eq!(lock_state(data.path()).unwrap(), Lock::Held);
        drop(owner);
        assert_eq!(lock_state(data.path()).unwrap(), Lock::Free);
    }

    #[test]
    fn a_half_written_file_says_nothing() {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join("ready.json"), "{\"pid\":1,").unwrap();
        assert!(Ready::read(data.path()).is_none());
        std::fs::write(data.path().join("ready.json"), r#"{"pid":1,"https":"127.0.0.1:8443","events":"127.0.0.1:5090","ca":"tls/ca.pem"}"#)
            .unwrap();
        assert_eq!(Ready::read(data.path()).unwrap().https.port(), 8443);
    }
}

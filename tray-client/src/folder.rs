//! The data folder of an agent: where each file lies, and how it is written so that a power cut leaves the old or the new one.

use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::platform;

const LOCK_TRIES: u32 = 5;
const LOCK_PAUSE: Duration = Duration::from_millis(40);

/// The data folder.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

/// Holds the folder for one agent; freed when dropped, also by a crash.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why the folder cannot be held.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another agent runs on {}", .0.display())]
    Taken(PathBuf),
    #[error("cannot lock {}: {}", .0.display(), .1)]
    Io(PathBuf, io::Error),
}

impl Folder {
    /// The given folder, or the user's own place for the data of programs.
    pub fn choose(given: Option<PathBuf>) -> io::Result<Self> {
        let path = match given {
            Some(path) => path,
            None => directories::ProjectDirs::from("", "", "pregon-tray")
                .map(|dirs| dirs.data_local_dir().to_path_buf())
                .ok_or_else(|| io::Error::other("this user has no home folder; say where with --data DIR"))?,
        };
        Ok(Self { path: std::path::absolute(path)? })
    }

    /// A folder within this one; it need not exist.
    pub fn inside(&self, name: &str) -> Self {
        Self { path: self.path.join(name) }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Makes the folder if need be.
    pub fn create(&self) -> io::Result<()> {
        platform::create_private_dir(&self.path)
    }

    /// Tries whether files can be written here, before anything depends on it.
    pub fn check_writable(&self) -> io::Result<()> {
        self.replace("write.test", b"x")?;
        std::fs::remove_file(self.file("write.test"))
    }

    /// Holds the folder for this process; the kernel frees it whatever way the process ends.
    pub fn lock(&self) -> Result<Lock, LockError> {
        let path = self.file("agent.lock");
        let open = platform::private_file().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(|err| LockError::Io(path.clone(), err))?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                // It may be `status`, which looks for a moment only.
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
                Err(TryLockError::Error(err)) => return Err(LockError::Io(path, err)),
            }
        }
        Err(LockError::Taken(self.path.clone()))
    }

    /// Whether an agent holds the folder now.
    pub fn is_held(&self) -> bool {
        match File::open(self.file("agent.lock")) {
            Ok(file) => matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)),
            Err(_) => false,
        }
    }

    /// Writes a private file whole and durably: after a crash it holds the old content or the new.
    pub fn replace(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let fresh = self.file(&format!("{name}.new"));
        // A left-over of a crash may have other permissions.
        let _ = std::fs::remove_file(&fresh);
        let mut file = platform::private_file().create_new(true).write(true).open(&fresh)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&fresh, self.file(name))?;
        platform::sync_dir(&self.path)
    }
}

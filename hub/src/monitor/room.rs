//! How much room the disk has, and whether something can really be written to it.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

const MEBIBYTE: u64 = 1024 * 1024;
/// Less room than this and the hub soon cannot save.
pub const CRITICAL: u64 = 100 * MEBIBYTE;
pub const LOW: u64 = 1024 * MEBIBYTE;
/// A disk that takes so much takes the next commits.
const TRIAL: usize = 1024 * 1024;

/// Bytes that the hub may still write where its data is; `None` where the system does not tell.
#[cfg(unix)]
pub fn free(data: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(data).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
pub fn free(_data: &Path) -> Option<u64> {
    None
}

/// Writes a mebibyte beside the database, as far from its start as the next commit would be, syncs and removes it. Blocks.
pub fn trial(data: &Path) -> std::io::Result<()> {
    let path = data.join(".trial");
    // What the disk takes a limit for the size of files may still refuse.
    let end = std::fs::metadata(data.join("pregon.db-wal")).map_or(0, |log| log.len());
    let written = std::fs::File::create(&path).and_then(|mut file| {
        file.seek(SeekFrom::Start(end))?;
        file.write_all(&vec![0; TRIAL])?;
        file.sync_all()
    });
    let removed = std::fs::remove_file(&path);
    written.and(removed)
}

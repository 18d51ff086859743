//! A backup: one tar file with the database, the secrets, the certificates and the settings of a hub.
//!
//! Made of a running hub or a stopped one; put back only into a folder that no hub uses.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use shared::Timestamp;

use crate::app::{self, AppError};
use crate::security::token::Token;
use crate::store::{self, StoreError};

/// What a backup says of itself; the first entry of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    pub format: u32,
    pub made_at: Timestamp,
    pub version: String,
}

/// Why there is no backup, or why one was not put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("there is no pregon.db in {}", .0.display())]
    NoHub(PathBuf),
    #[error("{} exists already; choose another name, nothing is overwritten", .0.display())]
    Exists(PathBuf),
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{} is no backup of a hub: {reason}", path.display())]
    Foreign { path: PathBuf, reason: String },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Data(#[from] AppError),
}

const FORMAT: u32 = 1;
const LABEL: &str = "backup.json";
const DATABASE: &str = "pregon.db";
const SETTINGS: &str = "pregon.toml";
const FOLDERS: [&str; 2] = ["secrets", "tls"];
/// Largest small file (key, certificate, settings), bytes.
const SMALL: u64 = 1024 * 1024;

/// Writes a consistent backup of a data folder, while a hub works on it or not.
pub fn make(data: &Path, file: &Path, now: Timestamp) -> Result<Label, BackupError> {
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let failed = |source| BackupError::Io { path: file.to_owned(), source };
    let staging = beside(file, "new");
    let snapshot = beside(file, "db.new");
    for left_behind in [&staging, &snapshot] {
        // A backup that was interrupted; nobody uses it.
        let _ = fs::remove_file(left_behind);
    }
    let label = Label { format: FORMAT, made_at: now, version: env!("CARGO_PKG_VERSION").into() };
    let made = store::snapshot(data, &snapshot)
        .map_err(BackupError::from)
        .and_then(|found| if found { Ok(()) } else { Err(BackupError::NoHub(data.to_owned())) })
        .and_then(|()| pack(data, &snapshot, &staging, &label).map_err(failed))
        .and_then(|()| fs::rename(&staging, file).map_err(failed));
    let _ = fs::remove_file(&snapshot);
    if made.is_err() {
        let _ = fs::remove_file(&staging);
    }
    made.map(|()| label)
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    file.with_file_name(name)
}

fn pack(data: &Path, snapshot: &Path, staging: &Path, label: &Label) -> io::Result<()> {
    let mut tar = tar::Builder::new(private(staging)?);
    add(&mut tar, LABEL, &serde_json::to_vec(label)?)?;
    tar.append_path_with_name(snapshot, DATABASE)?;
    for folder in FOLDERS {
        for entry in fs::read_dir(data.join(folder))? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                add(&mut tar, &format!("{folder}/{}", entry.file_name().to_string_lossy()), &fs::read(entry.path())?)?;
            }
        }
    }
    match fs::read(data.join(SETTINGS)) {
        Ok(settings) => add(&mut tar, SETTINGS, &settings)?,
        Err(err) if err.kind() == io::ErrorKind::NotFound => {}
        Err(err) => return Err(err),
    }
    tar.into_inner()?.sync_all()
}

fn add(tar: &mut tar::Builder<File>, name: &str, content: &[u8]) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_size(content.len() as u64);
    header.set_mode(0o600);
    tar.append_data(&mut header, name, content)
}

/// A new file that only its owner may open: a backup holds every secret.
fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Puts a backup back. What the folder held is moved aside, never deleted; where, if there was anything.
///
/// The database gets a new epoch, so that agents hear again what is active, and every log-in of then is over.
pub fn put_back(data: &Path, file: &Path, now: Timestamp) -> Result<(Label, Option<PathBuf>), BackupError> {
    // Held until the end: no hub may start meanwhile.
    let _lock = app::lock(data)?;
    let failed = |source| BackupError::Io { path: data.to_owned(), source };
    let staging = data.join(app::RESTORING);
    if staging.exists() {
        fs::remove_dir_all(&staging).map_err(failed)?;
    }
    let read = unpack(file, &staging).and_then(|label| {
        store::adopt(&staging.join(DATABASE), now, Token::random().as_str())?;
        Ok(label)
    });
    if read.is_err() {
        // Nothing was moved yet: the folder is as it was.
        let _ = fs::remove_dir_all(&staging);
    }
    let label = read?;
    let aside = move_aside(data, now).map_err(failed)?;
    for name in [DATABASE, SETTINGS].into_iter().chain(FOLDERS) {
        let from = staging.join(name);
        if from.exists() {
            fs::rename(&from, data.join(name)).map_err(failed)?;
        }
    }
    fs::remove_dir_all(&staging).map_err(failed)?;
    File::open(data).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok((label, aside))
}

fn unpack(file: &Path, into: &Path) -> Result<Label, BackupError> {
    let failed = |source| BackupError::Io { path: file.to_owned(), source };
    let foreign = |reason: &str| BackupError::Foreign { path: file.to_owned(), reason: reason.to_owned() };
    let mut tar = tar::Archive::new(File::open(file).map_err(failed)?);
    let mut entries = tar.entries().map_err(failed)?;
    let label = match entries.next() {
        Some(Ok(mut first)) if first.path().is_ok_and(|path| path == Path::new(LABEL)) && first.size() <= SMALL => {
            let mut text = Vec::new();
            first.read_to_end(&mut text).map_err(failed)?;
            serde_json::from_slice::<Label>(&text).map_err(|err| foreign(&err.to_string()))?
        }
        _ => return Err(foreign("its first entry is not backup.json")),
    };
    if label.format != FORMAT {
        return Err(foreign(&format!("it has format {}, this hub reads {FORMAT}", label.format)));
    }
    for folder in FOLDERS {
        fs::create_dir_all(into.join(folder)).map_err(failed)?;
        close(&into.join(folder)).map_err(failed)?;
    }
    for entry in entries {
        let mut entry = entry.map_err(failed)?;
        let name = entry.path().map_err(failed)?.to_string_lossy().into_owned();
        let is_ours = entry.header().entry_type().is_file() && is_known(&name) && (name == DATABASE || entry.size() <= SMALL);
        if !is_ours {
            return Err(foreign(&format!("it holds {name:?}")));
        }
        let mut written = private(&into.join(&name)).map_err(failed)?;
        io::copy(&mut entry, &mut written).and_then(|_| written.flush()).and_then(|()| written.sync_all()).map_err(failed)?;
    }
    if into.join(DATABASE).exists() { Ok(label) } else { Err(foreign("it holds no database")) }
}

/// Only names that a backup has: nothing in the file decides where something is written.
fn is_known(name: &str) -> bool {
    let is_plain =
        |name: &str| !name.is_empty() && !name.starts_with('.') && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    match name.split_once('/') {
        None => name == DATABASE || name == SETTINGS,
        Some((folder, rest)) => FOLDERS.contains(&folder) && is_plain(rest),
    }
}

#[cfg(unix)]
fn close(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
}

#[cfg(not(unix))]
fn close(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn move_aside(data: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    if !data.join(DATABASE).exists() {
        return Ok(None);
    }
    let aside = data.join(format!("before-restore-{}", now.as_millis()));
    fs::create_dir(&aside)?;
    close(&aside)?;
    for name in [DATABASE, "pregon.db-wal", "pregon.db-shm", SETTINGS].into_iter().chain(FOLDERS) {
        let from = data.join(name);
        if from.exists() {
            fs::rename(from, aside.join(name))?;
        }
    }
    Ok(Some(aside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_a_backup_are_known() {
        for good in ["pregon.db", "pregon.toml", "secrets/pepper", "tls/ca.pem"] {
            assert!(is_known(good), "{good}");
        }
        for bad in ["", "/etc/passwd", "../x", "secrets/../../x", "secrets/", "secrets/.x", "tls/a/b", "logs/actions.log", "secrets/a\\b"] {
            assert!(!is_known(bad), "{bad}");
        }
    }
}

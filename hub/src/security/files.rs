//! Files that only their owner may read, written so that a crash leaves the old one or the new one, never half of one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Makes `folder` with these files in one step: either all of them are there afterwards, or the folder is not.
pub fn create_folder(folder: &Path, files: &[(&str, &[u8])]) -> io::Result<()> {
    let staging = folder.with_extension("new");
    if staging.exists() {
        // Left behind by a crash before the rename below; nothing has used it yet.
        fs::remove_dir_all(&staging)?;
    }
    create_private_folder(&staging)?;
    for (name, content) in files {
        write_new(&staging.join(name), content)?;
    }
    sync_folder(&staging)?;
    fs::rename(&staging, folder)?;
    sync_parent(folder)
}

/// Replaces a file in one step; the new one is on the disk when this returns.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let staging = path.with_file_name(name);
    match fs::remove_file(&staging) {
        Err(err) if err.kind() != io::ErrorKind::NotFound => return Err(err),
        _ => {}
    }
    write_new(&staging, content)?;
    fs::rename(&staging, path)?;
    sync_parent(path)
}

/// What is wrong when others than the owner may open this file or folder, and how to mend it.
#[cfg(unix)]
pub fn exposure(path: &Path) -> io::Result<Option<String>> {
    use std::os::unix::fs::PermissionsExt as _;
    let found = fs::metadata(path)?;
    let mode = found.permissions().mode() & 0o777;
    let wanted = if found.is_dir() { 0o700 } else { 0o600 };
    Ok((mode & 0o077 != 0).then(|| {
        let path = path.display();
        format!("{path} is open to other users (mode {mode:o}); run: chmod {wanted:o} {path}")
    }))
}

/// Elsewhere the folder's access list decides, which is inherited from the folder the operator chose.
#[cfg(not(unix))]
pub fn exposure(path: &Path) -> io::Result<Option<String>> {
    fs::metadata(path).map(|_| None)
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
        _ => sync_folder(Path::new(".")),
    }
}

/// A name is on the disk only once its folder is.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.sync_all()
}

/// Folders cannot be opened for this elsewhere.
#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_folder_appears_whole_and_private() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("secrets");
        fs::create_dir(folder.with_extension("new")).unwrap();
        create_folder(&folder, &[("a", b"one"), ("b", b"two")]).unwrap();
        assert_eq!(fs::read(folder.join("b")).unwrap(), b"two");
        assert_eq!((mode(&folder), mode(&folder.join("a"))), (0o700, 0o600));
        assert_eq!(exposure(&folder.join("a")).unwrap(), None);
        assert!(create_folder(&folder, &[]).is_err(), "what is there is never replaced");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    }

    #[test]
    fn a_replaced_file_stays_private_and_leaves_nothing_beside_it() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("key");
        fs::write(&path, "old").unwrap();
        fs::write(data.path().join("key.new"), "left by a crash").unwrap();
        assert!(exposure(&path).unwrap().unwrap().contains("chmod 600"));
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!((mode(&path), fs::read_dir(data.path()).unwrap().count()), (0o600, 1));
    }
}

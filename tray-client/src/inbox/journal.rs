//! The inbox on disk: `inbox.journal`, one JSON record a line, only ever appended and synced before the agent acts on it.
//!
//! A crash can only tear the last line, which nobody was told about; a torn line is dropped at the next start. When
//! the file has grown it is written anew beside the old one, synced and renamed over it, so one of the two is always whole.

use std::fs::File;
use std::io::{self, Write as _};

use shared::Timestamp;

use super::Inbox;
use super::record::Record;
use crate::folder::Folder;
use crate::platform;

const FILE: &str = "inbox.journal";
/// A file of this size is written anew once it has doubled since the last time.
const SMALLEST: u64 = 256 * 1024;

/// The open journal.
#[derive(Debug)]
pub struct Journal {
    folder: Folder,
    /// `None` after a failed write: what the file holds is then unknown until it is written anew.
    file: Option<File>,
    length: u64,
    compact_at: u64,
}

impl Journal {
    /// Reads what the last agent left, and writes it anew.
    pub fn open(folder: &Folder, now: Timestamp) -> io::Result<(Self, Inbox)> {
        let mut inbox = replay(folder)?;
        inbox.forget(now);
        let mut journal = Self { folder: folder.clone(), file: None, length: 0, compact_at: SMALLEST };
        journal.compact(&inbox, now)?;
        Ok((journal, inbox))
    }

    /// Forgets everything; the folder must be held.
    pub fn delete(folder: &Folder) -> io::Result<()> {
        match std::fs::remove_file(folder.file(FILE)) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => Err(err),
            _ => platform::sync_dir(folder.path()),
        }
    }

    /// Adds records; when this returns well they survive a power cut.
    pub fn append(&mut self, records: &[Record]) -> io::Result<()> {
        let file = self.file.as_mut().ok_or_else(|| io::Error::other("an earlier write failed"))?;
        let text = encode(records)?;
        let must_sync = records.iter().any(Record::must_be_durable);
        let written = file.write_all(&text).and_then(|()| if must_sync { file.sync_data() } else { Ok(()) });
        if written.is_err() {
            // After a failed sync the kernel may have dropped the data: never trust this file again.
            self.file = None;
        }
        self.length = self.length.saturating_add(text.len() as u64);
        written
    }

    pub fn is_broken(&self) -> bool {
        self.file.is_none()
    }

    pub fn is_long(&self) -> bool {
        self.length >= self.compact_at
    }

    /// Writes the file anew from memory; also heals it after a failed write.
    pub fn compact(&mut self, inbox: &Inbox, now: Timestamp) -> io::Result<()> {
        let text = encode(&inbox.snapshot(now))?;
        self.folder.replace(FILE, &text)?;
        self.file = Some(platform::private_file().append(true).open(self.folder.file(FILE))?);
        self.length = text.len() as u64;
        self.compact_at = SMALLEST.max(self.length.saturating_mul(2));
        Ok(())
    }
}

fn encode(records: &[Record]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    for record in records {
        serde_json::to_writer(&mut text, record)?;
        text.push(b'\n');
    }
    Ok(text)
}

fn replay(folder: &Folder) -> io::Result<Inbox> {
    let text = match std::fs::read(folder.file(FILE)) {
        Ok(text) => text,
        Err(err) if err.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(err) => return Err(err),
    };
    let mut inbox = Inbox::default();
    for (index, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match serde_json::from_slice(line) {
            Ok(record) if line.ends_with(b"\n") => inbox.apply(&record),
            Ok(_) => tracing::warn!("{FILE} line {}: torn by a crash, dropped", index + 1),
            Err(err) => tracing::warn!("{FILE} line {}: {err}; dropped", index + 1),
        }
    }
    Ok(inbox)
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;

//! `actions.log`: one line an action, a file a day, 30 days kept.
//!
//! The database holds the actions that count; this file is for people and log shippers.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Days, Local, NaiveDate, NaiveDateTime};
use shared::Timestamp;

use super::{line, local};

const NAME: &str = "actions.log";
const DAYS_KEPT: u64 = 30;

/// Appends actions; threads may share it.
#[derive(Debug)]
pub struct ActionsLog {
    folder: PathBuf,
    wall_clock: fn(Timestamp) -> NaiveDateTime,
    today: Mutex<Option<Today>>,
}

/// The open file and the day its lines are of.
#[derive(Debug)]
struct Today {
    file: File,
    date: NaiveDate,
}

impl ActionsLog {
    /// Opens the log in this folder, which is made if it is missing.
    pub fn open(folder: &Path) -> io::Result<Self> {
        Self::with_clock(folder, local::wall_clock)
    }

    fn with_clock(folder: &Path, wall_clock: fn(Timestamp) -> NaiveDateTime) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned(), wall_clock, today: Mutex::new(None) })
    }

    /// Writes `date time - user - what` in the machine's local time. Blocks on the disk, but does not wait for it to be
    /// durable.
    pub fn append(&self, at: Timestamp, user: &str, what: &str) -> io::Result<()> {
        let clock = (self.wall_clock)(at);
        let line = format!("{} - {} - {}\n", clock.format("%Y-%m-%d %H:%M:%S"), line::escaped(user), line::escaped(what));
        let mut today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        let mut current = self.of_day(today.take(), clock.date())?;
        let written = current.file.write_all(line.as_bytes());
        *today = Some(current);
        written
    }

    /// Moves yesterday's file aside even when nobody does anything; meant to be called every minute.
    pub fn rotate_if_due(&self, now: Timestamp) -> io::Result<()> {
        let mut today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.of_day(today.take(), (self.wall_clock)(now).date())?;
        *today = Some(current);
        Ok(())
    }

    /// The file for lines of `day`. A clock that was set back goes on in the later file: nothing is reordered.
    fn of_day(&self, current: Option<Today>, day: NaiveDate) -> io::Result<Today> {
        let path = self.folder.join(NAME);
        let current = match current {
            // Somebody may have moved or removed the file under our feet.
            Some(current) if path.exists() => current,
            _ => Today { date: own_date(&path)?.unwrap_or(day), file: append_to(&path)? },
        };
        if current.date >= day {
            return Ok(current);
        }
        drop(current.file);
        move_aside(&path, &self.folder.join(format!("{NAME}.{}", current.date)))?;
        self.remove_old(day)?;
        Ok(Today { date: day, file: append_to(&path)? })
    }

    fn remove_old(&self, today: NaiveDate) -> io::Result<()> {
        let oldest = today.checked_sub_days(Days::new(DAYS_KEPT)).unwrap_or(NaiveDate::MIN);
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let date = name.to_str().and_then(|name| name.strip_prefix(NAME)?.strip_prefix('.')?.parse::<NaiveDate>().ok());
            if date.is_some_and(|date| date < oldest) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// The day of a file's lines: what its first line says, else when it was last written. `None` without a file.
fn own_date(path: &Path) -> io::Result<Option<NaiveDate>> {
    let mut file = match File::open(path) {
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    if file.metadata()?.len() == 0 {
        return Ok(None);
    }
    let mut start = [0; 10];
    let read = file.read_exact(&mut start).ok().and_then(|()| std::str::from_utf8(&start).ok()?.parse().ok());
    match read {
        Some(date) => Ok(Some(date)),
        None => Ok(Some(DateTime::<Local>::from(file.metadata()?.modified()?).date_naive())),
    }
}

/// Renames, or adds to a file of that day that is there already.
fn move_aside(from: &Path, to: &Path) -> io::Result<()> {
    if !to.exists() {
        return fs::rename(from, to);
    }
    io::copy(&mut File::open(from)?, &mut append_to(to)?)?;
    fs::remove_file(from)
}

fn append_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn open(folder: &Path) -> ActionsLog {
        ActionsLog::with_clock(folder, |at| DateTime::from_timestamp_millis(at.as_millis()).unwrap().naive_utc()).unwrap()
    }

    fn files(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn an_action_is_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let log = open(folder.path());
        log.append(at("2025-04-23T10:45:31Z"), "ana", "sent an alert").unwrap();
        log.append(at("2025-04-23T10:45:32Z"), "b\nob", "wrote \"a\r\nb\"").unwrap();
        let text = fs::read_to_string(folder.path().join(NAME)).unwrap();
        assert_eq!(text, "2025-04-23 10:45:31 - ana - sent an alert\n2025-04-23 10:45:32 - b\\nob - wrote \"a\\r\\nb\"\n");
    }

    #[test]
    fn at_midnight_the_file_gets_the_date_of_its_lines() {
        let folder = tempfile::tempdir().unwrap();
        let log = open(folder.path());
        log.append(at("2025-04-23T23:59:59.999Z"), "ana", "one").unwrap();
        log.append(at("2025-04-24T00:00:00Z"), "ana", "two").unwrap();
        assert_eq!(files(folder.path()), ["actions.log", "actions.log.2025-04-23"]);
        log.rotate_if_due(at("2025-04-25T00:00:01Z")).unwrap();
        assert_eq!(files(folder.path()), ["actions.log", "actions.log.2025-04-23", "actions.log.2025-04-24"]);
        assert!(fs::read_to_string(folder.path().join("actions.log.2025-04-24")).unwrap().ends_with("two\n"));
    }

    #[test]
    fn a_log_that_was_idle_for_days_keeps_its_own_date_over_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        open(folder.path()).append(at("2025-04-20T12:00:00Z"), "ana", "old").unwrap();
        open(folder.path()).append(at("2025-04-24T12:00:00Z"), "ana", "new").unwrap();
        assert_eq!(files(folder.path()), ["actions.log", "actions.log.2025-04-20"]);
    }

    #[test]
    fn a_clock_set_back_loses_and_reorders_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let log = open(folder.path());
        log.append(at("2025-04-24T00:00:01Z"), "ana", "one").unwrap();
        log.append(at("2025-04-23T23:59:59Z"), "ana", "two").unwrap();
        assert_eq!(files(folder.path()), ["actions.log"]);
        fs::write(folder.path().join("actions.log.2025-04-24"), "kept\n").unwrap();
        log.append(at("2025-04-25T00:00:01Z"), "ana", "three").unwrap();
        let text = fs::read_to_string(folder.path().join("actions.log.2025-04-24")).unwrap();
        assert!(text.starts_with("kept\n") && text.lines().count() == 3, "{text}");
    }

    #[test]
    fn thirty_days_are_kept_and_other_files_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["actions.log.2025-03-24", "actions.log.2025-03-25", "actions.log.2025-04-23", "actions.log.txt", "server.log.1"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let log = open(folder.path());
        log.append(at("2025-04-23T10:00:00Z"), "ana", "one").unwrap();
        log.append(at("2025-04-24T10:00:00Z"), "ana", "two").unwrap();
        let kept = files(folder.path());
        assert!(!kept.contains(&"actions.log.2025-03-24".to_owned()), "{kept:?}");
        assert_eq!(kept.len(), 5, "{kept:?}");
    }

    #[test]
    fn a_file_removed_by_hand_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let log = open(folder.path());
        log.append(at("2025-04-23T10:00:00Z"), "ana", "one").unwrap();
        fs::remove_file(folder.path().join(NAME)).unwrap();
        log.append(at("2025-04-23T10:00:01Z"), "ana", "two").unwrap();
        assert_eq!(fs::read_to_string(folder.path().join(NAME)).unwrap().lines().count(), 1);
    }
}

//! The data folder: can it be written, is there room, who may read its secrets, is the database whole, is the time right.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant, UNIX_EPOCH};

use shared::Timestamp;

use super::Check;
use crate::monitor::room;
use crate::security::{files, secrets};
use crate::store;

const MEBIBYTE: u64 = 1024 * 1024;
/// A commit waits for this; a healthy disk takes a few milliseconds.
const SYNC_SLOW: Duration = Duration::from_millis(100);
/// 2026-01-01: a clock before that is surely wrong.
const LONG_AGO: i64 = 1_767_225_600_000;
/// Clocks are corrected by seconds, not by minutes.
const FUTURE_MILLIS: i64 = 5 * 60 * 1_000;

pub fn checks(data: &Path, now: Timestamp) -> Vec<Check> {
    let mut checks = vec![clock(data, now)];
    if !data.exists() {
        let found = format!("{} is not there yet", data.display());
        checks.push(Check::warn("data", found, "it is made on the first start; use --data if another folder is meant"));
        return checks;
    }
    checks.push(writable(data));
    checks.extend(room(data));
    checks.extend(private(data));
    checks.push(database(data));
    checks
}

fn clock(data: &Path, now: Timestamp) -> Check {
    let advice = "set the clock (timedatectl set-ntp true): certificates and the expiry of alerts depend on it";
    if now.as_millis() < LONG_AGO {
        return Check::fail("clock", format!("the machine's clock says {now}"), advice);
    }
    let files = ["pregon.db", "tls/server.pem", "logs/server.log"].map(|name| changed(&data.join(name)));
    let latest = files.into_iter().flatten().max().unwrap_or_default();
    if latest > now.as_millis().saturating_add(FUTURE_MILLIS) {
        let found = format!("{now}, but files of the hub were written at {}", Timestamp::from_millis(latest));
        return Check::warn("clock", found, advice);
    }
    Check::ok("clock", format!("{now}"))
}

/// Milliseconds since 1970 of the last change.
fn changed(path: &Path) -> Option<i64> {
    let changed = fs::metadata(path).ok()?.modified().ok()?;
    i64::try_from(changed.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

fn writable(data: &Path) -> Check {
    match time_of_sync(data) {
        Ok(took) if took > SYNC_SLOW => Check::warn(
            "disk",
            format!("{} can be written, but saving durably took {} ms", data.display(), took.as_millis()),
            "every accepted alert waits for this: use a faster disk, not a network share",
        ),
        Ok(took) => {
            Check::ok("disk", format!("{} can be written; saving durably takes {:.1} ms", data.display(), took.as_secs_f64() * 1_000.0))
        }
        Err(err) => {
            Check::fail("disk", format!("{} cannot be written: {err}", data.display()), "give the folder to the user the hub runs as")
        }
    }
}

/// Writes, syncs and removes a small file.
fn time_of_sync(data: &Path) -> io::Result<Duration> {
    let path = data.join(format!(".doctor-{}", std::process::id()));
    let start = Instant::now();
    let written = fs::File::create(&path).and_then(|mut file| {
        file.write_all(&[0; 4096])?;
        file.sync_all()
    });
    let took = start.elapsed();
    let removed = fs::remove_file(&path);
    written.and(removed).map(|()| took)
}

fn room(data: &Path) -> Option<Check> {
    let free = room::free(data)?;
    let said = format!("{} MiB are free", free / MEBIBYTE);
    let advice = "make room: a hub that cannot save accepts no alerts";
    Some(match free {
        0..room::CRITICAL => Check::fail("room", said, advice),
        room::CRITICAL..room::LOW => Check::warn("room", said, advice),
        _ => Check::ok("room", said),
    })
}

fn private(data: &Path) -> Vec<Check> {
    let keys = ["tls/ca.key", "tls/server.key"].map(|name| data.join(name));
    let open_keys = keys.iter().filter(|path| path.exists()).filter_map(|path| files::exposure(path).ok().flatten());
    let problems = match secrets::exposures(data) {
        Ok(open_secrets) => open_secrets.into_iter().chain(open_keys).collect::<Vec<_>>(),
        Err(err) => return vec![Check::fail("secrets", err.to_string(), "give the folder to the user the hub runs as")],
    };
    if problems.is_empty() {
        let found = if data.join("secrets").exists() { "only their owner can read them" } else { "they are made on the first start" };
        return vec![Check::ok("secrets", found)];
    }
    let advice = "run the command above, and think about who may have read it";
    problems.into_iter().map(|problem| Check::fail("secrets", problem, advice)).collect()
}

fn database(data: &Path) -> Check {
    match store::diagnose(data) {
        Ok(None) => Check::ok("database", "it is made on the first start"),
        Ok(Some(bytes)) => Check::ok("database", format!("pregon.db is whole ({} KiB)", bytes / 1024)),
        Err(err) => Check::fail("database", err.to_string(), "stop the hub, keep a copy of the data folder, and put a backup in its place"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::super::State;
    use super::*;

    #[test]
    fn a_clock_that_is_far_off_is_found() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(clock(data.path(), Timestamp::from_millis(0)).state, State::Fail);
        fs::write(data.path().join("pregon.db"), "").unwrap();
        let written = changed(&data.path().join("pregon.db")).unwrap();
        assert_eq!(clock(data.path(), Timestamp::from_millis(written)).state, State::Ok);
        assert_eq!(clock(data.path(), Timestamp::from_millis(written - 600_000)).state, State::Warn);
    }

    #[test]
    fn a_folder_can_be_written_and_is_left_as_it_was() {
        let data = tempfile::tempdir().unwrap();
        assert_ne!(writable(data.path()).state, State::Fail);
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
        assert_eq!(writable(&data.path().join("missing")).state, State::Fail);
    }
}

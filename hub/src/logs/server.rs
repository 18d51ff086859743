//! `server.log`: written by one thread of its own, so that a slow disk delays nobody; 5 MB a file, ten old copies.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use tracing_subscriber::fmt::MakeWriter;

use super::line;

const NAME: &str = "server.log";
const FILE_BYTES: u64 = 5_000_000;
const COPIES: u32 = 10;
/// Lines that wait for the disk; further ones are counted and dropped.
const QUEUE: usize = 4_096;

enum Order {
    Write(String),
    Stop,
}

/// Writes what is queued and ends the thread when dropped.
pub struct LogGuard {
    queue: SyncSender<Order>,
    thread: Option<JoinHandle<()>>,
}

/// Where formatted events go: the terminal and the queue.
pub struct Sink {
    queue: SyncSender<Order>,
    lost: Arc<AtomicU64>,
}

/// Starts the thread that writes to `folder`.
pub fn start(folder: &Path) -> io::Result<(Sink, LogGuard)> {
    fs::create_dir_all(folder)?;
    let mut file = Rotating::open(folder.join(NAME), FILE_BYTES, COPIES)?;
    let (queue, orders) = sync_channel(QUEUE);
    let lost = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&lost);
    let thread = std::thread::Builder::new().name("log-writer".to_owned()).spawn(move || write_all(&orders, &counter, &mut file))?;
    Ok((Sink { queue: queue.clone(), lost }, LogGuard { queue, thread: Some(thread) }))
}

fn write_all(orders: &Receiver<Order>, lost: &AtomicU64, file: &mut Rotating) {
    let mut is_broken = false;
    while let Ok(Order::Write(line)) = orders.recv() {
        let gap = lost.swap(0, Ordering::Relaxed);
        let missing = if gap > 0 { format!("({gap} lines are missing here: the disk was too slow)\n") } else { String::new() };
        let written = file.write(format!("{missing}{line}").as_bytes());
        // Said once: the log cannot tell of its own end, and the terminal has all lines anyway.
        if let (Err(err), false) = (&written, is_broken) {
            to_terminal(&format!("{NAME} cannot be written: {err}\n"));
        }
        is_broken = written.is_err();
    }
}

/// A closed terminal is no reason to stop.
fn to_terminal(line: &str) {
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        if self.queue.send(Order::Stop).is_ok()
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = &'a Sink;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

/// One write is one event.
impl Write for &Sink {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = format!("{}\n", line::escaped(text.strip_suffix('\n').unwrap_or(&text)));
        to_terminal(&line);
        if let Err(TrySendError::Full(_)) = self.queue.try_send(Order::Write(line)) {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that moves aside when it is full: `server.log.1` is the newest copy.
struct Rotating {
    path: PathBuf,
    limit: u64,
    copies: u32,
    file: File,
    length: u64,
}

impl Rotating {
    fn open(path: PathBuf, limit: u64, copies: u32) -> io::Result<Self> {
        let file = append_to(&path)?;
        let length = file.metadata()?.len();
        Ok(Self { path, limit, copies, file, length })
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let added = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if self.length > 0 && self.length.saturating_add(added) > self.limit {
            self.rotate()?;
        }
        self.file.write_all(line)?;
        self.length = self.length.saturating_add(added);
        Ok(())
    }

    fn rotate(&mut self) -> io::Result<()> {
        for number in (1..self.copies).rev() {
            rename_if_there(&self.copy(number), &self.copy(number + 1))?;
        }
        rename_if_there(&self.path, &self.copy(1))?;
        self.file = append_to(&self.path)?;
        self.length = self.file.metadata()?.len();
        Ok(())
    }

    fn copy(&self, number: u32) -> PathBuf {
        self.path.with_added_extension(number.to_string())
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

fn rename_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    #[test]
    fn a_full_file_moves_aside_and_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let mut log = Rotating::open(path.clone(), 10, 3).unwrap();
        for number in 1..=6 {
            log.write(format!("line {number}\n").as_bytes()).unwrap();
        }
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(
            (read("server.log"), read("server.log.1"), read("server.log.3")),
            ("line 6\n".into(), "line 5\n".into(), "line 3\n".into())
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
        drop(log);
        // A second start goes on with the file that is there.
        Rotating::open(path, 20, 3).unwrap().write(b"line 7\n").unwrap();
        assert_eq!(read("server.log"), "line 6\nline 7\n");
    }

    #[test]
    fn an_event_is_one_line_and_is_written_before_the_guard_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let (sink, guard) = start(&folder.path().join("logs")).unwrap();
        for number in 0..3 {
            assert_eq!((&sink).write(format!("INFO {number} a\nb\r\n").as_bytes()).unwrap(), format!("INFO {number} a\nb\r\n").len());
        }
        drop(guard);
        let text = fs::read_to_string(folder.path().join("logs").join(NAME)).unwrap();
        assert_eq!(text.lines().count(), 3);
        assert!(text.starts_with("INFO 0 a\\nb\\r\n"), "{text}");
    }
}

//! The agent's log: `agent.log` of bounded size, or standard error for an agent without a screen. Never a secret, never an alert's text.

use std::io::Write;
use std::sync::Mutex;

use file_rotate::suffix::AppendCount;
use file_rotate::{ContentLimit, FileRotate, compression::Compression};
use tracing_subscriber::filter::LevelFilter;

use crate::folder::Folder;
use crate::platform;

/// `agent.log` and one older file of this size are kept.
const FILE_BYTES: usize = 1024 * 1024;

/// Logs to DATA/agent.log from now on.
pub fn to_file(folder: &Folder) {
    let mut options = platform::private_file();
    options.read(true).append(true).create(true);
    let path = folder.file("agent.log");
    let file = FileRotate::new(path, AppendCount::new(1), ContentLimit::BytesSurpassed(FILE_BYTES), Compression::None, Some(options));
    start(file, false);
}

/// Logs to standard error from now on.
pub fn to_stderr() {
    use std::io::IsTerminal as _;
    start(std::io::stderr(), std::io::stderr().is_terminal());
}

fn start(writer: impl Write + Send + 'static, colours: bool) {
    let subscriber =
        tracing_subscriber::fmt().with_writer(Mutex::new(writer)).with_ansi(colours).with_target(false).with_max_level(LevelFilter::INFO);
    // A second start in one process keeps the first.
    let _ = tracing::subscriber::set_global_default(subscriber.finish());
}

//! Linux: clocks, private files, locale, signals and the players of sound.

mod files;
mod sound;
mod theme;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use shared::Timestamp;
use tokio::signal::unix::{Signal, SignalKind, signal};

pub use files::{create_private_dir, private_file, sync_dir};
pub use sound::players;
pub use theme::{fallback_fonts, font_folders, prefers_dark};

use super::Moment;

/// This moment on both clocks.
pub fn now() -> Moment {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let (boot, uptime_ms) = uptime_ms().map_or_else(Default::default, |uptime| (boot.trim().to_owned(), uptime));
    Moment { wall: Timestamp::from_millis(wall), boot, uptime_ms }
}

/// Milliseconds since the PC started, sleep included; unlike `Instant`, which stands still in sleep.
fn uptime_ms() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
    Some(seconds.parse::<u64>().ok()?.saturating_mul(1_000).saturating_add(hundredths.parse::<u64>().ok()?.saturating_mul(10)))
}

/// The locale in which the user wants messages, for example `es_ES.UTF-8`.
pub fn locale() -> String {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set).unwrap_or_default()
}

/// This program, also after an upgrade has put another file in its place.
pub fn own_program() -> std::io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    Ok(if path.exists() { path } else { PathBuf::from("/proc/self/exe") })
}

/// Whether a window can be opened here at all.
pub fn has_desktop() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Whether somebody feeds standard input: a pipe or a file, no terminal and not `/dev/null`.
pub fn stdin_is_fed() -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    std::fs::metadata("/dev/stdin").is_ok_and(|found| found.file_type().is_fifo() || found.is_file())
}

/// Who is logged in, as far as the environment says.
pub fn user_name() -> Option<String> {
    ["USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok()).filter(|name| !name.is_empty())
}

/// The name of the operating system, for the technicians.
pub fn os_label() -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).map(|name| name.trim_matches('"'));
    shared::text::cut(name.unwrap_or("Linux"), 60).to_owned()
}

/// Whether the screen is locked, as far as the desktop tells logind; it may take a moment.
pub fn screen_is_locked() -> bool {
    let session = std::env::var("XDG_SESSION_ID").unwrap_or_else(|_| "auto".to_owned());
    ask("loginctl", &["show-session", &session, "--property=LockedHint", "--value"]).is_some_and(|answer| answer.trim() == "yes")
}

/// What a program of the desktop answers; `None` if it is not there or fails.
fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The wish of the system or a person that the program ends.
#[derive(Debug)]
pub struct EndRequests {
    terminate: Signal,
    interrupt: Signal,
}

impl EndRequests {
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Returns when the program should end. Cancel-safe.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

//! The window's process as the agent sees it: started, fed by a pipe, listened to, ended. Whatever it does, the agent lives on.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use shared::wire::to_agent::Alert;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::Report;
use super::feed::{FromWindow, ToWindow, line};
use crate::platform;

/// Lines that may wait for the window; beyond it is hung and is ended.
const WAITING_LINES: usize = 256;
/// A window whose input was closed ends within this time, or is killed.
const FAREWELL: Duration = Duration::from_secs(3);
/// Exit code of a window that could not be opened.
pub const NO_WINDOW: u8 = 4;

/// A running window process; dropping it closes its input, which ends it.
#[derive(Debug)]
pub struct Window {
    lines: mpsc::Sender<String>,
    watcher: tokio::task::JoinHandle<()>,
}

impl Window {
    /// Starts the process and hands it the alerts. `generation` comes back when it ends.
    pub fn start(alerts: Vec<(Alert, bool)>, generation: u64, reports: mpsc::Sender<Report>) -> std::io::Result<Self> {
        let mut child = Command::new(platform::own_program()?)
            .arg("popup")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::Error::other("the window has no pipes"));
        };
        let first = alerts.into_iter().map(|(alert, seen)| line(&ToWindow::Alert { alert: Box::new(alert), seen })).collect();
        let (lines, waiting) = mpsc::channel(WAITING_LINES);
        let watcher = tokio::spawn(async move {
            let how = watch(child, first, input, output, waiting, &reports).await;
            let _ = reports.send(Report::WindowGone { generation, how }).await;
        });
        Ok(Self { lines, watcher })
    }

    /// Hands over one more message; false when the process takes none any more.
    pub fn tell(&self, message: &ToWindow) -> bool {
        self.lines.try_send(line(message)).is_ok()
    }

    /// Ends it gently: its input closes, and it has a moment to go.
    pub fn stop(self) -> tokio::task::JoinHandle<()> {
        self.watcher
    }

    pub fn kill(self) {
        self.watcher.abort();
    }
}

/// Serves the process until it ends; says how it ended.
async fn watch(
    mut child: Child,
    first: Vec<String>,
    input: ChildStdin,
    output: ChildStdout,
    waiting: mpsc::Receiver<String>,
    reports: &mpsc::Sender<Report>,
) -> String {
    let mut errors = child.stderr.take().map(|errors| BufReader::new(errors).lines());
    let feeding = feed(first, input, waiting);
    let listening = listen(BufReader::new(output).lines(), reports);
    let noting = async {
        while let Some(line) = next_line(&mut errors).await {
            tracing::info!("window: {}", shared::text::cut(&shared::text::one_line(&line), 300));
        }
    };
    // Feeding ends when the agent closes the input; listening when the process ends.
    tokio::select! {
        () = async { tokio::join!(listening, noting); } => {}
        () = async {
            feeding.await;
            tokio::time::sleep(FAREWELL).await;
        } => {}
    }
    match timeout(FAREWELL, child.wait()).await {
        Ok(Ok(status)) => exit_words(status),
        _ => "killed: it did not end".into(),
    }
}

async fn feed(first: Vec<String>, mut input: ChildStdin, mut waiting: mpsc::Receiver<String>) {
    for line in first {
        if input.write_all(line.as_bytes()).await.is_err() {
            return;
        }
    }
    while let Some(line) = waiting.recv().await {
        if input.write_all(line.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn listen(mut lines: Lines<BufReader<ChildStdout>>, reports: &mpsc::Sender<Report>) {
    while let Ok(Some(line)) = lines.next_line().await {
        let report = match serde_json::from_str(&line) {
            Ok(FromWindow::Drawn) => Report::WindowStands,
            Ok(FromWindow::Shown { id }) => Report::Displayed { id, user: None },
            Ok(FromWindow::Dismissed { id, reply }) => Report::Dismissed { id, reply, user: platform::user_name() },
            Err(err) => Report::Unreadable(err.to_string()),
        };
        if reports.send(report).await.is_err() {
            return;
        }
    }
}

async fn next_line<R: AsyncRead + Unpin>(lines: &mut Option<Lines<BufReader<R>>>) -> Option<String> {
    lines.as_mut()?.next_line().await.ok().flatten()
}

fn exit_words(status: ExitStatus) -> String {
    match status.code() {
        Some(code) if code == i32::from(NO_WINDOW) => "it cannot open a window".into(),
        _ => status.to_string(),
    }
}

//! The window to write in as the agent sees it: started on a person's wish, brought in front on the next, never ended.

use std::process::Stdio;

use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use crate::folder::Folder;
use crate::platform;

/// Wishes that may wait for the window to take them; more are the same wish.
const WISHES: usize = 1;

/// The window that was opened last.
#[derive(Debug, Default)]
pub struct Writer {
    fronts: Option<mpsc::Sender<()>>,
}

impl Writer {
    /// Opens the window, or brings the one that is open in front.
    pub fn open(&mut self, folder: &Folder) -> std::io::Result<()> {
        if let Some(fronts) = self.fronts.as_ref().filter(|fronts| !fronts.is_closed()) {
            // Full: it is being brought in front already.
            let _ = fronts.try_send(());
            return Ok(());
        }
        let child = Command::new(platform::own_program()?)
            .args(["write", "--window", "--data"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()?;
        let (fronts, wishes) = mpsc::channel(WISHES);
        tokio::spawn(attend(child, wishes));
        self.fronts = Some(fronts);
        Ok(())
    }
}

/// Passes wishes on until the window is gone.
async fn attend(mut child: Child, mut wishes: mpsc::Receiver<()>) {
    let Some(mut input) = child.stdin.take() else { return };
    let passing = async {
        while wishes.recv().await.is_some() {
            if input.write_all(b"front\n").await.is_err() {
                break;
            }
        }
        // What ends it is a person, not the agent.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = passing => {}
        ended = child.wait() => match ended {
            Ok(status) if status.success() => {}
            Ok(status) => tracing::warn!("the window to write in ended: {status}"),
            Err(err) => tracing::warn!("the window to write in: {err}"),
        },
    }
}

//! Another program is the screen: alerts go to standard output as JSON lines, receipts come from standard input.

use std::io::{BufRead as _, Read as _, Write as _};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::wire::limits;
use shared::wire::to_agent::{Alert, ToAgent};
use shared::wire::to_hub::ReceiptState;
use shared::{AlertId, MessageId};
use tokio::sync::mpsc;

use super::Report;
use super::feed::line;
use crate::language::Language;
use crate::outbox::Text;

/// Lines that may wait for a reader who is slow.
const WAITING_LINES: usize = 4_096;

/// Longest wait for a reader at the end.
const FAREWELL: Duration = Duration::from_secs(1);

/// The two pipes, each on its own thread: a reader who stops reading must not stop the link.
#[derive(Debug)]
pub struct Headless {
    lines: SyncSender<String>,
    /// Hangs up once all lines are written.
    written: Receiver<()>,
    reports: mpsc::Sender<Report>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Withdraw { id: AlertId },
    Remind { id: AlertId },
    Status { connected: bool, detail: &'a str },
    Error { detail: &'a str },
    Message { id: String, state: &'a str },
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Answer {
    Receipt {
        id: AlertId,
        state: ReceiptState,
        #[serde(default)]
        reply: Option<String>,
        #[serde(default)]
        user: Option<String>,
    },
    Message {
        message: String,
    },
}

impl Headless {
    pub fn start(reports: mpsc::Sender<Report>) -> std::io::Result<Self> {
        let (lines, waiting) = sync_channel::<String>(WAITING_LINES);
        let (writing, written) = sync_channel::<()>(0);
        let on_error = reports.clone();
        std::thread::Builder::new().name("stdout".into()).spawn(move || {
            let _until_the_end = writing;
            for line in waiting {
                let mut out = std::io::stdout().lock();
                if out.write_all(line.as_bytes()).and_then(|()| out.flush()).is_err() {
                    let _ = on_error.blocking_send(Report::Deaf("standard output is closed"));
                    return;
                }
            }
        })?;
        let answers = reports.clone();
        std::thread::Builder::new().name("stdin".into()).spawn(move || read_answers(&answers))?;
        Ok(Self { lines, written, reports })
    }

    pub fn show(&self, alert: &Alert) {
        // The frame's own words, under `type` instead of `action`.
        let frame = ToAgent::Alert(Box::new(alert.clone())).encode();
        self.write(frame.replacen("\"action\":\"alert\"", "\"type\":\"alert\"", 1) + "\n");
    }

    pub fn hide(&self, id: AlertId) {
        self.write(line(&Line::Withdraw { id }));
    }

    pub fn raise(&self, id: AlertId) {
        self.write(line(&Line::Remind { id }));
    }

    pub fn status(&self, connected: bool, detail: &str) {
        self.write(line(&Line::Status { connected, detail }));
    }

    pub fn message(&self, id: MessageId, state: &str) {
        self.write(line(&Line::Message { id: id.to_string(), state }));
    }

    pub fn error(&self, detail: &str) {
        self.write(line(&Line::Error { detail }));
    }

    /// Writes what still waits, unless nobody reads it.
    pub fn end(self) {
        drop(self.lines);
        // Nothing is ever sent: this waits for the writer to hang up.
        let _ = self.written.recv_timeout(FAREWELL);
    }

    fn write(&self, line: String) {
        if let Err(TrySendError::Full(_)) = self.lines.try_send(line) {
            // Alerts that nobody read are still on disk, and come again with the next start.
            let _ = self.reports.try_send(Report::Deaf("standard output is not read"));
        }
    }
}

/// Reads lines until the input ends, which ends nothing else.
fn read_answers(reports: &mpsc::Sender<Report>) {
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        match input.by_ref().take(limits::FRAME_BYTES as u64).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) if line.trim_ascii().is_empty() => {}
            Ok(_) => {
                if reports.blocking_send(parse(&line)).is_err() {
                    return;
                }
            }
        }
    }
}

fn parse(line: &[u8]) -> Report {
    match serde_json::from_slice(line) {
        Ok(Answer::Receipt { id, state: ReceiptState::Displayed, user, .. }) => Report::Displayed { id, user },
        Ok(Answer::Receipt { id, state: ReceiptState::Dismissed, reply, user }) => Report::Dismissed { id, reply, user },
        Ok(Answer::Receipt { .. }) => Report::Unreadable("`state` is `displayed` or `dismissed`; the agent says the others itself".into()),
        Ok(Answer::Message { message }) => match Text::parse(&message) {
            Ok(text) => Report::Message(text),
            Err(err) => Report::Unreadable(format!("`message`: {}", err.in_words(Language::English))),
        },
        Err(err) if err.is_data() => Report::Unreadable(
            "expected {\"id\":ID,\"state\":\"displayed\"|\"dismissed\",\"reply\"?,\"user\"?} or {\"message\":TEXT}".into(),
        ),
        Err(err) => Report::Unreadable(format!("not a line of JSON: {err}")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_other_program_are_read_or_refused_with_a_reason() {
        let id = AlertId::from_parts(shared::Timestamp::from_millis(5), 5);
        let read = |text: String| parse(text.as_bytes());
        assert_eq!(
            read(format!(r#"{{"id":"{id}","state":"displayed","user":"ana"}}"#)),
            Report::Displayed { id, user: Some("ana".into()) }
        );
        assert_eq!(
            read(format!(r#"{{"id":"{id}","state":"dismissed","reply":"ok","more":1}}"#)),
            Report::Dismissed { id, reply: Some("ok".into()), user: None }
        );
        assert_eq!(read(r#"{"message":" hola "}"#.into()), Report::Message(Text::parse("hola").unwrap()));
        let long = format!(r#"{{"message":"{}"}}"#, "x".repeat(1_001));
        let stateless = format!(r#"{{"id":"{id}","state":"delivered"}}"#);
        for refused in [stateless, "{}".into(), "nonsense".into(), r#"{"message":" "}"#.into(), long] {
            assert!(matches!(read(refused.clone()), Report::Unreadable(_)), "{refused}");
        }
    }
}

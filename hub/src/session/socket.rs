//! An agent's WebSocket: every write has a deadline, frames are read as text.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use shared::wire::limits;
use shared::wire::to_agent::{self, Rejection, ToAgent};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

/// Boxed: it is large, and would be copied into every future that it passes through.
pub(super) type Stream = Box<WebSocketStream<TlsStream<TcpStream>>>;

/// A peer that takes longer for one write is gone.
const WRITE: Duration = Duration::from_secs(10);
const CLOSE: Duration = Duration::from_secs(2);

/// The peer is gone, broke the protocol, or did not take a write in time.
#[derive(Debug, thiserror::Error)]
#[error("the connection is lost")]
pub(super) struct Lost;

/// Small buffers: 2 KiB hold any ordinary frame of an agent, larger ones grow for as long as they last.
pub(super) fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(2 * 1024)
        .write_buffer_size(8 * 1024)
        .max_write_buffer_size(2 * 1024 * 1024)
        .max_message_size(Some(limits::FRAME_BYTES))
        .max_frame_size(Some(limits::FRAME_BYTES))
}

pub(super) async fn send(stream: &mut Stream, frame: Utf8Bytes) -> Result<(), Lost> {
    deadline(stream.send(Message::Text(frame))).await
}

/// Several frames in one write.
pub(super) async fn send_all(stream: &mut Stream, frames: impl Iterator<Item = Utf8Bytes>) -> Result<(), Lost> {
    for frame in frames {
        deadline(stream.feed(Message::Text(frame))).await?;
    }
    deadline(stream.flush()).await
}

pub(super) async fn ping(stream: &mut Stream) -> Result<(), Lost> {
    deadline(stream.send(Message::Ping(bytes::Bytes::new()))).await
}

async fn deadline(writing: impl Future<Output = Result<(), Error>>) -> Result<(), Lost> {
    match tokio::time::timeout(WRITE, writing).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Lost),
    }
}

/// The next message; `None` once the peer has closed or broken the connection.
pub(super) async fn next(stream: &mut Stream) -> Option<Message> {
    match stream.next().await {
        Some(Ok(Message::Close(_))) | None => None,
        Some(Ok(message)) => Some(message),
        Some(Err(Error::Capacity(_))) => {
            close(stream, CloseCode::Size, "frame too large").await;
            None
        }
        Some(Err(_)) => None,
    }
}

/// Says why the agent is not let in, then closes with the code of the reason.
pub(super) async fn reject(stream: &mut Stream, reason: Rejection, detail: Option<String>, retry_after_s: Option<u64>) {
    let frame = ToAgent::Rejected(to_agent::Rejected { reason, retry_after_s, detail });
    if send(stream, frame.encode().into()).await.is_ok() {
        close(stream, CloseCode::from(reason.close_code()), reason.as_str()).await;
    }
}

/// Closes and waits a moment for the peer's own Close, so that it can still read what was said.
pub(super) async fn close(stream: &mut Stream, code: CloseCode, reason: &'static str) {
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
    let closing = async {
        // A peer that is gone already needs no farewell.
        if WebSocketStream::close(stream, Some(frame)).await.is_ok() {
            while let Some(Ok(_)) = stream.next().await {}
        }
    };
    let _ = tokio::time::timeout(CLOSE, closing).await;
}

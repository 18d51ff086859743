//! WebSocket over TLS with buffers small enough for thousands of sockets in one process.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use shared::wire::limits::FRAME_BYTES;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::tls::{Endpoint, SERVER_NAME};
use crate::{PATIENCE, within};

/// What the far end says next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Text(String),
    Pong(Vec<u8>),
    /// The close code; 1005 when there was none, 1006 when the connection just ended.
    Closed(u16),
}

#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TlsStream<TcpStream>>,
}

impl Socket {
    pub async fn open(hub: &Endpoint, path: &str) -> Result<Self> {
        // A panel's frames are larger than an agent's: a screenful of them in one.
        let config = WebSocketConfig::default()
            .read_buffer_size(2 * 1024)
            .write_buffer_size(0)
            .max_message_size(Some(16 * FRAME_BYTES))
            .max_frame_size(Some(16 * FRAME_BYTES));
        let tls = hub.dial().await?;
        let url = format!("wss://{SERVER_NAME}{path}");
        // Boxed: the state of the handshake is large and short-lived, a socket's task is long-lived.
        let mut request = url.into_client_request()?;
        if let Some(client) = hub.named {
            request.headers_mut().insert("x-forwarded-for", client.to_string().parse()?);
        }
        let handshake = Box::pin(tokio_tungstenite::client_async_with_config(request, tls, Some(config)));
        within(PATIENCE, "WebSocket handshake", async {
            let (stream, _) = handshake.await.context("WebSocket handshake")?;
            Ok(Self { stream })
        })
        .await
    }

    pub async fn send(&mut self, message: Message) -> Result<()> {
        within(PATIENCE, "sending a frame", async { self.stream.send(message).await.context("sending a frame") }).await
    }

    /// The next thing that matters; pings are answered on the way. Cancel-safe.
    pub async fn next(&mut self) -> Result<Heard> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Ok(Heard::Text(text.to_string())),
                Some(Ok(Message::Pong(bytes))) => return Ok(Heard::Pong(bytes.to_vec())),
                Some(Ok(Message::Close(frame))) => return Ok(Heard::Closed(frame.map_or(1005, |frame| frame.code.into()))),
                Some(Ok(Message::Binary(_))) => bail!("a binary frame, but the hub speaks text"),
                Some(Ok(Message::Ping(_) | Message::Frame(_))) => {}
                Some(Err(_)) | None => return Ok(Heard::Closed(1006)),
            }
        }
    }

    /// The next text frame; an end of the connection is an error.
    pub async fn text(&mut self, deadline: Duration) -> Result<String> {
        within(deadline, "waiting for a frame", async {
            loop {
                match self.next().await? {
                    Heard::Text(text) => return Ok(text),
                    Heard::Closed(code) => bail!("closed with {code}"),
                    Heard::Pong(_) => {}
                }
            }
        })
        .await
    }

    /// Waits until the hub ends the connection and gives the close code; what comes before is dropped.
    pub async fn close_code(&mut self, deadline: Duration) -> Result<u16> {
        within(deadline, "waiting for the end of the connection", async {
            loop {
                if let Heard::Closed(code) = self.next().await? {
                    return Ok(code);
                }
            }
        })
        .await
    }

    /// Sends a ping and waits for its pong; text that comes in between is kept by nobody.
    pub async fn ping(&mut self, deadline: Duration) -> Result<()> {
        self.send(Message::Ping(b"swarm".as_slice().into())).await?;
        within(deadline, "waiting for a pong", async {
            loop {
                match self.next().await? {
                    Heard::Pong(bytes) if bytes == b"swarm" => return Ok(()),
                    Heard::Closed(code) => bail!("closed with {code}"),
                    Heard::Pong(_) | Heard::Text(_) => {}
                }
            }
        })
        .await
    }

    pub async fn close(&mut self) -> Result<()> {
        within(PATIENCE, "closing", async { Ok(self.stream.close(None).await?) }).await
    }
}

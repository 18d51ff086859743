//! The live socket of a panel: `/ws/panel`.

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::tls::Endpoint;
use crate::ws::Socket;

/// A panel that listens.
#[derive(Debug)]
pub struct Panel {
    socket: Socket,
}

impl Panel {
    /// Opens the socket and says the token; whether it is good shows in what comes next.
    pub async fn open(hub: &Endpoint, token: &str) -> Result<Self> {
        let mut panel = Self { socket: Socket::open(hub, "/ws/panel").await? };
        panel.send(&json!({"action": "auth", "token": token})).await?;
        Ok(panel)
    }

    pub async fn send(&mut self, frame: &Value) -> Result<()> {
        self.socket.send(Message::text(frame.to_string())).await
    }

    /// The next push, `{"type":…,"data":…}`.
    pub async fn recv(&mut self, deadline: Duration) -> Result<Value> {
        let text = self.socket.text(deadline).await?;
        serde_json::from_str(&text).with_context(|| format!("push of the hub: {text}"))
    }

    /// The data of the next push of a type; others before it are dropped.
    pub async fn next_of(&mut self, kind: &str, deadline: Duration) -> Result<Value> {
        let end = tokio::time::Instant::now() + deadline;
        loop {
            let left = end.saturating_duration_since(tokio::time::Instant::now());
            let mut push = self.recv(left).await.with_context(|| format!("waiting for a push of type {kind}"))?;
            if push.get("type").and_then(Value::as_str) == Some(kind) {
                return Ok(push.get_mut("data").map(Value::take).unwrap_or_default());
            }
        }
    }

    /// Waits for the hub to end the socket and gives the close code.
    pub async fn close_code(&mut self, deadline: Duration) -> Result<u16> {
        self.socket.close_code(deadline).await
    }
}

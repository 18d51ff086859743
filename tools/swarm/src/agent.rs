//! The link of an agent: `/ws/client`, frame by frame. It decides nothing: a test or a load run says what it answers.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use shared::secret::Clave;
use shared::wire::to_agent::{Alert, Connected, Enrolled, ToAgent};
use shared::wire::to_hub::{Connect, Enrol, Receipt, ReceiptState, Receipts, ToHub};
use shared::{AlertId, Timestamp};
use tokio_tungstenite::tungstenite::Message;

use crate::PATIENCE;
use crate::tls::Endpoint;
pub use crate::ws::Heard;
use crate::ws::Socket;

/// An open link to a hub. Dropping it cuts the connection without a Close frame.
#[derive(Debug)]
pub struct Agent {
    socket: Socket,
}

impl Agent {
    /// A link on which nothing was said yet.
    pub async fn open(hub: &Endpoint) -> Result<Self> {
        Ok(Self { socket: Socket::open(hub, "/ws/client").await? })
    }

    /// An agent that is in; a rejection is an error that names the reason.
    pub async fn connect(hub: &Endpoint, name: &str, key: &str) -> Result<(Self, Connected)> {
        match Self::knock(hub, name, key).await? {
            (agent, ToAgent::Connected(connected)) => Ok((agent, connected)),
            (_, ToAgent::Rejected(rejected)) => bail!("{name}: rejected, {}", rejected.reason.as_str()),
            (_, other) => bail!("{name}: expected connected, got {other:?}"),
        }
    }

    /// Sends `connect` and gives whatever the hub answers, for tests of rejections.
    pub async fn knock(hub: &Endpoint, name: &str, key: &str) -> Result<(Self, ToAgent)> {
        let mut agent = Self::open(hub).await?;
        agent.send(&ToHub::Connect(greeting(name, key))).await?;
        let answer = agent.recv(PATIENCE).await.with_context(|| format!("{name}: connect"))?;
        Ok((agent, answer))
    }

    /// Enrols under a one-time code; the key is in the answer, and nowhere else.
    pub async fn enrol(hub: &Endpoint, name: &str, code: &str) -> Result<(Self, Enrolled)> {
        let mut agent = Self::open(hub).await?;
        agent.send(&ToHub::Enrol(Enrol { username: name.into(), code: code.into() })).await?;
        match agent.recv(PATIENCE).await.with_context(|| format!("{name}: enrol"))? {
            ToAgent::Enrolled(enrolled) => Ok((agent, enrolled)),
            ToAgent::Rejected(rejected) => bail!("{name}: rejected, {}", rejected.reason.as_str()),
            other => bail!("{name}: expected enrolled, got {other:?}"),
        }
    }

    pub async fn send(&mut self, frame: &ToHub) -> Result<()> {
        self.send_text(&frame.encode()).await
    }

    /// Sends any text as one frame, well formed or not.
    pub async fn send_text(&mut self, text: &str) -> Result<()> {
        self.socket.send(Message::text(text)).await
    }

    /// Sends a binary frame, which no agent does.
    pub async fn send_binary(&mut self, bytes: &[u8]) -> Result<()> {
        self.socket.send(Message::binary(bytes.to_vec())).await
    }

    /// The next frame of the hub; an end of the connection is an error.
    pub async fn recv(&mut self, deadline: Duration) -> Result<ToAgent> {
        let text = self.recv_text(deadline).await?;
        ToAgent::decode(&text).with_context(|| format!("frame of the hub: {text}"))
    }

    /// The next frame as it came.
    pub async fn recv_text(&mut self, deadline: Duration) -> Result<String> {
        self.socket.text(deadline).await
    }

    /// The next alert; frames of other kinds before it are dropped.
    pub async fn alert(&mut self, deadline: Duration) -> Result<Alert> {
        let end = tokio::time::Instant::now() + deadline;
        loop {
            if let ToAgent::Alert(alert) = self.recv(end.saturating_duration_since(tokio::time::Instant::now())).await? {
                return Ok(*alert);
            }
        }
    }

    /// Waits without a deadline for text, pong or the end. Cancel-safe, for a `select!`.
    pub async fn hear(&mut self) -> Result<Heard> {
        self.socket.next().await
    }

    /// Says what became of an alert.
    pub async fn receipt(&mut self, id: AlertId, state: ReceiptState) -> Result<()> {
        let item = Receipt { id, state, at: now(), reply: None, user: None };
        self.send(&ToHub::Receipts(Receipts { items: vec![item] })).await
    }

    /// Sends a ping and waits for the pong; text in between is dropped.
    pub async fn ping(&mut self, deadline: Duration) -> Result<()> {
        self.socket.ping(deadline).await
    }

    /// Waits for the hub to end the link; 1005 without a code, 1006 without a Close frame.
    pub async fn close_code(&mut self, deadline: Duration) -> Result<u16> {
        self.socket.close_code(deadline).await
    }

    /// Says goodbye with a Close frame.
    pub async fn close(mut self) -> Result<()> {
        self.socket.close().await
    }
}

fn greeting(name: &str, key: &str) -> Connect {
    Connect { username: name.into(), clave: Clave::of_key(key), version: Some("swarm".into()), os: None, epoch: None }
}

/// The clock of this machine, for receipts.
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

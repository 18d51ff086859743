//! A sensor, over plain TCP or TLS: one JSON line out, one answer line back, in order.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::tls::Endpoint;
use crate::{PATIENCE, within};

/// What the hub answers.
pub type Answers = BufReader<Box<dyn AsyncRead + Send + Unpin>>;
/// Where lines go.
pub type Lines = Box<dyn AsyncWrite + Send + Unpin>;

/// A connection of a sensor.
pub struct Sensor {
    reader: Answers,
    writer: Lines,
}

impl Sensor {
    pub async fn connect(address: SocketAddr) -> Result<Self> {
        let tcp = within(PATIENCE, "connecting", async { Ok(TcpStream::connect(address).await?) }).await;
        let tcp = tcp.with_context(|| format!("sensor port {address}"))?;
        tcp.set_nodelay(true)?;
        let (read, write) = tcp.into_split();
        Ok(Self { reader: BufReader::new(Box::new(read)), writer: Box::new(write) })
    }

    /// Over TLS; what proves who it is goes into its lines.
    pub async fn connect_tls(hub: &Endpoint) -> Result<Self> {
        let (read, write) = tokio::io::split(hub.dial().await?);
        Ok(Self { reader: BufReader::new(Box::new(read)), writer: Box::new(write) })
    }

    /// Sends bytes as they are: a line, half of one, or thousands.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        within(PATIENCE, "sending a line", async {
            self.writer.write_all(bytes).await?;
            Ok(self.writer.flush().await?)
        })
        .await
    }

    /// The next answer.
    pub async fn answer(&mut self, deadline: Duration) -> Result<Value> {
        match self.answer_or_end(deadline).await? {
            Some(answer) => Ok(answer),
            None => bail!("the hub closed the connection"),
        }
    }

    /// The next answer, or `None` when the hub closed the connection.
    pub async fn answer_or_end(&mut self, deadline: Duration) -> Result<Option<Value>> {
        let mut line = String::new();
        let count = within(deadline, "waiting for an answer", async { Ok(self.reader.read_line(&mut line).await?) }).await?;
        if count == 0 {
            return Ok(None);
        }
        serde_json::from_str(&line).map(Some).with_context(|| format!("answer of the hub: {line:?}"))
    }

    /// Sends one event and waits until it is durable; gives its id.
    pub async fn event(&mut self, event: &Value) -> Result<i64> {
        self.send(format!("{event}\n").as_bytes()).await?;
        let answer = self.answer(PATIENCE).await?;
        answer.get("event_id").and_then(Value::as_i64).with_context(|| format!("refused: {answer}"))
    }

    /// Both directions, for pipelining from two tasks.
    pub fn into_split(self) -> (Answers, Lines) {
        (self.reader, self.writer)
    }
}

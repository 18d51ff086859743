//! Opening a WebSocket to a hub, and whole frames on it. Every step has a deadline.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use rustls::{CertificateError, ClientConfig};
use rustls_pki_types::{CertificateDer, ServerName};
use shared::wire::limits;
use shared::wire::to_agent::ToAgent;
use shared::wire::to_hub::ToHub;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};

use super::address::Address;
use super::trouble::Trouble;
use super::trust::HUB_NAME;

/// Longest wait for each step of opening, and for a frame to be written.
pub const STEP: Duration = Duration::from_secs(10);

/// An open WebSocket to a hub that proved its name.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TlsStream<TcpStream>>,
}

/// What came from the hub.
#[derive(Debug)]
pub enum Heard {
    Frame(ToAgent),
    /// Ping, pong, or a frame that this version does not know: a sign of life.
    Life(Option<String>),
}

impl Socket {
    pub async fn open(address: &Address, tls: &Arc<ClientConfig>) -> Result<Self, Trouble> {
        let tcp = step(TcpStream::connect((address.host.as_str(), address.port))).await?.map_err(unreachable_hub)?;
        // Receipts are small and wanted at once.
        let _ = tcp.set_nodelay(true);
        let name = ServerName::try_from(HUB_NAME).map_err(|err| Trouble::NoHub(err.to_string()))?;
        let tls = step(TlsConnector::from(tls.clone()).connect(name, tcp)).await?.map_err(tls_trouble)?;
        let url = format!("wss://{HUB_NAME}/ws/client");
        let opening = tokio_tungstenite::client_async_with_config(url, tls, Some(small_buffers()));
        let (stream, _) = step(opening).await?.map_err(|err| Trouble::NoHub(err.to_string()))?;
        Ok(Self { stream })
    }

    /// The certificates that the hub presented.
    pub fn peer_chain(&self) -> Vec<CertificateDer<'static>> {
        let (_, tls) = self.stream.get_ref().get_ref();
        tls.peer_certificates().unwrap_or_default().iter().map(|certificate| certificate.clone().into_owned()).collect()
    }

    pub async fn send(&mut self, frame: &ToHub) -> Result<(), Trouble> {
        let message = Message::text(frame.encode());
        step(self.stream.send(message)).await?.map_err(broken)
    }

    /// The next thing heard. Cancel-safe.
    pub async fn next(&mut self) -> Result<Heard, Trouble> {
        match self.stream.next().await {
            Some(Ok(Message::Text(text))) => Ok(decode(text.as_str())),
            Some(Ok(Message::Close(_))) | None => Err(Trouble::Closed),
            Some(Ok(_)) => Ok(Heard::Life(None)),
            Some(Err(err)) => Err(broken(err)),
        }
    }

    /// The next frame, within the time of a step.
    pub async fn next_frame(&mut self) -> Result<ToAgent, Trouble> {
        step(async {
            loop {
                if let Heard::Frame(frame) = self.next().await? {
                    return Ok(frame);
                }
            }
        })
        .await?
    }

    /// Says goodbye; whether the hub hears it does not matter.
    pub async fn close(mut self) {
        let _ = timeout(Duration::from_secs(1), self.stream.close(None)).await;
    }
}

fn decode(text: &str) -> Heard {
    ToAgent::decode(text).map_or_else(|err| Heard::Life(Some(err.to_string())), Heard::Frame)
}

async fn step<T>(future: impl Future<Output = T>) -> Result<T, Trouble> {
    timeout(STEP, future).await.map_err(|_| Trouble::Slow)
}

/// The defaults keep 128 KiB for reading alone.
fn small_buffers() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(4 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(2 * limits::FRAME_BYTES)
        .max_message_size(Some(limits::FRAME_BYTES))
        .max_frame_size(Some(limits::FRAME_BYTES))
}

fn unreachable_hub(err: io::Error) -> Trouble {
    Trouble::Unreachable(err.kind(), err.to_string())
}

fn tls_trouble(err: io::Error) -> Trouble {
    match err.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        )) => Trouble::OutOfDate,
        Some(rustls::Error::InvalidCertificate(reason)) => Trouble::Certificate(reason.to_string()),
        Some(other) => Trouble::NoHub(other.to_string()),
        None => unreachable_hub(err),
    }
}

fn broken(err: tungstenite::Error) -> Trouble {
    match err {
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => Trouble::Closed,
        tungstenite::Error::Io(err) if err.kind() == io::ErrorKind::UnexpectedEof => Trouble::Closed,
        other => Trouble::Broken(other.to_string()),
    }
}

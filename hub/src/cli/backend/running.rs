//! Asks the hub that runs: HTTPS to its own door, with the token only this machine's owner of the data folder can read.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Request, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{BackendError, Ready};
use crate::cli::ask::{Answer, Ask};
use crate::security::secrets::read_cli_token;
use crate::security::tls::HUB_NAME;
use crate::security::token::Token;

const CONNECT: Duration = Duration::from_secs(5);
/// A request, from its first byte to the last of its answer.
const EXCHANGE: Duration = Duration::from_secs(60);
/// No answer to a subcommand is larger.
pub(super) const ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// A hub that answered a moment ago.
pub struct Running {
    door: SocketAddr,
    connector: TlsConnector,
    token: Token,
}

impl Running {
    /// Proves that the hub of this data folder answers at the address it wrote down.
    pub async fn connect(data: &Path, ready: &Ready) -> Result<Self, BackendError> {
        let running = Self { door: reachable(ready.https), connector: connector(data)?, token: read_cli_token(data)? };
        running.open().await?;
        Ok(running)
    }

    /// Where it answers on this machine.
    pub fn door(&self) -> SocketAddr {
        self.door
    }

    pub async fn ask(&self, ask: Ask) -> Result<Answer, BackendError> {
        let exchange = tokio::time::timeout(EXCHANGE, self.exchange(ask)).await;
        exchange.unwrap_or_else(|_| Err(self.failed("it took too long")))
    }

    async fn exchange(&self, ask: Ask) -> Result<Answer, BackendError> {
        let stream = self.open().await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|err| self.failed(err))?;
        let request = request(ask, self.token.as_str(), |body| Full::new(Bytes::from(body)))?;
        let talk = async move {
            let response = sender.send_request(request).await?;
            Ok::<_, hyper::Error>(response.map(|body| Limited::new(body, ANSWER_BYTES)))
        };
        // The connection is driven here, beside the request: it ends when both have.
        let answer = async {
            let (head, body) = talk.await.map_err(|err| self.failed(err))?.into_parts();
            let body = body.collect().await.map_err(|err| self.failed(err))?.to_bytes();
            Ok(Answer { status: head.status.as_u16(), body: json(&body)? })
        };
        tokio::pin!(answer, connection);
        tokio::select! {
            // The answer first: a connection that ends right behind it is no failure.
            biased;
            answer = &mut answer => answer,
            ended = &mut connection => match ended {
                Ok(()) => answer.await,
                Err(err) => Err(self.failed(err)),
            },
        }
    }

    async fn open(&self) -> Result<TlsStream<TcpStream>, BackendError> {
        let name = ServerName::try_from(HUB_NAME).map_err(|err| self.failed(err))?;
        let connect = async {
            let tcp = TcpStream::connect(self.door).await?;
            self.connector.connect(name, tcp).await
        };
        match tokio::time::timeout(CONNECT, connect).await {
            Ok(stream) => stream.map_err(|err| self.failed(err)),
            Err(_) => Err(self.failed("it took too long")),
        }
    }

    fn failed(&self, reason: impl std::fmt::Display) -> BackendError {
        BackendError::Link { address: self.door, reason: reason.to_string() }
    }
}

/// A hub that listens everywhere is asked on loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// Trusts the authority of this data folder and nothing else.
fn connector(data: &Path) -> Result<TlsConnector, BackendError> {
    let path = data.join("tls").join("ca.pem");
    let failed = |reason: String| BackendError::Open(format!("{}: {reason}", path.display()));
    let authority = CertificateDer::from_pem_file(&path).map_err(|err| failed(err.to_string()))?;
    let mut roots = RootCertStore::empty();
    roots.add(authority).map_err(|err| failed(err.to_string()))?;
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|err| failed(err.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// The request as HTTP, whatever kind of body its receiver takes.
pub(super) fn request<B>(ask: Ask, token: &str, body: impl FnOnce(Vec<u8>) -> B) -> Result<Request<B>, BackendError> {
    let mut builder = Request::builder()
        .method(ask.method)
        .uri(ask.path)
        .header(header::HOST, HUB_NAME)
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    if let Some(key) = ask.idempotency_key {
        builder = builder.header("idempotency-key", key);
    }
    let content = match ask.body {
        Some(json) => {
            builder = builder.header(header::CONTENT_TYPE, "application/json");
            json.to_string().into_bytes()
        }
        None => Vec::new(),
    };
    builder.body(body(content)).map_err(|err| BackendError::Answer(err.to_string()))
}

/// The JSON of an answer; nothing is `Null`.
pub(super) fn json(body: &[u8]) -> Result<serde_json::Value, BackendError> {
    if body.is_empty() {
        return Ok(serde_json::Value::Null);
    }
    serde_json::from_slice(body).map_err(|err| BackendError::Answer(err.to_string()))
}

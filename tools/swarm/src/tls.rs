//! TLS to a hub as an agent does it: one CA, the fixed name `pregon-hub`, TLS 1.3 alone.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The name that a hub's certificate carries for its agents, whatever its address is.
pub const SERVER_NAME: &str = "pregon-hub";

/// Where a hub listens, and whom its certificate must come from. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Endpoint {
    pub address: SocketAddr,
    pub tls: Arc<ClientConfig>,
    /// Connect from this address of the machine instead of the usual one.
    pub source: Option<IpAddr>,
    /// Whom a proxy names that asks in the place of somebody.
    pub named: Option<IpAddr>,
}

impl Endpoint {
    /// The hub at `address`, with the CA in a PEM file.
    pub fn new(address: SocketAddr, ca: &Path) -> Result<Self> {
        Ok(Self { address, tls: Arc::new(pinned(ca)?), source: None, named: None })
    }

    /// The same hub, seen from another address of this machine, like 127.0.0.9.
    #[must_use]
    pub fn seen_from(&self, source: impl Into<IpAddr>) -> Self {
        Self { source: Some(source.into()), ..self.clone() }
    }

    /// The same hub, asked as a proxy does for somebody else.
    #[must_use]
    pub fn on_behalf_of(&self, client: impl Into<IpAddr>) -> Self {
        Self { named: Some(client.into()), ..self.clone() }
    }

    /// A bare connection.
    pub async fn connect(&self) -> Result<TcpStream> {
        let Some(source) = self.source else {
            return TcpStream::connect(self.address).await.with_context(|| format!("connecting to {}", self.address));
        };
        let socket = if source.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.bind(SocketAddr::new(source, 0))?;
        socket.connect(self.address).await.with_context(|| format!("connecting to {} from {source}", self.address))
    }

    /// A TLS connection, handshake done.
    pub async fn dial(&self) -> Result<TlsStream<TcpStream>> {
        crate::within(crate::PATIENCE, "TLS handshake", async {
            let tcp = self.connect().await?;
            tcp.set_nodelay(true)?;
            let name = ServerName::try_from(SERVER_NAME)?;
            TlsConnector::from(self.tls.clone()).connect(name, tcp).await.context("TLS handshake")
        })
        .await
    }
}

/// Trusts the certificates of one PEM file and nothing else. No resumption: every connection pays its handshake.
pub fn pinned(ca: &Path) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca).with_context(|| format!("reading {}", ca.display()))? {
        roots.add(certificate.with_context(|| format!("reading {}", ca.display()))?)?;
    }
    anyhow::ensure!(!roots.is_empty(), "{} holds no certificate", ca.display());
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(config)
}

//! A hub that lies: it has a CA of its own making and sends whatever a test wants. An attacker, not a stand-in for the hub.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use futures_util::{SinkExt as _, StreamExt as _};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use shared::wire::to_agent::{Alert, ToAgent};
use shared::{AlertId, Audience, Severity, Timestamp, signature};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::PATIENCE;
use super::agent::Home;

/// A listening liar.
pub struct Rogue {
    listener: TcpListener,
    tls: TlsAcceptor,
    folder: TempDir,
    pub key: SigningKey,
}

/// An agent on the liar's line.
pub struct Line {
    socket: WebSocketStream<TlsStream<TcpStream>>,
}

impl Rogue {
    /// Listens with a certificate for `name` under a new CA.
    pub async fn listen(name: &str) -> Self {
        Self::listen_until(name, 2050).await
    }

    /// The same with a certificate that ends with that year.
    pub async fn listen_until(name: &str, year: i32) -> Self {
        let folder = TempDir::new().unwrap();
        let ca_key = KeyPair::generate().unwrap();
        let mut ca = CertificateParams::new(Vec::<String>::new()).unwrap();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca_certificate = ca.self_signed(&ca_key).unwrap();
        std::fs::write(folder.path().join("ca.pem"), ca_certificate.pem()).unwrap();
        let leaf_key = KeyPair::generate().unwrap();
        let mut leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
        leaf.not_after = rcgen::date_time_ymd(year, 12, 31);
        let leaf = leaf.signed_by(&leaf_key, &Issuer::new(ca, ca_key)).unwrap();
        let chain = vec![CertificateDer::from(leaf.der().to_vec()), CertificateDer::from(ca_certificate.der().to_vec())];
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::try_from(leaf_key.serialize_der()).unwrap())
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { listener, tls: TlsAcceptor::from(Arc::new(config)), folder, key: SigningKey::from_bytes(&[9; 32]) }
    }

    pub fn address(&self) -> SocketAddr {
        self.listener.local_addr().unwrap()
    }

    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The next agent that dials, up to its first frame. `None` when it hangs up during the handshake.
    pub async fn accept(&self) -> Option<(Line, Value)> {
        let (tcp, _) = timeout(PATIENCE, self.listener.accept()).await.expect("nobody dials").unwrap();
        let tls = self.tls.accept(tcp).await.ok()?;
        let mut line = Line { socket: tokio_tungstenite::accept_async(tls).await.ok()? };
        let first = line.hear().await?;
        Some((line, first))
    }

    /// A folder enrolled with this liar.
    pub async fn enrol(&self) -> Home {
        let home = Home::new();
        let (hub, ca) = (self.address().to_string(), self.ca());
        let arguments = ["enrol", "--hub", &hub, "--name", "Sol", "--code", "x", "--ca", ca.to_str().unwrap()];
        let (output, ()) = tokio::join!(home.run(&arguments), async {
            let (mut line, _) = self.accept().await.unwrap();
            line.say(json!({"action": "enrolled", "username": "Sol", "key": "secret"})).await;
            line.hear().await;
            line.say(self.connected("e")).await;
            line.hear().await;
        });
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        home
    }

    /// The next agent that dials is let in.
    pub async fn welcome(&self, epoch: &str) -> Line {
        let (mut line, first) = self.accept().await.expect("a handshake");
        assert_eq!(first["action"], "connect");
        line.say(self.connected(epoch)).await;
        line
    }

    pub fn connected(&self, epoch: &str) -> Value {
        json!({"action": "connected", "username": "Sol", "server_time": "2026-11-21T02:00:00.000Z", "heartbeat_s": 20, "epoch": epoch,
            "signing_key": signature::public_key(&self.key)})
    }

    /// An alert with a right signature.
    pub fn alert(&self, number: u128, text: &str) -> Alert {
        let at = Timestamp::from_millis(1_790_000_000_000);
        let mut alert = Alert {
            id: AlertId::from_parts(at, number),
            seq: 1,
            severity: Severity::Warning,
            title: "Title".into(),
            text: text.into(),
            from: "ana".into(),
            audience: Audience::Global,
            sent_at: at,
            expires_at: None,
            expires_in_s: None,
            replies: Vec::new(),
            free_reply: false,
            drill: false,
            replaces: None,
            signature: String::new(),
        };
        alert.signature = signature::sign(&alert, &self.key);
        alert
    }
}

impl Line {
    pub async fn say(&mut self, frame: Value) {
        self.say_text(frame.to_string()).await;
    }

    pub async fn say_text(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    pub async fn alert(&mut self, alert: &Alert) {
        self.say_text(ToAgent::Alert(Box::new(alert.clone())).encode()).await;
    }

    /// The next frame; `None` when the agent hangs up.
    pub async fn hear(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("the agent is silent") {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(text.as_str()).unwrap()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next frame, which must be of that action.
    pub async fn hear_of(&mut self, action: &str) -> Value {
        let frame = self.hear().await.expect(action);
        assert_eq!(frame["action"], action, "{frame}");
        frame
    }

    /// The receipts of the next frame as `id state`.
    pub async fn receipts(&mut self) -> Vec<(String, String)> {
        let frame = self.hear_of("receipts").await;
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        frame["items"].as_array().unwrap().iter().map(|item| (word(&item["id"]), word(&item["state"]))).collect()
    }

    pub async fn hang_up(mut self) {
        let _ = self.socket.close(None).await;
    }
}

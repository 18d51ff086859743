//! The hub's certificates: an own authority that agents pin, a server certificate renewed by itself, and one that an
//! organisation may bring for its browsers.
//!
//! DATA/tls holds `ca.pem`, `ca.key`, `server.pem` and `server.key`. The authority is made once: agents pin it, so a
//! damaged one is an error with advice and never replaced. The server certificate is made anew whenever it does not fit.

mod authority;
mod chosen;
mod inspect;
mod leaf;
mod names;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use shared::Timestamp;

use authority::Authority;
use chosen::Chosen;
pub use inspect::{Validity, validity_of_pem};
pub use names::{host_name, wanted_names};

/// The name agents verify under the pinned authority, whatever address they connect to.
pub const HUB_NAME: &str = "pregon-hub";

const FOLDER: &str = "tls";

/// Why there is no certificate to serve with.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error(
        "{path} {problem}; put the folder back from a backup. Without its authority every agent must be enrolled again: \
         only if that is meant, remove the whole folder",
        path = path.display()
    )]
    Authority { path: PathBuf, problem: String },
    #[error("{path} {problem}", path = path.display())]
    Own { path: PathBuf, problem: String },
    #[error("a certificate could not be made: {0}")]
    Make(#[from] rcgen::Error),
    #[error("TLS could not be set up: {0}")]
    Setup(#[from] rustls::Error),
}

/// The hub's certificates and what serves them.
pub struct Tls {
    folder: PathBuf,
    authority: Authority,
    names: Vec<String>,
    own: Option<(PathBuf, PathBuf)>,
    chosen: Arc<Chosen>,
    config: Arc<ServerConfig>,
    /// Held while certificates are looked at and replaced.
    renewal: Mutex<()>,
}

impl Tls {
    /// Reads DATA/tls or makes it on the first start. `names` are served besides the machine's own; `own` are the PEM
    /// files of an organisation's certificate chain and key.
    pub fn open(data: &Path, names: &[String], own: Option<(PathBuf, PathBuf)>, now: Timestamp) -> Result<Self, TlsError> {
        let folder = data.join(FOLDER);
        let authority = Authority::open(&folder, now)?;
        let leaf = leaf::open(&folder, &authority, &wanted_names(names), now)?.0;
        let organisation = own.as_ref().map(|(cert, key)| own_certificate(cert, key)).transpose()?;
        let chosen = Arc::new(Chosen::new(leaf, organisation));
        let config = Arc::new(server_config(Arc::clone(&chosen))?);
        Ok(Self { folder, authority, names: names.to_vec(), own, chosen, config, renewal: Mutex::new(()) })
    }

    /// TLS 1.3 alone; one for the life of the hub, certificates change beneath it.
    pub fn server_config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// Renews the server certificate when two thirds of its life are over or the machine's names have changed, and takes
    /// over a changed own certificate. True when new connections get another certificate from now on. Blocks on files.
    pub fn renew_if_due(&self, now: Timestamp) -> Result<bool, TlsError> {
        let _held = self.renewal.lock().unwrap_or_else(PoisonError::into_inner);
        let (leaf, is_new) = leaf::open(&self.folder, &self.authority, &wanted_names(&self.names), now)?;
        if is_new {
            self.chosen.replace_leaf(leaf);
        }
        let organisation = self.own.as_ref().map(|(cert, key)| own_certificate(cert, key)).transpose()?;
        Ok(self.chosen.replace_organisation(organisation) || is_new)
    }

    /// The authority's certificate, PEM.
    pub fn ca_pem(&self) -> &str {
        self.authority.pem()
    }

    /// Hex SHA-256 of the authority's certificate (DER): what a person compares at enrolment.
    pub fn ca_fingerprint(&self) -> String {
        self.authority.fingerprint()
    }

    /// When the server certificate in use begins and ends.
    pub fn server_validity(&self) -> Result<Validity, TlsError> {
        validity_of_pem(&self.folder.join(leaf::CERTIFICATE))
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tls").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// Whether the authority in DATA/tls is whole, and how long it holds; changes nothing.
pub fn check_authority(data: &Path) -> Result<Validity, TlsError> {
    let folder = data.join(FOLDER);
    Authority::read(&folder)?;
    validity_of_pem(&folder.join(authority::CERTIFICATE))
}

/// Whether an organisation's certificate can be served with its key, and how long it holds.
pub fn check_own(cert: &Path, key: &Path) -> Result<Validity, TlsError> {
    own_certificate(cert, key)?;
    validity_of_pem(cert)
}

fn server_config(chosen: Arc<Chosen>) -> Result<ServerConfig, TlsError> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_cert_resolver(chosen);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Resuming saves nothing measurable with ECDSA, and tickets cost bytes and memory for each connection.
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    Ok(config)
}

fn own_certificate(cert: &Path, key: &Path) -> Result<rustls::sign::CertifiedKey, TlsError> {
    let wrong = |path: &Path, problem: String| TlsError::Own { path: path.to_owned(), problem };
    let chain = inspect::certificates(cert).map_err(|problem| wrong(cert, problem))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|err| wrong(key, format!("is no private key (PEM): {err}")))?;
    rustls::sign::CertifiedKey::from_der(chain, secret, &aws_lc_rs::default_provider())
        .map_err(|err| wrong(cert, format!("cannot be served with {}: {err}", key.display())))
}

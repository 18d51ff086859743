//! The hub's own certificate authority: made once, then only read.

use std::fs;
use std::io;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls_pki_types::CertificateDer;
use sha2::{Digest as _, Sha256};
use shared::Timestamp;
use shared::secret::hex;
use zeroize::Zeroizing;

use super::inspect::{self, DAY_MILLIS};
use super::{TlsError, leaf};
use crate::security::files;
use crate::security::token::random_bytes;

pub const CERTIFICATE: &str = "ca.pem";
const KEY: &str = "ca.key";
const YEARS: i64 = 10;

/// The authority's certificate and what signs with it.
pub struct Authority {
    pem: String,
    der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
    not_after: Timestamp,
}

impl Authority {
    /// Reads the authority in `folder`; makes it when there is no such folder yet.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Self, TlsError> {
        let io_error = |source| TlsError::Io { path: folder.to_owned(), source };
        if is_empty(folder).map_err(io_error)? {
            let (certificate, key) = make(now)?;
            files::create_folder(folder, &[(KEY, key.as_bytes()), (CERTIFICATE, certificate.as_bytes())]).map_err(io_error)?;
        }
        Self::read(folder)
    }

    /// Reads the authority that must be there.
    pub fn read(folder: &Path) -> Result<Self, TlsError> {
        let wrong = |name: &str, problem: String| TlsError::Authority { path: folder.join(name), problem };
        let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|err| wrong(name, format!("cannot be read ({err})")));
        let pem = read(CERTIFICATE)?;
        let key = Zeroizing::new(read(KEY)?);
        let der = inspect::certificates(&folder.join(CERTIFICATE))
            .and_then(|chain| chain.into_iter().next().ok_or_else(|| "holds no certificate".to_owned()))
            .map_err(|problem| wrong(CERTIFICATE, problem))?;
        let key = KeyPair::from_pem(&key).map_err(|err| wrong(KEY, format!("is no private key ({err})")))?;
        let facts = inspect::Facts::of(&der).map_err(|problem| wrong(CERTIFICATE, problem))?;
        if facts.public_key != key.public_key_raw() {
            return Err(wrong(KEY, format!("does not belong to {CERTIFICATE}")));
        }
        let issuer = Issuer::from_ca_cert_der(&der, key).map_err(|err| wrong(CERTIFICATE, format!("is no authority ({err})")))?;
        Ok(Self { pem, der, issuer, not_after: facts.validity.not_after })
    }

    pub fn pem(&self) -> &str {
        &self.pem
    }

    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    pub fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }

    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    pub fn fingerprint(&self) -> String {
        hex(&Sha256::digest(&self.der))
    }
}

/// A new authority: its certificate and its key, both PEM.
fn make(now: Timestamp) -> Result<(String, Zeroizing<String>), TlsError> {
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::default();
    params.not_before = inspect::backdated(now).utc();
    params.not_after = now.plus_millis(YEARS * 365 * DAY_MILLIS).utc();
    params.serial_number = Some(leaf::serial());
    params.distinguished_name = DistinguishedName::new();
    // The random part tells two hubs' authorities apart in a browser's list.
    params.distinguished_name.push(DnType::CommonName, format!("Pregon CA {}", hex(random_bytes::<4>().as_slice())));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let certificate = params.self_signed(&key)?;
    Ok((certificate.pem(), Zeroizing::new(key.serialize_pem())))
}

fn is_empty(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(err) => Err(err),
    }
}

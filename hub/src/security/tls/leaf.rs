//! The server certificate under the hub's own authority: kept while it fits, made anew when it does not.

use std::fs;
use std::path::Path;

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, SerialNumber};
use rustls::crypto::aws_lc_rs;
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use shared::Timestamp;
use zeroize::Zeroizing;

use super::authority::Authority;
use super::inspect::{self, DAY_MILLIS, Facts};
use super::{HUB_NAME, TlsError};
use crate::security::files;
use crate::security::token::random_bytes;

pub const CERTIFICATE: &str = "server.pem";
const KEY: &str = "server.key";
const DAYS: i64 = 90;

/// The server certificate in `folder`, with whether it is a new one. Nobody pins it, so whatever is wrong with the old
/// one, a new one is the cure.
pub fn open(folder: &Path, authority: &Authority, names: &[String], now: Timestamp) -> Result<(CertifiedKey, bool), TlsError> {
    match kept(folder, authority, names, now) {
        Ok(kept) => Ok((kept, false)),
        Err(reason) => {
            tracing::info!(reason, "making a new server certificate");
            make(folder, authority, names, now).map(|leaf| (leaf, true))
        }
    }
}

/// The certificate that is there, or why it does not do.
fn kept(folder: &Path, authority: &Authority, names: &[String], now: Timestamp) -> Result<CertifiedKey, String> {
    let leaf = inspect::certificates(&folder.join(CERTIFICATE))?.into_iter().next().ok_or("there is none")?;
    let facts = Facts::of(&leaf)?;
    if !facts.is_signed_by(authority.der(), &leaf) {
        return Err("another authority signed it".to_owned());
    }
    if facts.names != names {
        return Err("the machine's names or addresses have changed".to_owned());
    }
    if facts.validity.is_due(now) {
        return Err("two thirds of its life are over".to_owned());
    }
    let key = fs::read(folder.join(KEY)).map_err(|err| err.to_string())?;
    certified(authority, leaf, &Zeroizing::new(key)).map_err(|err| err.to_string())
}

fn make(folder: &Path, authority: &Authority, names: &[String], now: Timestamp) -> Result<CertifiedKey, TlsError> {
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(names)?;
    params.not_before = inspect::backdated(now).utc();
    params.not_after = now.plus_millis(DAYS * DAY_MILLIS).min(authority.not_after()).utc();
    params.serial_number = Some(serial());
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, HUB_NAME);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let certificate = params.signed_by(&key, authority.issuer())?;
    let secret = Zeroizing::new(key.serialize_pem());
    // The key first: after a crash between the two the pair does not match, and is made anew.
    for (name, content) in [(KEY, secret.as_bytes()), (CERTIFICATE, certificate.pem().as_bytes())] {
        let path = folder.join(name);
        files::replace(&path, content).map_err(|source| TlsError::Io { path, source })?;
    }
    Ok(certified(authority, certificate.der().clone(), secret.as_bytes())?)
}

/// What is sent: the leaf and its authority, so that an agent that knows a fingerprint alone can check it.
fn certified(authority: &Authority, leaf: CertificateDer<'static>, key: &[u8]) -> Result<CertifiedKey, rustls::Error> {
    let secret = PrivateKeyDer::from_pem_slice(key).map_err(|err| rustls::Error::General(err.to_string()))?;
    CertifiedKey::from_der(vec![leaf, authority.der().clone()], secret, &aws_lc_rs::default_provider())
}

/// A random serial number, positive as RFC 5280 wants it.
pub fn serial() -> SerialNumber {
    let mut bytes = random_bytes::<16>();
    if let Some(first) = bytes.first_mut() {
        *first = *first & 0x7f | 0x40;
    }
    SerialNumber::from_slice(bytes.as_slice())
}

//! Looks into certificates: how long they hold, for which names, and who signed them.

use std::net::IpAddr;
use std::path::Path;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use shared::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::parse_x509_certificate;

use super::TlsError;

pub const DAY_MILLIS: i64 = 86_400_000;

/// When a certificate begins and ends to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    pub not_before: Timestamp,
    pub not_after: Timestamp,
}

impl Validity {
    /// Whole days until it ends; negative afterwards.
    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.not_after.millis_since(now).div_euclid(DAY_MILLIS)
    }

    /// Whether two thirds of its life are over, or it has not begun (the clock was wrong when it was made).
    pub fn is_due(&self, now: Timestamp) -> bool {
        let life = self.not_after.millis_since(self.not_before);
        now < self.not_before || now >= self.not_before.plus_millis(life / 3 * 2)
    }
}

/// A day earlier: a PC whose clock is behind must accept a new certificate too.
pub fn backdated(now: Timestamp) -> Timestamp {
    now.plus_millis(-DAY_MILLIS)
}

/// What the hub wants to know of a certificate.
#[derive(Debug)]
pub struct Facts {
    pub validity: Validity,
    /// Names and addresses, in the order of the certificate.
    pub names: Vec<String>,
    pub public_key: Vec<u8>,
}

impl Facts {
    pub fn of(der: &CertificateDer<'_>) -> Result<Self, String> {
        let certificate = parse(der)?;
        let moment = |time: &x509_parser::time::ASN1Time| Timestamp::from_millis(time.timestamp().saturating_mul(1_000));
        let validity =
            Validity { not_before: moment(&certificate.validity().not_before), not_after: moment(&certificate.validity().not_after) };
        let names = match certificate.subject_alternative_name() {
            Ok(Some(extension)) => extension.value.general_names.iter().filter_map(name).collect(),
            _ => Vec::new(),
        };
        let public_key = certificate.public_key().subject_public_key.data.to_vec();
        Ok(Self { validity, names, public_key })
    }

    /// Whether `issuer`'s key signed this certificate.
    pub fn is_signed_by(&self, issuer: &CertificateDer<'_>, der: &CertificateDer<'_>) -> bool {
        let anchor = webpki_anchor(issuer);
        anchor.is_some_and(|roots| is_trusted(roots, der, self.validity.not_before))
    }
}

fn webpki_anchor(issuer: &CertificateDer<'_>) -> Option<rustls::RootCertStore> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(issuer.clone().into_owned()).ok().map(|()| roots)
}

/// Asks the verifier that agents use, at a moment when the certificate holds.
fn is_trusted(roots: rustls::RootCertStore, der: &CertificateDer<'_>, at: Timestamp) -> bool {
    let seconds = u64::try_from(at.as_millis() / 1_000).unwrap_or_default();
    let at = rustls_pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = rustls::client::WebPkiServerVerifier::builder_with_provider(std::sync::Arc::new(roots), provider).build();
    let name = rustls_pki_types::ServerName::try_from(super::HUB_NAME);
    match (verifier, name) {
        (Ok(verifier), Ok(name)) => {
            use rustls::client::danger::ServerCertVerifier as _;
            verifier.verify_server_cert(der, &[], &name, &[], at).is_ok()
        }
        _ => false,
    }
}

/// When the first certificate of a PEM file holds.
pub fn validity_of_pem(path: &Path) -> Result<Validity, TlsError> {
    let wrong = |problem| TlsError::Own { path: path.to_owned(), problem };
    let chain = certificates(path).map_err(wrong)?;
    let first = chain.first().ok_or_else(|| wrong("holds no certificate".to_owned()))?;
    Facts::of(first).map(|facts| facts.validity).map_err(wrong)
}

/// The certificates of a PEM file, at least one, or what is wrong with it.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let found = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match found {
        Ok(chain) if chain.is_empty() => Err("holds no certificate (PEM)".to_owned()),
        Ok(chain) => Ok(chain),
        Err(err) => Err(format!("cannot be read as certificates (PEM): {err}")),
    }
}

fn parse<'a>(der: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, String> {
    parse_x509_certificate(der).map(|(_, certificate)| certificate).map_err(|err| format!("is no certificate ({err})"))
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|octets| IpAddr::from(octets).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|octets| IpAddr::from(octets).to_string()),
        },
        _ => None,
    }
}

//! TLS 1.3 to the hub: the pinned CA alone counts, and the fixed name `pregon-hub` under it, whatever address is dialled.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme, version};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use sha2::{Digest as _, Sha256};
use shared::secret::Clave;

/// The name in every hub's certificate for agents.
pub const HUB_NAME: &str = "pregon-hub";

/// SHA-256 of a certificate's DER form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub fn of(certificate: &CertificateDer<'_>) -> Self {
        Self(Sha256::digest(certificate).into())
    }

    /// Reads 64 hexadecimal digits; colons and spaces between them are ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).collect();
        // The same form as a clave: 32 bytes as 64 digits.
        Clave::parse(&digits).ok().map(|bytes| Self(*bytes.as_bytes()))
    }
}

/// Settings for a hub whose CA is known.
pub fn pinned(ca: &CertificateDer<'_>) -> Result<Arc<ClientConfig>, Error> {
    let mut roots = RootCertStore::empty();
    roots.add(ca.clone().into_owned())?;
    let config = builder()?.with_root_certificates(roots).with_no_client_auth();
    Ok(finished(config))
}

/// Settings for the first contact, when only the CA's fingerprint is known.
pub fn by_fingerprint(fingerprint: Fingerprint) -> Result<Arc<ClientConfig>, Error> {
    let verifier = Arc::new(FingerprintVerifier { fingerprint, provider: provider() });
    let config = builder()?.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    Ok(finished(config))
}

/// The certificate with that fingerprint among those that the hub presented.
pub fn find(chain: &[CertificateDer<'_>], fingerprint: Fingerprint) -> Option<CertificateDer<'static>> {
    chain.iter().find(|certificate| Fingerprint::of(certificate) == fingerprint).map(|ca| ca.clone().into_owned())
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, Error> {
    ClientConfig::builder_with_provider(provider()).with_protocol_versions(&[&version::TLS13])
}

/// Tickets of a link that lives for days are never used, only kept in memory.
fn finished(mut config: ClientConfig) -> Arc<ClientConfig> {
    config.resumption = Resumption::disabled();
    Arc::new(config)
}

/// Accepts a chain that holds the CA with the fingerprint and is valid under it.
#[derive(Debug)]
struct FingerprintVerifier {
    fingerprint: Fingerprint,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for FingerprintVerifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let ca = find(others, self.fingerprint).ok_or(CertificateError::UnknownIssuer)?;
        let mut roots = RootCertStore::empty();
        roots.add(ca)?;
        let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), self.provider.clone())
            .build()
            .map_err(|err| Error::General(err.to_string()))?;
        inner.verify_server_cert(leaf, others, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("TLS 1.2 is not spoken".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_with_and_without_colons() {
        let certificate = CertificateDer::from(b"abc".to_vec());
        let plain = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let coloned = "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";
        assert_eq!(Fingerprint::parse(plain), Some(Fingerprint::of(&certificate)));
        assert_eq!(Fingerprint::parse(coloned), Some(Fingerprint::of(&certificate)));
        assert_eq!(Fingerprint::parse("ba78"), None);
    }
}

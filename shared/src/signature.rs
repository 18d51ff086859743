//! What the hub signs and an agent verifies before it shows an alert.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::secret::hex;
use crate::wire::to_agent::Alert;

/// Why an alert's signature does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("the signing key is no Ed25519 key in base 64")]
    Key,
    #[error("the signature is no Ed25519 signature in base 64")]
    Form,
    #[error("the signature does not belong to this alert and key")]
    Mismatch,
}

/// The bytes that are signed: one line each, ended by `\n`.
///
/// Title and text stand as hashes, so no text can pretend to be another line.
pub fn signed_lines(alert: &Alert) -> String {
    let expires_at = alert.expires_at.map(|at| at.to_string()).unwrap_or_default();
    let lines = [
        "pregon-alert-1",
        &alert.id.to_string(),
        alert.severity.as_str(),
        &alert.sent_at.to_string(),
        &expires_at,
        alert.audience.kind(),
        alert.audience.name(),
        &alert.from,
        &hex(&Sha256::digest(alert.title.as_bytes())),
        &hex(&Sha256::digest(alert.text.as_bytes())),
        if alert.drill { "1" } else { "0" },
    ];
    lines.iter().fold(String::with_capacity(320), |text, line| text + line + "\n")
}

/// The signature of an alert, base 64.
pub fn sign(alert: &Alert, key: &SigningKey) -> String {
    STANDARD.encode(key.sign(signed_lines(alert).as_bytes()).to_bytes())
}

/// Whether the alert is the hub's own word; `signing_key` is base 64.
pub fn verify(alert: &Alert, signing_key: &str) -> Result<(), SignatureError> {
    let key = STANDARD.decode(signing_key).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).ok_or(SignatureError::Key)?;
    let key = VerifyingKey::from_bytes(&key).map_err(|_| SignatureError::Key)?;
    let bytes = STANDARD.decode(&alert.signature).map_err(|_| SignatureError::Form)?;
    let signature = Signature::from_slice(&bytes).map_err(|_| SignatureError::Form)?;
    key.verify(signed_lines(alert).as_bytes(), &signature).map_err(|_| SignatureError::Mismatch)
}

/// The public half of a signing key, base 64.
pub fn public_key(key: &SigningKey) -> String {
    STANDARD.encode(key.verifying_key().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AlertId, Audience, Severity, Timestamp};

    fn alert() -> Alert {
        Alert {
            id: AlertId::from_parts(Timestamp::from_millis(1_790_000_000_000), 7),
            seq: 1,
            severity: Severity::Critical,
            title: "Recall".into(),
            text: "Lot 42".into(),
            from: "ana".into(),
            audience: Audience::Global,
            sent_at: Timestamp::from_millis(1_790_000_000_000),
            expires_at: None,
            expires_in_s: None,
            replies: vec![],
            free_reply: false,
            drill: false,
            replaces: None,
            signature: String::new(),
        }
    }

    #[test]
    fn a_signed_alert_verifies_and_a_changed_one_does_not() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let mut signed = alert();
        signed.signature = sign(&signed, &key);
        assert_eq!(verify(&signed, &public_key(&key)), Ok(()));
        let changed = Alert { text: "Lot 43".into(), ..signed.clone() };
        assert_eq!(verify(&changed, &public_key(&key)), Err(SignatureError::Mismatch));
        let drill = Alert { drill: true, ..signed.clone() };
        assert_eq!(verify(&drill, &public_key(&key)), Err(SignatureError::Mismatch));
        assert_eq!(verify(&Alert { signature: "?".into(), ..signed.clone() }, &public_key(&key)), Err(SignatureError::Form));
        assert_eq!(verify(&signed, "short"), Err(SignatureError::Key));
    }

    #[test]
    fn the_signed_lines_are_the_ones_that_agents_know() {
        let lines = signed_lines(&alert());
        let expected = format!("pregon-alert-1\n{}\ncritical\n2026-09-21T14:13:20.000Z\n\nglobal\n\nana\n", alert().id);
        assert!(lines.starts_with(&expected), "{lines}");
        assert!(lines.ends_with("\n0\n"));
        assert_eq!(lines.lines().count(), 11);
    }
}

//! Who this agent is: its name from enrolment, the pinned CA, and the pinned signing key of its hub.

use std::fmt;
use std::io;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde::{Deserialize, Serialize};
use shared::Name;

use crate::folder::Folder;
use crate::keys::{self, KEY};

const AGENT: &str = "agent.json";
const CA: &str = "ca.pem";

/// What enrolment left in the data folder.
pub struct Identity {
    pub name: Name,
    pub ca: CertificateDer<'static>,
    /// Ed25519 key of the hub's alerts, base 64; absent only if enrolment broke off at its last step.
    pub signing_key: Option<String>,
}

/// Why there is no identity to run with.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("not enrolled")]
    Missing,
    #[error("{file} cannot be read: {reason}")]
    Broken { file: &'static str, reason: String },
}

#[derive(Serialize, Deserialize)]
struct AgentFile {
    name: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signing_key: Option<String>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Identity").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Identity {
    pub fn load(folder: &Folder) -> Result<Self, IdentityError> {
        let broken = |file: &'static str, reason: String| IdentityError::Broken { file, reason };
        let agent = read(folder, AGENT)?;
        let agent: AgentFile = serde_json::from_slice(&agent).map_err(|err| broken(AGENT, err.to_string()))?;
        String::from_utf8(read(folder, KEY)?).map_err(|_| broken(KEY, "not a key".into()))?;
        let ca = CertificateDer::from_pem_slice(&read(folder, CA)?).map_err(|err| broken(CA, err.to_string()))?;
        Ok(Self { name: agent.name, ca, signing_key: agent.signing_key })
    }

    /// Keeps the hub's signing key from now on.
    pub fn pin(folder: &Folder, name: &Name, signing_key: &str) -> io::Result<()> {
        write_agent(folder, name, Some(signing_key))
    }
}

/// Keeps what the hub said once. The name comes last: a folder with a name is an enrolled one.
pub fn save_enrolment(folder: &Folder, name: &Name, key: &str, ca: &CertificateDer<'_>) -> io::Result<()> {
    folder.replace(CA, pem(ca).as_bytes())?;
    keys::save(folder, key)?;
    write_agent(folder, name, None)
}

fn write_agent(folder: &Folder, name: &Name, signing_key: Option<&str>) -> io::Result<()> {
    let agent = AgentFile { name: name.clone(), signing_key: signing_key.map(str::to_owned) };
    folder.replace(AGENT, format!("{}\n", serde_json::to_string_pretty(&agent)?).as_bytes())
}

fn read(folder: &Folder, file: &'static str) -> Result<Vec<u8>, IdentityError> {
    std::fs::read(folder.file(file)).map_err(|err| match err.kind() {
        io::ErrorKind::NotFound => IdentityError::Missing,
        _ => IdentityError::Broken { file, reason: err.to_string() },
    })
}

/// The certificate as PEM text.
fn pem(certificate: &CertificateDer<'_>) -> String {
    use base64::Engine as _;
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for (index, character) in base64::engine::general_purpose::STANDARD.encode(certificate).chars().enumerate() {
        if index > 0 && index.is_multiple_of(64) {
            text.push('\n');
        }
        text.push(character);
    }
    text + "\n-----END CERTIFICATE-----\n"
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn an_enrolment_is_read_back_and_a_pinned_key_stays() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::choose(Some(temporary.path().into())).unwrap();
        assert!(matches!(Identity::load(&folder), Err(IdentityError::Missing)));
        let name = Name::parse("Farmacia Sol").unwrap();
        let ca = CertificateDer::from(vec![7; 100]);
        save_enrolment(&folder, &name, "secret", &ca).unwrap();
        Identity::pin(&folder, &name, "AAAA").unwrap();
        let identity = Identity::load(&folder).unwrap();
        assert_eq!((identity.name, identity.ca, identity.signing_key), (name, ca, Some("AAAA".into())));
    }
}

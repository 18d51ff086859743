//! What an agent proves its identity with: the SHA-256 of its key, said on the wire as 64 hex digits.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// SHA-256 of an agent's key. Whoever knows it is the agent, so it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Clave([u8; 32]);

/// Not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 64 hexadecimal digits")]
pub struct InvalidHex;

impl Clave {
    /// The proof of a key, as the agent sends it.
    pub fn of_key(key: &str) -> Self {
        Self(Sha256::digest(key.as_bytes()).into())
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads 64 hexadecimal digits, whatever their case.
    pub fn parse(text: &str) -> Result<Self, InvalidHex> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(InvalidHex);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let [high, low] = pair else { return Err(InvalidHex) };
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(bytes))
    }
}

fn digit(character: u8) -> Result<u8, InvalidHex> {
    char::from(character).to_digit(16).and_then(|value| u8::try_from(value).ok()).ok_or(InvalidHex)
}

/// Lower-case hexadecimal digits of some bytes.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl std::fmt::Debug for Clave {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Clave(…)")
    }
}

impl Serialize for Clave {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Clave {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clave_is_the_hex_sha_256_of_the_key() {
        let clave = Clave::of_key("abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(clave.as_bytes()), text);
        assert_eq!(Clave::parse(&text.to_uppercase()), Ok(clave.clone()));
        assert_eq!(Clave::parse("12"), Err(InvalidHex));
        assert_eq!(Clave::parse(&"é".repeat(32)), Err(InvalidHex));
        assert_eq!(format!("{clave:?}"), "Clave(…)");
    }
}

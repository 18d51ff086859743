//! Secrets that the database keeps and the hub must read again: sealed with a key that is not in the database.
//!
//! AES-256-GCM with a random nonce in front. The key is derived from the pepper, so a copy of the database opens none of
//! them; and what a sealed text belongs to is part of it, so that rows cannot be swapped.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use zeroize::Zeroizing;

use super::token::hmac_sha256;

/// Why a secret cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret cannot be opened: it was altered, or sealed by another hub")]
pub struct Unreadable;

/// The secret, sealed for this place.
pub fn seal(pepper: &[u8; 32], place: &str, secret: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut text = secret.to_vec();
    let nonce = key(pepper)?.seal_in_place_append_tag(Aad::from(place.as_bytes()), &mut text).map_err(|_| Unreadable)?;
    Ok([nonce.as_ref().as_slice(), &text].concat())
}

/// What was sealed for this place.
pub fn open(pepper: &[u8; 32], place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or(Unreadable)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unreadable)?;
    let mut text = Zeroizing::new(text.to_vec());
    let opened = key(pepper)?.open_in_place(nonce, Aad::from(place.as_bytes()), &mut text).map_err(|_| Unreadable)?;
    Ok(Zeroizing::new(opened.to_vec()))
}

fn key(pepper: &[u8; 32]) -> Result<RandomizedNonceKey, Unreadable> {
    let bytes = Zeroizing::new(hmac_sha256(pepper, &[b"pregon seal 1"]));
    RandomizedNonceKey::new(&AES_256_GCM, bytes.as_slice()).map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    #[test]
    fn only_the_same_hub_opens_it_and_only_at_its_place() {
        let sealed = seal(&[1; 32], "totp 7", b"secret").unwrap();
        assert_eq!(open(&[1; 32], "totp 7", &sealed).unwrap().as_slice(), b"secret");
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_ne!(sealed, seal(&[1; 32], "totp 7", b"secret").unwrap());
        let mut altered = sealed.clone();
        *altered.last_mut().unwrap() ^= 1;
        for (pepper, place, text) in [
            (1, "totp 8", &sealed),
            (2, "totp 7", &sealed),
            (1, "totp 7", &altered),
            (1, "totp 7", &Vec::new()),
            (1, "totp 7", &vec![0; 12]),
        ] {
            assert_eq!(open(&[pepper; 32], place, text), Err(Unreadable));
        }
    }
}

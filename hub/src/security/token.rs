//! Random proofs: panel tokens, enrolment codes and agents' keys, and what the hub keeps of them.
//!
//! All of them have at least 80 random bits, so a fast hash is enough: nobody can try them out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use shared::secret::Clave;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// The digits of Crockford's base 32: no I, L, O or U.
const CODE_DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH: usize = 16;
const SHORT_LENGTH: usize = 15;

/// 256 random bits as text; whoever holds it is logged in. Its text is wiped when dropped.
pub struct Token(Zeroizing<String>);

impl Token {
    pub fn random() -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(*random_bytes::<32>())))
    }

    /// 84 random bits as `A` and fourteen letters or digits, the form of a Gotify application's token.
    pub fn short() -> Self {
        let text: String = URL_SAFE_NO_PAD.encode(*random_bytes::<12>()).chars().take(SHORT_LENGTH - 1).collect();
        Self(Zeroizing::new(format!("A{text}")))
    }

    /// A token that was kept as text.
    pub(super) fn of_text(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the hub keeps of it.
    pub fn hash(&self) -> [u8; 32] {
        token_hash(&self.0)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Token(…)")
    }
}

/// SHA-256 of a token's text, as it is stored and looked up.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A new key for an agent: 256 random bits as text. It is said once and never stored.
pub fn agent_key() -> Zeroizing<String> {
    Token::random().0
}

/// 128 random bits, for ids and jitter.
pub fn random_u128() -> u128 {
    u128::from_be_bytes(*random_bytes::<16>())
}

/// A new enrolment code: 80 random bits as `XXXX-XXXX-XXXX-XXXX`.
pub fn enrolment_code() -> String {
    let bits = random_bytes::<10>().iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    grouped((0..CODE_LENGTH).rev().filter_map(|place| {
        let digit = usize::try_from(bits >> (5 * place) & 31).ok()?;
        CODE_DIGITS.get(digit).copied().map(char::from)
    }))
}

/// The code a person meant, whatever its case, dashes, spaces and look-alike digits; `None` if it cannot be one.
pub fn normalise_code(typed: &str) -> Option<String> {
    // Longer than any code with separators between all digits: not worth a look.
    if typed.len() > 4 * CODE_LENGTH {
        return None;
    }
    let digits: Vec<char> = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(code_digit).collect::<Option<_>>()?;
    (digits.len() == CODE_LENGTH).then(|| grouped(digits.into_iter()))
}

/// What the hub keeps of an enrolment code; `None` if the text cannot be one.
pub fn code_hash(typed: &str) -> Option<[u8; 32]> {
    normalise_code(typed).map(|code| token_hash(&code))
}

fn code_digit(typed: char) -> Option<char> {
    let digit = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    CODE_DIGITS.iter().any(|known| char::from(*known) == digit).then_some(digit)
}

fn grouped(digits: impl Iterator<Item = char>) -> String {
    digits.enumerate().fold(String::with_capacity(CODE_LENGTH + 3), |mut code, (index, digit)| {
        if index > 0 && index % 4 == 0 {
            code.push('-');
        }
        code.push(digit);
        code
    })
}

/// What the hub keeps of an agent's key: useless without the pepper, which is not in the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientProof {
    pub salt: [u8; 16],
    pub mac: [u8; 32],
}

impl ClientProof {
    /// HMAC-SHA256 (pepper, client id ‖ salt ‖ clave) with a new salt.
    pub fn make(pepper: &[u8; 32], client_id: i64, clave: &Clave) -> Self {
        let salt = *random_bytes::<16>();
        Self { salt, mac: client_mac(pepper, client_id, &salt, clave) }
    }

    /// Whether this clave made the proof; takes the same time for every answer.
    pub fn verify(&self, pepper: &[u8; 32], client_id: i64, clave: &Clave) -> bool {
        client_mac(pepper, client_id, &self.salt, clave).ct_eq(&self.mac).into()
    }
}

impl std::fmt::Debug for ClientProof {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ClientProof(…)")
    }
}

fn client_mac(pepper: &[u8; 32], client_id: i64, salt: &[u8; 16], clave: &Clave) -> [u8; 32] {
    hmac_sha256(pepper, &[&client_id.to_be_bytes(), salt, clave.as_bytes()])
}

/// HMAC-SHA256 over some parts in a row.
pub(super) fn hmac_sha256(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a key up to the block of its hash with zeros; doing so here leaves nothing that could fail.
    let mut block = Zeroizing::new([0; 64]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Bytes of the system's random generator, wiped when dropped.
#[allow(clippy::expect_used, reason = "a machine without random numbers must make no secret")]
pub(super) fn random_bytes<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    // Invariant: every system the hub runs on has a generator that cannot fail once it has started.
    getrandom::fill(bytes.as_mut_slice()).expect("the system's random generator answers");
    bytes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    #[test]
    fn a_token_is_long_unique_and_unprinted() {
        let token = Token::random();
        assert_eq!(token.as_str().len(), 43);
        assert_ne!(token.as_str(), Token::random().as_str());
        assert_eq!(token.hash(), token_hash(token.as_str()));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = enrolment_code();
        assert_eq!(code.len(), 19, "{code}");
        assert_eq!(normalise_code(&code), Some(code.clone()));
        let typed = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(normalise_code(&format!(" {typed}\n")), Some(code.clone()));
        assert_eq!(code_hash(&typed), Some(token_hash(&code)));
        assert_eq!(normalise_code("OIL0-0000-0000-0001").unwrap(), "0110-0000-0000-0001");
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "0000-0000-0000-000", "0000-0000-0000-00000", "UUUU-0000-0000-0000", "ñ000-0000-0000-0000"] {
            assert_eq!(normalise_code(text), None, "{text}");
        }
        assert_eq!(normalise_code(&" ".repeat(10_000)), None);
    }

    #[test]
    fn codes_use_every_digit() {
        let digits: std::collections::BTreeSet<char> = (0..100).flat_map(|_| enrolment_code().chars().collect::<Vec<_>>()).collect();
        assert_eq!(digits.len(), 33, "32 digits and the dash");
    }

    #[test]
    fn hmac_is_the_one_of_rfc_4231() {
        let mut key = [0; 32];
        key.iter_mut().zip(b"Jefe").for_each(|(to, from)| *to = *from);
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(shared::secret::hex(&hmac_sha256(&key, &[b"what do ya want ", b"for nothing?"])), expected);
    }

    #[test]
    fn a_proof_holds_for_one_client_key_and_pepper_alone() {
        let (pepper, clave) = ([7; 32], Clave::of_key("key"));
        let proof = ClientProof::make(&pepper, 1, &clave);
        assert!(proof.verify(&pepper, 1, &clave));
        assert!(!proof.verify(&pepper, 2, &clave));
        assert!(!proof.verify(&[8; 32], 1, &clave));
        assert!(!proof.verify(&pepper, 1, &Clave::of_key("other")));
        assert_ne!(proof, ClientProof::make(&pepper, 1, &clave), "each proof has its own salt");
        assert_eq!(format!("{proof:?}"), "ClientProof(…)");
    }
}

//! Passwords of people: rules, slow hashes and the bound on how many are computed at once.
//!
//! A hash is bcrypt over base64(HMAC-SHA256(pepper, password)): bcrypt alone cuts silently at 72 bytes and at a zero byte.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::common;
use super::token::{hmac_sha256, random_bytes};

/// About 0.3 s of a processor.
const COST: u32 = 12;
/// Hashes computed at once; more would starve everything else.
const AT_ONCE: usize = 2;
/// Hashes computed or waiting; at two at once the last of them waits about ten seconds.
const WAITING: usize = 64;

/// Fewest and most characters of a password.
pub const CHARS: std::ops::RangeInclusive<usize> = 8..=256;

/// What an unknown user is compared with, so that the answer takes as long as for a known one; never a match.
pub const NOBODY: &str = "$2b$12$WApznUPhDubN0oeveSXHp.Rk0rMYZ6yGHP2p0vrYBgA0GtwxrG/g2";

/// Computes and compares password hashes.
#[derive(Clone)]
pub struct Passwords {
    pepper: Arc<Zeroizing<[u8; 32]>>,
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

/// Why a password was not hashed or compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("too many log-ins at once, try again in a few seconds")]
    Busy,
    #[error("the password could not be hashed")]
    Hash,
}

/// Why a text is not taken as a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitPassword {
    #[error("needs at least {least} characters", least = CHARS.start())]
    TooShort,
    #[error("has more than {most} characters", most = CHARS.end())]
    TooLong,
    #[error("is the user's name")]
    IsName,
    #[error("is one of the most common passwords")]
    Common,
}

/// Whether a text may become the password of this user.
///
/// A name or a common password with a few digits or signs after it is no better than without them.
pub fn check(password: &str, user: &str) -> Result<(), UnfitPassword> {
    match password.chars().count() {
        count if count < *CHARS.start() => return Err(UnfitPassword::TooShort),
        count if count > *CHARS.end() => return Err(UnfitPassword::TooLong),
        _ => {}
    }
    let password = password.trim().to_lowercase();
    let user = user.trim().to_lowercase();
    if common::stems(&password).any(|stem| stem == user) {
        return Err(UnfitPassword::IsName);
    }
    if common::stems(&password).any(common::contains) {
        return Err(UnfitPassword::Common);
    }
    Ok(())
}

/// A first password that can be read aloud: 80 random bits as five pronounceable groups.
pub fn generated() -> Zeroizing<String> {
    let bytes = random_bytes::<10>();
    let groups: Vec<String> =
        bytes.chunks_exact(2).map(|pair| pronounceable(pair.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte)))).collect();
    Zeroizing::new(groups.join("-"))
}

/// 16 bits as consonant, vowel, consonant, vowel, consonant.
fn pronounceable(bits: u16) -> String {
    const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
    const VOWELS: &[u8; 4] = b"aiou";
    let letter = |letters: &[u8], shift: u32| letters.get(usize::from(bits >> shift) % letters.len()).copied().map(char::from);
    [letter(CONSONANTS, 12), letter(VOWELS, 10), letter(CONSONANTS, 6), letter(VOWELS, 4), letter(CONSONANTS, 0)]
        .into_iter()
        .flatten()
        .collect()
}

impl Passwords {
    pub fn new(pepper: &[u8; 32]) -> Self {
        Self { pepper: Arc::new(Zeroizing::new(*pepper)), turns: Arc::new(Semaphore::new(AT_ONCE)), waiting: Arc::new(AtomicUsize::new(0)) }
    }

    /// The hash to store. The caller has checked the password's form with [`check`].
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        let mixed = self.mix(&Zeroizing::new(password));
        self.in_turn(move || hash_mixed(&mixed)).await?
    }

    /// Whether the password is the one of `stored`. Without `stored` the answer is no, after the same time.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, PasswordError> {
        let mixed = self.mix(&Zeroizing::new(password));
        self.in_turn(move || verify_mixed(&mixed, stored.as_deref())).await
    }

    /// The hash to store, computed in this thread: for the first start and subcommands, never in a task.
    pub fn hash_now(&self, password: &str) -> Result<String, PasswordError> {
        hash_mixed(&self.mix(password))
    }

    fn mix(&self, password: &str) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(hmac_sha256(&self.pepper, &[password.as_bytes()])))
    }

    /// Runs slow work outside of the runtime's threads, at most two at once; refuses it when too much waits already.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let _place = Place::take(&self.waiting).ok_or(PasswordError::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| PasswordError::Busy)?;
        // The turn moves along: work whose caller has gone away still counts until it is done.
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|_| PasswordError::Hash)
    }
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Passwords(…)")
    }
}

fn hash_mixed(mixed: &str) -> Result<String, PasswordError> {
    bcrypt::non_truncating_hash(mixed, COST).map_err(|_| PasswordError::Hash)
}

fn verify_mixed(mixed: &str, stored: Option<&str>) -> bool {
    let fits = bcrypt::non_truncating_verify(mixed, stored.unwrap_or(NOBODY));
    fits.unwrap_or_else(|err| {
        tracing::error!(%err, "a stored password hash cannot be read");
        false
    }) && stored.is_some()
}

/// A place in the queue, given back when dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>) -> Option<Self> {
        let place = Self(Arc::clone(waiting));
        (waiting.fetch_add(1, Ordering::Relaxed) < WAITING).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use std::time::{Duration, Instant};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_password_fits_its_hash_and_no_other() {
        let passwords = Passwords::new(&[1; 32]);
        let stored = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(stored.starts_with("$2b$12$"), "{stored}");
        assert!(passwords.verify("correct horse".to_owned(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("correct horsf".to_owned(), Some(stored.clone())).await.unwrap());
        assert!(!Passwords::new(&[2; 32]).verify("correct horse".to_owned(), Some(stored)).await.unwrap());
        assert!(!passwords.verify("x".to_owned(), Some("no hash".to_owned())).await.unwrap());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_byte_counts_beyond_72_and_after_a_zero() {
        let passwords = Passwords::new(&[1; 32]);
        let long = "x".repeat(72);
        let stored = passwords.hash_now(&format!("{long}a")).unwrap();
        assert!(!passwords.verify(format!("{long}b"), Some(stored.clone())).await.unwrap());
        assert!(passwords.verify(format!("{long}a"), Some(stored)).await.unwrap());
        let stored = passwords.hash_now("before\0after").unwrap();
        assert!(!passwords.verify("before\0other".to_owned(), Some(stored)).await.unwrap());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_unknown_user_costs_the_same_time() {
        let passwords = Passwords::new(&[1; 32]);
        let stored = passwords.hash_now("password").unwrap();
        let took = async |stored: Option<String>| {
            let mut best = Duration::MAX;
            for _ in 0..3 {
                let start = Instant::now();
                assert!(!passwords.verify("wrong".to_owned(), stored.clone()).await.unwrap());
                best = best.min(start.elapsed());
            }
            best
        };
        let (known, unknown) = (took(Some(stored)).await, took(None).await);
        assert!(unknown > known / 4 && unknown < known * 4, "{unknown:?} against {known:?}");
    }

    #[tokio::test]
    async fn too_many_at_once_are_refused_and_leave_no_trace() {
        let passwords = Passwords::new(&[1; 32]);
        // All turns are taken: what comes now waits, without any hash being computed.
        let turns = passwords.turns.acquire_many(u32::try_from(AT_ONCE).unwrap()).await.unwrap();
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(passwords.verify("x".to_owned(), None))).collect();
        for future in &mut waiting {
            assert!(std::future::poll_fn(|cx| std::task::Poll::Ready(future.as_mut().poll(cx))).await.is_pending());
        }
        assert_eq!(passwords.verify("x".to_owned(), None).await, Err(PasswordError::Busy));
        drop(waiting);
        drop(turns);
        assert_eq!(passwords.waiting.load(Ordering::Relaxed), 0);
        assert_eq!(passwords.verify("x".to_owned(), None).await, Ok(false));
    }

    #[test]
    fn rules_are_about_length_and_the_name() {
        assert_eq!(check("1234567", "ana"), Err(UnfitPassword::TooShort));
        assert_eq!(check("ñññññññ", "ana"), Err(UnfitPassword::TooShort));
        assert_eq!(check("ññññññññ", "ana"), Ok(()));
        assert_eq!(check(&"ñ".repeat(256), "ana"), Ok(()));
        assert_eq!(check(&"ñ".repeat(257), "ana"), Err(UnfitPassword::TooLong));
        assert_eq!(check("Ana Maria", " ana maria"), Err(UnfitPassword::IsName));
        for common in ["password", "PassWord123!", "12345678", "contraseña", "pregon2026", "Pregón!!"] {
            assert_eq!(check(common, "ana"), Err(UnfitPassword::Common), "{common}");
        }
        for fit in ["correct horse", "pregonero-de-sol", "password-hunter", "jamón y queso"] {
            assert_eq!(check(fit, "ana"), Ok(()), "{fit}");
        }
        assert_eq!(check("ana maria 12", "Ana Maria"), Err(UnfitPassword::IsName));
        assert_eq!(UnfitPassword::TooShort.to_string(), "needs at least 8 characters");
    }

    #[test]
    fn a_generated_password_is_readable_and_fit() {
        let password = generated();
        assert!(password.split('-').all(|group| group.len() == 5), "{}", *password);
        assert_eq!(password.len(), 29);
        assert_eq!(check(&password, "admin"), Ok(()));
        assert_ne!(*password, *generated());
        assert_eq!((pronounceable(0), pronounceable(u16::MAX)), ("babab".to_owned(), "zuzuz".to_owned()));
    }
}

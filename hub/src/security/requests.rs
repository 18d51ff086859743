//! How many requests a second are answered: of an address whose callers are not known, and of each one who is.
//!
//! Memory is bounded: who has been quiet is forgotten, and beyond [`ADDRESSES`] at once neighbours share an allowance.

use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::DefaultKeyedRateLimiter;
use governor::clock::Clock as _;
use hub_core::guard::Recent;

use super::addresses::network;
use super::rates::quota;

/// Addresses that are counted one by one.
const ADDRESSES: usize = 100_000;
/// Half of the credentials that are remembered as good.
const HALF: usize = 10_000;
/// How many times an address's allowance whoever is known has for himself, and an address for the panel's files: a first
/// look at the panel is a hundred of them, and an office behind one address opens fifty panels at once.
const KNOWN: usize = 10;

/// Too fast: how long to wait before the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooFast(pub Duration);

/// A token as it came, scrambled. Nothing is proved by it yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shown(u64);

/// The allowances of a hub; `None` is no limit.
pub struct Requests {
    strangers: Option<DefaultKeyedRateLimiter<IpAddr>>,
    files: Option<DefaultKeyedRateLimiter<IpAddr>>,
    known: Option<DefaultKeyedRateLimiter<u64>>,
    good: Mutex<Recent<Shown, bool>>,
    /// Random: nobody can choose credentials that share an allowance.
    hasher: RandomState,
}

impl Requests {
    /// Requests a second of an address, ten times as many at once after a silence; 0 is no limit.
    pub fn new(a_second: usize) -> Self {
        let known = quota(a_second.saturating_mul(KNOWN)).map(DefaultKeyedRateLimiter::keyed);
        let files = quota(a_second.saturating_mul(KNOWN)).map(DefaultKeyedRateLimiter::keyed);
        let strangers = quota(a_second).map(DefaultKeyedRateLimiter::keyed);
        Self { strangers, files, known, good: Mutex::new(Recent::new(HALF)), hasher: RandomState::new() }
    }

    pub fn shown(&self, token: &str) -> Shown {
        Shown(self.hasher.hash_one(token))
    }

    /// Takes one request. A credential that was good before has an allowance of its own, wherever it comes from, so that
    /// people behind one address do not suffer from each other; an address that is trusted has as much.
    pub fn take(&self, address: IpAddr, shown: Option<Shown>, is_trusted: bool) -> Result<(), TooFast> {
        let address = network(address);
        match shown.filter(|shown| self.good().known(shown).is_some()) {
            Some(shown) => taken(self.known.as_ref(), &self.hasher.hash_one(shown)),
            None if is_trusted => taken(self.known.as_ref(), &self.hasher.hash_one(address)),
            None => taken_of_address(self.strangers.as_ref(), address),
        }
    }

    /// Takes one file of the panel, which everybody may have and which costs next to nothing.
    pub fn take_file(&self, address: IpAddr) -> Result<(), TooFast> {
        taken_of_address(self.files.as_ref(), network(address))
    }

    /// Whether a request proved what it showed.
    pub fn learn(&self, shown: Shown, is_good: bool) {
        match is_good {
            true => *self.good().entry(shown) = true,
            false => self.good().forget(&shown),
        }
    }

    /// Forgets who has been quiet; called again and again.
    pub fn forget_quiet(&self) {
        for addresses in [&self.strangers, &self.files].into_iter().flatten() {
            addresses.retain_recent();
            addresses.shrink_to_fit();
        }
        if let Some(known) = &self.known {
            known.retain_recent();
            known.shrink_to_fit();
        }
    }

    fn good(&self) -> MutexGuard<'_, Recent<Shown, bool>> {
        self.good.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn taken_of_address(limiter: Option<&DefaultKeyedRateLimiter<IpAddr>>, address: IpAddr) -> Result<(), TooFast> {
    let is_crowded = limiter.is_some_and(|limiter| limiter.len() >= ADDRESSES);
    taken(limiter, &if is_crowded { neighbourhood(address) } else { address })
}

fn taken<K: Clone + Eq + std::hash::Hash>(limiter: Option<&DefaultKeyedRateLimiter<K>>, key: &K) -> Result<(), TooFast> {
    let Some(limiter) = limiter else { return Ok(()) };
    limiter.check_key(key).map_err(|until| TooFast(until.wait_time_from(limiter.clock().now())))
}

/// What is given to a provider: a /16 of IPv4, a /32 of IPv6.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() & 0xffff_0000).into()),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 96 << 96).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn taken_of(requests: &Requests, address: &str, shown: Option<Shown>, is_trusted: bool) -> usize {
        (0..500).filter(|_| requests.take(ip(address), shown, is_trusted).is_ok()).count()
    }

    #[test]
    fn an_address_has_its_burst_and_others_have_theirs() {
        let requests = Requests::new(1);
        assert!((10..=11).contains(&taken_of(&requests, "192.0.2.1", None, false)));
        assert!((10..=11).contains(&taken_of(&requests, "192.0.2.2", None, false)));
        assert!(taken_of(&requests, "::ffff:192.0.2.1", None, false) <= 1, "a mapped address is the same address");
        assert!((10..=11).contains(&taken_of(&requests, "2001:db8::1", None, false)));
        assert!(taken_of(&requests, "2001:db8::2", None, false) <= 1, "of IPv6 the /64");
        let refused = requests.take(ip("192.0.2.1"), None, false);
        assert!(refused.is_err_and(|TooFast(wait)| wait <= Duration::from_secs(1)), "{refused:?}");
    }

    #[test]
    fn whoever_is_known_does_not_suffer_from_his_neighbours_and_made_up_tokens_gain_nothing() {
        let requests = Requests::new(1);
        let (ana, ben, made_up) = (requests.shown("ana"), requests.shown("ben"), requests.shown("made up"));
        requests.learn(ana, true);
        requests.learn(ben, true);
        taken_of(&requests, "192.0.2.1", None, false);
        assert!(taken_of(&requests, "192.0.2.1", Some(made_up), false) <= 1);
        assert!((100..=105).contains(&taken_of(&requests, "192.0.2.1", Some(ana), false)));
        assert!((100..=105).contains(&taken_of(&requests, "192.0.2.1", Some(ben), false)));
        requests.learn(ana, false);
        assert!(taken_of(&requests, "192.0.2.1", Some(ana), false) <= 1, "a token that was revoked is nobody's");
        assert!((100..=105).contains(&taken_of(&requests, "192.0.2.1", None, true)), "trusted");
    }

    #[test]
    fn fifty_panels_open_at_once_behind_one_address() {
        let (requests, office) = (Requests::new(crate::config::Limits::default().requests_per_address), ip("192.0.2.1"));
        for panel in 0..50 {
            // As measured in a browser: 96 files; the page, the log-in and what comes before it is known are the rest.
            assert!((0..100).all(|_| requests.take_file(office).is_ok()), "files of panel {panel}");
            assert!((0..15).all(|_| requests.take(office, None, false).is_ok()), "panel {panel}");
        }
        let files = (0..100_000).filter(|_| requests.take_file(office).is_ok()).count();
        assert!(files < 50_000, "a flood of files has an end, too: {files}");
    }

    #[test]
    fn zero_is_no_limit() {
        assert_eq!(taken_of(&Requests::new(0), "192.0.2.1", None, false), 500);
    }

    #[test]
    fn beyond_the_cap_neighbours_share_and_memory_stays() {
        let requests = Requests::new(1);
        let take = |number: u32| requests.take(IpAddr::V4(number.into()), None, false).is_ok();
        let most = u32::try_from(ADDRESSES).expect("a number");
        assert_eq!((0..most).filter(|number| take(*number)).count(), ADDRESSES);
        let beyond = (0..500).filter(|number| take(0x0a00_0000 + number)).count();
        assert!((10..=11).contains(&beyond), "{beyond}");
        assert_eq!(requests.strangers.as_ref().map(DefaultKeyedRateLimiter::len), Some(ADDRESSES + 1));
    }
}

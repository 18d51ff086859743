//! Strikes of late, by address, and by name behind an address.

use std::net::IpAddr;

use shared::Timestamp;

use super::{Kind, Recent};

/// Whose strikes are counted, and who is banned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// An address, or the /64 of one.
    Address(IpAddr),
    /// An agent's name behind an address, as a hash: one mis-keyed PC, and none of its neighbours.
    Client(IpAddr, u64),
}

/// When strikes become a ban.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub strikes: usize,
    pub window_ms: i64,
}

/// One thing held against somebody.
#[derive(Debug, Clone, Copy)]
pub struct Strike {
    pub at: Timestamp,
    pub kind: Kind,
    /// What it was about, as a hash: the name of an agent, an account, a token.
    pub subject: Option<u64>,
}

/// What follows from a strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// So many count now.
    Struck(usize),
    /// It was the last one.
    Banned,
}

/// Strikes that still count; bounded.
#[derive(Debug)]
pub struct Ledger {
    limits: Limits,
    strikes: Recent<Key, Vec<Strike>>,
}

impl Ledger {
    pub fn new(limits: Limits, half: usize) -> Self {
        Self { limits, strikes: Recent::new(half) }
    }

    /// Counts a strike. After [`Verdict::Banned`] the count begins anew.
    pub fn strike(&mut self, key: Key, strike: Strike) -> Verdict {
        let Limits { strikes: most, window_ms } = self.limits;
        let strikes = self.strikes.entry(key);
        // A clock that jumped makes old strikes older or younger, but none eternal.
        strikes.retain(|old| strike.at.millis_since(old.at).abs() < window_ms);
        let is_address = matches!(key, Key::Address(_));
        let is_same = |old: &&mut Strike| old.kind == strike.kind && old.subject == strike.subject;
        match strikes.iter_mut().find(is_same).filter(|_| is_address && strike.kind.counts_once()) {
            Some(same) => same.at = strike.at,
            None => strikes.push(strike),
        }
        let count = strikes.len();
        if count < most {
            return Verdict::Struck(count);
        }
        self.strikes.forget(&key);
        Verdict::Banned
    }

    /// Somebody behind this address has proved to be no stranger: what was held against that name or account is
    /// forgotten, and what is mere clumsiness. What looks like an attack is not.
    pub fn forgive(&mut self, address: IpAddr, subject: u64) {
        self.strikes.forget(&Key::Client(address, subject));
        let key = Key::Address(address);
        let Some(strikes) = self.strikes.known(&key) else { return };
        strikes.retain(|strike| !strike.kind.is_clumsy() && strike.subject != Some(subject));
        if strikes.is_empty() {
            self.strikes.forget(&key);
        }
    }

    /// Nothing is held against this key any more.
    pub fn clear(&mut self, key: Key) {
        self.strikes.forget(&key);
    }

    /// How many are remembered: never more than twice the half that was given.
    pub fn len(&self) -> usize {
        self.strikes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.strikes.is_empty()
    }
}

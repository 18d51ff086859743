//! How many were refused, and why, since the hub started.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why somebody was refused before anybody asked who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// A connection or a request from a banned address.
    Banned,
    /// A connection of an address that has too many without a log-in.
    TooMany,
    /// A request of an address that asks too fast.
    TooFast,
    /// A handshake, or the head of a request, that did not come to its end.
    TooSlow,
    /// What came was no TLS.
    NoTls,
    /// A plain sensor from beyond `events.allow`.
    NotAllowed,
    /// A sensor, while all places are taken.
    NoRoom,
}

impl Refused {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Banned, "banned"),
        (Self::TooMany, "too_many"),
        (Self::TooFast, "too_fast"),
        (Self::TooSlow, "too_slow"),
        (Self::NoTls, "no_tls"),
        (Self::NotAllowed, "not_allowed"),
        (Self::NoRoom, "no_room"),
    ];

    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word)
    }
}

#[derive(Debug, Default)]
pub struct Refusals([AtomicU64; Refused::ALL.len()]);

impl Refusals {
    pub fn count(&self, reason: Refused) {
        let place = Refused::ALL.iter().position(|(one, _)| *one == reason);
        if let Some(count) = place.and_then(|place| self.0.get(place)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Each reason with its number, those that never were included.
    pub fn totals(&self) -> BTreeMap<&'static str, u64> {
        Refused::ALL.iter().zip(&self.0).map(|((_, word), count)| (*word, count.load(Ordering::Relaxed))).collect()
    }
}

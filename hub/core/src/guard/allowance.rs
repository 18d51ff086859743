//! How much an address may ask for that it has not proved itself for.

use std::hash::Hash;

use shared::Timestamp;

use super::Recent;

/// A bucket: so much at once, so much again each second.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    pub most: i64,
    pub a_second: i64,
    /// What is given back once it is empty, so that a flood is noticed again and again, and not at each request.
    pub respite: i64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Used {
    thousandths: i64,
    at: i64,
}

/// Allowances by key; bounded.
#[derive(Debug)]
pub struct Allowances<K> {
    allowance: Allowance,
    used: Recent<K, Used>,
}

impl<K: Eq + Hash> Allowances<K> {
    pub fn new(allowance: Allowance, half: usize) -> Self {
        Self { allowance, used: Recent::new(half) }
    }

    /// Takes from the allowance of a key. False when there was not enough.
    pub fn take(&mut self, key: K, cost: i64, now: Timestamp) -> bool {
        let Allowance { most, a_second, respite } = self.allowance;
        let used = self.used.entry(key);
        // A clock that was put back gives nothing.
        let elapsed = (now.as_millis() - used.at).clamp(0, 3_600_000);
        used.at = now.as_millis();
        used.thousandths = (used.thousandths - elapsed * a_second).max(0) + cost * 1_000;
        if used.thousandths <= most * 1_000 {
            return true;
        }
        used.thousandths -= respite.max(cost) * 1_000;
        false
    }

    pub fn len(&self) -> usize {
        self.used.len()
    }

    pub fn is_empty(&self) -> bool {
        self.used.is_empty()
    }
}

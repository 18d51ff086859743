//! Who is kept out now, and until when.

use std::collections::{BTreeSet, HashMap};

use shared::Timestamp;

use super::Key;

/// Bans that hold; bounded: beyond `most`, the one that ends soonest gives way.
#[derive(Debug)]
pub struct Bans {
    most: usize,
    ends: HashMap<Key, Timestamp>,
    by_end: BTreeSet<(Timestamp, Key)>,
}

impl Bans {
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), ends: HashMap::new(), by_end: BTreeSet::new() }
    }

    /// When the ban of a key ends, if it holds.
    pub fn until(&self, key: Key, now: Timestamp) -> Option<Timestamp> {
        self.ends.get(&key).copied().filter(|until| *until > now)
    }

    /// Keeps a key out until then, whatever was said before.
    pub fn set(&mut self, key: Key, until: Timestamp) {
        self.lift(key);
        if self.ends.len() >= self.most
            && let Some((_, soonest)) = self.by_end.pop_first()
        {
            self.ends.remove(&soonest);
        }
        self.ends.insert(key, until);
        self.by_end.insert((until, key));
    }

    /// True if there was one.
    pub fn lift(&mut self, key: Key) -> bool {
        let Some(until) = self.ends.remove(&key) else { return false };
        self.by_end.remove(&(until, key))
    }

    /// Lets go of all that have ended; how many.
    pub fn expire(&mut self, now: Timestamp) -> usize {
        let before = self.ends.len();
        while let Some((until, key)) = self.by_end.first().copied()
            && until <= now
        {
            self.by_end.pop_first();
            self.ends.remove(&key);
        }
        before - self.ends.len()
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

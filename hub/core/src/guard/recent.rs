//! A map that forgets what was not used for long once it is full, in constant time.

use std::collections::HashMap;
use std::hash::Hash;

/// Holds at most twice `half` entries. When the young half is full it becomes the old one, and the old one is forgotten:
/// no search for the oldest, however many strangers there are.
#[derive(Debug)]
pub struct Recent<K, V> {
    half: usize,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Eq + Hash, V: Default> Recent<K, V> {
    pub fn new(half: usize) -> Self {
        Self { half: half.max(1), young: HashMap::new(), old: HashMap::new() }
    }

    /// The entry of a key, a fresh one if it is not known.
    pub fn entry(&mut self, key: K) -> &mut V {
        if !self.young.contains_key(&key) && self.young.len() >= self.half {
            self.old = std::mem::take(&mut self.young);
        }
        let known = self.old.remove(&key);
        self.young.entry(key).or_insert_with(|| known.unwrap_or_default())
    }

    pub fn known(&mut self, key: &K) -> Option<&mut V> {
        match self.young.get_mut(key) {
            Some(value) => Some(value),
            None => self.old.get_mut(key),
        }
    }

    pub fn forget(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }

    pub fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

//! Who was not let in, gathered for some seconds: a flood of strangers is a few rows and a bounded memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::store::Rejected;

/// Different ones at once; beyond, only the reasons are counted.
const DIFFERENT: usize = 64;

#[derive(Debug, Default)]
pub struct Rejections(Mutex<HashMap<Rejected, u32>>);

impl Rejections {
    pub fn note(&self, rejected: Rejected) {
        let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = gathered.len() >= DIFFERENT && !gathered.contains_key(&rejected);
        let key = if is_full { Rejected { name: String::new(), address: String::new(), ..rejected } } else { rejected };
        let count = gathered.entry(key).or_default();
        *count = count.saturating_add(1);
    }

    pub fn take(&self) -> Vec<(Rejected, u32)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_bounded() {
        let rejections = Rejections::default();
        for number in 0..10_000 {
            rejections.note(Rejected { name: number.to_string(), address: "192.0.2.1".into(), reason: "wrong_key" });
        }
        let taken = rejections.take();
        assert_eq!(taken.len(), DIFFERENT + 1);
        assert_eq!(taken.iter().map(|(_, count)| count).sum::<u32>(), 10_000);
        assert!(rejections.take().is_empty());
    }
}

//! How times spread, known only in steps: quantiles of a histogram.

/// Where each step begins, seconds; the last one has no end. The same as the table `seen_steps`.
pub const STEPS_S: [u32; 38] = [
    0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10800, 14400,
    21600, 28800, 43200, 64800, 86400, 172_800, 259_200, 604_800, 1_209_600,
];

/// How many fell into each step, by where the step begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread {
    counts: std::collections::BTreeMap<u32, u64>,
}

impl Spread {
    pub fn add(&mut self, from_s: u32, count: u64) {
        *self.counts.entry(from_s).or_default() += count;
    }

    pub fn count(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The time within which this share fell, as if each step were filled evenly; whole seconds, `None` of nothing.
    #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn quantile_s(&self, share: f64) -> Option<u32> {
        let wanted = share.clamp(0.0, 1.0) * self.count() as f64;
        let mut before = 0.0;
        for (&from, &count) in &self.counts {
            let count = count as f64;
            if count > 0.0 && before + count >= wanted {
                return Some(within(from, (wanted - before) / count));
            }
            before += count;
        }
        None
    }
}

/// The second that lies so far into the step that begins at `from`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two steps, which are small and not negative")]
fn within(from: u32, part: f64) -> u32 {
    let end = STEPS_S.iter().copied().find(|step| *step > from).unwrap_or(from);
    (f64::from(from) + f64::from(end - from) * part.clamp(0.0, 1.0)).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(counts: &[(u32, u64)]) -> Spread {
        let mut spread = Spread::default();
        counts.iter().for_each(|(from, count)| spread.add(*from, *count));
        spread
    }

    #[test]
    fn quantiles_lie_where_the_counts_say() {
        type Case = (&'static [(u32, u64)], f64, Option<u32>);
        let table: [Case; 8] = [
            (&[], 0.5, None),
            (&[(10, 0)], 0.5, None),
            (&[(10, 4)], 0.5, Some(13)),
            (&[(10, 4)], 1.0, Some(15)),
            (&[(0, 1), (60, 1)], 0.5, Some(1)),
            (&[(0, 50), (60, 40), (3600, 10)], 0.9, Some(90)),
            (&[(0, 50), (60, 40), (3600, 10)], 0.95, Some(4500)),
            (&[(1_209_600, 3)], 0.5, Some(1_209_600)),
        ];
        for (counts, share, wanted) in table {
            assert_eq!(spread(counts).quantile_s(share), wanted, "{counts:?} at {share}");
        }
    }

    #[test]
    fn steps_rise() {
        assert!(STEPS_S.iter().zip(STEPS_S.iter().skip(1)).all(|(one, next)| one < next));
    }
}

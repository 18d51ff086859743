//! How often it is tried to tell something outside.

const FIRST_WAIT_MS: i64 = 30_000;
const LONGEST_WAIT_MS: i64 = 60 * 60 * 1_000;
/// About a day of trying.
const ATTEMPTS: u32 = 30;

/// How long to wait after so many failed attempts; `None` once it is over.
pub fn retry_after_ms(attempts: u32) -> Option<i64> {
    let doublings = attempts.saturating_sub(1).min(16);
    (attempts < ATTEMPTS).then(|| (FIRST_WAIT_MS << doublings).min(LONGEST_WAIT_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_an_hour_and_end_within_a_day() {
        let waits: Vec<i64> = (1..).map_while(retry_after_ms).collect();
        assert_eq!(waits.iter().take(8).map(|wait| wait / 1_000).collect::<Vec<_>>(), [30, 60, 120, 240, 480, 960, 1_920, 3_600]);
        assert!(waits.is_sorted() && waits.iter().all(|wait| *wait <= LONGEST_WAIT_MS));
        let hours = waits.iter().sum::<i64>() / 3_600_000;
        assert!((20..=24).contains(&hours), "{hours} hours");
        assert_eq!(retry_after_ms(u32::MAX), None);
    }
}

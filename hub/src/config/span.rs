//! Spans of time as people write them: `90s`, `30m`, `24h`, `7d`.

use std::time::Duration;

/// Not a number followed by `s`, `m`, `h` or `d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a span of time like 90s, 30m, 24h or 7d")]
pub struct InvalidSpan;

/// Reads a span of time; a number alone is refused, since nobody can see its unit.
pub fn parse_span(text: &str) -> Result<Duration, InvalidSpan> {
    let text = text.trim();
    let (unit, digits) = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)]
        .into_iter()
        .find_map(|(letter, seconds)| text.strip_suffix(letter).map(|digits| (seconds, digits)))
        .ok_or(InvalidSpan)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(InvalidSpan);
    }
    let count: u64 = digits.parse().map_err(|_| InvalidSpan)?;
    count.checked_mul(unit).map(Duration::from_secs).ok_or(InvalidSpan)
}

/// The span in the largest unit that says it without a fraction.
pub(super) fn show(span: Duration) -> String {
    let seconds = span.as_secs();
    let (count, unit) = match seconds {
        0 => (0, "s"),
        _ if seconds.is_multiple_of(86_400) => (seconds / 86_400, "d"),
        _ if seconds.is_multiple_of(3_600) => (seconds / 3_600, "h"),
        _ if seconds.is_multiple_of(60) => (seconds / 60, "m"),
        _ => (seconds, "s"),
    };
    format!("{count}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_shown() {
        for (text, seconds) in [("90s", 90), ("30m", 1_800), ("24h", 86_400), ("7d", 604_800), (" 1m ", 60)] {
            assert_eq!(parse_span(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "s", "30", "-1s", "+1s", "1.5h", "m30", "99999999999999999999s", "9999999999999999999d"] {
            assert_eq!(parse_span(text), Err(InvalidSpan), "{text}");
        }
        assert_eq!(show(Duration::from_secs(5_400)), "90m");
        assert_eq!(show(Duration::from_secs(43_200)), "12h");
    }
}

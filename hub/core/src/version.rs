//! Which of two versions is older: versions as text that sorts as they follow each other.

const NUMBERS: usize = 4;

/// `1.2.10-rc1` as a text that sorts before that of `1.2.10`; `None` for what is no version.
pub fn key(version: &str) -> Option<String> {
    let version = version.trim().trim_start_matches(['v', 'V']);
    // What follows a plus sign says how it was built, not how new it is.
    let version = version.split('+').next().unwrap_or_default();
    let (numbers, before) = version.split_once('-').map_or((version, None), |(numbers, before)| (numbers, Some(before)));
    let mut parsed = [0_u32; NUMBERS];
    let mut places = parsed.iter_mut();
    for number in numbers.split('.') {
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *places.next()? = number.parse().ok()?;
    }
    let parsed = parsed.map(|number| format!("{number:010}")).join(".");
    Some(match before {
        Some(before) => format!("{parsed}-{before}"),
        None => format!("{parsed}~"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_they_follow_each_other() {
        let order = ["0.9", "0.10.0-alpha", "0.10.0-rc1", "0.10", "v0.10.1", "1", "1.0.0.1", "2.0.0", "10.0.0"];
        assert!(order.map(key).is_sorted_by(|a, b| a.is_some() && a < b), "{:?}", order.map(key));
        assert_eq!(key("1.2"), key(" v1.2.0+debian3 "));
    }

    #[test]
    fn what_is_no_version_has_no_place() {
        for text in ["", "dev", "1.", "1..2", "1.2.3.4.5", "-1", "99999999999", "1.x", "\u{661}"] {
            assert_eq!(key(text), None, "{text:?}");
        }
    }
}

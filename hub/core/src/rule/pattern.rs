//! Patterns with `*`, matched without allocation in time that grows with both lengths only.

/// A text in which `*` stands for any text; case does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    letters: Vec<char>,
    /// What stands before the first `*`.
    head: String,
}

/// A text as patterns compare it, for many of them.
#[derive(Debug)]
pub struct Folded(String);

impl Folded {
    pub fn new(text: &str) -> Self {
        Self(text.trim().chars().flat_map(char::to_lowercase).collect())
    }
}

impl Pattern {
    pub fn new(text: &str) -> Self {
        let letters: Vec<char> = text.trim().chars().flat_map(char::to_lowercase).collect();
        let head = letters.iter().take_while(|letter| **letter != '*').collect();
        Self { letters, head }
    }

    /// False only for what does not fit: asked first, so that many narrow patterns cost next to nothing.
    pub fn may_fit(&self, text: &Folded) -> bool {
        text.0.starts_with(&self.head)
    }

    /// Whether the whole text fits. Remembers the last `*` only, so no pattern makes it slow.
    pub fn fits(&self, text: &str) -> bool {
        let mut letters = text.trim().chars().flat_map(char::to_lowercase);
        let mut place = 0;
        let mut star: Option<(usize, _)> = None;
        loop {
            if self.letters.get(place) == Some(&'*') {
                place += 1;
                star = Some((place, letters.clone()));
                continue;
            }
            match (self.letters.get(place), letters.next()) {
                (None, None) => return true,
                (Some(expected), Some(letter)) if *expected == letter => place += 1,
                (expected, letter) => {
                    if letter.is_none() && expected.is_some() {
                        return false;
                    }
                    let Some((after, rest)) = &mut star else { return false };
                    if rest.next().is_none() {
                        return false;
                    }
                    place = *after;
                    letters = rest.clone();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text_and_case_does_not_count() {
        let table = [
            ("router-*", "router-core", true),
            ("router-*", "Router-", true),
            ("router-*", "switch-core", false),
            ("*core", "router-core", true),
            ("*core", "core-router", false),
            ("*-*-*", "a-b-c", true),
            ("*-*-*", "a-b", false),
            ("*aab", "aaaab", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("ÑANDÚ*", "ñandú 7", true),
            ("plain", "plain", true),
            ("plain", "plainer", false),
            ("plain", "plai", false),
            ("*", "", true),
            ("**", "x", true),
            ("", "", true),
            ("", "x", false),
        ];
        for (pattern, text, expected) in table {
            let found = Pattern::new(pattern);
            assert_eq!(found.fits(text), expected, "{pattern} {text}");
            assert!(found.may_fit(&Folded::new(text)) || !expected, "{pattern} {text}");
        }
    }

    #[test]
    fn what_begins_otherwise_is_known_at_once() {
        for (pattern, text) in [("site-3-*", "sensor-0"), ("SITE-*", "sit"), ("plain", "plai"), ("ñ*", "n")] {
            assert!(!Pattern::new(pattern).may_fit(&Folded::new(text)), "{pattern} {text}");
        }
    }

    #[test]
    fn no_pattern_is_slow() {
        let pattern = Pattern::new(&"*a".repeat(100));
        assert!(!pattern.fits(&("a".repeat(50) + &"b".repeat(5_000))));
    }
}

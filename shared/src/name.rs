//! Names of clients, users and groups: what people see, and what makes two of them the same.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

use crate::text;

/// Most characters that a name may have.
pub const MAX_CHARS: usize = 64;

/// A name as people see it: trimmed, one line, 1 to 64 characters.
///
/// Two names with the same [`Name::key`] are the same name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    shown: String,
    key: String,
}

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    #[error("is empty")]
    Empty,
    #[error("has more than {MAX_CHARS} characters")]
    TooLong,
    #[error("has control characters")]
    Control,
}

impl Name {
    /// Reads a name; spaces around it are dropped, those within are kept single.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        // A name is at most 64 characters; refusing early keeps normalisation of hostile input cheap.
        if text.len() > MAX_CHARS * 8 {
            return Err(InvalidName::TooLong);
        }
        let trimmed = text.trim();
        if trimmed != text::one_line(trimmed) {
            return Err(InvalidName::Control);
        }
        let shown = trimmed.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect::<String>();
        let key = key(&shown);
        if shown.is_empty() || key.is_empty() {
            return Err(InvalidName::Empty);
        }
        if shown.chars().count() > MAX_CHARS {
            return Err(InvalidName::TooLong);
        }
        Ok(Self { shown, key })
    }

    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The order of names for the eye: without case and accents, numbers by their value. Unique.
    pub fn sort_key(&self) -> String {
        let mut order = String::with_capacity(self.shown.len() + 16);
        let mut digits = String::new();
        // The end closes a number like any other character that is no digit.
        for c in text::folded(&self.shown).chars().chain(['\u{1}']) {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            if !digits.is_empty() {
                order.push_str(&format!("{:0>12}", digits.trim_start_matches('0')));
                digits.clear();
            }
            order.push(c);
        }
        order + &self.key
    }

    /// What makes a name unique: the same whatever the case, spaces or look-alike letters.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// Compatibility forms folded, case folded, spaces and invisible characters dropped, look-alikes
/// (Unicode TR 39) replaced by their prototype.
fn key(shown: &str) -> String {
    let folded: String = shown.nfkc().flat_map(char::to_lowercase).filter(|c| !is_ignorable(*c)).collect();
    let skeleton: String = unicode_security::skeleton(&folded).flat_map(char::to_lowercase).collect();
    // Some prototypes are capitals or compositions: a second pass makes the key stable under itself.
    unicode_security::skeleton(&skeleton).filter(|c| !is_ignorable(*c)).collect()
}

fn is_ignorable(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

impl std::fmt::Display for Name {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.shown)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_have_the_same_key() {
        let key = |text: &str| Name::parse(text).unwrap_or_else(|err| panic!("{text:?} {err}")).key().to_owned();
        let same = [
            ("Farmacia Sol", "FARMACIA  SOL"),
            ("Farmacia Sol", "FarmaciaSol"),
            ("Farmacia", "Fаrmаcia"), // Cyrillic а
            ("Sol1", "Soll"),
            ("A\u{200b}B", "ab"),
            ("ﬁn", "fin"),
        ];
        for (left, right) in same {
            assert_eq!(key(left), key(right), "{left} and {right}");
        }
        assert_ne!(key("Farmacia 2"), key("Farmacia 3"));
        assert_ne!(key("Peña"), key("Pena"));
    }

    #[test]
    fn names_are_sorted_as_people_count() {
        let mut names: Vec<Name> =
            ["branch 10", "Branch 2", "Ávila", "branch 2b", "zoo", "branch 02"].map(|text| Name::parse(text).expect("a name")).into();
        names.sort_by_key(Name::sort_key);
        let sorted: Vec<&str> = names.iter().map(Name::as_str).collect();
        assert_eq!(sorted, ["Ávila", "Branch 2", "branch 02", "branch 2b", "branch 10", "zoo"]);
    }

    #[test]
    fn what_is_no_name_says_why() {
        assert_eq!(Name::parse("  "), Err(InvalidName::Empty));
        assert_eq!(Name::parse("\u{200b}"), Err(InvalidName::Empty));
        assert_eq!(Name::parse("a\nb"), Err(InvalidName::Control));
        assert_eq!(Name::parse(&"x".repeat(65)), Err(InvalidName::TooLong));
        assert_eq!(Name::parse(&"x".repeat(10_000)), Err(InvalidName::TooLong));
    }
}

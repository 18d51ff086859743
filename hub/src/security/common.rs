//! The most common passwords, as data: what an attacker tries first.
//!
//! `common_passwords.txt` holds, in lower case and sorted, the 6,000 most frequent passwords of eight or more characters in
//! the list of zxcvbn (MIT, https://github.com/dwolfhub/zxcvbn-python), and about a hundred of Spanish-speaking offices.

use std::sync::LazyLock;

static LIST: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Everybody who attacks a hub of Pregón thinks of these.
const PRODUCT: [&str; 4] = ["pregon", "pregón", "pregonhub", "pregon-hub"];

/// So many digits and signs at the end make no other password of it.
const TAIL: usize = 5;

/// Whether this text, in lower case, is among them.
pub fn contains(password: &str) -> bool {
    PRODUCT.contains(&password) || LIST.binary_search(&password).is_ok()
}

/// The text, then the text without one, two, … of the digits and signs at its end.
pub fn stems(password: &str) -> impl Iterator<Item = &str> {
    let shorter = |stem: &&str| {
        let shorter: &str = stem.strip_suffix(|last: char| !last.is_alphabetic())?;
        // The lifetime is that of the password, not of the step before.
        password.get(..shorter.len())
    };
    std::iter::successors(Some(password), shorter).take(1 + TAIL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_lower_case_and_long_enough_to_matter() {
        assert!(LIST.len() > 5_000 && LIST.is_sorted(), "{}", LIST.len());
        assert!(LIST.iter().all(|entry| entry.chars().count() >= 8 && entry.to_lowercase() == *entry));
    }

    #[test]
    fn stems_lose_few_characters_and_no_letters() {
        let shortest = |password| stems(password).last().unwrap_or_default().to_owned();
        let table = [("sol2026!", "sol"), ("sol202612!", "sol20"), ("sol", "sol"), ("2026", ""), ("a-b", "a-b"), ("", "")];
        for (password, expected) in table {
            assert_eq!(shortest(password), expected, "{password}");
        }
        assert_eq!(stems("ñ1!").collect::<Vec<_>>(), ["ñ1!", "ñ1", "ñ"]);
    }
}

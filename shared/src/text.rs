//! Cutting and cleaning text that others wrote.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

/// The first `limit` characters, never ending inside a character as a person sees it; unless one such alone is
/// longer, as nobody writes but to do harm.
pub fn cut(text: &str, limit: usize) -> &str {
    let mut characters = 0;
    let mut end = 0;
    for grapheme in text.graphemes(true) {
        characters += grapheme.chars().count();
        if characters > limit {
            break;
        }
        end += grapheme.len();
    }
    if end == 0 && limit > 0 {
        end = text.char_indices().nth(limit).map_or(text.len(), |(place, _)| place);
    }
    text.get(..end).unwrap_or(text)
}

/// One line: control characters and line breaks become single spaces, ends are trimmed.
pub fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if is_break(c) { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

/// Text of several lines: control characters but line break and tab are dropped, ends are trimmed.
pub fn lines(text: &str) -> String {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    unix.chars().filter(|c| matches!(c, '\n' | '\t') || !is_break(*c)).collect::<String>().trim().to_owned()
}

/// Without case and accents, for searching: `PEÑA 2` becomes `pena 2`.
pub fn folded(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// Control characters, Unicode line breaks, and marks that reorder what is around them.
fn is_break(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_never_splits_what_a_person_sees_as_one_character() {
        assert_eq!(cut("señal", 3), "señ");
        assert_eq!(cut("ab👩‍⚕️", 3), "ab");
        assert_eq!(cut("short", 80), "short");
        assert_eq!(cut("", 0), "");
        assert_eq!(cut("ñ", 0), "");
        let stacked = format!("a{}", "\u{301}".repeat(400));
        assert_eq!(cut(&stacked, 300).chars().count(), 300);
    }

    #[test]
    fn searching_ignores_case_and_accents() {
        assert_eq!(folded("PEÑA Ávila ①"), "pena avila 1");
    }

    #[test]
    fn a_name_never_makes_a_second_line() {
        assert_eq!(one_line(" a\r\nb\u{2028}c\u{202e}d "), "a  b c d");
        assert_eq!(lines("a\r\nb\u{7}\tc\n"), "a\nb\tc");
    }
}

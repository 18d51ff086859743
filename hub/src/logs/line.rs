//! Makes any text one line of a log.

/// Longer lines are cut: one hostile text must not fill a file.
const BYTES: usize = 16 * 1024;

/// The text without anything that a reader of the file could take for the end of a line or a command to a terminal.
pub fn escaped(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if line.len() >= BYTES {
            line.push('…');
            break;
        }
        if is_dangerous(character) {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// Control characters, the other two line ends of Unicode, and what turns the direction of the text around.
fn is_dangerous(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_makes_a_second_line() {
        assert_eq!(escaped("año 1\r\n2025-04-23 - admin - forged"), "año 1\\r\\n2025-04-23 - admin - forged");
        assert_eq!(escaped("\u{1b}[31m\u{85}\u{2028}\u{202e}\t"), "\\u{1b}[31m\\u{85}\\u{2028}\\u{202e}\\t");
        assert!(escaped(&"\n".repeat(100_000)).len() < BYTES + 16);
    }
}

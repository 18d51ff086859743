//! From what is told to subject, text and HTML. What strangers wrote is text here, never a header and never markup.

use shared::{Severity, Timestamp, text};

use super::words::Language;
use crate::store::Letter;

const SUBJECT_CHARS: usize = 150;
/// Most letters that one mail repeats; it says how many more there are.
const REPEATED: usize = 50;

/// A mail in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// One letter in full, or many as a list.
pub fn write(letters: &[Letter], language: &str) -> Written {
    let language = Language::of(language);
    match letters {
        [letter] => one(letter, language),
        _ => many(letters, language),
    }
}

fn one(letter: &Letter, language: Language) -> Written {
    let facts = facts(letter, language);
    let intro = language.occasion(letter.occasion);
    let listed: String = facts.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let title = text::one_line(&letter.subject);
    let body = text::lines(&letter.text);
    let text = format!("{intro}\n\n{title}\n\n{body}\n\n{listed}\n-- \n{}\n", language.footer());
    let rows: String = facts.iter().map(|(name, value)| row(name, value)).collect();
    let content = format!(
        "<p>{}</p><h1 style=\"font-size:20px;margin:0 0 12px\">{}</h1><p style=\"white-space:pre-wrap\">{}</p><table>{rows}</table>",
        escaped(intro),
        escaped(&title),
        escaped(&body),
    );
    Written { subject: subject(letter.severity, &title, language), text, html: page(letter.severity, &content, language) }
}

fn many(letters: &[Letter], language: Language) -> Written {
    let severest = letters.iter().map(|letter| letter.severity).max().unwrap_or_default();
    let heading = language.many(letters.len() as u64);
    let first = letters.first().map(|letter| text::one_line(&letter.subject)).unwrap_or_default();
    let counts = counts(letters, language);
    let shown = letters.iter().take(REPEATED);
    let lines: Vec<[String; 3]> = shown.map(|letter| line(letter, language)).collect();
    let more = letters.len().saturating_sub(REPEATED) as u64;
    let more = if more > 0 { language.more(more) } else { String::new() };
    let listed: String = lines.iter().map(|line| format!("{}\n", line.join("  "))).collect();
    let text = format!("{heading} ({counts})\n{}\n\n{listed}{more}\n\n-- \n{}\n", language.gathered(), language.footer());
    let rows: String = lines.iter().map(|[at, severity, subject]| row(&format!("{at} {severity}"), subject)).collect();
    let content = format!(
        "<h1 style=\"font-size:20px;margin:0 0 12px\">{} ({})</h1><p>{}</p><table>{rows}</table><p>{}</p>",
        escaped(&heading),
        escaped(&counts),
        escaped(language.gathered()),
        escaped(&more),
    );
    Written { subject: subject(severest, &format!("{heading}: {first}"), language), text, html: page(severest, &content, language) }
}

fn subject(severity: Severity, words: &str, language: Language) -> String {
    let severity = language.severity(severity).to_uppercase();
    text::cut(&text::one_line(&format!("[{severity}] {words}")), SUBJECT_CHARS).to_owned()
}

fn facts(letter: &Letter, language: Language) -> Vec<(String, String)> {
    let mut facts = vec![
        (language.severity_label().to_owned(), language.severity(letter.severity).to_owned()),
        (language.time_label().to_owned(), shown(letter.at)),
    ];
    facts.extend(letter.facts.iter().map(|(name, value)| (text::one_line(language.fact(name)), text::one_line(value))));
    facts
}

fn line(letter: &Letter, language: Language) -> [String; 3] {
    [shown(letter.at), language.severity(letter.severity).to_owned(), text::one_line(&letter.subject)]
}

fn counts(letters: &[Letter], language: Language) -> String {
    let of = |severity: Severity| letters.iter().filter(|letter| letter.severity == severity).count();
    let counted = Severity::ALL.iter().rev().map(|severity| (language.severity(*severity), of(*severity)));
    counted.filter(|(_, count)| *count > 0).map(|(word, count)| format!("{word} {count}")).collect::<Vec<_>>().join(", ")
}

/// In the time of the hub's machine, with its distance from UTC.
fn shown(at: Timestamp) -> String {
    let utc = chrono::DateTime::from_timestamp_millis(at.as_millis()).unwrap_or_default();
    utc.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M:%S %:z").to_string()
}

fn row(name: &str, value: &str) -> String {
    format!(
        "<tr><th align=\"left\" valign=\"top\" style=\"padding:2px 16px 2px 0;font-weight:600;white-space:nowrap\">{}</th>\
         <td valign=\"top\" style=\"padding:2px 0\">{}</td></tr>",
        escaped(name),
        escaped(value),
    )
}

fn page(severity: Severity, content: &str, language: Language) -> String {
    let colour = match severity {
        Severity::Info => "#1c6fb8",
        Severity::Warning => "#8a6100",
        Severity::Error => "#b3410e",
        Severity::Critical => "#b3161b",
    };
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"></head>\
         <body style=\"margin:0;padding:24px;font:15px/1.5 sans-serif;color:#1b1f24;background:#ffffff\">\
         <div style=\"max-width:640px;border-left:6px solid {colour};padding:4px 20px\">\
         <p style=\"margin:0 0 8px;font-weight:700;color:{colour}\">{}</p>{content}\
         <p style=\"margin:24px 0 0;color:#5a6370;font-size:13px\">{}</p></div></body></html>",
        language.tag(),
        escaped(language.severity(severity)),
        escaped(language.footer()),
    )
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Occasion;

    fn letter(subject: &str, severity: Severity) -> Letter {
        Letter {
            occasion: Occasion::Event,
            severity,
            subject: subject.to_owned(),
            text: "<script>alert(1)</script> & más".to_owned(),
            facts: vec![("channel".into(), "tcp_socket".into()), ("rack\r\nX: y".into(), "7".into())],
            at: Timestamp::from_millis(1_700_000_000_000),
        }
    }

    #[test]
    fn what_strangers_wrote_is_neither_header_nor_markup() {
        let written = write(&[letter("nevera\r\nBcc: x@example.org: «42 °C»", Severity::Critical)], "es");
        assert_eq!(written.subject, "[CRÍTICO] nevera  Bcc: x@example.org: «42 °C»");
        assert!(written.html.contains("&lt;script&gt;") && !written.html.contains("<script"));
        assert!(written.text.contains("Canal: tcp_socket") && written.text.contains("rack  X: y: 7"), "{}", written.text);
        let long = write(&[letter(&"ñ".repeat(5_000), Severity::Info)], "en");
        assert!(long.subject.chars().count() <= SUBJECT_CHARS && long.subject.starts_with("[INFORMATION] ñ"));
    }

    #[test]
    fn many_letters_are_one_mail_that_counts_them() {
        let mut letters: Vec<Letter> = (0..60).map(|number| letter(&format!("router: {number}"), Severity::Error)).collect();
        letters.push(letter("core: down", Severity::Critical));
        let written = write(&letters, "en");
        assert_eq!(written.subject, "[CRITICAL] 61 notices: router: 0");
        assert!(written.text.contains("Critical 1, Error 60") && written.text.contains("and 11 more"), "{}", written.text);
        assert!(written.text.contains("router: 49") && !written.text.contains("router: 50"));
    }
}

//! What a subcommand leaves behind: text for people, JSON for scripts, and an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::logs;

/// Exit code for bad arguments, input or settings.
pub const BAD_INPUT: u8 = 2;
const FAILED: u8 = 1;

/// What a subcommand answers.
#[derive(Debug)]
pub struct Report {
    json: Value,
    text: String,
    is_fine: bool,
}

/// Why a subcommand did not do what it was asked.
#[derive(Debug)]
pub struct Failure {
    exit: u8,
    json: Value,
    text: String,
}

impl Report {
    pub fn new(json: Value, text: impl Into<String>) -> Self {
        Self { json, text: text.into(), is_fine: true }
    }

    /// An answer that is complete but not good: printed as usual, ended with 1.
    #[must_use]
    pub fn fine_if(self, is_fine: bool) -> Self {
        Self { is_fine, ..self }
    }

    /// The same text with and without `--json`.
    pub fn document(text: String) -> Self {
        Self { json: Value::Null, text, is_fine: true }
    }

    pub fn silent() -> Self {
        Self::document(String::new())
    }

    #[cfg(test)]
    pub fn json(&self) -> &Value {
        &self.json
    }

    #[cfg(test)]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn print(&self, is_json: bool) -> ExitCode {
        match (is_json, &self.json) {
            (false, _) | (_, Value::Null) if self.text.is_empty() => {}
            (false, _) | (_, Value::Null) => super::write_out(&format!("{}\n", self.text.trim_end())),
            (true, json) => super::write_out(&format!("{json:#}\n")),
        }
        if self.is_fine { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
    }
}

impl Failure {
    pub fn running(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { exit: FAILED, json: json!({ "error": text }), text }
    }

    /// A mistake of the person, one line a reason.
    pub fn bad_input(title: &str, reasons: &[String]) -> Self {
        let text = format!("{title}:\n{}", reasons.iter().map(|reason| format!("  {reason}\n")).collect::<String>());
        Self { exit: BAD_INPUT, json: json!({ "error": title, "errors": reasons }), text }
    }

    /// A refusal of the hub, as RFC 9457 words it.
    pub fn problem(status: u16, problem: Value) -> Self {
        let exit = if matches!(status, 400 | 422) { BAD_INPUT } else { FAILED };
        let text = sentence(status, &problem);
        Self { exit, json: problem, text }
    }

    /// People read standard error; scripts get the same on standard output, as JSON.
    pub fn print(&self, is_json: bool) -> ExitCode {
        if is_json {
            super::write_out(&format!("{:#}\n", self.json));
        } else {
            let _ = writeln!(std::io::stderr(), "pregon-hub: {}", self.text.trim_end());
        }
        ExitCode::from(self.exit)
    }

    #[cfg(test)]
    pub fn json(&self) -> &Value {
        &self.json
    }

    #[cfg(test)]
    pub fn exit(&self) -> u8 {
        self.exit
    }

    #[cfg(test)]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The problem in words: what happened, then each field with its reason.
fn sentence(status: u16, problem: &Value) -> String {
    let said = |key: &str| problem.get(key).and_then(Value::as_str).map(printable);
    let mut text = said("title").unwrap_or_else(|| format!("the hub answered with status {status}"));
    if let Some(detail) = said("detail") {
        text.push_str(&format!(": {detail}"));
    }
    for error in problem.get("errors").and_then(Value::as_array).into_iter().flatten() {
        let word = |key: &str| error.get(key).and_then(Value::as_str).map(printable).unwrap_or_default();
        text.push_str(&format!("\n  {} {}", word("field"), word("reason")));
    }
    text
}

/// Text from the hub that cannot command the terminal.
pub fn printable(text: &str) -> String {
    logs::one_line(text)
}

/// Rows under their headings, columns aligned.
pub fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(headings.get(column).map(|heading| heading.chars().count())).max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: &[String]| {
        let padded: String = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}  ")).collect();
        format!("{}\n", padded.trim_end())
    };
    let mut text = line(&headings.map(str::to_owned));
    text.extend(rows.iter().map(|row| line(row)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_becomes_sentences() {
        let problem = json!({"title": "Some fields are wrong", "errors": [{"field": "text", "reason": "is\u{1b} empty"}]});
        let failure = Failure::problem(422, problem);
        assert_eq!(failure.text(), "Some fields are wrong\n  text is\\u{1b} empty");
        assert_eq!(failure.exit(), 2);
        assert_eq!(Failure::problem(404, json!({"title": "Unknown client", "detail": "Sol"})).text(), "Unknown client: Sol");
        assert_eq!(Failure::problem(502, Value::Null).text(), "the hub answered with status 502");
    }

    #[test]
    fn columns_are_aligned_by_characters() {
        let rows = [["Peña".to_owned(), "yes".to_owned()], ["a".to_owned(), String::new()]];
        assert_eq!(table(["NAME", "ONLINE"], &rows), "NAME  ONLINE\nPeña  yes\na\n");
    }
}

//! A message of ntfy: what its headers, its address and its body say together.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use shared::Severity;

use super::super::fields::{self, Fields};
use super::super::report::Report;
use crate::http::problem::Problem;

/// What ntfy says when nothing is said.
const TRIGGERED: &str = "triggered";

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Message {
    pub topic: String,
    pub message: String,
    pub title: String,
    /// 1 to 5.
    pub priority: u8,
    pub tags: Vec<String>,
    pub click: String,
    pub sequence: String,
    icon: String,
    file: String,
}

/// Names of a field: in headers, then in the address.
type Names = &'static [&'static str];

const TITLE: Names = &["x-title", "title", "ti", "t"];
const MESSAGE: Names = &["x-message", "message", "m"];
const PRIORITY: Names = &["x-priority", "priority", "prio", "p"];
const TAGS: Names = &["x-tags", "tags", "tag", "ta"];
const DELAY: Names = &["x-delay", "delay", "x-at", "at", "x-in", "in"];
const CLICK: Names = &["x-click", "click"];
const SEQUENCE: Names = &["x-sequence-id", "sequence-id", "sid"];
const ICON: Names = &["x-icon", "icon"];
const FILE: Names = &["x-filename", "filename", "file", "f"];

impl Message {
    /// What is in headers or address wins over the body, as ntfy has it.
    pub fn read(topic: String, headers: &HeaderMap, query: &Fields, body: &Map<String, Value>) -> Result<Self, Problem> {
        let said = |names: Names, json: &str| {
            header(headers, names).or_else(|| query.first(names).map(str::to_owned)).unwrap_or_else(|| fields::text(body, json))
        };
        if !said(DELAY, "delay").trim().is_empty() {
            return Err(Problem::field("delay", "a delayed message is not taken here: send it when it is due"));
        }
        let tags = said(TAGS, "tags");
        let text = said(MESSAGE, "message");
        let file = said(FILE, "filename");
        let message = match (text.trim().is_empty(), file.is_empty()) {
            (false, _) => text,
            (true, false) => file.clone(),
            (true, true) => TRIGGERED.to_owned(),
        };
        Ok(Self {
            topic,
            message,
            title: said(TITLE, "title"),
            priority: priority(&said(PRIORITY, "priority"))?,
            tags: tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
            click: said(CLICK, "click"),
            sequence: said(SEQUENCE, "sequence_id"),
            icon: said(ICON, "icon"),
            file,
        })
    }

    /// Whether the body is a file, and no text.
    pub fn is_file(&self) -> bool {
        !self.file.is_empty()
    }

    /// What it says besides its text, as ntfy repeats it to its sender.
    pub fn add_to(&self, answer: &mut Map<String, Value>) {
        for (name, text) in [("title", &self.title), ("click", &self.click), ("sequence_id", &self.sequence)] {
            if !text.is_empty() {
                answer.insert(name.to_owned(), Value::String(text.clone()));
            }
        }
        if self.priority != 3 {
            answer.insert("priority".to_owned(), self.priority.into());
        }
        if !self.tags.is_empty() {
            answer.insert("tags".to_owned(), json!(self.tags));
        }
    }

    pub fn severity(&self) -> Severity {
        let warns = |words: &[&str]| self.tags.iter().any(|tag| words.contains(&tag.as_str()));
        match self.priority {
            5 => Severity::Critical,
            4 => Severity::Error,
            // Apprise tells its type by the address of its picture, which is never fetched.
            3 if self.icon.contains("failure") => Severity::Error,
            3 if warns(&["warning", "rotating_light"]) || self.icon.contains("warning") => Severity::Warning,
            _ => Severity::Info,
        }
    }

    pub fn report(&self) -> Report {
        let labels = [("topic", &self.topic), ("tags", &self.tags.join(",")), ("click", &self.click), ("file", &self.file)];
        let labels: BTreeMap<String, String> =
            labels.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), text.clone())).collect();
        let raw = json!({ "topic": self.topic, "message": self.message, "title": self.title, "priority": self.priority,
            "tags": self.tags, "click": self.click, "sequence_id": self.sequence });
        Report {
            word: self.priority.to_string(),
            usual: self.severity(),
            title: self.title.clone(),
            body: self.message.clone(),
            incident: Some(self.sequence.clone())
                .filter(|sequence| !sequence.is_empty())
                .map(|sequence| format!("{}/{sequence}", self.topic)),
            labels,
            raw,
            ..Report::default()
        }
    }
}

fn priority(word: &str) -> Result<u8, Problem> {
    Ok(match word.trim().to_lowercase().as_str() {
        "" | "0" | "3" | "default" => 3,
        "1" | "min" => 1,
        "2" | "low" => 2,
        "4" | "high" => 4,
        "5" | "max" | "urgent" => 5,
        _ => return Err(Problem::field("priority", "must be 1 to 5, or min, low, default, high, max, urgent")),
    })
}

fn header(headers: &HeaderMap, names: Names) -> Option<String> {
    let value = names.iter().find_map(|name| headers.get(*name))?;
    Some(decoded(String::from_utf8_lossy(value.as_bytes()).trim()))
}

/// Words that a mailer's encoding made fit for a header (RFC 2047); others are taken as they are.
fn decoded(value: &str) -> String {
    let Some((before, rest)) = value.split_once("=?") else { return value.to_owned() };
    let Some((word, after)) = encoded_word(rest) else { return value.to_owned() };
    // Space between two encoded words belongs to neither.
    let gap = after.trim_start();
    before.to_owned() + &word + &decoded(if gap.starts_with("=?") { gap } else { after })
}

/// `charset?encoding?text?=` and what follows it.
fn encoded_word(rest: &str) -> Option<(String, &str)> {
    let (charset, rest) = rest.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (text, after) = rest.split_once("?=")?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let bytes = match encoding {
        "b" | "B" => STANDARD.decode(text).ok()?,
        "q" | "Q" => unquoted(text),
        _ => return None,
    };
    Some((String::from_utf8_lossy(&bytes).into_owned(), after))
}

fn unquoted(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'_' => bytes.push(b' '),
            b'=' => {
                let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                let digits = std::str::from_utf8(&digits).unwrap_or("00");
                bytes.push(u8::from_str_radix(digits, 16).unwrap_or(b'?'));
            }
            other => bytes.push(other),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&'static str, &str)], query: &str, body: Value) -> Result<Message, Problem> {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        Message::read("t".into(), &headers, &Fields::of_query(Some(query)), body.as_object().unwrap())
    }

    #[test]
    fn headers_win_over_the_address_and_that_over_the_body() {
        let body = json!({"title": "body", "message": "m", "priority": 2, "tags": ["a", "b"]});
        let message = read(&[("X-Title", "header")], "title=address&prio=high", body).unwrap();
        assert_eq!((message.title.as_str(), message.priority, message.tags.as_slice()), ("header", 4, &["a".to_owned(), "b".into()][..]));
    }

    #[test]
    fn priorities_tags_and_pictures_mean_what_the_table_says() {
        let table = [
            (json!({"priority": 5}), Severity::Critical),
            (json!({"priority": "urgent"}), Severity::Critical),
            (json!({"priority": "high"}), Severity::Error),
            (json!({"tags": ["warning"]}), Severity::Warning),
            (json!({"tags": ["tada"]}), Severity::Info),
            (json!({"priority": 1, "tags": ["warning"]}), Severity::Info),
            (json!({"icon": "https://x/apprise-failure-256x256.png"}), Severity::Error),
        ];
        for (body, expected) in table {
            assert_eq!(read(&[], "", body.clone()).unwrap().severity(), expected, "{body}");
        }
        assert!(read(&[], "", json!({"priority": "loud"})).is_err());
        assert!(read(&[("X-At", "tomorrow")], "", json!({})).is_err());
    }

    #[test]
    fn a_header_may_carry_what_a_mailer_encoded() {
        let table = [
            ("=?UTF-8?B?UHJlZ8Ozbg==?=", "Pregón"),
            ("=?utf-8?q?Preg=C3=B3n_dos?=", "Pregón dos"),
            ("=?UTF-8?Q?a?= =?UTF-8?Q?b?= c", "ab c"),
            ("a =?latin1?Q?b?=", "a =?latin1?Q?b?="),
            ("=?UTF-8?B?!!?=", "=?UTF-8?B?!!?="),
            ("1 =? 2", "1 =? 2"),
        ];
        for (value, expected) in table {
            assert_eq!(decoded(value), expected);
        }
    }

    #[test]
    fn nothing_said_is_said_as_ntfy_says_it() {
        assert_eq!(read(&[], "", json!({})).unwrap().message, "triggered");
        assert_eq!(read(&[], "filename=plan.pdf", json!({})).unwrap().message, "plan.pdf");
    }
}

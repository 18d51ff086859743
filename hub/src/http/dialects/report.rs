//! What a tool reported, in the words that all tools share, and how it becomes an event.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use shared::wire::limits;
use shared::wire::sensor::SensorEvent;
use shared::{Severity, text};

use crate::http::problem::Problem;
use crate::hub::Hub;
use crate::publish::Incoming;
use crate::store::ApiToken;

/// One thing that a tool reported.
#[derive(Debug, Default)]
pub struct Report {
    /// The tool's own word of severity; what it means may be said by the token.
    pub word: String,
    /// What that word usually means.
    pub usual: Severity,
    pub title: String,
    pub body: String,
    /// Names the incident within this token; reports with the same one belong together.
    pub incident: Option<String>,
    /// Makes a repetition harmless for 24 hours, within this token.
    pub retry: Option<String>,
    pub resolved: bool,
    pub labels: BTreeMap<String, String>,
    /// As it came.
    pub raw: Value,
}

/// Records what a tool reported, all of it or nothing; the numbers of the events, in order.
pub async fn record(hub: &Hub, token: &ApiToken, channel: &'static str, reports: Vec<Report>) -> Result<Vec<i64>, Problem> {
    hub.rates.take_all(&token.name, reports.iter().map(|_| token.name.as_str()))?;
    let incoming = reports.into_iter().map(|report| incoming(token, channel, report)).collect();
    Ok(hub.publisher.events(incoming).await?)
}

fn incoming(token: &ApiToken, channel: &'static str, report: Report) -> Incoming {
    Incoming {
        event: event(token, channel, report),
        peer: token.name.clone(),
        channel,
        audience: token.binding.audience(),
        token: Some(token.name.clone()),
    }
}

pub fn event(token: &ApiToken, channel: &str, report: Report) -> SensorEvent {
    let raw = raw(&report);
    let meant = token.binding.severities.get(&report.word.trim().to_lowercase()).copied();
    let title = text::cut(&text::one_line(&report.title), limits::TITLE_CHARS).to_owned();
    let body = text::cut(&text::lines(&report.body), limits::TEXT_CHARS).to_owned();
    let message = match (title.is_empty(), body.is_empty()) {
        (false, false) => format!("{title}: {body}"),
        (false, true) => title.clone(),
        (true, false) => body.clone(),
        (true, true) => "(no message)".to_owned(),
    };
    let key = |key: Option<String>| key.filter(|key| !key.is_empty()).map(|key| within_limits(format!("{channel}/{}/{key}", token.name)));
    SensorEvent {
        source: Some(text::cut(&token.name, limits::SOURCE_CHARS).to_owned()),
        severity: meant.unwrap_or(report.usual),
        message: text::cut(&message, limits::MESSAGE_CHARS).to_owned(),
        body: Some(if body.is_empty() { message } else { body }),
        title: Some(title).filter(|title| !title.is_empty()),
        labels: labels(report.labels),
        token: None,
        id: key(report.retry),
        dedup_key: key(report.incident),
        resolved: report.resolved,
        raw,
    }
}

fn labels(labels: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let cut = |text: &str, chars| text::cut(&text::one_line(text), chars).to_owned();
    let cleaned = labels.iter().map(|(name, value)| (cut(name, limits::LABEL_NAME_CHARS), cut(value, limits::LABEL_VALUE_CHARS)));
    cleaned.filter(|(name, _)| !name.is_empty()).take(limits::LABELS).collect()
}

/// What is too long to be kept is kept as its summary.
fn raw(report: &Report) -> String {
    let whole = report.raw.to_string();
    if whole.len() <= limits::LINE_BYTES {
        return whole;
    }
    let (title, body) = (text::cut(&report.title, limits::TITLE_CHARS), text::cut(&report.body, limits::TEXT_CHARS));
    json!({ "title": title, "message": body, "severity": report.word, "bytes_left_out": whole.len() }).to_string()
}

/// A key of any length as one that an event may have.
fn within_limits(key: String) -> String {
    if key.chars().count() <= limits::KEY_CHARS {
        return key;
    }
    Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use hub_core::access::Scope;
    use shared::Timestamp;

    use super::*;
    use crate::store::Binding;

    fn token(binding: Binding) -> ApiToken {
        let created_at = Timestamp::from_millis(0);
        ApiToken { id: 1, name: "nas".into(), scope: Scope::Events, binding, created_at, created_by: "admin".into(), last_used_at: None }
    }

    #[test]
    fn a_tokens_own_meaning_of_a_word_wins() {
        let severities = BTreeMap::from([("high".to_owned(), Severity::Critical)]);
        let report = || Report { word: "High".into(), usual: Severity::Error, title: "T".into(), body: "b".into(), ..Report::default() };
        assert_eq!(event(&token(Binding::default()), "ntfy", report()).severity, Severity::Error);
        let event = event(&token(Binding { group: None, severities }), "ntfy", report());
        assert_eq!((event.severity, event.message.as_str(), event.body.as_deref()), (Severity::Critical, "T: b", Some("b")));
    }

    #[test]
    fn what_is_too_long_is_cut_and_its_key_stays_the_same_key() {
        let long = "x".repeat(40_000);
        let report =
            || Report { title: long.clone(), body: long.clone(), incident: Some(long.clone()), raw: json!(long), ..Report::default() };
        let (first, second) = (event(&token(Binding::default()), "ntfy", report()), event(&token(Binding::default()), "ntfy", report()));
        assert_eq!(first, second);
        assert_eq!(first.message.chars().count(), limits::MESSAGE_CHARS);
        assert!(first.raw.len() <= limits::LINE_BYTES && first.dedup_key.is_some_and(|key| key.len() == 64));
    }
}

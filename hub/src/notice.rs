//! What the hub itself notices is an event like any other: rules, mail and panels treat it as such.

use std::collections::BTreeMap;

use serde_json::json;
use shared::Severity;
use shared::text;
use shared::wire::limits;
use shared::wire::sensor::SensorEvent;

use crate::publish::Incoming;

pub const CHANNEL: &str = "hub";
pub const SOURCE: &str = "pregon";

/// Something that the hub noticed.
#[derive(Debug, Clone)]
pub struct Noticed {
    pub severity: Severity,
    pub title: String,
    pub message: String,
    /// The same for what is over later.
    pub dedup_key: String,
    pub resolved: bool,
    pub labels: BTreeMap<String, String>,
}

impl From<Noticed> for Incoming {
    fn from(noticed: Noticed) -> Self {
        let Noticed { severity, title, message, dedup_key, resolved, labels } = noticed;
        let raw = json!({ "source": SOURCE, "severity": severity, "title": title, "message": message, "dedup_key": dedup_key,
            "resolved": resolved, "labels": labels });
        let event = SensorEvent {
            source: Some(SOURCE.into()),
            severity,
            title: Some(text::cut(&title, limits::TITLE_CHARS).to_owned()),
            body: None,
            message: text::cut(&message, limits::MESSAGE_CHARS).to_owned(),
            labels,
            token: None,
            id: None,
            dedup_key: Some(text::cut(&dedup_key, limits::KEY_CHARS).to_owned()),
            resolved,
            raw: raw.to_string(),
        };
        Self { event, peer: SOURCE.into(), channel: CHANNEL, audience: None, token: None }
    }
}

//! What the hub itself notices is an event like any other: rules, mail and panels treat it so.

use std::collections::BTreeMap;

use serde_json::json;
use shared::Severity;
use shared::wire::limits;
use shared::wire::sensor::SensorEvent;

use crate::publish::{Incoming, Publisher};
use crate::store::StoreError;

/// Channel and source of what the hub notices.
pub const CHANNEL: &str = "hub";
pub const SOURCE: &str = "pregon";

/// Something that the hub noticed, about to be recorded.
#[derive(Debug, Clone)]
pub struct Notice {
    severity: Severity,
    message: String,
    id: Option<String>,
    dedup_key: Option<String>,
    resolved: bool,
    labels: BTreeMap<String, String>,
    code: Option<&'static str>,
    values: BTreeMap<&'static str, serde_json::Value>,
}

impl Notice {
    pub fn new(severity: Severity, message: impl Into<String>) -> Self {
        Self {
            severity,
            message: message.into(),
            id: None,
            dedup_key: None,
            resolved: false,
            labels: BTreeMap::new(),
            code: None,
            values: BTreeMap::new(),
        }
    }

    /// What was noticed, for whoever says it in another language; stable.
    #[must_use]
    pub fn code(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    /// A part of the message that no language changes.
    #[must_use]
    pub fn value(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Self {
        self.values.insert(name, value.into());
        self
    }

    /// Said twice within 24 hours under this id, it counts once.
    #[must_use]
    pub fn once(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// All notices with this key are one incident, which [`Notice::resolved`] ends.
    #[must_use]
    pub fn about(self, dedup_key: impl Into<String>) -> Self {
        Self { dedup_key: Some(dedup_key.into()), ..self }
    }

    #[must_use]
    pub fn resolved(self) -> Self {
        Self { resolved: true, ..self }
    }

    /// Something that rules may look at.
    #[must_use]
    pub fn label(mut self, name: &str, value: impl Into<String>) -> Self {
        self.labels.insert(name.to_owned(), value.into());
        self
    }

    fn event(self) -> SensorEvent {
        let message = shared::text::one_line(&self.message);
        let mut raw = json!({ "source": SOURCE, "severity": self.severity, "message": message });
        if let Some(fields) = raw.as_object_mut() {
            fields.extend(self.id.as_ref().map(|id| ("id".to_owned(), json!(id))));
            fields.extend(self.dedup_key.as_ref().map(|key| ("dedup_key".to_owned(), json!(key))));
            fields.extend(self.resolved.then(|| ("resolved".to_owned(), json!(true))));
            fields.extend(self.code.map(|code| ("code".to_owned(), json!(code))));
            fields.extend((!self.values.is_empty()).then(|| ("values".to_owned(), json!(self.values))));
            fields.extend((!self.labels.is_empty()).then(|| ("labels".to_owned(), json!(self.labels))));
        }
        SensorEvent {
            source: Some(SOURCE.to_owned()),
            severity: self.severity,
            message: shared::text::cut(&message, limits::MESSAGE_CHARS).to_owned(),
            title: None,
            body: None,
            labels: self.labels,
            token: None,
            id: self.id,
            dedup_key: self.dedup_key,
            resolved: self.resolved,
            raw: raw.to_string(),
        }
    }
}

impl Publisher {
    /// Records what the hub noticed; what it causes is for the rules to say.
    pub async fn notice(&self, notice: Notice) -> Result<(), StoreError> {
        let incoming = Incoming { event: notice.event(), peer: SOURCE.to_owned(), channel: CHANNEL, audience: None, token: None };
        self.events(vec![incoming]).await.map(drop)
    }
}

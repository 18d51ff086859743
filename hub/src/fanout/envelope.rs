//! An alert as its recipients get it: encoded and signed once for each entry of its audience.

use ed25519_dalek::SigningKey;
use shared::wire::to_agent::{self, ToAgent};
use shared::{AlertId, Audience, Timestamp, signature};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::store::Alert;

/// Frames of one alert; every recipient of an entry gets the same bytes.
pub struct Envelope {
    pub seq: u64,
    frames: Vec<Utf8Bytes>,
}

impl Envelope {
    pub fn seal(alert: &Alert, key: &SigningKey, now: Timestamp) -> Self {
        let frames = alert.audience.iter().map(|audience| frame(alert, audience, key, now)).collect();
        Self { seq: alert.seq, frames }
    }

    /// The frame for whoever the entry at `position` of the audience reached.
    pub fn frame(&self, position: u32) -> Option<&Utf8Bytes> {
        self.frames.get(position as usize)
    }
}

/// The frame of an alert for one entry of its audience, with the time that is left now.
pub fn frame(alert: &Alert, audience: &Audience, key: &SigningKey, now: Timestamp) -> Utf8Bytes {
    let mut frame = to_agent::Alert {
        id: alert.id,
        seq: alert.seq,
        severity: alert.severity,
        title: alert.title.clone(),
        text: alert.text.clone(),
        from: alert.from.clone(),
        audience: audience.clone(),
        sent_at: alert.sent_at,
        expires_at: alert.expires_at,
        expires_in_s: alert.expires_at.map(|at| seconds_left(at, now)),
        replies: alert.replies.clone(),
        free_reply: alert.free_reply,
        drill: alert.drill,
        replaces: alert.replaces,
        signature: String::new(),
    };
    frame.signature = signature::sign(&frame, key);
    ToAgent::Alert(Box::new(frame)).encode().into()
}

/// At least one second: what has run out is not sent at all.
fn seconds_left(at: Timestamp, now: Timestamp) -> u64 {
    at.millis_since(now).max(1_000).cast_unsigned() / 1_000
}

pub fn withdraw(id: AlertId, reason: Option<&str>) -> Utf8Bytes {
    ToAgent::Withdraw(to_agent::Withdraw { id, reason: reason.map(str::to_owned) }).encode().into()
}

pub fn remind(id: AlertId) -> Utf8Bytes {
    ToAgent::Remind(to_agent::Remind { id }).encode().into()
}

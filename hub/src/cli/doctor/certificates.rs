//! The certificates: is the authority whole, how long does each still hold.

use std::path::Path;

use shared::Timestamp;

use super::{Check, State};
use crate::config::Config;
use crate::security::tls::{self, Validity};

pub fn checks(data: &Path, config: Option<&Config>, now: Timestamp) -> Vec<Check> {
    let mut checks = own_authority(data, now);
    if let Some((cert, key)) = config.and_then(|config| config.https.cert.as_ref().zip(config.https.key.as_ref())) {
        checks.push(match tls::check_own(cert, key) {
            Ok(validity) => lasting("own cert", validity, now, 21, "have it renewed by whoever issued it"),
            Err(err) => Check::fail("own cert", err.to_string(), "bring a chain and its key as PEM, the hub's certificate first"),
        });
    }
    checks
}

fn own_authority(data: &Path, now: Timestamp) -> Vec<Check> {
    if !data.join("tls").exists() {
        return vec![Check::ok("certificates", "they are made on the first start")];
    }
    let authority = match tls::check_authority(data) {
        Ok(validity) => lasting("authority", validity, now, 365, "plan a new one: every agent must be enrolled again when it ends"),
        Err(err) => Check::fail("authority", err.to_string(), "agents trust this alone; do not remove it lightly"),
    };
    let renewal = "start the hub: it renews this one by itself";
    let server = match tls::validity_of_pem(&data.join("tls").join("server.pem")) {
        Ok(validity) => lasting("server cert", validity, now, 25, renewal),
        Err(err) => Check::warn("server cert", err.to_string(), renewal),
    };
    vec![authority, server]
}

fn lasting(name: &'static str, validity: Validity, now: Timestamp, warn_days: i64, advice: &str) -> Check {
    let days = validity.days_left(now);
    let (state, found) = match days {
        ..0 => (State::Fail, format!("ended at {}", validity.not_after)),
        _ if now < validity.not_before => (State::Fail, format!("holds only from {}: is the clock right?", validity.not_before)),
        _ if days < warn_days => (State::Warn, format!("{days} days left, until {}", validity.not_after)),
        _ => (State::Ok, format!("{days} days left, until {}", validity.not_after)),
    };
    Check { name, state, found, advice: (state != State::Ok).then(|| advice.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_told_by_its_days() {
        let moment = |days: i64| Timestamp::from_millis(days * 86_400_000);
        let validity = Validity { not_before: moment(100), not_after: moment(190) };
        let state = |day| lasting("server cert", validity, moment(day), 25, "x").state;
        assert_eq!([state(99), state(100), state(170), state(191)], [State::Fail, State::Ok, State::Warn, State::Fail]);
    }
}

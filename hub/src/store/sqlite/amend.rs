//! A corrected alert: its successor is saved and it is taken off, in one transaction.

use std::sync::Arc;

use hub_core::alert::expiry_of;
use hub_core::rule::Rulebook;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::wire::limits;
use shared::{AlertId, Timestamp};

use super::rules::following;
use super::{Store, actions, alerts, moments};
use crate::security::token::random_u128;
use crate::store::{Actor, Alert, Amended, Correction, Recorded, StoreError, Successors, Withdrawal};

const DEDUP_KEY: &str = "select dedup_key from alerts where seq = ?1";
// Those of the old alert, by the same entries of its audience; 4 is dismissed.
const QUEUE: &str = "insert into deliveries (alert_seq, client_id, audience, state, queued_at)
    select ?1, d.client_id, d.audience, 0, ?3 from deliveries d join clients c on c.id = d.client_id and c.revoked_at is null
    where d.alert_seq = ?2 and (?4 or d.state <> 4)";
const REPLACE: &str = "update alerts set withdrawn_at = ?2, withdraw_reason = ?3, replaced_by = ?4 where seq = ?1 and withdrawn_at is null";

/// Puts a corrected alert in the place of one that stands: for the same audience, the one who corrects as its sender.
///
/// Whoever has the old one gets the new one; who never saw the old one never will. Refused if the old one was withdrawn.
pub(super) fn amend(
    tx: &Connection,
    now: Timestamp,
    actor: &Actor,
    (old, new): (AlertId, AlertId),
    correction: &Correction,
    whom: Successors,
) -> Result<Amended, StoreError> {
    let old = alerts::load(tx, old)?;
    if let Some(successor) = old.replaced_by {
        return Err(StoreError::Refused(format!("this alert was corrected already; the one that stands is {successor}")));
    }
    if old.withdrawn_at.is_some() {
        return Err(StoreError::Refused("this alert was withdrawn already; send a new one".into()));
    }
    let alert = successor(&old, new, alerts::next_seq(tx)?, now, actor, correction);
    let dedup_key: Option<String> =
        tx.prepare_cached(DEDUP_KEY)?.query_row([old.seq.cast_signed()], |row| row.get(0)).optional()?.flatten();
    alerts::insert(tx, &alert, dedup_key.as_deref())?;
    following::pass_on(tx, &old, &alert)?;
    let is_for_all = whom == Successors::Everybody;
    tx.prepare_cached(QUEUE)?.execute(params![alert.seq.cast_signed(), old.seq.cast_signed(), now.as_millis(), is_for_all])?;
    let recipients = alerts::recipients(tx, alert.seq.cast_signed())?;
    let reason = correction.reason.as_deref();
    tx.prepare_cached(REPLACE)?.execute(params![old.seq.cast_signed(), now.as_millis(), reason, alert.id.to_string()])?;
    let taken_off = alerts::withdraw_deliveries(tx, old.seq)?;
    let note = moments::Note { reason, other: Some(alert.id), clients: Some(recipients.len()), ..moments::Note::new("amended") };
    moments::note(tx, now, actor, old.seq, note)?;
    let detail = format!("corrected alert {} by {} ({}): {} recipients", old.id, alert.id, alert.severity, recipients.len());
    actions::append(tx, now, actor, "alert.amend", &detail)?;
    let unknown = alerts::unknown_names(tx, &alert.audience)?;
    let old = Alert { withdrawn_at: Some(now), withdraw_reason: correction.reason.clone(), replaced_by: Some(alert.id), ..old };
    let withdrawal = Withdrawal { alert: old, recipients: taken_off };
    Ok(Amended { recorded: Recorded { alert, recipients, unknown, repeated: false }, withdrawal })
}

/// The corrected alert. It lives as long from now on as the old one did, unless its severity or its sender says otherwise.
fn successor(old: &Alert, id: AlertId, seq: i64, now: Timestamp, actor: &Actor, correction: &Correction) -> Alert {
    let severity = correction.severity.unwrap_or(old.severity);
    let as_before = old.expires_at.map(|at| at.millis_since(old.sent_at));
    let usual = if severity == old.severity { as_before } else { expiry_of(severity) };
    Alert {
        id,
        seq: seq.max(0).cast_unsigned(),
        severity,
        title: correction.title.clone().unwrap_or_else(|| old.title.clone()),
        text: correction.text.clone().unwrap_or_else(|| old.text.clone()),
        from: actor.0.clone(),
        sent_at: now,
        expires_at: correction.expires_in_ms.or(usual).map(|millis| now.plus_millis(millis)),
        replaces: Some(old.id),
        ..old.clone()
    }
}

/// The text of a copy begins with the note of its step, and goes on as the alert does.
fn amend_copies(
    tx: &Connection,
    now: Timestamp,
    actor: &Actor,
    amended: &Amended,
    correction: &Correction,
) -> Result<Vec<Amended>, StoreError> {
    let (old, new) = (&amended.withdrawal.alert, &amended.recorded.alert);
    let mut copies = Vec::new();
    for id in following::copies(tx, new)? {
        let copy = alerts::load(tx, id)?;
        let note = copy.text.strip_suffix(old.text.as_str()).unwrap_or_default();
        let text = shared::text::cut(&format!("{note}{}", new.text), limits::TEXT_CHARS).to_owned();
        let correction = Correction { text: Some(text), ..correction.clone() };
        let ids = (id, AlertId::from_parts(now, random_u128()));
        copies.push(amend(tx, now, actor, ids, &correction, Successors::Everybody)?);
    }
    Ok(copies)
}

impl Store {
    /// Puts a corrected alert in the place of one that stands; what steps raised about it is corrected, too.
    pub async fn amend_alert(
        &self,
        now: Timestamp,
        actor: &Actor,
        (old, new): (AlertId, AlertId),
        correction: Correction,
        book: Arc<Rulebook>,
    ) -> Result<(Amended, Vec<Amended>), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let amended = amend(tx, now, &actor, (old, new), &correction, Successors::Everybody)?;
            let copies = amend_copies(tx, now, &actor, &amended, &correction)?;
            following::begin(tx, now, &amended.recorded.alert, &book)?;
            Ok((amended, copies))
        })
        .await
    }
}

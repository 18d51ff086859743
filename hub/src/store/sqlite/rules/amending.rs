//! The alert of an incident that goes on says what is so now: its successor takes its place on the screens.

use rusqlite::{Connection, params};
use shared::{AlertId, Timestamp};

use super::super::amend as correction;
use super::incidents::{self, Raised, Standing};
use crate::security::token::random_u128;
use crate::store::{Actor, Consequences, Correction, NewEvent, StoreError, Successors};

const AMENDED: &str = "update incidents set amended_at = ?2 where id = ?1";
/// Between two corrections: a sensor with another figure each second must not make screens flicker.
const PAUSE_MS: i64 = 60_000;

/// Amends what stands if the event is severer, or says something else and the last correction is a minute ago.
pub(super) fn amend(
    tx: &Connection,
    now: Timestamp,
    incident: &Standing,
    new: &NewEvent,
    raised: &[Raised],
    told: &mut Consequences,
) -> Result<(), StoreError> {
    let (title, text) = (incidents::title(new), incidents::body(new));
    let rises = new.event.severity > incident.severity;
    let is_paused = incident.amended_at.is_some_and(|at| (0..PAUSE_MS).contains(&now.millis_since(at)));
    if !rises && (is_paused || (title == incident.title && text == incident.text)) {
        return Ok(());
    }
    incidents::refresh(tx, incident, new)?;
    tx.prepare_cached(AMENDED)?.execute(params![incident.id, now.as_millis()])?;
    let correction = Correction {
        title: Some(title.to_owned()),
        text: Some(text.to_owned()),
        severity: Some(incident.severity.max(new.event.severity)),
        ..Correction::default()
    };
    // Who has closed it is asked again only by what is worse.
    let whom = if rises { Successors::Everybody } else { Successors::Undismissed };
    for alert in raised.iter().filter(|alert| alert.stands(now)) {
        let ids = (alert.id, AlertId::from_parts(now, random_u128()));
        let amended = correction::amend(tx, now, &Actor::new(&incident.source), ids, &correction, whom)?;
        told.amended.push(amended);
    }
    Ok(())
}

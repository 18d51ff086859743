//! What is due: whether it is still needed is decided, it is done, and the next one is written, all in one transaction.
//!
//! So a hub that is killed has either done a step, with everything that follows from it, or will do it when it is back.

use hub_core::alert::State;
use hub_core::escalate::Progress;
use hub_core::rule::Step;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::Timestamp;

use super::super::notices::Cause;
use super::super::{Store, actions, row};
use super::acting;
use super::incidents::{self, Raised, Standing};
use crate::store::{Actor, Consequences, Occasion, StepKind, StepOutcome, StoreError};

const DUE: &str = "select id from escalations where state = 'waiting' and due_at <= ?1 order by due_at limit ?2";
const CLAIM: &str = "select incident_id, kind, number from escalations where id = ?1 and state = 'waiting' and due_at <= ?2";
const FINISH: &str = "update escalations set state = ?2, done_at = ?3, outcome = ?4 where id = ?1";
const CLOSE_OVER: &str = "update incidents set closed_at = ?1 where id in
    (select id from incidents where closed_at is null and until_at <= ?1 limit 500)";
// Alerts of an incident stay in their own table; what is forgotten is only that they belonged together.
const FORGET: &str = "delete from incidents where id in (select i.id from incidents i join incident_tallies t on t.incident_id = i.id
    where i.closed_at is not null and t.last_at <= ?1
    and not exists (select 1 from escalations e where e.incident_id = i.id and e.state = 'waiting') limit 500)";
const COUNTS: &str =
    "select state, count(*), count(coalesce(displayed_at, dismissed_at)) from deliveries where alert_seq = ?1 group by state";

/// How often something is repeated at most: after that nobody listens.
const MOST_REPEATS: u32 = 500;
/// Reminders of repetitions are numbered from here, those of steps from 1.
const REPEATS: u32 = 1_000;
/// What rules did is remembered for so long.
const MEMORY_MS: i64 = 90 * 24 * 60 * 60 * 1_000;

impl Store {
    /// Does what is due, at most so many steps.
    pub async fn escalate(&self, now: Timestamp, limit: u32) -> Result<Consequences, StoreError> {
        let due = self.read(move |tx| due(tx, now, limit)).await?;
        if due.is_empty() {
            return Ok(Consequences::default());
        }
        self.write(move |tx| {
            let mut told = Consequences::default();
            for id in &due {
                take(tx, now, *id, &mut told)?;
            }
            Ok(told)
        })
        .await
    }

    /// A reminder was sent.
    pub async fn finish_reminder(&self, now: Timestamp, id: i64) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.prepare_cached(FINISH)?.execute(params![id, "done", now.as_millis(), StepOutcome::Done.as_str()])?;
            Ok(())
        })
        .await
    }

    /// Closes incidents that take nothing in any more, and forgets those of long ago.
    pub async fn tidy_incidents(&self, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.prepare_cached(CLOSE_OVER)?.execute([now.as_millis()])?;
            tx.prepare_cached(FORGET)?.execute([now.plus_millis(-MEMORY_MS).as_millis()])?;
            Ok(())
        })
        .await
    }
}

fn due(tx: &Connection, now: Timestamp, limit: u32) -> Result<Vec<i64>, StoreError> {
    let mut statement = tx.prepare_cached(DUE)?;
    let rows = statement.query_map(params![now.as_millis(), limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn take(tx: &Connection, now: Timestamp, id: i64, told: &mut Consequences) -> Result<(), StoreError> {
    let claim = |row: &rusqlite::Row<'_>| {
        let kind = StepKind::parse(row.get_ref(1)?.as_str()?).ok_or_else(|| row::broken(1, rusqlite::types::Type::Text))?;
        Ok((row.get(0)?, kind, row.get(2)?))
    };
    let claimed: Option<(i64, StepKind, u32)> = tx.prepare_cached(CLAIM)?.query_row(params![id, now.as_millis()], claim).optional()?;
    let Some((incident, kind, number)) = claimed else { return Ok(()) };
    let incident = incidents::find(tx, incident)?;
    let outcome = match kind {
        StepKind::Act => hold_over(tx, now, &incident, told)?,
        StepKind::Step => step(tx, now, &incident, number, told)?,
        StepKind::Repeat => repeat(tx, now, &incident, number, told)?,
        StepKind::Remind => return remind(tx, now, id, &incident, told),
    };
    let state = if outcome == StepOutcome::Done { "done" } else { "needless" };
    tx.prepare_cached(FINISH)?.execute(params![id, state, now.as_millis(), outcome.as_str()])?;
    Ok(())
}

/// A reminder waits until it was sent: its row is finished by [`Store::finish_reminder`].
fn remind(tx: &Connection, now: Timestamp, id: i64, incident: &Standing, told: &mut Consequences) -> Result<(), StoreError> {
    let raised = incidents::watched(tx, incident)?;
    let standing: Vec<i64> = raised.iter().filter(|alert| alert.stands(now)).map(|alert| alert.seq).collect();
    told.reminded.extend(raised.iter().filter(|alert| standing.contains(&alert.seq)).map(|alert| (id, alert.id)));
    if standing.is_empty() {
        tx.prepare_cached(FINISH)?.execute(params![id, "needless", now.as_millis(), StepOutcome::Withdrawn.as_str()])?;
    }
    Ok(())
}

/// An incident was held, and its time is over.
fn hold_over(tx: &Connection, now: Timestamp, incident: &Standing, told: &mut Consequences) -> Result<StepOutcome, StoreError> {
    if incident.resolved_at.is_some() {
        return Ok(StepOutcome::Resolved);
    }
    acting::first(tx, now, incident.id, None, told)?;
    Ok(StepOutcome::Done)
}

fn step(tx: &Connection, now: Timestamp, incident: &Standing, number: u32, told: &mut Consequences) -> Result<StepOutcome, StoreError> {
    let raised = incidents::watched(tx, incident)?;
    if let Some(end) = end(now, incident, &raised) {
        return Ok(end);
    }
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let Some(step) = place.and_then(|place| incident.plan.steps.get(place)) else { return Ok(StepOutcome::Seen) };
    let progress = progress(tx, &raised)?;
    if progress.iter().any(Progress::is_over) {
        return Ok(StepOutcome::Seen);
    }
    // A step that is not needed now does not end those that ask for more.
    incidents::schedule_next(tx, now, incident.id, &incident.plan, number + 1)?;
    if progress.iter().any(|progress| progress.meets(step.unless, step.share)) {
        return Ok(StepOutcome::Seen);
    }
    perform(tx, now, incident, step, number, told)?;
    Ok(StepOutcome::Done)
}

fn perform(
    tx: &Connection,
    now: Timestamp,
    incident: &Standing,
    step: &Step,
    number: u32,
    told: &mut Consequences,
) -> Result<(), StoreError> {
    if step.remind {
        incidents::schedule(tx, incident.id, StepKind::Remind, number, now)?;
    }
    let cause = Cause { occasion: Occasion::Escalation, what: &format!("step-{number}"), event: None, note: &step.note };
    let acted = acting::act(tx, now, incident, &step.then, cause, told)?;
    let watched = incidents::watched(tx, incident)?;
    if let Some(alert) = watched.iter().find(|alert| alert.stands(now) && Some(alert.seq) != acted.raised_seq()) {
        acted.note(tx, now, incident, alert.seq)?;
    }
    let detail = format!("step {number} of rule {}: incident {} was not seen in time", incident.rule_name, incident.id);
    actions::append(tx, now, &Actor::new("hub"), "escalate", &detail)
}

fn repeat(tx: &Connection, now: Timestamp, incident: &Standing, number: u32, told: &mut Consequences) -> Result<StepOutcome, StoreError> {
    let raised = incidents::raised(tx, incident.id)?;
    if let Some(end) = end(now, incident, &raised) {
        return Ok(end);
    }
    if progress(tx, &raised)?.iter().any(Progress::is_over) {
        return Ok(StepOutcome::Seen);
    }
    let Some(repeat) = incident.plan.repeat_s else { return Ok(StepOutcome::Seen) };
    let period = i64::from(repeat) * 1_000;
    // Without a screen nobody can dismiss it, and without a key nobody resolves it: then it lasts as long as it goes on.
    let has_key = incident.key.as_deref().is_some_and(|key| key.starts_with("key:"));
    if raised.is_empty() && !has_key && now.millis_since(incident.last_at) >= period {
        return Ok(StepOutcome::Expired);
    }
    incidents::schedule(tx, incident.id, StepKind::Remind, REPEATS + number, now)?;
    let again = hub_core::rule::Actions { screens: Vec::new(), ..incident.plan.then.clone() };
    let cause = Cause { occasion: Occasion::Escalation, what: &format!("repeat-{number}"), event: None, note: "" };
    acting::act(tx, now, incident, &again, cause, told)?;
    if number < MOST_REPEATS {
        incidents::schedule(tx, incident.id, StepKind::Repeat, number + 1, now.plus_millis(period))?;
    }
    Ok(StepOutcome::Done)
}

/// Why nothing more is needed, if that is so.
fn end(now: Timestamp, incident: &Standing, raised: &[Raised]) -> Option<StepOutcome> {
    if incident.resolved_at.is_some() {
        return Some(StepOutcome::Resolved);
    }
    if raised.is_empty() || raised.iter().any(|alert| alert.stands(now)) {
        return None;
    }
    let is_withdrawn = raised.iter().any(|alert| alert.withdrawn_at.is_some());
    Some(if is_withdrawn { StepOutcome::Withdrawn } else { StepOutcome::Expired })
}

fn progress(tx: &Connection, raised: &[Raised]) -> Result<Vec<Progress>, StoreError> {
    let mut statement = tx.prepare_cached(COUNTS)?;
    let mut found = Vec::with_capacity(raised.len());
    for alert in raised.iter().filter(|alert| alert.withdrawn_at.is_none()) {
        let mut progress = Progress::default();
        let mut rows = statement.query([alert.seq])?;
        while let Some(row) = rows.next()? {
            let state: State = row::state(row, 0)?;
            let count = |column| row.get::<_, i64>(column).map(|count| count.max(0).cast_unsigned());
            progress.add(state, count(1)?, count(2)?);
        }
        found.push(progress);
    }
    Ok(found)
}

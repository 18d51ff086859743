//! `/api/scheduled`: alerts that are sent later, once or again and again. They are planned by `POST /api/alerts`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hub_core::alert::{Draft, Every, Plan, PlanInput};
use serde::{Deserialize, Serialize};
use shared::{AlertId, Timestamp};

use super::alerts::{Accepted, NewAlert};
use super::auth::{Author, Reader, Sender};
use super::extract::{Body, Path, Query};
use super::limits;
use super::problem::Problem;
use super::shape::PageQuery;
use crate::fanout::panels::ScheduledNews;
use crate::hub::Hub;
use crate::security::token::random_u128;
use crate::store::{NewScheduled, Planner, Scheduled, Words};

/// How often an alert comes again, at the same local time.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct RepeatRequest {
    pub every: EveryWord,
    /// Not after this moment; for ever if absent.
    #[serde(default)]
    #[schema(value_type = Option<Timestamp>)]
    pub until: Option<String>,
    /// A name like `Europe/Madrid`, or an offset like `+02:00`; the offset of `send_at` if absent.
    #[serde(default)]
    pub time_zone: Option<String>,
}

/// `weekday` is Monday to Friday, `week` the same day of the week.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EveryWord {
    Day,
    Weekday,
    Week,
}

impl From<EveryWord> for Every {
    fn from(word: EveryWord) -> Self {
        match word {
            EveryWord::Day => Self::Day,
            EveryWord::Weekday => Self::Weekday,
            EveryWord::Week => Self::Week,
        }
    }
}

impl From<Every> for EveryWord {
    fn from(every: Every) -> Self {
        match every {
            Every::Day => Self::Day,
            Every::Weekday => Self::Weekday,
            Every::Week => Self::Week,
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Repetition {
    pub every: EveryWord,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    pub time_zone: String,
}

/// An alert that waits for its time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ScheduledAlert {
    pub id: AlertId,
    #[serde(flatten)]
    pub words: Words,
    /// In whose name it is sent: whoever planned it or changed it last.
    pub from: String,
    pub created_at: Timestamp,
    pub next_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repetition>,
    /// Why it could not be sent; it waits until somebody changes it or calls it off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ScheduledList {
    pub scheduled: Vec<ScheduledAlert>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
}

impl From<Scheduled> for ScheduledAlert {
    fn from(found: Scheduled) -> Self {
        let (failed_at, failure) = found.failure.unzip();
        let repeat = found.plan.repeat;
        Self {
            id: found.id,
            words: found.words,
            from: found.planner.name().to_owned(),
            created_at: found.created_at,
            next_at: found.next_at,
            repeat: repeat.map(|one| Repetition { every: one.every.into(), until: one.until, time_zone: one.time_zone }),
            failure,
            failed_at,
        }
    }
}

/// When an alert is to be sent; `None` is now.
pub(super) fn plan_of(request: &mut NewAlert, now: Timestamp) -> Result<Option<Plan>, Problem> {
    let repeat = request.repeat.take();
    let every = repeat.as_ref().map(|repeat| repeat.every.into());
    let (until, time_zone) = repeat.map(|repeat| (repeat.until, repeat.time_zone)).unwrap_or_default();
    let plan = Plan::check(PlanInput { send_at: request.send_at.take(), every, until, time_zone }, now).map_err(Problem::invalid)?;
    if plan.is_some() && request.require_online {
        return Err(Problem::field("require_online", "cannot be promised for an alert that is sent later"));
    }
    Ok(plan)
}

/// Plans an alert that was checked like one to be sent now.
pub(super) async fn accept(
    hub: &Hub,
    author: &Author,
    (draft, expires_in_s): (Draft, Option<u64>),
    plan: Plan,
    idempotency_key: Option<String>,
) -> Result<Accepted, Problem> {
    let now = hub.clock.now();
    let id = AlertId::from_parts(now, random_u128());
    let new = NewScheduled { id, words: words(draft, expires_in_s), planner: planner(author), plan, idempotency_key };
    let (planned, unknown) = hub.store.plan_alert(now, new).await?;
    hub.panels.say("scheduled", &ScheduledNews { id: planned.id });
    let (online, offline) = (Vec::new(), Vec::new());
    Ok(Accepted { id: planned.id, recipients: 0, online, offline, unknown, scheduled_for: Some(planned.next_at) })
}

fn words(draft: Draft, expires_in_s: Option<u64>) -> Words {
    let Draft { audience, severity, title, text, replies, free_reply, drill, .. } = draft;
    Words { audience, severity, title, text, expires_in_s, replies, free_reply, drill }
}

fn planner(author: &Author) -> Planner {
    let name = author.name().to_owned();
    match author {
        Author::Program(_) => Planner::Token(name),
        Author::Person(caller) if caller.login.is_none() => Planner::Cli(name),
        Author::Person(_) => Planner::User(name),
    }
}

/// Alerts that wait for their time, the next one first.
#[utoipa::path(get, path = "/api/scheduled", tag = "scheduled", params(PageQuery), responses((status = 200, body = ScheduledList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(page): Query<PageQuery>) -> Result<Json<ScheduledList>, Problem> {
    let after = page.cursor.as_deref().map(place).transpose()?;
    let found = hub.store.scheduled_alerts(after, page.limit()).await?;
    let scheduled = found.items.into_iter().map(ScheduledAlert::from).collect();
    Ok(Json(ScheduledList { scheduled, next_cursor: found.next, total: found.total }))
}

fn place(cursor: &str) -> Result<(i64, String), Problem> {
    let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    parts.ok_or_else(|| Problem::field("cursor", "is not a `next_cursor` of this list"))
}

/// One alert that waits.
#[utoipa::path(get, path = "/api/scheduled/{id}", tag = "scheduled", params(("id" = String, Path)),
    responses((status = 200, body = ScheduledAlert), (status = 404, body = Problem)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(_): Reader, Path(id): Path<String>) -> Result<Json<ScheduledAlert>, Problem> {
    Ok(Json(hub.store.scheduled_alert(parse_id(&id)?).await?.into()))
}

/// Plan it anew, with the body of `POST /api/alerts`; from now on it is sent in the name of whoever does so.
#[utoipa::path(put, path = "/api/scheduled/{id}", tag = "scheduled", params(("id" = String, Path)), request_body = NewAlert,
    responses((status = 200, body = ScheduledAlert), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(hub): State<Arc<Hub>>,
    Sender(author): Sender,
    Path(id): Path<String>,
    Body(mut request): Body<NewAlert>,
) -> Result<Json<ScheduledAlert>, Problem> {
    let id = parse_id(&id)?;
    let now = hub.clock.now();
    let plan = plan_of(&mut request, now)?;
    let plan = plan.ok_or_else(|| Problem::field("send_at", "is missing: say when it is sent"))?;
    let expires_in_s = request.expires_in_s;
    let draft = super::alerts::draft(request)?;
    let before = hub.store.scheduled_alert(id).await?;
    limits::check(&hub, &author, &before.words.audience, before.words.severity).await?;
    limits::check(&hub, &author, &draft.audience, draft.severity).await?;
    let words = words(draft, expires_in_s);
    let new = NewScheduled { id, words, planner: planner(&author), plan, idempotency_key: None };
    let changed = hub.store.change_scheduled(now, new).await?;
    hub.panels.say("scheduled", &ScheduledNews { id });
    Ok(Json(changed.into()))
}

/// Call it off: nothing is sent.
#[utoipa::path(delete, path = "/api/scheduled/{id}", tag = "scheduled", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn cancel(State(hub): State<Arc<Hub>>, Sender(author): Sender, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let id = parse_id(&id)?;
    let before = hub.store.scheduled_alert(id).await?;
    limits::check(&hub, &author, &before.words.audience, before.words.severity).await?;
    hub.store.cancel_scheduled(hub.clock.now(), &author.actor(), id).await?;
    hub.panels.say("scheduled", &ScheduledNews { id });
    Ok(StatusCode::NO_CONTENT)
}

fn parse_id(id: &str) -> Result<AlertId, Problem> {
    AlertId::parse(id).map_err(|_| Problem::not_found("the scheduled alert"))
}

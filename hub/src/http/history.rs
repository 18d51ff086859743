//! `GET /api/alerts`: alerts of the past, by what people remember of them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::{Name, Severity, Timestamp};

use super::auth::Reader;
use super::extract::{self, Query};
use super::problem::Problem;
use super::shape;
use crate::fanout::AlertSummary;
use crate::hub::Hub;
use crate::store::{AlertFilter, AlertState};

/// Longest search, characters.
const SEARCH_CHARS: usize = 200;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AlertQuery {
    /// Entries of the page, 1 to 500; 50 if absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Words, or their beginnings, in title, text or sender, whatever case and accents.
    search: Option<String>,
    /// One severity or several with commas between.
    severity: Option<String>,
    /// Exactly this sender.
    sender: Option<String>,
    /// Sent to this group.
    group: Option<String>,
    /// With a delivery to this branch.
    client: Option<String>,
    /// Sent at or after.
    from: Option<Timestamp>,
    /// Sent before.
    to: Option<Timestamp>,
    #[param(inline)]
    state: Option<StateWord>,
    drill: Option<bool>,
    /// Only those that somebody can still see and has not.
    unseen: Option<bool>,
}

/// How an alert as a whole stands.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum StateWord {
    Standing,
    Withdrawn,
    Expired,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AlertList {
    pub alerts: Vec<AlertSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SenderList {
    pub senders: Vec<String>,
}

/// Alerts that fit, newest first.
#[utoipa::path(get, path = "/api/alerts", tag = "alerts", params(AlertQuery),
    responses((status = 200, body = AlertList), (status = 422, body = Problem)))]
pub async fn list(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(query): Query<AlertQuery>) -> Result<Json<AlertList>, Problem> {
    let (before, limit) = (shape::number(query.cursor.as_deref())?, shape::limit(query.limit));
    let found = hub.store.alerts(hub.clock.now(), filter(query)?, before, limit).await?;
    let alerts = found.items.into_iter().map(|(alert, counts)| AlertSummary::new(alert, counts)).collect();
    Ok(Json(AlertList { alerts, next_cursor: found.next, total: found.total }))
}

/// Everybody who has ever sent an alert: people, programs, sensors.
#[utoipa::path(get, path = "/api/senders", tag = "alerts", responses((status = 200, body = SenderList)))]
pub async fn senders(State(hub): State<Arc<Hub>>, Reader(_): Reader) -> Result<Json<SenderList>, Problem> {
    Ok(Json(SenderList { senders: hub.store.senders().await? }))
}

fn filter(query: AlertQuery) -> Result<AlertFilter, Problem> {
    let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let name = |field: &str, text: Option<String>| -> Result<Option<Name>, Problem> {
        said(text).map(|text| extract::name(field, &text)).transpose()
    };
    if query.search.as_ref().is_some_and(|search| search.chars().count() > SEARCH_CHARS) {
        return Err(Problem::field("search", format!("has more than {SEARCH_CHARS} characters")));
    }
    Ok(AlertFilter {
        words: said(query.search),
        severities: severities(query.severity.as_deref().unwrap_or_default())?,
        sender: said(query.sender),
        group: name("group", query.group)?,
        client: name("client", query.client)?,
        from: query.from,
        to: query.to,
        state: query.state.map(|state| match state {
            StateWord::Standing => AlertState::Standing,
            StateWord::Withdrawn => AlertState::Withdrawn,
            StateWord::Expired => AlertState::Expired,
        }),
        drill: query.drill,
        unseen: query.unseen.unwrap_or_default(),
    })
}

fn severities(text: &str) -> Result<Vec<Severity>, Problem> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let parse = |word: &str| Severity::parse(word).ok_or_else(|| Problem::field("severity", format!("`{word}` is no severity")));
    words.map(parse).collect()
}

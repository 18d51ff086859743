//! `/api/logs`: the action log of the database, and the tail of the server's own log. For admin.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::auth::Administrator;
use super::extract::{Body, Query};
use super::problem::Problem;
use super::shape;
use crate::hub::Hub;
use crate::logs::{self, tail};
use crate::store::{ActionFilter, LoggedAction};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ActionQuery {
    /// RFC 3339, or a day like `2026-11-21` by the hub's clock.
    pub from: Option<String>,
    /// Up to and without this moment; a day is meant whole.
    pub to: Option<String>,
    /// Who did it: the whole name, whatever its case.
    pub user: Option<String>,
    /// Part of what was done.
    pub text: Option<String>,
    /// `next_cursor` of the page before.
    pub cursor: Option<i64>,
    /// Entries of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
}

/// Newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ActionList {
    pub actions: Vec<LoggedAction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How many there are that fit.
    pub total: u64,
    /// The last entry that the asking user has read; 0 for none.
    pub read_seq: i64,
}

/// How far the action log was read.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReadMark {
    pub seq: i64,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ServerQuery {
    /// Lines of this level and graver ones: `error`, `warn`, `info`, `debug`, `trace`.
    pub level: Option<String>,
    /// Part of the line, whatever its case.
    pub text: Option<String>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Lines of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
}

/// Newest first. A page may hold fewer lines than asked for, or none, and still have a next one: reading is bounded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ServerLines {
    pub lines: Vec<tail::Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Who did what.
#[utoipa::path(get, path = "/api/logs/actions", tag = "logs", params(ActionQuery),
    responses((status = 200, body = ActionList), (status = 422, body = Problem)))]
pub async fn actions(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Query(query): Query<ActionQuery>,
) -> Result<Json<ActionList>, Problem> {
    let filter = ActionFilter {
        from: shape::moment("from", query.from.as_deref(), logs::day_start)?,
        until: shape::moment("to", query.to.as_deref(), logs::day_end)?,
        user: shape::words(query.user),
        text: shape::words(query.text),
        before: query.cursor,
    };
    let page = hub.store.actions(filter, shape::limit(query.limit)).await?;
    let read_seq = match &caller.login {
        Some(login) => hub.store.actions_read(login.user).await?,
        None => 0,
    };
    Ok(Json(ActionList { actions: page.actions, next_cursor: page.next.map(|seq| seq.to_string()), total: page.total, read_seq }))
}

/// Note how far the action log was read; it never goes back.
#[utoipa::path(put, path = "/api/logs/actions/read", tag = "logs", request_body = ReadMark,
    responses((status = 200, body = ReadMark), (status = 422, body = Problem)))]
pub async fn read(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(mark): Body<ReadMark>,
) -> Result<Json<ReadMark>, Problem> {
    let seq = hub.store.set_actions_read(caller.own_login()?.user, mark.seq).await?;
    Ok(Json(ReadMark { seq }))
}

/// The server's own log, backwards.
#[utoipa::path(get, path = "/api/logs/server", tag = "logs", params(ServerQuery),
    responses((status = 200, body = ServerLines), (status = 422, body = Problem)))]
pub async fn server(
    State(hub): State<Arc<Hub>>,
    Administrator(_): Administrator,
    Query(query): Query<ServerQuery>,
) -> Result<Json<ServerLines>, Problem> {
    let level = query.level.filter(|level| !level.is_empty());
    let least = read_as("level", level, tail::Level::parse, "is not one of error, warn, info, debug, trace")?;
    let cursor = read_as("cursor", query.cursor, tail::Cursor::parse, "is not a `next_cursor` of this list")?;
    let wanted = tail::Wanted { least, text: shape::words(query.text), limit: shape::limit(query.limit) as usize };
    let folder = hub.data.join(logs::FOLDER);
    let read = tokio::task::spawn_blocking(move || tail::read(&folder, cursor, &wanted)).await;
    let page = read.map_err(|_| Problem::slow())?.map_err(|err| Problem::conflict(format!("server.log cannot be read: {err}")))?;
    Ok(Json(ServerLines { lines: page.lines, next_cursor: page.next.map(|cursor| cursor.to_string()) }))
}

fn read_as<T>(field: &str, text: Option<String>, parse: fn(&str) -> Option<T>, reason: &str) -> Result<Option<T>, Problem> {
    text.map(|text| parse(&text).ok_or_else(|| Problem::field(field, reason))).transpose()
}

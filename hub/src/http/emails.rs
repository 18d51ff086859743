//! `/api/emails`: the audit of mail.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::Timestamp;

use super::auth::Reader;
use super::extract::Query;
use super::problem::Problem;
use super::shape::{self, PageQuery};
use crate::hub::Hub;
use crate::store::{EmailFilter, EmailLog, EmailStatus};

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EmailList {
    pub emails: Vec<EmailLog>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: u64,
}

/// Which attempts are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EmailQuery {
    pub status: Option<EmailStatus>,
    /// Number of the event that it is about.
    pub event: Option<i64>,
    /// Part of recipient, subject or answer.
    pub search: Option<String>,
    pub since: Option<Timestamp>,
    /// Entries of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Attempts to mail, newest first.
#[utoipa::path(get, path = "/api/emails", tag = "emails", params(EmailQuery), responses((status = 200, body = EmailList)))]
pub async fn list(State(hub): State<Arc<Hub>>, Reader(_): Reader, Query(query): Query<EmailQuery>) -> Result<Json<EmailList>, Problem> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let search = query.search.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let filter = EmailFilter { status: query.status, event: query.event, search, since: query.since };
    let found = hub.store.emails(filter, page.number()?, shape::limit(page.limit)).await?;
    Ok(Json(EmailList { emails: found.items, next_cursor: found.next, total: found.total }))
}

//! `/api/emails`: the audit of mail, and a way to try the mail server.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::Timestamp;

use super::auth::{Administrator, Reader};
use super::extract::{Body, Query};
use super::problem::Problem;
use super::shape::{self, PageQuery};
use crate::courier::mail::{self, Mailer};
use crate::hub::Hub;
use crate::security::token::random_u128;
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

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct EmailTest {
    /// Who gets it; the first of `smtp.to` if absent.
    pub to: Option<String>,
}

/// Mail a test now and say what the mail server answered, word for word.
#[utoipa::path(post, path = "/api/emails/test", tag = "emails", request_body = EmailTest,
    responses((status = 200, body = EmailLog), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn test(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Body(request): Body<EmailTest>,
) -> Result<Json<EmailLog>, Problem> {
    let smtp = &hub.config.smtp;
    let asked = request.to.filter(|to| !to.trim().is_empty());
    let recipient = asked.map(|to| mail::mailbox(&to)).transpose().map_err(|reason| Problem::field("to", reason))?;
    let recipient = recipient.or_else(|| smtp.to.first().map(|mailbox| mailbox.email.to_string()));
    let Ok(_alone) = hub.courier.testing.try_lock() else {
        return Err(Problem::conflict("another test is running; wait for its answer"));
    };
    let now = hub.clock.now();
    let letter = mail::test_letter(now, &smtp.language);
    let (status, detail) = match (&recipient, smtp.is_configured()) {
        (_, false) => (EmailStatus::Skipped, "mail is not configured: set smtp.host, smtp.from and smtp.to".to_owned()),
        (None, true) => (EmailStatus::Skipped, "nobody to mail to: set smtp.to".to_owned()),
        (Some(to), true) => {
            let key = format!("test-{:x}", random_u128());
            match Mailer::new(smtp).send(hub.store.epoch(), to, &key, std::slice::from_ref(&letter)).await {
                Ok(answer) => (EmailStatus::Sent, answer),
                Err(reason) => (EmailStatus::Failed, reason),
            }
        }
    };
    let recipient = recipient.unwrap_or_default();
    hub.store.record_action(now, &caller.actor(), "mail.test", format!("tested mail to {recipient}: {}", status.as_str())).await?;
    let log = hub.store.note_email(hub.clock.now(), recipient, letter.subject, status, detail).await?;
    hub.panels.say("email", &log);
    Ok(Json(log))
}

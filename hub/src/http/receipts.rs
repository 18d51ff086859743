//! `/api/alerts/{id}/receipts.csv` and `.json`: who has seen an alert, to keep or to hand on.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use shared::{AlertId, Timestamp};

use super::alerts::DeliveryState;
use super::auth::Reader;
use super::csv_cell::guarded;
use super::extract::Path;
use super::problem::Problem;
use crate::hub::Hub;
use crate::store::Delivery;

/// Without it an office program takes UTF-8 for an older encoding.
const BYTE_ORDER_MARK: &str = "\u{feff}";
const COLUMNS: [&str; 8] = ["client", "state", "queued_at", "sent_at", "delivered_at", "displayed_at", "dismissed_at", "reply"];

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Receipts {
    pub alert: AlertId,
    pub receipts: Vec<ReceiptRow>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReceiptRow {
    pub client: String,
    pub state: DeliveryState,
    pub queued_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub displayed_at: Option<Timestamp>,
    pub dismissed_at: Option<Timestamp>,
    pub reply: Option<String>,
}

/// The receipts of an alert as a table for office programs.
#[utoipa::path(get, path = "/api/alerts/{id}/receipts.csv", tag = "alerts", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Problem)))]
pub async fn csv(State(hub): State<Arc<Hub>>, Reader(_): Reader, Path(id): Path<String>) -> Result<Response, Problem> {
    let (id, rows) = rows(&hub, &id).await?;
    let file = format!("attachment; filename=\"pregon-{id}.csv\"");
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, file)], table(&rows)).into_response())
}

/// The same as JSON.
#[utoipa::path(get, path = "/api/alerts/{id}/receipts.json", tag = "alerts", params(("id" = String, Path)),
    responses((status = 200, body = Receipts), (status = 404, body = Problem)))]
pub async fn json(State(hub): State<Arc<Hub>>, Reader(_): Reader, Path(id): Path<String>) -> Result<Response, Problem> {
    let (alert, receipts) = rows(&hub, &id).await?;
    let file = format!("attachment; filename=\"pregon-{alert}.json\"");
    Ok(([(CONTENT_DISPOSITION, file)], Json(Receipts { alert, receipts })).into_response())
}

async fn rows(hub: &Hub, id: &str) -> Result<(AlertId, Vec<ReceiptRow>), Problem> {
    let id = AlertId::parse(id).map_err(|_| Problem::not_found("the alert"))?;
    let deliveries = hub.store.deliveries(id).await?;
    Ok((id, deliveries.into_iter().map(ReceiptRow::from).collect()))
}

impl From<Delivery> for ReceiptRow {
    fn from(delivery: Delivery) -> Self {
        Self {
            client: delivery.client_name,
            state: delivery.state.into(),
            queued_at: delivery.queued_at,
            sent_at: delivery.sent_at,
            delivered_at: delivery.delivered_at,
            displayed_at: delivery.displayed_at,
            dismissed_at: delivery.dismissed_at,
            reply: delivery.reply,
        }
    }
}

fn table(rows: &[ReceiptRow]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
    // Writing to memory does not fail.
    let _ = writer.write_record(COLUMNS);
    for row in rows {
        let _ = writer.write_record([
            guarded(&row.client),
            row.state.as_str().to_owned(),
            time(Some(row.queued_at)),
            time(row.sent_at),
            time(row.delivered_at),
            time(row.displayed_at),
            time(row.dismissed_at),
            guarded(row.reply.as_deref().unwrap_or_default()),
        ]);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("{BYTE_ORDER_MARK}{}", String::from_utf8_lossy(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_never_a_formula() {
        let at = Timestamp::from_millis(0);
        let row = ReceiptRow {
            client: "Sol, \"norte\"".into(),
            state: DeliveryState::Dismissed,
            queued_at: at,
            sent_at: None,
            delivered_at: None,
            displayed_at: None,
            dismissed_at: Some(at),
            reply: Some("=HYPERLINK(\"x\")".into()),
        };
        let table = table(&[row]);
        assert!(table.starts_with('\u{feff}'));
        assert!(table.contains("\"Sol, \"\"norte\"\"\",dismissed,") && table.contains("'=HYPERLINK"), "{table}");
    }
}

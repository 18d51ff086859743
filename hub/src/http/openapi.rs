//! The OpenAPI document: made from the handlers themselves, with the frames of the panel's socket.

use std::sync::Arc;

use axum::Json;
use axum::extract::DefaultBodyLimit;
use serde::Serialize;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::live::Hello;
use super::{
    account, alert_life, alerts, audiences, client_actions, client_list, clients, connection_log, dry_run, emails, enrolments,
    event_history, events, group_file, groups, health, history, logs, messages, monitor, on_call, open_sessions, phrases, problem,
    receipts, rules, scheduled, security, sessions, settings, silences, statistics, tokens, totp, transfer, users, watches, webhooks,
};
use crate::fanout::AlertSummary;
use crate::fanout::panels::{LogNews, Presence, ReceiptsNews, ScheduledNews, SecurityNotice};
use crate::hub::Hub;
use crate::monitor::watch::TroubleNews;
use crate::store::{EmailLog, Event, Message};

/// A frame of `/ws/panel`, hub to panel.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(tag = "type", content = "data", rename_all = "lowercase")]
#[allow(dead_code, clippy::large_enum_variant, reason = "describes frames; they are made from their parts")]
enum PanelFrame {
    Hello(Hello),
    Presence(Presence),
    Alert(AlertSummary),
    Receipt(ReceiptsNews),
    Event(Event),
    Email(EmailLog),
    Security(SecurityNotice),
    Message(Message),
    Scheduled(ScheduledNews),
    Log(LogNews),
    Trouble(TroubleNews),
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Pregón hub", description = "Alerts for organisations with many branches. Errors are problem+json.", license(name = "MIT OR Apache-2.0")),
    components(schemas(PanelFrame, problem::Problem)),
    security(("bearer" = [])),
    modifiers(&Bearer),
    servers((url = "/"))
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document.components.get_or_insert_default().add_security_scheme("bearer", scheme);
    }
}

/// Every documented route.
pub fn routes() -> OpenApiRouter<Arc<Hub>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(sessions::login))
        .routes(routes!(sessions::admin_login))
        .routes(routes!(sessions::logout))
        .routes(routes!(sessions::show))
        .routes(routes!(sessions::prefer))
        .routes(routes!(open_sessions::list))
        .routes(routes!(open_sessions::end))
        .routes(routes!(account::change_password))
        .routes(routes!(account::sessions, account::end_other_sessions))
        .routes(routes!(account::end_session))
        .routes(routes!(totp::show, totp::begin))
        .routes(routes!(totp::confirm))
        .routes(routes!(totp::disable))
        .routes(routes!(totp::renew_codes))
        .routes(routes!(alerts::send, history::list))
        .routes(routes!(history::senders))
        .routes(routes!(audiences::count))
        .routes(routes!(receipts::csv))
        .routes(routes!(receipts::json))
        .routes(routes!(phrases::show, phrases::save))
        .routes(routes!(messages::list))
        .routes(routes!(messages::handle))
        .routes(routes!(messages::answer))
        .routes(routes!(alerts::show))
        .routes(routes!(alerts::withdraw))
        .routes(routes!(alert_life::amend))
        .routes(routes!(alert_life::remind))
        .routes(routes!(scheduled::list))
        .routes(routes!(scheduled::show, scheduled::change, scheduled::cancel))
        .routes(routes!(client_list::list, clients::create))
        .routes(routes!(clients::show, clients::revoke))
        .routes(routes!(clients::connections))
        .routes(routes!(clients::rotate_key, clients::keep_key))
        .routes(routes!(client_list::counts))
        .routes(routes!(client_actions::act))
        .routes(routes!(groups::list, groups::create))
        .routes(routes!(groups::show, groups::change, groups::remove))
        .routes(routes!(groups::export))
        .merge(OpenApiRouter::new().routes(routes!(groups::import)).layer(DefaultBodyLimit::max(group_file::FILE_BYTES)))
        .routes(routes!(enrolments::create, enrolments::list))
        .routes(routes!(enrolments::delete))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::change, users::remove))
        .routes(routes!(totp::reset))
        .routes(routes!(logs::actions))
        .routes(routes!(logs::read))
        .routes(routes!(logs::server))
        .routes(routes!(tokens::create, tokens::list))
        .routes(routes!(tokens::revoke))
        .routes(routes!(events::list, events::record))
        .routes(routes!(events::statistics))
        .routes(routes!(rules::show, rules::change, rules::reset))
        .routes(routes!(rules::activity))
        .routes(routes!(dry_run::run))
        .routes(routes!(security::events))
        .routes(routes!(security::day))
        .routes(routes!(security::bans, security::ban))
        .routes(routes!(security::unban))
        .routes(routes!(security::trusted, security::trust))
        .routes(routes!(security::distrust))
        .routes(routes!(silences::list, silences::create))
        .routes(routes!(silences::end))
        .routes(routes!(on_call::show, on_call::change))
        .routes(routes!(watches::show, watches::change))
        .routes(routes!(settings::show, settings::change))
        .routes(routes!(statistics::show))
        .routes(routes!(transfer::export))
        .merge(OpenApiRouter::new().routes(routes!(transfer::import)).layer(DefaultBodyLimit::max(transfer::DOCUMENT_BYTES)))
        .routes(routes!(event_history::series))
        .routes(routes!(event_history::audit))
        .routes(routes!(event_history::demo))
        .merge(OpenApiRouter::new().routes(routes!(event_history::import)).layer(DefaultBodyLimit::max(event_history::FILE_BYTES)))
        .routes(routes!(emails::list))
        .routes(routes!(emails::test))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::change, webhooks::remove))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(webhooks::attempts))
        .routes(routes!(webhooks::test))
        .routes(routes!(health::config))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(monitor::show))
        .routes(routes!(monitor::traffic))
        .routes(routes!(connection_log::list))
        .routes(routes!(monitor::metrics))
}

/// The document. A handler's name is unique only in its module, so each operation is named after its tag, too.
fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) = routes().split_for_parts();
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let tag = operation.tags.iter().flatten().next();
            operation.operation_id = tag.zip(operation.operation_id.as_ref()).map(|(tag, name)| format!("{tag}_{name}"));
        }
    }
    document
}

/// The document as text, the same for the same build.
pub fn document_json() -> String {
    // Invariant: the document is made of types that serialise.
    document().to_pretty_json().unwrap_or_default()
}

pub async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}

//! Roles × routes: every operation of the OpenAPI document, asked by everybody there is, is let in or kept out as this
//! table says.
//!
//! A new operation needs a row: `on("METHOD /path", WHO)`, beside those of its resource. Everybody in WHO must get past the
//! door, all others must not. Where `{}` would do harm or hang, give a harmless request with `.body(…)` or `.at(…)`.

use std::collections::BTreeSet;

use hyper::Method;
use pregon_swarm::http::Api;
use serde_json::Value;

use crate::harness::TestHub;

/// Names of callers: `nobody` has no token, then people by their role, then programs by the scope of their token.
type Who = &'static [&'static str];

const EVERYBODY: Who = &["nobody", "viewer", "technician", "admin", "events", "alerts", "ntfy", "gotify", "metrics"];
/// Whoever is logged in.
const PEOPLE: Who = &["viewer", "technician", "admin"];
/// Who sends alerts; a program with the scope `alerts` may, too.
const SENDERS: Who = &["technician", "admin", "alerts"];
/// Who records events; a program with the scope `events` may, too.
const REPORTERS: Who = &["technician", "admin", "events"];
/// People who send alerts; no program.
const TECHNICIANS: Who = &["technician", "admin"];
const ADMIN: Who = &["admin"];

const TABLE: &[Row] = &[
    // alerts
    on("GET /api/alerts", PEOPLE),
    on("POST /api/alerts", SENDERS),
    on("GET /api/alerts/{id}", PEOPLE),
    on("POST /api/alerts/{id}/amend", SENDERS),
    on("POST /api/alerts/{id}/remind", SENDERS),
    on("GET /api/alerts/{id}/receipts.csv", PEOPLE),
    on("GET /api/alerts/{id}/receipts.json", PEOPLE),
    on("GET /api/senders", PEOPLE),
    on("POST /api/audiences/count", PEOPLE),
    on("POST /api/alerts/{id}/withdraw", SENDERS),
    // clients
    on("GET /api/clients", PEOPLE),
    on("POST /api/clients", ADMIN),
    on("GET /api/client-counts", PEOPLE),
    on("POST /api/client-actions", ADMIN),
    on("GET /api/clients/{name}", PEOPLE),
    on("DELETE /api/clients/{name}", ADMIN),
    on("GET /api/clients/{name}/connections", PEOPLE),
    on("POST /api/clients/{name}/rotate-key", ADMIN),
    on("DELETE /api/clients/{name}/rotate-key", ADMIN),
    // emails
    on("GET /api/emails", PEOPLE),
    on("POST /api/emails/test", ADMIN),
    // enrolments
    on("GET /api/enrolments", ADMIN),
    on("POST /api/enrolments", ADMIN),
    on("DELETE /api/enrolments/{id}", ADMIN),
    // events
    on("GET /api/events", PEOPLE),
    on("POST /api/events", REPORTERS),
    on("GET /api/events/audit", PEOPLE),
    on("POST /api/events/demo", REPORTERS),
    on("POST /api/events/import", ADMIN),
    on("GET /api/stats", PEOPLE),
    on("GET /api/stats/series", PEOPLE),
    // groups
    on("GET /api/groups", PEOPLE),
    on("POST /api/groups", ADMIN),
    on("GET /api/groups/export", PEOPLE),
    on("POST /api/groups/import", ADMIN),
    on("GET /api/groups/{name}", PEOPLE),
    on("PUT /api/groups/{name}", ADMIN),
    on("DELETE /api/groups/{name}", ADMIN),
    // health
    on("GET /api/config", PEOPLE),
    on("GET /healthz", EVERYBODY),
    on("GET /readyz", EVERYBODY),
    on("GET /api/monitor", PEOPLE),
    on("GET /api/monitor/traffic", ADMIN),
    on("GET /api/monitor/connections", ADMIN),
    on("GET /metrics", &["admin", "metrics"]),
    // scheduled
    on("GET /api/scheduled", PEOPLE),
    on("GET /api/scheduled/{id}", PEOPLE),
    on("PUT /api/scheduled/{id}", SENDERS),
    on("DELETE /api/scheduled/{id}", SENDERS),
    // settings and statistics
    on("GET /api/settings", ADMIN),
    on("PUT /api/settings", ADMIN),
    on("GET /api/statistics", PEOPLE),
    on("GET /api/export", ADMIN),
    on("POST /api/import", ADMIN),
    // messages
    on("GET /api/messages", PEOPLE),
    on("PATCH /api/messages/{id}", TECHNICIANS),
    on("POST /api/messages/{id}/answer", TECHNICIANS),
    // phrases
    on("GET /api/phrases", PEOPLE),
    on("PUT /api/phrases", TECHNICIANS),
    // on-call
    on("GET /api/on-call", PEOPLE),
    on("PUT /api/on-call", ADMIN),
    // rules
    on("GET /api/rules", PEOPLE),
    on("PUT /api/rules", ADMIN),
    on("DELETE /api/rules", ADMIN),
    on("POST /api/rules/dry-run", PEOPLE),
    on("GET /api/rules/activity", PEOPLE),
    // security
    on("GET /api/security/events", ADMIN),
    on("GET /api/security/day", ADMIN),
    on("GET /api/security/bans", ADMIN),
    on("POST /api/security/bans", ADMIN),
    on("DELETE /api/security/bans/{ip}", ADMIN),
    on("GET /api/security/trusted", ADMIN),
    on("POST /api/security/trusted", ADMIN),
    on("DELETE /api/security/trusted/{network}", ADMIN),
    // silences
    on("GET /api/silences", PEOPLE),
    on("POST /api/silences", TECHNICIANS),
    on("DELETE /api/silences/{id}", TECHNICIANS),
    // logs
    on("GET /api/logs/actions", ADMIN),
    on("PUT /api/logs/actions/read", ADMIN),
    on("GET /api/logs/server", ADMIN),
    // account
    // admin changes its password on the hub's machine.
    on("PUT /api/account/password", &["viewer", "technician"]).body(r#"{"current": "", "password": ""}"#),
    on("GET /api/account/sessions", PEOPLE),
    on("DELETE /api/account/sessions", PEOPLE),
    on("DELETE /api/account/sessions/{id}", PEOPLE),
    on("GET /api/account/totp", PEOPLE),
    on("POST /api/account/totp", PEOPLE),
    on("POST /api/account/totp/confirm", PEOPLE),
    on("POST /api/account/totp/disable", PEOPLE),
    on("POST /api/account/totp/recovery-codes", PEOPLE),
    // sessions
    on("POST /api/admin/login", EVERYBODY),
    on("POST /api/login", EVERYBODY),
    on("GET /api/session", PEOPLE),
    on("GET /api/sessions", ADMIN),
    on("DELETE /api/sessions/{id}", ADMIN),
    on("PUT /api/session/preferences", PEOPLE),
    // tokens
    on("GET /api/tokens", ADMIN),
    on("POST /api/tokens", ADMIN),
    on("DELETE /api/tokens/{id}", ADMIN),
    // watches
    on("GET /api/watches", PEOPLE),
    on("PUT /api/watches", ADMIN),
    // users
    on("GET /api/users", ADMIN),
    on("POST /api/users", ADMIN),
    on("PATCH /api/users/{name}", ADMIN),
    on("DELETE /api/users/{name}", ADMIN),
    on("DELETE /api/users/{name}/totp", ADMIN),
    // webhooks
    on("GET /api/webhooks", ADMIN),
    on("POST /api/webhooks", ADMIN),
    on("PUT /api/webhooks/{name}", ADMIN),
    on("DELETE /api/webhooks/{name}", ADMIN),
    on("POST /api/webhooks/{name}/secret", ADMIN),
    on("GET /api/webhooks/{name}/attempts", ADMIN),
    on("POST /api/webhooks/{name}/test", ADMIN),
    // Last: it ends the log-in that all others are asked with.
    on("POST /api/logout", PEOPLE),
];

/// An operation as the document names it, and who gets past its door.
struct Row {
    operation: &'static str,
    who: Who,
    at: Option<&'static str>,
    body: &'static str,
}

const fn on(operation: &'static str, who: Who) -> Row {
    Row { operation, who, at: None, body: "{}" }
}

#[allow(dead_code, reason = "for operations that `{}` at the plain path would harm")]
impl Row {
    /// Asked at this path instead of the operation's own.
    const fn at(self, path: &'static str) -> Self {
        Self { at: Some(path), ..self }
    }

    /// Asked with this JSON instead of `{}`.
    const fn body(self, body: &'static str) -> Self {
        Self { body, ..self }
    }

    fn method(&self) -> Method {
        self.operation.split(' ').next().unwrap().parse().unwrap()
    }

    /// The path, with something in the place of each parameter that is well-formed and does not exist.
    fn path(&self) -> String {
        let path = self.at.unwrap_or_else(|| self.operation.split(' ').nth(1).unwrap());
        let parts = path.split('/').map(|part| if part.starts_with('{') { "999999" } else { part });
        parts.collect::<Vec<_>>().join("/")
    }

    async fn status(&self, caller: &Api) -> u16 {
        let body: Option<Value> = (self.method() != Method::GET).then(|| serde_json::from_str(self.body).unwrap());
        let reply = caller.request(self.method(), &self.path(), &[], body.as_ref()).await;
        reply.unwrap_or_else(|err| panic!("{}: {err:#}", self.operation)).status
    }
}

#[tokio::test]
async fn roles_and_routes_are_this_table() {
    let hub = TestHub::start().await;
    let mut callers = vec![
        ("nobody", Api::new(&hub.endpoint())),
        ("wrong token", Api::with_token(&hub.endpoint(), "made up")),
        ("viewer", hub.user("view", "viewer").await),
        ("technician", hub.user("tech", "technician").await),
        ("admin", hub.admin.clone()),
    ];
    for scope in ["events", "alerts", "ntfy", "gotify", "metrics"] {
        callers.push((scope, Api::with_token(&hub.endpoint(), &hub.token(scope, scope).await.1)));
    }
    let mut faults = Vec::new();
    for row in TABLE {
        for (name, caller) in &callers {
            let status = row.status(caller).await;
            // A wrong token is as good as none.
            let who = if *name == "wrong token" { "nobody" } else { name };
            if !is_expected(row.who.contains(&who), who, status) {
                faults.push(format!("{} as {name}: {status}", row.operation));
            }
        }
    }
    assert!(faults.is_empty(), "not as the table says:\n{}", faults.join("\n"));
}

/// Past the door anything may come but another door, a wrong method or a failure of the hub.
fn is_expected(is_let_in: bool, who: &str, status: u16) -> bool {
    match (is_let_in, who) {
        (true, _) => status < 500 && ![401, 403, 405].contains(&status),
        (false, "nobody") => status == 401,
        (false, _) => status == 403,
    }
}

#[test]
fn each_operation_of_the_document_has_its_row() {
    let document: Value = serde_json::from_str(&pregon_hub::http::openapi::document_json()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let documented: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase())))
        .collect();
    let rows: BTreeSet<String> = TABLE.iter().map(|row| row.operation.to_owned()).collect();
    assert_eq!(rows.len(), TABLE.len(), "an operation has two rows in hub/tests/it/roles.rs");
    let missing: Vec<_> = documented.difference(&rows).map(|operation| format!("    on(\"{operation}\", WHO),")).collect();
    let stale: Vec<_> = rows.difference(&documented).cloned().collect();
    assert!(
        missing.is_empty(),
        "operations that nobody has said who may use. Add to TABLE in hub/tests/it/roles.rs, with WHO one of EVERYBODY, PEOPLE, \
         SENDERS, REPORTERS, ADMIN or a list of callers like &[\"ntfy\", \"events\"]:\n{}",
        missing.join("\n")
    );
    assert!(stale.is_empty(), "rows of hub/tests/it/roles.rs without an operation: {stale:?}");
}

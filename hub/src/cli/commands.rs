//! The subcommands that act on the hub: what each asks for, and how its answer reads.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use shared::{Audience, Severity, Timestamp};

use super::args::{Alert, ClientCommand, TokenCommand, UserCommand};
use super::ask::{Ask, segment};
use super::backend::Backend;
use super::output::{Failure, Report, printable, table};
use super::{load_config, password};
use crate::logs;
use crate::security::token::Token;

/// Rows asked for at once when a list comes in pages.
const PAGE: usize = 500;
/// More pages than any list has; a hub that never ends a list must not hold us.
const PAGES: usize = 1_000;

pub async fn user(data: &Path, config: Option<&Path>, command: UserCommand) -> Result<Report, Failure> {
    // Before the hub is asked: a person who types a password should not wait for it, nor it for them.
    let secret = match &command {
        UserCommand::Add { name, password: source, .. } | UserCommand::Passwd { name, password: source } => {
            Some(password::take(source, name)?)
        }
        UserCommand::Remove { .. } | UserCommand::ResetTotp { .. } | UserCommand::List => None,
    };
    let secret = secret.as_ref().map_or("", |secret| secret.as_str());
    with_hub(data, config, async |hub, _| user_at(hub, command, secret).await).await
}

async fn user_at(hub: &Backend, command: UserCommand, secret: &str) -> Result<Report, Failure> {
    match command {
        UserCommand::Add { name, role, .. } => {
            let body = json!({ "username": name, "password": secret, "role": role.as_str() });
            let added = hub.ask(Ask::post("/api/users", body)).await?;
            Ok(Report::new(added, format!("User {} added as {}.", printable(&name), role.as_str())))
        }
        UserCommand::Passwd { name, .. } => {
            let body = json!({ "password": secret });
            let changed = hub.ask(Ask::patch(format!("/api/users/{}", segment(&name)), body)).await?;
            Ok(Report::new(done(changed), format!("The password of {} is changed; the user's sessions have ended.", printable(&name))))
        }
        UserCommand::Remove { name } => {
            let removed = hub.ask(Ask::delete(format!("/api/users/{}", segment(&name)))).await?;
            Ok(Report::new(done(removed), format!("User {} removed.", printable(&name))))
        }
        UserCommand::ResetTotp { name } => {
            let reset = hub.ask(Ask::delete(format!("/api/users/{}/totp", segment(&name)))).await?;
            let report = format!("{} has no second factor any more; the user's sessions have ended.", printable(&name));
            Ok(Report::new(done(reset), report))
        }
        UserCommand::List => {
            let users = all_pages(hub, "users").await?;
            let rows: Vec<_> = users.iter().map(|user| [text(user, "username"), text(user, "role"), time(user, "created_at")]).collect();
            Ok(Report::new(json!({ "users": users }), table(["NAME", "ROLE", "SINCE"], &rows)))
        }
    }
}

pub async fn client(data: &Path, config: Option<&Path>, command: ClientCommand) -> Result<Report, Failure> {
    with_hub(data, config, async |hub, names| client_at(hub, command, names).await).await
}

async fn client_at(hub: &Backend, command: ClientCommand, names: &[String]) -> Result<Report, Failure> {
    match command {
        ClientCommand::Enrol { name, uses, expires } => {
            let mut body = json!({ "uses": uses, "expires_in_s": expires.as_secs() });
            if let (Some(name), Some(fields)) = (&name, body.as_object_mut()) {
                fields.insert("name".to_owned(), json!(name));
            }
            let address = hub.address_for_agents(names).await?;
            let made = hub.ask(Ask::post("/api/enrolments", body)).await?;
            let report = enrolment(&made, name.as_deref(), &address);
            Ok(Report::new(made, report))
        }
        ClientCommand::SetKey { name, secret } => {
            let stored = hub.ask(Ask::post("/api/clients", json!({ "name": name, "secret": secret }))).await?;
            Ok(Report::new(stored, format!("{} may connect with that key.", printable(&name))))
        }
        ClientCommand::List => {
            let clients = all_pages(hub, "clients").await?;
            let rows: Vec<_> = clients.iter().map(client_row).collect();
            let headings = ["NAME", "ONLINE", "SINCE", "LAST SEEN", "ADDRESS", "VERSION", "SYSTEM"];
            Ok(Report::new(json!({ "clients": clients }), table(headings, &rows)))
        }
        ClientCommand::Rotate { name } => {
            let asked = hub.ask(Ask::post(format!("/api/clients/{}/rotate-key", segment(&name)), json!({}))).await?;
            let when = if asked.get("online") == Some(&json!(true)) { "now" } else { "when it connects" };
            Ok(Report::new(
                asked,
                format!("{} is asked for a new key {when}; the old one is good until it uses the new one.", printable(&name)),
            ))
        }
        ClientCommand::Revoke { name } => {
            let revoked = hub.ask(Ask::delete(format!("/api/clients/{}", segment(&name)))).await?;
            Ok(Report::new(done(revoked), format!("{} is refused from now on.", printable(&name))))
        }
    }
}

pub async fn token(data: &Path, config: Option<&Path>, command: TokenCommand) -> Result<Report, Failure> {
    with_hub(data, config, async |hub, _| token_at(hub, command).await).await
}

async fn token_at(hub: &Backend, command: TokenCommand) -> Result<Report, Failure> {
    match command {
        TokenCommand::Create { name, scope, group, severities } => {
            let severities: BTreeMap<String, Severity> = severities.into_iter().collect();
            let request = json!({ "name": name, "scope": scope.as_str(), "group": group, "severities": severities });
            let made = hub.ask(Ask::post("/api/tokens", request)).await?;
            let id = made.get("id").map(ToString::to_string).unwrap_or_default();
            let report = format!("Id     {id}\nToken  {}\n\nThe token is shown this once.\n", text(&made, "token"));
            Ok(Report::new(made, report))
        }
        TokenCommand::List => {
            let tokens = all_pages(hub, "tokens").await?;
            let rows: Vec<_> = tokens.iter().map(token_row).collect();
            Ok(Report::new(json!({ "tokens": tokens }), table(["ID", "NAME", "SCOPE", "GROUP", "SINCE", "BY", "LAST USED"], &rows)))
        }
        TokenCommand::Revoke { id } => {
            let revoked = hub.ask(Ask::delete(format!("/api/tokens/{id}"))).await?;
            Ok(Report::new(done(revoked), format!("Token {id} is refused from now on.")))
        }
    }
}

fn token_row(token: &Value) -> [String; 7] {
    let id = token.get("id").map(ToString::to_string).unwrap_or_default();
    let [name, scope, group, by] = ["name", "scope", "group", "created_by"].map(|field| text(token, field));
    [id, name, scope, group, time(token, "created_at"), by, time(token, "last_used_at")]
}

pub async fn send(data: &Path, config: Option<&Path>, alert: Alert) -> Result<Report, Failure> {
    with_hub(data, config, async |hub, _| send_at(hub, alert).await).await
}

async fn send_at(hub: &Backend, alert: Alert) -> Result<Report, Failure> {
    let target = alert.audience;
    let audience = match (target.group, target.client) {
        (Some(name), _) => Audience::Group { name },
        (None, Some(name)) => Audience::Private { name },
        (None, None) => Audience::Global,
    };
    let mut body = json!({ "audience": audience, "severity": alert.severity, "text": alert.text });
    if let (Some(title), Some(fields)) = (alert.title, body.as_object_mut()) {
        fields.insert("title".to_owned(), json!(title));
    }
    let sent = hub.ask(Ask::post("/api/alerts", body).idempotent(Token::random().as_str().to_owned())).await?;
    let names = |key: &str| {
        sent.get(key).and_then(Value::as_array).map(|names| names.iter().filter_map(Value::as_str).map(printable).collect::<Vec<_>>())
    };
    let (online, offline, unknown) =
        (names("online").unwrap_or_default(), names("offline").unwrap_or_default(), names("unknown").unwrap_or_default());
    let mut report = format!(
        "Alert {} accepted for {}: {} online, {} offline (they get it when they return).\n",
        text(&sent, "id"),
        sent.get("recipients").and_then(Value::as_u64).unwrap_or_default(),
        online.len(),
        offline.len()
    );
    if !unknown.is_empty() {
        report.push_str(&format!("Unknown, not sent: {}\n", unknown.join(", ")));
    }
    Ok(Report::new(sent, report).fine_if(unknown.is_empty()))
}

/// Finds the hub, lets `work` use it, and closes it whatever came of that. `work` gets the configured names too.
async fn with_hub(
    data: &Path,
    config: Option<&Path>,
    work: impl AsyncFnOnce(&Backend, &[String]) -> Result<Report, Failure>,
) -> Result<Report, Failure> {
    let config = load_config(data, config)?;
    let names = config.https.names.clone();
    let hub = Backend::connect(data, config).await?;
    let outcome = work(&hub, &names).await;
    hub.close().await;
    outcome
}

/// All rows of a list, page by page.
async fn all_pages(hub: &Backend, plural: &str) -> Result<Vec<Value>, Failure> {
    let mut rows = Vec::new();
    let mut cursor = None::<String>;
    for _ in 0..PAGES {
        let after = cursor.as_deref().map(|cursor| format!("&cursor={}", segment(cursor))).unwrap_or_default();
        let mut page = hub.ask(Ask::get(format!("/api/{plural}?limit={PAGE}{after}"))).await?;
        match page.get_mut(plural).map(Value::take) {
            Some(Value::Array(more)) => rows.extend(more),
            _ => return Err(Failure::running(format!("the hub's answer holds no {plural}"))),
        }
        match page.get("next_cursor").and_then(Value::as_str) {
            Some(next) => cursor = Some(next.to_owned()),
            None => return Ok(rows),
        }
    }
    Err(Failure::running(format!("the list of {plural} does not end")))
}

fn enrolment(made: &Value, name: Option<&str>, address: &str) -> String {
    let shown_name = name.map_or_else(|| "NAME".to_owned(), |name| quoted(&printable(name)));
    format!(
        "Code     {code}\nUses     {uses}\nExpires  {expires}\n\nThe code is shown this once. On the PC:\n\n  \
         pregon-tray enrol --hub {address} --name {shown_name} --code {code} --ca-fingerprint {fingerprint}\n",
        code = text(made, "code"),
        uses = made.get("uses").map(ToString::to_string).unwrap_or_default(),
        expires = time(made, "expires_at"),
        fingerprint = text(made, "ca_fingerprint"),
    )
}

/// In quotes if a shell would take it apart.
fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    if is_plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
}

fn client_row(client: &Value) -> [String; 7] {
    let is_online = client.get("online").and_then(Value::as_bool).unwrap_or_default();
    [
        text(client, "name"),
        if is_online { "yes" } else { "no" }.to_owned(),
        time(client, "since"),
        time(client, "last_seen"),
        text(client, "address"),
        text(client, "version"),
        text(client, "os"),
    ]
}

/// What `--json` says about a change whose answer has no body.
fn done(body: Value) -> Value {
    if body.is_null() { json!({ "ok": true }) } else { body }
}

fn text(row: &Value, key: &str) -> String {
    row.get(key).and_then(Value::as_str).map(printable).unwrap_or_default()
}

/// A moment as a clock on the wall shows it, to the minute.
fn time(row: &Value, key: &str) -> String {
    let moment = row.get(key).and_then(Value::as_str).and_then(|text| Timestamp::parse(text).ok());
    moment.map(|moment| logs::wall_clock(moment).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_comes_with_a_line_to_paste() {
        let made = json!({"code": "AAAA-BBBB-CCCC-DDDD", "uses": 1, "expires_at": "2026-11-22T02:00:00.000Z", "ca_fingerprint": "abc"});
        let report = enrolment(&made, Some("Farmacia d'Or"), "hub.example.org:8443");
        let line =
            "pregon-tray enrol --hub hub.example.org:8443 --name 'Farmacia d'\\''Or' --code AAAA-BBBB-CCCC-DDDD --ca-fingerprint abc";
        assert!(report.contains(line), "{report}");
        assert!(enrolment(&made, None, "h:1").contains("--name NAME"));
        assert_eq!(quoted("Sol-1"), "Sol-1");
    }

    #[test]
    fn a_client_is_a_row() {
        let row = client_row(&json!({"name": "Sol", "online": true, "address": "10.0.0.1\n", "os": null}));
        assert_eq!((row[0].as_str(), row[1].as_str(), row[4].as_str(), row[6].as_str()), ("Sol", "yes", "10.0.0.1\\n", ""));
        assert_eq!(done(Value::Null), json!({"ok": true}));
    }
}

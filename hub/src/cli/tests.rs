//! Subcommands against the real hub, running and not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a failed test may panic")]

use std::time::Duration;

use hub_core::access::Scope;
use serde_json::json;
use shared::Severity;

use super::args::{Alert, BanCommand, ClientCommand, Target, TokenCommand, UserCommand};
use super::{ban, commands, doctor};
use crate::app::App;
use crate::cli::output::{Failure, Report};
use crate::config::Config;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder's settings must not be those of the machine that tests.
    fn config() -> Config {
        let mut config = Config::default();
        config.https.listen = "127.0.0.1:0".parse().unwrap();
        config.events.listen = "127.0.0.1:0".parse().unwrap();
        config.events.tls_listen = None;
        config
    }

    async fn start(&self) -> App {
        let app = App::open(self.0.path(), Self::config()).await.unwrap();
        app.start().await.unwrap();
        app
    }

    async fn client(&self, command: ClientCommand) -> Result<Report, Failure> {
        commands::client(self.0.path(), None, command).await
    }

    async fn send_to(&self, client: &str) -> Result<Report, Failure> {
        let audience = Target { all: false, group: None, client: Some(client.to_owned()) };
        let alert = Alert { audience, severity: Severity::Critical, title: None, text: "fire".to_owned() };
        commands::send(self.0.path(), None, alert).await
    }
}

/// What every subcommand must do alike, whoever answers.
async fn a_day_of_work(place: &Place) {
    let enrol = |name: Option<&str>| ClientCommand::Enrol { name: name.map(str::to_owned), uses: 1, expires: Duration::from_secs(3_600) };
    let enrolled = place.client(enrol(Some("Farmacia Sol"))).await.unwrap();
    let (code, fingerprint) = (enrolled.json()["code"].as_str().unwrap(), enrolled.json()["ca_fingerprint"].as_str().unwrap());
    assert!(
        enrolled.text().contains(&format!("--name 'Farmacia Sol' --code {code} --ca-fingerprint {fingerprint}")),
        "{}",
        enrolled.text()
    );

    let set_key = ClientCommand::SetKey { name: "Luna".to_owned(), secret: "secret".to_owned() };
    place.client(set_key).await.unwrap();
    let list = place.client(ClientCommand::List).await.unwrap();
    assert_eq!((list.json()["clients"][0]["name"].as_str(), list.text().lines().count()), (Some("Luna"), 2));

    let sent = place.send_to("luna").await.unwrap();
    assert_eq!((&sent.json()["recipients"], &sent.json()["offline"]), (&json!(1), &json!(["Luna"])));
    let refused = place.client(enrol(Some(&"x".repeat(100)))).await.unwrap_err();
    assert_eq!((refused.exit(), refused.text().contains("name has more than")), (2, true), "{}", refused.text());

    place.client(ClientCommand::Revoke { name: "Luna".to_owned() }).await.unwrap();
    let again = place.client(ClientCommand::Revoke { name: "Luna".to_owned() }).await.unwrap_err();
    assert_eq!((again.exit(), &again.json()["status"]), (1, &json!(404)));
    let token = |command| commands::token(place.0.path(), None, command);
    let made =
        token(TokenCommand::Create { name: "Nagios".to_owned(), scope: Scope::Events, group: None, severities: Vec::new() }).await.unwrap();
    let (id, secret) = (made.json()["id"].as_u64().unwrap(), made.json()["token"].as_str().unwrap());
    assert!(secret.len() == 43 && made.text().contains(secret), "{}", made.text());
    let list = token(TokenCommand::List).await.unwrap();
    assert_eq!((list.json()["tokens"][0]["name"].as_str(), list.text().contains(secret)), (Some("Nagios"), false));
    token(TokenCommand::Revoke { id: id.try_into().unwrap() }).await.unwrap();
    assert_eq!(token(TokenCommand::List).await.unwrap().json(), &json!({ "tokens": [] }));
    bans(place).await;
    let users = commands::user(place.0.path(), None, UserCommand::List).await.unwrap();
    assert_eq!(users.json(), &json!({ "users": [] }));
}

async fn bans(place: &Place) {
    let ask = |command| ban::run(place.0.path(), None, command);
    let add = |ip: &str, seconds, reason: &str| {
        ask(BanCommand::Add { ip: ip.parse().unwrap(), lasts: Duration::from_secs(seconds), reason: reason.to_owned() })
    };
    let made = add("203.0.113.9", 90, "noise\u{1b}[31m").await.unwrap();
    assert!(made.json()["ip"] == "203.0.113.9" && made.text().starts_with("203.0.113.9 is kept out until 20"), "{}", made.text());
    assert_eq!(add("2001:db8::17", 3_600, "").await.unwrap().json()["ip"], "2001:db8::");
    let list = ask(BanCommand::List).await.unwrap();
    assert_eq!((list.json()["bans"].as_array().unwrap().len(), list.text().lines().count()), (2, 3), "{}", list.text());
    assert!(list.text().contains("noise") && !list.text().contains('\u{1b}'), "{}", list.text());
    for (ip, seconds, exit, reason) in [("127.0.0.1", 60, 1, "trusted"), ("203.0.113.9", 0, 2, "minutes must be 1 to")] {
        let refused = add(ip, seconds, "").await.unwrap_err();
        assert!(refused.exit() == exit && refused.text().contains(reason), "{}", refused.text());
    }
    for ip in ["203.0.113.9", "2001:db8::99"] {
        ask(BanCommand::Remove { ip: ip.parse().unwrap() }).await.unwrap();
    }
    let again = ask(BanCommand::Remove { ip: "203.0.113.9".parse().unwrap() }).await.unwrap_err();
    assert_eq!((again.exit(), &again.json()["status"]), (1, &json!(404)));
    assert_eq!(ask(BanCommand::List).await.unwrap().json(), &json!({ "bans": [] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_hub_the_folder_itself_answers() {
    let place = Place::new();
    a_day_of_work(&place).await;
    // Each of them let go of the folder: a hub can start and knows what they did.
    let app = place.start().await;
    assert_eq!(app.hub.store.count_clients().await.unwrap(), 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_hub_answers_and_keeps_running() {
    let place = Place::new();
    let app = place.start().await;
    a_day_of_work(&place).await;
    let report = doctor::run(place.0.path(), None).await.unwrap();
    let hub = report.json()["checks"].as_array().unwrap().iter().find(|check| check["name"] == "hub").unwrap();
    assert!(hub["found"].as_str().unwrap().contains(&app.hub.listening().https.to_string()), "{hub}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_subcommands_at_once_wait_for_each_other() {
    let place = Place::new();
    let list = || place.client(ClientCommand::List);
    let (first, second, third) = tokio::join!(list(), list(), list());
    assert!(first.is_ok() && second.is_ok() && third.is_ok());
}

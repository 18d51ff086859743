//! A hub inside the test's process, so that its clock can be moved; [`pregon_swarm::hub::Process`] is for what kills.

use std::time::{Duration, Instant};

use pregon_hub::app::App;
use pregon_hub::clock::Clock;
use pregon_hub::config::Config;
use pregon_hub::hub::Listening;
use pregon_swarm::agent::Agent;
use pregon_swarm::http::Api;
use pregon_swarm::sensor::Sensor;
use pregon_swarm::tls::Endpoint;
use serde_json::{Value, json};
use shared::wire::to_agent::Connected;
use tempfile::TempDir;
use zeroize::Zeroizing;

pub const PASSWORD: &str = "correct horse battery staple";
/// For what must happen; a healthy hub takes milliseconds.
pub const SOON: Duration = Duration::from_secs(10);
/// For what must not happen.
pub const MOMENT: Duration = Duration::from_millis(300);

pub struct TestHub {
    pub app: App,
    pub clock: Clock,
    pub listening: Listening,
    pub admin: Api,
    pub data: TempDir,
}

impl TestHub {
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Settings as the environment says them, on top of free ports.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::at(TempDir::with_prefix("pregon-").expect("a folder"), Clock::default(), settings).await
    }

    /// Stops the hub in order and starts it again on its data, `later` milliseconds later.
    pub async fn restarted(self, later: i64, settings: &[(&str, &str)]) -> Self {
        let Self { app, clock, data, .. } = self;
        app.stop().await;
        drop(app);
        clock.advance(later);
        Self::at(data, clock, settings).await
    }

    async fn at(data: TempDir, clock: Clock, settings: &[(&str, &str)]) -> Self {
        let free = ["PREGON_HTTPS_LISTEN", "PREGON_EVENTS_LISTEN", "PREGON_EVENTS_TLS_LISTEN"].map(|name| (name, "127.0.0.1:0"));
        let environment = free.iter().chain(settings).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let config = Config::load(None, environment).expect("settings");
        let app = App::open_at(data.path(), config, clock.clone()).await.expect("a hub");
        app.ensure_admin(Some(Zeroizing::new(PASSWORD.into()))).await.expect("admin");
        let listening = app.start().await.expect("listeners");
        let endpoint = Endpoint::new(listening.https, &data.path().join("tls/ca.pem")).expect("an endpoint");
        let admin = Api::admin(&endpoint, PASSWORD).await.expect("a log-in");
        Self { app, clock, listening, admin, data }
    }

    pub fn endpoint(&self) -> Endpoint {
        Endpoint::new(self.listening.https, &self.data.path().join("tls/ca.pem")).expect("an endpoint")
    }

    pub async fn enrol(&self, names: &[&str]) {
        for name in names {
            let client = json!({"name": name, "secret": key(name)});
            self.admin.post("/api/clients", &client).await.expect("an answer").expect(201).expect("a client");
        }
    }

    pub async fn connect(&self, name: &str) -> Agent {
        self.connect_with(name).await.0
    }

    pub async fn connect_with(&self, name: &str) -> (Agent, Connected) {
        Agent::connect(&self.endpoint(), name, &key(name)).await.expect("a session")
    }

    /// Enrols and connects in one go.
    pub async fn agent(&self, name: &str) -> Agent {
        self.enrol(&[name]).await;
        self.connect(name).await
    }

    pub async fn sensor(&self) -> Sensor {
        Sensor::connect(self.listening.events).await.expect("a sensor")
    }

    /// A user with a password, logged in.
    pub async fn user(&self, name: &str, role: &str) -> Api {
        let user = json!({"username": name, "password": PASSWORD, "role": role});
        self.admin.post("/api/users", &user).await.expect("an answer").expect(201).expect("a user");
        Api::login(&self.endpoint(), name, PASSWORD).await.expect("a log-in")
    }

    /// A token of a program: its id and what it says.
    pub async fn token(&self, name: &str, scope: &str) -> (i64, String) {
        let made = self.admin.post("/api/tokens", &json!({"name": name, "scope": scope})).await.expect("an answer");
        let made = made.expect(201).expect("a token");
        (made["id"].as_i64().expect("an id"), made["token"].as_str().expect("a token").to_owned())
    }

    pub async fn send(&self, alert: Value) -> Value {
        self.admin.post("/api/alerts", &alert).await.expect("an answer").expect(201).expect("an accepted alert")
    }

    /// An alert to everybody; its id.
    pub async fn send_all(&self, severity: &str, text: &str) -> String {
        id(&self.send(json!({"audience": {"kind": "global"}, "severity": severity, "text": text})).await)
    }

    pub async fn alert(&self, id: &str) -> Value {
        self.get(&format!("/api/alerts/{id}")).await
    }

    pub async fn get(&self, path: &str) -> Value {
        self.admin.get(path).await.expect("an answer").expect(200).expect("a body")
    }

    /// The row of one recipient.
    pub async fn delivery(&self, id: &str, client: &str) -> Value {
        let alert = self.alert(id).await;
        let rows = alert["deliveries"].as_array().expect("rows");
        rows.iter().find(|row| row["client"] == client).cloned().unwrap_or_else(|| panic!("no row for {client} in {alert}"))
    }

    /// Waits until a recipient's delivery has this state.
    pub async fn until_state(&self, id: &str, client: &str, state: &str) {
        until(state, async || self.delivery(id, client).await["state"] == state).await;
    }
}

/// The key of a test's agent.
pub fn key(name: &str) -> String {
    format!("key of {name}")
}

pub fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}")).to_owned()
}

/// Waits until something is so, at most [`SOON`].
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + SOON;
    while !is_so().await {
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

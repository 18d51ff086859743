//! The real hub, and what technicians do on it.

use pregon_swarm::http::Api;
use pregon_swarm::hub::Process;
use serde_json::{Value, json};

use super::agent::Home;
use super::eventually;

/// A hub with its administrator.
pub struct Hub {
    pub process: Process,
    pub admin: Api,
}

impl Hub {
    pub async fn start() -> Self {
        let process = Process::start().await.unwrap();
        let admin = process.admin().await.unwrap();
        Self { process, admin }
    }

    pub fn address(&self) -> String {
        self.process.ready().https.to_string()
    }

    pub async fn code(&self) -> String {
        self.enrolment().await["code"].as_str().unwrap().to_owned()
    }

    /// A new enrolment code with all that the hub says about it.
    pub async fn enrolment(&self) -> Value {
        self.admin.post("/api/enrolments", &json!({})).await.unwrap().expect(201).unwrap()
    }

    /// A data folder of an agent that this hub knows under that name.
    pub async fn enrol(&self, name: &str) -> Home {
        let home = Home::new();
        let (hub, code, ca) = (self.address(), self.code().await, self.process.ca());
        let output = home.run(&["enrol", "--hub", &hub, "--name", name, "--code", &code, "--ca", ca.to_str().unwrap()]).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        home
    }

    /// Sends an alert to everybody; returns its id.
    pub async fn send(&self, alert: Value) -> String {
        let mut draft = json!({"audience": {"kind": "global"}, "severity": "critical", "title": "Title", "text": "Text"});
        draft.as_object_mut().unwrap().extend(alert.as_object().unwrap().clone());
        let sent = self.admin.post("/api/alerts", &draft).await.unwrap().expect(201).unwrap();
        sent["id"].as_str().unwrap().to_owned()
    }

    pub async fn withdraw(&self, id: &str) {
        self.admin.post(&format!("/api/alerts/{id}/withdraw"), &json!({})).await.unwrap().expect(200).unwrap();
    }

    /// The one delivery of an alert that has one recipient.
    pub async fn delivery(&self, id: &str) -> Value {
        let alert = self.admin.get(&format!("/api/alerts/{id}")).await.unwrap().expect(200).unwrap();
        alert["deliveries"][0].clone()
    }

    /// Waits until the only recipient of the alert is that far.
    pub async fn reaches(&self, id: &str, state: &str) -> Value {
        eventually(&format!("{id} is {state}"), async || {
            let delivery = self.delivery(id).await;
            (delivery["state"] == state).then_some(delivery)
        })
        .await
    }

    /// What branches have written, newest first, once there are that many.
    pub async fn messages(&self, count: usize) -> Vec<Value> {
        eventually(&format!("{count} messages"), async || {
            let list = self.admin.get("/api/messages?limit=200").await.unwrap().expect(200).unwrap();
            list["messages"].as_array().filter(|messages| messages.len() >= count).cloned()
        })
        .await
    }
}

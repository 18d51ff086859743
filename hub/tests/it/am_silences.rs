//! Silences of Alertmanager's interface: made, listed, ended, and honoured by what reports through it.

use bytes::Bytes;
use hyper::Method;
use pregon_swarm::http::{Api, Reply};
use serde_json::{Value, json};

use crate::harness::TestHub;

struct Tool {
    api: Api,
    bearer: String,
}

impl Tool {
    async fn new(hub: &TestHub, name: &str, scope: &str) -> Self {
        let made = hub.admin.post("/api/tokens", &json!({"name": name, "scope": scope})).await.unwrap().expect(201).unwrap();
        Self { api: Api::new(&hub.endpoint()), bearer: format!("Bearer {}", made["token"].as_str().unwrap()) }
    }

    async fn ask(&self, method: Method, path: &str, body: &Value) -> Reply {
        let headers = [("authorization", self.bearer.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.api.raw(method, path, &headers, Bytes::from(body)).await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, &Value::Null).await.expect(200).unwrap()
    }

    async fn silence(&self, hub: &TestHub, matchers: Value, minutes: i64) -> String {
        let made = self.ask(Method::POST, "/api/v2/silences", &wanted(hub, matchers, minutes)).await.expect(200).unwrap();
        made["silenceID"].as_str().unwrap().to_owned()
    }

    async fn fire(&self) {
        let body =
            json!([{"labels": {"alertname": "DiskFull", "severity": "critical", "site": "sol"}, "startsAt": "2026-01-01T00:00:00Z"}]);
        assert_eq!(self.ask(Method::POST, "/api/v2/alerts", &body).await.status, 200);
    }
}

fn wanted(hub: &TestHub, matchers: Value, minutes: i64) -> Value {
    let now = hub.clock.now();
    json!({"matchers": matchers, "startsAt": now, "endsAt": now.plus_millis(minutes * 60_000), "createdBy": "ana", "comment": "works in Sol"})
}

fn is(name: &str, value: &str) -> Value {
    json!([{"name": name, "value": value, "isRegex": false, "isEqual": true}])
}

async fn standing(hub: &TestHub) -> usize {
    hub.get("/api/alerts").await["alerts"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_silenced_alert_raises_nothing_until_the_silence_ends_and_it_still_stands() {
    let hub = TestHub::start().await;
    hub.enrol(&["Sol"]).await;
    let (prometheus, amtool) = (Tool::new(&hub, "prometheus", "events").await, Tool::new(&hub, "amtool", "alerts").await);
    let id = amtool.silence(&hub, json!([{"name": "alertname", "value": "Disk.*", "isRegex": true}]), 60).await;
    prometheus.fire().await;
    assert_eq!(standing(&hub).await, 0);
    let listed = amtool.get("/api/v2/alerts").await;
    assert_eq!(listed[0]["status"], json!({"state": "suppressed", "silencedBy": [id], "inhibitedBy": [], "mutedBy": []}));
    assert_eq!(amtool.get("/api/v2/alerts?silenced=false").await, json!([]));
    prometheus.fire().await;
    assert_eq!(hub.get("/api/events").await["total"], 1);

    amtool.ask(Method::DELETE, &format!("/api/v2/silence/{id}"), &Value::Null).await.expect(200).unwrap();
    for _ in 0..2 {
        prometheus.fire().await;
        assert_eq!((standing(&hub).await, hub.get("/api/events").await["total"].as_i64()), (1, Some(2)));
    }
    assert_eq!(amtool.get("/api/v2/alerts?silenced=false").await[0]["status"]["state"], "active");
}

#[tokio::test]
async fn silences_of_both_interfaces_are_the_same_ones() {
    let hub = TestHub::start().await;
    let amtool = Tool::new(&hub, "amtool", "alerts").await;
    let id = amtool.silence(&hub, is("alertname", "DiskFull"), 60).await;
    let ours = hub.get("/api/silences").await["silences"][0].clone();
    assert_eq!(
        (ours["reason"].as_str(), ours["created_by"].as_str(), ours["active"].as_bool()),
        (Some("works in Sol"), Some("amtool"), Some(true))
    );
    let shown = amtool.get(&format!("/api/v2/silence/{id}")).await;
    assert_eq!((&shown["matchers"], &shown["status"]["state"]), (&is("alertname", "DiskFull"), &json!("active")));

    let mut next = wanted(&hub, is("alertname", "Other"), 90);
    next["id"] = json!(id);
    let replaced = amtool.ask(Method::POST, "/api/v2/silences", &next).await.expect(200).unwrap();
    assert_ne!(replaced["silenceID"], json!(id));
    assert_eq!(amtool.get(&format!("/api/v2/silence/{id}")).await["status"]["state"], "expired");

    let weekly = json!({"reason": "every sunday", "match": {"sources": ["router-*"], "severities": ["error"], "labels": {"site": "sol"}},
        "weekly": {"days": ["sun"], "from": "02:00", "to": "02:01", "time_zone": "Europe/Madrid"}});
    hub.admin.post("/api/silences", &weekly).await.unwrap().expect(201).unwrap();
    let all = amtool.get("/api/v2/silences").await;
    let weekly = all.as_array().unwrap().iter().find(|one| one["comment"] == "every sunday").unwrap();
    assert_eq!(weekly["matchers"][0], json!({"name": "source", "value": r"router\-.*", "isRegex": true, "isEqual": true}));
    assert_eq!(weekly["endsAt"], "9999-12-31T23:59:59Z");
    let filtered = amtool.get("/api/v2/silences?filter=alertname%3D%22Other%22").await;
    assert_eq!(filtered.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_sensor_silences_only_what_it_reports_itself() {
    let hub = TestHub::start().await;
    hub.enrol(&["Sol"]).await;
    let (one, other) = (Tool::new(&hub, "one", "events").await, Tool::new(&hub, "other", "events").await);
    let amtool = Tool::new(&hub, "amtool", "alerts").await;
    let id = one.silence(&hub, is("alertname", "DiskFull"), 60).await;
    one.fire().await;
    assert_eq!(standing(&hub).await, 0);
    other.fire().await;
    assert_eq!(standing(&hub).await, 1);
    let all = amtool.silence(&hub, is("alertname", "X"), 60).await;
    for (tool, id, status) in [(&other, &id, 403), (&one, &all, 403), (&one, &id, 200), (&amtool, &all, 200)] {
        assert_eq!(tool.ask(Method::DELETE, &format!("/api/v2/silence/{id}"), &Value::Null).await.status, status);
    }
    let metrics = Tool::new(&hub, "metrics", "metrics").await;
    assert_eq!(metrics.ask(Method::GET, "/api/v2/silences", &Value::Null).await.status, 403);
}

#[tokio::test]
async fn silences_that_make_no_sense_are_refused_in_words() {
    let hub = TestHub::start().await;
    let amtool = Tool::new(&hub, "amtool", "alerts").await;
    let past = wanted(&hub, is("alertname", "X"), -5);
    let table = [
        past,
        wanted(&hub, json!([]), 5_000_000),
        wanted(&hub, json!([{"name": "a", "value": "(", "isRegex": true}]), 5),
        wanted(&hub, json!([{"name": "a", "value": ".*", "isRegex": true}]), 5),
        wanted(&hub, json!([{"name": "a", "value": "\u{0}", "isEqual": "x"}]), 5),
        json!({}),
        json!([]),
    ];
    for body in table {
        let reply = amtool.ask(Method::POST, "/api/v2/silences", &body).await;
        assert!(reply.status == 400 && reply.json().as_str().is_some_and(|words| !words.is_empty()), "{body}: {}", reply.status);
    }
    for id in ["x", "7", "00000000-0000-4000-8000-0000000000ff"] {
        assert_eq!(amtool.ask(Method::GET, &format!("/api/v2/silence/{id}"), &Value::Null).await.status, 404);
    }
}

//! Rules as the administrator writes them: which events go where, what is one incident, what is silenced.

use pregon_swarm::http::Api;
use serde_json::{Value, json};
use shared::wire::to_agent::ToAgent;

use crate::harness::{MOMENT, PASSWORD, SOON, TestHub, until};

impl TestHub {
    /// Writes the rules anew.
    pub async fn rules(&self, rules: Value) -> Value {
        self.put("/api/rules", json!({ "rules": rules })).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Value {
        self.admin.put(path, &body).await.expect("an answer").expect(200).expect("a body")
    }

    pub async fn dry_run(&self, event: Value) -> Value {
        self.admin.post("/api/rules/dry-run", &json!({ "event": event })).await.expect("an answer").expect(200).expect("a body")
    }

    /// What rules did, newest first.
    pub async fn incidents(&self) -> Vec<Value> {
        self.get("/api/rules/activity").await["incidents"].as_array().expect("incidents").clone()
    }
}

fn to_all() -> Value {
    json!({"screens": [{"kind": "global"}]})
}

#[tokio::test]
async fn the_same_source_and_text_within_five_minutes_is_one_alert_with_a_counter() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let mut sensor = hub.sensor().await;
    let event = json!({"source": "fridge", "severity": "critical", "message": "warm"});
    for _ in 0..4 {
        sensor.event(&event).await.unwrap();
    }
    let first = agent.alert(SOON).await.unwrap();
    sensor.event(&json!({"source": "fridge", "severity": "critical", "message": "very warm"})).await.unwrap();
    assert_eq!(agent.alert(SOON).await.unwrap().text, "very warm", "another text is another alert");
    assert!(agent.recv(MOMENT).await.is_err(), "the same is said once");
    let incidents = hub.incidents().await;
    assert_eq!((&incidents[1]["count"], &incidents[1]["alerts"]), (&json!(4), &json!([first.id.to_string()])));
    hub.clock.advance(5 * 60 * 1_000);
    sensor.event(&event).await.unwrap();
    assert_ne!(agent.alert(SOON).await.unwrap().id, first.id);
    assert_eq!(hub.get("/api/rules").await["builtin"], true);
}

#[tokio::test]
async fn rules_are_asked_in_order_and_hold_at_once() {
    let hub = TestHub::start().await;
    let (mut sol, mut mar) = (hub.agent("sol").await, hub.agent("mar").await);
    let mut sensor = hub.sensor().await;
    let set = json!([
        {"name": "ignore the test bench", "match": {"sources": ["bench-*"]}},
        {"name": "kitchen", "match": {"sources": ["kitchen-*"], "severities": ["warning", "critical"], "labels": {"floor": "1*"}},
         "then": {"screens": [{"kind": "private", "name": "mar"}]}},
    ]);
    let saved = hub.rules(set).await;
    assert_eq!((&saved["builtin"], &saved["version"], saved["rules"][0]["id"].as_str().unwrap().len()), (&json!(false), &json!(1), 10));
    for (source, floor) in [("bench-1", "12"), ("kitchen-7", "2"), ("fridge", "12")] {
        sensor.event(&json!({"source": source, "severity": "critical", "message": "m", "labels": {"floor": floor}})).await.unwrap();
    }
    sensor.event(&json!({"source": "Kitchen-7", "severity": "warning", "message": "smoke", "labels": {"floor": "12"}})).await.unwrap();
    let alert = mar.alert(SOON).await.unwrap();
    assert_eq!((alert.text.as_str(), alert.from.as_str()), ("smoke", "Kitchen-7"));
    assert!(sol.recv(MOMENT).await.is_err() && mar.recv(MOMENT).await.is_err());
    hub.admin.delete("/api/rules").await.unwrap().expect(200).unwrap();
    sensor.event(&json!({"source": "bench-1", "severity": "critical", "message": "again"})).await.unwrap();
    assert_eq!(sol.alert(SOON).await.unwrap().text, "again", "the built-in rules hold again");
}

#[tokio::test]
async fn what_waits_is_gathered_resolved_or_hurried_by_a_critical_event() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let mut sensor = hub.sensor().await;
    hub.rules(json!([{"name": "slow", "then": to_all(), "wait_s": 60, "group": {"by": "source", "window_s": 600}}])).await;
    let say = |source: &str, severity: &str, text: &str| json!({"source": source, "severity": severity, "message": text});
    for text in ["one", "two", "three"] {
        sensor.event(&say("a", "error", text)).await.unwrap();
    }
    let held = json!({"source": "b", "severity": "error", "message": "m", "dedup_key": "b-1"});
    sensor.event(&held).await.unwrap();
    sensor.event(&json!({"source": "b", "dedup_key": "b-1", "resolved": true})).await.unwrap();
    sensor.event(&say("c", "warning", "smoke")).await.unwrap();
    assert!(agent.recv(MOMENT).await.is_err(), "they wait");
    sensor.event(&say("c", "critical", "fire")).await.unwrap();
    let hurried = agent.alert(SOON).await.unwrap();
    assert_eq!((hurried.text.as_str(), hurried.severity.as_str()), ("fire (×2)", "critical"));
    hub.clock.advance(61_000);
    assert_eq!(agent.alert(SOON).await.unwrap().text, "three (×3)");
    assert!(agent.recv(MOMENT).await.is_err(), "what was resolved says nothing");
    let outcomes: Vec<Value> = hub.incidents().await.into_iter().map(|incident| incident["steps"][0]["outcome"].clone()).collect();
    assert_eq!(outcomes, ["done", "resolved", "done"]);
}

#[tokio::test]
async fn a_silenced_event_is_kept_and_marked_and_raises_nothing() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let mut sensor = hub.sensor().await;
    hub.rules(json!([{"name": "all", "then": to_all()}])).await;
    let technician = hub.user("tina", "technician").await;
    let end = shared::Timestamp::from_millis(hub.clock.now().as_millis() + 3_600_000).to_string();
    let silence = json!({"match": {"sources": ["fri*"]}, "reason": "defrosting", "ends_at": end});
    let made = technician.post("/api/silences", &silence).await.unwrap().expect(201).unwrap();
    assert_eq!((&made["active"], &made["created_by"]), (&json!(true), &json!("tina")));
    sensor.event(&json!({"source": "fridge", "severity": "error", "message": "warm"})).await.unwrap();
    assert!(agent.recv(MOMENT).await.is_err());
    assert_eq!(hub.get("/api/events?limit=1").await["events"][0]["silenced_by"], made["id"]);
    let said = hub.dry_run(json!({"source": "fridge", "severity": "error"})).await;
    assert_eq!((&said["outcome"], &said["silenced_why"]), (&json!("silenced"), &json!("defrosting")));
    sensor.event(&json!({"source": "fridge", "severity": "critical", "message": "burning"})).await.unwrap();
    assert_eq!(agent.alert(SOON).await.unwrap().text, "burning", "a critical one only if the silence says so");
    let path = format!("/api/silences/{}", made["id"]);
    technician.delete(&path).await.unwrap().expect(204).unwrap();
    technician.delete(&path).await.unwrap().expect(204).expect("a second time changes nothing");
    sensor.event(&json!({"source": "fridge", "severity": "info", "message": "open"})).await.unwrap();
    assert_eq!(agent.alert(SOON).await.unwrap().text, "open");
    let row = hub.get("/api/silences").await["silences"][0].clone();
    assert_eq!((&row["over"], &row["ended_by"]), (&json!(true), &json!("tina")));
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_why_not_and_changes_nothing() {
    let hub = TestHub::start().await;
    hub.agent("sol").await;
    let event = json!({"source": "fridge", "severity": "critical", "message": "warm"});
    let said = hub.dry_run(event.clone()).await;
    assert_eq!((&said["outcome"], &said["effects"][0]["screens"]), (&json!("acts"), &json!([{"kind": "global"}])));
    assert_eq!(hub.get("/api/stats").await["total_events"], 0);
    hub.sensor().await.event(&event).await.unwrap();
    let said = hub.dry_run(event.clone()).await;
    assert_eq!((&said["outcome"], &said["effects"][0]["joins"]["count"]), (&json!("grouped"), &json!(1)));
    assert_eq!(hub.dry_run(json!({"source": "fridge", "dedup_key": "k", "resolved": true})).await["outcome"], "resolves");
    let said = hub.dry_run(json!({"source": "fridge", "severity": "info"})).await;
    assert_eq!((&said["outcome"], &said["asked"][0]["reason"]), (&json!("recorded"), &json!("severity")));
    let unsaved = json!({"event": event, "rules": [{"name": "mine", "match": {"sources": ["oven"]}}]});
    let said = hub.admin.post("/api/rules/dry-run", &unsaved).await.unwrap().expect(200).unwrap();
    assert_eq!((&said["outcome"], &said["asked"][0]["reason"]), (&json!("recorded"), &json!("source")));
}

#[tokio::test]
async fn bad_rules_are_refused_with_their_paths_and_the_old_ones_hold() {
    let hub = TestHub::start().await;
    let refuse = async |path: &str, body: Value| {
        let reply = hub.admin.put(path, &body).await.unwrap().expect(422).unwrap();
        reply["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let long = "x".repeat(5_000);
    let set = json!({"rules": [{"name": long, "then": {"mail": ["a b@c", "\r\nBcc: x@y"]}, "match": {"sources": ["a\u{0}b", long]}}]});
    let expected = ["rules[0].name", "rules[0].match.sources[1]", "rules[0].then.mail[0]", "rules[0].then.mail[1]"];
    assert_eq!(refuse("/api/rules", set).await, expected);
    refuse("/api/rules", json!({"rules": [{"name": 7}]})).await;
    refuse("/api/rules", json!({"rules": [{"name": "a", "surprise": true}]})).await;
    refuse("/api/rules", json!({"rules": vec![json!({"name": "a"}); 201]})).await;
    assert_eq!(
        refuse("/api/rules", json!({"rules": [{"name": "a", "then": {"on_call": ["Nobody"]}}]})).await,
        ["rules[0].then.on_call[0]"]
    );
    assert_eq!(
        refuse("/api/watches", json!({"watches": [{"name": "w", "source": "", "every_s": 60, "severity": "error"}]})).await.len(),
        1
    );
    assert_eq!(hub.get("/api/rules").await["builtin"], true);
    hub.rules(json!([])).await;
    let late = hub.admin.put("/api/rules", &json!({"rules": [], "version": 0})).await.unwrap();
    late.expect(409).expect("somebody else was faster");
}

#[tokio::test]
async fn who_is_on_call_is_reached_and_a_rotation_in_use_stays() {
    let hub = TestHub::start().await;
    let (mut sol, mut mar) = (hub.agent("sol").await, hub.agent("mar").await);
    let turn = |name: &str, screen: &str| json!({"name": name, "screens": [{"kind": "private", "name": screen}], "mail": []});
    let start = hub.clock.now().plus_millis(-3 * 24 * 3_600_000).to_string().split('T').next().unwrap().to_owned();
    let rotation = json!({"name": "Guard", "time_zone": "Europe/Madrid", "starts_on": start, "hand_over": "08:00",
        "turns": [turn("Ana", "sol"), turn("Ben", "mar")]});
    let saved = hub.put("/api/on-call", json!({"on_call": [rotation]})).await;
    assert_eq!(saved["on_call"][0]["now"], "Ana");
    hub.rules(json!([{"name": "to the guard", "then": {"on_call": ["Guard"]}}])).await;
    hub.sensor().await.event(&json!({"source": "s", "message": "first"})).await.unwrap();
    assert_eq!(sol.alert(SOON).await.unwrap().text, "first");
    hub.clock.advance(7 * 24 * 3_600_000);
    hub.sensor().await.event(&json!({"source": "s", "message": "second"})).await.unwrap();
    assert_eq!(mar.alert(SOON).await.unwrap().text, "second");
    // The log-in of a week ago has run out.
    let admin = Api::admin(&hub.endpoint(), PASSWORD).await.unwrap();
    let refused = admin.put("/api/on-call", &json!({"on_call": []})).await.unwrap().expect(422).unwrap();
    assert_eq!(refused["errors"][0]["reason"], "rule to the guard names the rotation Guard");
}

#[tokio::test]
async fn an_incident_that_says_something_else_amends_its_alert_at_most_once_a_minute_unless_it_is_worse() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let mut sensor = hub.sensor().await;
    hub.rules(json!([{"name": "all", "then": to_all()}])).await;
    let say = |severity: &str, text: &str| json!({"source": "fridge", "severity": severity, "message": text, "dedup_key": "f"});
    sensor.event(&say("warning", "8 °C")).await.unwrap();
    let first = agent.alert(SOON).await.unwrap();
    sensor.event(&say("warning", "9 °C")).await.unwrap();
    let second = agent.alert(SOON).await.unwrap();
    assert_eq!(second.text, "9 °C");
    assert!(matches!(agent.recv(SOON).await.unwrap(), ToAgent::Withdraw(withdraw) if withdraw.id == first.id));
    sensor.event(&say("warning", "10 °C")).await.unwrap();
    assert!(agent.recv(MOMENT).await.is_err(), "a minute has not passed");
    sensor.event(&say("critical", "20 °C")).await.unwrap();
    let worse = agent.alert(SOON).await.unwrap();
    assert_eq!((worse.text.as_str(), worse.severity.as_str()), ("20 °C", "critical"));
    assert!(matches!(agent.recv(SOON).await.unwrap(), ToAgent::Withdraw(withdraw) if withdraw.id == second.id));
    sensor.event(&json!({"source": "fridge", "dedup_key": "f", "resolved": true})).await.unwrap();
    assert!(matches!(agent.recv(SOON).await.unwrap(), ToAgent::Withdraw(withdraw) if withdraw.id == worse.id));
    assert_eq!(hub.incidents().await[0]["count"], 4);
}

#[tokio::test]
async fn a_source_that_must_report_and_is_silent_is_an_incident_until_it_reports_again() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let mut sensor = hub.sensor().await;
    hub.put("/api/watches", json!({"watches": [{"name": "Backup", "source": "backup-*", "every_s": 600, "severity": "critical"}]})).await;
    sensor.event(&json!({"source": "backup-7", "message": "done"})).await.unwrap();
    assert!(agent.recv(MOMENT).await.is_err());
    hub.clock.advance(601_000);
    let alert = agent.alert(SOON).await.unwrap();
    assert_eq!((alert.from.as_str(), alert.text.as_str()), ("pregon", "Backup: no sign of life from backup-* for 10 min"));
    until("said as silent", async || hub.get("/api/watches").await["watches"][0]["silent_since"].is_string()).await;
    sensor.event(&json!({"source": "other", "message": "not me"})).await.unwrap();
    assert!(agent.recv(MOMENT).await.is_err(), "said once");
    sensor.event(&json!({"source": "backup-7", "message": "done"})).await.unwrap();
    assert!(matches!(agent.recv(SOON).await.unwrap(), ToAgent::Withdraw(withdraw) if withdraw.id == alert.id));
    let events = hub.get("/api/events").await;
    let said = events["events"].as_array().unwrap().iter().filter(|event| event["channel"] == "hub").count();
    assert_eq!(said, 2);
}

//! Alerts that are sent later: once, again and again, and never twice.

use hyper::Method;
use pregon_swarm::http::{Api, Reply};
use serde_json::{Value, json};
use shared::Timestamp;

use crate::harness::{MOMENT, PASSWORD, SOON, TestHub, id, until};

const HOUR: i64 = 60 * 60 * 1_000;
const DAY: i64 = 24 * HOUR;

fn body(hub: &TestHub, ahead_ms: i64, more: Value) -> Value {
    let mut body = json!({"audience": {"kind": "global"}, "text": "later", "send_at": hub.clock.now().plus_millis(ahead_ms)});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn sent(hub: &TestHub) -> u64 {
    hub.get("/api/alerts").await["total"].as_u64().unwrap()
}

/// A day later the log-in of before has run out.
async fn again(hub: &TestHub) -> Api {
    Api::admin(&hub.endpoint(), PASSWORD).await.unwrap()
}

async fn list(api: &Api) -> Value {
    api.get("/api/scheduled").await.unwrap().expect(200).unwrap()
}

#[tokio::test]
async fn a_planned_alert_waits_for_its_time_and_reaches_who_is_there_then() {
    let hub = TestHub::start().await;
    let planned = hub.send(body(&hub, HOUR, json!({"severity": "warning", "free_reply": true, "expires_in_s": 600}))).await;
    assert!(planned["scheduled_for"].is_string() && planned["recipients"] == 0, "{planned}");
    let mut agent = hub.agent("enrolled meanwhile").await;
    assert!(agent.recv(MOMENT).await.is_err());
    let waiting = hub.get("/api/scheduled").await;
    let one = &waiting["scheduled"][0];
    assert_eq!(
        (&waiting["total"], &one["text"], &one["from"], &one["next_at"]),
        (&json!(1), &json!("later"), &json!("admin"), &planned["scheduled_for"])
    );
    hub.clock.advance(HOUR);
    let alert = agent.alert(SOON).await.unwrap();
    assert_eq!((alert.from.as_str(), alert.free_reply), ("admin", true));
    assert!(alert.expires_in_s.is_some_and(|left| (598..=600).contains(&left)), "counted from then: {:?}", alert.expires_in_s);
    assert_eq!(list(&again(&hub).await).await["total"], 0);
    let shown = again(&hub).await.get(&format!("/api/alerts/{}", alert.id)).await.unwrap().expect(200).unwrap();
    assert_eq!((&shown["timeline"][0]["kind"], &shown["timeline"][1]["kind"]), (&json!("scheduled"), &json!("sent")));
    assert!(agent.recv(MOMENT).await.is_err(), "once");
}

#[tokio::test]
async fn a_clock_that_jumps_days_ahead_sends_each_once_and_one_that_jumps_back_none() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    hub.send(body(&hub, HOUR, json!({"text": "daily", "repeat": {"every": "day"}}))).await;
    hub.send(body(&hub, 2 * HOUR, json!({"text": "once"}))).await;
    hub.clock.advance(5 * DAY);
    assert_eq!([agent.alert(SOON).await.unwrap().text, agent.alert(SOON).await.unwrap().text], ["daily", "once"]);
    assert!(agent.recv(MOMENT * 5).await.is_err(), "no flood of what was missed");
    let waiting = list(&again(&hub).await).await;
    let next = Timestamp::parse(waiting["scheduled"][0]["next_at"].as_str().unwrap()).unwrap();
    assert!((0..=DAY).contains(&next.millis_since(hub.clock.now())), "{waiting}");
    hub.clock.advance(-3 * DAY);
    assert!(agent.recv(MOMENT * 5).await.is_err(), "nothing is sent again");
    hub.clock.advance(4 * DAY);
    assert_eq!(agent.alert(SOON).await.unwrap().text, "daily");
}

#[tokio::test]
async fn it_is_changed_and_called_off_before_its_time() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let path = |planned: &Value| format!("/api/scheduled/{}", id(planned));
    let first = hub.send(body(&hub, HOUR, json!({"repeat": {"every": "week", "time_zone": "Europe/Madrid"}}))).await;
    let marta = hub.user("marta", "technician").await;
    let change = body(&hub, 2 * HOUR, json!({"text": "better", "severity": "error"}));
    let changed = marta.put(&path(&first), &change).await.unwrap().expect(200).unwrap();
    assert_eq!((&changed["text"], &changed["from"], &changed["repeat"]), (&json!("better"), &json!("marta"), &Value::Null));
    let second = hub.send(body(&hub, HOUR, json!({}))).await;
    assert_eq!(hub.admin.delete(&path(&second)).await.unwrap().status, 204);
    for gone in [hub.admin.delete(&path(&second)).await, hub.admin.get(&path(&second)).await, hub.admin.put(&path(&second), &change).await]
    {
        assert_eq!(gone.unwrap().status, 404);
    }
    hub.clock.advance(2 * HOUR);
    let alert = agent.alert(SOON).await.unwrap();
    assert_eq!((alert.text.as_str(), alert.from.as_str()), ("better", "marta"));
    assert!(agent.recv(MOMENT).await.is_err());
}

#[tokio::test]
async fn whoever_planned_it_must_still_be_there_and_allowed_to_send() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let (marta, nico) = (hub.user("marta", "technician").await, hub.user("nico", "technician").await);
    let (token, secret) = hub.token("cron", "alerts").await;
    let program = Api::with_token(&hub.endpoint(), &secret);
    for (api, text) in [(&marta, "of marta"), (&nico, "of nico"), (&program, "of cron"), (&hub.admin, "of admin")] {
        api.post("/api/alerts", &body(&hub, 60_000, json!({"text": text}))).await.unwrap().expect(201).unwrap();
    }
    assert_eq!(hub.admin.delete("/api/users/marta").await.unwrap().status, 204);
    assert_eq!(hub.admin.request(Method::PATCH, "/api/users/nico", &[], Some(&json!({"role": "viewer"}))).await.unwrap().status, 204);
    assert_eq!(hub.admin.delete(&format!("/api/tokens/{token}")).await.unwrap().status, 204);
    hub.clock.advance(60_000);
    assert_eq!(agent.alert(SOON).await.unwrap().text, "of admin");
    until("three are reported", async || hub.get("/api/events").await["events"].as_array().unwrap().len() == 3).await;
    assert!(agent.recv(MOMENT * 5).await.is_err());
    let waiting = hub.get("/api/scheduled").await;
    let failures: Vec<&str> = waiting["scheduled"].as_array().unwrap().iter().map(|one| one["failure"].as_str().unwrap()).collect();
    assert!(failures.iter().any(|why| why.contains("marta does not exist")), "{failures:?}");
    assert!(failures.iter().any(|why| why.contains("nico may not send")), "{failures:?}");
    let event = &hub.get("/api/events").await["events"][0];
    assert_eq!((&event["channel"], &event["source"], &event["severity"]), (&json!("hub"), &json!("pregon"), &json!("warning")));
    // Whoever takes it over sends it.
    let taken = &waiting["scheduled"][0];
    let path = format!("/api/scheduled/{}", id(taken));
    let changed = hub.admin.put(&path, &body(&hub, 60_000, json!({"text": "taken over"}))).await.unwrap().expect(200).unwrap();
    assert_eq!(changed["failure"], Value::Null);
    hub.clock.advance(60_000);
    assert_eq!(agent.alert(SOON).await.unwrap().text, "taken over");
}

#[tokio::test]
async fn what_cannot_be_planned_is_refused_and_a_retry_plans_nothing_new() {
    let hub = TestHub::start().await;
    let post = async |body: &Value, headers: &[(&str, &str)]| -> Reply {
        hub.admin.request(Method::POST, "/api/alerts", headers, Some(body)).await.unwrap()
    };
    let table = [
        (body(&hub, -HOUR, json!({})), "send_at"),
        (body(&hub, 400 * DAY, json!({})), "send_at"),
        (body(&hub, HOUR, json!({"send_at": "mañana"})), "send_at"),
        (body(&hub, HOUR, json!({"send_at": 5})), "send_at"),
        (body(&hub, HOUR, json!({"send_at": null, "repeat": {"every": "day"}})), "send_at"),
        (body(&hub, HOUR, json!({"repeat": {"every": "hour"}})), "repeat.every"),
        (body(&hub, HOUR, json!({"repeat": {"every": "day", "time_zone": "Europe/Nowhere"}})), "repeat.time_zone"),
        (body(&hub, HOUR, json!({"repeat": {"every": "day", "until": hub.clock.now()}})), "repeat.until"),
        (body(&hub, HOUR, json!({"require_online": true})), "require_online"),
        (body(&hub, HOUR, json!({"text": " "})), "text"),
    ];
    for (body, field) in table {
        let refused = post(&body, &[]).await;
        assert_eq!((refused.status, refused.json()["errors"][0]["field"].as_str()), (422, Some(field)), "{body}: {}", refused.json());
    }
    let key = [("idempotency-key", "one")];
    let now = post(&json!({"audience": {"kind": "global"}, "text": "now"}), &key).await.expect(201).unwrap();
    let later = body(&hub, HOUR, json!({}));
    let first = post(&later, &key).await.expect(201).unwrap();
    assert_ne!(id(&first), id(&now), "what is planned is another thing than what was sent");
    assert_eq!(id(&post(&later, &key).await.expect(201).unwrap()), id(&first));
    assert_eq!((hub.get("/api/scheduled").await["total"].clone(), sent(&hub).await), (json!(1), 1));
}

#[tokio::test]
async fn a_hub_that_was_off_sends_what_it_missed_once() {
    use pregon_swarm::hub::Process;
    let mut hub = Process::start().await.unwrap();
    let admin = hub.admin().await.unwrap();
    let soon = |ms: i64| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
        Timestamp::from_millis(i64::try_from(now).unwrap() + ms)
    };
    for number in 0..5 {
        let body = json!({"audience": {"kind": "global"}, "text": format!("n{number}"), "send_at": soon(1_200 + 150 * number)});
        admin.post("/api/alerts", &body).await.unwrap().expect(201).unwrap();
    }
    // Killed somewhere in the middle of sending them.
    until("one is sent", async || admin.get("/api/alerts").await.unwrap().json()["total"].as_u64() >= Some(1)).await;
    hub.kill().unwrap();
    hub.restart().await.unwrap();
    let admin = hub.admin().await.unwrap();
    until("all are sent", async || list(&admin).await["total"] == 0).await;
    assert_eq!(admin.get("/api/alerts").await.unwrap().json()["total"], 5);
}

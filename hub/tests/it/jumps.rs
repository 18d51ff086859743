//! A clock that is put a day forward or back: retries, and who is away, go by the time that has really passed.

use hyper::Method;
use serde_json::json;

use crate::harness::{MOMENT, TestHub, key, until};
use crate::post::{Mood, PostOffice};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// Log-ins that outlive the hours of these tests.
const PATIENT: &[(&str, &str)] = &[("PREGON_AUTH_ADMIN_IDLE", "12h")];

impl TestHub {
    async fn jump(&self, millis: i64) {
        self.clock.jump(millis);
        until("the hub has followed", async || self.clock.jumped().is_none()).await;
    }

    async fn watch(&self, name: &str, after_s: u32) {
        let action = json!({"action": {"kind": "important", "after_s": after_s}, "names": [name]});
        self.admin.post("/api/client-actions", &action).await.unwrap().expect(200).unwrap();
    }

    async fn is_missed(&self, name: &str) -> bool {
        self.get(&format!("/api/clients/{name}")).await["gone_noticed_at"].is_string()
    }
}

#[tokio::test]
async fn a_retry_gets_the_first_answer_whatever_the_clock_does_meanwhile() {
    let hub = TestHub::with(PATIENT).await;
    let event = json!({"source": "fridge", "id": "e-1", "severity": "error", "message": "warm"});
    let alert = json!({"audience": {"kind": "global"}, "text": "once"});
    let report = async || hub.admin.post("/api/events", &event).await.unwrap().json()["event_id"].clone();
    let send = async || {
        let sent = hub.admin.request(Method::POST, "/api/alerts", &[("idempotency-key", "k")], Some(&alert)).await.unwrap();
        sent.json()["id"].clone()
    };
    let first = (report().await, send().await);
    assert!(first.0.is_i64() && first.1.is_string(), "{first:?}");
    for jump in [DAY + MINUTE, -2 * DAY, DAY] {
        hub.jump(jump).await;
        assert_eq!((report().await, send().await), first, "after a jump of {jump} ms");
    }
    hub.clock.advance(DAY + MINUTE);
    let admin = pregon_swarm::http::Api::admin(&hub.endpoint(), crate::harness::PASSWORD).await.unwrap();
    let later = admin.post("/api/events", &event).await.unwrap().json()["event_id"].clone();
    assert_ne!(later, first.0, "after a day that has passed it is another one");
}

#[tokio::test]
async fn a_mail_that_waits_for_its_next_try_neither_hurries_nor_stays_for_a_day() {
    let office = PostOffice::open().await;
    office.turn(Mood::Recipient("451 4.3.0 come back later"));
    let hub = office.hub(PATIENT).await;
    hub.admin.post("/api/events", &json!({"source": "s", "severity": "error", "message": "m"})).await.unwrap().expect(201).unwrap();
    let failed = async || hub.get("/api/emails?status=failed").await["total"].as_i64().unwrap();
    until("the first try failed", async || failed().await == 1).await;
    for jump in [DAY, -2 * DAY] {
        hub.jump(jump).await;
        tokio::time::sleep(MOMENT * 6).await;
        assert_eq!(failed().await, 1, "thirty seconds have not passed: {}", hub.get("/api/emails").await);
    }
    office.turn(Mood::Good);
    hub.clock.advance(31_000);
    assert_eq!(office.until(1).await.len(), 1, "and now they have");
}

#[tokio::test]
async fn who_left_before_a_jump_is_away_as_long_as_has_passed() {
    let hub = TestHub::with(PATIENT).await;
    hub.agent("sol").await.close().await.unwrap();
    until("it is away", async || hub.get("/api/clients").await["online"] == 0).await;
    hub.clock.advance(6 * MINUTE);
    for jump in [DAY, -3 * DAY, DAY] {
        hub.jump(jump).await;
    }
    // Nobody has looked at it before: it matters from now on.
    hub.watch("sol", 3_600).await;
    tokio::time::sleep(MOMENT * 8).await;
    assert!(!hub.is_missed("sol").await, "six minutes are no hour");
    let hub = hub.restarted(6 * MINUTE, PATIENT).await;
    hub.jump(DAY).await;
    tokio::time::sleep(MOMENT * 8).await;
    assert!(!hub.is_missed("sol").await, "nor are twelve, after a restart");
    hub.clock.advance(49 * MINUTE);
    until("it is missed", async || hub.is_missed("sol").await).await;
}

#[tokio::test]
async fn an_important_client_that_never_came_is_missed_after_its_limit_from_its_enrolment() {
    let hub = TestHub::with(PATIENT).await;
    hub.enrol(&["luna"]).await;
    hub.watch("luna", 3_600).await;
    hub.clock.advance(59 * MINUTE);
    hub.jump(DAY).await;
    tokio::time::sleep(MOMENT * 8).await;
    assert!(!hub.is_missed("luna").await, "not yet");
    hub.clock.advance(2 * MINUTE);
    until("it is missed", async || hub.is_missed("luna").await).await;
    let events = hub.get("/api/events?search=luna").await;
    assert_eq!(events["events"][0]["message"], "luna: enrolled 1 h 1 min ago and never connected");
    let _luna = hub.connect("luna").await;
    until("it is there", async || !hub.is_missed("luna").await).await;
    // Shut out and enrolled again, it has its time anew.
    hub.admin.delete("/api/clients/luna").await.unwrap().expect(204).unwrap();
    hub.clock.advance(120 * MINUTE);
    hub.admin.post("/api/clients", &json!({"name": "luna", "secret": key("luna")})).await.unwrap().expect(201).unwrap();
    tokio::time::sleep(MOMENT * 8).await;
    assert!(!hub.is_missed("luna").await, "enrolled a moment ago");
}

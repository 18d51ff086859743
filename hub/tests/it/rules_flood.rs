//! Many events at once that rules take into few incidents: each is counted, and the audit of mail names each.

use serde_json::{Value, json};

use crate::harness::{SOON, TestHub};

const EVENTS: usize = 1_200;
/// Texts that differ, each an incident of its own.
const TEXTS: usize = 7;

/// All lines in flight at once, so that the hub saves them in batches. The numbers of the events.
async fn flood(hub: &TestHub, events: impl Iterator<Item = Value>) -> Vec<i64> {
    let lines: Vec<String> = events.map(|event| format!("{event}\n")).collect();
    let mut sensor = hub.sensor().await;
    sensor.send(lines.concat().as_bytes()).await.unwrap();
    let mut numbers = Vec::with_capacity(lines.len());
    for _ in &lines {
        numbers.push(sensor.answer(SOON).await.unwrap()["event_id"].as_i64().unwrap());
    }
    numbers
}

fn errors() -> impl Iterator<Item = Value> {
    (0..EVENTS).map(|number| json!({"source": "s", "severity": "error", "message": format!("text {}", number % TEXTS)}))
}

fn counts(incidents: &[Value]) -> Vec<u64> {
    let mut counts: Vec<u64> = incidents.iter().map(|incident| incident["count"].as_u64().unwrap()).collect();
    counts.sort_unstable();
    counts
}

#[tokio::test]
async fn every_event_of_a_flood_is_counted_and_has_its_row_in_the_audit_of_mail() {
    let hub = TestHub::start().await;
    let numbers = flood(&hub, errors()).await;
    assert_eq!(counts(&hub.incidents().await), [171, 171, 171, 171, 172, 172, 172]);
    assert_eq!(hub.get("/api/stats").await["email"], json!({"sent": 0, "failed": 0, "skipped": EVENTS}));
    for (place, detail) in [(0, "smtp.host"), (TEXTS, "an event before it"), (EVENTS - 1, "an event before it")] {
        let found = hub.get(&format!("/api/emails?event={}", numbers[place])).await;
        let row = &found["emails"][0];
        assert_eq!((&found["total"], &row["status"], &row["event_id"]), (&json!(1), &json!("skipped"), &json!(numbers[place])));
        assert!(row["detail"].as_str().unwrap().contains(detail), "{row}");
        assert!(row["subject"].as_str().unwrap().starts_with("s: "), "{row}");
    }
}

#[tokio::test]
async fn what_is_remembered_between_batches_ends_with_the_window() {
    let hub = TestHub::start().await;
    flood(&hub, errors()).await;
    hub.clock.advance(4 * 60 * 1_000);
    flood(&hub, errors()).await;
    assert_eq!(hub.incidents().await.len(), TEXTS);
    hub.clock.advance(60 * 1_000);
    flood(&hub, errors()).await;
    assert_eq!(counts(&hub.incidents().await), [171, 171, 171, 171, 172, 172, 172, 342, 342, 342, 342, 344, 344, 344]);
}

#[tokio::test]
async fn what_another_rule_asks_for_is_an_incident_of_its_own_at_once() {
    let hub = TestHub::start().await;
    flood(&hub, errors()).await;
    let group = json!({"by": "source_and_text", "window_s": 300});
    hub.rules(json!([{"name": "other", "match": {"severities": ["error"]}, "then": {"mail": ["default"]}, "group": group}])).await;
    flood(&hub, errors()).await;
    assert_eq!(hub.incidents().await.len(), 2 * TEXTS);
    hub.admin.delete("/api/rules").await.unwrap().expect(200).unwrap();
    flood(&hub, errors()).await;
    assert_eq!(counts(&hub.incidents().await).iter().sum::<u64>(), 3 * EVENTS as u64);
    assert_eq!(hub.incidents().await.len(), 2 * TEXTS, "the first ones took the last in");
}

#[tokio::test]
async fn critical_events_of_a_flood_belong_to_the_alert_of_their_incident() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let events = (0..EVENTS).map(|number| {
        let severity = if number % 2 == 0 { "critical" } else { "info" };
        json!({"source": "s", "severity": severity, "message": "fire"})
    });
    flood(&hub, events).await;
    let alert = agent.alert(SOON).await.unwrap();
    let incidents = hub.incidents().await;
    assert_eq!((incidents.len(), &incidents[0]["count"], &incidents[0]["alerts"]), (1, &json!(600), &json!([alert.id.to_string()])));
    let database = rusqlite::Connection::open(hub.data.path().join("pregon.db")).unwrap();
    let linked: i64 = database.query_row("select count(*) from events where alert_seq is not null", [], |row| row.get(0)).unwrap();
    assert_eq!(linked, 600);
}

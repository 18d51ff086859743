//! The plain TCP port: one answer a line, in order, after the event is on disk.

use std::collections::HashSet;

use serde_json::{Value, json};
use shared::wire::to_agent::ToAgent;

use crate::harness::{MOMENT, SOON, TestHub};

#[tokio::test]
async fn each_line_has_its_answer_in_order_and_bad_ones_do_not_end_the_connection() {
    let hub = TestHub::start().await;
    let mut sensor = hub.sensor().await;
    let lines = b"{\"source\":\"router\",\"severity\":\"warning\",\"message\":\"slow\"}\nnonsense\n[]\n{\"message\":7}\n\xff\n{}\r\n";
    sensor.send(lines).await.unwrap();
    let expected = ["", "invalid_json", "invalid_event", "invalid_event", "invalid_json", ""];
    let mut ids = Vec::new();
    for word in expected {
        let answer = sensor.answer(SOON).await.unwrap();
        match word {
            "" => ids.push(answer["event_id"].as_i64().unwrap_or_else(|| panic!("{answer}"))),
            word => assert_eq!((&answer["ok"], answer["error"].as_str()), (&json!(false), Some(word)), "{answer}"),
        }
    }
    let events = hub.get("/api/events").await;
    let (last, first) = (&events["events"][0], &events["events"][1]);
    assert_eq!((first["id"].as_i64(), last["id"].as_i64()), (Some(ids[0]), Some(ids[1])));
    assert_eq!(
        (first["source"].as_str(), first["severity"].as_str(), first["channel"].as_str()),
        (Some("router"), Some("warning"), Some("tcp_socket"))
    );
    assert_eq!(
        (last["source"].as_str(), last["severity"].as_str(), last["message"].as_str()),
        (Some("127.0.0.1"), Some("info"), Some("(no message)"))
    );
}

#[tokio::test]
async fn unknown_severities_and_long_texts_are_kept_within_limits() {
    let hub = TestHub::start().await;
    let mut sensor = hub.sensor().await;
    let event = json!({"source": "s".repeat(100), "severity": "PANIC", "message": "é".repeat(400), "extra": [1]});
    sensor.event(&event).await.unwrap();
    let kept = hub.get("/api/events").await["events"][0].clone();
    assert_eq!((kept["source"].as_str().unwrap().len(), kept["message"].as_str().unwrap().chars().count()), (80, 300));
    assert_eq!((kept["severity"].as_str(), &kept["raw_payload"]), (Some("info"), &event));
}

#[tokio::test]
async fn a_line_beyond_16_kib_is_refused_and_ends_its_connection() {
    let hub = TestHub::start().await;
    let mut sensor = hub.sensor().await;
    sensor.send(format!("{{}}\n{}\n", "x".repeat(17 * 1024)).as_bytes()).await.unwrap();
    assert_eq!(sensor.answer(SOON).await.unwrap()["ok"], true);
    assert_eq!(sensor.answer(SOON).await.unwrap()["error"], "line_too_long");
    assert!(sensor.answer_or_end(SOON).await.unwrap().is_none());
    hub.sensor().await.event(&json!({})).await.expect("others go on");
}

#[tokio::test]
async fn a_thousand_lines_in_flight_are_answered_in_order() {
    let hub = TestHub::start().await;
    let mut sensor = hub.sensor().await;
    let lines: String = (0..1_000).map(|number| format!("{{\"message\":\"{number}\"}}\n")).collect();
    sensor.send(lines.as_bytes()).await.unwrap();
    let mut last = 0;
    for _ in 0..1_000 {
        let id = sensor.answer(SOON).await.unwrap()["event_id"].as_i64().unwrap();
        assert!(id > last, "events are numbered in the order they were said");
        last = id;
    }
    assert_eq!(hub.get("/api/stats").await["total_events"], 1_000);
    assert_eq!(hub.get("/api/events?limit=1").await["events"][0]["message"], "999");
}

#[tokio::test]
async fn a_retry_with_the_same_id_is_harmless_for_a_day() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let mut sensor = hub.sensor().await;
    let event = json!({"source": "fridge", "severity": "critical", "message": "warm", "id": 7});
    let first = sensor.event(&event).await.unwrap();
    assert_eq!(sensor.event(&event).await.unwrap(), first);
    let other = sensor.event(&json!({"source": "other", "id": 7})).await.unwrap();
    assert_ne!(other, first, "another sensor numbers its own");
    agent.alert(SOON).await.unwrap();
    assert!(agent.recv(MOMENT).await.is_err(), "one alert");
    hub.clock.advance(25 * 60 * 60 * 1_000);
    assert_ne!(sensor.event(&event).await.unwrap(), first);
}

#[tokio::test]
async fn a_critical_event_goes_to_every_screen_whatever_it_says() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let mut sensor = hub.sensor().await;
    for severity in ["info", "warning", "error"] {
        sensor.event(&json!({"source": "fridge", "severity": severity})).await.unwrap();
    }
    let text = "' OR 1=1; <script>alert(1)</script> ../../etc/passwd";
    sensor.event(&json!({"source": "fridge", "severity": "CRITICAL", "message": text})).await.unwrap();
    let alert = agent.alert(SOON).await.unwrap();
    assert_eq!((alert.title.as_str(), alert.text.as_str(), alert.from.as_str()), ("fridge", text, "fridge"));
}

#[tokio::test]
async fn one_incident_is_one_alert_until_it_is_resolved() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("sol").await;
    let mut sensor = hub.sensor().await;
    let firing = json!({"source": "fridge", "severity": "critical", "message": "warm", "dedup_key": "fridge-1"});
    for _ in 0..3 {
        sensor.event(&firing).await.unwrap();
    }
    let alert = agent.alert(SOON).await.unwrap();
    assert!(agent.recv(MOMENT).await.is_err(), "it stands already");
    sensor.event(&json!({"source": "fridge", "dedup_key": "fridge-1", "resolved": true})).await.unwrap();
    assert!(matches!(agent.recv(SOON).await.unwrap(), ToAgent::Withdraw(withdraw) if withdraw.id == alert.id));
    sensor.event(&firing).await.unwrap();
    assert_ne!(agent.alert(SOON).await.unwrap().id, alert.id, "a new incident");
    assert_eq!(hub.get("/api/stats").await["total_events"], 5);
}

#[tokio::test]
async fn fifty_sensors_at_once_lose_nothing() {
    let hub = TestHub::start().await;
    let mut sensors = tokio::task::JoinSet::new();
    for number in 0..50 {
        let mut sensor = hub.sensor().await;
        sensors.spawn(async move {
            let mut ids = Vec::new();
            for _ in 0..20 {
                ids.push(sensor.event(&json!({"source": format!("s{number}")})).await.unwrap());
            }
            ids
        });
    }
    let ids: HashSet<i64> = sensors.join_all().await.into_iter().flatten().collect();
    assert_eq!(ids.len(), 1_000);
    assert_eq!(hub.get("/api/stats").await["channel"], json!({"tcp_socket": 1_000}));
}

#[tokio::test]
async fn a_sensor_beyond_the_limit_is_told_and_the_others_stay() {
    let hub = TestHub::with(&[("PREGON_LIMITS_SENSOR_CONNECTIONS", "2")]).await;
    let (mut first, mut second) = (hub.sensor().await, hub.sensor().await);
    first.event(&json!({})).await.unwrap();
    second.event(&json!({})).await.unwrap();
    let mut third = hub.sensor().await;
    let answer: Value = third.answer(SOON).await.unwrap();
    assert_eq!(answer["error"], "overloaded");
    first.event(&json!({})).await.expect("goes on");
}

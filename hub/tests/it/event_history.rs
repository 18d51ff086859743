//! Events over time: found, counted, what happened to them, brought back from a file.

use serde_json::{Value, json};

use crate::harness::TestHub;

async fn report(hub: &TestHub, event: Value) {
    hub.admin.post("/api/events", &event).await.unwrap().expect(201).unwrap();
}

#[tokio::test]
async fn events_are_found_by_severity_channel_and_words() {
    let hub = TestHub::start().await;
    report(&hub, json!({"source": "Router-Core", "severity": "error", "message": "eth0 100% down"})).await;
    report(&hub, json!({"source": "fridge", "severity": "info", "message": "cold"})).await;
    let table = [
        ("severity=error", 1),
        ("severity=warning", 0),
        ("channel=http_api", 2),
        ("channel=ntfy", 0),
        ("search=router", 1),
        ("search=100%25", 1),
        ("search=%25", 1),
        ("search=", 2),
        ("severity=error&search=COLD", 0),
    ];
    for (query, expected) in table {
        let found = hub.get(&format!("/api/events?{query}")).await;
        assert_eq!((&found["total"], found["events"].as_array().unwrap().len()), (&json!(expected), expected), "{query}");
    }
    assert_eq!(hub.admin.get("/api/events?severity=fatal").await.unwrap().status, 400);
}

#[tokio::test]
async fn a_series_counts_events_by_severity_over_time() {
    let hub = TestHub::start().await;
    report(&hub, json!({"severity": "error"})).await;
    hub.clock.advance(10 * 60 * 1_000);
    report(&hub, json!({"severity": "info"})).await;
    let series = hub.get("/api/stats/series?hours=1").await;
    let points = series["points"].as_array().unwrap();
    let sum = |name: &str| points.iter().map(|point| point[name].as_u64().unwrap()).sum::<u64>();
    assert_eq!((points.len(), series["step_s"].as_i64(), sum("error"), sum("info"), sum("critical")), (48, Some(75), 1, 1, 0));
    for wrong in ["0", "-1", "9000"] {
        assert_eq!(hub.admin.get(&format!("/api/stats/series?hours={wrong}")).await.unwrap().status, 422, "{wrong}");
    }
}

#[tokio::test]
async fn what_happened_to_events_is_told_page_by_page() {
    let hub = TestHub::start().await;
    report(&hub, json!({"source": "s", "severity": "critical", "message": "down", "dedup_key": "k"})).await;
    report(&hub, json!({"source": "s", "severity": "critical", "message": "still", "dedup_key": "k"})).await;
    report(&hub, json!({"source": "s", "dedup_key": "k", "resolved": true})).await;
    let whole = hub.get("/api/events/audit").await;
    let kinds = |page: &Value| {
        page["traces"].as_array().unwrap().iter().map(|trace| trace["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut sorted = kinds(&whole);
    sorted.sort_unstable();
    assert_eq!(sorted, ["joined", "raised", "resolved", "skipped", "skipped"]);
    assert_eq!(kinds(&whole)[0], "resolved", "newest first");
    let (mut paged, mut path) = (Vec::new(), "/api/events/audit?limit=2".to_owned());
    loop {
        let page = hub.get(&path).await;
        paged.extend(kinds(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/events/audit?limit=2&cursor={cursor}");
    }
    assert_eq!(paged, kinds(&whole));
    assert_eq!(hub.admin.get("/api/events/audit?cursor=1.2").await.unwrap().status, 422);
}

#[tokio::test]
async fn what_a_silence_kept_from_the_screens_is_told_with_its_reason() {
    let hub = TestHub::start().await;
    let silence = json!({"reason": "works in Sol", "match": {"sources": ["oven-*"]}, "ends_at": hub.clock.now().plus_millis(3_600_000)});
    hub.admin.post("/api/silences", &silence).await.unwrap().expect(201).unwrap();
    report(&hub, json!({"source": "oven-1", "severity": "error", "message": "hot"})).await;
    report(&hub, json!({"source": "router", "severity": "critical", "message": "down"})).await;
    report(&hub, json!({"source": "oven-2", "severity": "error", "message": "hotter"})).await;
    let whole = hub.get("/api/events/audit").await["traces"].as_array().unwrap().clone();
    let of_events: Vec<_> = whole.iter().filter(|trace| ["silenced", "raised"].contains(&trace["kind"].as_str().unwrap())).collect();
    let kinds: Vec<_> = of_events.iter().map(|trace| trace["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["silenced", "raised", "silenced"]);
    assert_eq!((&of_events[0]["about"], &of_events[0]["detail"]), (&json!("oven-2: hotter"), &json!("works in Sol")));
    let (mut paged, mut path) = (0, "/api/events/audit?limit=1".to_owned());
    loop {
        let page = hub.get(&path).await;
        paged += page["traces"].as_array().unwrap().len();
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/events/audit?limit=1&cursor={cursor}");
    }
    assert_eq!(paged, whole.len());
}

#[tokio::test]
async fn a_demonstration_reaches_nobody() {
    let hub = TestHub::start().await;
    let made = hub.admin.post("/api/events/demo", &json!({})).await.unwrap().expect(201).unwrap();
    assert_eq!(made["event_ids"].as_array().unwrap().len(), 5);
    let events = hub.get("/api/events").await;
    assert!(events["events"].as_array().unwrap().iter().all(|event| event["channel"] == "demo" && event["raw_payload"]["demo"] == true));
    assert_eq!((&hub.get("/api/alerts").await["total"], &hub.get("/api/emails").await["total"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn events_of_a_file_come_back_all_or_none() {
    let hub = TestHub::start().await;
    report(&hub, json!({"source": "fridge", "severity": "info", "message": "cold ñ"})).await;
    let event = hub.get("/api/events").await["events"][0].clone();
    let file = json!({"events": [event, event], "email_logs": [], "other": 1});
    let import = async |query: &str, file: &Value| hub.admin.post(&format!("/api/events/import{query}"), file).await.unwrap();
    assert_eq!(import("?dry_run=true", &file).await.json(), json!({"imported": 2, "dry_run": true}));
    assert_eq!(hub.get("/api/events").await["total"], 1);
    assert_eq!(import("", &file).await.json()["imported"], 2);
    let events = hub.get("/api/events").await;
    assert_eq!((&events["total"], &events["events"][0]["created_at"]), (&json!(3), &event["created_at"]));
    for (field, value) in [
        ("source", json!("")),
        ("message", json!("a\nb")),
        ("message", json!("x".repeat(301))),
        ("created_at", json!("2999-01-01T00:00:00Z")),
        ("raw_payload", json!([1])),
        ("severity", json!("fatal")),
    ] {
        let mut wrong = event.clone();
        wrong[field] = value;
        let reply = import("", &json!({"events": [event, wrong]})).await;
        let said = reply.json()["errors"][0]["field"].as_str().unwrap_or_default().to_owned();
        assert!(reply.status == 422 && said.starts_with("events[1]") && said.ends_with(field), "{field}: {}", reply.json());
    }
    assert_eq!(hub.get("/api/events").await["total"], 3);
}

//! How the hub is: figures for people and for Prometheus; a damaged database is refused, a jump of the clock harms nobody.

use std::collections::BTreeSet;

use pregon_hub::app::App;
use pregon_hub::config::Config;
use pregon_swarm::agent::Agent;
use pregon_swarm::http::Api;
use pregon_swarm::panel::Panel;
use serde_json::{Value, json};

use crate::harness::{SOON, TestHub, id, until};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// The value of one metric.
fn value(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().expect("a number")
}

#[tokio::test]
async fn the_monitor_counts_agents_and_messages() {
    let hub = TestHub::start().await;
    let before = hub.get("/api/monitor").await["now"].clone();
    let _agent = hub.agent("lima").await;
    hub.sensor().await.event(&json!({"message": "uno"})).await.expect("an answer");
    let view = hub.get("/api/monitor").await;
    let now = &view["now"];
    assert_eq!((before["connections"].as_u64(), now["connections"].as_u64()), (Some(0), Some(1)), "{view}");
    assert!(now["messages_in"].as_u64() > before["messages_in"].as_u64(), "{view}");
    assert!(now["database_bytes"].as_u64() > Some(0), "{view}");
    assert!(now["certificate_days_left"].as_i64() > Some(60), "{view}");
    until("a sample", async || !hub.get("/api/monitor").await["series"]["samples"].as_array().expect("samples").is_empty()).await;
}

#[tokio::test]
async fn metrics_are_prometheus_text_for_a_token_of_their_scope() {
    let hub = TestHub::start().await;
    let (_, token) = hub.token("prometheus", "metrics").await;
    let reply = Api::with_token(&hub.endpoint(), &token).get("/metrics").await.expect("an answer");
    let text = String::from_utf8(reply.body.to_vec()).expect("text");
    assert_eq!(reply.status, 200, "{text}");
    assert!(reply.headers["content-type"].to_str().expect("text").starts_with("text/plain; version=0.0.4"));
    assert_eq!(value(&text, "pregon_ready"), 1.0);
    assert_eq!(value(&text, "pregon_connections"), 0.0);
    assert!(value(&text, "pregon_database_bytes") > 0.0);
    let names: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
    let types: BTreeSet<&str> = names.iter().filter_map(|line| line.split(' ').next()).collect();
    let values: BTreeSet<&str> = text.lines().filter(|line| !line.starts_with('#')).filter_map(metric).collect();
    assert_eq!((types.len(), &types), (names.len(), &values), "each value has its type, said once: {text}");
}

/// The name in a line with a value.
fn metric(line: &str) -> Option<&str> {
    line.split([' ', '{']).next()
}

/// Every metric that a text names.
fn named(text: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    text.split(|letter| !is_part(letter)).filter(|word| word.starts_with("pregon_")).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_metric_that_the_documents_name_exists_and_each_is_named() {
    let hub = TestHub::start().await;
    let reply = hub.admin.get("/metrics").await.expect("an answer");
    let text = String::from_utf8(reply.body.to_vec()).expect("text");
    let there: BTreeSet<String> = text.lines().filter(|line| !line.starts_with('#')).filter_map(metric).map(str::to_owned).collect();
    // There once two samples have an interval between them.
    let there: BTreeSet<String> = there.into_iter().chain(["pregon_cpu_percent".to_owned()]).collect();
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let operations = std::fs::read_to_string(docs.join("operations.md")).expect("a document");
    let told: BTreeSet<String> = named(&operations).into_iter().filter(|name| name != "pregon_" && name != "pregon_hub").collect();
    assert_eq!(told.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new(), "named and not there");
    assert_eq!(there.difference(&told).collect::<Vec<_>>(), Vec::<&String>::new(), "there and not named");
}

#[tokio::test]
async fn who_came_left_and_was_not_let_in_stands_in_the_log_of_connections() {
    let hub = TestHub::start().await;
    hub.agent("lima").await.close().await.expect("gone");
    for _ in 0..3 {
        Agent::connect(&hub.endpoint(), "lima", "wrong").await.expect_err("no session");
    }
    let log = async |query: &str| hub.get(&format!("/api/monitor/connections{query}")).await;
    let kinds = |page: &Value| -> Vec<String> {
        let entries = page["connections"].as_array().expect("entries");
        entries.iter().map(|entry| entry["kind"].as_str().expect("a kind").to_owned()).collect()
    };
    until("all is noted", async || {
        let rejected = log("?kind=rejected").await;
        let entries = rejected["connections"].as_array().expect("entries").clone();
        entries.iter().filter_map(|entry| entry["count"].as_u64()).sum::<u64>() == 3 && kinds(&log("?kind=left").await) == ["left"]
    })
    .await;
    let all = log("").await;
    assert_eq!(kinds(&all).last().map(String::as_str), Some("connected"), "newest first: {all}");
    let total = async |query: &str| log(query).await["total"].as_u64();
    assert_eq!(total("").await, Some(kinds(&all).len() as u64));
    assert_eq!((total("?kind=left").await, total("?kind=connected&limit=1").await), (Some(1), Some(1)));
    assert_eq!((total("?search=LIMA").await, total("?search=quito").await), (total("").await, Some(0)));
    let newest = &all["connections"][0];
    assert_eq!((&newest["client"], &newest["reason"], &newest["address"]), (&json!("lima"), &json!("wrong_key"), &json!("127.0.0.1")));
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = log(&format!("?limit=1{cursor}")).await;
        found.extend(kinds(&page));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found, kinds(&all), "page by page the same");
    assert_eq!(kinds(&log("?search=LIMA").await), kinds(&all));
    assert!(kinds(&log("?search=quito").await).is_empty());
    for bad in ["?cursor=x", "?cursor=1.2", "?cursor=1.2.3.4"] {
        assert_eq!(hub.admin.get(&format!("/api/monitor/connections{bad}")).await.expect("an answer").status, 422, "{bad}");
    }
}

#[tokio::test]
async fn traffic_shows_frames_and_errors_and_no_text() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("lima").await;
    hub.get("/api/monitor/traffic").await;
    hub.send_all("critical", "el gran secreto").await;
    agent.alert(SOON).await.expect("an alert");
    agent.send_text("{\"action\":\"dance\"}").await.expect("sent");
    agent.recv(SOON).await.expect("an error");
    let seen = hub.get("/api/monitor/traffic").await;
    let actions: Vec<&str> = seen["frames"].as_array().expect("frames").iter().filter_map(|frame| frame["action"].as_str()).collect();
    assert_eq!(actions, ["error", "other", "alert"], "{seen}");
    assert_eq!((&seen["errors"][0]["error"], &seen["errors"][0]["client"]), (&json!("unknown_action"), &json!("lima")), "{seen}");
    assert!(!seen.to_string().contains("secreto") && !seen.to_string().contains("dance"), "{seen}");
}

#[tokio::test]
async fn panels_and_sensors_are_in_the_traffic_by_their_kind() {
    let hub = TestHub::start().await;
    let traffic = async |kind: &str| hub.get(&format!("/api/monitor/traffic{kind}")).await;
    traffic("").await;
    let mut panel = Panel::open(&hub.endpoint(), hub.admin.token().unwrap()).await.expect("a panel");
    panel.next_of("hello", SOON).await.expect("a hello");
    let _stranger = Panel::open(&hub.endpoint(), "made up").await.expect("a socket");
    let mut sensor = hub.sensor().await;
    sensor.event(&json!({"source": "plc", "message": "el gran secreto"})).await.expect("an answer");
    sensor.send(b"no json\n").await.expect("sent");
    sensor.answer(SOON).await.expect("a refusal");
    let (name, token) = ("horno", hub.token("horno", "events").await.1);
    let mut tls = hub.tls_sensor().await;
    tls.event(&json!({"token": token, "message": "m"})).await.expect("an answer");
    tls.send(b"{}x\n").await.expect("sent");
    tls.answer(SOON).await.expect("a refusal");
    let said = |list: &Value| -> BTreeSet<String> {
        let word = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let line = |entry: &Value| ["kind", "client", "action", "error"].map(|name| word(entry, name)).join(" ");
        list.as_array().expect("entries").iter().map(line).collect()
    };
    until("all of it is seen", async || said(&traffic("").await["errors"]).len() == 3).await;
    let (panels, sensors) = (traffic("?kind=panel").await, traffic("?kind=sensor").await);
    assert_eq!(said(&panels["errors"]), BTreeSet::from(["panel  auth unauthorized".to_owned()]));
    assert!(said(&panels["frames"]).contains("panel admin hello "), "{panels}");
    let expected = ["sensor 127.0.0.1 event invalid_json".to_owned(), format!("sensor {name} event invalid_json")];
    assert_eq!((said(&sensors["errors"]), &sensors["errors_total"]), (BTreeSet::from(expected), &json!(2)));
    assert!(said(&sensors["frames"]).contains(&format!("sensor {name} event ")), "{sensors}");
    assert_eq!(traffic("?kind=agent").await["errors"], json!([]));
    assert!(!traffic("").await.to_string().contains("secreto"));
    assert_eq!(hub.admin.get("/api/monitor/traffic?kind=dog").await.expect("an answer").status / 100, 4);
}

#[tokio::test]
async fn a_damaged_database_is_refused_with_advice_and_left_as_it_is() {
    let data = tempfile::TempDir::with_prefix("pregon-").expect("a folder");
    let config = || Config::load(None, std::iter::empty::<(String, String)>()).expect("settings");
    let app = App::open(data.path(), config()).await.expect("a hub");
    app.stop().await;
    drop(app);
    let path = data.path().join("pregon.db");
    let mut bytes = std::fs::read(&path).expect("a database");
    // The header stays; every page behind the first is rubbish.
    bytes.iter_mut().skip(4_096).for_each(|byte| *byte = 0xAA);
    std::fs::write(&path, &bytes).expect("written");
    let Err(refused) = App::open(data.path(), config()).await else { panic!("a damaged database was opened") };
    assert!(refused.to_string().contains("restore a backup"), "{refused}");
    assert_eq!(std::fs::read(&path).expect("a database"), bytes, "the file is untouched");
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_ends_no_session_no_log_in_and_no_alert() {
    let hub = TestHub::start().await;
    let mut agent = hub.agent("lima").await;
    let critical = hub.send_all("critical", "fuego").await;
    let brief = id(&hub.send(json!({"audience": {"kind": "global"}, "severity": "info", "text": "aviso", "expires_in_s": 3600})).await);
    for _ in 0..2 {
        agent.alert(SOON).await.expect("an alert");
    }
    let told = async || {
        let events = hub.get("/api/events").await;
        events["events"].as_array().expect("events").iter().filter(|event| event["message"].to_string().contains("clock jumped")).count()
    };
    for (count, jump) in [DAY_MS, -2 * DAY_MS, DAY_MS].into_iter().enumerate() {
        hub.clock.jump(jump);
        until("the hub follows", async || told().await == count + 1).await;
        hub.app.hub.publisher.expire().await.expect("a sweep");
        agent.ping(SOON).await.expect("a live session");
        assert_eq!(hub.app.hub.registry.online(), 1, "after {jump} ms");
        for standing in [&critical, &brief] {
            let found: Value = hub.alert(standing).await;
            assert!(found["withdrawn_at"].is_null(), "{found}");
            assert_ne!(found["deliveries"][0]["state"], "expired", "{found}");
        }
    }
    hub.clock.advance(3_601_000);
    let hub_again = Api::admin(&hub.endpoint(), crate::harness::PASSWORD).await.expect("a log-in");
    until("the brief one ends in its own time", async || {
        let found = hub_again.get(&format!("/api/alerts/{brief}")).await.expect("an answer").json();
        found["deliveries"][0]["state"] == "expired"
    })
    .await;
}

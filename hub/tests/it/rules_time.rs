//! Steps in their time: taken when nobody has seen an alert, once each, whatever the clock or a crash does.

use pregon_swarm::agent::Agent;
use pregon_swarm::hub::Process;
use serde_json::{Value, json};
use shared::wire::to_agent::ToAgent;
use shared::wire::to_hub::ReceiptState;

use crate::harness::{MOMENT, SOON, TestHub, key, until};

const MINUTE: i64 = 60_000;
/// Log-ins that outlive the hours of these tests.
const PATIENT: &[(&str, &str)] = &[("PREGON_AUTH_ADMIN_IDLE", "12h")];

/// Critical events go to `sol`; unless it was seen within five minutes, to `mar`; unless it was dismissed ten minutes later, to `luz`.
fn ladder() -> Value {
    let to = |name: &str| json!({"screens": [{"kind": "private", "name": name}]});
    json!([{"name": "ladder", "match": {"severities": ["critical"]}, "then": to("sol"), "steps": [
        {"after_s": 300, "unless": "displayed", "then": to("mar")},
        {"after_s": 600, "unless": "dismissed", "then": to("luz")},
    ]}])
}

fn outcomes(incident: &Value) -> Vec<String> {
    let steps = incident["steps"].as_array().expect("steps");
    steps.iter().map(|step| format!("{} {} {}", step["kind"], step["number"], step["outcome"]).replace('"', "")).collect()
}

#[tokio::test]
async fn what_nobody_has_seen_goes_to_the_next_ones_step_by_step() {
    let hub = TestHub::with(PATIENT).await;
    let (mut sol, mut mar, mut luz) = (hub.agent("sol").await, hub.agent("mar").await, hub.agent("luz").await);
    hub.rules(ladder()).await;
    hub.sensor().await.event(&json!({"source": "s", "severity": "critical", "message": "fire"})).await.unwrap();
    let alert = sol.alert(SOON).await.unwrap();
    sol.receipt(alert.id, ReceiptState::Delivered).await.unwrap();
    assert!(matches!(sol.recv(SOON).await.unwrap(), ToAgent::ReceiptsOk(_)));
    hub.until_state(&alert.id.to_string(), "sol", "delivered").await;
    hub.clock.advance(4 * MINUTE);
    assert!(mar.recv(MOMENT).await.is_err(), "not yet");
    hub.clock.advance(MINUTE + 1);
    assert_eq!(mar.alert(SOON).await.unwrap().text, "fire");
    hub.clock.advance(10 * MINUTE + 1);
    assert_eq!(luz.alert(SOON).await.unwrap().text, "fire");
    hub.clock.advance(60 * MINUTE);
    for agent in [&mut sol, &mut mar, &mut luz] {
        assert!(agent.recv(MOMENT).await.is_err(), "each step once");
    }
    let incident = hub.incidents().await[0].clone();
    assert_eq!(outcomes(&incident), ["act 1 done", "step 1 done", "step 2 done"]);
    assert_eq!(incident["alerts"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn what_was_seen_ends_a_step_and_what_was_dismissed_ends_all() {
    let hub = TestHub::with(PATIENT).await;
    let (mut sol, mut mar, mut luz) = (hub.agent("sol").await, hub.agent("mar").await, hub.agent("luz").await);
    hub.rules(ladder()).await;
    hub.sensor().await.event(&json!({"source": "s", "severity": "critical", "message": "fire"})).await.unwrap();
    let alert = sol.alert(SOON).await.unwrap();
    sol.receipt(alert.id, ReceiptState::Displayed).await.unwrap();
    hub.until_state(&alert.id.to_string(), "sol", "displayed").await;
    hub.clock.advance(5 * MINUTE + 1);
    until("the first step is not needed", async || outcomes(&hub.incidents().await[0]).contains(&"step 1 seen".into())).await;
    hub.clock.advance(10 * MINUTE + 1);
    assert_eq!(luz.alert(SOON).await.unwrap().text, "fire", "displayed is not dismissed");
    assert!(mar.recv(MOMENT).await.is_err());
    hub.sensor().await.event(&json!({"source": "s", "severity": "critical", "message": "water"})).await.unwrap();
    while !matches!(sol.recv(SOON).await.unwrap(), ToAgent::Alert(alert) if alert.text == "water") {}
    let water = hub.incidents().await[0]["alerts"][0].as_str().unwrap().parse_id();
    sol.receipt(water, ReceiptState::Dismissed).await.unwrap();
    hub.until_state(&water.to_string(), "sol", "dismissed").await;
    hub.clock.advance(30 * MINUTE);
    until("nothing more is needed", async || outcomes(&hub.incidents().await[0]) == ["act 1 done", "step 1 seen"]).await;
}

trait ParseId {
    fn parse_id(&self) -> shared::AlertId;
}

impl ParseId for str {
    fn parse_id(&self) -> shared::AlertId {
        shared::AlertId::parse(self).expect("an id")
    }
}

#[tokio::test]
async fn what_is_resolved_leaves_every_screen_and_takes_no_step_more() {
    let hub = TestHub::with(PATIENT).await;
    let (mut sol, mut mar, mut luz) = (hub.agent("sol").await, hub.agent("mar").await, hub.agent("luz").await);
    hub.rules(ladder()).await;
    let mut sensor = hub.sensor().await;
    sensor.event(&json!({"source": "s", "severity": "critical", "message": "fire", "dedup_key": "k"})).await.unwrap();
    sol.alert(SOON).await.unwrap();
    hub.clock.advance(5 * MINUTE + 1);
    mar.alert(SOON).await.unwrap();
    sensor.event(&json!({"source": "s", "dedup_key": "k", "resolved": true})).await.unwrap();
    assert!(matches!(sol.recv(SOON).await.unwrap(), ToAgent::Withdraw(_)));
    assert!(matches!(mar.recv(SOON).await.unwrap(), ToAgent::Withdraw(_)), "the further alert, too");
    hub.clock.advance(60 * MINUTE);
    until("over", async || outcomes(&hub.incidents().await[0]).contains(&"step 2 resolved".into())).await;
    assert!(luz.recv(MOMENT).await.is_err());
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_escalates_nothing() {
    let hub = TestHub::with(PATIENT).await;
    let (mut sol, mut mar) = (hub.agent("sol").await, hub.agent("mar").await);
    hub.rules(ladder()).await;
    hub.put("/api/watches", json!({"watches": [{"name": "w", "source": "w", "every_s": 600, "severity": "critical"}]})).await;
    let mut sensor = hub.sensor().await;
    for number in 0..30 {
        sensor.event(&json!({"source": "s", "severity": "critical", "message": format!("fire {number}")})).await.unwrap();
        sol.alert(SOON).await.unwrap();
    }
    for jump in [24 * 60 * MINUTE, -24 * 60 * MINUTE] {
        hub.clock.jump(jump);
        assert!(mar.recv(std::time::Duration::from_millis(2_500)).await.is_err(), "nobody waited for five minutes");
    }
    assert!(sol.recv(MOMENT).await.is_err(), "no switch is silent by a jump");
    hub.clock.advance(5 * MINUTE + 1);
    for _ in 0..30 {
        mar.alert(SOON).await.expect("the steps are there");
    }
    assert!(mar.recv(MOMENT).await.is_err(), "each once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_during_escalation_loses_no_step_and_takes_none_twice() {
    const INCIDENTS: usize = 40;
    let mut hub = Process::start().await.unwrap();
    let admin = hub.admin().await.unwrap();
    for name in ["sol", "mar"] {
        admin.post("/api/clients", &json!({"name": name, "secret": key(name)})).await.unwrap().expect(201).unwrap();
    }
    let to = |name: &str| json!({"screens": [{"kind": "private", "name": name}]});
    let set = json!({"rules": [{"name": "quick", "then": to("sol"), "steps": [
        {"after_s": 1, "unless": "displayed", "then": to("mar")}, {"after_s": 1, "unless": "displayed", "then": to("sol")}]}]});
    admin.put("/api/rules", &set).await.unwrap().expect(200).unwrap();
    let mut sensor = pregon_swarm::sensor::Sensor::connect(hub.events()).await.unwrap();
    for number in 0..INCIDENTS {
        sensor.event(&json!({"source": "s", "severity": "error", "message": format!("m{number}")})).await.unwrap();
    }
    for round in 0..6_u64 {
        tokio::time::sleep(std::time::Duration::from_millis(350 + 170 * round)).await;
        hub.kill().unwrap();
        hub.restart().await.unwrap();
    }
    let database = hub.data().join("pregon.db");
    let count = |sql: &str| {
        let database = rusqlite::Connection::open(&database).unwrap();
        database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    until("every step is taken", async || count("select count(*) from escalations where kind = 'step' and state = 'done'") == 80).await;
    assert_eq!(count("select count(*) from alerts"), 120, "an alert for each event and for each of its steps, none twice");
    assert_eq!(count("select count(*) from (select 1 from incident_alerts group by incident_id having count(*) = 3)"), 40);
    let (mut mar, _) = Agent::connect(&hub.endpoint().unwrap(), "mar", &key("mar")).await.unwrap();
    let mut texts = Vec::new();
    for _ in 0..INCIDENTS {
        texts.push(mar.alert(SOON).await.unwrap().text);
    }
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), INCIDENTS, "each of them reached the next screen once");
    assert!(mar.recv(MOMENT).await.is_err());
}

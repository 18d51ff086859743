//! Pulling the plug: what was acknowledged is there afterwards.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use pregon_swarm::agent::Agent;
use pregon_swarm::hub::Process;
use pregon_swarm::sensor::Sensor;
use serde_json::json;
use shared::wire::to_agent::ToAgent;
use shared::wire::to_hub::ReceiptState;

use crate::harness::{SOON, id, key};

/// Plays until the hub is gone; what it had acknowledged by then.
async fn sensor_until_dead(address: std::net::SocketAddr, stop: Arc<AtomicBool>) -> Vec<i64> {
    let mut acknowledged = Vec::new();
    let Ok(mut sensor) = Sensor::connect(address).await else { return acknowledged };
    while !stop.load(Ordering::Relaxed) {
        match sensor.event(&json!({"source": "load", "message": acknowledged.len().to_string()})).await {
            Ok(id) => acknowledged.push(id),
            Err(_) => break,
        }
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_under_load_loses_nothing_that_was_acknowledged() {
    let mut hub = Process::start().await.unwrap();
    let admin = hub.admin().await.unwrap();
    admin.post("/api/clients", &json!({"name": "sol", "secret": key("sol")})).await.unwrap().expect(201).unwrap();
    for round in 0..5_u64 {
        let admin = hub.admin().await.unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let sensors: Vec<_> = (0..8).map(|_| tokio::spawn(sensor_until_dead(hub.events(), Arc::clone(&stop)))).collect();
        let (mut agent, _) = Agent::connect(&hub.endpoint().unwrap(), "sol", &key("sol")).await.unwrap();
        let (mut alerts, mut dismissed) = (Vec::new(), Vec::new());
        let end = Instant::now() + Duration::from_millis(400 + 130 * round);
        while Instant::now() < end {
            let sent = admin.post("/api/alerts", &json!({"audience": {"kind": "global"}, "severity": "critical", "text": "x"})).await;
            alerts.push(id(&sent.unwrap().expect(201).unwrap()));
            let alert = agent.alert(SOON).await.unwrap();
            agent.receipt(alert.id, ReceiptState::Dismissed).await.unwrap();
            if matches!(agent.recv(SOON).await.unwrap(), ToAgent::ReceiptsOk(_)) {
                dismissed.push(alert.id.to_string());
            }
        }
        hub.kill().unwrap();
        stop.store(true, Ordering::Relaxed);
        let mut acknowledged = HashSet::new();
        for sensor in sensors {
            acknowledged.extend(sensor.await.unwrap());
        }
        assert!(acknowledged.len() > 20 && !dismissed.is_empty(), "the load was a load");
        let database = rusqlite::Connection::open(hub.data().join("pregon.db")).unwrap();
        let events: HashSet<i64> = column(&database, "select id from events");
        assert!(acknowledged.is_subset(&events), "round {round}: {} events lost", acknowledged.difference(&events).count());
        let kept: HashSet<String> = column(&database, "select id from alerts");
        assert!(alerts.iter().all(|alert| kept.contains(alert)), "round {round}: an accepted alert is gone");
        let final_ones: HashSet<String> =
            column(&database, "select a.id from alerts a join deliveries d on d.alert_seq = a.seq where d.state = 4");
        assert!(dismissed.iter().all(|alert| final_ones.contains(alert)), "round {round}: a confirmed receipt is gone");
        drop(database);
        hub.restart().await.unwrap();
    }
}

fn column<T: rusqlite::types::FromSql + Eq + std::hash::Hash>(database: &rusqlite::Connection, sql: &str) -> HashSet<T> {
    let mut statement = database.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn what_an_agent_had_not_got_before_the_crash_comes_after_it() {
    let mut hub = Process::start().await.unwrap();
    let admin = hub.admin().await.unwrap();
    admin.post("/api/clients", &json!({"name": "sol", "secret": key("sol")})).await.unwrap().expect(201).unwrap();
    let body = json!({"audience": {"kind": "private", "name": "sol"}, "severity": "critical", "text": "after the crash"});
    let sent = id(&admin.post("/api/alerts", &body).await.unwrap().expect(201).unwrap());
    hub.kill().unwrap();
    hub.restart().await.unwrap();
    let (mut agent, _) = Agent::connect(&hub.endpoint().unwrap(), "sol", &key("sol")).await.unwrap();
    assert_eq!(agent.alert(SOON).await.unwrap().id.to_string(), sent);
}

#[tokio::test]
async fn sigterm_sends_agents_away_and_ends_with_0() {
    let mut hub = Process::start().await.unwrap();
    let admin = hub.admin().await.unwrap();
    admin.post("/api/clients", &json!({"name": "sol", "secret": key("sol")})).await.unwrap().expect(201).unwrap();
    let (mut agent, _) = Agent::connect(&hub.endpoint().unwrap(), "sol", &key("sol")).await.unwrap();
    let told = tokio::spawn(async move { agent.recv(SOON).await });
    let began = Instant::now();
    assert!(hub.stop().await.unwrap().success(), "{}", hub.output());
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(matches!(told.await.unwrap().unwrap(), ToAgent::Drain(drain) if drain.retry_after_s > 0));
    assert!(!hub.data().join("ready.json").exists());
}

#[tokio::test]
async fn a_second_hub_on_the_same_data_says_so_and_a_damaged_database_is_refused() {
    let mut hub = Process::start().await.unwrap();
    let second = hub.command(&["serve"]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another hub"), "{second:?}");
    hub.stop().await.unwrap();
    let path = hub.data().join("pregon.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[100..half].fill(0xA5);
    std::fs::write(&path, &bytes).unwrap();
    let refused = hub.command(&["serve"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("damaged") || said.contains("malformed"), "{said}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "the evidence is left as it is");
}

#[tokio::test]
async fn the_command_line_acts_through_a_running_hub_and_without_one() {
    let mut hub = Process::start().await.unwrap();
    let said = |output: std::process::Output| {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let code: serde_json::Value =
        serde_json::from_str(&said(hub.command(&["client", "enrol", "--name", "sol", "--json"]).output().unwrap())).unwrap();
    let (mut agent, enrolled) = Agent::enrol(&hub.endpoint().unwrap(), "sol", code["code"].as_str().unwrap()).await.unwrap();
    agent.close().await.unwrap();
    (agent, _) = Agent::connect(&hub.endpoint().unwrap(), "sol", &enrolled.key).await.unwrap();
    said(hub.command(&["send", "--all", "--severity", "critical", "--title", "T", "from the terminal"]).output().unwrap());
    assert_eq!(agent.alert(SOON).await.unwrap().text, "from the terminal");
    hub.stop().await.unwrap();
    said(hub.command(&["send", "--client", "sol", "without a hub"]).output().unwrap());
    assert!(said(hub.command(&["client", "list"]).output().unwrap()).contains("sol"));
    hub.restart().await.unwrap();
    let (mut agent, _) = Agent::connect(&hub.endpoint().unwrap(), "sol", &enrolled.key).await.unwrap();
    let texts = [agent.alert(SOON).await.unwrap().text, agent.alert(SOON).await.unwrap().text];
    assert_eq!(texts, ["from the terminal", "without a hub"]);
}

#[tokio::test]
async fn a_backup_of_a_running_hub_can_be_put_back_and_nothing_is_lost_or_open() {
    let mut hub = Process::start().await.unwrap();
    let admin = hub.admin().await.unwrap();
    admin.post("/api/clients", &json!({"name": "sol", "secret": key("sol")})).await.unwrap().expect(201).unwrap();
    let body = json!({"audience": {"kind": "global"}, "severity": "critical", "text": "in the backup"});
    let sent = id(&admin.post("/api/alerts", &body).await.unwrap().expect(201).unwrap());
    let (mut agent, before) = Agent::connect(&hub.endpoint().unwrap(), "sol", &key("sol")).await.unwrap();
    let alert = agent.alert(SOON).await.unwrap();
    agent.receipt(alert.id, ReceiptState::Delivered).await.unwrap();
    agent.recv(SOON).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hub.tar");
    let path = file.to_str().unwrap();
    let run = |hub: &Process, args: &[&str]| hub.command(args).output().unwrap();
    assert!(run(&hub, &["backup", path]).status.success());
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
    let again = run(&hub, &["backup", path]);
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("nothing is overwritten"), "{again:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    let while_running = run(&hub, &["restore", path]);
    assert!(!while_running.status.success() && String::from_utf8_lossy(&while_running.stderr).contains("another hub"), "{while_running:?}");
    admin.post("/api/alerts", &json!({"audience": {"kind": "global"}, "text": "after the backup"})).await.unwrap().expect(201).unwrap();
    hub.stop().await.unwrap();
    let restored = run(&hub, &["restore", path]);
    assert!(restored.status.success(), "{restored:?}");
    hub.restart().await.unwrap();
    admin.get("/api/session").await.unwrap().expect(401).expect("log-ins of then are over");
    let admin = hub.admin().await.unwrap();
    assert_eq!(admin.get("/api/alerts").await.unwrap().json()["total"], 1);
    let mut agent = Agent::open(&hub.endpoint().unwrap()).await.expect("the same certificate authority");
    let clave = shared::secret::Clave::of_key(&key("sol"));
    let connect =
        shared::wire::to_hub::Connect { username: "sol".into(), clave, version: None, os: None, epoch: Some(before.epoch.clone()) };
    agent.send(&shared::wire::to_hub::ToHub::Connect(connect)).await.unwrap();
    let ToAgent::Connected(after) = agent.recv(SOON).await.unwrap() else { panic!("the same key") };
    assert_ne!(after.epoch, before.epoch);
    assert_eq!(after.signing_key, before.signing_key);
    assert_eq!(agent.alert(SOON).await.unwrap().id.to_string(), sent, "what is active is said again");
    assert!(run(&hub, &["audit", "verify"]).status.success());
    let kept = std::fs::read_dir(hub.data())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("before-restore-"));
    assert_eq!(kept.count(), 1, "what was there is kept");
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_changes_nothing() {
    let mut hub = Process::start().await.unwrap();
    hub.stop().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.tar");
    let before = std::fs::read(hub.data().join("pregon.db")).unwrap();
    for content in [&b""[..], b"nonsense", &[0; 4096]] {
        std::fs::write(&file, content).unwrap();
        let refused = hub.command(&["restore", file.to_str().unwrap()]).output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("x.tar"), "{refused:?}");
    }
    assert_eq!(std::fs::read(hub.data().join("pregon.db")).unwrap(), before);
    assert!(!hub.data().join("restore.new").exists());
    std::fs::create_dir(hub.data().join("restore.new")).unwrap();
    let interrupted = hub.command(&["serve"]).output().unwrap();
    assert!(String::from_utf8_lossy(&interrupted.stderr).contains("restore"), "{interrupted:?}");
    std::fs::remove_dir(hub.data().join("restore.new")).unwrap();
    hub.restart().await.unwrap();
}

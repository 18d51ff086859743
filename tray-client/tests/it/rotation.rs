//! A new key: the agent killed and the line cut at each step, by a hub that can stop anywhere, and by the real one.

use std::time::Duration;

use serde_json::{Value, json};
use shared::secret::{Clave, hex};

use super::eventually;
use super::hub::Hub;
use super::rogue::{Line, Rogue};

fn clave(key: &str) -> String {
    hex(Clave::of_key(key.trim()).as_bytes())
}

/// The next agent that dials, let in, and the clave that it came with.
async fn arrival(hub: &Rogue) -> (Line, String) {
    let (mut line, first) = hub.accept().await.expect("a handshake");
    line.say(hub.connected("e")).await;
    (line, first["clave"].as_str().unwrap().to_owned())
}

async fn offered(line: &mut Line) -> String {
    line.say(json!({"action": "rotate"})).await;
    let frame = line.hear_of("new_key").await;
    assert_eq!(frame["state"], "offered");
    frame["clave"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn killed_or_cut_at_each_step_the_agent_comes_with_a_key_that_the_hub_takes() {
    let hub = Rogue::listen("pregon-hub").await;
    let home = hub.enrol().await;
    let old = clave("secret");
    let mut agent = home.start_headless();
    let (mut line, said) = arrival(&hub).await;
    assert_eq!(said, old);
    let new = offered(&mut line).await;
    assert_eq!((clave(&home.read("key")), clave(&home.read("key.next"))), (old.clone(), new.clone()), "on the disk before it is said");
    // Cut before the answer: the old key, and the same new one is offered again.
    line.hang_up().await;
    let (mut line, said) = arrival(&hub).await;
    assert_eq!((said, offered(&mut line).await), (old.clone(), new.clone()));
    // Killed before the answer.
    agent.kill().await;
    agent = home.start_headless();
    let (mut line, said) = arrival(&hub).await;
    assert_eq!((said, offered(&mut line).await), (old.clone(), new.clone()));
    line.say(json!({"action": "new_key_ok", "state": "offered"})).await;
    let frame = line.hear_of("new_key").await;
    assert_eq!((&frame["state"], &frame["clave"]), (&json!("in_use"), &json!(new)));
    assert_eq!((clave(&home.read("key")), clave(&home.read("key.old"))), (new.clone(), old), "switched before it is said");
    // Killed before it hears that the old key is void: it comes with the new one.
    agent.kill().await;
    let agent = home.start_headless();
    let (mut line, said) = arrival(&hub).await;
    assert_eq!(said, new);
    // The next rotation makes another key.
    assert_ne!(offered(&mut line).await, new);
    agent.kill().await;
}

#[tokio::test]
async fn answers_that_nobody_expects_change_no_key() {
    let hub = Rogue::listen("pregon-hub").await;
    let home = hub.enrol().await;
    let agent = home.start_headless();
    let (mut line, _) = arrival(&hub).await;
    for state in ["offered", "in_use", "offered"] {
        line.say(json!({"action": "new_key_ok", "state": state})).await;
    }
    let new = offered(&mut line).await;
    assert_eq!(offered(&mut line).await, new, "asked twice, one key");
    assert_eq!(clave(&home.read("key")), clave("secret"));
    agent.kill().await;
}

async fn rotation(hub: &Hub) -> Value {
    hub.admin.get("/api/clients/Sol").await.unwrap().expect(200).unwrap()["rotation"]["state"].clone()
}

async fn ask(hub: &Hub) {
    hub.admin.post("/api/clients/Sol/rotate-key", &json!({})).await.unwrap().expect(202).unwrap();
}

#[tokio::test]
async fn the_command_line_asks_and_a_live_agent_has_its_new_key_at_once() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let first = home.read("key");
    let mut agent = home.start_headless();
    agent.connected().await;
    let output = hub.process.command(&["client", "rotate", "Sol"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("asked for a new key now"));
    eventually("the new key is in use", async || (home.read("key") != first && rotation(&hub).await == "none").then_some(())).await;
    agent.kill().await;
    // The PC's disk is put back to what it was before: the hub does not know that key any more.
    let second = home.read("key");
    std::fs::write(home.file("key"), &first).unwrap();
    std::fs::remove_file(home.file("key.old")).unwrap();
    let mut agent = home.start_headless();
    while !agent.next("status").await["detail"].as_str().unwrap().contains("key not accepted") {}
    agent.kill().await;
    std::fs::write(home.file("key"), second).unwrap();
    home.start_headless().connected().await;
}

#[tokio::test]
async fn killed_at_odd_moments_agent_and_hub_end_with_one_new_key() {
    let mut hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    for round in 0..12_u64 {
        let before = home.read("key");
        ask(&hub).await;
        let agent = home.start_headless();
        // From before the first frame to after the last.
        tokio::time::sleep(Duration::from_millis(20 + round * 12)).await;
        if round % 3 == 0 {
            hub.process.kill().unwrap();
            hub.process.restart().await.unwrap();
            hub.admin = hub.process.admin().await.unwrap();
        }
        agent.kill().await;
        let mut agent = home.start_headless();
        agent.connected().await;
        eventually("the new key is in use", async || (home.read("key") != before && rotation(&hub).await == "none").then_some(())).await;
        agent.kill().await;
    }
}

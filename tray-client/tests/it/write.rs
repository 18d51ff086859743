//! A branch writes to the technicians: kept on the disk, said until the hub has it, kept once by the hub.

use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use super::agent::Home;
use super::eventually;
use super::hub::Hub;
use super::rogue::Rogue;

fn words(output: &Output) -> String {
    String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap()
}

fn texts(messages: &[Value]) -> Vec<&str> {
    messages.iter().rev().map(|message| message["text"].as_str().unwrap()).collect()
}

async fn fed(home: &Home, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = home.command(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).await.unwrap();
    tokio::time::timeout(super::PATIENCE, child.wait_with_output()).await.expect("it hangs").unwrap()
}

#[tokio::test]
async fn what_was_written_without_a_link_arrives_once_and_in_order() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let address = home.read("ip.txt");
    let stopped = home.run(&["write", "no", "agent"]).await;
    assert!(stopped.status.success() && words(&stopped).contains("queued, will be sent when connected (no agent runs"), "{stopped:?}");
    std::fs::write(home.file("ip.txt"), "127.0.0.1:1\n").unwrap();
    let mut agent = home.start_headless();
    while !agent.next("status").await["detail"].as_str().unwrap().contains("1 message waits to be sent") {}
    let offline = home.run(&["write", "no link"]).await;
    assert!(offline.status.success() && words(&offline).starts_with("queued, will be sent when connected (no connection"), "{offline:?}");
    agent.say(json!({"message": "from the screen"})).await;
    assert_eq!(agent.next("message").await["state"], "queued");
    assert_eq!(home.messages(), 3);

    std::fs::write(home.file("ip.txt"), address).unwrap();
    let messages = hub.messages(3).await;
    assert_eq!(texts(&messages), ["no agent", "no link", "from the screen"]);
    eventually("nothing waits any more", async || (home.messages() == 0).then_some(())).await;
    agent.kill().await;
    let mut agent = home.start_headless();
    agent.connected().await;
    let online = fed(&home, &["write", "--json", "-"], "  línea 1\nlínea 2\n".as_bytes()).await;
    let said: Value = serde_json::from_slice(&online.stdout).unwrap();
    assert_eq!((&said["state"], &said["detail"]), (&json!("sent"), &json!("sent")));
    assert_eq!(texts(&hub.messages(4).await), ["no agent", "no link", "from the screen", "línea 1\nlínea 2"]);
}

#[tokio::test]
async fn killed_before_the_confirmation_the_agent_says_it_again_under_the_same_id() {
    let rogue = Rogue::listen("pregon-hub").await;
    let home = rogue.enrol().await;
    home.run(&["write", "once"]).await;
    let agent = home.start_headless();
    let mut line = rogue.welcome("e").await;
    let first = line.hear_of("message").await;
    agent.kill().await;
    let agent = home.start_headless();
    let mut line = rogue.welcome("e").await;
    let second = line.hear_of("message").await;
    assert_eq!((&first["text"], &first), (&json!("once"), &second));
    line.hang_up().await;
    let mut line = rogue.welcome("e").await;
    assert_eq!(line.hear_of("message").await, first);
    line.say(json!({"action": "message_ok", "id": "none of ours"})).await;
    line.say(json!({"action": "message_ok", "id": first["id"]})).await;
    eventually("it is not kept any longer", async || (home.messages() == 0).then_some(())).await;
    agent.kill().await;
}

#[tokio::test]
async fn killed_again_and_again_every_message_is_with_the_hub_once_and_in_order() {
    const MESSAGES: usize = 15;
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    for number in 0..MESSAGES {
        assert!(home.run(&["write", &number.to_string()]).await.status.success());
    }
    let mut life = 0_u64;
    while home.messages() > 0 {
        let agent = home.start_headless();
        // Ever longer lives, ended at odd moments.
        tokio::time::sleep(Duration::from_millis(60 + life * 7)).await;
        life += 1;
        agent.kill().await;
    }
    let messages = hub.messages(MESSAGES).await;
    assert_eq!(texts(&messages), (0..MESSAGES).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_message_that_is_repeated_after_its_confirmation_was_lost_is_kept_once() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    home.run(&["write", "once"]).await;
    let entry = std::fs::read_dir(home.file("outbox")).unwrap().map(Result::unwrap).find(|entry| entry.path().extension().is_some());
    let (path, content) = entry.map(|entry| (entry.path(), std::fs::read(entry.path()).unwrap())).unwrap();
    let agent = home.start_headless();
    eventually("confirmed", async || (home.messages() == 0).then_some(())).await;
    agent.kill().await;
    // As if the agent had been killed before it noted the confirmation.
    std::fs::write(path, content).unwrap();
    let _agent = home.start_headless();
    eventually("confirmed again", async || (home.messages() == 0).then_some(())).await;
    home.run(&["write", "after"]).await;
    assert_eq!(texts(&hub.messages(2).await), ["once", "after"]);
}

#[tokio::test]
async fn more_than_the_hub_takes_at_once_arrives_all_the_same() {
    let rogue = Rogue::listen("pregon-hub").await;
    let home = rogue.enrol().await;
    for text in ["first", "second", "third"] {
        home.run(&["write", text]).await;
    }
    let agent = home.start_headless();
    let mut line = rogue.welcome("e").await;
    let first = line.hear_of("message").await;
    line.say(json!({"action": "error", "code": "invalid_frame", "detail": "`message`: `text` has more than 3 characters"})).await;
    let second = line.hear_of("message").await;
    assert_eq!(second["text"], "second", "what is refused holds up nobody");
    line.say(json!({"action": "error", "code": "rate_limited", "detail": "too many messages; wait a moment"})).await;
    assert_eq!(line.hear_of("message").await, second, "said again after a while");
    line.say(json!({"action": "message_ok", "id": second["id"]})).await;
    let third = line.hear_of("message").await;
    line.say(json!({"action": "message_ok", "id": third["id"]})).await;
    line.hang_up().await;
    let mut line = rogue.welcome("e").await;
    assert_eq!(line.hear_of("message").await, first, "a hub of the next day may take it");
    agent.kill().await;
}

#[tokio::test]
async fn what_is_no_message_is_refused_with_a_reason() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    for (arguments, words) in [(vec!["write", "  "], "is empty"), (vec!["write"], "nothing to send")] {
        let refused = home.run(&arguments).await;
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(self::words(&refused).contains(words), "{refused:?}");
    }
    let long = fed(&home, &["write"], "ñ".repeat(1_001).as_bytes()).await;
    assert!(long.status.code() == Some(2) && words(&long).contains("1001 characters; at most 1000"), "{long:?}");
    let binary = fed(&home, &["write"], b"\xff\xfe").await;
    assert!(binary.status.code() == Some(2) && words(&binary).contains("no UTF-8"), "{binary:?}");
    let stranger = Home::new();
    let refused = stranger.run(&["write", "x"]).await;
    assert!(refused.status.code() == Some(1) && words(&refused).contains("not enrolled"), "{refused:?}");
    assert_eq!((home.messages(), stranger.messages()), (0, 0));
    let windowless = home.run(&["write", "--window"]).await;
    assert!(windowless.status.code() == Some(1) && words(&windowless).contains("no window can be opened"), "{windowless:?}");
}

#[tokio::test]
async fn another_branch_does_not_send_what_the_one_before_wrote() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    home.run(&["write", "of Sol"]).await;
    let code = hub.code().await;
    let ca = hub.process.ca();
    let arguments = ["enrol", "--hub", &hub.address(), "--name", "Luna", "--code", &code, "--ca", ca.to_str().unwrap()];
    assert!(home.run(&arguments).await.status.success());
    assert_eq!(home.messages(), 0);
}

//! From nothing to a connected agent, and everything that can be said wrongly on the way.

use super::agent::Home;
use super::eventually;
use super::hub::Hub;

#[tokio::test]
async fn a_code_makes_an_agent_that_connects_and_says_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let hub = Hub::start().await;
    let home = hub.enrol("Farmacia Sol").await;
    assert_eq!(std::fs::metadata(home.file("key")).unwrap().permissions().mode() & 0o777, 0o600);
    let pinned: serde_json::Value = serde_json::from_str(&home.read("agent.json")).unwrap();
    assert!(pinned["signing_key"].is_string(), "{pinned}");
    assert!(!home.status().await.0);

    let mut agent = home.start_headless();
    agent.connected().await;
    let (connected, words) = home.status().await;
    assert!(connected && words.contains(&hub.address()), "{words}");
    let clients = hub.admin.get("/api/clients").await.unwrap().expect(200).unwrap();
    assert_eq!((&clients["clients"][0]["name"], &clients["clients"][0]["online"]), (&"Farmacia Sol".into(), &true.into()));

    agent.signal(rustix::process::Signal::TERM);
    assert_eq!(agent.wait().await.code(), Some(0));
    let (connected, words) = home.status().await;
    assert!(!connected && words.contains("no agent runs"), "{words}");
}

#[tokio::test]
async fn a_pc_that_becomes_another_branch_forgets_the_alerts_of_the_first() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let id = hub.send(serde_json::json!({"text": "for Sol"})).await;
    let mut agent = home.start_headless();
    agent.next("alert").await;
    hub.reaches(&id, "delivered").await;
    agent.kill().await;
    for (name, texts) in [("sol", vec!["for Sol".to_owned()]), ("Luna", Vec::new())] {
        hub.admin.delete("/api/clients/Sol").await.unwrap();
        let (address, code, ca) = (hub.address(), hub.code().await, hub.process.ca());
        let output = home.run(&["enrol", "--hub", &address, "--name", name, "--code", &code, "--ca", ca.to_str().unwrap()]).await;
        assert!(output.status.success(), "{output:?}");
        assert_eq!(home.start_headless().texts_until_end().await, texts, "as {name}");
    }
}

#[tokio::test]
async fn the_fingerprint_that_the_hub_says_is_enough() {
    let hub = Hub::start().await;
    let enrolment = hub.enrolment().await;
    let (code, fingerprint) = (enrolment["code"].as_str().unwrap(), enrolment["ca_fingerprint"].as_str().unwrap());
    let home = Home::new();
    let address = hub.address();
    let output = home.run(&["enrol", "--hub", &address, "--name", "Sol", "--code", code, "--ca-fingerprint", fingerprint]).await;
    assert!(output.status.success(), "{output:?}");
    let mut agent = home.start_headless();
    agent.connected().await;
}

#[tokio::test]
async fn what_is_wrong_with_an_enrolment_is_said_with_the_next_step() {
    let hub = Hub::start().await;
    let (address, ca) = (hub.address(), hub.process.ca().to_str().unwrap().to_owned());
    let nobody = "127.0.0.1:1";
    let table: [(&[&str], i32, &str); 7] = [
        (&["--hub", &address, "--name", "Sol", "--code", "x"], 2, "--ca-fingerprint"),
        (&["--hub", &address, "--name", " ", "--code", "x", "--ca", &ca], 2, "--name"),
        (&["--hub", "a b", "--name", "Sol", "--code", "x", "--ca", &ca], 2, "--hub"),
        (&["--hub", &address, "--name", "Sol", "--code", "x", "--ca", "/nowhere"], 2, "/nowhere"),
        (&["--hub", &address, "--name", "Sol", "--code", "x", "--ca-fingerprint", "12"], 2, "64 hexadecimal"),
        (&["--hub", &address, "--name", "Sol", "--code", "wrong", "--ca", &ca], 1, "ask for a new code"),
        (&["--hub", nobody, "--name", "Sol", "--code", "x", "--ca", &ca], 1, "check the address"),
    ];
    for (arguments, code, words) in table {
        let home = Home::new();
        let output = home.run(&[&["enrol"], arguments].concat()).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(code) && said.contains(words), "{arguments:?}: {said}");
        assert!(!home.file("key").exists());
    }
}

#[tokio::test]
async fn a_folder_without_enrolment_does_not_run() {
    let home = Home::new();
    let output = home.run(&["--headless"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("pregon-tray enrol"));
}

#[tokio::test]
async fn a_second_agent_on_the_same_folder_says_so_and_ends_with_3() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let mut agent = home.start_headless();
    agent.connected().await;
    let output = home.run(&["--headless"]).await;
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("another agent already runs"));
    agent.kill().await;
    let (connected, _) = home.status().await;
    assert!(!connected, "the file of a dead agent says nothing");
    let mut agent = home.start_headless();
    eventually("connected again", async || (agent.next("status").await["connected"] == true).then_some(())).await;
}

#[tokio::test]
async fn a_changed_address_is_taken_up_without_a_restart() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    std::fs::write(home.file("ip.txt"), "# moved\nnot an address\n127.0.0.1:1\n").unwrap();
    let mut agent = home.start_headless();
    let detail = agent.next("status").await;
    assert_eq!(detail["connected"], false);
    while !agent.next("status").await["detail"].as_str().unwrap().contains("connection refused") {}
    std::fs::write(home.file("ip.txt"), format!("127.0.0.1:1\n{} # new\n", hub.address())).unwrap();
    agent.connected().await;
    assert!(home.read("stderr.log").contains("ip.txt line 2"));
}

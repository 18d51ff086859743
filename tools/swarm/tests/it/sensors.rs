//! `pregon-swarm sensors` as its user runs it.

use std::process::Command;

use pregon_swarm::hub::Process;

fn swarm(args: &[&str]) -> (bool, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_pregon-swarm")).arg("sensors").args(args).output().unwrap();
    (ran.status.success(), format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_event_is_printed_with_its_answer_over_both_doors() {
    let hub = Process::start().await.unwrap();
    let events = hub.events().to_string();
    let (is_fine, said) = swarm(&["--events", &events, "--count", "20", "--connections", "2", "--rate", "200"]);
    let answered =
        |said: &str| said.lines().filter(|line| line.starts_with('{') && line.contains(r#"} -> {"ok":true,"event_id":"#)).count();
    assert!(is_fine && answered(&said) == 20 && said.contains("20 events durable, 0 refused"), "{said}");
    let made = hub.command(&["token", "create", "--name", "swarm", "--scope", "events", "--json"]).output().unwrap();
    let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    let (token, tls) = (made["token"].as_str().unwrap(), hub.ready().events_tls.unwrap().to_string());
    let ca = hub.ca();
    let over_tls = ["--events", tls.as_str(), "--tls", "--ca", ca.to_str().unwrap(), "--token", token, "--count", "5"];
    let (is_fine, said) = swarm(&over_tls);
    assert!(is_fine && answered(&said) == 5 && !said.contains(token), "{said}");
    let (_, quiet) = swarm(&["--events", &events, "--count", "3", "--quiet"]);
    assert_eq!(quiet.lines().count(), 1, "{quiet}");
    let listed = hub.admin().await.unwrap().get("/api/stats").await.unwrap().json();
    assert_eq!(listed["total_events"], 28);
    for wrong in ["0", "-1", "nan", "x"] {
        assert!(!swarm(&["--events", &events, "--rate", wrong]).0, "{wrong}");
    }
    let (is_fine, said) = swarm(&["--events", "192.0.2.1:5090"]);
    assert!(!is_fine && said.contains("only loopback"), "{said}");
}

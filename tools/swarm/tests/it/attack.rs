//! The whole story of an attack, as its user runs it, and a hub that does not answer as it should.

use std::path::Path;
use std::process::Command;

use pregon_swarm::attack::{self, Scene, Target};
use pregon_swarm::hub::{ADMIN_PASSWORD, Process, Start};

fn swarm(args: &[&str]) -> (bool, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_pregon-swarm")).arg("attack").args(args).output().unwrap();
    (ran.status.success(), format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr)))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_stands_the_whole_attack_and_is_left_as_it_was() {
    let hub = Process::start().await.unwrap();
    let (is_fine, said) = swarm(&["--data", text(hub.data())]);
    assert!(is_fine && said.contains("All 17 parts were as expected") && !said.contains("WRONG"), "{said}");
    let admin = hub.admin().await.unwrap();
    for (path, plural) in [("security/bans", "bans"), ("clients", "clients"), ("users", "users"), ("tokens", "tokens")] {
        let left = admin.get(&format!("/api/{path}")).await.unwrap().expect(200).unwrap();
        assert_eq!(left[plural].as_array().map(Vec::len), Some(0), "{path}: {left}");
    }
    let banned = admin.get("/api/security/events?kind=ban").await.unwrap().json();
    assert_eq!(banned["total"], 13, "twelve addresses, and a PC behind a thirteenth: {banned}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_that_bans_too_late_is_found_out() {
    let hub = Start::default().env("PREGON_GUARD_STRIKES", "900").spawn().await.unwrap();
    let target = Target::log_in(hub.ready().https, &hub.ca(), ADMIN_PASSWORD).await.unwrap();
    let mut told = Vec::new();
    let scenes = [Scene::Scanner, Scene::OneName, Scene::Bans];
    let is_fine = attack::run(target, &scenes, |played| told.push(played.to_string())).await.unwrap();
    assert!(!is_fine && told.iter().all(|told| told.starts_with("WRONG")), "{told:#?}");
    assert!(told[0].contains("expected: 403 /problems/banned") && told[2].contains("missing: 127.0.0.14"), "{told:#?}");
    assert_eq!(hub.admin().await.unwrap().get("/api/clients").await.unwrap().json()["total"], 0, "cleaned up all the same");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_attacked_is_refused_clearly() {
    let hub = Start::default().env("PREGON_GUARD_TRUSTED", "127.0.0.0/8").spawn().await.unwrap();
    let (is_fine, said) = swarm(&["--data", text(hub.data())]);
    assert!(!is_fine && said.contains("the hub trusts 127.0.0.11"), "{said}");
    let ca = hub.ca();
    let (is_fine, said) = swarm(&["--hub", "192.0.2.1:8443", "--ca", text(&ca), "--password-stdin"]);
    assert!(!is_fine && said.contains("only loopback"), "{said}");
    let (is_fine, said) = swarm(&["--data", text(&hub.data().join("nowhere"))]);
    assert!(!is_fine && said.contains("no hub runs there"), "{said}");
    assert!(!swarm(&[]).0 && !swarm(&["--hub", "127.0.0.1:1"]).0);
}

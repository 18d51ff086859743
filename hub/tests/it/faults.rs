//! What breaks around the hub: the disk, its open files, its certificate, the mail server. It is said where people and
//! machines look, and it passes without a restart.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use pregon_hub::notice::Notice;
use pregon_swarm::agent::Agent;
use pregon_swarm::http::Api;
use pregon_swarm::hub::{ADMIN_PASSWORD, Process, Start};
use pregon_swarm::panel::Panel;
use pregon_swarm::sensor::Sensor;
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::{Value, json};
use shared::Severity;

use crate::harness::{SOON, TestHub, key, until};
use crate::post::{Mood, PostOffice};

/// Where a test that runs on a disk of its own finds it.
const DISK: &str = "PREGON_TEST_DISK";

/// A disk of 24 MiB: this test runs again in a mount namespace of its own, where it may mount one, as root or as anybody
/// whom the kernel allows user namespaces. `None`: the test has run there, or nobody may mount here.
#[allow(clippy::print_stderr, reason = "whoever runs the tests must see what was not tested")]
fn own_disk(test: &str) -> Option<PathBuf> {
    if let Some(disk) = std::env::var_os(DISK) {
        return Some(disk.into());
    }
    const MOUNT: &str = "mount -t tmpfs -o size=24m,mode=0700 pregon-test \"$1\" && shift && exec \"$@\"";
    let disk = tempfile::TempDir::with_prefix("pregon-disk-").expect("a folder");
    let mounted = |flags: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(flags).args(["sh", "-ec", MOUNT, "sh"]).arg(disk.path());
        command
    };
    let ways: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
    let Some(way) = ways.into_iter().find(|way| mounted(way).arg("true").output().is_ok_and(|tried| tried.status.success())) else {
        eprintln!("skipped: nobody may mount a small disk here; `a_full_disk_is_said_and_passes` tests the store alone");
        return None;
    };
    let mut again = mounted(way);
    again.arg(std::env::current_exe().expect("this test")).args(["--exact", test, "--nocapture"]).env(DISK, disk.path());
    assert!(again.status().expect("the test on its disk").success());
    None
}

/// Takes all the room there is.
fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("filler");
    let mut file = std::fs::File::create(&path).expect("a file");
    for size in [1 << 20, 4_096, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
    path
}

/// `/readyz`: its status and the codes of its problems.
async fn readiness(api: &Api) -> (u16, Vec<String>) {
    let reply = api.get("/readyz").await.expect("an answer");
    let problems = reply.json()["problems"].as_array().cloned().unwrap_or_default();
    assert!(problems.iter().all(|problem| problem["detail"].is_string() && problem["advice"].is_string()), "{problems:?}");
    let codes = problems.iter().map(|problem| problem["code"].as_str().expect("a code").to_owned());
    // How much room the machine has on which this runs is its own business.
    (reply.status, codes.filter(|code| code != "disk_low" && code != "disk_critical").collect())
}

/// Waits until a panel hears of trouble with this code, or of trouble without it.
async fn until_told(panel: &mut Panel, code: &str, stands: bool) -> Value {
    loop {
        let news = panel.next_of("trouble", SOON).await.expect("news");
        let problems = news["problems"].as_array().expect("problems");
        if problems.iter().any(|problem| problem["code"] == code) == stands {
            return news;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_said_everywhere_and_passes_without_a_restart() {
    let Some(disk) = own_disk("faults::a_full_disk_is_said_everywhere_and_passes_without_a_restart") else { return };
    let hub = Start::default().data(disk.join("data")).spawn().await.unwrap();
    let (admin, pid) = (hub.admin().await.unwrap(), hub.pid());
    admin.post("/api/clients", &json!({"name": "sol", "secret": key("sol")})).await.unwrap().expect(201).unwrap();
    let (mut agent, _) = Agent::connect(&hub.endpoint().unwrap(), "sol", &key("sol")).await.unwrap();
    let mut panel = Panel::open(&hub.endpoint().unwrap(), admin.token().unwrap()).await.unwrap();
    let mut sensor = Sensor::connect(hub.events()).await.unwrap();
    let filler = fill(&disk);

    let event = json!({"source": "s", "message": "m", "labels": {"much": "x".repeat(8_000)}});
    let refused = loop {
        sensor.send(format!("{event}\n").as_bytes()).await.unwrap();
        let answer = sensor.answer(SOON).await.unwrap();
        if answer["ok"] == false {
            break answer;
        }
    };
    assert_eq!(refused["error"], "overloaded", "{refused}");
    assert!(refused["detail"].as_str().unwrap().contains("the disk is full"), "{refused}");
    let alert = json!({"audience": {"kind": "global"}, "severity": "critical", "text": "x".repeat(4_000)});
    let refused = loop {
        let reply = admin.post("/api/alerts", &alert).await.unwrap();
        if reply.status != 201 {
            break reply;
        }
        agent.alert(SOON).await.unwrap();
    };
    assert_eq!(refused.status, 503);
    assert!(refused.json()["detail"].as_str().unwrap().contains("the disk is full"), "{}", refused.json());
    // A log-in is written down with its session: refused, and it says what to do.
    let refused = loop {
        let known = json!({"username": "admin", "password": ADMIN_PASSWORD});
        let reply = Api::new(&hub.endpoint().unwrap()).post("/api/admin/login", &known).await.unwrap();
        if reply.status != 200 {
            break reply;
        }
    };
    assert_eq!(
        (refused.status, &refused.json()["type"], &refused.json()["code"]),
        (503, &json!("/problems/not-saved"), &json!("disk_full"))
    );
    assert!(refused.json()["detail"].as_str().unwrap().contains("make room"), "{}", refused.json());
    let (status, codes) = readiness(&admin).await;
    assert!(status == 503 && codes.contains(&"disk_full".to_owned()), "{status} {codes:?}");
    let told = until_told(&mut panel, "disk_full", true).await;
    assert_eq!((&told["problems"][0]["code"], &told["problems"][0]["level"]), (&json!("disk_full"), &json!("broken")), "{told}");
    let mut late = Panel::open(&hub.endpoint().unwrap(), admin.token().unwrap()).await.unwrap();
    until_told(&mut late, "disk_full", true).await;
    agent.ping(SOON).await.expect("agents stay");

    std::fs::remove_file(filler).unwrap();
    until_told(&mut panel, "disk_full", false).await;
    assert_eq!(readiness(&admin).await.0, 200);
    admin.post("/api/alerts", &alert).await.unwrap().expect(201).unwrap();
    agent.alert(SOON).await.expect("it reaches the screen");
    sensor.event(&event).await.expect("events are taken again");
    assert_eq!(hub.pid(), pid);
    assert!(hub.command(&["audit", "verify"]).status().unwrap().success());
}

/// The hub's files may not grow any more, as under a quota that is used up: the kernel says EFBIG, not ENOSPC.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_for_files_is_said_like_a_full_disk_and_passes_without_a_restart() {
    let hub = Process::start().await.unwrap();
    let (admin, pid) = (hub.admin().await.unwrap(), hub.pid());
    let mut sensor = Sensor::connect(hub.events()).await.unwrap();
    let event = json!({"source": "s", "message": "m", "labels": {"much": "x".repeat(8_000)}});
    sensor.event(&event).await.unwrap();
    let process = Pid::from_raw(pid.cast_signed());
    let size = |name: &str| std::fs::metadata(hub.data().join(name)).map_or(0, |file| file.len());
    let most = size("pregon.db").max(size("pregon.db-wal")) + 64 * 1024;
    let before = rustix::process::getrlimit(Resource::Fsize);
    prlimit(process, Resource::Fsize, Rlimit { current: Some(most), maximum: before.maximum }).expect("a limit");

    let refused = loop {
        sensor.send(format!("{event}\n").as_bytes()).await.unwrap();
        let answer = sensor.answer(SOON).await.unwrap();
        if answer["ok"] == false {
            break answer;
        }
    };
    assert_eq!(refused["error"], "overloaded", "{refused}");
    let full = async || readiness(&admin).await == (503, vec!["disk_full".into()]);
    until("it is said", full).await;
    // However long it is tried: what is small may still fit, and is no proof.
    for _ in 0..200 {
        sensor.send(format!("{event}\n").as_bytes()).await.unwrap();
        assert_eq!(sensor.answer(SOON).await.unwrap()["error"], "overloaded");
    }
    assert!(full().await);
    prlimit(process, Resource::Fsize, before).expect("a limit");
    until("it is over", async || readiness(&admin).await == (200, vec![])).await;
    sensor.event(&event).await.expect("events are taken again");
    assert_eq!(hub.pid(), pid);
    assert!(hub.command(&["audit", "verify"]).status().unwrap().success());
}

#[tokio::test]
async fn trouble_that_ended_while_the_hub_was_away_is_ended_by_the_next_one() {
    let hub = TestHub::start().await;
    let notice = |key: &str| Notice::new(Severity::Error, "the disk is full").about(key).label("trouble", "disk_full").code("trouble");
    for key in ["trouble:disk_full", "trouble:cannot_save", "other:disk_full"] {
        hub.app.hub.publisher.notice(notice(key)).await.unwrap();
    }
    hub.app.hub.publisher.notice(notice("trouble:cannot_save").resolved()).await.unwrap();
    let hub = hub.restarted(0, &[]).await;
    let resolved = async |key: &str| {
        let events = hub.get("/api/events?limit=100").await["events"].as_array().unwrap().clone();
        let payloads = events.into_iter().map(|event| event["raw_payload"].clone());
        payloads.filter(|raw| raw["dedup_key"] == key && raw["resolved"] == true).collect::<Vec<_>>()
    };
    until("it is over", async || resolved("trouble:disk_full").await.len() == 1).await;
    let over = &resolved("trouble:disk_full").await[0];
    assert_eq!(
        (&over["code"], &over["labels"]["trouble"], &over["severity"]),
        (&json!("trouble_over"), &json!("disk_full"), &json!("info"))
    );
    assert_eq!((resolved("trouble:cannot_save").await.len(), resolved("other:disk_full").await.len()), (1, 0));
    let hub = hub.restarted(0, &[]).await;
    assert_eq!(hub.app.hub.store.standing_notices("trouble:").await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_that_accepts_nobody_is_said_to_open_panels_and_comes_back() {
    let hub = Process::start().await.unwrap();
    let admin = hub.admin().await.unwrap();
    let mut panel = Panel::open(&hub.endpoint().unwrap(), admin.token().unwrap()).await.unwrap();
    panel.next_of("hello", SOON).await.unwrap();
    let pid = Pid::from_raw(hub.pid().cast_signed());
    let before = rustix::process::getrlimit(Resource::Nofile);
    let limited = Rlimit { current: Some(3), maximum: before.maximum };
    let before = prlimit(pid, Resource::Nofile, limited).expect("a limit");
    // It waits in the kernel's queue: the hub has no file handle for it.
    let mut knocking = Sensor::connect(hub.events()).await.unwrap();
    let told = until_told(&mut panel, "listener_dead", true).await;
    assert_eq!(told["problems"][0]["about"], "events.listen", "{told}");
    prlimit(pid, Resource::Nofile, before).expect("a limit");
    until_told(&mut panel, "listener_dead", false).await;
    knocking.event(&json!({"message": "at last"})).await.expect("whoever knocked comes in");
    assert_eq!(readiness(&admin).await, (200, vec![]));
    let log = std::fs::read_to_string(hub.data().join("logs/server.log")).unwrap();
    let said = log.lines().filter(|line| line.contains("could not accept") && line.contains("events.listen")).count();
    assert_eq!(said, 1, "ten a second fail, one a minute is written down");
}

#[tokio::test]
async fn a_certificate_that_was_not_renewed_is_said_before_it_ends() {
    let hub = TestHub::start().await;
    let nobody = Api::new(&hub.endpoint());
    assert_eq!(readiness(&nobody).await, (200, vec![]));
    hub.clock.advance(75 * 86_400_000);
    until("a warning", async || readiness(&nobody).await == (200, vec!["certificate_ends".into()])).await;
    hub.clock.advance(20 * 86_400_000);
    until("nobody can connect", async || readiness(&nobody).await == (503, vec!["certificate_ended".into()])).await;
    assert!(hub.app.hub.tls.renew_if_due(hub.clock.now()).expect("a certificate"));
    // The new one begins at the hub's time, which is not this test's: nobody here could connect.
    until("renewed", async || !hub.app.hub.monitor.troubles().iter().any(|trouble| trouble.value.is_some())).await;
}

#[tokio::test]
async fn mail_that_nobody_takes_is_said_until_it_is_taken() {
    let office = PostOffice::open().await;
    let hub = office.hub(&[]).await;
    office.turn(Mood::AfterData("451 4.3.0 come back later"));
    let event = json!({"source": "fridge", "severity": "error", "message": "warm"});
    hub.admin.post("/api/events", &event).await.unwrap().expect(201).unwrap();
    let failed = async || hub.get("/api/stats").await["email"]["failed"].as_u64().unwrap();
    for (tries, wait_s) in [(1, 31), (2, 61), (3, 121), (4, 0)] {
        until("another try", async || failed().await == tries).await;
        hub.clock.advance(wait_s * 1_000);
    }
    until("it is said", async || readiness(&hub.admin).await == (200, vec!["mail_stuck".into()])).await;
    office.turn(Mood::Good);
    hub.clock.advance(241_000);
    until("it is over", async || readiness(&hub.admin).await == (200, vec![])).await;
    assert_eq!(office.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_while_mail_is_sent_loses_none_and_repeats_under_the_same_id() {
    const ROUNDS: usize = 3;
    const EVENTS: usize = 4;
    let office = PostOffice::open().await;
    let start = office.settings().iter().fold(Start::default(), |start, (name, value)| start.env(name, value));
    let mut hub = start.env("PREGON_SMTP_TIMEOUT_S", "60").spawn().await.unwrap();
    let mut ids = BTreeSet::new();
    for round in 1..=ROUNDS {
        // It has the whole mail, and the hub never hears so.
        office.turn(Mood::Speechless);
        let admin = hub.admin().await.unwrap();
        for number in 0..EVENTS {
            let event = json!({"source": "load", "severity": "error", "message": format!("{round}.{number}")});
            admin.post("/api/events", &event).await.unwrap().expect(201).unwrap();
        }
        let before = office.mails().len();
        until("mails are on their way", async || office.mails().len() > before).await;
        hub.kill().unwrap();
        let on_the_way = office.mails().len() - before;
        office.turn(Mood::Good);
        hub.restart().await.unwrap();
        let admin = hub.admin().await.unwrap();
        until("all are sent", async || admin.get("/api/stats").await.unwrap().json()["email"]["sent"] == round * EVENTS).await;
        let mails = office.mails();
        assert_eq!(mails.len() - before, EVENTS + on_the_way, "only what was on its way comes twice");
        ids.extend(mails.iter().map(|mail| mail.header("Message-ID")));
        assert_eq!(ids.len(), round * EVENTS, "one id an event, however often it came");
    }
}

//! The window on a real X server: it comes, stays, returns, and goes when a person says so.

use std::time::Duration;

use serde_json::json;

use super::agent::Agent;
use super::desktop::Desktop;
use super::eventually;
use super::hub::Hub;

/// The middle of the button “Understood”, from the window's lower right corner.
const UNDERSTOOD: (i32, i32) = (-148, -46);
/// Clicks right after the window came count for nothing.
const GRACE: Duration = Duration::from_millis(700);

#[tokio::test]
async fn a_click_on_the_button_dismisses_one_alert_after_the_other() {
    let (hub, desktop) = (Hub::start().await, Desktop::start().await);
    let home = hub.enrol("Sol").await;
    let first = hub.send(json!({"text": "first", "severity": "critical"})).await;
    let second = hub.send(json!({"text": "second", "severity": "info"})).await;
    let mut agent = home.start_on(&desktop.variables());
    let window = desktop.window().await;
    hub.reaches(&first, "displayed").await;
    hub.reaches(&second, "displayed").await;
    for id in [&first, &second] {
        tokio::time::sleep(GRACE).await;
        desktop.click(window, UNDERSTOOD.0, UNDERSTOOD.1).await;
        let delivery = hub.reaches(id, "dismissed").await;
        assert_eq!(delivery["reply"], json!(null));
    }
    eventually("the window is gone", async || desktop.find_window().await.is_none().then_some(())).await;
    eventually("its process too", async || children(&agent).is_empty().then_some(())).await;
    let third = hub.send(json!({"text": "third", "replies": ["Done"]})).await;
    let window = desktop.window().await;
    hub.reaches(&third, "displayed").await;
    tokio::time::sleep(GRACE).await;
    desktop.click(window, 90, UNDERSTOOD.1).await;
    assert_eq!(hub.reaches(&third, "dismissed").await["reply"], "Done");
    assert!(home.read("agent.log").contains("ms after it came"));
    agent.signal(rustix::process::Signal::TERM);
    assert_eq!(agent.wait().await.code(), Some(0));
}

#[tokio::test]
async fn a_window_that_is_closed_stays_and_one_that_is_destroyed_or_killed_returns() {
    let (hub, desktop) = (Hub::start().await, Desktop::start().await);
    let home = hub.enrol("Sol").await;
    let agent = home.start_on(&desktop.variables());
    let id = hub.send(json!({"text": "stay"})).await;
    let window = desktop.window().await;
    hub.reaches(&id, "displayed").await;
    desktop.ask_to_close(window);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(desktop.find_window().await, Some(window));

    let first = eventually("its process", async || children(&agent).first().copied()).await;
    desktop.destroy(window).await;
    let second = another(&agent, first).await;
    desktop.window().await;
    kill(second);
    another(&agent, second).await;
    let window = desktop.window().await;
    assert_eq!(hub.delivery(&id).await["state"], "displayed");
    tokio::time::sleep(GRACE).await;
    desktop.click(window, UNDERSTOOD.0, UNDERSTOOD.1).await;
    hub.reaches(&id, "dismissed").await;
}

#[tokio::test]
async fn what_was_not_dismissed_returns_after_a_crash_of_the_agent_and_a_withdrawal_takes_it_off() {
    let (hub, desktop) = (Hub::start().await, Desktop::start().await);
    let home = hub.enrol("Sol").await;
    let agent = home.start_on(&desktop.variables());
    let id = hub.send(json!({"text": "stay"})).await;
    desktop.window().await;
    hub.reaches(&id, "displayed").await;
    agent.kill().await;
    eventually("the window ends with its agent", async || desktop.find_window().await.is_none().then_some(())).await;
    let agent = home.start_on(&desktop.variables());
    desktop.window().await;
    hub.withdraw(&id).await;
    eventually("the window is gone", async || desktop.find_window().await.is_none().then_some(())).await;
    eventually("its process too", async || children(&agent).is_empty().then_some(())).await;
}

#[tokio::test]
async fn an_agent_whose_file_was_replaced_by_an_upgrade_still_shows_its_window() {
    let (hub, desktop) = (Hub::start().await, Desktop::start().await);
    let home = hub.enrol("Sol").await;
    let program = home.file("installed");
    std::fs::copy(env!("CARGO_BIN_EXE_pregon-tray"), &program).unwrap();
    let _agent = home.start_program_on(&program, &desktop.variables());
    eventually("connected", async || home.status().await.0.then_some(())).await;
    std::fs::remove_file(&program).unwrap();
    let id = hub.send(json!({"text": "after the upgrade"})).await;
    desktop.window().await;
    hub.reaches(&id, "displayed").await;
}

#[tokio::test]
async fn a_backlog_comes_as_one_window_with_the_gravest_in_front() {
    let (hub, desktop) = (Hub::start().await, Desktop::start().await);
    let home = hub.enrol("Sol").await;
    let mut ids = Vec::new();
    for number in 0..150 {
        let severity = if number == 100 { "critical" } else { "warning" };
        ids.push(hub.send(json!({"text": number.to_string(), "severity": severity})).await);
    }
    let agent = home.start_on(&desktop.variables());
    let window = desktop.window().await;
    hub.reaches(&ids[100], "displayed").await;
    hub.reaches(&ids[149], "delivered").await;
    tokio::time::sleep(GRACE).await;
    desktop.click(window, UNDERSTOOD.0, UNDERSTOOD.1).await;
    hub.reaches(&ids[100], "dismissed").await;
    assert_eq!(children(&agent).len(), 1);
    assert!(!home.read("agent.log").contains("the window ended"), "it stood all the time");
}

#[tokio::test]
async fn behind_a_locked_screen_nothing_counts_as_displayed() {
    use std::os::unix::fs::PermissionsExt as _;
    let (hub, desktop) = (Hub::start().await, Desktop::start().await);
    let home = hub.enrol("Sol").await;
    // The desktop's own tool, which the test desktop lacks, says what the test writes.
    let (tool, answer) = (home.file("loginctl"), home.file("locked"));
    std::fs::write(&tool, format!("#!/bin/sh\ncat {}\n", answer.display())).unwrap();
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(&answer, "yes\n").unwrap();
    let path = format!("{}:{}", home.path().display(), std::env::var("PATH").unwrap());
    let _agent = home.start_on(&[desktop.variables(), vec![("PATH", path)]].concat());
    let id = hub.send(json!({"text": "unseen"})).await;
    desktop.window().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(hub.delivery(&id).await["state"], "delivered");
    std::fs::write(&answer, "no\n").unwrap();
    hub.reaches(&id, "displayed").await;
}

#[tokio::test]
async fn without_a_display_the_alert_stays_delivered_and_the_reason_is_said() {
    let hub = Hub::start().await;
    let home = hub.enrol("Sol").await;
    let _agent = home.start_on(&[]);
    let id = hub.send(json!({"text": "unseen"})).await;
    hub.reaches(&id, "delivered").await;
    eventually("the reason", async || home.status().await.1.contains("window for alerts cannot be opened").then_some(())).await;
    assert_eq!(hub.delivery(&id).await["state"], "delivered");
    assert!(home.status().await.0, "the link is another matter");
    assert!(home.read("agent.log").contains("no tray icon"));
}

/// The process of the next window.
async fn another(agent: &Agent, than: i32) -> i32 {
    eventually("another process", async || children(agent).first().copied().filter(|other| *other != than)).await
}

/// The processes of the agent's windows; not those that play a sound.
fn children(agent: &Agent) -> Vec<i32> {
    let pid = agent.pid();
    let list = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let is_window = |pid: &&str| std::fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|words| words.contains("popup"));
    list.split_whitespace().filter(is_window).map(|pid| pid.parse().unwrap()).collect()
}

fn kill(pid: i32) {
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

//! The agent at rest, and how fast it puts an alert on a screen.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use pregon_swarm::PATIENCE;
use pregon_swarm::http::Api;
use pregon_swarm::hub::{Process, sibling};
use serde_json::{Value, json};
use shared::Timestamp;

use super::figures::{Figures, Promise, median};
use super::process::resident_kb;

const NAME: &str = "Bench branch";
/// How long the agent rests before its memory is read.
const REST: Duration = Duration::from_secs(5);
/// Alerts shown, each in a window of its own.
const ALERTS: usize = 5;

pub async fn measure(figures: &mut Figures) -> Result<()> {
    let hub = Process::start().await?;
    let admin = hub.admin().await?;
    let data = tempfile::tempdir()?;
    enrol(&hub, &admin, data.path()).await?;
    let agent = Running::start(data.path(), &["--headless"]).await?;
    tokio::time::sleep(REST).await;
    figures.add("agent, headless and idle, resident", agent.resident_mb()?, "MB", Promise::AtMost(15.0));
    drop(agent);
    if std::env::var_os("DISPLAY").is_some() {
        measure_window(figures, &admin, data.path()).await?;
    }
    Ok(())
}

async fn measure_window(figures: &mut Figures, admin: &Api, data: &Path) -> Result<()> {
    let agent = Running::start(data, &[]).await?;
    tokio::time::sleep(REST).await;
    figures.add("agent with its tray icon, idle, resident", agent.resident_mb()?, "MB", Promise::AtMost(15.0));
    let mut times = Vec::new();
    for _ in 0..ALERTS {
        times.push(show_one(admin).await?);
    }
    figures.add("from the alert on the agent's disk to its first frame, median", median(times), "ms", Promise::None);
    Ok(())
}

async fn enrol(hub: &Process, admin: &Api, data: &Path) -> Result<()> {
    let code = admin.post("/api/enrolments", &json!({"name": NAME})).await?.expect(201)?;
    let code = code.get("code").and_then(Value::as_str).context("no code")?;
    let mut command = Command::new(tray()?);
    command.args(["enrol", "--hub", &hub.ready().https.to_string(), "--name", NAME, "--code", code]);
    let status = command.arg("--ca").arg(hub.ca()).arg("--data").arg(data).stdout(Stdio::null()).status()?;
    ensure!(status.success(), "pregon-tray enrol: {status}");
    Ok(())
}

fn tray() -> Result<std::path::PathBuf> {
    sibling("SWARM_TRAY_BIN", "pregon-tray")
}

/// An agent that is connected; killed on drop.
struct Running(Child);

impl Running {
    async fn start(data: &Path, arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new(tray()?);
        // A pipe as its input: a headless agent ends with it.
        let child = command.args(arguments).arg("--data").arg(data).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let running = Self(child);
        let end = Instant::now() + PATIENCE;
        while !Command::new(tray()?).arg("status").arg("--data").arg(data).stdout(Stdio::null()).status()?.success() {
            ensure!(Instant::now() < end, "pregon-tray is not connected after {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(running)
    }

    fn resident_mb(&self) -> Result<f64> {
        Ok(resident_kb(self.0.id())? / 1_024.0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Milliseconds from receipt `delivered` to receipt `displayed`, both by the agent's clock; then the window is taken back.
async fn show_one(admin: &Api) -> Result<f64> {
    let audience = json!({"kind": "private", "name": NAME});
    let alert = json!({"audience": audience, "severity": "error", "title": "Bench", "text": "Shown and withdrawn"});
    let sent = admin.post("/api/alerts", &alert).await?.expect(201)?;
    let path = format!("/api/alerts/{}", sent.get("id").and_then(Value::as_str).context("no id")?);
    let end = Instant::now() + PATIENCE;
    let took = loop {
        let row = admin.get(&path).await?.expect(200)?;
        if let (Some(delivered), Some(displayed)) = (moment(&row, "delivered_at"), moment(&row, "displayed_at")) {
            break displayed.millis_since(delivered);
        }
        if Instant::now() >= end {
            bail!("nothing on the screen after {PATIENCE:?}: {row}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    admin.post(&format!("{path}/withdraw"), &json!({})).await?.expect(200)?;
    // Until the window's process is gone; the next alert starts a new one.
    tokio::time::sleep(Duration::from_secs(2)).await;
    Ok(took as f64)
}

fn moment(alert: &Value, field: &str) -> Option<Timestamp> {
    Timestamp::parse(alert.get("deliveries")?.get(0)?.get(field)?.as_str()?).ok()
}

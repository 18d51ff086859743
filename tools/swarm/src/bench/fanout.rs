//! Many agents on one hub: what a connection costs in memory, what a delivery costs in CPU.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use pregon_swarm::PATIENCE;
use pregon_swarm::fleet::{self, Answers, Fleet};
use pregon_swarm::http::Api;
use pregon_swarm::hub::Process;
use serde_json::json;

use super::figures::{Figures, Promise};
use super::process::{cpu, resident_kb};

/// Alerts a measurement; with 2,000 agents 80,000 deliveries, seconds of CPU against ticks of 10 ms.
const ALERTS: u64 = 40;
/// How long a hub rests before its memory is read.
const REST: Duration = Duration::from_secs(3);

pub async fn measure(figures: &mut Figures, agents: u32) -> Result<()> {
    let hub = Process::start().await?;
    tokio::time::sleep(REST).await;
    figures.add("hub, idle, resident", resident_kb(hub.pid())? / 1_024.0, "MB", Promise::AtMost(40.0));
    let admin = hub.admin().await?;
    let members = fleet::members("swarm", "bench", agents);
    fleet::register(&admin, &members).await?;
    let before = resident_kb(hub.pid())?;
    let worked = cpu(hub.pid())?;
    let fleet = Fleet::connect(&hub.endpoint()?, &members, Answers::None).await?;
    let worked = cpu(hub.pid())?.saturating_sub(worked);
    tokio::time::sleep(REST).await;
    let each = (resident_kb(hub.pid())? - before) / f64::from(agents);
    figures.add(format!("a connection, {agents} idle agents, resident"), each, "kB", Promise::AtMost(30.0));
    figures.add("connecting, agents a second", f64::from(agents) / fleet.connecting.as_secs_f64(), "/s", Promise::None);
    figures.add("connecting, hub's CPU an agent", worked.as_secs_f64() * 1_000.0 / f64::from(agents), "ms", Promise::None);

    let crowd = Crowd { pid: hub.pid(), admin, fleet, agents: agents.into() };
    crowd.deliver(figures, "one alert at a time, no receipts", 1, Answers::None).await?;
    crowd.deliver(figures, "8 alerts in flight, no receipts", 8, Answers::None).await?;
    crowd.deliver(figures, "one alert at a time, a receipt from every agent", 1, Answers::Delivered).await?;
    crowd.deliver(figures, "8 alerts in flight, a receipt from every agent", 8, Answers::Delivered).await?;
    figures.add("hub after that, resident", resident_kb(hub.pid())? / 1_024.0, "MB", Promise::None);
    ensure!(crowd.fleet.tally.ended() == 0, "sessions ended: {}", crowd.fleet.tally);
    Ok(())
}

struct Crowd {
    pid: u32,
    admin: Api,
    fleet: Fleet,
    agents: u64,
}

impl Crowd {
    /// Hub's CPU seconds for a million deliveries, its own writes to disk included.
    async fn deliver(&self, figures: &mut Figures, how: &str, in_flight: u64, answers: Answers) -> Result<()> {
        self.fleet.answer(answers);
        let (begin, used) = (Instant::now(), cpu(self.pid)?);
        for _ in 0..ALERTS / in_flight {
            self.round(in_flight, answers).await.context(how.to_owned())?;
        }
        let deliveries = (ALERTS * self.agents) as f64;
        let used = cpu(self.pid)?.saturating_sub(used).as_secs_f64();
        figures.add(format!("a million deliveries, {how}"), used * 1_000_000.0 / deliveries, "CPU-s", Promise::None);
        figures.add(format!("deliveries a second, {how}"), deliveries / begin.elapsed().as_secs_f64(), "/s", Promise::None);
        Ok(())
    }

    /// Sends alerts together and waits until every agent has each, and the hub every receipt.
    async fn round(&self, in_flight: u64, answers: Answers) -> Result<()> {
        let tally = &self.fleet.tally;
        let receipts = if answers == Answers::None { 0 } else { in_flight * self.agents };
        let (alerts, confirmed) = (tally.alerts() + in_flight * self.agents, tally.confirmed() + receipts);
        let text = "x".repeat(200);
        let body = json!({"audience": {"kind": "global"}, "severity": "info", "title": "Bench", "text": text});
        let sending = (0..in_flight).map(|_| async { self.admin.post("/api/alerts", &body).await?.expect(201) });
        futures_util::future::try_join_all(sending).await?;
        let end = Instant::now() + PATIENCE;
        while tally.alerts() < alerts || tally.confirmed() < confirmed {
            ensure!(Instant::now() < end, "waited {PATIENCE:?} for {alerts} alerts and {confirmed} receipts, got: {tally}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }
}

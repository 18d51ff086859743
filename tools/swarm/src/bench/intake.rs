//! Sensors on a hub without agents: events that are on disk when they are answered.

use anyhow::{Result, ensure};
use pregon_swarm::crowd::{Load, run};
use pregon_swarm::hub::Process;

use super::figures::{Figures, Promise};
use super::process::cpu;

pub async fn measure(figures: &mut Figures) -> Result<()> {
    let waiting = Load { connections: 50, depth: 1, count: 100_000, rate: None, is_calm: true };
    let pipelining = Load { connections: 1, depth: 8_192, count: 500_000, rate: None, is_calm: true };
    let mixed = Load { is_calm: false, ..pipelining };
    measure_one(figures, "50 connections that wait for each answer", waiting, Promise::AtLeast(10_000.0)).await?;
    measure_one(figures, "one connection that pipelines", pipelining, Promise::AtLeast(50_000.0)).await?;
    measure_one(figures, "the same with 6 % critical, each an alert", mixed, Promise::None).await
}

async fn measure_one(figures: &mut Figures, how: &str, load: Load, promise: Promise) -> Result<()> {
    let hub = Process::start().await?;
    // Statements prepared, pages of the database there.
    run(hub.events(), Load { count: load.count / 50, ..load }).await?;
    let used = cpu(hub.pid())?;
    let outcome = run(hub.events(), load).await?;
    ensure!(outcome.refused == 0, "{how}: {outcome}");
    let used = cpu(hub.pid())?.saturating_sub(used).as_secs_f64();
    figures.add(format!("durable events, {how}"), outcome.rate(), "/s", promise);
    figures.add(format!("a million events, {how}"), used * 1_000_000.0 / outcome.durable as f64, "CPU-s", Promise::None);
    Ok(())
}

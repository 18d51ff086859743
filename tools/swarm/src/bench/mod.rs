//! `./dev bench`: the figures that the project promises, measured on the release binaries.
//!
//! Each part has a hub of its own, so that none pays for another's rows and buffers.

mod agent;
mod fanout;
mod figures;
mod flood;
mod intake;
mod process;
mod report;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use clap::ValueEnum;
use figures::Figures;

/// The whole bench ends within this, whatever hangs.
const LONGEST: Duration = Duration::from_secs(900);

/// A part of the bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    Alerts,
    Events,
    Rules,
    Flood,
    Agent,
}

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "what the caller asked for")]
pub async fn run(agents: u32, parts: &[Part], report: Option<&Path>) -> Result<()> {
    let hub = pregon_swarm::hub::binary()?;
    ensure!(!cfg!(debug_assertions), "a development build measures nothing; use ./dev bench");
    eprintln!("hub: {}", hub.display());
    let figures = tokio::time::timeout(LONGEST, measure(agents, parts)).await.context("the bench took too long")??;
    println!("{}", report::table(&figures));
    match report {
        Some(path) => report::write(path, &figures),
        None => Ok(()),
    }
}

async fn measure(agents: u32, parts: &[Part]) -> Result<Figures> {
    let mut figures = Figures::default();
    let is_wanted = |part| parts.is_empty() || parts.contains(&part);
    if is_wanted(Part::Alerts) {
        Box::pin(fanout::measure(&mut figures, agents)).await.context("agents and alerts")?;
    }
    if is_wanted(Part::Events) {
        intake::measure(&mut figures).await.context("events")?;
    }
    if is_wanted(Part::Rules) {
        intake::compare_rules(&mut figures).await.context("rules")?;
    }
    if is_wanted(Part::Flood) {
        Box::pin(flood::measure(&mut figures)).await.context("a flood")?;
    }
    if is_wanted(Part::Agent) {
        agent::measure(&mut figures).await.context("the agent")?;
    }
    Ok(figures)
}

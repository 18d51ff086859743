//! `./dev bench`: the figures that the project promises, measured on the release binaries.
//!
//! Each part has a hub of its own, so that none pays for another's rows and buffers.

mod agent;
mod fanout;
mod figures;
mod intake;
mod process;
mod report;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use figures::Figures;

/// The whole bench ends within this, whatever hangs.
const LONGEST: Duration = Duration::from_secs(900);

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "what the caller asked for")]
pub async fn run(agents: u32, report: Option<&Path>) -> Result<()> {
    let hub = pregon_swarm::hub::binary()?;
    ensure!(!cfg!(debug_assertions), "a development build measures nothing; use ./dev bench");
    eprintln!("hub: {}", hub.display());
    let figures = tokio::time::timeout(LONGEST, measure(agents)).await.context("the bench took too long")??;
    println!("{}", report::table(&figures));
    match report {
        Some(path) => report::write(path, &figures),
        None => Ok(()),
    }
}

async fn measure(agents: u32) -> Result<Figures> {
    let mut figures = Figures::default();
    Box::pin(fanout::measure(&mut figures, agents)).await.context("agents and alerts")?;
    intake::measure(&mut figures).await.context("events")?;
    agent::measure(&mut figures).await.context("the agent")?;
    Ok(figures)
}

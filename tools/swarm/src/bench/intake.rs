//! Sensors on a hub without agents: events that are on disk when they are answered.

use anyhow::{Context as _, Result, ensure};
use pregon_swarm::crowd::{Load, run};
use pregon_swarm::hub::Process;
use serde_json::{Value, json};

use super::figures::{Figures, Promise, median};
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
    let effort = effort(&Process::start().await?, load).await.with_context(|| how.to_owned())?;
    figures.add(format!("durable events, {how}"), effort.rate, "/s", promise);
    figures.add(format!("a million events, {how}"), effort.cpu, "CPU-s", Promise::None);
    Ok(())
}

/// What a hub did with a load.
#[derive(Debug, Clone, Copy)]
struct Effort {
    /// Durable events a second.
    rate: f64,
    /// Seconds of its CPU time for a million events.
    cpu: f64,
}

async fn effort(hub: &Process, load: Load) -> Result<Effort> {
    // Statements prepared, pages of the database there.
    run(hub.events(), Load { count: load.count / 50, ..load }).await?;
    let used = cpu(hub.pid())?;
    let outcome = run(hub.events(), load).await?;
    ensure!(outcome.refused == 0, "{outcome}");
    let used = cpu(hub.pid())?.saturating_sub(used).as_secs_f64();
    Ok(Effort { rate: outcome.rate(), cpu: used * 1_000_000.0 / outcome.durable as f64 })
}

/// Rounds with rules and without, in turns: whatever else the machine does meets both.
const TURNS: usize = 7;
/// With rules there must be this much of what there is without.
const SHARE: f64 = 80.0;

/// Durable events with the rules that a hub has by itself and fifty more, against none.
///
/// Each turn is compared with itself: the median of its shares is what the machine's moods leave.
pub async fn compare_rules(figures: &mut Figures) -> Result<()> {
    let load = Load { connections: 1, depth: 8_192, count: 300_000, rate: None, is_calm: true };
    let mut turns = Vec::with_capacity(TURNS);
    for _ in 0..TURNS {
        turns.push((with_rules(json!([]), load).await?, with_rules(rules(), load).await?));
    }
    let mut add = |what: &str, unit, promise, of: fn(&(Effort, Effort)) -> f64| {
        figures.add(what, median(turns.iter().map(of).collect()), unit, promise);
    };
    add("durable events, one connection that pipelines, no rules", "/s", Promise::None, |(without, _)| without.rate);
    add("durable events, the same with 52 rules", "/s", Promise::None, |(_, with)| with.rate);
    add("durable events with rules, of what there are without", "%", Promise::AtLeast(SHARE), |(without, with)| {
        with.rate * 100.0 / without.rate
    });
    add("a million events, no rules", "CPU-s", Promise::None, |(without, _)| without.cpu);
    add("a million events, 52 rules", "CPU-s", Promise::None, |(_, with)| with.cpu);
    add("events for the same CPU time with rules, of what there are without", "%", Promise::AtLeast(SHARE), |(without, with)| {
        without.cpu * 100.0 / with.cpu
    });
    Ok(())
}

async fn with_rules(rules: Value, load: Load) -> Result<Effort> {
    let hub = Process::start().await?;
    hub.admin().await?.put("/api/rules", &json!({"rules": rules})).await?.expect(200)?;
    effort(&hub, load).await
}

/// Fifty narrow rules that are asked in vain, then the two that every hub has.
fn rules() -> Value {
    let screens = json!([{"kind": "global"}]);
    let narrow = (0..50).map(|number| {
        json!({"name": format!("site {number}"), "match": {"sources": [format!("site-{number}-*")], "severities": ["error", "critical"]},
            "then": {"screens": screens}})
    });
    let group = json!({"by": "source_and_text", "window_s": 300});
    let own = [
        json!({"name": "critical", "match": {"severities": ["critical"]}, "then": {"screens": screens, "mail": ["default"]}, "group": group}),
        json!({"name": "error", "match": {"severities": ["error"]}, "then": {"mail": ["default"]}, "group": group}),
    ];
    narrow.chain(own).collect()
}

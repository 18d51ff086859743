//! Sensors on a hub without agents: events that are on disk when they are answered.

use anyhow::{Result, ensure};
use pregon_swarm::crowd::{Load, run};
use pregon_swarm::hub::Process;
use serde_json::{Value, json};

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

/// Rounds with rules and without, in turns: whatever else the machine does meets both.
const TURNS: usize = 3;
/// With rules there must be this much of what there is without.
const SHARE: f64 = 80.0;

/// Durable events with the rules that a hub has by itself and fifty more, against none.
pub async fn compare_rules(figures: &mut Figures) -> Result<()> {
    let load = Load { connections: 1, depth: 8_192, count: 300_000, rate: None, is_calm: true };
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        without.push(with_rules(json!([]), load).await?);
        with.push(with_rules(rules(), load).await?);
    }
    let median = |rates: &mut Vec<f64>| {
        rates.sort_unstable_by(f64::total_cmp);
        rates.get(TURNS / 2).copied().unwrap_or_default()
    };
    let (without, with) = (median(&mut without), median(&mut with));
    figures.add("durable events, one connection that pipelines, no rules", without, "/s", Promise::None);
    figures.add("durable events, the same with 52 rules", with, "/s", Promise::None);
    figures.add("with rules, of what it is without", with * 100.0 / without, "%", Promise::AtLeast(SHARE));
    Ok(())
}

async fn with_rules(rules: Value, load: Load) -> Result<f64> {
    let hub = Process::start().await?;
    hub.admin().await?.put("/api/rules", &json!({"rules": rules})).await?.expect(200)?;
    run(hub.events(), Load { count: load.count / 50, ..load }).await?;
    let outcome = run(hub.events(), load).await?;
    ensure!(outcome.refused == 0, "{outcome}");
    Ok(outcome.rate())
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

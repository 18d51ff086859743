//! Load by hand: a crowd of agents or sensors against a hub that runs already.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use pregon_swarm::crowd::{self, Door, Listener, Load};
use pregon_swarm::fleet::{self, Answers, Fleet, Member};
use pregon_swarm::http::Api;
use pregon_swarm::tls::Endpoint;

/// Connects the agents, keeps them for a while and says what they got.
#[allow(clippy::print_stdout, reason = "what the caller asked for")]
pub async fn agents(hub: SocketAddr, ca: &Path, members: &[Member], admin_password: Option<&str>, stay: Duration) -> Result<()> {
    let hub = Endpoint::new(hub, ca)?;
    if let Some(password) = admin_password {
        fleet::register(&Api::admin(&hub, password).await?, members).await?;
        println!("{} agents registered", members.len());
    }
    let fleet = Fleet::connect(&hub, members, Answers::All).await?;
    let rate = members.len() as f64 / fleet.connecting.as_secs_f64();
    println!("{} agents connected in {:.1} s ({rate:.0} a second)", members.len(), fleet.connecting.as_secs_f64());
    tokio::select! {
        () = tokio::time::sleep(stay) => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    println!("{}", fleet.tally);
    Ok(())
}

/// Sends the events, prints each with its answer unless it is to be quiet, and says how fast they became durable.
#[allow(clippy::print_stdout, reason = "what the caller asked for")]
pub async fn sensors(door: Door, load: Load, is_quiet: bool) -> Result<()> {
    let listener: Option<Listener> = (!is_quiet).then(|| -> Listener {
        Arc::new(|event, answer| {
            // Whoever reads may have seen enough.
            let _ = writeln!(std::io::stdout(), "{event} -> {answer}");
        })
    });
    println!("{}", crowd::run_telling(door, load, listener).await?);
    Ok(())
}

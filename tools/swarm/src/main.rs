//! `pregon-swarm`: a crowd of agents and sensors on this machine, and the figures of `./dev bench`.
//!
//! It speaks to loopback addresses alone: a load generator is no toy for other people's hubs.

mod bench;
mod load;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::{Parser, Subcommand};
use pregon_swarm::crowd::Door;
use pregon_swarm::tls::Endpoint;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

#[derive(Debug, Parser)]
#[command(name = "pregon-swarm", version, about = "A crowd of agents and sensors for a Pregón hub on this machine")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Connect agents that acknowledge their alerts, and count what arrives
    Agents {
        /// Where the hub listens, like 127.0.0.1:8443
        #[arg(long)]
        hub: SocketAddr,
        /// The hub's CA, DATA/tls/ca.pem
        #[arg(long)]
        ca: PathBuf,
        /// Agents are called PREFIX-1, PREFIX-2, …
        #[arg(long, default_value = "swarm")]
        names: String,
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=15_000))]
        count: u32,
        /// The key of each agent is TEXT:NAME
        #[arg(long, value_name = "TEXT", default_value = "swarm")]
        keys_from: String,
        /// Register the agents first, with this password of the account `admin`
        #[arg(long, env = "PREGON_ADMIN_PASSWORD", hide_env_values = true)]
        admin_password: Option<String>,
        /// How long they stay
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Send random events (50 % info, 28 warning, 16 error, 6 critical) and print each answer
    Sensors {
        /// Where the hub takes sensor lines, like 127.0.0.1:5090
        #[arg(long)]
        events: SocketAddr,
        /// Speak TLS, to `events_tls` of the hub
        #[arg(long, requires = "ca", requires = "token")]
        tls: bool,
        /// The hub's CA, DATA/tls/ca.pem
        #[arg(long, requires = "tls")]
        ca: Option<PathBuf>,
        /// A token of scope `events`
        #[arg(long, requires = "tls")]
        token: Option<String>,
        #[arg(long, default_value_t = 1_000)]
        count: u64,
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=5_000))]
        connections: u16,
        /// Lines in flight on each connection
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=65_536))]
        depth: u32,
        /// Events a second over all connections; without it, as fast as they are answered
        #[arg(long, value_parser = rate)]
        rate: Option<f64>,
        /// Say the sum alone, not each event with its answer
        #[arg(long)]
        quiet: bool,
    },
    /// Measure the release hub and agent beside this program
    Bench {
        /// Write the table into this Markdown file, between its two marks
        #[arg(long, conflicts_with = "only")]
        report: Option<PathBuf>,
        /// Agents connected at once
        #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(10..=9_000))]
        agents: u32,
        /// These parts alone
        #[arg(long, value_enum, value_delimiter = ',')]
        only: Vec<bench::Part>,
    },
}

#[allow(clippy::print_stderr, reason = "a program's last word")]
fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("pregon-swarm: {err:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    raise_file_limit()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.command {
            Command::Agents { hub, ca, names, count, keys_from, admin_password, seconds } => {
                only_loopback(hub)?;
                let members = pregon_swarm::fleet::members(&names, &keys_from, count);
                load::agents(hub, &ca, &members, admin_password.as_deref(), Duration::from_secs(seconds)).await
            }
            Command::Sensors { events, tls: _, ca, token, count, connections, depth, rate, quiet } => {
                only_loopback(events)?;
                let door = match (ca, token) {
                    (Some(ca), Some(token)) => Door::Tls(Endpoint::new(events, &ca)?, token),
                    _ => Door::Plain(events),
                };
                let load = pregon_swarm::crowd::Load { connections: connections.into(), depth, count, rate, is_calm: false };
                load::sensors(door, load, quiet).await
            }
            Command::Bench { report, agents, only } => bench::run(agents, &only, report.as_deref()).await,
        }
    })
}

/// Events a second: more than none, and no more than a clock can tell apart.
fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate <= 1_000_000.0 => Ok(rate),
        _ => Err("events a second, like 0.5 or 200".to_owned()),
    }
}

fn only_loopback(address: SocketAddr) -> Result<()> {
    ensure!(address.ip().to_canonical().is_loopback(), "{address} is not on this machine: only loopback addresses are served");
    Ok(())
}

/// Every agent is an open file, here and in the hub that inherits the limit.
fn raise_file_limit() -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?)
}

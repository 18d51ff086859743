//! The running hub, or the doors it would open: are its ports free, may it hold as many connections as it is told to.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use super::Check;
use crate::cli::backend::{Lock, lock_state, running_hub};
use crate::config::Config;

pub async fn checks(data: &Path, config: Option<&Config>) -> Vec<Check> {
    let mut checks = Vec::new();
    let Some(config) = config else { return checks };
    match lock_state(data) {
        Ok(Lock::Held) => checks.push(running(data).await),
        Ok(Lock::Free) => {
            checks.push(Check::ok("hub", "no hub runs on this folder"));
            checks.push(port("panel port", config.https.listen));
            checks.push(port("sensor port", config.events.listen));
            checks.extend(config.events.tls_listen.map(|address| port("sensor port (TLS)", address)));
        }
        Err(err) => checks.push(Check::fail("hub", err.to_string(), "give the folder to the user the hub runs as")),
    }
    checks.extend(open_files(config));
    checks
}

async fn running(data: &Path) -> Check {
    match running_hub(data).await {
        Ok(Some(hub)) => Check::ok("hub", format!("it runs and answers at {}", hub.door())),
        // It ended between the two looks.
        Ok(None) => Check::ok("hub", "no hub runs on this folder"),
        Err(err) => Check::fail("hub", err.to_string(), "end that process, then start the hub again"),
    }
}

fn port(name: &'static str, address: SocketAddr) -> Check {
    let found = match TcpListener::bind(address) {
        Ok(_) => return Check::ok(name, format!("{address} is free")),
        Err(err) => err,
    };
    let advice = match found.kind() {
        ErrorKind::AddrInUse => format!("see who has it: ss -ltnp 'sport = :{}'; or choose another port", address.port()),
        ErrorKind::PermissionDenied => "use a port above 1023, or let the service manager give CAP_NET_BIND_SERVICE".to_owned(),
        ErrorKind::AddrNotAvailable => "it is no address of this machine: use 0.0.0.0 or one of its own".to_owned(),
        _ => "choose another address or port".to_owned(),
    };
    Check::fail(name, format!("{address} cannot be opened: {found}"), advice)
}

/// Each connection is an open file, and the database and logs need some too.
#[cfg(unix)]
fn open_files(config: &Config) -> Option<Check> {
    const OWN: u64 = 64;
    let wanted = u64::try_from(config.limits.connections.saturating_add(config.limits.sensor_connections)).ok()?.saturating_add(OWN);
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let allowed = limit.maximum.unwrap_or(u64::MAX);
    let found = format!("{allowed} open files are allowed, {wanted} may be needed");
    if allowed >= wanted {
        return Some(Check::ok("open files", found));
    }
    Some(Check::warn("open files", found, "raise it (LimitNOFILE= of the service), or lower limits.connections"))
}

/// Only Unix counts them so.
#[cfg(not(unix))]
fn open_files(_config: &Config) -> Option<Check> {
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::super::State;
    use super::*;

    #[test]
    fn a_port_in_use_is_found() {
        let holder = TcpListener::bind("127.0.0.1:0").unwrap();
        let taken = port("panel port", holder.local_addr().unwrap());
        assert_eq!(taken.state, State::Fail);
        assert!(taken.advice.unwrap().contains("ss -ltnp"));
        assert_eq!(port("panel port", "127.0.0.1:0".parse().unwrap()).state, State::Ok);
        assert!(port("panel port", "192.0.2.1:0".parse().unwrap()).advice.unwrap().contains("no address of this machine"));
    }
}

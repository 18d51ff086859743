//! Where a request comes from: the peer of the connection, or whom a trusted proxy names.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::hub::Hub;
use crate::store::Origin;

/// Longer descriptions of a browser say nothing more.
const AGENT_CHARS: usize = 200;

/// The address that asks.
#[derive(Debug, Clone)]
pub struct Peer {
    pub address: IpAddr,
    agent: String,
}

impl Peer {
    pub fn origin(&self) -> Origin {
        Origin { address: self.address.to_string(), agent: self.agent.clone() }
    }
}

impl FromRequestParts<Arc<Hub>> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, Infallible> {
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // The command line asks within the hub's own process.
        let peer = connected.map_or(IpAddr::V6(Ipv6Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip());
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let address = address(peer, &parts.headers, &hub.config.https.trusted_proxies);
        Ok(Self { address, agent: agent.chars().take(AGENT_CHARS).collect() })
    }
}

/// Whom a request comes from that this peer sent.
pub fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    if trusted.is_empty() {
        return peer.to_canonical();
    }
    let forwarded: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    client_of(peer, &forwarded.join(","), trusted)
}

/// The nearest address of the chain that is no trusted proxy. What stands before it was written by strangers.
fn client_of(peer: IpAddr, forwarded: &str, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    for hop in forwarded.rsplit(',') {
        if !is_trusted(&client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let table = [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("::ffff:10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
            ("10.0.0.1", "nonsense", "10.0.0.1"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ];
        for (peer, forwarded, client) in table {
            assert_eq!(client_of(peer.parse().unwrap(), forwarded, &trusted).to_string(), client, "{peer} {forwarded}");
        }
    }
}

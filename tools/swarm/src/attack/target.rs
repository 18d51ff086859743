//! The hub that is attacked, and the right of its administrator to do so. Hubs of other machines are refused.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::http::Api;
use crate::hub::Ready;
use crate::tls::Endpoint;

/// A hub on this machine, and its administrator.
#[derive(Debug, Clone)]
pub struct Target {
    pub(super) hub: Endpoint,
    pub(super) admin: Api,
}

impl Target {
    /// The hub that runs on a data folder, with the token that only the owner of the folder can read.
    pub fn of_data(data: &Path) -> Result<Self> {
        let read = |path: &str| std::fs::read_to_string(data.join(path)).with_context(|| format!("{}", data.join(path).display()));
        let ready: Ready = serde_json::from_str(&read("ready.json").context("no hub runs there")?).context("ready.json")?;
        let hub = Endpoint::new(reachable(ready.https)?, &data.join(ready.ca))?;
        let token = read("secrets/cli.token").context("run this as the owner of the data folder")?;
        Ok(Self { admin: Api::with_token(&hub, token.trim()), hub })
    }

    /// The hub at an address, after a log-in as `admin`.
    pub async fn log_in(hub: SocketAddr, ca: &Path, password: &str) -> Result<Self> {
        let hub = Endpoint::new(reachable(hub)?, ca)?;
        Ok(Self { admin: Api::admin(&hub, password).await.context("an account with a second factor: use --data")?, hub })
    }
}

/// Where the hub answers on this machine. The attackers have addresses of IPv4.
pub(super) fn reachable(address: SocketAddr) -> Result<SocketAddr> {
    let ip = address.ip().to_canonical();
    let ip = if ip.is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { ip };
    ensure!(ip.is_loopback(), "{address} is not on this machine: only hubs on loopback addresses are attacked");
    ensure!(ip.is_ipv4(), "{address} is of IPv6, and the attackers come from 127.0.0.11 and on: let the hub listen on 127.0.0.1");
    Ok(SocketAddr::new(ip, address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_attacked() {
        let reached = |text: &str| reachable(text.parse().unwrap()).map(|address| address.to_string()).map_err(|err| err.to_string());
        assert_eq!(reached("127.0.0.1:8443").unwrap(), "127.0.0.1:8443");
        assert_eq!(reached("0.0.0.0:1").unwrap(), "127.0.0.1:1");
        assert_eq!(reached("[::]:1").unwrap(), "127.0.0.1:1");
        for other in ["192.0.2.1:8443", "10.0.0.5:8443", "[2001:db8::1]:1", "[::ffff:192.0.2.1]:1"] {
            assert!(reached(other).unwrap_err().contains("not on this machine"), "{other}");
        }
        assert!(reached("[::1]:8443").unwrap_err().contains("IPv6"));
    }
}
